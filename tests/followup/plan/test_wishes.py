"""Wishes: noted on the activity's page, and answered with an occasion or with why not."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError

from followup.models import Wish
from promises.models import Activity
from tests import factories
from tests.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(
        title="Samtal i skolan", promise=snowmobile_promise, target_per="on_request"
    )


@pytest.fixture
def wish(activity, coordinator) -> Wish:
    return factories.WishFactory(activity=activity, noted_by=coordinator)


@pytest.fixture
def occasion(activity, coordinator):
    return factories.OccasionFactory(
        activity=activity, date=date(2024, 4, 20), party=coordinator.party, member=coordinator
    )


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


NOTED = {"received_on": "2024-05-02", "asked_by": "Parkskolan", "wish": "Ett samtal om snus."}


def test_a_wish_is_noted_and_stands_on_the_activitys_page(client, activity, coordinator):
    response = client.post(f"/aktiviteter/{activity.pk}/onskemal/", NOTED, follow=True)
    wish = Wish.objects.get()
    assert (wish.activity, wish.noted_by) == (activity, coordinator)
    page = Page(response)
    row = page.one(f"//tr[@id='onskemal-{wish.pk}']")
    assert " ".join(row.text_content().split()) == (
        "2 maj 2024 Parkskolan Ett samtal om snus. Väntar"
    )
    assert "Önskemålet från Parkskolan är noterat." in page.text()


def test_it_is_met_by_an_occasion_of_the_same_activity(client, wish, occasion):
    other = factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=wish.activity.promise),
        party=occasion.party,
        member=occasion.member,
    )
    address = f"/onskemal/{wish.pk}/andra/"
    offered = Page(client.get(address)).all("//select[@name='met_by']/option")
    assert [option.text_content() for option in offered] == ["Inget valt", "20 april 2024"]
    answer = {**NOTED, "version": wish.version}
    refused = client.post(address, {**answer, "met_by": other.pk})
    assert refused.context["form"].errors.keys() == {"met_by"}
    response = client.post(address, {**answer, "met_by": occasion.pk}, follow=True)
    wish.refresh_from_db()
    assert (wish.met_by, wish.state) == (occasion, Wish.State.MET)
    assert "Önskemålet är sparat: mött." in Page(response).text()
    assert "20 april 2024" in Page(response).texts(f"//a[@href='/tillfallen/{occasion.pk}/']")


def test_it_is_declined_with_a_reason_and_never_both(client, wish, occasion):
    address = f"/onskemal/{wish.pk}/andra/"
    answer = {**NOTED, "version": wish.version, "declined_reason": "Ingen kunde den veckan."}
    both = client.post(address, {**answer, "met_by": occasion.pk})
    assert both.context["form"].errors == {
        "declined_reason": ["Välj antingen ett tillfälle eller skriv ett skäl, inte båda."]
    }
    page = Page(client.post(address, answer, follow=True))
    row = page.one(f"//tr[@id='onskemal-{wish.pk}']").text_content()
    assert "Möts inte" in row
    assert "Ingen kunde den veckan." in row


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("received_on", "2024-05-16", "Dagen ligger framåt i tiden. Skriv den dag det kom in."),
        ("received_on", "1024-05-16", "Kontrollera årtalet."),
        ("asked_by", "", "Fyll i det här."),
        ("wish", "", "Fyll i det här."),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(
    client, activity, field, value, sentence
):
    response = client.post(f"/aktiviteter/{activity.pk}/onskemal/", {**NOTED, field: value})
    assert response.context["form"].errors == {field: [sentence]}
    assert not Wish.objects.exists()
    page = Page(response)
    kept = {name: text for name, text in NOTED.items() if name != field}
    for name, text in kept.items():
        typed = page.one(f"//*[@name='{name}']")
        assert (typed.get("value") or typed.text_content()).strip() == text


def test_only_what_is_done_on_request_takes_wishes(client, snowmobile_promise):
    by_number = factories.ActivityFactory(
        promise=snowmobile_promise, target_count=2, target_per="year"
    )
    assert client.get(f"/aktiviteter/{by_number.pk}/onskemal/").status_code == 404
    assert "Önskemål" not in Page(client.get(f"/aktiviteter/{by_number.pk}/")).text()


def test_one_whose_target_was_on_request_keeps_its_wishes(client, wish):
    activity = wish.activity
    activity.keep_former_target({"target_per": "on_request"}, date(2024, 5, 1))
    Activity.objects.filter(pk=activity.pk).update(target_count=2, target_per="year")
    assert "Bergvattenskolan" in Page(client.get(f"/aktiviteter/{activity.pk}/")).text()
    assert client.get(f"/aktiviteter/{activity.pk}/onskemal/").status_code == 200


def test_a_wish_is_withdrawn_and_counts_no_more(client, wish):
    address = f"/onskemal/{wish.pk}/dra-tillbaka/"
    response = client.post(address, {"reason": "Noterat två gånger."}, follow=True)
    assert "Önskemålet är tillbakadraget och räknas inte längre." in Page(response).text()
    assert "Inget önskemål har kommit in." in Page(response).text()
    assert client.get(f"/onskemal/{wish.pk}/andra/").status_code == 404


def test_the_database_refuses_what_is_both_met_and_declined(wish, occasion):
    wish.met_by, wish.declined_reason = occasion, "Ingen kunde."
    with pytest.raises(IntegrityError):
        wish.save()


# --- The level itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "per", "errors"),
    [
        ("", "on_request", {}),
        ("", "not_stated", {}),
        ("", "", {}),
        (
            "2",
            "on_request",
            {"target_count": ["Lämna antalet tomt: det som är valt har inget antal."]},
        ),
        ("", "year", {"target_count": ["Skriv ett antal, minst 1."]}),
        ("2", "", {"target_per": ["Välj vad antalet räknas per."]}),
    ],
)
def test_a_level_has_a_number_or_is_one_of_the_two_without(
    client, snowmobile_promise, count, per, errors
):
    typed = {"title": "Dialog", "promise": snowmobile_promise.pk, "kind": "dialogue"}
    typed |= {"status": "planned", "target_count": count, "target_per": per}
    response = client.post("/aktiviteter/ny/", typed)
    assert (response.context["form"].errors if errors else {}) == errors
    assert Activity.objects.filter(title="Dialog").exists() is (not errors)


def test_what_is_left_unstated_is_said_on_its_page(client, snowmobile_promise):
    activity = factories.ActivityFactory(promise=snowmobile_promise, target_per="not_stated")
    assert (
        "Åtagandenivå: inte särskilt angivet. Det som görs räknas, men mäts inte mot något antal."
        in Page(client.get(f"/aktiviteter/{activity.pk}/")).text()
    )
