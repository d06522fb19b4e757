"""Signing in, in every way and on every page under /konto/, in the portal's words.

Example accounts, and who is refused although the password is right, stand in test_accounts.py.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from promises import account_urls
from promises.models import Member
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

PASSWORD = "lösenord-för-prov"
NEW_PASSWORD = "snöskoter över blåa fjäll"
TOO_MANY = "Det blev för många försök. Vänta fem minuter och försök igen."


@pytest.fixture(autouse=True)
def clock(today):
    """A frozen clock, so that a code from the app is the same until a test moves the time."""
    with time_machine.travel("2024-05-15T12:00:00+02:00", tick=False) as traveller:
        yield traveller


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/konto/login/", {"login": login, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/konto/").status_code == 200


def summary(response: HttpResponse) -> list[str]:
    return list(Page(response).summary)


# --- Password ------------------------------------------------------------------------------


def test_signing_in_leads_to_the_overview(client, reader):
    assert sign_in(client, "lasare@dorotea.test").url == "/oversikt/"
    assert is_signed_in(client)


def test_the_address_may_be_typed_in_capitals(client, reader):
    assert sign_in(client, " Lasare@Dorotea.TEST ").url == "/oversikt/"


def test_signing_in_leads_back_to_where_one_was_going(client, reader):
    asked_for = client.get("/tillfallen/?sok=skoter")

    page = Page(client.get(asked_for.url))
    response = sign_in(client, "lasare@dorotea.test", next=page.typed["next"])

    assert response.url == "/tillfallen/?sok=skoter"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://ond.example/", "//ond.example/", "/\\ond.example", "javascript:alert(1)"],
)
def test_signing_in_never_leads_out_of_the_portal(client, reader, elsewhere):
    assert sign_in(client, "lasare@dorotea.test", next=elsewhere).url == "/oversikt/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, reader):
    wrong = sign_in(client, "lasare@dorotea.test", "fel lösenord")
    unknown = sign_in(client, "ingen@dorotea.test", "fel lösenord")

    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert summary(wrong) == summary(unknown) == ["E-postadressen eller lösenordet stämmer inte."]
    assert not is_signed_in(client)


def test_an_empty_form_says_what_is_missing_and_leads_there(client):
    page = Page(client.post("/konto/login/"))
    assert page.summary == {
        "E-postadress: Fyll i det här.": "login",
        "Lösenord: Fyll i det här.": "password",
    }
    assert page.errors == {"login": ["Fyll i det här."], "password": ["Fyll i det här."]}


def test_the_address_is_kept_and_the_password_is_not(client, reader):
    page = Page(sign_in(client, "lasare@dorotea.test", "fel lösenord"))
    assert page.typed["login"] == "lasare@dorotea.test"
    assert page.typed["password"] == ""


def test_password_managers_know_the_fields(client):
    page = Page(client.get("/konto/login/"))
    assert page.control("login").get("autocomplete") == "email"
    assert page.control("password").get("autocomplete") == "current-password"


def test_an_inactive_member_is_told_that_the_account_is_closed(client, reader):
    Member.objects.filter(pk=reader.pk).update(is_active=False)

    response = client.get(sign_in(client, "lasare@dorotea.test").url)

    assert Page(response).text("//h1") == "Kontot är stängt"
    assert not is_signed_in(client)


def test_an_inactive_member_with_the_wrong_password_is_told_nothing(client, reader):
    Member.objects.filter(pk=reader.pk).update(is_active=False)

    response = sign_in(client, "lasare@dorotea.test", "fel lösenord")

    assert summary(response) == ["E-postadressen eller lösenordet stämmer inte."]


def test_a_running_session_ends_when_the_member_is_made_inactive(signed_in, reader):
    client = signed_in(reader)
    Member.objects.filter(pk=reader.pk).update(is_active=False)
    assert not is_signed_in(client)


def test_after_five_wrong_passwords_not_even_the_right_one_is_tried(client, reader, clock):
    for _ in range(5):
        sign_in(client, "lasare@dorotea.test", "fel lösenord")

    response = sign_in(client, "lasare@dorotea.test")
    assert summary(response) == [TOO_MANY]
    assert not is_signed_in(client)

    clock.shift(5 * 60 + 1)
    assert sign_in(client, "lasare@dorotea.test").url == "/oversikt/"


def test_nobody_can_sign_up(client):
    assert (
        Page(client.get("/konto/signup/")).text("//h1") == "Du får ditt konto av en administratör"
    )

    client.post("/konto/signup/", {"email": "ny@dorotea.test", "password1": NEW_PASSWORD})

    assert not Member.objects.exists()


def test_a_link_cannot_sign_anybody_out(signed_in, reader):
    client = signed_in(reader)

    page = Page(client.get("/konto/logout/"))
    assert page.text("//h1") == "Logga ut"
    assert is_signed_in(client)

    response = client.post("/konto/logout/", page.typed, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert Page(response).messages == ["Du har loggat ut."]
    assert not is_signed_in(client)


# --- A new password ------------------------------------------------------------------------


def ask_for_new_password(client: Client, email: str) -> str:
    """Ask for a new password. Returns the heading of the page that follows."""
    response = client.post("/konto/password/reset/", {"email": email}, follow=True)
    return Page(response).text("//h1")


def link_in(message: mail.EmailMessage) -> str:
    return urlsplit(re.search(r"^http://testserver(/konto/\S+)$", message.body, re.M)[1]).path


def test_a_forgotten_password_is_replaced_by_a_link_in_a_letter(client, reader):
    assert ask_for_new_password(client, "lasare@dorotea.test") == "Titta i din e-post"
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (
        ["lasare@dorotea.test"],
        "Dorotea samverkan: Välj ett nytt lösenord",
    )
    link = link_in(letter)
    assert letter.body == (
        "Hej!\n\n"
        "Någon, antagligen du, har bett om ett nytt lösenord till ditt konto i Dorotea samverkan. "
        "Välj ett nytt här:\n\n"
        f"http://testserver{link}\n\n"
        "Länken gäller i tre dagar och bara en gång.\n\n"
        "Var det inte du? Då behöver du inte göra något. Ditt lösenord är detsamma som förut.\n\n"
        "Dorotea samverkan\nDorotea kommun och Polisen i Södra Lappland"
    )

    form_page = client.get(link, follow=True)
    address = form_page.redirect_chain[-1][0]
    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    done = client.post(address, typed, follow=True)

    assert done.redirect_chain == [("/konto/login/", 302)]
    assert Page(done).messages == ["Lösenordet är bytt."]
    assert sign_in(client, "lasare@dorotea.test", NEW_PASSWORD).url == "/oversikt/"


def test_a_link_is_good_once(client, reader):
    ask_for_new_password(client, "lasare@dorotea.test")
    link = link_in(mail.outbox[0])
    address = client.get(link).url
    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    page = Page(Client().get(link))

    assert page.text("//h1") == "Länken gäller inte"


def test_a_link_is_good_for_three_days(client, reader, clock):
    ask_for_new_password(client, "lasare@dorotea.test")
    link = link_in(mail.outbox[0])

    clock.shift(3 * 24 * 3600)
    assert Client().get(link).status_code == 302

    clock.shift(1)
    assert Page(Client().get(link)).text("//h1") == "Länken gäller inte"


def test_an_unknown_address_is_not_revealed(client, reader):
    known = client.post("/konto/password/reset/", {"email": "lasare@dorotea.test"})
    unknown = client.post("/konto/password/reset/", {"email": "ingen@dorotea.test"})

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    letter = mail.outbox[1]
    assert letter.to == ["ingen@dorotea.test"]
    assert letter.subject == "Dorotea samverkan: Inget konto med den här adressen"
    assert "Det finns inget öppet konto med den adressen." in letter.body
    assert "http" not in letter.body


def test_an_inactive_member_gets_no_link(client, reader):
    Member.objects.filter(pk=reader.pk).update(is_active=False)
    ask_for_new_password(client, "lasare@dorotea.test")
    assert "http" not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("first", "second", "refusals"),
    [
        (
            "kort",
            "kort",
            {
                "Nytt lösenord: Det här lösenordet är för kort. Det måste innehålla minst 12 tecken.": (
                    "password1"
                )
            },
        ),
        (
            "193746285017",
            "193746285017",
            {"Nytt lösenord: Detta lösenord är enbart numeriskt.": "password1"},
        ),
        (
            NEW_PASSWORD,
            "något annat",
            {"Nytt lösenord en gång till: Du måste ange samma lösenord": "password2"},
        ),
    ],
)
def test_a_bad_new_password_is_refused_in_swedish(client, reader, first, second, refusals):
    ask_for_new_password(client, "lasare@dorotea.test")
    address = client.get(link_in(mail.outbox[0])).url

    page = Page(client.post(address, {"password1": first, "password2": second}))

    assert page.summary == refusals


def test_a_member_changes_password_and_stays_signed_in(client, reader):
    sign_in(client, "lasare@dorotea.test")
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = client.post("/konto/password/change/", typed, follow=True)

    assert response.redirect_chain == [("/konto/", 302)]
    assert Page(response).messages == ["Lösenordet är bytt."]
    assert sign_in(Client(), "lasare@dorotea.test", NEW_PASSWORD).url == "/oversikt/"


def test_changing_password_needs_the_one_in_use(client, reader):
    sign_in(client, "lasare@dorotea.test")
    typed = {"oldpassword": "fel", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    page = Page(client.post("/konto/password/change/", typed))

    assert page.summary == {
        "Nuvarande lösenord: Det är inte ditt nuvarande lösenord.": "oldpassword"
    }


def test_a_member_without_a_password_chooses_one(signed_in, reader):
    reader.set_unusable_password()
    reader.save()
    client = signed_in(reader)
    assert client.get("/konto/password/change/").url == "/konto/password/set/"

    typed = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/konto/password/set/", typed)

    assert sign_in(Client(), "lasare@dorotea.test", NEW_PASSWORD).url == "/oversikt/"


# --- One address for each member ---------------------------------------------------------------


def test_the_address_an_administrator_replaced_opens_nothing(client, reader):
    ask_for_new_password(client, "lasare@dorotea.test")
    Member.objects.filter(pk=reader.pk).update(email="ny@dorotea.test")

    assert summary(sign_in(Client(), "lasare@dorotea.test")) == [
        "E-postadressen eller lösenordet stämmer inte."
    ]
    assert Page(Client().get(link_in(mail.outbox[0]))).text("//h1") == "Länken gäller inte"
    ask_for_new_password(client, "lasare@dorotea.test")
    assert "http" not in mail.outbox[1].body
    assert not EmailAddress.objects.exists()


def test_two_steps_can_be_turned_on_after_a_forgotten_password(client, reader):
    ask_for_new_password(client, "lasare@dorotea.test")
    sign_in(client, "lasare@dorotea.test")
    turn_on_two_steps(client)


def test_a_member_is_told_by_letter_when_the_password_is_changed(client, reader):
    sign_in(client, "lasare@dorotea.test")
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/konto/password/change/", typed)

    [letter] = mail.outbox
    assert letter.subject == "Dorotea samverkan: Ditt lösenord är bytt"
    assert "Det gjordes 15 maj 2024 klockan 12.00 från adressen 127.0.0.1" in letter.body


# --- Two-step sign-in ----------------------------------------------------------------------


def code(secret: str) -> str:
    """What the app in the telephone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def confirm_password(client: Client) -> None:
    """Say the password once more, which everything about the second step asks for."""
    assert client.post("/konto/reauthenticate/", {"password": PASSWORD}).status_code == 302


def turn_on_two_steps(client: Client) -> str:
    """Turn it on, as a signed-in member. Returns the key that the app then holds."""
    confirm_password(client)
    page = Page(client.get("/konto/2fa/totp/activate/"))
    secret = page.text("//code[@class='secret']")
    response = client.post("/konto/2fa/totp/activate/", page.typed | {"code": code(secret)})
    assert response.url == "/konto/2fa/recovery-codes/"
    return secret


@pytest.fixture
def secret(client, reader, clock) -> str:
    """The key in the reader's telephone. The client is signed in, and the code of the moment used."""
    sign_in(client, "lasare@dorotea.test")
    secret = turn_on_two_steps(client)
    clock.shift(60)
    return secret


def test_two_steps_are_turned_on_with_a_code_and_give_ten_recovery_codes(client, reader):
    sign_in(client, "lasare@dorotea.test")
    turn_on_two_steps(client)

    page = Page(client.get("/konto/2fa/recovery-codes/"))

    assert len(page.all("//ul[@class='codes']/li")) == 10
    assert "Du har 10 koder kvar" in Page(client.get("/konto/2fa/")).text()


def test_two_steps_are_not_turned_on_by_a_wrong_code(client, reader):
    sign_in(client, "lasare@dorotea.test")
    confirm_password(client)
    client.get("/konto/2fa/totp/activate/")

    page = Page(client.post("/konto/2fa/totp/activate/", {"code": "nej"}))

    assert page.summary == {"Kod: Felaktig kod.": "code"}
    assert not Authenticator.objects.exists()


def test_the_password_must_be_confirmed_and_is_for_a_quarter_of_an_hour(client, reader, clock):
    sign_in(client, "lasare@dorotea.test")

    confirm = client.get("/konto/2fa/totp/activate/").url
    assert confirm == "/konto/reauthenticate/?next=%2Fkonto%2F2fa%2Ftotp%2Factivate%2F"
    page = Page(client.get(confirm))
    assert summary(client.post(confirm, page.typed | {"password": "fel"})) == [
        "Lösenord: Lösenordet stämmer inte."
    ]

    response = client.post(confirm, page.typed | {"password": PASSWORD})
    assert response.url == "/konto/2fa/totp/activate/"
    assert client.get(response.url).status_code == 200
    clock.shift(15 * 60)
    assert client.get(response.url).url == confirm


def test_the_code_is_asked_for_after_the_password(secret, reader):
    client = Client()

    response = sign_in(client, "lasare@dorotea.test", next="/loften/")
    assert response.url == "/konto/2fa/authenticate/"
    assert not is_signed_in(client)

    response = client.post("/konto/2fa/authenticate/", {"code": code(secret)})
    assert response.url == "/loften/"
    assert is_signed_in(client)


def test_a_wrong_code_lets_nobody_in(secret, reader):
    client = Client()
    sign_in(client, "lasare@dorotea.test")

    page = Page(client.post("/konto/2fa/authenticate/", {"code": "nej"}))

    assert page.summary == {"Kod: Felaktig kod.": "code"}
    assert not is_signed_in(client)


def test_a_code_is_good_once(secret, reader):
    used = code(secret)
    for client, lets_in in ((Client(), True), (Client(), False)):
        sign_in(client, "lasare@dorotea.test")
        client.post("/konto/2fa/authenticate/", {"code": used})
        assert is_signed_in(client) == lets_in


def test_codes_cannot_be_guessed_for_long(secret, reader):
    client = Client()
    sign_in(client, "lasare@dorotea.test")
    for _ in range(10):
        client.post("/konto/2fa/authenticate/", {"code": "nej"})

    page = Page(client.post("/konto/2fa/authenticate/", {"code": code(secret)}))

    assert page.summary == {f"Kod: {TOO_MANY}": "code"}
    assert not is_signed_in(client)


def test_a_recovery_code_lets_in_once(client, secret, reader):
    recovery_code = Page(client.get("/konto/2fa/recovery-codes/")).texts("//li/code")[0]
    for visitor, lets_in in ((Client(), True), (Client(), False)):
        sign_in(visitor, "lasare@dorotea.test")
        visitor.post("/konto/2fa/authenticate/", {"code": recovery_code})
        assert is_signed_in(visitor) == lets_in


def test_the_last_recovery_code_is_one_code(client, secret, reader):
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    for used in codes.get_unused_codes()[1:]:
        codes.validate_code(used)
    assert "Du har 1 kod kvar" in Page(client.get("/konto/2fa/")).text()


def test_new_recovery_codes_end_the_old_ones(client, secret, reader):
    old = Page(client.get("/konto/2fa/recovery-codes/")).texts("//li/code")

    response = client.post("/konto/2fa/recovery-codes/generate/", follow=True)

    new = Page(response).texts("//li/code")
    assert len(new) == 10
    assert not set(old) & set(new)


def test_recovery_codes_can_be_kept_as_a_file(client, secret, reader):
    codes = Page(client.get("/konto/2fa/recovery-codes/")).texts("//li/code")

    response = client.get("/konto/2fa/recovery-codes/download/")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().split() == [
        *[
            "Återställningskoder",
            "för",
            "Dorotea",
            "samverkan.",
            "Varje",
            "kod",
            "gäller",
            "en",
            "gång.",
        ],
        *codes,
    ]


def test_two_steps_are_turned_off_and_the_password_is_enough(client, secret, reader):
    response = client.post("/konto/2fa/totp/deactivate/", follow=True)

    assert Page(response).messages == ["Tvåstegsinloggning är avstängd."]
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), "lasare@dorotea.test").url == "/oversikt/"


def test_who_changes_their_mind_at_the_code_comes_back_to_the_first_step(secret, reader):
    client = Client()
    sign_in(client, "lasare@dorotea.test")
    page = Page(client.get("/konto/2fa/authenticate/"))
    cancel = page.one("//form[@id='cancel']")

    response = client.post(cancel.action, dict(cancel.form_values()))

    assert response.url == "/konto/login/"
    assert client.get("/konto/2fa/authenticate/").url == "/konto/login/"


# --- What the pages have in common ---------------------------------------------------------


def crawl(client: Client, *starts: str) -> dict[str, HttpResponse]:
    """The pages under /konto/ that links lead to from those."""
    responses, queue = {}, [*starts]
    while queue:
        path = queue.pop(0)
        if path in responses:
            continue
        responses[path] = response = client.get(path)
        assert response.status_code == 200, path
        if response["Content-Type"].startswith("text/html"):
            queue += [
                urlsplit(href).path
                for href in Page(response).root.xpath("//a/@href")
                if href.startswith("/konto/")
            ]
    return responses


@pytest.fixture
def responses(client, reader, area_police, coordinator) -> dict[str, HttpResponse]:
    """Every page under /konto/, by whom it is for and its address."""
    visitor = Client()
    found = {
        ("visitor", path): response
        for path, response in crawl(
            visitor,
            "/konto/login/",
            "/konto/signup/",
            "/konto/inactive/",
            "/konto/password/reset/done/",
        ).items()
    }
    ask_for_new_password(visitor, "samordnare@dorotea.test")
    link = link_in(mail.outbox[0])
    found["visitor", link] = Client().get(link, follow=True)
    found["visitor", "/konto/password/reset/key/1-fel/"] = visitor.get(
        "/konto/password/reset/key/1-fel/"
    )

    sign_in(client, "lasare@dorotea.test")
    confirm_password(client)
    member = crawl(client, "/konto/", "/konto/reauthenticate/")
    found |= {("member", path): response for path, response in member.items()}

    careful = Client()
    sign_in(careful, "polis@dorotea.test")
    turn_on_two_steps(careful)
    two_steps = crawl(careful, "/konto/", "/konto/2fa/reauthenticate/")
    found |= {("member with two steps", path): r for path, r in two_steps.items()}

    sign_in(visitor, "polis@dorotea.test")
    found["half-way in", "/konto/2fa/authenticate/"] = visitor.get("/konto/2fa/authenticate/")

    newcomer = Client()
    reader.set_unusable_password()
    reader.save()
    newcomer.force_login(reader)
    found["newcomer", "/konto/password/set/"] = newcomer.get("/konto/password/set/")
    return found


@pytest.fixture
def pages(responses) -> dict[tuple[str, str], Page]:
    return {
        key: Page(response)
        for key, response in responses.items()
        if response["Content-Type"].startswith("text/html")
    }


def test_every_address_is_met(responses):
    met = {resolve(path).url_name for _, path in responses}
    ours = {"account", "calendar_feeds", "reminder_settings"}
    assert met == {*ours, *(pattern.name for pattern in account_urls.urlpatterns)}


def test_every_page_has_the_portals_look(pages):
    for key, page in pages.items():
        assert page.root.get("lang") == "sv", key
        assert (len(page.all("//h1")), len(page.all("//main"))) == (1, 1), key
        assert page.text("//title").endswith(" – Dorotea samverkan"), key
        assert page.all("//a[@class='brand']"), key
        styles = {link.get("href") for link in page.all("//link[@rel='stylesheet']")}
        assert "/static/css/components.css" in styles, key


def test_every_control_has_one_label_and_nothing_is_called_the_same(pages):
    for key, page in pages.items():
        ids = page.root.xpath("//@id")
        assert len(ids) == len(set(ids)), key
        controls = page.all("//main//input[not(@type='hidden')]")
        labels = [text_of(page.one(f"//label[@for='{c.get('id')}']")) for c in controls]
        assert len(labels) == len(set(labels)), key
        assert not page.all("//main//input[@placeholder]"), key


def test_no_page_has_style_or_script_of_its_own(pages):
    own = "//style | //script[not(@src)] | //*[@style] | //*[@*[starts-with(name(), 'on')]]"
    assert {key: page.all(own) for key, page in pages.items() if page.all(own)} == {}


ENGLISH = re.compile(
    r"\b(?:the|your|you|and|or|to|is|password|email|e-mail|sign|log ?in|code|codes|please|"
    r"verify|authentication|token|None|True|False)\b",
    re.I,
)


def test_no_page_has_a_word_of_english(pages):
    found = {key: ENGLISH.findall(page.text("//body")) for key, page in pages.items()}
    assert {key: words for key, words in found.items() if words} == {}


# --- The visit before ----------------------------------------------------------------------


def test_a_sign_in_keeps_when_the_one_before_was(client, coordinator):
    for day in (3, 7):
        with time_machine.travel(datetime(2024, 5, day, 12, tzinfo=UTC), tick=False):
            client.force_login(coordinator)
    coordinator.refresh_from_db()
    assert coordinator.previous_login == datetime(2024, 5, 3, 12, tzinfo=UTC)
    assert coordinator.last_login == datetime(2024, 5, 7, 12, tzinfo=UTC)
