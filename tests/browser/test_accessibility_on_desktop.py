"""WCAG 2.2 AA as far as a machine can tell, on a desktop in the light, with the whole example.

Parted from the phone so that two workers share the pages.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from promises.models import Activity
from tests.browser.every_page import (
    RULES,
    VISITOR_ADDRESSES,
    addresses_for,
    faults_on,
    load_example,
    spilling,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_pdf"),
]


@pytest.fixture
def example(agreement, settings):
    load_example(settings)


DESKTOP = {"width": 1280, "height": 900}
# A phone, and 400 % zoom on a small screen (WCAG 1.4.10).
NARROW = [{"width": 390, "height": 844}, {"width": 320, "height": 640}]


def test_axe_finds_nothing_on_any_page_and_none_spills_when_it_is_narrow(
    page, live_server, sign_in, example, administrator
):
    page.emulate_media(color_scheme="light")

    def faults_at_every_width(address: str) -> list[str]:
        page.set_viewport_size(DESKTOP)
        faults = faults_on(page, live_server.url + address)
        for size in NARROW:
            page.set_viewport_size(size)
            faults += spilling(page)
        return faults

    faults = [fault for address in VISITOR_ADDRESSES for fault in faults_at_every_width(address)]
    sign_in(administrator)
    for address in addresses_for(administrator):
        faults += faults_at_every_width(address)

    assert faults == []


def test_a_faulty_form_is_accessible_too(page, live_server, sign_in, example, coordinator):
    sign_in(coordinator)
    activity = Activity.objects.get(title="Skoterkontroll i Borgafjäll")
    page.goto(live_server.url + reverse("log_occasion", args=[activity.pk]))
    page.get_by_label("Datum").fill("")
    page.get_by_role("button", name="Spara tillfället").click()

    summary = page.get_by_role("alert")
    assert summary.get_by_role("link").all_inner_texts() == [
        "Datum: Fyll i det här.",
        "Vad gjordes?: Fyll i det här.",
    ]
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert Axe().run(page, options=RULES).response["violations"] == []


def test_a_conflict_shows_both_texts_and_is_accessible(
    page, live_server, sign_in, example, coordinator
):
    sign_in(coordinator)
    activity = Activity.objects.get(title="Skoterkontroll i Borgafjäll")
    page.goto(live_server.url + reverse("activity_edit", args=[activity.pk]))
    activity.description, activity.version = "Deras text.", activity.version + 1
    activity.save()
    page.get_by_label("Beskrivning").fill("Min text.")
    page.get_by_role("button", name="Spara aktiviteten").click()

    row = page.get_by_role("alert").get_by_role("row").filter(has_text="Beskrivning")
    assert row.get_by_role("cell").all_inner_texts() == ["Deras text.", "Min text."]
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.get_by_role("button", name="Spara aktiviteten").click()
    page.wait_for_url(f"**{activity.get_absolute_url()}")
    activity.refresh_from_db()
    assert activity.description == "Min text."
