"""Numbers → SVG, the same picture on the page and in the PDF.

Every chart stands beside a table of the same numbers; the caller sees to that. WeasyPrint reads
no CSS inside an SVG, so that colours and fonts are attributes, from a palette. Coordinates are
written here, with a decimal point: a template would write them with a Swedish comma.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from followup.figures import (
    MONTH_ABBREVIATIONS,
    MonthCount,
    TargetState,
    TargetWindow,
    format_number,
)

if TYPE_CHECKING:
    from followup.progress.evidence import YearTime

FONT_SIZE = 12


@dataclass(frozen=True)
class Palette:
    """What a chart is drawn with: text, bars, faint lines and the font."""

    ink: str
    ink_soft: str
    bar: str
    line: str
    font: str


# The page's colours follow its theme, light or dark; paper has one.
SCREEN = Palette(
    ink="currentColor",
    ink_soft="var(--ink-soft)",
    bar="var(--spruce)",
    line="var(--line-strong)",
    font="inherit",
)
PRINT = Palette(ink="#1b2524", ink_soft="#4f5d5b", bar="#12504c", line="#8b8f88", font="Lato")


# --- Occasions per month -------------------------------------------------------------------

MONTHS_TOP = 20
MONTHS_BARS = 84
MONTHS_BASELINE = MONTHS_TOP + MONTHS_BARS
MONTHS_HEIGHT = MONTHS_BASELINE + 40
WIDEST_MONTH = 44
BAR_SHARE = 0.62

# Narrower than this there is no room for a month's letter, or for a year's four digits.
NARROWEST_LETTER = 10
NARROWEST_YEAR = 30


class MonthBar(NamedTuple):
    x: str
    y: str
    width: str
    height: str
    centre: str
    value_y: str
    count: int
    letter: str


class YearMark(NamedTuple):
    x: str
    label: str
    is_boundary: bool


def months_chart(
    months: Sequence[MonthCount], title: str, *, palette: Palette = SCREEN, width: int = 680
) -> SafeString:
    """A bar per month with its count on top; a month without occasions has no bar.

    `width` is in the picture's own units, in which the text is 12 high: a chart meant for a
    narrow column takes a smaller one.
    """
    step = min(width / max(len(months), 1), WIDEST_MONTH)
    highest = max((month.count for month in months), default=0) or 1
    bars = []
    for index, month in enumerate(months):
        height = MONTHS_BARS * month.count / highest
        bars.append(
            MonthBar(
                x=_coordinate(step * (index + (1 - BAR_SHARE) / 2)),
                y=_coordinate(MONTHS_BASELINE - height),
                width=_coordinate(step * BAR_SHARE),
                height=_coordinate(height),
                centre=_coordinate(step * (index + 0.5)),
                value_y=_coordinate(MONTHS_BASELINE - height - 5),
                count=month.count,
                letter=MONTH_ABBREVIATIONS[month.month - 1][0].upper(),
            )
        )
    return _svg(
        "charts/months.svg",
        palette,
        title=title,
        description=_months_in_words(months),
        width=width,
        height=MONTHS_HEIGHT,
        baseline=MONTHS_BASELINE,
        axis_end=_coordinate(step * len(months)),
        letters_y=MONTHS_BASELINE + 16,
        years_y=MONTHS_BASELINE + 34,
        bars=bars,
        years=_year_marks(months, step),
        has_letters=step >= NARROWEST_LETTER,
    )


def _year_marks(months: Sequence[MonthCount], step: float) -> list[YearMark]:
    marks = []
    for index, month in enumerate(months):
        if index == 0 or month.month == 1:
            room = step * sum(other.year == month.year for other in months[index:])
            label = str(month.year) if room >= NARROWEST_YEAR else ""
            marks.append(YearMark(_coordinate(step * index), label, is_boundary=index > 0))
    return marks


def _months_in_words(months: Sequence[MonthCount]) -> str:
    total = sum(month.count for month in months)
    if total == 0:
        return "Inga tillfällen."
    most = max(months, key=lambda month: month.count)
    return (
        f"{months[0].label} till {months[-1].label}: {total} tillfällen. "
        f"Flest i {most.label}: {most.count}."
    )


class YearRow(NamedTuple):
    """A year of the table beside the chart; None stands for a month outside the period."""

    year: int
    months: tuple[int | None, ...]
    total: int


def months_by_year(months: Sequence[MonthCount]) -> list[YearRow]:
    """The chart's table: a row per year, twelve months in each."""
    counts = {(month.year, month.month): month.count for month in months}
    rows = []
    for year in sorted({month.year for month in months}):
        row = tuple(counts.get((year, number)) for number in range(1, 13))
        rows.append(YearRow(year, row, sum(filter(None, row))))
    return rows


# --- Done against target -------------------------------------------------------------------

ROW_HEIGHT = 28
BAR_HEIGHT = 12
TICK_HEIGHT = 20
BAR_WIDTH = 100
LABEL_WIDTH = 112
FIGURE_WIDTH = 74


class TargetBar(NamedTuple):
    label: str
    text: str
    text_y: str
    bar_y: str
    bar_width: str
    tick_x: str
    tick_from: str
    tick_to: str


def target_chart(
    windows: Sequence[TargetWindow], title: str, *, palette: Palette = SCREEN, width: int = 420
) -> SafeString:
    """A bar per window for what was carried out, with a tick where the target stands.

    `width` as in `months_chart`.
    """
    highest = max((max(window.carried_out, window.required) for window in windows), default=0)
    unit = (width - LABEL_WIDTH - FIGURE_WIDTH) / (highest or 1)
    bars = []
    for index, window in enumerate(windows):
        middle = ROW_HEIGHT * (index + 0.5)
        bars.append(
            TargetBar(
                label=window.label,
                text=f"{window.carried_out} av {window.required}",
                text_y=_coordinate(middle + FONT_SIZE / 3),
                bar_y=_coordinate(middle - BAR_HEIGHT / 2),
                bar_width=_coordinate(unit * window.carried_out),
                tick_x=_coordinate(LABEL_WIDTH + unit * window.required),
                tick_from=_coordinate(middle - TICK_HEIGHT / 2),
                tick_to=_coordinate(middle + TICK_HEIGHT / 2),
            )
        )
    met = sum(window.state is TargetState.MET for window in windows)
    return _svg(
        "charts/target.svg",
        palette,
        title=title,
        description=f"Nivån är nådd i {met} av {len(windows)}. Strecket visar nivån.",
        width=width,
        height=ROW_HEIGHT * len(windows),
        bars=bars,
        bar_x=LABEL_WIDTH,
        bar_height=BAR_HEIGHT,
    )


def target_bar(
    window: TargetWindow, windows: Sequence[TargetWindow], *, palette: Palette = SCREEN
) -> SafeString:
    """One window's bar and tick without words, for a table that has them; all of `windows` share
    a scale.
    """
    highest = max(max(other.carried_out, other.required) for other in windows)
    return _svg(
        "charts/bar.svg",
        palette,
        width=BAR_WIDTH,
        height=BAR_HEIGHT,
        bar_width=_coordinate((BAR_WIDTH - 2) * window.carried_out / highest),
        tick_x=_coordinate(1 + (BAR_WIDTH - 2) * window.required / highest),
    )


# --- Working time per year, party by party ---------------------------------------------------

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
                    x=_coordinate(left + 1),
                    y=_coordinate(YEARS_BASELINE - height),
                    width=_coordinate(bar_width - 2),
                    height=_coordinate(height),
                    centre=_coordinate(left + bar_width / 2),
                    value_y=_coordinate(YEARS_BASELINE - height - 5),
                    text=format_number(Decimal(share.minutes.known) / 60, decimals=0),
                    is_first=number == 0,
                )
            )
    parties = [share.party.short_name for share in years[0].shares] if years else []
    return _svg(
        "charts/years.svg",
        palette,
        title=title,
        description="Timmar per år. Samma tal står i tabellen.",
        width=width,
        height=YEARS_HEIGHT,
        baseline=YEARS_BASELINE,
        axis_end=_coordinate(step * len(years)),
        years_y=YEARS_BASELINE + 16,
        key_y=YEARS_BASELINE + 40,
        box_y=YEARS_BASELINE + 31,
        bars=bars,
        years=[
            Mark(_coordinate(step * (index + 0.5)), str(year.year))
            for index, year in enumerate(years)
        ],
        parties=[
            Mark(_coordinate(PARTY_WIDTH * number + 1), label, is_first=number == 0)
            for number, label in enumerate(parties)
        ],
    )


def _coordinate(value: float) -> str:
    return f"{value:.2f}"


def _svg(template: str, palette: Palette, **context: object) -> SafeString:
    return render_to_string(template, context | {"palette": palette, "font_size": FONT_SIZE})
