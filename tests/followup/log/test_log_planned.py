"""Logging what was planned: from the plan to the log, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from followup.forms.log.occasion import PLANNED_IS_CANCELLED, PLANNED_IS_LOGGED
from followup.models import Occasion
from promises.models import Activity, Place, PlannedOccasion
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def planned(activity) -> PlannedOccasion:
    """For the Friday before today."""
    return factories.PlannedOccasionFactory(
        activity=activity, date=date(2024, 5, 10), place=Place.objects.get(name="Risbäck")
    )


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def address(activity, planned) -> str:
    return f"/logga/{activity.pk}/?planerat={planned.pk}"


@pytest.fixture
def fill_in(client, address) -> Callable[..., HttpResponse]:
    def send(**typed: str) -> HttpResponse:
        return client.post(address, Page(client.get(address)).typed | typed)

    return send


def test_the_form_is_filled_in_from_the_plan(client, address, planned):
    page = Page(client.get(address))
    assert (page.typed["date"], page.typed["place"]) == ("2024-05-10", str(planned.place_id))
    assert page.text("//p[@class='notice']") == "Planerat till 10 maj 2024, Risbäck."
    planned.date = date(2024, 5, 20)
    planned.save()
    assert Page(client.get(address)).typed["date"] == "2024-05-15"


def test_the_occasion_is_tied_to_the_plan(fill_in, client, planned, activity):
    response = fill_in(done="Kontroll.", date="2024-05-11")
    occasion = Occasion.objects.get()
    assert (occasion.planned, occasion.date) == (planned, date(2024, 5, 11))
    assert response.url == f"/tillfallen/{occasion.pk}/"
    page = Page(client.get(activity.get_absolute_url()))
    [row] = page.rows("//table[caption[starts-with(., 'Genomförda')]]")
    assert row == ["2024-05-10", "Genomfört", "Risbäck", "", "", "Se tillfället"]
    assert "Genomförda och inställda (1)" in page.texts("//details/summary")


def test_a_second_one_is_refused_beside_the_form_and_keeps_its_text(
    fill_in, client, address, activity
):
    form = Page(client.get(address)).typed
    fill_in(done="Deras text.")
    page = Page(client.post(address, form | {"done": "Min text."}))
    assert page.summary == {PLANNED_IS_LOGGED: ""}
    assert page.typed["done"] == "Min text."
    assert page.one("//button[@formaction]").get("formaction") == f"/logga/{activity.pk}/"
    # It can be saved as an occasion of its own, with everything typed.
    client.post(f"/logga/{activity.pk}/", page.typed)
    own = Occasion.objects.get(done="Min text.")
    assert own.planned is None


def test_a_double_tap_gives_one_occasion(client, address):
    form = Page(client.get(address)).typed | {"done": "Kontroll."}
    responses = [client.post(address, form) for _ in range(2)]
    assert {response.url for response in responses} == {f"/tillfallen/{Occasion.objects.get().pk}/"}


def test_a_withdrawn_occasion_leaves_the_plan_free_again(fill_in, planned, coordinator):
    fill_in(done="Kontroll.")
    Occasion.objects.get().withdraw(by=coordinator, reason="Fel dag")
    assert fill_in(done="Kontroll igen.").status_code == 302
    assert Occasion.objects.carried_out().get().planned == planned


def test_one_cancelled_meanwhile_is_refused_and_keeps_the_text(
    client, address, planned, coordinator
):
    form = Page(client.get(address)).typed | {"done": "Min text."}
    planned.cancel(by=coordinator, reason="Töväder")
    page = Page(client.post(address, form))
    assert page.summary == {PLANNED_IS_CANCELLED: ""}
    assert page.typed["done"] == "Min text."
    assert not Occasion.objects.exists()


@pytest.mark.parametrize("key", ["0", "x", "²"])
def test_a_planned_one_that_is_not_there_is_not_found(key, client, activity):
    assert client.get(f"/logga/{activity.pk}/", {"planerat": key}).status_code == 404


def test_another_activitys_plan_is_not_found(client, activity):
    other = factories.PlannedOccasionFactory()
    assert client.get(f"/logga/{activity.pk}/", {"planerat": other.pk}).status_code == 404


def test_what_is_planned_about_now_is_offered_first(client, activity, planned, coordinator):
    for day in (date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 29), date(2024, 5, 30)):
        factories.PlannedOccasionFactory(activity=activity, date=day)
    factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 16)).cancel(
        by=coordinator, reason="Töväder"
    )
    factories.PlannedOccasionFactory(date=date(2024, 5, 15))  # another agreement's
    page = Page(client.get("/logga/"))
    assert page.texts("//main//h2")[0] == "Planerat nu"
    assert page.texts("(//ul[@class='pick'])[1]/li") == [
        "Skoterkontroll 1 maj 2024 · försenat",
        "Skoterkontroll 10 maj 2024 · Risbäck · försenat",
        "Skoterkontroll 29 maj 2024",
    ]
    first = page.all("(//ul[@class='pick'])[1]/li/a")[1]
    assert first.get("href") == f"/logga/{activity.pk}/?planerat={planned.pk}"


# --- Two at the same moment ----------------------------------------------------------------


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_log_the_same_planned_one_exactly_one_does(client, address, planned):
    forms = [Page(client.get(address)).typed | {"done": text} for text in ("Min.", "Deras.")]
    responses = at_the_same_moment(
        *(lambda form=form: client.post(address, form) for form in forms)
    )
    lost, won = sorted(responses, key=lambda response: response.status_code)
    assert (lost.status_code, won.status_code) == (200, 302)
    loser, occasion = Page(lost), Occasion.objects.get()
    assert loser.summary == {PLANNED_IS_LOGGED: ""}
    assert {loser.typed["done"], occasion.done} == {"Min.", "Deras."}
    assert occasion.planned == planned


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_one_who_logs_and_one_who_cancels_only_one_succeeds(client, address, planned):
    form = Page(client.get(address)).typed | {"done": "Kontroll."}
    at_the_same_moment(
        lambda: client.post(address, form),
        lambda: client.post(f"/planerade/{planned.pk}/stall-in/", {"reason": "Töväder"}),
    )
    planned.refresh_from_db()
    assert planned.is_cancelled != Occasion.objects.exists()
