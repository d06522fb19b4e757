"""The history: every change with who, when, before and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from followup.models import Occasion
from promises.history import Change, FieldChange, changes_of, in_words
from promises.models import Activity, Member, Place
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, coordinator) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


def change_form(client: Client, address: str, **changes: str):
    typed = Page(client.get(address)).typed
    return client.post(address, typed | changes)


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.what, change.verb, change.by) for change in changes]


def test_a_change_tells_who_and_from_what_to_what(client, activity, police):
    place = Place.objects.get(name="Borgafjäll")
    change_form(
        client,
        f"/aktiviteter/{activity.pk}/andra/",
        title="Skoterkväll",
        responsible=police.pk,
        place=place.pk,
        planned_from="2024-02-01",
        status="ongoing",
    )
    activity.refresh_from_db()
    [change, added] = changes_of(activity)
    assert (change.what, change.verb, change.by) == (
        "Aktivitet: Skoterkväll",
        "Ändrades",
        "Sara Samordnare",
    )
    assert set(change.fields) == {
        FieldChange("Rubrik", "Skoterkontroll", "Skoterkväll"),
        FieldChange("Ansvarig part", "Tomt", "Polisen"),
        FieldChange("Plats", "Tomt", "Borgafjäll"),
        FieldChange("Planerad från och med", "Tomt", "1 februari 2024"),
        FieldChange("Läge", "Planerad", "Pågående"),
    }
    assert (added.verb, added.by, added.fields) == ("Lades till", "Portalen", ())


def test_the_change_stands_on_the_objects_page(client, activity):
    change_form(client, f"/aktiviteter/{activity.pk}/andra/", title="Skoterkväll")
    page = Page(client.get(f"/aktiviteter/{activity.pk}/"))
    assert page.texts("//section[@class='history']//dt") == ["Rubrik"]
    assert page.texts("//section[@class='history']//dd") == [
        "Före: Skoterkontroll",
        "Efter: Skoterkväll",
    ]


def test_a_save_that_changes_nothing_is_no_change(activity):
    activity.save()
    assert told(changes_of(activity)) == [("Aktivitet: Skoterkontroll", "Lades till", "Portalen")]


def test_what_an_object_is_linked_to_from_the_start_is_part_of_its_being_added(agreement):
    assert agreement.parties.count() == 2
    assert told(changes_of(agreement)) == [(agreement.title, "Lades till", "Portalen")]


def test_changed_links_are_named(snowmobile_promise, police):
    before = ", ".join(sorted(str(party) for party in snowmobile_promise.responsible.all()))
    snowmobile_promise.topic = "Skoter i Borgafjäll"
    snowmobile_promise.save()
    snowmobile_promise.responsible.set([police])
    links, topic, _ = changes_of(snowmobile_promise)
    assert topic.fields == (
        FieldChange("Kort rubrik", "Skoterkörning i Borgafjäll", "Skoter i Borgafjäll"),
    )
    assert links.fields == (FieldChange("Ansvariga parter", before, "Polisen"),)


def test_an_emptied_counter_is_withdrawn_and_its_figure_stays_readable(client, activity):
    metric = factories.MetricFactory(activity=activity, name="Förare")
    address = f"/logga/{activity.pk}/"
    response = change_form(client, address, done="Kontroll.", **{f"metric_{metric.pk}": "14"})
    change_form(client, f"{response.url}andra/", **{f"metric_{metric.pk}": ""})
    page = Page(client.get(response.url))
    history = page.text("//section[@class='history']")
    assert "Drogs tillbaka" in history
    assert Occasion.objects.get().readings.get().value == 14
    assert Page(client.get(f"{response.url}andra/")).typed[f"metric_{metric.pk}"] == ""


def test_a_withdrawal_stands_in_the_history_with_its_reason(client, activity, coordinator):
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    client.post(f"/tillfallen/{occasion.pk}/dra-tillbaka/", {"reason": "Loggat två gånger"})
    occasion.refresh_from_db()
    change = changes_of(occasion)[0]
    assert change.by == "Sara Samordnare"
    assert FieldChange("Skäl", "Tomt", "Loggat två gånger") in change.fields


def test_a_reader_does_not_find_the_internal_note_in_the_history(
    client, signed_in, reader, activity, coordinator
):
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator, internal_note="Hemligt 1"
    )
    change_form(client, f"/tillfallen/{occasion.pk}/andra/", internal_note="Hemligt 2")
    address = f"/tillfallen/{occasion.pk}/"
    assert "Hemligt 1" in client.get(address).content.decode()
    assert "Hemligt" not in signed_in(reader).get(address).content.decode()


def test_a_sign_in_is_no_change_of_the_member(coordinator):
    Client().post("/konto/login/", {"login": coordinator.email, "password": "lösenord-för-prov"})
    coordinator.refresh_from_db()
    assert coordinator.last_login is not None
    assert [change.verb for change in changes_of(coordinator)] == ["Lades till"]


def test_the_history_costs_the_same_for_one_object_and_for_many(
    activity, django_assert_max_num_queries
):
    for number in range(12):
        factories.MetricFactory(activity=activity, name=f"Mätetal {number}")
    with django_assert_max_num_queries(8):
        changes_of(activity, *activity.metrics.all())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "Tomt"),
        ("", "Tomt"),
        (True, "Ja"),
        (False, "Nej"),
        (0, "0"),
        (date(2023, 2, 27), "27 februari 2023"),
        (Decimal("14.00"), "14"),
        (Decimal("12.50"), "12,5"),
        (Decimal("100"), "100"),
        ("text", "text"),
    ],
)
def test_values_are_told_in_swedish(value, words):
    assert in_words(value) == words


# What has no history of its own: sealed documents that never change, and Django's own.
SEALED = {"ReviewDocument", "MeetingDocument"}
# Rows that say themselves when they came and went, and a member's own choice of letters.
TELLS_ITSELF = {
    "AccessibilityFeedback",
    "CalendarFeed",
    "FormerTarget",
    "Reminder",
    "ReminderSettings",
}

# Written anew from what is stored, and never by hand.
DERIVED = {"SearchEntry", "SearchWord"}


def test_everything_that_people_change_is_kept():
    unkept = {
        model.__name__
        for app in ("promises", "followup")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical") and not hasattr(model, "history")
    }
    assert unkept == SEALED | TELLS_ITSELF | DERIVED


def test_nothing_is_deleted_in_the_administration(rf):
    admin.autodiscover()
    request = rf.get("/")
    request.user = Member(role=Member.Role.ADMINISTRATOR)
    pages = admin.site._registry.values()
    assert [page for page in pages if page.has_delete_permission(request)] == []
