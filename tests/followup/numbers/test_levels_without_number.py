"""Levels without a number: what is done on request, and what is left unstated on purpose."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from followup.models import Wish
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.targets import TargetState
from followup.overview.lacks import promise_lacks
from followup.time.spans import Span
from promises.models import Activity
from tests import factories

pytestmark = pytest.mark.django_db

PER = Activity.TargetPer
YEARS = Span(date(2023, 1, 1), date(2024, 12, 31))
AFTERWARDS = date(2025, 6, 1)


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    """Talks that schools may ask for; the promise is of 2023 and 2024."""
    return factories.ActivityFactory(
        title="Samtal i skolan", promise=snowmobile_promise, target_per=PER.ON_REQUEST
    )


@pytest.fixture
def receive(activity, coordinator):
    def receive_wish(day: date, **values) -> Wish:
        return factories.WishFactory(
            activity=activity, received_on=day, noted_by=coordinator, **values
        )

    return receive_wish


@pytest.fixture
def meet(activity, coordinator):
    def log_occasion(day: date, **values) -> object:
        return factories.OccasionFactory(
            activity=activity, date=day, party=coordinator.party, member=coordinator, **values
        )

    return log_occasion


def told(activity: Activity, on: date = AFTERWARDS, span: Span = YEARS) -> list[tuple]:
    progress = activity_progress(activity, span, on)
    return [
        (one.label, one.carried_out, one.required, one.state) for one in progress.target.windows
    ]


# --- On request -----------------------------------------------------------------------------


def test_none_asked_for_is_not_a_failure(activity):
    assert told(activity) == [("2023", 0, 0, TargetState.MET), ("2024", 0, 0, TargetState.MET)]


def test_the_year_tells_how_many_came_in_and_how_many_were_met(activity, receive, meet):
    receive(date(2023, 4, 3), met_by=meet(date(2023, 4, 20)))
    receive(date(2023, 9, 1), declined_reason="Skolan ändrade sin planering.")
    receive(date(2024, 12, 30), met_by=meet(date(2025, 1, 14)))
    assert told(activity) == [("2023", 1, 2, TargetState.NOT_MET), ("2024", 1, 1, TargetState.MET)]


def test_what_nobody_asked_for_is_done_all_the_same_and_meets_no_wish(activity, receive, meet):
    meet(date(2023, 5, 1))
    receive(date(2023, 6, 1), declined_reason="Ingen kunde.")
    assert told(activity)[0] == ("2023", 0, 1, TargetState.NOT_MET)
    assert activity_progress(activity, YEARS, AFTERWARDS).tally.occasions == 1


def test_the_running_year_is_not_judged_whatever_has_come_in(activity, receive, meet):
    receive(date(2024, 2, 1), met_by=meet(date(2024, 2, 9)))
    assert told(activity, on=date(2024, 5, 15))[1] == ("2024", 1, 1, TargetState.ONGOING)


def test_what_waits_is_not_missed_until_the_promise_has_ended(activity, receive):
    receive(date(2023, 12, 28))
    assert told(activity, on=date(2024, 1, 10))[0] == ("2023", 0, 1, TargetState.ONGOING)
    assert told(activity, on=date(2024, 12, 31))[0] == ("2023", 0, 1, TargetState.ONGOING)
    assert told(activity, on=date(2025, 1, 1))[0] == ("2023", 0, 1, TargetState.NOT_MET)


def test_an_occasion_that_is_withdrawn_has_met_nothing(activity, receive, meet, coordinator):
    occasion = meet(date(2023, 4, 20))
    wish = receive(date(2023, 4, 3), met_by=occasion)
    occasion.withdraw(by=coordinator, reason="Fel aktivitet.")
    assert told(activity)[0] == ("2023", 0, 1, TargetState.NOT_MET)
    wish.refresh_from_db()
    assert wish.state is Wish.State.OPEN


def test_a_wish_that_is_withdrawn_was_never_made(activity, receive, coordinator):
    receive(date(2023, 4, 3)).withdraw(by=coordinator, reason="Noterat två gånger.")
    assert told(activity)[0] == ("2023", 0, 0, TargetState.MET)


def test_any_day_of_a_year_will_do_to_ask_on(activity, receive):
    """A year of which a month was in force is no year of a number, but a wish is a wish."""
    Activity.objects.filter(pk=activity.pk).update(in_force_from=date(2023, 12, 1))
    activity.refresh_from_db()
    receive(date(2023, 12, 5), declined_reason="Ingen kunde.")
    receive(date(2023, 11, 5), declined_reason="Före aktiviteten.")
    assert told(activity)[0] == ("2023", 0, 1, TargetState.NOT_MET)


def test_a_review_knows_what_was_noted_by_its_cut_off(activity, receive, meet, agreement):
    at = datetime(2023, 5, 1, 12, tzinfo=UTC)
    receive(date(2023, 4, 3), created_at=at, met_by=meet(date(2023, 4, 20), created_at=at))
    late = at + timedelta(days=400)
    receive(date(2023, 4, 5), created_at=at, met_by=meet(date(2023, 4, 21), created_at=late))
    receive(date(2023, 4, 6), created_at=late)
    progress = agreement_progress(agreement, YEARS, AFTERWARDS, cutoff_on=date(2024, 1, 31))
    [one] = progress.of(activity.promise).activities
    assert (one.target.windows[0].carried_out, one.target.windows[0].required) == (1, 2)


@pytest.mark.parametrize("day", [date(2023, 2, 28) + timedelta(days=31 * n) for n in range(21)])
def test_what_comes_in_after_a_day_leaves_every_span_before_it(activity, receive, meet, day):
    receive(date(2023, 2, 27))
    receive(date(2023, 2, 28), met_by=meet(date(2023, 2, 28)))
    before = Span(YEARS.starts_on, day)
    had = told(activity, day, before)
    receive(day + timedelta(days=1))
    assert told(activity, day, before) == had


def test_what_waits_is_told_among_what_is_missing(activity, receive, agreement):
    receive(date(2024, 4, 3))
    progress = agreement_progress(agreement, YEARS, date(2024, 5, 15))
    sentences = [lack.sentence for lack in promise_lacks(progress)]
    assert "Löfte 3: 1 önskemål om ”Samtal i skolan” väntar på att mötas." in sentences


# --- Left unstated on purpose ---------------------------------------------------------------


def test_what_is_left_unstated_on_purpose_is_no_gap(snowmobile_promise, agreement):
    factories.ActivityFactory(
        title="Dialog med klubben", promise=snowmobile_promise, target_per=PER.NOT_STATED
    )
    factories.ActivityFactory(title="Utan nivå", promise=snowmobile_promise)
    progress = agreement_progress(agreement, YEARS, date(2024, 5, 15))
    sentences = " ".join(lack.sentence for lack in promise_lacks(progress))
    assert "”Utan nivå” saknar åtagandenivå." in sentences
    assert "”Dialog med klubben” saknar" not in sentences
