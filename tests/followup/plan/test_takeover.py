"""A new löftesperiod takes over the work: the log, the plan, what citizens read, the overview.

Over the years: one that follows day upon day, one that overlaps the last, a gap between two, and
periods of one year and of three.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client

from followup.log.choices import choices_for
from followup.models import Occasion
from followup.plan.feed import calendar_of
from followup.public.promises import public_period
from followup.reminders.due import due_for
from promises.carry_over import Choice, carry_over
from promises.models import Activity, Agreement, Member, PlannedOccasion, Promise, PromisePeriod
from tests import factories
from tests.html import Page
from tests.life import adopt, hand_in
from tests.promises.test_agreement_edit import typed_in

pytestmark = pytest.mark.django_db

PROMISES = "//section[@aria-labelledby='loften']"


@pytest.fixture
def earlier(agreement) -> PromisePeriod:
    """Medborgarlöfte 2023–2024, with one activity under its third promise."""
    return agreement.periods.get()


@pytest.fixture
def activity(snowmobile_promise, coordinator) -> Activity:
    return factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        responsible=coordinator.party,
        responsible_member=coordinator,
    )


@pytest.fixture
def follow(earlier, coordinator) -> Callable[..., PromisePeriod]:
    """Make the period that follows, of the days given; every promise continues but those `ended`."""

    def make(
        starts_on: date = date(2025, 1, 1),
        ends_on: date = date(2026, 12, 31),
        ended: tuple[int, ...] = (),
        **values,
    ) -> PromisePeriod:
        new = PromisePeriod(
            agreement=earlier.agreement, title="Nya löftet", starts_on=starts_on, ends_on=ends_on
        )
        choices = [
            Choice(promise=promise, carried=Promise.Carried.ENDED, reason="Det är gjort.")
            if promise.number in ended
            else Choice(promise=promise, carried=Promise.Carried.CONTINUED)
            for promise in earlier.promises.all()
        ]
        values = {"with_activities": True, "by": coordinator} | values
        return carry_over(earlier, new=new, choices=choices, **values)

    return make


@pytest.fixture
def on_day(signed_in, coordinator) -> Callable[..., Page]:
    """Open an address as the coordinator on a day."""

    def open_page(address: str, day: date, member: Member = coordinator) -> Page:
        with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
            return Page(signed_in(member).get(address))

    return open_page


def successor_of(activity: Activity) -> Activity:
    return Activity.objects.get(predecessor=activity)


def offered(member: Member, on: date) -> list[Activity]:
    """The activities that the log offers, those under promises."""
    choices = choices_for(member, on)
    return [one.activity for one in choices.all if one.activity.promise]


def log_on(activity: Activity, member: Member, **values) -> Occasion:
    return factories.OccasionFactory(activity=activity, party=member.party, member=member, **values)


# --- What the log offers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "by_day"),
    [
        pytest.param(
            (date(2025, 1, 1), date(2026, 12, 31)),
            {
                date(2022, 12, 31): None,
                date(2023, 1, 1): "earlier",
                date(2024, 12, 31): "earlier",
                date(2025, 1, 1): "new",
                date(2026, 12, 31): "new",
                date(2027, 1, 1): "new",  # it has run out, and nothing is to come
            },
            id="day upon day",
        ),
        pytest.param(
            (date(2024, 9, 1), date(2025, 8, 31)),
            {
                date(2024, 8, 31): "earlier",
                date(2024, 9, 1): "new",
                date(2024, 12, 31): "new",
                date(2025, 8, 31): "new",
                date(2025, 9, 1): "new",
            },
            id="one year, overlapping",
        ),
        pytest.param(
            (date(2025, 4, 1), date(2028, 3, 31)),
            {
                date(2024, 12, 31): "earlier",
                date(2025, 1, 1): None,
                date(2025, 3, 31): None,
                date(2025, 4, 1): "new",
                date(2028, 3, 31): "new",
                date(2028, 4, 1): "new",
            },
            id="three years, after a gap",
        ),
        pytest.param(
            (date(2024, 2, 1), date(2024, 2, 29)),
            {
                date(2024, 1, 31): "earlier",
                date(2024, 2, 29): "new",
                date(2024, 3, 1): "earlier",
            },
            id="over before the earlier one",
        ),
    ],
)
def test_the_log_offers_what_is_in_force_on_the_day(span, by_day, follow, activity, coordinator):
    follow(*span)
    named = {"earlier": [activity], "new": [successor_of(activity)], None: []}
    assert {day: offered(coordinator, day) for day in by_day} == {
        day: named[which] for day, which in by_day.items()
    }


@pytest.mark.parametrize(
    ("day", "is_offered"),
    [
        (date(2023, 2, 26), False),
        (date(2023, 2, 27), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), True),  # until further notice
        (date(2028, 1, 1), False),  # replaced
    ],
)
def test_an_undertakings_activity_is_in_force_as_long_as_its_agreement(day, is_offered, agreement):
    undertaking = agreement.undertakings.get(number=5)
    activity = factories.ActivityFactory(promise=None, undertaking=undertaking)
    factories.AgreementFactory(
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2028, 1, 1),
        valid_to=date(2031, 12, 31),
    )
    assert (activity in Activity.objects.in_force(day)) is is_offered
    assert agreement.status(day).is_in_force is is_offered
    assert (agreement in Agreement.objects.in_force(day)) is is_offered


def test_where_the_last_period_has_run_out_the_page_says_so_and_people_go_on(activity, on_day):
    page = on_day("/logga/", date(2025, 2, 1))
    assert page.texts("//*[@class='empty']/p") == [
        "Ingen löftesperiod gäller 1 februari 2025.",
        "Medborgarlöfte 2023-2024 gällde till och med 31 december 2024.",
        "Det som loggas på den räknas inte mot åtagandenivån.",
        "Förbered nästa löftesperiod",
    ]
    assert page.all(f"//main//a[@href='/logga/{activity.pk}/']")
    assert activity not in Activity.objects.in_force(date(2025, 2, 1))


def test_in_a_gap_the_page_says_when_the_next_period_begins(activity, follow, on_day):
    follow(date(2025, 4, 1))
    page = on_day("/logga/", date(2025, 2, 1))
    assert page.texts("//*[@class='empty']/p")[1:] == [
        "Medborgarlöfte 2023-2024 gällde till och med 31 december 2024.",
        "Nya löftet börjar gälla 1 april 2025.",
    ]
    assert "Skoterkontroll" not in page.text("//main")


def test_another_day_offers_what_was_in_force_then(activity, follow, on_day):
    follow()
    page = on_day("/logga/?datum=2024-12-30", date(2025, 1, 2))
    assert page.text("//*[@class='lede']") == "Vilken aktivitet genomfördes 30 december 2024?"
    link = f"/logga/{activity.pk}/?datum=2024-12-30"
    assert page.all(f"//main//a[@href='{link}']")
    assert on_day(link, date(2025, 1, 2)).typed["date"] == "2024-12-30"


def test_a_day_to_come_is_today(activity, on_day):
    page = on_day("/logga/?datum=2024-06-01", date(2024, 5, 15))
    assert page.text("//*[@class='lede']") == "Vilken aktivitet genomfördes?"


def test_what_was_used_last_leads_to_the_activity_that_has_taken_over(
    activity, follow, coordinator
):
    last = log_on(activity, coordinator, date=date(2024, 12, 10))
    follow()
    [recent] = choices_for(coordinator, date(2025, 1, 2)).recent
    assert (recent.activity, recent.last) == (successor_of(activity), last)


def test_what_was_planned_before_the_change_is_logged_where_it_was_planned(
    activity, follow, coordinator
):
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 12, 30))
    follow()
    [planned] = choices_for(coordinator, date(2025, 1, 2)).planned
    assert (planned.planned, planned.planned.activity) == (day, activity)


# --- A day that belongs to the other period -----------------------------------------------------------


def test_a_day_of_the_new_period_is_not_logged_on_the_old_activity(
    activity, follow, signed_in, coordinator
):
    follow()
    with time_machine.travel("2025-02-01T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        address = f"/logga/{activity.pk}/"
        typed = Page(client.get(address)).typed | {"date": "2025-01-15", "done": "Kontroll."}
        page = Page(client.post(address, typed))
        assert page.errors["date"] == [
            "15 januari 2025 gäller inte den här aktiviteten, utan ”Skoterkontroll” under"
            " Nya löftet."
        ]
        instead = page.one("//button[@formaction]").get("formaction")
        client.post(instead, page.typed)
    assert Occasion.objects.get().activity == successor_of(activity)


def test_a_day_of_the_old_period_is_not_logged_on_the_new_activity(
    activity, follow, signed_in, coordinator
):
    follow()
    with time_machine.travel("2025-02-01T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        address = f"/logga/{successor_of(activity).pk}/"
        typed = Page(client.get(address)).typed | {"date": "2024-12-15", "done": "Kontroll."}
        page = Page(client.post(address, typed))
    assert page.one("//button[@formaction]").get("formaction") == f"/logga/{activity.pk}/"


# --- What is planned -----------------------------------------------------------------------------------


def test_the_plans_days_follow_the_activity_from_the_first_day_of_the_new_period(activity, follow):
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 1)):
        factories.PlannedOccasionFactory(activity=activity, date=day)
    follow()
    assert {one.date: one.activity for one in PlannedOccasion.objects.all()} == {
        date(2024, 12, 31): activity,
        date(2025, 1, 1): successor_of(activity),
        date(2025, 3, 1): successor_of(activity),
    }
    moved = PlannedOccasion.objects.get(date=date(2025, 3, 1)).history.latest("history_id")
    assert moved.history_change_reason == "Följde med till ”Nya löftet”"


def test_the_days_of_a_gap_follow_too(activity, follow):
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 2, 1))
    follow(date(2025, 4, 1))
    day.refresh_from_db()
    assert day.activity == successor_of(activity)


def test_when_two_periods_overlap_the_new_one_has_the_days_from_its_first(activity, follow):
    before = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 8, 31))
    after = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 9, 1))
    follow(date(2024, 9, 1))
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.activity, after.activity) == (activity, successor_of(activity))


def test_the_days_of_a_promise_that_ends_are_cancelled_with_its_reason(
    activity, follow, coordinator
):
    kept = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 12, 31))
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 1))
    follow(ended=(3,))
    kept.refresh_from_db()
    day.refresh_from_db()
    assert not kept.is_cancelled
    assert (day.cancelled_by, day.cancellation_reason) == (
        coordinator,
        "Löftet avslutas. Skäl: Det är gjort.",
    )


def test_the_days_of_an_activity_that_does_not_come_along_are_cancelled(activity, follow):
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 1))
    follow(with_activities=False)
    day.refresh_from_db()
    assert day.cancellation_reason == "Aktiviteten följde inte med till ”Nya löftet”."


def test_a_day_that_has_been_carried_out_stays_with_what_was_logged(
    activity, signed_in, coordinator, earlier
):
    """The new period is begun late: part of it has been already."""
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 10))
    waiting = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 11))
    log_on(activity, coordinator, date=date(2025, 1, 10), planned=day)
    with time_machine.travel("2025-03-01T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        sent = typed_in(client, "/loften/ny-period/") | {
            f"lofte-{promise.pk}-carried": "continue" for promise in earlier.promises.all()
        }
        client.post("/loften/ny-period/", sent | {"starts_on": "2025-01-01"})
    day.refresh_from_db()
    waiting.refresh_from_db()
    assert (day.activity, waiting.activity) == (activity, successor_of(activity))


def test_reminders_and_the_calendar_lead_to_the_new_activity(activity, follow, coordinator):
    factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 10))
    follow()
    [late] = [one for one in due_for(coordinator, date(2025, 1, 12)) if "late-occasion" in one.key]
    assert late.path == f"/aktiviteter/{successor_of(activity).pk}/#planerat"
    assert f"/aktiviteter/{successor_of(activity).pk}/" in calendar_of(
        coordinator, date(2025, 1, 2)
    ).decode().replace("\r\n ", "")


def test_the_overview_tells_of_what_waits_once_and_under_the_new_activity(activity, follow, on_day):
    factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 10))
    follow()
    page = on_day("/oversikt/", date(2025, 1, 12))
    links = page.one("//section[@aria-labelledby='vantar']").xpath(".//a/@href")
    assert links == [f"/aktiviteter/{successor_of(activity).pk}/#planerat"]


@pytest.fixture
def next_agreement(agreement) -> Agreement:
    """The one that replaces Dorotea's from 2027."""
    return factories.AgreementFactory(
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )


def test_what_is_left_to_do_is_not_lost_with_the_agreement(
    activity, agreement, next_agreement, coordinator, on_day
):
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2027, 1, 10))
    task = factories.TaskFactory(
        agreement=agreement, owner=coordinator, title="Boka lokal", due_on=date(2027, 1, 11)
    )
    page = on_day("/oversikt/", date(2027, 1, 12))
    assert page.one("//section[@aria-labelledby='vantar']").xpath(".//a/@href") == [
        f"/aktiviteter/{day.activity_id}/#planerat",
        task.get_absolute_url(),
    ]
    month = on_day("/kalender/?manad=2027-01", date(2027, 1, 12)).text("//main")
    assert ("Skoterkontroll" in month, "Boka lokal" in month) == (True, True)


# --- What citizens read ----------------------------------------------------------------------------------


def test_a_period_is_public_once_every_party_has_signed_it(follow, earlier, municipality, police):
    new = follow()
    assert public_period(date(2025, 1, 1)) == earlier
    factories.SignatoryFactory(period=new, party=municipality, signed_on=date(2025, 2, 1))
    assert public_period(date(2025, 2, 28)) == earlier
    factories.SignatoryFactory(period=new, party=police, signed_on=date(2025, 3, 1))
    assert public_period(date(2025, 2, 28)) == earlier
    assert public_period(date(2025, 3, 1)) == new


def test_a_signature_without_a_date_is_waited_for(follow, earlier, municipality, police):
    new = follow()
    factories.sign(new, on=date(2024, 12, 1))
    assert public_period(date(2025, 1, 1)) == new
    factories.SignatoryFactory(period=new, party=police, signed_on=None)
    assert public_period(date(2025, 1, 1)) == earlier
    assert new.awaits_signature_of(date(2025, 1, 1)) == [police]


def test_a_period_signed_ahead_is_public_from_its_first_day(follow, earlier):
    new = follow()
    factories.sign(new, on=date(2024, 11, 1))
    assert public_period(date(2024, 12, 31)) == earlier
    assert public_period(date(2025, 1, 1)) == new


def test_two_that_overlap_the_later_is_read_and_in_a_gap_the_last(follow, earlier):
    new = follow(date(2024, 9, 1), date(2025, 8, 31))
    factories.sign(new)
    days = {date(2024, 8, 31): earlier, date(2024, 9, 1): new, date(2026, 5, 1): new}
    assert {day: public_period(day) for day in days} == days


@pytest.mark.parametrize("signed_by", [(), ("municipality",), ("municipality", "police")])
def test_who_is_waited_for_is_as_the_query_says(signed_by, follow, request, municipality, police):
    new, on = follow(), date(2025, 6, 1)
    for name in signed_by:
        factories.SignatoryFactory(period=new, party=request.getfixturevalue(name))
    awaited = new.awaits_signature_of(on)
    assert (not awaited) is PromisePeriod.objects.signed(on).filter(pk=new.pk).exists()


def test_the_poster_and_the_page_tell_of_the_same_period(follow, on_day):
    new = follow()
    assert "Medborgarlöfte 2023-2024" in on_day("/rapporter/anslag/", date(2025, 1, 2)).text()
    factories.sign(new)
    assert "Nya löftet" in on_day("/rapporter/anslag/", date(2025, 1, 2)).text()
    with time_machine.travel("2025-01-02T12:00:00+01:00", tick=False):
        assert "Nya löftet" in Page(Client().get("/")).text()


def test_the_periods_page_says_whose_signature_is_waited_for(follow, on_day, police):
    new = follow()
    factories.sign(new)
    new.signatories.filter(party=police).delete()
    assert on_day(f"/loften/period/{new.pk}/", date(2025, 1, 2)).text(
        "//p[@class='notice'][contains(., 'Kvar')]"
    ) == (
        "Medborgarlöftet syns inte på den öppna sidan än. Det gör det när alla parter har skrivit"
        f" under. Kvar: {police}."
    )


# --- The overview ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "day", "shown"),
    [
        ((date(2025, 1, 1), date(2026, 12, 31)), date(2024, 12, 31), "Medborgarlöfte 2023-2024"),
        ((date(2025, 1, 1), date(2026, 12, 31)), date(2025, 1, 1), "Nya löftet"),
        ((date(2024, 9, 1), date(2025, 8, 31)), date(2024, 9, 1), "Nya löftet"),
        ((date(2025, 4, 1), date(2028, 3, 31)), date(2025, 2, 1), "Medborgarlöfte 2023-2024"),
        ((date(2025, 4, 1), date(2028, 3, 31)), date(2028, 6, 1), "Nya löftet"),
        ((date(2024, 2, 1), date(2024, 2, 29)), date(2024, 3, 1), "Medborgarlöfte 2023-2024"),
    ],
)
def test_the_overview_shows_the_period_that_runs_and_each_promise_once(
    span, day, shown, follow, on_day
):
    follow(*span)
    page = on_day("/oversikt/", day)
    assert page.text("//select[@name='period']/option[@selected]") == shown
    assert len(page.all("//ol[@class='promise-rows']/li")) == 5
    assert {"Medborgarlöfte 2023-2024", "Nya löftet"} <= {
        *page.texts("//select[@name='period']/option")
    }


def test_what_is_logged_under_the_other_period_is_counted_and_said(
    activity, follow, on_day, coordinator, earlier
):
    log_on(activity, coordinator, date=date(2025, 1, 15))
    follow()
    page = on_day("/oversikt/", date(2025, 2, 1))
    assert len(page.all("//ol[@class='promise-rows']/li")) == 5
    assert page.texts(f"{PROMISES}/p[@class='soft']") == [
        "1 av dem är loggade under Medborgarlöfte 2023-2024."
    ]


def test_a_year_with_two_periods_tells_them_apart(follow, on_day):
    follow(date(2024, 9, 1))
    page = on_day("/oversikt/?period=ar-2024", date(2024, 10, 1))
    assert page.texts(f"{PROMISES}/h3") == ["Medborgarlöfte 2023-2024", "Nya löftet"]


def test_a_new_agreement_does_not_hide_the_period_that_still_runs(earlier, next_agreement, on_day):
    PromisePeriod.objects.filter(pk=earlier.pk).update(ends_on=date(2027, 3, 31))
    page = on_day("/oversikt/", date(2027, 2, 1))
    assert page.text("//select[@name='period']/option[@selected]") == "Medborgarlöfte 2023-2024"
    assert len(page.all("//ol[@class='promise-rows']/li")) == 5


# --- An occasion is moved ------------------------------------------------------------------------------------


@pytest.fixture
def moved(signed_in, coordinator) -> Callable[..., Page]:
    """Move the occasion to the activity, on 1 March 2025; the page it leads to."""

    def move(occasion: Occasion, to: Activity, **typed: str) -> Page:
        with time_machine.travel("2025-03-01T12:00:00+01:00", tick=False):
            client = signed_in(coordinator)
            address = f"/tillfallen/{occasion.pk}/flytta/"
            values = {"date": str(occasion.date), "version": occasion.version, **typed}
            return Page(client.post(address, values | {"activity": to.pk}, follow=True))

    return move


def test_an_occasion_is_moved_to_the_activity_that_has_taken_over(
    activity, follow, moved, coordinator
):
    counted = factories.MetricFactory(activity=activity, name="Förare")
    dropped = factories.MetricFactory(activity=activity, name="Hjälmar")
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2025, 1, 15))
    occasion = log_on(activity, coordinator, date=date(2025, 1, 15), planned=day)
    for metric in (counted, dropped):
        factories.ReadingFactory(metric=metric, occasion=occasion, date=occasion.date)
    follow(waiting=PlannedOccasion.objects.none())
    new = successor_of(activity)
    new.metrics.get(name="Hjälmar").delete()

    page = moved(occasion, new)

    occasion.refresh_from_db()
    day.refresh_from_db()
    assert page.messages[0] == (
        "Flyttat till ”Skoterkontroll” under löfte 3, Nya löftet. Hjälmar räknas inte där, så det"
        " följde inte med."
    )
    assert (occasion.activity, occasion.planned, day.activity) == (new, day, new)
    assert [one.metric for one in occasion.readings.standing()] == [new.metrics.get(name="Förare")]
    latest = occasion.history.latest("history_id")
    assert (latest.history_user, latest.history_change_reason) == (
        coordinator,
        "Flyttat från ”Skoterkontroll”, löfte 3, Medborgarlöfte 2023-2024",
    )


def test_the_planned_day_of_another_activity_waits_again(activity, moved, coordinator):
    other = factories.ActivityFactory(promise=activity.promise)
    day = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 3, 12))
    occasion = log_on(activity, coordinator, planned=day)
    moved(occasion, other)
    occasion.refresh_from_db()
    assert (occasion.activity, occasion.planned) == (other, None)


def test_only_an_activity_in_force_on_the_day_is_moved_to(activity, follow, moved, coordinator):
    occasion = log_on(activity, coordinator)
    follow()
    page = moved(occasion, successor_of(activity))
    assert page.errors["activity"] == [
        "Aktiviteten gäller inte den dagen. Välj bland dem som gör det."
    ]
    moved(occasion, successor_of(activity), date="2025-01-12")
    occasion.refresh_from_db()
    assert (occasion.activity, occasion.date) == (successor_of(activity), date(2025, 1, 12))


@pytest.mark.parametrize(
    ("bring", "may_move"),
    [(lambda review: None, True), (hand_in, False), (adopt, False)],
    ids=["open", "submitted", "adopted"],
)
def test_an_occasion_is_moved_only_while_its_review_is_open(
    bring, may_move, activity, moved, coordinator, agreement
):
    other = factories.ActivityFactory(promise=activity.promise)
    occasion = log_on(activity, coordinator)
    Occasion.objects.filter(pk=occasion.pk).update(created_at="2024-03-12T12:00:00+01:00")
    bring(factories.ReviewFactory(agreement=agreement, created_by=coordinator))
    page = moved(occasion, other)
    occasion.refresh_from_db()
    assert (occasion.activity == other) is may_move
    if not may_move:
        assert page.messages == [
            "Tillfället står i uppföljningen 1 januari 2023 – 31 december 2024, som är inlämnad."
            " Då kan det inte flyttas längre."
        ]
        assert not page.all(f"//a[@href='/tillfallen/{occasion.pk}/flytta/']")


# --- What there is to choose among ------------------------------------------------------------------


def groups_in(page: Page, name: str) -> dict[str, int]:
    groups = page.all(f"//select[@name='{name}']/optgroup")
    return {group.get("label"): len(group.xpath("./option")) for group in groups}


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        (date(2024, 12, 1), {"Nya löftet": 5, "Medborgarlöfte 2023-2024": 5}),
        (date(2025, 1, 1), {}),  # five, of the one period
    ],
)
def test_an_activity_is_planned_under_a_period_that_runs_or_is_to_come(
    day, offered, follow, on_day
):
    follow()
    page = on_day("/aktiviteter/ny/", day)
    assert groups_in(page, "promise") == offered
    options = page.all("//select[@name='promise']//option[@value!='']")
    assert len(options) == (sum(offered.values()) or 5)


def test_after_the_last_period_an_activity_is_planned_under_that_one(agreement, on_day):
    page = on_day("/aktiviteter/ny/", date(2025, 2, 1))
    assert len(page.all("//select[@name='promise']//option[@value!='']")) == 5


@pytest.mark.parametrize("address", ["/tillfallen/", "/aktiviteter/", "/kalender/"])
def test_a_list_is_narrowed_to_a_promise_of_a_named_period(address, follow, on_day):
    follow()
    page = on_day(address, date(2025, 2, 1))
    assert groups_in(page, "lofte") == {"Nya löftet": 5, "Medborgarlöfte 2023-2024": 5}


def test_a_day_of_the_calendar_offers_what_is_in_force_on_it(activity, follow, on_day):
    follow()
    for day, one in (("2024-12-31", activity), ("2025-01-02", successor_of(activity))):
        page = on_day(f"/kalender/dag/?dag={day}", date(2025, 1, 2))
        assert page.all(f"//main//a[starts-with(@href, '/logga/{one.pk}/')]")
        assert len(page.all("//main//tbody//th[contains(., 'Skoterkontroll')]")) == 1
