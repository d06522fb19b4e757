"""Places reached: how many occasions at each, as bars that lie down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from followup.numbers.totals import PlaceCount, Tally
from followup.paper.charts.drawing import FONT_SIZE, SCREEN, Palette, coordinate, draw

ROW_HEIGHT = 24
BAR_HEIGHT = 12
LABEL_WIDTH = 160
COUNT_WIDTH = 40

# A longer name would run into its bar.
LONGEST_LABEL = 24
NO_PLACE = "Ingen plats angiven"


class PlaceRow(NamedTuple):
    """A place in chart and table; `last_on` is None where nothing was carried out.

    On the screen `log_address` leads to what was.
    """

    name: str
    count: int
    last_on: date | None
    log_address: str = ""


def place_rows(tally: Tally, log: Mapping[str | None, str] | None = None) -> list[PlaceRow]:
    """The places reached, those the plan names in vain with 0, and last what has no place.

    `log` is where in the log each place's occasions are, by its name.
    """

    def row(place: PlaceCount) -> PlaceRow:
        address = log[place.name] if log else ""
        return PlaceRow(place.name or NO_PLACE, place.count, place.last_on, address)

    named = [row(place) for place in tally.places if place.name]
    unreached = [PlaceRow(name, 0, None) for name in tally.unreached]
    return named + unreached + [row(place) for place in tally.places if not place.name]


class PlaceBar(NamedTuple):
    label: str
    count: int
    text_y: str
    bar_y: str
    bar_width: str
    count_x: str


def places_chart(
    rows: Sequence[PlaceRow], title: str, *, palette: Palette = SCREEN, width: int = 420
) -> SafeString:
    """A bar per place with its count; a place never reached has a 0 and no bar.

    `width` as in `months_chart`.
    """
    highest = max((row.count for row in rows), default=0) or 1
    unit = (width - LABEL_WIDTH - COUNT_WIDTH) / highest
    bars = []
    for index, row in enumerate(rows):
        middle = ROW_HEIGHT * (index + 0.5)
        bars.append(
            PlaceBar(
                label=_shortened(row.name),
                count=row.count,
                text_y=coordinate(middle + FONT_SIZE / 3),
                bar_y=coordinate(middle - BAR_HEIGHT / 2),
                bar_width=coordinate(unit * row.count),
                count_x=coordinate(LABEL_WIDTH + unit * row.count + 6),
            )
        )
    return draw(
        "followup/paper/charts/places.svg",
        palette,
        title=title,
        description=_in_words(rows),
        width=width,
        height=ROW_HEIGHT * max(len(rows), 1),
        bars=bars,
        bar_x=LABEL_WIDTH,
        bar_height=BAR_HEIGHT,
    )


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…"


def _in_words(rows: Sequence[PlaceRow]) -> str:
    return ". ".join(f"{row.name}: {row.count}" for row in rows) + "." if rows else "Inga platser."
