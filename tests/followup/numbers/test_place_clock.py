"""Byklockan: days since the last visible visit, place by place, with and without a season."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.test import Client

from followup.numbers.visits import VISIBLE_KINDS, PlaceClock, VisitState, place_clocks
from promises.models import Activity, Place
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)


@pytest.fixture
def promise():
    return factories.PromiseFactory()


@pytest.fixture
def visit(promise):
    """Log a visit to the place; of a control unless another kind is given."""
    party, member = factories.PartyFactory(short_name="Polisen"), factories.MemberFactory()

    def log(place: Place, day: date, kind: str = Activity.Kind.CONTROL, **fields):
        activity = factories.ActivityFactory(promise=promise, title="Kontroll", kind=kind)
        return factories.OccasionFactory(
            activity=activity, place=place, date=day, party=party, member=member, **fields
        )

    return log


def clock_of(place: Place, promise, on: date = ON) -> PlaceClock:
    clocks = place_clocks(promise.period.agreement, on)
    return next(clock for clock in clocks if clock.place == place)


# --- Without a season ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, VisitState.WITHIN),
        (44, VisitState.WITHIN),
        (45, VisitState.SOON),
        (60, VisitState.SOON),
        (61, VisitState.TOO_LONG),
    ],
)
def test_a_place_is_measured_against_its_own_interval(days, state, promise, visit):
    place = factories.PlaceFactory(visit_within_days=60)
    visit(place, ON - timedelta(days=days))
    clock = clock_of(place, promise)
    assert (clock.days, clock.counted, clock.state) == (days, days, state)


def test_a_place_nobody_has_visited_has_no_days_and_not_0(promise):
    place = factories.PlaceFactory(visit_within_days=60)
    clock = clock_of(place, promise)
    assert (clock.days, clock.counted, clock.state) == (None, None, VisitState.NEVER)
    assert clock.days_text == "Aldrig besökt"


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, VisitState.WITHIN),
        (44, VisitState.WITHIN),
        (45, VisitState.SOON),
        (60, VisitState.SOON),
        (61, VisitState.NEVER),
    ],
)
def test_a_new_place_has_its_whole_interval_before_anybody_is_late(days, state, promise):
    place = factories.PlaceFactory(visit_within_days=60, interval_from=ON - timedelta(days=days))
    clock = clock_of(place, promise)
    assert (clock.days, clock.counted, clock.state) == (None, days, state)
    assert clock.days_text == "Aldrig besökt"


def test_no_day_before_the_interval_counts_against_it(promise, visit):
    place = factories.PlaceFactory(visit_within_days=60, interval_from=ON - timedelta(days=5))
    visit(place, ON - timedelta(days=400))
    clock = clock_of(place, promise)
    assert (clock.days, clock.counted, clock.state) == (400, 5, VisitState.WITHIN)


def test_an_interval_to_come_asks_for_nothing_yet(promise, visit):
    place = factories.PlaceFactory(visit_within_days=60, interval_from=ON + timedelta(days=1))
    visit(place, ON - timedelta(days=400))
    assert clock_of(place, promise).state is VisitState.NO_INTERVAL


def test_without_an_interval_there_are_only_days(promise, visit):
    place = factories.PlaceFactory()
    visit(place, ON - timedelta(days=400))
    clock = clock_of(place, promise)
    assert (clock.days_text, clock.state) == ("400 dagar", VisitState.NO_INTERVAL)


@pytest.mark.parametrize("kind", Activity.Kind.values)
def test_only_what_can_be_seen_is_a_visit(kind, promise, visit):
    place = factories.PlaceFactory()
    visit(place, ON, kind=kind)
    assert (clock_of(place, promise).last is not None) == (kind in VISIBLE_KINDS)


def test_the_latest_visit_that_stands_is_the_one(promise, visit):
    place = factories.PlaceFactory()
    visit(place, date(2024, 3, 1))
    latest = visit(place, date(2024, 4, 1))
    mistaken = visit(place, date(2024, 5, 1))
    mistaken.withdraw(by=mistaken.member, reason="Fel plats")
    visit(place, ON + timedelta(days=1))
    visit(factories.PlaceFactory(), ON)
    last = clock_of(place, promise).last
    assert (last.occasion_id, last.date, last.party, last.activity) == (
        latest.pk,
        date(2024, 4, 1),
        "Polisen",
        "Kontroll",
    )


def test_what_is_logged_under_another_agreement_is_no_visit(promise, visit):
    place = factories.PlaceFactory()
    factories.OccasionFactory(place=place, date=ON)
    assert clock_of(place, promise).last is None


def test_the_next_visit_is_the_first_one_planned_that_stands(promise, visit):
    place = factories.PlaceFactory()
    control = factories.ActivityFactory(promise=promise)
    supervision = factories.ActivityFactory(promise=promise, kind=Activity.Kind.SUPERVISION)

    def planned(activity: Activity, day: date):
        return factories.PlannedOccasionFactory(activity=activity, place=place, date=day)

    planned(control, ON - timedelta(days=1))
    planned(supervision, ON)
    planned(control, date(2024, 5, 20)).cancel(by=factories.MemberFactory(), reason="Töväder")
    done = planned(control, date(2024, 5, 21))
    visit(place, ON, planned=done)
    planned(control, date(2024, 7, 1))
    planned(control, date(2024, 6, 1))
    assert clock_of(place, promise).next_on == date(2024, 6, 1)


# --- With a season -------------------------------------------------------------------------


def by_brute_force(place: Place, last: date, on: date) -> int | None:
    """Go back day by day: how many days of this season have passed since the visit?"""

    def in_season(day: date) -> bool:
        first, final = place.season_from, place.season_to
        if first <= final:
            return first <= day.month <= final
        return day.month >= first or day.month <= final

    if not in_season(on):
        return None
    counted, day = 0, on
    while day > last and in_season(day - timedelta(days=1)) and is_same_season(place, day):
        counted += 1
        day -= timedelta(days=1)
    return counted


def is_same_season(place: Place, day: date) -> bool:
    """Whether the day before is of the same season: a season of twelve months begins anew too."""
    return not (day.day == 1 and day.month == place.season_from)


@pytest.mark.parametrize(
    "season", [(2, 4), (11, 3), (12, 1), (6, 6), (1, 12), (5, 4)], ids=lambda months: str(months)
)
def test_the_days_of_a_season_are_counted_as_when_counted_one_by_one(season, promise, visit):
    first, final = season
    place = factories.PlaceFactory(visit_within_days=21, season_from=first, season_to=final)
    last = date(2023, 12, 20)
    visit(place, last)
    for month in range(1, 13):
        for day in (1, 2, 15, monthrange(2024, month)[1]):
            on = date(2024, month, day)
            expected = by_brute_force(place, last, on)
            clock = clock_of(place, promise, on)
            assert clock.counted == expected, on
            assert (clock.state is VisitState.OUT_OF_SEASON) == (expected is None), on


@pytest.mark.parametrize(
    ("on", "counted", "state", "opens_on"),
    [
        (date(2024, 1, 31), None, VisitState.OUT_OF_SEASON, date(2024, 2, 1)),
        (date(2024, 2, 1), 0, VisitState.WITHIN, None),
        (date(2024, 2, 17), 16, VisitState.SOON, None),
        (date(2024, 2, 22), 21, VisitState.SOON, None),
        (date(2024, 2, 23), 22, VisitState.TOO_LONG, None),
        (date(2024, 4, 30), 89, VisitState.TOO_LONG, None),
        (date(2024, 5, 1), None, VisitState.OUT_OF_SEASON, date(2025, 2, 1)),
    ],
)
def test_the_days_before_the_season_do_not_count_and_out_of_it_the_clock_rests(
    on, counted, state, opens_on, promise, visit
):
    place = factories.PlaceFactory(visit_within_days=21, season_from=2, season_to=4)
    visit(place, date(2023, 4, 1))
    clock = clock_of(place, promise, on)
    assert (clock.counted, clock.state, clock.opens_on) == (counted, state, opens_on)
    assert clock.days == (on - date(2023, 4, 1)).days
    assert clock.season == "februari–april"


def test_a_season_runs_over_new_year(promise, visit):
    place = factories.PlaceFactory(visit_within_days=21, season_from=11, season_to=3)
    visit(place, date(2023, 4, 1))
    assert clock_of(place, promise, date(2024, 1, 1)).counted == 61
    assert clock_of(place, promise, date(2024, 4, 1)).opens_on == date(2024, 11, 1)


# --- The page ------------------------------------------------------------------------------


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def place() -> Place:
    return Place.objects.get(name="Borgafjäll")


def test_the_worst_come_first(promise, visit):
    Place.objects.all().delete()
    for name, interval, days in [
        ("Inom", 60, 10),
        ("Utan", None, 500),
        ("Sent", 60, 90),
        ("Senare", 30, 90),
        ("Snart", 60, 50),
    ]:
        place = factories.PlaceFactory(name=name, visit_within_days=interval)
        visit(place, ON - timedelta(days=days))
    factories.PlaceFactory(name="Aldrig", visit_within_days=60)
    factories.PlaceFactory(name="Aldrig utan")
    factories.PlaceFactory(name="Vilar", visit_within_days=60, season_from=2, season_to=4)
    names = [clock.place.name for clock in place_clocks(promise.period.agreement, ON)]
    assert names == [
        *("Aldrig", "Senare", "Sent", "Aldrig utan"),
        *("Snart", "Inom", "Utan", "Vilar"),
    ]


CLOCK = "//section[@aria-labelledby='byklockan']//table"


def test_a_row_says_when_by_whom_and_what_comes(client, place, snowmobile_promise, police):
    Place.objects.exclude(pk=place.pk).delete()
    place.visit_within_days, place.season_from, place.season_to = 21, 2, 4
    place.save()
    control = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    occasion = factories.OccasionFactory(activity=control, place=place, party=police)
    factories.PlannedOccasionFactory(activity=control, place=place)
    page = Page(client.get("/oversikt/"))
    assert page.rows(CLOCK) == [
        [
            "Borgafjäll Område",
            "64 dagar",
            "Utanför säsong Säsongen börjar 1 februari 2025",
            "12 mars 2024 Polisen: Skoterkontroll",
            "12 juni 2024",
            "21 dagar februari–april Ändra Borgafjäll",
        ]
    ]
    links = [link.get("href") for link in page.all(f"{CLOCK}//tbody//a")]
    assert links == [
        f"/tillfallen/?plats={place.pk}",
        f"/tillfallen/{occasion.pk}/",
        f"/byklockan/{place.pk}/andra/",
    ]


def test_a_reader_sees_the_clock_and_cannot_set_it(reader, signed_in, client, place):
    page = Page(signed_in(reader).get("/oversikt/"))
    assert page.all("//a[contains(@href, 'andra')]") == []
    assert len(page.rows(CLOCK)) == Place.objects.count()


def test_the_interval_and_season_of_a_place_are_set(client, place):
    address = f"/byklockan/{place.pk}/andra/"
    form = Page(client.get(address)).typed
    typed = {"visit_within_days": "21", "season_from": "11", "season_to": "3"}
    response = client.post(address, form | typed)
    place.refresh_from_db()
    assert (place.visit_within_days, place.season_from, place.season_to) == (21, 11, 3)
    assert Page(client.get(response.url)).messages == ["Platsen Borgafjäll är sparad."]
    # The form that was opened before that is stale.
    page = Page(client.post(address, form | {"visit_within_days": "30"}))
    assert len(page.summary) == 1
    assert page.typed["visit_within_days"] == "30"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": ""}, {"name": ["Fyll i det här."]}),
        ({"name": "RISBÄCK"}, {"name": ["Det finns redan en plats med det namnet."]}),
        (
            {"visit_within_days": "0"},
            {"visit_within_days": ["Skriv minst 1 dag, eller lämna tomt."]},
        ),
        (
            {"visit_within_days": "-1"},
            {"visit_within_days": ["Talet kan inte vara mindre än 0."]},
        ),
        ({"season_from": "2"}, {"season_to": ["Välj också säsongens sista månad."]}),
        ({"season_to": "2"}, {"season_from": ["Välj också säsongens första månad."]}),
    ],
    ids=["nameless", "taken", "zero", "negative", "no end", "no start"],
)
def test_a_fault_is_explained_and_nothing_typed_is_lost(typed, errors, client, place):
    address = f"/byklockan/{place.pk}/andra/"
    page = Page(client.post(address, Page(client.get(address)).typed | typed))
    assert page.errors == errors
    assert {name: page.typed[name] for name in typed} == typed
    assert page.text("//h1") == "Borgafjäll"
