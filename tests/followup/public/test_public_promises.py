"""What citizens may read of the log, and what never reaches them."""

from datetime import date

import pytest

from followup.public.promises import PublicOccasion, public_promises
from promises.models import Promise, PromisePeriod
from tests.factories import (
    ActivityFactory,
    OccasionFactory,
    PlaceFactory,
    PromiseFactory,
    PromisePeriodFactory,
    UndertakingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def period() -> PromisePeriod:
    return PromisePeriodFactory()


@pytest.fixture
def promise(period) -> Promise:
    return PromiseFactory(period=period, number=3, topic="Skoter i Borgafjäll", wording="Vi ska.")


@pytest.fixture
def publish(promise):
    """Log a published occasion under the promise."""
    activity = ActivityFactory(promise=promise)

    def publish_occasion(sentence: str = "Vi var i Borgafjäll.", **values):
        defaults = {"activity": activity, "is_published": True, "public_sentence": sentence}
        return OccasionFactory(**defaults | values)

    return publish_occasion


def test_a_promise_is_shown_with_its_wording_and_parties(period, promise):
    promise.responsible.set(period.agreement.parties.all())

    (shown,) = public_promises(period)

    assert (shown.number, shown.topic, shown.wording) == (3, "Skoter i Borgafjäll", "Vi ska.")
    assert shown.parties == tuple(party.name for party in period.agreement.parties.all())
    assert (shown.latest, shown.published, shown.has_examples) == ((), 0, False)


def test_an_occasion_is_shown_as_its_public_sentence_day_and_place_only(period, publish):
    publish("Vi talade med skoterförare.", place=PlaceFactory(name="Borgafjäll"))

    (shown,) = public_promises(period)

    assert shown.latest == (
        PublicOccasion(
            date(2024, 3, 12), None, "day", "Borgafjäll", "Vi talade med skoterförare.", False
        ),
    )


def test_nothing_internal_is_read(period, publish):
    publish(done="Hemligt arbete.", outcome="Hemligt resultat.", internal_note="Hemlig anteckning.")

    assert "emlig" not in repr(public_promises(period))


def test_an_occasion_that_is_not_published_is_not_shown(period, publish):
    publish(is_published=False)

    (shown,) = public_promises(period)
    assert (shown.latest, shown.published) == ((), 0)


def test_a_withdrawn_occasion_is_shown_no_more(period, publish):
    occasion = publish()
    occasion.withdraw(by=occasion.member, reason="Dubblett.")

    (shown,) = public_promises(period)
    assert (shown.latest, shown.published) == ((), 0)


def test_the_five_latest_are_shown_and_all_are_counted(period, publish):
    for day in (3, 1, 7, 5, 2, 6, 4):
        publish(date=date(2024, 3, day))

    (shown,) = public_promises(period)

    assert [occasion.date.day for occasion in shown.latest] == [7, 6, 5, 4, 3]
    assert shown.published == 7


def test_the_promises_of_the_period_stand_in_order_each_with_its_own(period, promise, publish):
    first = PromiseFactory(period=period, number=1)
    PromiseFactory(number=2)
    publish("Om skotrarna.")
    publish("Om tobaken.", activity=ActivityFactory(promise=first))
    publish(
        "Om åtagandet.",
        activity=ActivityFactory(
            promise=None, undertaking=UndertakingFactory(agreement=period.agreement)
        ),
    )

    shown = public_promises(period)

    assert [(one.number, [occasion.sentence for occasion in one.latest]) for one in shown] == [
        (1, ["Om tobaken."]),
        (3, ["Om skotrarna."]),
    ]


def test_example_occasions_are_told_apart(period, publish):
    publish(is_example=True)

    (shown,) = public_promises(period)

    assert shown.has_examples
    assert shown.latest[0].is_example


def test_they_take_two_queries_however_long_the_log_is(period, publish, django_assert_num_queries):
    publish()
    with django_assert_num_queries(2):
        public_promises(period)

    for number in range(10, 20):
        other = ActivityFactory(promise=PromiseFactory(period=period, number=number))
        for _ in range(3):
            publish(activity=other)

    with django_assert_num_queries(2):
        public_promises(period)
