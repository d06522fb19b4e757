"""What the overview asks somebody to do."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from followup.law.clocks import review_clock
from followup.models import Review
from followup.numbers.agreement import agreement_progress
from followup.overview.lacks import Lack, agreement_lacks, promise_lacks
from followup.time.spans import Span
from promises.models import Activity, Promise, PromisePeriod
from tests.factories import (
    ActivityFactory,
    MetricFactory,
    OccasionFactory,
    PlannedOccasionFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReadingFactory,
    ReviewFactory,
)

pytestmark = pytest.mark.django_db

TERM = Span(date(2023, 1, 1), date(2024, 12, 31))
IN_TERM = date(2024, 5, 15)
AFTERWARDS = date(2025, 1, 1)


@pytest.fixture
def promise() -> Promise:
    return PromiseFactory(number=3)


def sentences(promise: Promise, on: date = AFTERWARDS) -> list[str]:
    progress = agreement_progress(promise.period.agreement, TERM, on)
    return [lack.sentence for lack in promise_lacks(progress)]


# --- The agreement ------------------------------------------------------------------------


@pytest.fixture
def period():
    """2023–2024, of an agreement from 2023-01-01: reviews are due 2024-12-31, 2026-12-31 …"""
    return PromisePeriodFactory()


def lacks(period, on: date) -> list[Lack]:
    clock = review_clock(period.agreement, on)
    return list(agreement_lacks(period.agreement, [period], clock and clock.due_on, on))


def test_nothing_lacks_while_a_period_runs_and_no_review_has_been_due(period):
    assert lacks(period, date(2023, 1, 1)) == []
    assert lacks(period, date(2024, 12, 31)) == []


def test_a_period_that_has_run_out_lacks_the_next_one(period):
    PromisePeriod.objects.update(ends_on=date(2024, 12, 30))
    period.refresh_from_db()
    assert lacks(period, date(2024, 12, 31)) == [
        Lack("Ingen löftesperiod gäller i dag.", reverse("promises"))
    ]


def test_a_review_lacks_from_the_day_after_it_was_due(period):
    assert lacks(period, date(2025, 1, 1)) == [
        Lack("Ingen löftesperiod gäller i dag.", reverse("promises")),
        Lack(
            "Uppföljningen som skulle göras senast 31 december 2024 är inte fastställd.",
            reverse("reviews"),
        ),
    ]


@pytest.mark.parametrize(
    ("status", "ends_on", "is_lacking"),
    [
        pytest.param(Review.Status.ADOPTED, date(2024, 12, 31), False, id="adopted"),
        pytest.param(Review.Status.ADOPTED, date(2024, 11, 30), False, id="a month short"),
        pytest.param(Review.Status.ADOPTED, date(2023, 12, 31), True, id="one year of two"),
        pytest.param(Review.Status.DRAFT, date(2024, 12, 31), True, id="draft"),
        pytest.param(Review.Status.SUBMITTED, date(2024, 12, 31), True, id="handed in"),
        pytest.param(Review.Status.RETURNED, date(2024, 12, 31), True, id="returned"),
    ],
)
def test_only_an_adopted_review_that_stands_for_the_years_is_enough(
    period, status, ends_on, is_lacking
):
    with time_machine.travel("2025-05-01T12:00:00+02:00", tick=False):
        ReviewFactory(agreement=period.agreement, status=status, ends_on=ends_on)

    addresses = [lack.address for lack in lacks(period, date(2025, 6, 1))]

    assert (reverse("reviews") in addresses) is is_lacking


def test_nothing_lacks_when_the_agreement_has_ended(period):
    period.agreement.runs_until_further_notice = False
    period.agreement.save()
    assert len(lacks(period, date(2026, 12, 31))) == 2
    assert lacks(period, date(2027, 1, 1)) == []


# --- The promises -------------------------------------------------------------------------


def test_a_promise_without_a_plan_lacks_one(promise):
    progress = agreement_progress(promise.period.agreement, TERM, IN_TERM)

    assert list(promise_lacks(progress)) == [
        Lack("Löfte 3: ingen aktivitet är planerad.", promise.get_absolute_url())
    ]


def test_a_promise_lacks_occasions_and_its_activities_lack_targets(promise):
    ActivityFactory(promise=promise, title="Skoterkontroll")

    assert sentences(promise) == [
        "Löfte 3: inget tillfälle är loggat.",
        "Löfte 3: ”Skoterkontroll” saknar åtagandenivå.",
    ]


def test_a_promise_that_is_planned_done_and_measured_lacks_nothing(promise):
    activity = ActivityFactory(promise=promise, target_count=1, target_per="period")
    ReadingFactory(
        metric=MetricFactory(activity=None, promise=promise),
        occasion=OccasionFactory(activity=activity),
        value=0,
    )

    assert sentences(promise) == []


def test_an_activity_past_its_planned_end_is_late(promise):
    activity = ActivityFactory(
        promise=promise,
        title="Skyltning",
        planned_to=date(2024, 5, 14),
        target_count=1,
        target_per="period",
    )
    OccasionFactory(activity=activity)

    assert sentences(promise, on=date(2024, 5, 14)) == []
    assert sentences(promise, on=date(2024, 5, 15)) == ["Löfte 3: ”Skyltning” är försenad."]


def test_an_activity_short_of_its_target_is_named_with_what_it_missed(promise):
    """However much was done in another year."""
    activity = ActivityFactory(
        promise=promise, title="Skoterkontroll", target_count=2, target_per="year"
    )
    for day in range(1, 6):
        OccasionFactory(activity=activity, date=date(2023, 3, day))
    OccasionFactory(activity=activity)

    assert sentences(promise) == [
        "Löfte 3: ”Skoterkontroll” nådde inte åtagandenivån: 2024 (1 av 2)."
    ]


def test_a_target_still_within_reach_is_not_lacking(promise):
    activity = ActivityFactory(promise=promise, target_count=2, target_per="period")
    OccasionFactory(activity=activity)

    assert sentences(promise, on=date(2024, 12, 31)) == []


@pytest.mark.parametrize("target", [{}, {"target_count": 2, "target_per": "year"}])
def test_a_cancelled_activity_lacks_neither_target_nor_occasions_towards_it(promise, target):
    OccasionFactory(activity=ActivityFactory(promise=promise, target_count=1, target_per="period"))
    ActivityFactory(
        promise=promise,
        status=Activity.Status.CANCELLED,
        cancellation_reason="Ingen snö.",
        planned_to=date(2024, 3, 1),
        **target,
    )

    assert sentences(promise) == []


def test_a_metric_without_a_reading_lacks_one(promise):
    OccasionFactory(activity=ActivityFactory(promise=promise, target_count=1, target_per="period"))
    MetricFactory(activity=None, promise=promise, name="Klagomål")

    assert sentences(promise) == ["Löfte 3: mätetalet ”Klagomål” har inget mätvärde."]


# --- The plan's days ----------------------------------------------------------------------


@pytest.fixture
def planned_activity(promise) -> Activity:
    activity = ActivityFactory(
        promise=promise, title="Skoterkontroll", target_count=1, target_per="period"
    )
    OccasionFactory(activity=activity)
    return activity


def test_a_planned_day_that_has_passed_with_nothing_logged_is_named(promise, planned_activity):
    PlannedOccasionFactory(activity=planned_activity, date=date(2024, 3, 3))

    assert sentences(promise, on=date(2024, 3, 3)) == []
    assert sentences(promise, on=date(2024, 3, 4)) == [
        "Löfte 3: ”Skoterkontroll” skulle ha genomförts 3 mars 2024, men inget är loggat."
    ]


def test_several_late_days_of_an_activity_are_one_sentence(promise, planned_activity):
    for day in (3, 17, 10):
        PlannedOccasionFactory(activity=planned_activity, date=date(2024, 3, day))

    assert sentences(promise) == [
        "Löfte 3: ”Skoterkontroll” skulle ha genomförts vid 3 tillfällen, senast 17 mars 2024, "
        "men inget är loggat."
    ]


def test_a_day_that_came_off_or_was_cancelled_is_not_late(promise, planned_activity):
    done = PlannedOccasionFactory(activity=planned_activity, date=date(2024, 3, 3))
    occasion = OccasionFactory(activity=planned_activity, planned=done)
    cancelled = PlannedOccasionFactory(activity=planned_activity, date=date(2024, 3, 4))
    cancelled.cancel(by=occasion.member, reason="Töväder.")

    assert sentences(promise) == []
