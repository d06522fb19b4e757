"""Terms: the days on which what somebody has promised is in force."""

from __future__ import annotations

from datetime import date

from followup.time.spans import Span
from promises.models import Activity, Agreement, Promise


def term_of(activity: Activity, until: date) -> Span:
    """The days on which the activity's target is in force: those of its löftesperiod, or, under an
    undertaking, of the agreement. Its twin in the database is `numbers.cells.IN_TERM`.
    """
    answered = activity.answers_to
    if isinstance(answered, Promise):
        return Span.of(answered.period)
    return term_of_agreement(answered.agreement, until)


def term_of_agreement(agreement: Agreement, until: date) -> Span:
    """From the agreement's first day to its last, as far as is asked about.

    One that runs until further notice has no last day.
    """
    if agreement.runs_until_further_notice:
        return Span(agreement.valid_from, until)
    return Span(agreement.valid_from, min(agreement.valid_to, until))
