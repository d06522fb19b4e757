"""What a page costs the database: the same at thirty rows as at one, and no sort of the log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followup.forms import OccasionFilter
from followup.log_pages import Position, newer_than, newest, older_than
from followup.models import Occasion
from promises.models import Activity, Metric, Promise
from tests import factories

pytestmark = pytest.mark.django_db

# So many queries and no more; the session and the member are two of them behind the sign-in.
CEILINGS = {
    "/": 7,
    "/oversikt/": 14,
    "/overenskommelse/": 8,
    "/loften/": 7,
    "/loften/{promise}/": 10,
    "/aktiviteter/": 3,
    "/aktiviteter/ny/": 7,
    "/aktiviteter/{activity}/": 6,
    "/aktiviteter/{activity}/andra/": 8,
    "/logga/": 7,
    "/logga/{activity}/": 6,
    "/tillfallen/": 8,
    "/tillfallen/?sok=kontroll&lofte={promise}&tillbakadragna=on": 9,
    "/tillfallen/{occasion}/": 4,
    "/tillfallen/{occasion}/andra/": 7,
    "/uppfoljning/": 5,
    "/uppfoljning/{review}/": 17,
    "/uppfoljning/{review}/texter/": 3,
    "/uppfoljning/{review}/bedomning/{assessment}/": 16,
    "/uppfoljning/{review}/forhandsvisning/": 14,
}


@pytest.fixture
def grow(snowmobile_promise, coordinator, agreement):
    """Add so many of everything: promises, activities, places, metrics, occasions, readings."""
    period = snowmobile_promise.period

    def add(number: int) -> None:
        for n in range(number):
            promise = factories.PromiseFactory(period=period, number=100 + Promise.objects.count())
            promise.responsible.set(agreement.parties.all())
            factories.MetricFactory(activity=None, promise=promise)
            under = [
                {"promise": snowmobile_promise},
                {"promise": promise},
                {"promise": None, "undertaking": agreement.undertakings.get(number=5)},
            ]
            for answers_to in under:
                activity = factories.ActivityFactory(
                    **answers_to,
                    responsible=coordinator.party,
                    responsible_member=coordinator,
                    place=factories.PlaceFactory(),
                    target_count=2,
                    target_per=Activity.TargetPer.QUARTER,
                )
                log(activity, day=date(2024, 1, 1) + timedelta(days=n))

    def log(activity: Activity, day: date) -> None:
        occasion = factories.OccasionFactory(
            activity=activity,
            date=day,
            place=factories.PlaceFactory(),
            party=coordinator.party,
            member=coordinator,
            is_published=True,
            public_sentence="Vi var ute.",
        )
        for rule in Metric.Rule:
            metric = factories.MetricFactory(activity=activity, rule=rule)
            factories.ReadingFactory(metric=metric, occasion=occasion, out_of=20)

    return add


@pytest.fixture
def addresses(grow, agreement, coordinator, snowmobile_promise) -> dict[str, str]:
    """Every page's address, with one of everything in the portal."""
    grow(1)
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    keys = {
        "promise": snowmobile_promise.pk,
        "activity": snowmobile_promise.activities.get().pk,
        "occasion": Occasion.objects.filter(activity__promise=snowmobile_promise).get().pk,
        "review": review.pk,
        "assessment": factories.AssessmentFactory(review=review, promise=snowmobile_promise).pk,
    }
    return {page: page.format(**keys) for page in CEILINGS}


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200, address
    return [query["sql"] for query in captured]


def test_every_page_costs_the_same_at_one_row_and_at_thirty(
    addresses, grow, signed_in, coordinator, today
):
    clients = {page: signed_in(coordinator) if page != "/" else Client() for page in CEILINGS}
    at_one = {page: len(queries(clients[page], addresses[page])) for page in CEILINGS}
    grow(29)
    at_thirty = {page: len(queries(clients[page], addresses[page])) for page in CEILINGS}
    assert at_thirty == at_one
    assert {page: n for page, n in at_thirty.items() if n > CEILINGS[page]} == {}


# --- The log's filters and their indexes ---------------------------------------------------

FILTERS = [
    pytest.param("", id="everything"),
    pytest.param("sok=kontroll+leden", id="free text"),
    pytest.param("fran=2024-01-01", id="from"),
    pytest.param("till=2024-12-31", id="to"),
    pytest.param("tillbakadragna=on", id="with withdrawn"),
    pytest.param("lofte={promise}", id="promise"),
    pytest.param("aktivitet={activity}", id="activity"),
    pytest.param("plats={place}", id="place"),
    pytest.param("part={party}", id="party"),
    pytest.param(
        "sok=x&lofte={promise}&plats={place}&part={party}&fran=2024-01-01&till=2024-12-31",
        id="together",
    ),
]
# Here SQLite sorts too, but no more than the promise's own occasions, found by an index.
SORTED_ON_SQLITE = "lofte={promise}"

POSITION = Position(date(2024, 3, 12), 17)
PAGES = {
    "newest": newest,
    "older": lambda occasions, size: older_than(POSITION, occasions, size),
    "newer": lambda occasions, size: newer_than(POSITION, occasions, size),
}


def plan_of(sql: str) -> tuple[list[str], bool]:
    """The steps of the query's plan that read the log, and whether it is sorted afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            return [step for step in steps if "followup_occasion" in step], any(
                "ORDER BY" in step for step in steps
            )
        # On a log of a few rows PostgreSQL would rather sort: ask whether it has to.
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}")
        steps = [row[0].strip(" ->") for row in cursor.fetchall()]
        return [step for step in steps if " on followup_occasion" in step], any(
            step.startswith(("Sort", "Incremental Sort")) for step in steps
        )


@pytest.mark.parametrize("turning_to", PAGES)
@pytest.mark.parametrize("narrowed", FILTERS)
def test_every_filter_reads_the_log_by_an_index_that_holds_its_order(
    turning_to, narrowed, coordinator, snowmobile_promise
):
    activity = factories.ActivityFactory(promise=snowmobile_promise, place=factories.PlaceFactory())
    address = narrowed.format(
        promise=snowmobile_promise.pk,
        activity=activity.pk,
        place=activity.place_id,
        party=coordinator.party_id,
    )
    visible = Occasion.objects.visible_to(coordinator).with_everything()
    occasions = OccasionFilter(QueryDict(address), queryset=visible, member=coordinator).qs
    with CaptureQueriesContext(connection) as captured:
        PAGES[turning_to](occasions, 30)

    [query] = captured
    [read], is_sorted = plan_of(query["sql"])
    assert "index" in read.lower()
    assert is_sorted == (connection.vendor == "sqlite" and narrowed == SORTED_ON_SQLITE)
