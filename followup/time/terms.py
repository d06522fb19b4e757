"""Terms: the days on which what somebody has promised is in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from followup.time.spans import Span
from promises.models import Activity, Agreement
from promises.models.activity import TargetFields


def term_of(activity: Activity) -> Span:
    """The days on which the activity is in force; `days` is 0 when there are none.

    They lie within its agreement, within its löftesperiod if it is under a promise, and within
    its own first and last day. The database's twins of this are `numbers.cells.IN_TERM` and `IN_FORCE`.
    """
    term = term_of_agreement(activity.agreement)
    if activity.promise:
        term = term.overlap(Span.of(activity.promise.period))
    return term.overlap(own_days_of(activity))


def own_days_of(activity: Activity) -> Span:
    """From the activity's own first day to its own last, as far as it has any."""
    return Span(activity.in_force_from or date.min, activity.in_force_to or date.max)


def term_of_agreement(agreement: Agreement, until: date = date.max) -> Span:
    """From the agreement's first day to its last, or to the day asked about if that is earlier.

    One that runs until further notice, and has no successor, has no last day. Fetch many with
    their `successor`.
    """
    return Span(agreement.valid_from, min(agreement.last_day or until, until))


def targets_of(activity: Activity, term: Span) -> Iterator[tuple[TargetFields, Span]]:
    """The targets the activity has had, oldest first, each with the days of the term it held."""
    starts_on = term.starts_on
    for former in activity.former_targets.all():
        yield former, Span(starts_on, min(former.until, term.ends_on))
        starts_on = max(starts_on, former.until + timedelta(days=1))
    yield activity, Span(starts_on, term.ends_on)
