"""Over which stretches of time a target (åtagandenivå) is counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from followup.swedish import MONTH_ABBREVIATIONS
from followup.time.seasons import season
from followup.time.spans import Span
from promises.models import Activity
from promises.models.activity import TargetFields

# A window counts when at least this share of its days lies inside what is asked about: nobody
# is held to a whole winter of which two days were within the agreement.
COUNTED_SHARE = Fraction(2, 3)
# What is asked for on request is asked for on any day.
ANY_SHARE = Fraction(0)

MONTHS_EACH = {
    Activity.TargetPer.YEAR: 12,
    Activity.TargetPer.HALF_YEAR: 6,
    Activity.TargetPer.QUARTER: 3,
    Activity.TargetPer.MONTH: 1,
    Activity.TargetPer.MONTH_IN_AVERAGE: 12,
    Activity.TargetPer.ON_REQUEST: 12,
}


class Window(NamedTuple):
    """A stretch that a target is counted over."""

    label: str
    inside: Span
    """The days of it to count: those asked about on which the target is in force."""
    is_whole: bool
    """Whether those are all its days in force: by less it can't be said that it fell short."""
    required: int
    """How many occasions are asked for in it; 0 when that is no number, as on request."""

    def is_over(self, on: date) -> bool:
        """Whether nothing more can come of it, as known on the day."""
        return self.is_whole and self.inside.ends_on < on


def counted_windows(target: TargetFields, term: Span, span: Span) -> Iterator[Window]:
    """The target's windows to count over within the span.

    `term` is when the target is in force, as far as is known. A window is counted when the days
    of it both within the span and within the term make up at least COUNTED_SHARE of it; a year of
    what is done on request, when there is any such day. The whole löftesperiod is one window, told
    from its first day in force for as long as it runs.
    """
    asked = term.overlap(span)
    if asked.days == 0:
        return
    count = target.target_count or 0
    per = Activity.TargetPer(target.target_per)
    if per == Activity.TargetPer.PERIOD:
        if asked.starts_on == term.starts_on:
            yield Window("Hela perioden", asked, asked == term, count)
        return
    share = ANY_SHARE if per == Activity.TargetPer.ON_REQUEST else COUNTED_SHARE
    for year in range(asked.starts_on.year - 1, asked.ends_on.year + 1):
        for whole in _windows_beginning_in(year, target, per):
            inside = whole.overlap(asked)
            if inside.days and inside.days >= whole.days * share:
                in_force = whole.overlap(term)
                required = count * _times(per, whole, inside)
                yield Window(_window_label(per, whole), inside, inside == in_force, required)


def _times(per: Activity.TargetPer, whole: Span, inside: Span) -> int:
    """How many times the target's count is asked for in a window: once, but in average once for
    each month of it that counts by the same share of its days. What comes after the days asked
    about, such as an end, changes nothing of what was asked for in them.
    """
    if per != Activity.TargetPer.MONTH_IN_AVERAGE:
        return 1
    months = (Span.of_months(whole.starts_on.year, month, 1) for month in range(1, 13))
    return sum(one.overlap(inside).days >= one.days * COUNTED_SHARE for one in months)


def _windows_beginning_in(
    year: int, target: TargetFields, per: Activity.TargetPer
) -> Iterator[Span]:
    if target.season_from and target.season_to:
        yield season(target.season_from, target.season_to, year)
        return
    for month in range(1, 13, MONTHS_EACH[per]):
        yield Span.of_months(year, month, MONTHS_EACH[per])


def _window_label(per: Activity.TargetPer, window: Span) -> str:
    first = window.starts_on
    if per == Activity.TargetPer.HALF_YEAR:
        return f"{'Våren' if first.month == 1 else 'Hösten'} {first.year}"
    if per == Activity.TargetPer.QUARTER:
        return f"Kvartal {(first.month + 2) // 3} {first.year}"
    if per == Activity.TargetPer.MONTH:
        return f"{MONTH_ABBREVIATIONS[first.month - 1].capitalize()} {first.year}"
    if per == Activity.TargetPer.SEASON:
        last = window.ends_on
        years = f"{first.year}" if first.year == last.year else f"{first.year}/{last:%y}"
        return f"Säsongen {years}"
    return str(first.year)
