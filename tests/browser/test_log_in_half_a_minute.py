"""Trettiosekundersloggen: how many taps and keystrokes it takes, on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from followup.models import Occasion
from promises.models import Activity
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT_MOST = 12


@pytest.fixture
def browser_context_args(browser_context_args):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    return {**browser_context_args, **phone}


@pytest.fixture
def activity(snowmobile_promise, coordinator) -> Activity:
    """A skoterkontroll with two counters, carried out a week ago."""
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    for name in ("Förare", "Utan anmärkning"):
        factories.MetricFactory(activity=activity, name=name, unit="")
    factories.OccasionFactory(
        activity=activity,
        date=timezone.localdate() - timedelta(days=7),
        place=factories.PlaceFactory(name="Avasjö"),
        party=coordinator.party,
        member=coordinator,
        done="Kontroll vid leden.",
        minutes=90,
    )
    return activity


@pytest.fixture
def interactions(page) -> list[str]:
    """Every tap and keystroke from here on, as the pages themselves notice them."""
    noticed: list[str] = []
    page.expose_function("noticed", lambda kind: noticed.append(kind))
    page.add_init_script(
        "for (const kind of ['click', 'keydown'])"
        " addEventListener(kind, (event) => event.isTrusted && window.noticed(kind), true)"
    )
    return noticed


def test_a_repeat_occasion_is_logged_in_a_dozen_interactions(
    page: Page, by_form, coordinator, activity, interactions
):
    by_form(page, coordinator)
    interactions.clear()

    page.get_by_role("link", name="Logga tillfälle").tap()
    page.get_by_role("link", name="Skoterkontroll").first.tap()
    page.get_by_role("link", name="Samma som förra gången").tap()
    for _ in range(4):
        page.get_by_role("button", name="Öka med 1: Förare").tap()
    page.get_by_role("button", name="Öka med 1: Utan anmärkning").tap()
    page.get_by_role("button", name="Spara tillfället").tap()
    expect(page.get_by_role("status").last).to_contain_text("Loggat: Skoterkontroll")

    assert len(interactions) == 9
    assert len(interactions) <= AT_MOST
    occasion = Occasion.objects.latest("id")
    assert (occasion.date, occasion.done) == (timezone.localdate(), "Kontroll vid leden.")
    assert (occasion.place.name, occasion.minutes) == ("Avasjö", 90)
    values = {one.metric.name: one.value for one in occasion.readings.all()}
    assert values == {"Förare": 4, "Utan anmärkning": 1}


def test_a_new_occasion_takes_three_taps_and_one_line(
    page: Page, by_form, coordinator, activity, interactions
):
    by_form(page, coordinator)
    interactions.clear()

    page.get_by_role("link", name="Logga tillfälle").tap()
    page.get_by_role("link", name="Skoterkontroll").first.tap()
    # Any field can be the first: the line is written where the form begins.
    line = "Tolv förare."
    page.get_by_label("Vad gjordes?").focus()
    page.keyboard.type(line)
    page.get_by_role("button", name="Spara tillfället").tap()
    expect(page.get_by_role("status").last).to_contain_text("Loggat: Skoterkontroll")

    assert interactions.count("click") == 3
    assert Occasion.objects.latest("id").done == line


def test_one_after_the_other(page: Page, live_server, sign_in, coordinator, activity):
    sign_in(coordinator)
    page.goto(f"{live_server.url}/logga/{activity.pk}/")
    page.get_by_label("Vad gjordes?").fill("Den första.")
    page.get_by_role("button", name="Spara och logga nästa").tap()
    page.wait_for_url("**/logga/")
    expect(page.get_by_role("status").last).to_contain_text("Loggat: Skoterkontroll")
    assert Occasion.objects.latest("id").done == "Den första."


def test_a_stepper_tells_nothing_from_nought(
    page: Page, live_server, sign_in, coordinator, activity
):
    sign_in(coordinator)
    page.goto(f"{live_server.url}/logga/{activity.pk}/")
    field = page.get_by_label("Förare", exact=True)
    fewer = page.get_by_role("button", name="Minska med 1: Förare")
    more = page.get_by_role("button", name="Öka med 1: Förare")
    seen = []
    for button in (fewer, more, fewer, fewer, more, more):
        button.tap()
        seen.append(field.input_value())
    assert seen == ["0", "1", "0", "", "1", "2"]
    field.fill("12,5")
    more.tap()
    assert field.input_value() == "13,5"


def test_it_all_works_without_scripts(browser, live_server, coordinator, activity, db):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{live_server.url}/konto/login/?next=/logga/{activity.pk}/")
    page.get_by_label("E-postadress").fill(coordinator.email)
    page.get_by_label("Lösenord").fill("lösenord-för-prov")
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("link", name="Samma som förra gången").click()
    expect(page.get_by_label("Vad gjordes?")).to_have_value("Kontroll vid leden.")
    page.get_by_label("Förare", exact=True).fill("0")
    page.get_by_role("button", name="Spara tillfället").click()
    expect(page.get_by_role("status").last).to_contain_text("Loggat: Skoterkontroll")
    context.close()
    occasion = Occasion.objects.latest("id")
    assert [one.value for one in occasion.readings.all()] == [0]
