"""Terms: the days on which what was promised is in force."""

from __future__ import annotations

from datetime import date

from followup.time.spans import Span
from followup.time.terms import term_of, term_of_agreement
from promises.models import Activity, Agreement, Promise, PromisePeriod, Undertaking

FIRST, LAST = date(2023, 2, 27), date(2026, 12, 31)
BEFORE, AFTER = date(2025, 6, 1), date(2028, 6, 1)


def agreement(*, runs_on: bool) -> Agreement:
    return Agreement(valid_from=FIRST, valid_to=LAST, runs_until_further_notice=runs_on)


def test_an_agreement_is_in_force_to_its_last_day_as_far_as_is_asked_about():
    assert term_of_agreement(agreement(runs_on=False), BEFORE) == Span(FIRST, BEFORE)
    assert term_of_agreement(agreement(runs_on=False), AFTER) == Span(FIRST, LAST)


def test_one_that_runs_until_further_notice_has_no_last_day():
    assert term_of_agreement(agreement(runs_on=True), AFTER) == Span(FIRST, AFTER)


def test_an_activity_under_an_undertaking_follows_the_agreement():
    activity = Activity(undertaking=Undertaking(agreement=agreement(runs_on=False)))

    assert term_of(activity, AFTER) == Span(FIRST, LAST)


def test_an_activity_under_a_promise_follows_its_period_whatever_is_asked_about():
    period = PromisePeriod(starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    activity = Activity(promise=Promise(period=period))
    whole = Span(period.starts_on, period.ends_on)

    assert term_of(activity, BEFORE) == term_of(activity, AFTER) == whole
