"""The next review of the goals: which days it is of, and by when it is to be made.

The one home of the rule; every page, file and letter asks it (through `followup.law.clocks`).

- It begins on the first day, from the agreement's own first, that no adopted review covers.
- It ends with one of the agreement's review days (`Agreement.review_day`), by which it is to be
  made: the first that leaves at least half an interval for it. A review that was made some weeks
  early or late, or that followed the löftesperiod, thus stands for the interval that was meant,
  and the next one has its days whole.
- It has no day after the agreement's last, and none that a later adopted review covers.
- It has no day to come. While its days run it is of those that have been, and ends with the last
  löftesperiod that has run out, if half an interval is in it.
- Nothing is to be made after the agreement's last day: its clock stands still then, and already
  when the next review day lies after it. What no review covers can still be reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

from followup.time.spans import Span
from promises.models import Agreement

ONE_DAY = timedelta(days=1)


def next_stretch(agreement: Agreement, covered: Iterable[Span], on: date) -> Span | None:
    """The days that the next review is of, as of the day; None when every day that has been is
    `covered` by the adopted ones.
    """
    covered = sorted(covered)
    first = _first_uncovered(agreement, covered)
    later = (span.starts_on - ONE_DAY for span in covered if span.starts_on > first)
    ends = [_review_day_of(agreement, first), agreement.last_day, *later]
    whole = Span(first, min(day for day in ends if day))
    if whole.overlap(Span(first, on)).days == 0:
        return None
    return whole if whole.ends_on <= on else Span(first, _end_so_far(agreement, first, on))


def next_due(agreement: Agreement, covered: Iterable[Span], on: date) -> date | None:
    """The day by which the next review is to be made, as of the day; None when none is to be."""
    due = _review_day_of(agreement, _first_uncovered(agreement, sorted(covered)))
    last = agreement.last_day
    return None if last and max(due, on) > last else due


def _first_uncovered(agreement: Agreement, covered: list[Span]) -> date:
    first = agreement.valid_from
    for span in covered:
        if span.starts_on > first:
            break
        first = max(first, span.ends_on + ONE_DAY)
    return first


def _review_day_of(agreement: Agreement, first: date) -> date:
    """The review day that ends the stretch which begins on the first day."""
    days = map(agreement.review_day, count(1))
    return next(day for day in days if _is_half_an_interval(agreement, Span(first, day)))


def _is_half_an_interval(agreement: Agreement, span: Span) -> bool:
    return 2 * span.days >= Span(agreement.valid_from, agreement.review_day(1)).days


def _end_so_far(agreement: Agreement, first: date, on: date) -> date:
    """The last of the days so far to review, while the stretch runs."""
    run_out = [period.ends_on for period in agreement.periods.all() if period.ends_on < on]
    whole = [day for day in run_out if _is_half_an_interval(agreement, Span(first, day))]
    return max(whole, default=on)
