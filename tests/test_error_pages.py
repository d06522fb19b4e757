"""When something goes wrong: in the portal's look, in Swedish, with what to do and a way back."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.html import Page


def error_page(response: HttpResponse, status: int) -> Page:
    """The page, once it is seen to be one of the portal's own, with a way back."""
    assert response.status_code == status
    page = Page(response)
    assert page.root.get("lang") == "sv"
    assert (len(page.all("//h1")), len(page.all("//main"))) == (1, 1)
    assert page.text("//title") == f"{page.text('//h1')} – Dorotea samverkan"
    styles = {link.get("href") for link in page.all("//link[@rel='stylesheet']")}
    assert "/static/css/components.css" in styles
    [way_back] = page.all("//main//a")
    assert (way_back.text, way_back.get("href")) == ("Till startsidan", "/")
    return page


@pytest.mark.django_db
def test_an_address_that_does_not_exist(signed_in, reader):
    for client in (Client(), signed_in(reader)):
        page = error_page(client.get("/finns-inte/"), 404)
        assert page.text("//h1") == "Sidan finns inte"


@pytest.mark.django_db
def test_what_a_role_may_not_do_is_said_with_the_role(signed_in, reader, today):
    page = error_page(signed_in(reader).get("/logga/"), 403)
    assert page.text() == (
        "Du har inte behörighet Din roll, läsare, får inte logga, ändra och dra tillbaka "
        "tillfällen. Be en administratör om du behöver kunna det. Till startsidan"
    )


@pytest.mark.django_db
def test_a_refusal_without_words_gets_some(signed_in, reader):
    page = error_page(signed_in(reader).get("/admin/", follow=True), 403)
    assert page.text("//p[@class='lede']") == (
        "Du är inloggad, men din roll får inte öppna den här sidan. "
        "Be en administratör om du behöver kunna det."
    )


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_was_saved():
    client = Client(enforce_csrf_checks=True)
    page = error_page(client.post("/konto/login/", {"login": "lasare@dorotea.test"}), 403)
    assert page.text("//h1") == "Formuläret kom inte fram"
    assert page.text("//p[@class='lede']").startswith("Inget är sparat.")


@pytest.mark.django_db
def test_too_many_attempts(client, today):
    for _ in range(30):
        client.post("/konto/login/")
    response = client.post("/konto/login/")
    page = error_page(response, 429)
    assert page.text("//h1") == "För många försök"


def test_a_request_that_cannot_be_understood(client):
    page = error_page(client.get("/", headers={"host": "ond.example"}), 400)
    assert page.text("//h1") == "Begäran gick inte att tolka"


def test_the_portals_own_fault_is_said_without_the_database():
    """Without the mark above, every query in a test raises."""
    client = Client(raise_request_exception=False)
    page = error_page(client.get("/"), 500)
    assert page.text("//h1") == "Något gick fel i portalen"
