"""The guided step to a new löftesperiod, as a coordinator and an administrator take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from promises.models import Activity, Promise, PromisePeriod
from tests import factories, life
from tests.html import Page
from tests.promises.test_agreement_edit import typed_in
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

ADDRESS = "/loften/ny-period/"


@pytest.fixture
def period(agreement) -> PromisePeriod:
    return agreement.periods.get()


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def keys(period) -> dict[int, str]:
    """From a promise's number to the beginning of its fields' names."""
    return {promise.number: f"lofte-{promise.pk}" for promise in period.promises.all()}


@pytest.fixture
def fill_in(keys) -> Callable[..., HttpResponse]:
    """Open the form, let every promise continue, type, send."""

    def send(client: Client, address: str = ADDRESS, **typed: str | list[str]) -> HttpResponse:
        sent = typed_in(client, address) | {f"{key}-carried": "continue" for key in keys.values()}
        return client.post(address, sent | typed)

    return send


# --- What is proposed ----------------------------------------------------------------------------


def test_the_new_period_is_proposed_as_long_as_the_last_one_and_right_after_it(client):
    page = Page(client.get(ADDRESS))

    assert {name: page.typed[name] for name in ("title", "starts_on", "ends_on")} == {
        "title": "Medborgarlöfte 2025-2026",
        "starts_on": "2025-01-01",
        "ends_on": "2026-12-31",
    }


def test_when_the_last_one_has_passed_the_next_new_year_is_proposed(coordinator, signed_in, period):
    with time_machine.travel("2026-11-23T12:00:00+01:00", tick=False):
        page = Page(signed_in(coordinator).get(ADDRESS))

    assert {name: page.typed[name] for name in ("title", "starts_on", "ends_on")} == {
        "title": "Medborgarlöfte 2027-2028",
        "starts_on": "2027-01-01",
        "ends_on": "2028-12-31",
    }


def test_each_promise_is_shown_with_what_was_done_and_what_the_review_proposes(
    client, snowmobile_promise, coordinator, agreement, keys
):
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    log = {"activity": activity, "party": coordinator.party, "member": coordinator}
    factories.OccasionFactory(**log)
    factories.OccasionFactory(**log).withdraw(by=coordinator, reason="Fel")
    first = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    factories.AssessmentFactory(review=first, promise=snowmobile_promise, proposal="end")
    life.adopt(first)
    second = factories.ReviewFactory(
        agreement=agreement, edition=2, corrects=first, created_by=coordinator
    )
    factories.AssessmentFactory(review=second, promise=snowmobile_promise, proposal="change")

    page = Page(client.get(ADDRESS))

    said = page.texts("//fieldset[contains(@class, 'carried')]/p[@class='soft small']")
    assert said[2] == (
        "1 tillfälle loggat. Förslag i uppföljningen 1 januari 2023 – 31 december 2024 (utkast):"
        " Ändra."
    )
    assert said[0] == "0 tillfällen loggade. Ingen uppföljning har ett förslag."
    assert page.typed[f"{keys[3]}-carried"] == "change"
    assert f"{keys[1]}-carried" not in page.typed


# --- What is saved -------------------------------------------------------------------------------


def test_the_whole_step_in_one_go(client, fill_in, period, keys, agreement):
    activity = factories.ActivityFactory(promise=period.promises.get(number=3))
    response = fill_in(
        client,
        **{
            f"{keys[1]}-carried": "end",
            f"{keys[1]}-reason": "Lagen räcker",
            f"{keys[2]}-carried": "change",
            f"{keys[2]}-topic": "Bedrägerier",
            f"{keys[2]}-wording": "Vi ska möta alla äldre.",
            "nytt-1-topic": "Skolväg",
            "nytt-1-wording": "Vi ska ses vid skolan.",
            "nytt-1-responsible": [str(agreement.parties.first().pk)],
            "nytt-1-goals": [str(agreement.goals.first().pk)],
        },
    )

    new = PromisePeriod.objects.get(predecessor=period)
    assert response.url == new.get_absolute_url()
    page = Page(client.get(response.url))
    assert page.messages == [
        "Medborgarlöfte 2025-2026 är planerad med 5 löften. Den ska undertecknas på nytt."
    ]
    assert [promise.topic for promise in new.promises.all()] == [
        "Bedrägerier",
        "Skoterkörning i Borgafjäll",
        "Trafikmiljön i centrala Dorotea",
        "Synlig polis i byarna",
        "Skolväg",
    ]
    assert Activity.objects.get(predecessor=activity).promise.period == new
    assert "Inte undertecknat än." in page.text()
    ended = period.promises.get(number=1)
    assert (ended.carried, ended.carried_reason) == ("end", "Lagen räcker")
    assert ended.history.latest("history_id").history_user.role == "coordinator"


def test_without_the_tick_no_activity_comes_along(client, fill_in, snowmobile_promise):
    factories.ActivityFactory(promise=snowmobile_promise)
    fill_in(client, **{"med-with_activities": []})
    assert Activity.objects.count() == 1


def test_a_draft_of_the_agreement_that_follows_cannot_be_chosen(client, fill_in, agreement):
    draft = factories.AgreementFactory(
        predecessor=agreement,
        is_draft=True,
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    page = Page(fill_in(client, **{"overenskommelse-under": str(draft.pk)}))
    assert page.errors["overenskommelse-under"] == ["Välj något av alternativen i listan."]


def test_a_coming_agreement_can_be_chosen(client, fill_in, agreement, period):
    coming = factories.AgreementFactory(
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    fill_in(client, **{"overenskommelse-under": str(coming.pk)})
    assert PromisePeriod.objects.get(predecessor=period).agreement == coming


def test_the_period_after_another_one_is_asked_for_in_the_address(client, fill_in, period):
    fill_in(client)
    second = PromisePeriod.objects.get(predecessor=period)

    page = Page(client.get(f"{ADDRESS}?efter={second.pk}"))
    assert page.typed["title"] == "Medborgarlöfte 2027-2028"

    response = client.get(f"{ADDRESS}?efter={period.pk}")
    assert response.url == second.get_absolute_url()
    assert Page(client.get(response.url)).messages == [
        "Efter ”Medborgarlöfte 2023-2024” kommer den här löftesperioden."
    ]


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999999"])
def test_a_period_that_does_not_exist_is_not_found(asked, client, period):
    assert client.get(f"{ADDRESS}?efter={asked}").status_code == 404


def test_a_strangers_period_is_not_found(stranger, signed_in, period, today):
    assert signed_in(stranger).get(f"{ADDRESS}?efter={period.pk}").status_code == 404


# --- What is refused -----------------------------------------------------------------------------


def refused(response: HttpResponse, name: str) -> list[str]:
    page = Page(response)
    assert name in page.summary.values()
    assert PromisePeriod.objects.count() == 1
    return page.errors[name]


def test_every_promise_has_to_be_chosen_for(client, fill_in, keys):
    response = fill_in(client, **{f"{keys[4]}-carried": ""})
    assert refused(response, f"{keys[4]}-carried") == ["Välj vad som händer med löftet."]
    assert Page(response).summary == {
        "Löfte 4, Vad händer med löftet?: Välj vad som händer med löftet.": f"{keys[4]}-carried"
    }


def test_an_end_needs_a_reason_and_what_was_typed_is_kept(client, fill_in, keys):
    response = fill_in(
        client, **{f"{keys[1]}-carried": "end", "nytt-1-topic": "Halvfärdigt", "title": "Nytt"}
    )
    assert refused(response, f"{keys[1]}-reason") == ["Skriv varför löftet avslutas."]
    page = Page(response)
    assert page.errors["nytt-1-wording"] == ["Fyll i det här."]
    assert (page.typed["nytt-1-topic"], page.typed["title"]) == ("Halvfärdigt", "Nytt")
    assert page.typed[f"{keys[1]}-carried"] == "end"


def test_a_change_needs_other_words(client, fill_in, keys):
    response = fill_in(client, **{f"{keys[1]}-carried": "change"})
    assert refused(response, f"{keys[1]}-wording") == [
        "Det här är den förra lydelsen. Ändra den, eller fortsätt."
    ]
    response = fill_in(client, **{f"{keys[1]}-carried": "change", f"{keys[1]}-topic": ""})
    assert refused(response, f"{keys[1]}-topic") == ["Skriv en kort rubrik."]


def test_dates_that_do_not_follow_are_refused(client, fill_in):
    response = fill_in(client, starts_on="2023-01-01")
    assert refused(response, "starts_on") == [
        "Den nya löftesperioden ska börja efter att den förra började."
    ]
    response = fill_in(client, starts_on="2025-01-02", ends_on="2025-01-01")
    assert refused(response, "ends_on") == ["Sista dagen ska inte ligga före första dagen."]


def test_a_period_in_which_all_promises_end_is_refused(client, fill_in, keys):
    every = {f"{key}-carried": "end" for key in keys.values()}
    every |= {f"{key}-reason": "Klart" for key in keys.values()}
    page = Page(fill_in(client, **every))
    assert page.summary == {"En löftesperiod behöver minst ett löfte.": ""}
    assert PromisePeriod.objects.count() == 1


def test_a_personal_number_is_refused_in_every_text(client, fill_in, keys):
    response = fill_in(
        client,
        **{
            "introduction": "För 19811218-9876",
            f"{keys[1]}-carried": "end",
            f"{keys[1]}-reason": "Se 19811218-9876",
            "nytt-1-wording": "Hjälp 19811218-9876",
        },
    )
    errors = Page(response).errors
    for name in ("introduction", f"{keys[1]}-reason", "nytt-1-wording"):
        assert "personnummer" in errors[name][0]
    assert PromisePeriod.objects.count() == 1


# --- When two do it at once, and when the new period is there ------------------------------------


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_gets_the_period(
    coordinator, area_police, signed_in, keys
):
    clients = [signed_in(coordinator), signed_in(area_police)]
    sent = [
        typed_in(client, ADDRESS) | {f"{key}-carried": "continue" for key in keys.values()}
        for client in clients
    ]

    responses = at_the_same_moment(
        *(
            lambda client=client, typed=typed: client.post(ADDRESS, typed)
            for client, typed in zip(clients, sent, strict=True)
        )
    )

    # Who comes last is told so on the form, or led to the period that is already there.
    assert PromisePeriod.objects.count() == 2
    assert Promise.objects.count() == 10
    assert {response.status_code for response in responses} <= {200, 302}
    for response in responses:
        if response.status_code == 200:
            assert [*Page(response).summary] == [
                "Någon annan hann före: efter ”Medborgarlöfte 2023-2024” kommer redan"
                f" ”{PromisePeriod.objects.first()}”. Inget har sparats från dig."
            ]


def test_until_it_begins_every_page_stays_with_the_earlier_period(client, fill_in, period):
    fill_in(client)
    new = PromisePeriod.objects.get(predecessor=period)

    assert Page(client.get("/loften/")).text("//h1") == "Medborgarlöfte 2023-2024"
    chosen = "//select[@name='period']/option[@selected]"
    assert Page(client.get("/oversikt/")).text(chosen) == "Medborgarlöfte 2023-2024"
    assert period.title in Page(Client().get("/")).text()
    promise = new.promises.get(number=1)
    assert Page(client.get(promise.get_absolute_url())).text(chosen) == "Medborgarlöfte 2025-2026"


def test_from_its_first_day_every_page_shows_the_new_period(
    client, fill_in, signed_in, coordinator
):
    fill_in(client)
    factories.sign(PromisePeriod.objects.get(predecessor__isnull=False))
    with time_machine.travel("2025-01-01T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        assert Page(client.get("/loften/")).text("//h1") == "Medborgarlöfte 2025-2026"
        chosen = "//select[@name='period']/option[@selected]"
        assert Page(client.get("/oversikt/")).text(chosen) == "Medborgarlöfte 2025-2026"
        assert "Medborgarlöfte 2025-2026" in Page(Client().get("/")).text()


def test_the_public_page_keeps_the_earlier_promises_until_the_new_ones_begin(
    client, fill_in, agreement
):
    """Also when a new agreement has begun to apply and its löftesperiod has not."""
    coming = factories.AgreementFactory(
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    fill_in(
        client,
        starts_on="2027-04-01",
        ends_on="2028-12-31",
        **{"overenskommelse-under": str(coming.pk)},
    )
    factories.sign(PromisePeriod.objects.get(predecessor__isnull=False))
    for day, title in (("2027-03-31", "2023-2024"), ("2027-04-01", "2025-2026")):
        with time_machine.travel(f"{day}T12:00:00+02:00", tick=False):
            assert f"Medborgarlöfte {title}" in Page(Client().get("/")).text()
