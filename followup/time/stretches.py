"""In which stretches a span is told over time: calendar half-years or years."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from followup.swedish import MONTH_ABBREVIATIONS
from followup.time.spans import Span

# A span of at most so long is told half-year by half-year, a longer one year by year.
IN_HALVES = relativedelta(years=2)


def stretches(span: Span, on: date) -> list[tuple[str, Span]]:
    """The calendar half-years or years of the span that have begun on the day, with labels.

    The first and the last are cut off where the span is; their labels name the months then.
    """
    months = 6 if span.starts_on + IN_HALVES >= span.ends_on else 12
    found = []
    for year in range(span.starts_on.year, span.ends_on.year + 1):
        for month in range(1, 13, months):
            inside = Span.of_months(year, month, months).overlap(span)
            if inside.days and inside.starts_on <= on:
                found.append((_label(inside), inside))
    return found


def _label(inside: Span) -> str:
    year = inside.starts_on.year
    if inside == Span.of_year(year):
        return str(year)
    names = [MONTH_ABBREVIATIONS[day.month - 1] for day in inside]
    return f"{'–'.join(dict.fromkeys(names))} {year}"
