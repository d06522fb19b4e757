"""The administration: for administrators, without deletion, with refusals in plain Swedish."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

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
WRITTEN_HERE = {
    Appointment,
    Member,
    Party,
    Agreement,
    PromisePeriod,
    Promise,
    Place,
}
PASSWORD = "snöskoter över blåa fjäll"


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


def test_every_list_costs_the_same_at_one_row_and_at_thirty(client, one_of_each):
    def costs() -> dict[type, int]:
        found = {}
        for model in admin.site._registry:
            with CaptureQueriesContext(connection) as captured:
                client.get(address(model, "changelist"))
            found[model] = len(captured)
        return found

    costs()  # What is cached for good is cached now.
    before = costs()
    for _ in range(29):
        one_of_each()
    assert costs() == before


def test_a_form_costs_the_same_with_few_rows_under_its_object_and_with_many(
    client, agreement, snowmobile_promise
):
    period = snowmobile_promise.period

    def costs() -> list[int]:
        found = []
        for row in (agreement, period):
            with CaptureQueriesContext(connection) as captured:
                client.get(address(type(row), "change", row.pk))
            found.append(len(captured))
        return found

    costs()  # What is cached for good is cached now.
    before = costs()
    for number in range(11, 31):
        factories.GoalFactory(agreement=agreement, number=number)
        factories.UndertakingFactory(agreement=agreement, number=number)
        factories.PromiseFactory(period=period, number=number)
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


def test_an_added_member_can_sign_in(client, municipality):
    typed = filled_in(
        Page(client.get(address(Member, "add"))),
        name="Ny Ledamot",
        email="Ny.Ledamot@Dorotea.test",
        party=municipality.pk,
        role="coordinator",
        password1=PASSWORD,
        password2=PASSWORD,
    )

    response = client.post(address(Member, "add"), typed)

    assert response.status_code == 302
    assert Member.objects.get(name="Ny Ledamot").email == "ny.ledamot@dorotea.test"
    signed_in = Client().post(
        "/konto/login/", {"login": "ny.ledamot@dorotea.test", "password": PASSWORD}
    )
    assert signed_in.url == "/oversikt/"


def test_an_administrator_gives_a_member_a_new_password(client, reader):
    page_of = address(Member, "change", reader.pk)
    link = Page(client.get(page_of)).one("//main//a[@href='../password/']").get("href")
    password_page = urljoin(page_of, link)
    typed = filled_in(Page(client.get(password_page)), password1=PASSWORD, password2=PASSWORD)

    response = client.post(password_page, typed)

    assert response.status_code == 302
    signed_in = Client().post("/konto/login/", {"login": reader.email, "password": PASSWORD})
    assert signed_in.url == "/oversikt/"


def test_the_last_administrator_cannot_step_down(client, administrator, municipality):
    page_of = address(Member, "change", administrator.pk)
    page = Page(client.get(page_of))
    only = "Det här är den enda aktiva administratören. Gör någon annan till administratör först."

    assert only in refusals(
        client.post(page_of, filled_in(page, role="reader", party=municipality.pk))
    )
    typed = filled_in(page)
    del typed["is_active"]
    assert only in refusals(client.post(page_of, typed))

    factories.MemberFactory(role=Member.Role.ADMINISTRATOR)
    assert client.post(page_of, typed).status_code == 302


def test_a_member_who_lost_the_phone_is_let_in_by_an_administrator(client, reader):
    RecoveryCodes.activate(reader)
    chosen = {"action": "turn_off_second_factor", "_selected_action": [reader.pk]}

    response = client.post(address(Member, "changelist"), chosen, follow=True)

    assert Page(response).texts("//ul[@class='messagelist']/li") == [
        "Tvåstegsinloggning är avstängd för Lena Läsare."
    ]
    assert not Authenticator.objects.exists()
    assert LogEntry.objects.get().change_message == "Stängde av tvåstegsinloggning."


def test_a_member_made_inactive_keeps_what_they_logged(client, coordinator):
    occasion = factories.OccasionFactory(member=coordinator)
    page_of = address(Member, "change", coordinator.pk)
    typed = filled_in(Page(client.get(page_of)))
    del typed["is_active"]

    assert client.post(page_of, typed).status_code == 302

    coordinator.refresh_from_db()
    assert (coordinator.is_active, coordinator.left_on) == (False, timezone.localdate())
    assert Occasion.objects.get(pk=occasion.pk).member == coordinator


# --- What is changed in the portal too ---------------------------------------------------------


def test_a_change_is_noticed_by_a_form_that_is_open_in_the_portal(client):
    appointment = factories.AppointmentFactory(version=3)
    page_of = address(Appointment, "change", appointment.pk)

    client.post(page_of, filled_in(Page(client.get(page_of)), title="Ny titel"))

    appointment.refresh_from_db()
    assert (appointment.title, appointment.version) == ("Ny titel", 4)


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


def test_members(refused, reader, coordinator):
    assert refused(reader, email="SAMORDNARE@dorotea.test") == [
        "Det finns redan ett konto med den e-postadressen."
    ]
    assert refused(Member(), email="SAMORDNARE@dorotea.test", party=reader.party_id) == [
        "Det finns redan ett konto med den e-postadressen."
    ]
    assert refused(reader, party="") == ["Alla utom administratörer behöver en part."]
    assert refused(Member(), party=reader.party_id, password1="kort", password2="kort") == [
        "Det här lösenordet är för kort. Det måste innehålla minst 12 tecken."
    ]


def test_parties(refused, police):
    assert refused(police, key="kommunen") == ["Part med detta Nyckel finns redan."]


def test_agreements(refused, agreement):
    assert refused(agreement, valid_to="2022-01-01") == [
        "Slutdatumet ska inte ligga före startdatumet."
    ]
    assert refused(agreement, followup_interval_years="0") == [
        "Ange mellan 1 och 10 år mellan uppföljningarna."
    ]
    assert refused(agreement, predecessor=agreement.pk) == [
        "En överenskommelse kan inte efterträda sig själv."
    ]
    successor = factories.AgreementFactory(predecessor=agreement)
    assert refused(successor, key="dorotea-2023-2026") == [
        "Samverkansöverenskommelse med detta Nyckel finns redan."
    ]
    assert refused(factories.AgreementFactory(), predecessor=agreement.pk) == [
        "Den överenskommelsen har redan en efterträdare."
    ]


@pytest.mark.parametrize(
    ("row", "name"),
    [("goals-1", "nummer"), ("undertakings-1", "nummer"), ("signatories-1", "ordning")],
)
def test_what_stands_under_an_agreement(refused, agreement, row, name):
    assert refused(agreement, **{f"{row}-number": "1"}) == [
        "Det här står redan på en annan rad.",
        f"Två rader har samma {name}. Ändra den ena.",
    ]
    assert refused(agreement, **{f"{row}-number": "-1"}) == [
        "Kontrollera att detta värde är större än eller lika med 0."
    ]


def test_promise_periods(refused, snowmobile_promise):
    period = snowmobile_promise.period
    assert refused(period, ends_on="2022-12-31") == [
        "Sista dagen ska inte ligga före första dagen."
    ]
    assert refused(period, **{"promises-1-number": "1"}) == [
        "Det här står redan på en annan rad.",
        "Två rader har samma nummer. Ändra den ena.",
    ]
    factories.PromisePeriodFactory(predecessor=period)
    assert refused(factories.PromisePeriodFactory(), predecessor=period.pk) == [
        "Den löftesperioden har redan en efterträdare."
    ]


def test_promises(refused, snowmobile_promise):
    assert refused(snowmobile_promise, number="1") == [
        "Löftesperioden har redan ett löfte med det numret."
    ]


def test_appointments(refused):
    assert refused(factories.AppointmentFactory(), ends_on="2023-02-28") == [
        "Sista dagen ska inte ligga före första dagen."
    ]


def test_places(refused):
    factories.PlaceFactory(name="Granliden")
    assert refused(factories.PlaceFactory(), name="Granliden") == [
        "Plats med detta Namn finns redan."
    ]
