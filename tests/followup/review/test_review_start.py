"""Before there is any review: what the list says, and what the form proposes and refuses."""

from __future__ import annotations

import pytest
import time_machine

from followup.models import Review
from tests.html import Page

pytestmark = pytest.mark.django_db

TWO_YEARS = {"ends_on": "2025-02-27", "cutoff_on": "2025-02-27"}


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


def test_before_the_first_review_the_list_says_how_to_begin(client, agreement, signed_in, reader):
    assert Page(client.get("/uppfoljning/")).text("//*[@class='empty']") == (
        "Ingen uppföljning är gjord än Börja en uppföljning. Utkastet skrivs ur loggen."
    )
    assert Page(signed_in(reader).get("/uppfoljning/")).text("//*[@class='empty']") == (
        "Ingen uppföljning är gjord än Den visas här när samordnarna har börjat."
    )


def test_the_form_proposes_no_day_to_come(client, agreement):
    form = Page(client.get("/uppfoljning/ny/")).typed
    assert form["starts_on"] == "2023-02-27"
    assert form["ends_on"] == form["cutoff_on"] == "2024-05-15"


@time_machine.travel("2025-03-03T12:00:00+01:00", tick=False)
def test_days_late_the_form_proposes_the_two_years_that_have_run_out(signed_in, coordinator):
    form = Page(signed_in(coordinator).get("/uppfoljning/ny/")).typed
    assert (form["starts_on"], form["ends_on"]) == ("2023-02-27", "2025-02-27")


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"starts_on": ""}, {"starts_on": "Fyll i det här."}),
        (
            {"ends_on": "2025-02-29"},
            {"ends_on": "Det finns inget sådant datum. Skriv det som 2024-03-15."},
        ),
        (
            {"ends_on": "2023-02-26"},
            {"ends_on": "Slutdatumet ska inte ligga före startdatumet."},
        ),
        (
            {"cutoff_on": "2025-02-26"},
            {"cutoff_on": "Brytdatumet ska inte ligga före periodens slut."},
        ),
        (
            {"registry_number": "x" * 61},
            {"registry_number": "Texten är för lång: 61 tecken. Högst 60 får plats."},
        ),
    ],
    ids=str,
)
def test_a_faulty_start_is_explained_beside_its_field(typed, faults, client, agreement):
    empty = Page(client.get("/uppfoljning/ny/")).typed

    page = Page(client.post("/uppfoljning/ny/", empty | TWO_YEARS | typed))

    assert page.errors == {name: [sentence] for name, sentence in faults.items()}
    assert page.summary == {
        f"{page.label(name)}: {sentence}": name for name, sentence in faults.items()
    }
    assert {name: page.typed[name] for name in typed} == typed
    assert not Review.objects.exists()
