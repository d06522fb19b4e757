"""The accessibility statement, and what people say by its form."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from promises.accessibility import own_page
from promises.models import AccessibilityFeedback, Member
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

STATEMENT, FORM, LIST = (
    "/tillganglighet/",
    "/tillganglighet/synpunkt/",
    "/admin/promises/accessibilityfeedback/",
)
MESSAGE = "Årshjulet går inte att läsa med min skärmläsare."
TYPED = {"message": MESSAGE, "page": "/arshjul/", "email": "ingrid@exempel.se", "website": ""}
THANKS = (
    "Tack! Din synpunkt är sparad och har gått till portalens administratörer. De läser den och "
    "rättar det de kan."
)


@pytest.fixture(autouse=True)
def nothing_counted():
    """What one test sent does not count against the next one's limit."""
    cache.clear()


def send(client: Client, **typed: str) -> Page:
    return Page(client.post(FORM, TYPED | typed, follow=True))


def stored() -> list[tuple[str, str, str]]:
    return list(AccessibilityFeedback.objects.values_list("message", "page", "email"))


# --- The statement --------------------------------------------------------------------------


def test_the_statement_has_the_parts_that_the_law_asks_for(client):
    page = Page(client.get(STATEMENT))
    assert page.texts("//main//h1 | //main//h2") == [
        "Tillgänglighet för Dorotea samverkan",
        "Hur tillgänglig är webbplatsen?",
        "Vad kan du göra om du inte kan använda delar av webbplatsen?",
        "Rapportera brister i webbplatsens tillgänglighet",
        "Kontakta tillsynsmyndigheten",
        "Teknisk information om webbplatsens tillgänglighet",
        "Innehåll som inte är tillgängligt",
        "Hur vi testat webbplatsen",
    ]
    assert page.texts("//main//p")[-2:] == [
        "Senaste bedömningen av webbplatsen gjordes den 23 november 2026.",
        "Redogörelsen uppdaterades senast den 23 november 2026.",
    ]
    links = [link.get("href") for link in page.all("//main//a")]
    assert links == ["#brister", FORM, FORM, "https://www.digg.se/tdosanmalan"]


@pytest.mark.parametrize("address", ["/", "/konto/login/", "/finns-inte/", "/verifiera/"])
def test_the_statement_is_linked_from_every_page_without_sign_in(client, address):
    page = Page(client.get(address))
    assert page.texts(f"//footer//a[@href='{STATEMENT}']") == ["Tillgänglighet"]


def test_the_statement_is_linked_even_when_the_portal_has_failed():
    page = Page(Client(raise_request_exception=False).get("/", headers={"host": "ond.example"}))
    assert page.texts(f"//footer//a[@href='{STATEMENT}']") == ["Tillgänglighet"]


def test_the_form_knows_which_page_one_came_from(client):
    came_from = {"referer": "http://testserver/arshjul/?ar=2024"}
    statement = Page(client.get(STATEMENT, headers=came_from))
    address = statement.one("//main//a[contains(@class, 'button')]").get("href")
    assert address == f"{FORM}?sida=%2Farshjul%2F"
    assert Page(client.get(address)).control("page").get("value") == "/arshjul/"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/arshjul/", "/arshjul/"),
        ("http://testserver/moten/3/?sok=x#y", "/moten/3/"),
        ("https://ond.example/arshjul/", ""),
        ("//ond.example/arshjul/", ""),
        ("javascript:alert(1)", ""),
        ("http://[fel/", ""),
        ("/finns-inte/", ""),
        ("/konto/inbjudan/1/c2Vrcm90/", ""),
        ("/konto/password/reset/key/1-c2Vrcm90/", ""),
        ("", ""),
    ],
)
def test_only_an_own_page_that_opens_nothing_is_filled_in(address, page):
    assert own_page(address, "testserver") == page


# --- The form -------------------------------------------------------------------------------


def test_what_is_sent_is_stored_and_mailed_to_every_active_administrator(client, administrator):
    factories.MemberFactory(email="eva@dorotea.test", role=Member.Role.ADMINISTRATOR, party=None)
    factories.MemberFactory(role=Member.Role.ADMINISTRATOR, party=None, is_active=False)

    page = send(client)

    assert page.messages == [f"{THANKS} Svaret skickas till ingrid@exempel.se."]
    assert stored() == [(MESSAGE, "/arshjul/", "ingrid@exempel.se")]
    [letter] = mail.outbox
    assert sorted(letter.to) == ["admin@dorotea.test", "eva@dorotea.test"]
    assert letter.reply_to == ["ingrid@exempel.se"]
    assert letter.subject == "Dorotea samverkan: Synpunkt om tillgänglighet"
    assert letter.body.splitlines() == [
        "Någon har skrivit om tillgängligheten i Dorotea samverkan:",
        "",
        MESSAGE,
        "",
        "Sida: /arshjul/",
        "",
        "Svara på det här brevet, så når du den som skrev.",
        "",
        "Markera synpunkten som hanterad när den är det:",
        "",
        "http://127.0.0.1:8000/admin/promises/accessibilityfeedback/",
    ]


def test_nobody_has_to_say_who_they_are(client, administrator):
    page = send(client, page="", email="")
    assert page.messages == [THANKS]
    assert stored() == [(MESSAGE, "", "")]
    assert mail.outbox[0].reply_to == []


def test_a_letter_that_cannot_be_sent_loses_nothing(client, administrator, monkeypatch):
    def broken(*_):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", broken)
    assert send(client).messages == [f"{THANKS} Svaret skickas till ingrid@exempel.se."]
    assert stored() == [(MESSAGE, "/arshjul/", "ingrid@exempel.se")]


def test_without_an_administrator_it_is_still_stored(client):
    send(client)
    assert len(stored()) == 1
    assert mail.outbox == []


def test_a_faulty_form_says_why_and_keeps_what_was_typed(client):
    page = send(client, message="", email="ingrid")
    assert page.summary == {
        "Vad är det som inte fungerar, eller vad behöver du?: Fyll i det här.": "message",
        "Din e-postadress, om du vill ha svar: Skriv adressen som namn@exempel.se.": "email",
    }
    assert page.typed["page"] == "/arshjul/"
    assert stored() == []


def test_a_personal_number_is_refused(client):
    page = send(client, message="Det gäller 19121212-1212.")
    assert list(page.errors) == ["message"]
    assert stored() == []


def test_a_machine_is_thanked_and_not_heard(client, administrator):
    assert send(client, website="https://ond.example", email="").messages == [THANKS]
    assert (stored(), mail.outbox) == ([], [])


def test_the_sixth_in_ten_minutes_waits_and_keeps_its_text(client, administrator):
    for _ in range(5):
        send(client)
    page = send(client, message="Den sjätte.")
    assert list(page.summary) == [
        "Det har kommit många synpunkter på kort tid, så portalen tar emot färre just nu. Din "
        "text står kvar. Vänta tio minuter och skicka den igen."
    ]
    assert page.typed["message"] == "Den sjätte."
    assert len(stored()) == 5


# --- What administrators do with it ---------------------------------------------------------


def mark_as_handled(client: Client, *chosen: AccessibilityFeedback) -> Page:
    typed = {"action": "mark_as_handled", "_selected_action": [one.pk for one in chosen]}
    return Page(client.post(LIST, typed, follow=True))


def test_the_list_has_the_oldest_open_one_first_and_no_address_of_a_handled_one(
    signed_in, administrator, today
):
    for message, hour in (("Den andra.", 9), ("Den första.", 8)):
        factories.AccessibilityFeedbackFactory(
            message=message,
            email="ingrid@exempel.se",
            created_at=timezone.now().replace(hour=hour),
        )
    handled = factories.AccessibilityFeedbackFactory(message="Rättad.", email="kurt@exempel.se")
    AccessibilityFeedback.objects.filter(pk=handled.pk).handle(by=administrator)

    page = Page(signed_in(administrator).get(LIST))

    assert [row[2:5] for row in page.rows()] == [
        ["Den första.", "-", "ingrid@exempel.se"],
        ["Den andra.", "-", "ingrid@exempel.se"],
        ["Rättad.", "-", "-"],
    ]


def test_marking_as_handled_erases_the_address(signed_in, administrator, today):
    feedback = factories.AccessibilityFeedbackFactory(email="ingrid@exempel.se")
    page = mark_as_handled(signed_in(administrator), feedback)
    assert page.texts("//ul[@class='messagelist']/li") == ["Markerade som hanterade: 1."]
    feedback.refresh_from_db()
    assert (feedback.email, feedback.handled_by) == ("", administrator)
    assert feedback.handled_at == timezone.now()


def test_the_one_who_was_first_stays_the_handler(signed_in, administrator, coordinator):
    feedback = factories.AccessibilityFeedbackFactory()
    AccessibilityFeedback.objects.handle(by=coordinator)
    page = mark_as_handled(signed_in(administrator), feedback)
    assert page.texts("//ul[@class='messagelist']/li") == ["Det du valde var redan hanterat."]
    feedback.refresh_from_db()
    assert feedback.handled_by == coordinator


def test_only_administrators_find_it_in_the_navigation(signed_in, administrator, coordinator):
    links = [
        Page(signed_in(member).get("/ledamoter/")).texts(
            f"//nav[@aria-label='Konto']//a[@href='{LIST}']"
        )
        for member in (administrator, coordinator)
    ]
    assert links == [["Synpunkter"], []]
