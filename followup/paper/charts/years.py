"""Working time per year, party by party."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.safestring import SafeString

from followup.paper.charts.drawing import SCREEN, Palette, coordinate, draw
from followup.swedish import whole_hours

if TYPE_CHECKING:
    from followup.numbers.evidence import YearTime

YEARS_TOP = 20
YEARS_BARS = 110
YEARS_BASELINE = YEARS_TOP + YEARS_BARS
YEARS_HEIGHT = YEARS_BASELINE + 48
WIDEST_YEAR = 150
YEAR_SHARE = 0.72
PARTY_WIDTH = 110


class YearBar(NamedTuple):
    x: str
    y: str
    width: str
    height: str
    centre: str
    value_y: str
    text: str
    is_first: bool


class Mark(NamedTuple):
    """A word under the chart: a year, or a party beside its kind of bar."""

    x: str
    label: str
    is_first: bool = True


def years_chart(
    years: Sequence[YearTime], title: str, *, palette: Palette = SCREEN, width: int = 680
) -> SafeString:
    """A group of bars per year, one for each party, with its hours on top.

    The first party's bars are filled and the others' are outlined, so that they are told apart
    without colour. A party with no time logged in a year has no bar. `width` as in
    `months_chart`.
    """
    step = min(width / max(len(years), 1), WIDEST_YEAR)
    minutes = [share.minutes.known or 0 for year in years for share in year.shares]
    highest = max(minutes, default=0) or 1
    bars = []
    for index, year in enumerate(years):
        bar_width = step * YEAR_SHARE / max(len(year.shares), 1)
        for number, share in enumerate(year.shares):
            if not share.minutes.known:
                continue
            left = step * (index + (1 - YEAR_SHARE) / 2) + bar_width * number
            height = YEARS_BARS * share.minutes.known / highest
            bars.append(
                YearBar(
                    x=coordinate(left + 1),
                    y=coordinate(YEARS_BASELINE - height),
                    width=coordinate(bar_width - 2),
                    height=coordinate(height),
                    centre=coordinate(left + bar_width / 2),
                    value_y=coordinate(YEARS_BASELINE - height - 5),
                    text=whole_hours(share.minutes.known),
                    is_first=number == 0,
                )
            )
    parties = [share.party.short_name for share in years[0].shares] if years else []
    return draw(
        "followup/paper/charts/years.svg",
        palette,
        title=title,
        description="Timmar per år. Samma tal står i tabellen.",
        width=width,
        height=YEARS_HEIGHT,
        baseline=YEARS_BASELINE,
        axis_end=coordinate(step * len(years)),
        years_y=YEARS_BASELINE + 16,
        key_y=YEARS_BASELINE + 40,
        box_y=YEARS_BASELINE + 31,
        bars=bars,
        years=[
            Mark(coordinate(step * (index + 0.5)), str(year.year))
            for index, year in enumerate(years)
        ],
        parties=[
            Mark(coordinate(PARTY_WIDTH * number + 1), label, is_first=number == 0)
            for number, label in enumerate(parties)
        ],
    )
