"""Over which stretches of time a target (åtagandenivå) is counted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from followup.swedish import MONTH_ABBREVIATIONS
from followup.time.seasons import season
from followup.time.spans import Span
from promises.models import Activity

# A window counts when at least this share of its days lies inside what is asked about: nobody
# is held to a whole winter of which two days were within the agreement.
COUNTED_SHARE = Fraction(2, 3)

MONTHS_EACH = {
    Activity.TargetPer.YEAR: 12,
    Activity.TargetPer.HALF_YEAR: 6,
    Activity.TargetPer.QUARTER: 3,
    Activity.TargetPer.MONTH: 1,
}


def counted_windows(activity: Activity, term: Span, span: Span) -> Iterator[tuple[str, Span]]:
    """The target's windows to count over, each with its label and the days of it to count.

    Those are the days both within the span asked about and within the term the target is in
    force, when they make up at least COUNTED_SHARE of the whole window.
    """
    asked = term.overlap(span)
    for label, whole in _calendar_windows(activity, term, asked):
        inside = whole.overlap(asked)
        if inside.days >= whole.days * COUNTED_SHARE:
            yield label, inside


def _calendar_windows(activity: Activity, term: Span, asked: Span) -> Iterator[tuple[str, Span]]:
    """The whole calendar windows of the activity's target that touch the days asked about."""
    if asked.days == 0:
        return
    per = Activity.TargetPer(activity.target_per)
    if per == Activity.TargetPer.PERIOD:
        yield "Hela perioden", term
        return
    for year in range(asked.starts_on.year - 1, asked.ends_on.year + 1):
        for window in _windows_beginning_in(year, activity, per):
            if window.overlap(asked).days > 0:
                yield _window_label(per, window), window


def _windows_beginning_in(year: int, activity: Activity, per: Activity.TargetPer) -> Iterator[Span]:
    if activity.season_from and activity.season_to:
        yield season(activity.season_from, activity.season_to, year)
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
