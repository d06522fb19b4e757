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
    undertaking = Undertaking(agreement=agreement(runs_on=False))
    activity = Activity(undertaking=undertaking, agreement=undertaking.agreement)

    assert term_of(activity) == Span(FIRST, LAST)


def under_a_promise(starts_on: date, ends_on: date, **days: date) -> Activity:
    signed = agreement(runs_on=False)
    period = PromisePeriod(agreement=signed, starts_on=starts_on, ends_on=ends_on)
    return Activity(promise=Promise(period=period), agreement=signed, **days)


def test_an_activity_under_a_promise_follows_its_period_within_the_agreement():
    """Of a promise for 2023 and 2024 nothing is owed for the weeks before it was signed."""
    activity = under_a_promise(date(2023, 1, 1), date(2024, 12, 31))

    assert term_of(activity) == Span(FIRST, date(2024, 12, 31))


def test_an_activity_is_in_force_from_its_own_first_day_to_its_own_last():
    days = {"in_force_from": date(2023, 9, 1), "in_force_to": date(2024, 3, 31)}

    activity = under_a_promise(date(2023, 1, 1), date(2024, 12, 31), **days)

    assert term_of(activity) == Span(*days.values())


def test_one_planned_for_another_time_than_its_promise_is_never_in_force():
    activity = under_a_promise(date(2023, 1, 1), date(2024, 12, 31), in_force_from=date(2025, 2, 1))

    assert term_of(activity).days == 0
