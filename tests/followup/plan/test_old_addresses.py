"""Pages that have been merged into others: their addresses lead on for good."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/byklockan/", "/oversikt/#byklockan"),
        ("/ataganden/", "/loften/#ataganden"),
        ("/ataganden/?period=ar-2024", "/loften/?period=ar-2024#ataganden"),
        ("/atgardsplan/", "/lagesbild/#atgardsplan"),
    ],
)
def test_an_old_address_leads_to_the_place_on_the_page_that_has_it_now(
    old, new, agreement, reader, signed_in
):
    response = signed_in(reader).get(old)
    assert (response.status_code, response.url) == (301, new)
    address, anchor = new.split("#")
    assert f'id="{anchor}"' in signed_in(reader).get(address).content.decode()


def test_a_visitor_is_asked_to_sign_in_first():
    assert Client().get("/byklockan/").url == "/konto/login/?next=/byklockan/"


def test_the_year_is_a_view_of_the_calendar_at_its_old_address(agreement, reader, signed_in):
    for address in ("/kalender/", "/arshjul/"):
        response = signed_in(reader).get(address)
        assert response.status_code == 200
        assert "<h1>Kalender</h1>" in response.content.decode()
