"""What a page costs the database: the same at ten rows as at one, and no sort of the log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followup.forms.log.narrowing import OccasionFilter
from followup.log.order import BY_INDEX
from followup.log.pages import Position, first, following, preceding
from followup.models import Meeting, Occasion
from promises.models import Activity, Metric, Promise
from tests import factories

pytestmark = pytest.mark.django_db

# So many queries and no more; the session and the member are two of them behind the sign-in.
CEILINGS = {
    "/": 5,
    "/hjalp/": 3,
    "/hjalp/logga/": 3,
    "/oversikt/": 32,
    "/oversikt/?period=ar-2023&part={party}&sedan=30": 35,
    "/oversikt/saknas/": 48,
    "/overenskommelse/": 20,
    "/overenskommelse/{agreement}/": 20,
    "/overenskommelse/{agreement}/ny/": 14,
    "/loften/": 28,
    "/loften/period/{period}/": 20,
    "/loften/ny-period/": 14,
    "/loften/{promise}/": 27,
    "/aktiviteter/": 8,
    "/aktiviteter/?sena=on&ordning=senast": 8,
    "/kalender/?manad=2024-05": 24,
    "/kalender/?manad=2024-05&lofte={promise}": 24,
    "/kalender/dag/?dag=2024-05-20": 22,
    "/sok/?q=kontroll": 6,
    "/sok/?q=skoterkontroll+vid": 7,
    "/tillfallen/publicera/": 4,
    "/tillfallen/publicera/?visa=publicerade": 4,
    "/aktiviteter/ny/": 8,
    "/aktiviteter/{activity}/": 19,
    "/aktiviteter/{activity}/andra/": 9,
    "/aktiviteter/{activity}/prognos/": 7,
    "/ataganden/{undertaking}/": 29,
    "/ataganden/{undertaking}/utse/": 5,
    "/aktiviteter/{activity}/planera/": 7,
    "/arshjul/": 10,
    "/arshjul/nasta-ar/": 9,
    "/byklockan/{place}/andra/": 6,
    "/logga/": 8,
    "/logga/{activity}/": 8,
    "/logga/utan-nat/": 12,
    "/logga/utkorg/": 2,
    "/tillfallen/": 9,
    "/tillfallen/?sok=kontroll&lofte={promise}&tillbakadragna=on": 11,
    "/tillfallen/?ordning=plats": 9,
    "/tillfallen/logg.xlsx": 6,
    "/tillfallen/logg.csv": 6,
    "/tillfallen/las-in/": 2,
    "/aktiviteter/plan.xlsx": 4,
    "/aktiviteter/plan.csv": 3,
    "/aktiviteter/aktiviteter.csv": 3,
    "/aktiviteter/las-in/": 2,
    "/tillfallen/{occasion}/": 9,
    "/tillfallen/{occasion}/andra/": 7,
    "/moten/": 10,
    "/moten/?slag=rad": 10,
    "/moten/nytt/": 7,
    "/moten/tidigare/": 7,
    "/moten/{meeting}/": 18,
    "/moten/{meeting}/andra/": 6,
    "/moten/{meeting}/punkt/{item}/": 5,
    "/moten/{meeting}/kalla/": 7,
    "/moten/{meeting}/motet/": 6,
    "/moten/{meeting}/motet/{item}/": 9,
    "/moten/{meeting}/avsluta/": 10,
    "/moten/{meeting}/protokoll/": 9,
    "/uppdrag/": 6,
    "/uppdrag/?visa=alla": 6,
    "/uppdrag/{task}/": 5,
    "/konto/kalender/": 4,
    "/konto/kalender/{feed}/aterkalla/": 3,
    "/konto/paminnelser/": 4,
    "/kalender/hemlig-nyckel.ics": 20,
    "/lagesbild/": 20,
    "/matetal/": 9,
    "/lagesbild/{picture}/": 40,
    "/lagesbild/{picture}/problem/{problem}/": 20,
    "/atgardsplan/{plan}/": 20,
    "/atgardsplan/ny/": 7,
    "/rod-trad/": 27,
    "/rapporter/": 6,
    "/rapporter/{report}/": 8,
    "/rapporter/arsrapport/": 55,
    "/rapporter/fullmaktige/": 55,
    "/rapporter/anslag/": 24,
    "/lagkontroll/": 20,
    "/tillganglighet/": 2,
    "/tillganglighet/synpunkt/": 2,
    "/uppfoljning/": 6,
    "/uppfoljning/{review}/": 63,
    "/uppfoljning/{review}/avsnitt/summary/": 55,
    "/uppfoljning/{review}/avsnitt/promises/": 55,
    "/uppfoljning/{review}/text/summary/": 55,
    "/uppfoljning/{review}/bedomning/{assessment}/": 55,
    "/uppfoljning/{review}/forhandsvisning/": 55,
}


@pytest.fixture
def meeting(coordinator, agreement) -> Meeting:
    return factories.MeetingFactory(agreement=agreement, chair=coordinator)


@pytest.fixture
def grow(snowmobile_promise, coordinator, agreement, meeting):
    """Add so many of everything: promises, activities, places, metrics, occasions, readings,
    meetings, points, decisions, tasks.
    """
    period = snowmobile_promise.period
    picture = factories.SituationPictureFactory(agreement=agreement, created_by=coordinator)

    def add(number: int) -> None:
        for n in range(number):
            promise = factories.PromiseFactory(period=period, number=100 + Promise.objects.count())
            promise.responsible.set(agreement.parties.all())
            factories.MetricFactory(activity=None, promise=promise)
            factories.AppointmentFactory(
                agreement=agreement, member=factories.MemberFactory(party=coordinator.party)
            )
            promise.goals.add(agreement.goals.first())
            problem = factories.ProblemFactory(picture=picture)
            problem.sources.add(factories.SourceFactory(picture=picture))
            problem.promises.add(promise, snowmobile_promise)
            factories.CauseFactory(problem=problem)
            factories.ActionPlanFactory(picture=picture, period=period)
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
                for day in (date(2024, 2, 1), date(2024, 5, 20), date(2024, 11, 1)):
                    factories.PlannedOccasionFactory(
                        activity=activity,
                        date=day + timedelta(days=n),
                        place=activity.place,
                        responsible_member=coordinator,
                    )
            meet()
            factories.ReportFactory(agreement=agreement, noted_by=coordinator)

        factories.CalendarFeedFactory.create_batch(number, member=coordinator)

    def meet() -> None:
        member = factories.MemberFactory(party=coordinator.party)
        factories.AppointmentFactory(agreement=agreement, member=member)
        factories.AttendanceFactory(meeting=meeting, member=member)
        item = factories.AgendaItemFactory(meeting=meeting)
        factories.DecisionFactory(item=item)
        factories.TaskFactory(agreement=agreement, meeting=meeting, item=item, owner=member)
        for status in ("planned", "held"):
            factories.MeetingFactory(agreement=agreement, chair=coordinator, status=status)

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
def addresses(grow, agreement, coordinator, snowmobile_promise, meeting) -> dict[str, str]:
    """Every page's address, with one of everything in the portal."""
    grow(1)
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    factories.ReviewTextFactory(review=review)
    keys = {
        "agreement": agreement.pk,
        "period": snowmobile_promise.period_id,
        "promise": snowmobile_promise.pk,
        "activity": snowmobile_promise.activities.get().pk,
        "occasion": Occasion.objects.filter(activity__promise=snowmobile_promise).get().pk,
        "picture": agreement.pictures.get().pk,
        "problem": agreement.pictures.get().problems.get().pk,
        "plan": snowmobile_promise.period.plans.get().pk,
        "place": snowmobile_promise.activities.get().place_id,
        "review": review.pk,
        "report": agreement.reports.get().pk,
        "undertaking": agreement.undertakings.get(number=5).pk,
        "party": coordinator.party_id,
        "meeting": meeting.pk,
        "item": meeting.items.get().pk,
        "task": meeting.tasks.get().pk,
        "feed": factories.CalendarFeedFactory(member=coordinator, token="hemlig-nyckel").pk,
        "assessment": factories.AssessmentFactory(review=review, promise=snowmobile_promise).pk,
    }
    return {page: page.format(**keys) for page in CEILINGS}


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200, address
    return [query["sql"] for query in captured]


def test_every_page_costs_the_same_at_one_row_and_at_ten(
    addresses, grow, signed_in, coordinator, today
):
    clients = {page: signed_in(coordinator) if page != "/" else Client() for page in CEILINGS}
    at_one = {page: len(queries(clients[page], addresses[page])) for page in CEILINGS}
    grow(9)
    at_ten = {page: len(queries(clients[page], addresses[page])) for page in CEILINGS}
    assert at_ten == at_one
    assert {page: n for page, n in at_ten.items() if n > CEILINGS[page]} == {}


# --- The log's filters and their indexes ---------------------------------------------------

FILTERS = [
    pytest.param("", id="everything"),
    pytest.param("sok=kontroll+leden", id="free text"),
    pytest.param("fran=2024-01-01", id="from"),
    pytest.param("till=2024-12-31", id="to"),
    pytest.param("tillbakadragna=on", id="with withdrawn"),
    pytest.param("loggat_fran=2024-01-01", id="logged since"),
    pytest.param("loggat_till=2024-12-31", id="logged by"),
    pytest.param("publicerade=on", id="published"),
    pytest.param("lofte={promise}", id="promise"),
    pytest.param("atagande={undertaking}", id="undertaking"),
    pytest.param("aktivitet={activity}", id="activity"),
    pytest.param("plats={place}", id="place"),
    pytest.param("part={party}", id="party"),
    pytest.param("ordning=aldst", id="oldest first"),
    pytest.param("ordning=loggat", id="last logged first"),
    pytest.param(
        "sok=x&lofte={promise}&plats={place}&part={party}&fran=2024-01-01&till=2024-12-31",
        id="together",
    ),
]
# Here SQLite sorts too, but no more than the promise's own occasions, found by an index; or those
# that hold a word when they are few, which it reads by their keys.
SORTED_ON_SQLITE = {"lofte={promise}", "atagande={undertaking}", "sok=kontroll+leden"}

DAY, MOMENT = date(2024, 3, 12), datetime(2024, 3, 12, 9, tzinfo=UTC)
PAGES = {
    "newest": lambda position, *page: first(*page),
    "older": following,
    "newer": preceding,
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
        undertaking=snowmobile_promise.period.agreement.undertakings.first().pk,
        activity=activity.pk,
        place=activity.place_id,
        party=coordinator.party_id,
    )
    visible = Occasion.objects.visible_to(coordinator).with_everything()
    chosen = OccasionFilter(QueryDict(address), queryset=visible, member=coordinator)
    occasions, order = chosen.qs, BY_INDEX[chosen.order]
    position = Position(DAY if order.field == "date" else MOMENT, 17)
    with CaptureQueriesContext(connection) as captured:
        PAGES[turning_to](position, occasions, 30, order)

    [query] = captured
    [read], is_sorted = plan_of(query["sql"])
    assert "index" in read.lower() or "primary key" in read.lower()
    assert is_sorted == (connection.vendor == "sqlite" and narrowed in SORTED_ON_SQLITE)


@pytest.mark.parametrize("turning_to", PAGES)
def test_what_holds_a_common_word_is_read_in_the_logs_own_order(
    turning_to, coordinator, monkeypatch
):
    monkeypatch.setattr("followup.models.search.RARE", -1)  # every word is common
    occasions = Occasion.objects.visible_to(coordinator).carried_out().containing("kontroll leden")
    with CaptureQueriesContext(connection) as captured:
        PAGES[turning_to](Position(DAY, 17), occasions, 30)

    [query] = captured
    [read], is_sorted = plan_of(query["sql"])
    assert "occasion_newest" in read
    assert not is_sorted
