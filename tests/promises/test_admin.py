"""The administration: for administrators, without deletion, with refusals in plain Swedish."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.models import (
    Assessment,
    CalendarFeed,
    LawNote,
    Meeting,
    MeetingDocument,
    Occasion,
    Reading,
    Reminder,
    ReminderSettings,
    Report,
    Review,
    ReviewComment,
    ReviewDocument,
    ReviewText,
    Signoff,
    Submission,
    Task,
)
from promises.models import (
    AccessibilityFeedback,
    Activity,
    Agreement,
    Appointment,
    Delegation,
    Member,
    Metric,
    Party,
    Place,
    Promise,
    PromisePeriod,
)
from tests import factories
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

admin.autodiscover()

READ_ONLY = {
    AccessibilityFeedback,
    Agreement,
    Appointment,
    Member,
    Promise,
    PromisePeriod,
    Delegation,
    Activity,
    Metric,
    Occasion,
    Reading,
    Review,
    Assessment,
    Signoff,
    ReviewText,
    ReviewComment,
    Submission,
    ReviewDocument,
    LawNote,
    Report,
    Meeting,
    MeetingDocument,
    Task,
    CalendarFeed,
    Reminder,
    ReminderSettings,
}
WRITTEN_HERE = {Party, Place}


def address(model: type, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def client(signed_in, administrator) -> Client:
    return signed_in(administrator)


# --- For whom, and what is there -----------------------------------------------------------


def test_what_is_registered():
    assert set(admin.site._registry) == READ_ONLY | WRITTEN_HERE


def test_only_administrators_reach_it(signed_in, reader, coordinator, chief, administrator):
    visitor = Client().get("/admin/", follow=True)
    assert visitor.redirect_chain[-1] == ("/konto/login/?next=%2Fadmin%2F", 302)
    for member in (reader, coordinator, chief):
        assert signed_in(member).get("/admin/", follow=True).status_code == 403, member
        assert signed_in(member).get("/admin/promises/member/", follow=True).status_code == 403
    assert signed_in(administrator).get("/admin/").status_code == 200


def test_an_administrator_signs_in_as_everybody_else_does(administrator):
    client = Client()
    page = Page(client.get("/admin/", follow=True))
    typed = page.typed | {"login": administrator.email, "password": "lösenord-för-prov"}
    assert client.post("/konto/login/", typed).url == "/admin/"


def test_a_second_step_is_not_passed_by_way_of_the_admins_own_sign_in(administrator):
    client = Client()
    typed = {"username": administrator.email, "password": "lösenord-för-prov"}
    response = client.post("/admin/login/?next=/admin/", typed)
    assert response.url == "/konto/login/?next=%2Fadmin%2F"
    assert client.get("/admin/").status_code == 302


def test_every_page_opens(client, one_of_each):
    for model in admin.site._registry:
        assert client.get(address(model, "changelist")).status_code == 200, model
        pk = model.objects.first().pk
        assert client.get(address(model, "change", pk)).status_code == 200, model
        assert client.get(address(model, "history", pk)).status_code == 200, model
        added = client.get(address(model, "add")).status_code
        assert added == (403 if model in READ_ONLY else 200), model


def test_nothing_can_be_deleted(client, one_of_each):
    for model in admin.site._registry:
        pk = model.objects.first().pk
        assert client.get(address(model, "delete", pk)).status_code == 403, model
        assert client.post(address(model, "delete", pk), {"post": "yes"}).status_code == 403, model
        page = Page(client.get(address(model, "changelist")))
        assert not page.all("//select[@name='action']/option[@value='delete_selected']"), model
        form = Page(client.get(address(model, "change", pk)))
        assert not form.all("//input[contains(@name, 'DELETE')]"), model


def test_what_is_written_elsewhere_is_only_shown(client, one_of_each):
    for model in READ_ONLY:
        page = Page(client.get(address(model, "change", model.objects.first().pk)))
        assert not page.all("//main//input[@type='text' or @type='submit'] | //main//textarea"), (
            model
        )
        pk = model.objects.first().pk
        assert client.post(address(model, "change", pk), {}).status_code == 403, model


def test_the_stored_pdf_is_not_fetched_for_its_row(client, one_of_each):
    with CaptureQueriesContext(connection) as captured:
        client.get(address(ReviewDocument, "changelist"))
    assert not [q["sql"] for q in captured if '"followup_reviewdocument"."pdf"' in q["sql"]]


def test_every_list_costs_the_same_at_one_row_and_at_ten(client, one_of_each):
    def costs() -> dict[type, int]:
        found = {}
        for model in admin.site._registry:
            with CaptureQueriesContext(connection) as captured:
                client.get(address(model, "changelist"))
            found[model] = len(captured)
        return found

    costs()  # What is cached for good is cached now.
    before = costs()
    for _ in range(9):
        one_of_each()
    assert costs() == before


# --- Members -------------------------------------------------------------------------------


def filled_in(page: Page, **changes) -> dict[str, list[str]]:
    """What a browser would send of the object's form, with those fields filled in."""
    [form] = page.all("//main//form[@method='post']")
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values | changes


def refusals(response) -> list[str]:
    """What the form says is wrong, above itself and at its fields."""
    assert response.status_code == 200
    return sorted(
        {text_of(item) for item in Page(response).all("//ul[contains(@class, 'errorlist')]/li")}
    )


def test_a_member_who_lost_the_phone_is_let_in_by_an_administrator(client, reader):
    RecoveryCodes.activate(reader)
    chosen = {"action": "turn_off_second_factor", "_selected_action": [reader.pk]}

    response = client.post(address(Member, "changelist"), chosen, follow=True)

    assert Page(response).texts("//ul[@class='messagelist']/li") == [
        "Tvåstegsinloggning är avstängd för Lena Läsare."
    ]
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get().change_message == "Stängde av tvåstegsinloggning."


def test_no_password_is_shown(client, reader):
    page = Page(client.get(address(Member, "change", reader.pk)))
    assert page.all("//main//*[contains(@class, 'field-email')]")
    assert not page.all("//main//*[contains(@class, 'field-password')]")


# --- What is changed in the portal too ---------------------------------------------------------


def test_a_change_is_noticed_by_a_form_that_is_open_in_the_portal(client):
    place = factories.PlaceFactory(version=3)
    page_of = address(Place, "change", place.pk)

    client.post(page_of, filled_in(Page(client.get(page_of)), name="Granliden"))

    place.refresh_from_db()
    assert (place.name, place.version) == ("Granliden", 4)


# --- Refusals ------------------------------------------------------------------------------

REQUIRED = "Detta fält måste fyllas i."


@pytest.fixture
def refused(client):
    """Send the form of a row, or the form for a new one, with changes that must be refused."""

    def send(row, **changes) -> list[str]:
        page_of = address(type(row), "change", row.pk) if row.pk else address(type(row), "add")
        typed = filled_in(Page(client.get(page_of)), **changes)
        found = [text for text in refusals(client.post(page_of, typed)) if text != REQUIRED]
        assert found
        return found

    return send


def test_parties(refused, police):
    assert refused(police, key="kommunen") == ["Part med detta Nyckel finns redan."]


def test_places(refused):
    factories.PlaceFactory(name="Granliden")
    assert refused(factories.PlaceFactory(), name="Granliden") == [
        "Plats med detta Namn finns redan."
    ]
