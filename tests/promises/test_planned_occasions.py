"""Planning an activity's days: one or a row of them, moving one, cancelling one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from promises.forms.planned import AT_MOST, Repeat, repeated
from promises.models import Activity, Place, PlannedOccasion
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(snowmobile_promise, coordinator) -> Activity:
    return factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        place=Place.objects.get(name="Borgafjäll"),
        responsible_member=coordinator,
    )


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def fill_in(client, activity) -> Callable[..., HttpResponse]:
    """Open the form, type, send."""

    def send(address: str = f"/aktiviteter/{activity.pk}/planera/", **typed: str) -> HttpResponse:
        return client.post(address, Page(client.get(address)).typed | typed)

    return send


OPEN = "//table[caption[.='Kommande och försenade']]"
CLOSED = "//table[caption[starts-with(., 'Genomförda')]]"


def days() -> list[date]:
    return list(PlannedOccasion.objects.order_by("date", "id").values_list("date", flat=True))


# --- Days at an even pace ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "repeat", "until", "expected"),
    [
        ("2024-06-12", Repeat.NEVER, "2024-12-31", ["2024-06-12"]),
        ("2024-06-12", Repeat.WEEKLY, "2024-06-26", ["2024-06-12", "2024-06-19", "2024-06-26"]),
        ("2024-06-12", Repeat.FORTNIGHTLY, "2024-07-09", ["2024-06-12", "2024-06-26"]),
        (
            "2024-08-31",
            Repeat.MONTHLY,
            "2025-02-28",
            [
                *("2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30"),
                *("2024-12-31", "2025-01-31", "2025-02-28"),
            ],
        ),
        ("2024-11-30", Repeat.QUARTERLY, "2025-05-30", ["2024-11-30", "2025-02-28", "2025-05-30"]),
        ("2024-02-29", Repeat.YEARLY, "2026-03-01", ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("2024-06-12", Repeat.YEARLY, "2024-06-12", ["2024-06-12"]),
    ],
)
def test_days_are_repeated_at_an_even_pace(first, repeat, until, expected):
    found = repeated(date.fromisoformat(first), repeat, date.fromisoformat(until))
    assert [day.isoformat() for day in found] == expected


# --- Planning ------------------------------------------------------------------------------


def test_the_form_opens_with_the_activitys_place_and_person(client, activity, coordinator):
    form = Page(client.get(f"/aktiviteter/{activity.pk}/planera/")).typed
    assert form["place"] == str(activity.place_id)
    assert form["responsible_member"] == str(coordinator.pk)
    assert form["date"] == form["repeat"] == form["until"] == form["note"] == ""


def test_an_occasion_is_planned(fill_in, client, activity, coordinator):
    response = fill_in(date="2024-06-12", note="Boka släp.")
    planned = PlannedOccasion.objects.get()
    assert response.url == f"/aktiviteter/{activity.pk}/#planerat"
    assert (planned.activity, planned.date, planned.note) == (
        activity,
        date(2024, 6, 12),
        "Boka släp.",
    )
    assert (planned.place, planned.responsible_member) == (activity.place, coordinator)
    page = Page(client.get(activity.get_absolute_url()))
    assert page.messages == ["Planerat: Skoterkontroll, 12 juni 2024."]
    assert page.rows(OPEN) == [
        [
            *("2024-06-12", "Planerat", "Borgafjäll", "Sara Samordnare", "Boka släp."),
            "Ändra 12 juni 2024 Ställ in 12 juni 2024",
        ]
    ]


def test_a_row_of_occasions_is_planned_and_counted(fill_in, client, activity):
    fill_in(date="2024-06-12", repeat="monthly", until="2024-09-30")
    assert days() == [date(2024, month, 12) for month in (6, 7, 8, 9)]
    assert Page(client.get(activity.get_absolute_url())).messages == [
        "4 tillfällen är planerade: Skoterkontroll, 12 juni 2024 – 12 september 2024."
    ]


def test_sixty_at_a_time_is_the_most(fill_in):
    page = Page(fill_in(date="2024-06-12", repeat="weekly", until="2025-08-06"))
    assert page.errors == {
        "until": [
            f"Det blir fler än {AT_MOST} tillfällen, och fler planeras inte på en gång. Välj en "
            "slutdag senast 30 juli 2025, eller upprepa mer sällan."
        ]
    }
    assert page.typed["repeat"] == "weekly"
    assert days() == []
    fill_in(date="2024-06-12", repeat="weekly", until="2025-08-05")
    assert len(days()) == AT_MOST


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, {"date": ["Fyll i det här."]}),
        (
            {"date": "2024-05-14"},
            {"date": ["Dagen har passerat. Blev det av? Logga tillfället i stället."]},
        ),
        (
            {"date": "2024-06-12", "repeat": "weekly"},
            {"until": ["Välj till och med vilken dag det ska upprepas."]},
        ),
        (
            {"date": "2024-06-12", "until": "2024-07-12"},
            {"repeat": ["Välj hur ofta det ska upprepas, eller ta bort slutdagen."]},
        ),
        (
            {"date": "2024-06-12", "repeat": "weekly", "until": "2024-06-11"},
            {"until": ["Slutdagen ska inte ligga före den första dagen."]},
        ),
        (
            {"date": "2024-06-12", "note": "Träffa 640823-3234"},
            {
                "note": [
                    "Texten innehåller ett personnummer eller samordningsnummer (det som börjar "
                    "med 64…). Det får inte sparas, eftersom det pekar ut en person. Skriv om utan "
                    "numret, till exempel ”en förare”."
                ]
            },
        ),
    ],
    ids=["empty", "past", "no end", "no pace", "end before start", "personal number"],
)
def test_a_fault_is_explained_and_nothing_typed_is_lost(typed, errors, fill_in):
    page = Page(fill_in(**typed))
    assert page.errors == errors
    assert {name: page.typed[name] for name in typed} == typed
    assert days() == []


def test_today_can_be_planned(fill_in):
    fill_in(date="2024-05-15")
    assert days() == [date(2024, 5, 15)]


def test_the_same_form_sent_twice_plans_nothing_twice(fill_in, activity):
    row = {"date": "2024-06-12", "repeat": "weekly", "until": "2024-06-26"}
    fill_in(**row)
    page = Page(fill_in(**row))
    assert page.errors == {"date": ["Det finns redan ett planerat tillfälle då, på samma plats."]}
    assert len(days()) == 3
    # What is lacking of it is added, and another place is another occasion.
    fill_in(**row | {"until": "2024-07-03"})
    fill_in(date="2024-06-12", place=str(Place.objects.get(name="Risbäck").pk))
    assert [day.day for day in days()] == [12, 12, 19, 26, 3]


def test_a_day_outside_the_period_is_planned_with_a_remark(fill_in, client, activity):
    fill_in(date="2025-01-15")
    assert Page(client.get(activity.get_absolute_url())).messages == [
        "Planerat: Skoterkontroll, 15 januari 2025.",
        "Dagen ligger utanför löftesperioden 1 januari 2023 – 31 december 2024. Den räknas inte "
        "mot åtagandenivån.",
    ]


def test_a_cancelled_activity_is_not_planned(client, activity):
    activity.status, activity.cancellation_reason = Activity.Status.CANCELLED, "Ingen snö"
    activity.save()
    assert client.get(f"/aktiviteter/{activity.pk}/planera/").status_code == 404


def test_only_people_of_the_parties_can_be_responsible(client, activity, area_police, stranger):
    page = Page(client.get(f"/aktiviteter/{activity.pk}/planera/"))
    names = page.texts("//select[@name='responsible_member']/option")
    assert names == ["Inget valt", "Per Områdespolis", "Sara Samordnare"]


# --- Moving --------------------------------------------------------------------------------


@pytest.fixture
def planned(activity) -> PlannedOccasion:
    return factories.PlannedOccasionFactory(activity=activity, place=activity.place)


def test_a_planned_occasion_is_moved(fill_in, planned, client):
    fill_in(f"/planerade/{planned.pk}/andra/", date="2024-06-19", note="En vecka senare.")
    planned.refresh_from_db()
    assert (planned.date, planned.note, planned.version) == (
        date(2024, 6, 19),
        "En vecka senare.",
        2,
    )
    assert Page(client.get(planned.activity.get_absolute_url())).messages == [
        "Ändrat: planerat till 19 juni 2024."
    ]


def test_a_stale_change_is_refused_and_keeps_what_was_typed(client, planned):
    address = f"/planerade/{planned.pk}/andra/"
    mine = Page(client.get(address)).typed | {"note": "Min text."}
    client.post(address, mine | {"note": "Deras text."})
    page = Page(client.post(address, mine))
    assert len(page.summary) == 1
    assert page.typed["note"] == "Min text."
    planned.refresh_from_db()
    assert planned.note == "Deras text."


def test_the_day_of_a_late_one_cannot_be_moved_but_its_note_can(fill_in, planned):
    planned.date = date(2024, 5, 14)
    planned.save()
    address = f"/planerade/{planned.pk}/andra/"
    page = Page(fill_in(address, date="2024-06-12", note="Sent."))
    assert page.errors == {
        "date": [
            "Dagen har passerat och kan inte flyttas. Ställ in tillfället med ett skäl och "
            "planera ett nytt, så syns det vad som hände."
        ]
    }
    assert page.text("//h1") == "Ändra tillfället 14 maj 2024"
    assert fill_in(address, note="Vi var sjuka.").status_code == 302
    planned.refresh_from_db()
    assert (planned.date, planned.note) == (date(2024, 5, 14), "Vi var sjuka.")


def test_an_occasion_cannot_be_moved_onto_another(fill_in, planned, activity):
    factories.PlannedOccasionFactory(
        activity=activity, date=date(2024, 6, 19), place=activity.place
    )
    page = Page(fill_in(f"/planerade/{planned.pk}/andra/", date="2024-06-19"))
    assert page.errors == {"date": ["Det finns redan ett planerat tillfälle då, på samma plats."]}


# --- Cancelling ----------------------------------------------------------------------------


def test_to_cancel_needs_a_reason(fill_in, planned):
    page = Page(fill_in(f"/planerade/{planned.pk}/stall-in/"))
    assert page.errors == {"reason": ["Fyll i det här."]}
    planned.refresh_from_db()
    assert not planned.is_cancelled


def test_a_cancelled_one_says_why_and_cannot_be_undone(fill_in, client, planned, coordinator):
    fill_in(f"/planerade/{planned.pk}/stall-in/", reason="Ingen snö.")
    planned.refresh_from_db()
    assert (planned.cancelled_by, planned.cancellation_reason) == (coordinator, "Ingen snö.")
    page = Page(client.get(planned.activity.get_absolute_url()))
    assert page.messages == ["Inställt: Skoterkontroll, 12 juni 2024."]
    assert page.rows(CLOSED) == [["2024-06-12", "Inställt Ingen snö.", "Borgafjäll", "", "", ""]]
    for what in ("andra", "stall-in"):
        address = f"/planerade/{planned.pk}/{what}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"date": "2024-07-01", "reason": "Nytt"}).status_code == 404


def test_one_that_has_been_carried_out_cannot_be_changed_or_cancelled(client, planned, coordinator):
    occasion = factories.OccasionFactory(
        activity=planned.activity, planned=planned, party=coordinator.party, member=coordinator
    )
    for what in ("andra", "stall-in"):
        assert client.get(f"/planerade/{planned.pk}/{what}/").status_code == 404
    occasion.withdraw(by=coordinator, reason="Fel dag")
    for what in ("andra", "stall-in"):
        assert client.get(f"/planerade/{planned.pk}/{what}/").status_code == 200


def test_a_reader_sees_the_plan_and_nothing_to_do_about_it(
    planned, reader, signed_in, today, client
):
    page = Page(signed_in(reader).get(planned.activity.get_absolute_url()))
    assert page.rows(OPEN) == [["2024-06-12", "Planerat", "Borgafjäll", "", ""]]
    assert page.all("//a[contains(@href, 'planera')]") == []
