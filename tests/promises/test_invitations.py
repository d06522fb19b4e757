"""Invitations by e-mail: from the administrator's form to the first sign-in."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from promises.models import Member
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

PASSWORD = "snöskoter över blåa fjäll"
DEAD = "Inbjudan gäller inte längre"


class BrokenPost(BaseEmailBackend):
    """A post office that is closed."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("Connection refused")


@pytest.fixture
def clock():
    with time_machine.travel("2024-05-15T12:00:00+02:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock, administrator, signed_in) -> Client:
    """The administrator's, on 15 May 2024."""
    return signed_in(administrator)


@pytest.fixture
def send(client, municipality):
    """Fill in the invitation and send it."""

    def invite(**typed: str):
        form = Page(client.get("/ledamoter/bjud-in/")).typed
        newcomer = {
            "name": "Nils Ny",
            "title": "Skolchef",
            "email": "Nils.Ny@Dorotea.test",
            "party": str(municipality.pk),
            "role": "reader",
        }
        return client.post("/ledamoter/bjud-in/", form | newcomer | typed)

    return invite


@pytest.fixture
def invited(send) -> Member:
    send()
    return Member.objects.get(email="nils.ny@dorotea.test")


def link_in(letter: mail.EmailMessage) -> str:
    return urlsplit(re.search(r"^http://testserver(/konto/\S+)$", letter.body, re.M)[0]).path


def choose(link: str, password: str = PASSWORD, again: str = ""):
    browser = Client()
    form = Page(browser.get(link)).typed
    passwords = {"password1": password, "password2": again or password}
    return browser.post(link, form | passwords, follow=True)


def heading(response) -> str:
    return Page(response).text("//h1")


def test_an_invited_member_gets_a_letter_that_says_who_what_and_how(send, client):
    response = send()

    member = Member.objects.get(email="nils.ny@dorotea.test")
    assert response.url == f"/ledamoter/{member.pk}/"
    assert Page(client.get(response.url)).messages == [
        "En inbjudan är skickad till nils.ny@dorotea.test. Länken i brevet gäller i 14 dagar, "
        "till och med 29 maj 2024."
    ]
    assert (member.name, member.title, member.role) == ("Nils Ny", "Skolchef", "reader")
    assert member.status == Member.Status.INVITED
    assert not member.has_usable_password()
    [letter] = mail.outbox
    assert (letter.to, letter.reply_to, letter.subject) == (
        ["nils.ny@dorotea.test"],
        ["admin@dorotea.test"],
        "Dorotea samverkan: Du är inbjuden",
    )
    assert letter.body == (
        "Hej!\n\n"
        "Adam Administratör har bjudit in dig till Dorotea samverkan som läsare för Dorotea "
        "kommun.\n\n"
        "I portalen följer Dorotea kommun och Polisen upp sin samverkansöverenskommelse: vad som "
        "har lovats, vad som blir gjort och vad det leder till.\n\n"
        "Välj ett lösenord här, så är ditt konto öppet:\n\n"
        f"http://testserver{link_in(letter)}\n\n"
        "Länken gäller till och med 29 maj 2024 klockan 12.00, och bara en gång. Sedan loggar du "
        "in med adressen nils.ny@dorotea.test.\n\n"
        "Undrar du över inbjudan? Svara på det här brevet, så når du Adam Administratör.\n\n"
        "Dorotea samverkan\nDorotea kommun och Polisen i Södra Lappland"
    )


def test_the_link_leads_by_way_of_a_password_to_signing_in(invited):
    link = link_in(mail.outbox[0])
    page = Page(Client().get(link))
    assert page.text("//h1") == "Välkommen, Nils Ny"
    assert "nils.ny@dorotea.test" in page.text()
    assert page.control("password1").get("autocomplete") == "new-password"

    response = choose(link)

    assert response.redirect_chain == [("/konto/login/", 302)]
    assert Page(response).messages == ["Lösenordet är valt. Nu kan du logga in med det."]
    browser = Client()
    typed = {"login": "nils.ny@dorotea.test", "password": PASSWORD}
    assert browser.post("/konto/login/", typed).url == "/oversikt/"
    invited.refresh_from_db()
    assert invited.status == Member.Status.ACTIVE


def test_the_letter_can_be_sent_again_until_the_member_has_signed_in(client, invited):
    address = f"/ledamoter/{invited.pk}/bjud-in/"
    choose(link_in(mail.outbox[0]))
    assert client.get(address).status_code == 200

    Client().post("/konto/login/", {"login": invited.email, "password": PASSWORD})

    refused = client.post(address)
    assert refused.status_code == 403
    assert "Nils Ny behöver ingen inbjudan." in refused.content.decode()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("password", "again", "error"),
    [
        ("kort", "", "Det här lösenordet är för kort. Det måste innehålla minst 12 tecken."),
        ("123456789012", "", "Detta lösenord är enbart numeriskt."),
        ("nils.ny@dorotea.test", "", "Ditt lösenord är alltför likt e-postadress."),
    ],
)
def test_a_weak_password_is_refused_and_the_link_kept(password, again, error, invited):
    link = link_in(mail.outbox[0])

    page = Page(choose(link, password, again))

    assert error in page.errors["password1"]
    assert page.text("//h2") == "Lösenordet är inte sparat"
    assert Client().get(link).status_code == 200


def test_the_password_is_typed_twice_alike(invited):
    page = Page(choose(link_in(mail.outbox[0]), PASSWORD, f"{PASSWORD}!"))
    assert list(page.errors) == ["password2"]
    invited.refresh_from_db()
    assert not invited.has_usable_password()


# --- What a link does not do -----------------------------------------------------------------


def test_opening_the_link_uses_up_nothing(invited):
    link = link_in(mail.outbox[0])
    for _ in range(3):
        assert Client().get(link).status_code == 200
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_a_used_link_says_so_and_what_to_do(invited):
    link = link_in(mail.outbox[0])
    choose(link)

    response = Client().get(link)

    assert (response.status_code, heading(response)) == (410, DEAD)
    page = Page(response)
    assert page.one("//main//a").get("href") == "/konto/login/"
    assert "Be den som bjöd in dig att skicka en ny inbjudan" in page.text()
    passwords = {"password1": f"{PASSWORD}!", "password2": f"{PASSWORD}!"}
    assert Client().post(link, passwords).status_code == 410
    invited.refresh_from_db()
    assert invited.check_password(PASSWORD)


def test_a_link_is_good_for_fourteen_days_and_no_longer(invited, clock):
    link = link_in(mail.outbox[0])
    clock.move_to("2024-05-29T11:59:59+02:00")
    assert Client().get(link).status_code == 200
    clock.move_to("2024-05-29T12:00:00+02:00")
    assert Client().get(link).status_code == 410


def test_a_new_letter_kills_the_link_of_the_first(client, invited, clock):
    clock.shift(1)
    client.post(f"/ledamoter/{invited.pk}/bjud-in/")

    first, second = (link_in(letter) for letter in mail.outbox)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_the_link_dies_when_the_address_was_wrong_and_is_changed(client, invited):
    form = Page(client.get(f"/ledamoter/{invited.pk}/andra/")).typed
    client.post(f"/ledamoter/{invited.pk}/andra/", form | {"email": "nils@dorotea.test"})
    assert Client().get(link_in(mail.outbox[0])).status_code == 410


def test_the_link_dies_when_the_member_leaves(client, invited, administrator, today):
    invited.leave(today, None, by=administrator)
    assert Client().get(link_in(mail.outbox[0])).status_code == 410
    assert client.get(f"/ledamoter/{invited.pk}/bjud-in/").status_code == 403


@pytest.mark.parametrize(
    "link",
    [
        "/konto/inbjudan/1/cabc12-0123456789abcdef/",
        "/konto/inbjudan/!/x/",
        "/konto/inbjudan/zzzzzzzzzzzzz/x/",
        "/konto/inbjudan/zzzzzzzzzzzzzzzz/x/",
    ],
)
def test_a_made_up_link_opens_nothing(link, invited):
    response = Client().get(link)
    assert (response.status_code, heading(response)) == (410, DEAD)


def test_a_link_opens_the_account_of_nobody_else(invited, reader):
    uid, key = link_in(mail.outbox[0]).split("/")[3:5]
    assert uid != str(reader.pk)
    assert Client().get(f"/konto/inbjudan/{reader.pk}/{key}/").status_code == 410


def test_a_member_who_was_not_invited_has_no_link(reader):
    assert Client().get(f"/konto/inbjudan/{reader.pk}/c0ffee-0000/").status_code == 410


def test_the_link_is_no_way_round_a_forgotten_password_and_the_other_way_round(invited):
    uid, key = link_in(mail.outbox[0]).split("/")[3:5]
    response = Client().get(f"/konto/password/reset/key/{uid}-{key}/", follow=True)
    assert heading(response) == "Länken gäller inte"


def test_whoever_else_is_signed_in_on_the_computer_is_signed_out(client, invited):
    link = link_in(mail.outbox[0])
    form = Page(client.get(link)).typed

    client.post(link, form | {"password1": PASSWORD, "password2": PASSWORD})

    assert client.get("/konto/").status_code == 302


def test_the_page_is_kept_in_no_cache(invited):
    assert "no-store" in Client().get(link_in(mail.outbox[0]))["Cache-Control"]


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_the_same_moment_one_gets_the_account(invited):
    link = link_in(mail.outbox[0])
    passwords = [PASSWORD, f"{PASSWORD} igen"]
    responses = at_the_same_moment(
        *(
            lambda password=password: Client().post(
                link, {"password1": password, "password2": password}
            )
            for password in passwords
        )
    )
    assert sorted(response.status_code for response in responses) == [302, 410]
    invited.refresh_from_db()
    assert [invited.check_password(password) for password in passwords].count(True) == 1


# --- The administrator's form ------------------------------------------------------------------


def test_a_letter_that_cannot_be_sent_loses_no_member(send, client, settings):
    settings.EMAIL_BACKEND = "tests.promises.test_invitations.BrokenPost"

    response = send()

    member = Member.objects.get(email="nils.ny@dorotea.test")
    assert (member.invited_at, member.status) == (None, Member.Status.NOT_INVITED)
    page = Page(client.get(response.url))
    assert page.messages == [
        "Nils Ny är sparad, men brevet till nils.ny@dorotea.test kunde inte skickas. Kontrollera "
        "adressen och välj Skicka inbjudan igen."
    ]
    again = f"/ledamoter/{member.pk}/bjud-in/"
    assert page.text(f"//main//a[@href='{again}']") == "Skicka inbjudan"

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.post(again)

    assert heading(Client().get(link_in(mail.outbox[0]))) == "Välkommen, Nils Ny"


def test_a_letter_that_cannot_be_sent_again_leaves_the_first_link_good(client, invited, settings):
    settings.EMAIL_BACKEND = "tests.promises.test_invitations.BrokenPost"
    client.post(f"/ledamoter/{invited.pk}/bjud-in/")
    assert Client().get(link_in(mail.outbox[0])).status_code == 200


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, {"name": ["Fyll i det här."]}),
        ({"party": ""}, {"party": ["Välj en part. Alla utom administratörer behöver en."]}),
        ({"role": "kung"}, {"role": ["Välj något av alternativen i listan."]}),
        (
            {"email": "LASARE@dorotea.test"},
            {"email": ["Det finns redan ett konto med den e-postadressen."]},
        ),
    ],
)
def test_a_faulty_invitation_is_sent_to_nobody(typed, error, send, reader):
    page = Page(send(**typed))
    assert page.errors == error
    assert page.typed["title"] == "Skolchef"
    assert mail.outbox == []


def test_an_administrator_may_be_invited_without_a_party(send):
    send(party="", role="administrator")
    assert Member.objects.get(email="nils.ny@dorotea.test").party is None
    assert "till Dorotea samverkan som administratör.\n" in mail.outbox[0].body


def test_the_form_tells_of_an_account_that_can_be_opened_again(send, reader, administrator, today):
    reader.leave(today, None, by=administrator)
    assert Page(send(email=reader.email)).errors == {
        "email": [
            "Lena Läsare har slutat men har kvar sitt konto med den e-postadressen. Öppna "
            "ledamotens sida och välj Återkom."
        ]
    }


def test_only_an_administrator_invites(signed_in, coordinator, chief, invited):
    for member in (coordinator, chief):
        for address in ("/ledamoter/bjud-in/", f"/ledamoter/{invited.pk}/bjud-in/"):
            assert signed_in(member).post(address).status_code == 403
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_two_invitations_to_the_same_address_give_one_member(client, municipality):
    form = Page(client.get("/ledamoter/bjud-in/")).typed | {
        "name": "Nils Ny",
        "email": "nils.ny@dorotea.test",
        "party": str(municipality.pk),
        "role": "reader",
    }
    responses = at_the_same_moment(*[lambda: client.post("/ledamoter/bjud-in/", form)] * 2)
    assert sorted(response.status_code for response in responses) == [200, 302]
    assert Member.objects.filter(name="Nils Ny").count() == 1


def test_an_example_member_opens_nothing_in_production(clock, settings):
    settings.DEBUG = False
    factories.MemberFactory(is_example=True)
    assert Client().get("/konto/inbjudan/1/x/").status_code == 410
