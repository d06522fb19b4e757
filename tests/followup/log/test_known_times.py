"""An occasion of several days, or of a month, season or year, told everywhere as it is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from followup.models import Occasion
from followup.review.gathering import contents_of
from promises.models import Activity
from tests import factories
from tests.html import Page
from tests.refusal import constraint_broken_by

pytestmark = pytest.mark.django_db

NO_SUCH_TIME = (
    "Skriv en månad, en årstid eller ett år, till exempel maj 2023, hösten 2023 eller 2023. En "
    "vinter skrivs med båda åren: vintern 2023–2024."
)
TO_COME = "Datumet ligger i framtiden. Ett tillfälle loggas när det har genomförts."
ONE_OR_THE_OTHER = "Skriv antingen dagen eller månaden, årstiden eller året. Töm det andra."


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def fill_in(client, activity) -> Callable[..., HttpResponse]:
    """Open the form, type, send."""

    def send(address: str = f"/logga/{activity.pk}/", **typed: str) -> HttpResponse:
        page = client.get(address)
        return client.post(address, Page(page).typed | {"done": "Kontroll."} | typed)

    return send


@pytest.fixture
def autumn(activity, coordinator) -> Occasion:
    return factories.OccasionFactory(
        activity=activity,
        date=date(2023, 9, 1),
        last_date=date(2023, 11, 30),
        known_by="season",
        party=coordinator.party,
        member=coordinator,
        done="Kontroll vid leden.",
        public_sentence="Vi kontrollerade skotrar.",
        is_published=True,
    )


def stored() -> tuple[date, date | None, str]:
    occasion = Occasion.objects.get()
    return occasion.date, occasion.last_date, occasion.known_by


# --- The form --------------------------------------------------------------------------------


def test_a_day_is_what_the_form_asks_for_and_the_rest_is_folded(client, activity):
    page = Page(client.get(f"/logga/{activity.pk}/"))

    assert page.typed["date"] == "2024-05-15"
    folded = page.one("//details[summary='Jag vet inte vilken dag, eller det var flera dagar']")
    assert folded.get("open") is None


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ({"date": "2024-05-03"}, (date(2024, 5, 3), None, "day")),
        (
            {"date": "2024-05-03", "last_date": "2024-05-05"},
            (date(2024, 5, 3), date(2024, 5, 5), "days"),
        ),
        ({"date": "2024-05-03", "last_date": "2024-05-03"}, (date(2024, 5, 3), None, "day")),
        ({"about": "maj 2023"}, (date(2023, 5, 1), date(2023, 5, 31), "month")),
        ({"about": "Hösten 2023"}, (date(2023, 9, 1), date(2023, 11, 30), "season")),
        ({"about": "2023", "date": ""}, (date(2023, 2, 27), date(2023, 12, 31), "year")),
        # It has been done though the month is not over.
        ({"about": "maj 2024"}, (date(2024, 5, 1), date(2024, 5, 31), "month")),
    ],
)
def test_a_time_is_saved_as_far_as_it_is_known(fill_in, typed, time):
    fill_in(**typed)

    assert stored() == time


def test_a_year_is_of_the_days_on_which_the_activity_was_in_force(fill_in, activity):
    """The agreement is from 27 February, and the activity ended in October."""
    Activity.objects.update(in_force_from=date(2023, 1, 1), in_force_to=date(2023, 10, 31))

    fill_in(about="2023")

    assert stored() == (date(2023, 2, 27), date(2023, 10, 31), "year")
    assert str(Occasion.objects.get()) == "Skoterkontroll 2023"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"about": "vintern 2024"}, NO_SUCH_TIME),
        ({"about": "3–5 maj 2024"}, NO_SUCH_TIME),
        ({"about": "två gånger"}, NO_SUCH_TIME),
        ({"about": "hösten 2024"}, TO_COME),
        ({"about": "1923"}, "Kontrollera årtalet."),
        ({"about": "2023", "last_date": "2024-05-05"}, ONE_OR_THE_OTHER),
        (
            {"date": "2024-05-03", "last_date": "2024-05-02"},
            "Sista dagen ska vara efter den första.",
        ),
        ({"last_date": "2024-05-16"}, TO_COME),
        ({"date": ""}, "Fyll i det här."),
    ],
)
def test_a_time_that_can_not_be_so_is_explained_and_nothing_typed_is_lost(fill_in, typed, sentence):
    page = Page(fill_in(**typed))

    assert [said.partition(": ")[2] for said in page.summary] == [sentence]
    assert {name: page.typed[name] for name in typed} == typed
    assert Occasion.objects.count() == 0


def test_a_change_opens_with_the_time_as_it_is_known_and_keeps_it(fill_in, client, autumn):
    address = f"/tillfallen/{autumn.pk}/andra/"
    typed = Page(client.get(address)).typed
    assert (typed["date"], typed["about"], typed["last_date"]) == ("", "hösten 2023", "")

    fill_in(address, done="Kontroll vid sjön.")

    assert stored() == (date(2023, 9, 1), date(2023, 11, 30), "season")
    assert Occasion.objects.get().done == "Kontroll vid sjön."


def test_the_day_can_be_found_out_afterwards(fill_in, autumn):
    fill_in(f"/tillfallen/{autumn.pk}/andra/", date="2023-10-03", about="")

    assert stored() == (date(2023, 10, 3), None, "day")


def test_a_day_and_a_season_are_asked_about(fill_in, autumn):
    page = Page(fill_in(f"/tillfallen/{autumn.pk}/andra/", date="2023-10-03"))

    assert list(page.summary) == [f"Månad, årstid eller år: {ONE_OR_THE_OTHER}"]


def test_the_same_form_sent_twice_is_one_occasion_by_its_season_too(client, activity):
    address = f"/logga/{activity.pk}/"
    form = Page(client.get(address)).typed | {"done": "Kontroll.", "about": "hösten 2023"}

    first, second = client.post(address, form), client.post(address, form)

    assert first.url == second.url == f"/tillfallen/{Occasion.objects.get().pk}/"


def test_moved_it_is_as_known_as_before_and_a_typed_day_is_a_day(client, autumn, activity):
    other = factories.ActivityFactory(promise=activity.promise, title="Samtal")
    address = f"/tillfallen/{autumn.pk}/flytta/"

    client.post(address, Page(client.get(address)).typed | {"activity": other.pk})
    assert stored() == (date(2023, 9, 1), date(2023, 11, 30), "season")

    form = Page(client.get(address)).typed | {"activity": activity.pk, "date": "2023-10-03"}
    client.post(address, form)
    assert stored() == (date(2023, 10, 3), None, "day")


# --- The database ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known_by", "last_date", "sentence"),
    [
        ("day", date(2023, 9, 2), "Sista dagen ska vara efter den första."),
        ("days", None, "Sista dagen ska vara efter den första."),
        ("days", date(2023, 9, 1), "Sista dagen ska vara efter den första."),
        ("season", date(2023, 8, 31), "Sista dagen ska vara efter den första."),
        ("month", date(2023, 10, 1), "Dagarna ska vara i samma månad eller år."),
        ("year", date(2024, 1, 1), "Dagarna ska vara i samma månad eller år."),
    ],
)
def test_the_days_are_those_of_what_is_known(autumn, known_by, last_date, sentence):
    autumn.known_by, autumn.last_date = known_by, last_date

    assert constraint_broken_by(autumn) == [sentence]


def test_the_history_tells_what_became_known(fill_in, client, autumn):
    fill_in(f"/tillfallen/{autumn.pk}/andra/", date="2023-10-03", about="")

    before, after = autumn.history.order_by("history_date")
    assert (before.known_by, before.last_date) == ("season", date(2023, 11, 30))
    assert (after.known_by, after.last_date) == ("day", None)


# --- Where it is told ------------------------------------------------------------------------


def test_every_page_tells_it_as_it_is_known(client, autumn):
    assert Page(client.get(autumn.get_absolute_url())).text("//h1") == "Skoterkontroll, hösten 2023"
    assert Page(client.get("/tillfallen/")).text("//tbody//th/a") == "hösten 2023"
    found = Page(client.get("/sok/?q=leden"))
    assert found.text("//ol[@class='results']//p[1]") == "Tillfälle · hösten 2023"
    to_publish = Page(client.get("/tillfallen/publicera/?visa=publicerade"))
    assert to_publish.text("//legend") == "Skoterkontroll, hösten 2023"
    form = Page(client.get(f"/logga/{autumn.activity_id}/"))
    assert "Förra gången, hösten 2023" in form.text("//main")
    told_to_citizens = Page(Client().get("/")).text("//ul[@class='done-list']/li")
    assert told_to_citizens == "hösten 2023 Vi kontrollerade skotrar."


def test_it_is_on_no_day_of_the_calendar(client, autumn):
    page = Page(client.get("/kalender/", {"manad": "2023-09"}))

    assert page.all(f"//a[@href='{autumn.get_absolute_url()}']") == []


@pytest.mark.usefixtures("today")
def test_the_review_tells_it_as_it_is_known(agreement, coordinator, autumn):
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)

    [row] = contents_of(review, date(2025, 3, 1)).log

    assert (row.date, row.last_date, row.known_by) == (
        date(2023, 9, 1),
        date(2023, 11, 30),
        "season",
    )


def test_the_page_of_the_promise_says_what_is_in_no_month(client, autumn, snowmobile_promise):
    page = Page(client.get(reverse("promise", args=[snowmobile_promise.pk])))

    assert "Dessutom 1 tillfälle som inte hör till en viss månad." in page.text("//main")


# --- The spreadsheet -------------------------------------------------------------------------


def exported(client) -> list[list[str]]:
    text = client.get("/tillfallen/logg.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def read_in(client, rows: list[tuple]) -> Page:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(rows)
    file = io.BytesIO(written.getvalue().encode())
    file.name = "logg.csv"
    page = Page(client.post("/tillfallen/las-in/", {"file": file}, follow=True))
    [button] = page.form.xpath(".//button")
    sent = {button.get("name"): button.get("value")} if button.get("name") else {}
    address = "/tillfallen/las-in/" + page.form.get("action")
    return Page(client.post(address, page.typed | sent, follow=True))


@pytest.mark.parametrize(
    ("cell", "told", "time"),
    [
        ("2024-05-03", "2024-05-03", (date(2024, 5, 3), None, "day")),
        ("3-5 maj 2024", "3–5 maj 2024", (date(2024, 5, 3), date(2024, 5, 5), "days")),
        (
            "2024-05-03 – 2024-05-05",
            "3–5 maj 2024",
            (date(2024, 5, 3), date(2024, 5, 5), "days"),
        ),
        ("Maj 2023", "maj 2023", (date(2023, 5, 1), date(2023, 5, 31), "month")),
        ("höst 2023", "hösten 2023", (date(2023, 9, 1), date(2023, 11, 30), "season")),
        ("under 2023", "2023", (date(2023, 2, 27), date(2023, 12, 31), "year")),
    ],
)
def test_a_sheet_says_it_in_the_column_of_the_date_out_and_in(client, activity, cell, told, time):
    read_in(client, [("Datum", "Aktivitet", "Vad som gjordes"), (cell, activity.title, "Gjort.")])

    assert stored() == time
    [headings, row] = exported(client)
    assert dict(zip(headings, row, strict=True))["Datum"] == told


def test_a_cell_changes_how_a_time_is_known(client, autumn):
    [headings, row] = exported(client)

    read_in(client, [headings, ["2023-10-03", *row[1:]]])
    assert stored() == (date(2023, 10, 3), None, "day")

    [headings, row] = exported(client)
    read_in(client, [headings, ["2023", *row[1:]]])
    assert stored() == (date(2023, 2, 27), date(2023, 12, 31), "year")


def test_what_says_no_time_is_a_fault_in_its_column(client, activity):
    file = io.BytesIO(b"Datum;Aktivitet;Vad som gjordes\nvintern 2023;Skoterkontroll;Ja")
    file.name = "logg.csv"

    page = Page(client.post("/tillfallen/las-in/", {"file": file}, follow=True))

    assert page.rows()[0][:2] == ["Rad 2", "Datum"]
