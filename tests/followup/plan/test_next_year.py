"""Next year's plan copied from this year's, in one step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from followup.plan.next_year import copy_to_next_year, next_year, same_weekday_next_year
from promises.models import Activity, PlannedOccasion, Promise
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

NEW_PERIOD = "Löftesperioden slutar 31 december 2024. Skapa nästa löftesperiod först."


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def controls(snowmobile_promise) -> Activity:
    """Under a promise of 2023–2024."""
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def meetings(agreement) -> Activity:
    """Under an undertaking, until further notice."""
    undertaking = agreement.undertakings.get(number=5)
    return factories.ActivityFactory(promise=None, undertaking=undertaking, title="Möte")


def plan(activity: Activity, *days: str, **fields) -> None:
    for day in days:
        factories.PlannedOccasionFactory(activity=activity, date=date.fromisoformat(day), **fields)


def days_of(activity: Activity, year: int) -> list[str]:
    rows = activity.planned_occasions.filter(date__year=year).order_by("date", "id")
    return [row.date.isoformat() for row in rows]


def copy_all(agreement, year: int) -> tuple[int, int]:
    """How many activities, and how many planned occasions."""
    return copy_to_next_year(agreement, year, next_year(agreement, year).keys)


# --- Days ----------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2023, 2024, 2027, 2028])
def test_every_day_comes_again_next_year_on_the_same_weekday(year):
    day = date(year, 1, 1)
    while day.year == year:
        later = same_weekday_next_year(day)
        assert later.year == year + 1
        assert later.weekday() == day.weekday()
        assert (later - day).days == (364 if (day + timedelta(days=364)).year > year else 371)
        day += timedelta(days=1)


def test_a_plan_for_every_week_stays_one(agreement, meetings):
    mondays = [(date(2024, 1, 1) + timedelta(weeks=n)).isoformat() for n in range(53)]
    plan(meetings, *mondays)

    assert copy_all(agreement, 2024) == (0, 52)

    expected = [(date(2025, 1, 6) + timedelta(weeks=n)).isoformat() for n in range(52)]
    assert days_of(meetings, 2025) == expected
    assert next_year(agreement, 2024).keys == []


# --- What is copied ------------------------------------------------------------------------


def test_an_activity_that_goes_on_keeps_its_planned_occasions(agreement, controls, coordinator):
    place = factories.PlaceFactory()
    plan(controls, "2023-03-04", note="Sportlov.", place=place, responsible_member=coordinator)

    assert copy_all(agreement, 2023) == (0, 1)

    copied = controls.planned_occasions.get(date__year=2024)
    assert (copied.date, copied.place, copied.responsible_member, copied.note) == (
        date(2024, 3, 2),
        place,
        coordinator,
        "Sportlov.",
    )


def test_cancelled_occasions_and_activities_are_left_out(agreement, controls, coordinator):
    plan(controls, "2023-03-04", "2023-03-11")
    controls.planned_occasions.get(date=date(2023, 3, 4)).cancel(by=coordinator, reason="Töväder")
    cancelled = factories.ActivityFactory(
        promise=controls.promise, status="cancelled", cancellation_reason="Ingen snö"
    )
    plan(cancelled, "2023-03-18")

    assert copy_all(agreement, 2023) == (0, 1)
    assert days_of(controls, 2024) == ["2024-03-09"]


def test_what_has_been_copied_is_not_offered_again_nor_what_was_cancelled_since(
    agreement, controls, coordinator
):
    plan(controls, "2023-03-04", "2023-03-11")
    copy_all(agreement, 2023)
    controls.planned_occasions.get(date=date(2024, 3, 2)).cancel(by=coordinator, reason="Töväder")

    assert copy_all(agreement, 2023) == (0, 0)
    plan(controls, "2023-03-18")
    assert copy_all(agreement, 2023) == (0, 1)
    assert days_of(controls, 2024) == ["2024-03-02", "2024-03-09", "2024-03-16"]


def test_a_campaign_of_the_year_comes_again_as_a_new_activity(agreement, controls, police):
    campaign = factories.ActivityFactory(
        promise=controls.promise,
        title="Skoterskola 2023",
        kind="campaign",
        description="I skolan.",
        responsible=police,
        place=factories.PlaceFactory(),
        planned_from=date(2023, 2, 1),
        planned_to=date(2023, 3, 31),
        target_count=2,
        target_per="year",
        status="carried_out",
    )
    metric = factories.MetricFactory(activity=campaign, name="Elever", target_value=40)
    factories.ReadingFactory(metric=metric)
    plan(campaign, "2023-02-07")

    assert copy_all(agreement, 2023) == (1, 1)

    new = Activity.objects.get(predecessor=campaign)
    same = ("promise", "kind", "description", "responsible", "place", "target_count", "target_per")
    assert [getattr(new, name) for name in same] == [getattr(campaign, name) for name in same]
    assert (new.title, new.status) == ("Skoterskola 2024", "planned")
    assert (new.planned_from, new.planned_to) == (date(2024, 2, 1), date(2024, 3, 31))
    [copied] = new.metrics.all()
    assert (copied.name, copied.target_value, copied.readings.count()) == ("Elever", 40, 0)
    assert days_of(new, 2024) == ["2024-02-06"]
    assert next_year(agreement, 2023).keys == []


def test_a_leap_day_comes_again_on_the_last_of_february(agreement, meetings):
    factories.ActivityFactory(
        promise=None,
        undertaking=meetings.undertaking,
        planned_from=date(2024, 2, 29),
        planned_to=date(2024, 2, 29),
    )
    copy_all(agreement, 2024)
    new = Activity.objects.get(predecessor__isnull=False)
    assert (new.planned_from, new.planned_to) == (date(2025, 2, 28), date(2025, 2, 28))


def test_somebody_who_has_left_is_not_planned_for(agreement, meetings, coordinator):
    plan(meetings, "2024-06-04", responsible_member=coordinator)
    coordinator.is_active = False
    coordinator.save()
    copy_all(agreement, 2024)
    assert meetings.planned_occasions.get(date__year=2025).responsible_member is None


def test_only_what_is_chosen_is_copied(agreement, meetings):
    plan(meetings, "2024-06-04", "2024-09-03")
    first = meetings.planned_occasions.get(date=date(2024, 6, 4))
    copy_to_next_year(agreement, 2024, [f"tillfalle-{first.pk}", "tillfalle-0", "aktivitet-0"])
    assert days_of(meetings, 2025) == ["2025-06-03"]


# --- What is held back ---------------------------------------------------------------------


def held_back(agreement, year: int) -> dict[str, str]:
    return {held.activity.title: held.reason for held in next_year(agreement, year).held_back}


def test_a_promise_whose_period_ends_holds_its_activities_back(agreement, controls, meetings):
    plan(controls, "2024-03-02")
    plan(meetings, "2024-06-04")
    assert held_back(agreement, 2024) == {"Skoterkontroll": NEW_PERIOD}
    assert copy_all(agreement, 2024) == (0, 1)
    assert days_of(controls, 2025) == []


def test_an_activity_that_is_over_is_held_back(agreement, meetings):
    meetings.planned_to = date(2024, 12, 31)
    meetings.save()
    done = factories.ActivityFactory(
        promise=None, undertaking=meetings.undertaking, title="Utse", status="carried_out"
    )
    plan(meetings, "2024-06-04")
    plan(done, "2024-06-04")
    assert held_back(agreement, 2024) == {
        "Möte": "Aktiviteten är planerad till och med 31 december 2024.",
        "Utse": "Aktiviteten är genomförd.",
    }


def test_an_agreement_that_ends_holds_its_undertakings_back(agreement, meetings):
    plan(meetings, "2026-06-04")
    assert held_back(agreement, 2026) == {}
    agreement.runs_until_further_notice = False
    agreement.save()
    assert held_back(agreement, 2026) == {"Möte": "Överenskommelsen slutar gälla 31 december 2026."}


def test_an_activity_goes_on_under_the_promise_that_follows(agreement, controls):
    controls.planned_from, controls.planned_to = date(2023, 2, 27), date(2024, 12, 31)
    controls.save()
    plan(controls, "2024-03-02")
    period = factories.PromisePeriodFactory(
        agreement=agreement,
        title="Medborgarlöfte 2025–2027",
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    follower = factories.PromiseFactory(period=period, number=1, predecessor=controls.promise)

    assert copy_all(agreement, 2024) == (1, 1)

    new = Activity.objects.get(predecessor=controls)
    assert new.promise == follower
    assert (new.planned_from, new.planned_to) == (date(2025, 1, 1), date(2027, 12, 31))
    assert days_of(new, 2025) == ["2025-03-01"]
    # What is planned later on the first one still goes to the one that follows it.
    plan(controls, "2024-11-20")
    assert copy_all(agreement, 2024) == (0, 1)
    assert days_of(new, 2025) == ["2025-03-01", "2025-11-19"]


def test_an_ended_promise_says_so(agreement, controls):
    plan(controls, "2024-03-02")
    factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    Promise.objects.filter(pk=controls.promise_id).update(carried="end")
    assert held_back(agreement, 2024) == {"Skoterkontroll": "Löftet avslutades med löftesperioden."}


def test_another_agreements_plan_is_left_alone(agreement, controls):
    plan(factories.ActivityFactory(), "2023-03-04")
    assert next_year(agreement, 2023).keys == []


# --- The page ------------------------------------------------------------------------------


def test_the_page_shows_everything_ticked_and_writes_nothing(client, controls, meetings):
    plan(controls, "2024-03-02")
    plan(meetings, "2024-06-04", "2024-09-03")
    page = Page(client.get("/arshjul/nasta-ar/?ar=2024"))
    assert page.text("//h1") == "Kopiera planen till 2025"
    assert page.texts("//legend") == ["Åtagande 5"]
    assert page.texts("//main//label/span") == [
        "Möte, tisdag 3 juni 2025 2024: tisdag 4 juni",
        "Möte, tisdag 2 september 2025 2024: tisdag 3 september",
    ]
    assert len(page.all("//input[@type='checkbox'][@checked]")) == 2
    assert NEW_PERIOD in page.text()
    assert PlannedOccasion.objects.count() == 3


def test_one_step_copies_what_is_ticked(client, meetings):
    plan(meetings, "2024-06-04", "2024-09-03")
    address = "/arshjul/nasta-ar/?ar=2024"
    boxes = Page(client.get(address)).all("//input[@name='rows']")
    response = client.post(address, {"rows": [boxes[1].get("value")]})
    assert response.url == "/arshjul/?ar=2025"
    assert Page(client.get(response.url)).messages == ["Kopierat till 2025: 1 planerat tillfälle."]
    assert days_of(meetings, 2025) == ["2025-09-02"]


def test_nothing_ticked_is_explained(client, meetings):
    plan(meetings, "2024-06-04")
    page = Page(client.post("/arshjul/nasta-ar/?ar=2024"))
    assert page.summary == {"Det som ska kopieras: Kryssa för minst en rad att kopiera.": "rows"}
    assert page.all("//input[@checked]") == []


def test_nothing_to_copy_says_so(client, agreement):
    page = Page(client.get("/arshjul/nasta-ar/?ar=2024"))
    assert page.text("//*[@class='empty']/h2") == "Inget att kopiera"
    assert page.all("//main//form") == []


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_copy_at_the_same_moment_one_does(client, meetings, agreement):
    plan(meetings, "2024-06-04")
    campaign = factories.ActivityFactory(
        promise=None,
        undertaking=meetings.undertaking,
        planned_from=date(2024, 2, 1),
        planned_to=date(2024, 2, 28),
    )
    rows = next_year(agreement, 2024).keys
    at_the_same_moment(*[lambda: client.post("/arshjul/nasta-ar/?ar=2024", {"rows": rows})] * 2)
    assert days_of(meetings, 2025) == ["2025-06-03"]
    assert Activity.objects.filter(predecessor=campaign).count() == 1
