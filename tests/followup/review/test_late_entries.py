"""Sen registrering: what is logged too late for a review is marked, and told of in the next."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from followup.models import Occasion, Review
from followup.models.review import marked_when_late
from promises.models import Activity
from tests import factories, life
from tests.html import Page

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")


@pytest.fixture
def review(agreement, coordinator) -> Review:
    """Of 2023 and 2024, with 2025-01-31 as its cut-off."""
    return factories.ReviewFactory(agreement=agreement, created_by=coordinator)


@pytest.fixture
def controls(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise)


def logged(activity: Activity, created_at: datetime, day: date = date(2024, 12, 31)) -> Occasion:
    return factories.OccasionFactory(activity=activity, date=day, created_at=created_at)


def is_late(occasion: Occasion) -> bool:
    """As the list says, which must be what the occasion's own page says."""
    listed = marked_when_late(Occasion.objects.all()).get(pk=occasion.pk).is_late
    assert (Review.objects.missed_by(occasion) is not None) is listed
    return listed


IN_TIME = datetime(2025, 1, 31, 23, 59, tzinfo=SWEDEN)
LATE = datetime(2025, 2, 1, 0, 0, tzinfo=SWEDEN)


@pytest.mark.parametrize(("created_at", "expected"), [(IN_TIME, False), (LATE, True)])
@pytest.mark.parametrize("status", ["submitted", "adopted"])
def test_it_is_late_when_logged_after_the_cutoff_of_what_is_handed_in(
    review, controls, status, created_at, expected
):
    life.bring(review, status)

    assert is_late(logged(controls, created_at)) is expected


@pytest.mark.parametrize("status", ["draft", "returned"])
def test_nothing_is_late_while_the_review_is_being_written(review, controls, status):
    life.bring(review, status)

    assert not is_late(logged(controls, LATE))


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2025, 1, 1)])
def test_nothing_outside_the_reviews_days_is_late_for_it(review, controls, day):
    life.adopt(review)

    assert not is_late(logged(controls, LATE, day))


def test_another_agreements_review_makes_nothing_late(review):
    life.adopt(review)

    assert not is_late(logged(factories.ActivityFactory(), LATE))


def test_an_occasion_under_an_undertaking_can_be_late_too(review, agreement):
    life.adopt(review)
    activity = factories.ActivityFactory(promise=None, undertaking=agreement.undertakings.first())

    assert is_late(logged(activity, LATE))


def test_it_is_marked_in_the_log_and_on_its_page(review, controls, coordinator, signed_in):
    life.adopt(review)
    late, in_time = logged(controls, LATE), logged(controls, IN_TIME)
    client = signed_in(coordinator)

    rows = Page(client.get(reverse("occasions"))).rows()
    page = Page(client.get(late.get_absolute_url()))

    assert [row[0] for row in rows] == ["2024-12-31", "2024-12-31 Sen registrering"]
    assert page.text("//*[@class='notice']").startswith("Sen registrering.")
    assert Page(client.get(in_time.get_absolute_url())).all("//*[@class='notice']") == []
