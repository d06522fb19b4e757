"""The main job, from end to end, as a coordinator does it."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from followup.models import Assessment, Occasion
from tests.printed import text_of_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DONE = "Kontroll vid leden mot Långsjön, tolv förare på väg till fjället."


def test_from_a_logged_occasion_to_the_printed_review(page, live_server, by_form, coordinator):
    by_form(page, coordinator)

    # An activity that was missing is added on the spot, and an occasion is logged on it.
    page.get_by_role("link", name="Logga tillfälle").click()
    page.get_by_role("link", name="Ny aktivitet under löfte 3").click()
    page.get_by_label("Rubrik").fill("Skoterkontroll")
    page.get_by_label("Slag").select_option("Kontroll")
    page.get_by_role("button", name="Fortsätt till tillfället").click()
    page.get_by_label("Datum").fill("2024-03-12")
    page.get_by_label("Plats", exact=False).first.select_option("Borgafjäll")
    page.get_by_label("Vad gjordes?").fill(DONE)
    page.get_by_role("spinbutton", name="Tid i minuter").fill("240")
    page.get_by_role("button", name="Spara tillfället").click()
    expect(page.get_by_role("status")).to_contain_text("Loggat: Skoterkontroll, 12 mars 2024")

    # It stands on the overview.
    page.get_by_role("navigation").get_by_role("link", name="Översikt").click()
    expect(page.get_by_role("link", name="1 tillfälle loggat")).to_be_visible()
    promise = page.locator("ol.promise-rows > li").nth(2)
    expect(promise).to_contain_text("Skoterkörning i Borgafjäll")
    expect(promise.locator(".key-figures")).to_contain_text("1 tillfälle")

    # A review is started and the promise is assessed.
    page.get_by_role("navigation").get_by_role("link", name="Uppföljning").click()
    page.get_by_role("link", name="Ny uppföljning").click()
    page.get_by_label("Från och med").fill("2023-02-27")
    page.get_by_label("Till och med").fill("2025-02-27")
    page.get_by_label("Brytdatum").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Börja uppföljningen").click()
    page.get_by_role("row").get_by_role("link", name="Löftena").click()
    page.get_by_role("link", name="Bedöm löfte 3").click()
    page.get_by_label("Delvis uppfyllt").check()
    page.get_by_label("Motivering").fill("En kontroll gjordes, men inte på sportlovet.")
    page.get_by_role("button", name="Spara bedömningen").click()
    judged = page.locator("section.judged").filter(has_text="Skoterkörning i Borgafjäll")
    expect(judged).to_contain_text("Delvis uppfyllt")
    page.get_by_role("link", name="Uppföljning 27 februari 2023").click()

    # The PDF holds both the occasion and the assessment.
    address = page.get_by_role("link", name="Öppna PDF").get_attribute("href")
    response = page.request.get(f"{live_server.url}{address}")
    assert response.headers["content-type"] == "application/pdf"
    text = text_of_pdf(response.body())
    assert DONE in text
    assert "En kontroll gjordes, men inte på sportlovet." in text
    assert Occasion.objects.get().member == coordinator
    assert Assessment.objects.get(promise__number=3).assessed_by == coordinator
