"""Occasions per month: a bar for each, and the table that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from followup.numbers.totals import MonthCount
from followup.paper.charts.drawing import SCREEN, Palette, coordinate, draw
from followup.swedish import MONTH_ABBREVIATIONS

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
                x=coordinate(step * (index + (1 - BAR_SHARE) / 2)),
                y=coordinate(MONTHS_BASELINE - height),
                width=coordinate(step * BAR_SHARE),
                height=coordinate(height),
                centre=coordinate(step * (index + 0.5)),
                value_y=coordinate(MONTHS_BASELINE - height - 5),
                count=month.count,
                letter=MONTH_ABBREVIATIONS[month.month - 1][0].upper(),
            )
        )
    return draw(
        "followup/paper/charts/months.svg",
        palette,
        title=title,
        description=_months_in_words(months),
        width=width,
        height=MONTHS_HEIGHT,
        baseline=MONTHS_BASELINE,
        axis_end=coordinate(step * len(months)),
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
            marks.append(YearMark(coordinate(step * index), label, is_boundary=index > 0))
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
