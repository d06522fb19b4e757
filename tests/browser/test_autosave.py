"""Autosave in a real browser: what is typed is saved by itself, and is never lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from followup.models import Review, ReviewText
from followup.review.draft import start_review
from tests import factories
from tests.browser.coming_to import expect_value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVED = re.compile(r"Sparat \d\d\.\d\d")
KEPT = "Inte sparat – texten finns kvar här i webbläsaren. Den sparas när nätet är tillbaka."


@pytest.fixture
def review(agreement, coordinator) -> Review:
    days = {"starts_on": date(2023, 2, 27), "ends_on": date(2025, 2, 27)}
    review = factories.ReviewFactory.build(
        agreement=agreement, created_by=None, cutoff_on=date(2025, 2, 27), **days
    )
    return start_review(review, by=coordinator)


@pytest.fixture
def conclusions(page, live_server, sign_in, review, coordinator):
    """The section's page, open before its writer."""
    sign_in(coordinator)
    page.goto(f"{live_server.url}{review.texts.get(kind='conclusions').get_absolute_url()}")
    return page


def stored(kind: str = "conclusions") -> str:
    return ReviewText.objects.get(kind=kind).text


def status_of(page, label: str = "Slutsatser"):
    return page.locator(".field", has=page.get_by_label(label)).locator("+ .autosave-status")


def expect_left_in(page, number: int) -> None:
    """The browser still keeps so many copies."""
    expect_value(
        page, "Object.keys(localStorage).filter((key) => key.startsWith('autosave')).length", number
    )


def close_without_network(page) -> None:
    """Close the tab, with the net cut to the very end.

    The browser lets go of `set_offline` before the page, which saves when the net is back.
    """
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no net')); }")
    page.close()


def test_what_is_typed_is_saved_without_pressing_anything(conclusions):
    conclusions.get_by_label("Slutsatser").press_sequentially("Fast tid på året fungerar.")
    expect(status_of(conclusions)).to_have_text("Sparas strax …")
    expect(status_of(conclusions)).to_have_text(SAVED)
    assert stored() == "Fast tid på året fungerar."
    expect_left_in(conclusions, 0)

    # Each save stands on the one before it.
    conclusions.get_by_label("Slutsatser").press_sequentially(" Två ansvarar.")
    expect(status_of(conclusions)).to_have_text("Sparas strax …")
    expect(status_of(conclusions)).to_have_text(SAVED)
    assert stored() == "Fast tid på året fungerar. Två ansvarar."


def test_a_text_is_saved_when_its_writer_moves_on_to_the_next(conclusions):
    conclusions.get_by_label("Slutsatser").fill("Färre löften.")
    conclusions.get_by_label("Utvecklingsmöjligheter").focus()
    expect(status_of(conclusions)).to_have_text(SAVED)
    assert stored() == "Färre löften."


def test_the_button_saves_and_leaves_nothing_behind_in_the_browser(conclusions):
    conclusions.get_by_label("Slutsatser").fill("Färre löften.")
    conclusions.get_by_role("button", name="Spara").first.click()
    expect(
        conclusions.get_by_role("listitem").filter(has_text="Sparat: Slutsatser.")
    ).to_be_visible()
    assert stored() == "Färre löften."
    expect_left_in(conclusions, 0)


def test_a_cut_network_and_a_closed_tab_lose_nothing(conclusions, context):
    context.set_offline(True)
    conclusions.get_by_label("Slutsatser").fill("Skrivet på bussen till Borgafjäll.")
    expect(status_of(conclusions)).to_have_text(KEPT)
    conclusions.get_by_role("button", name="Spara").first.click()
    expect(conclusions.get_by_label("Slutsatser")).to_have_value(
        "Skrivet på bussen till Borgafjäll."
    )
    address = conclusions.url
    close_without_network(conclusions)
    context.set_offline(False)
    assert stored() == ""

    again = context.new_page()
    again.goto(address)
    notice = again.get_by_role("region", name="Text som inte är sparad")
    expect(notice.locator("blockquote")).to_have_text("Skrivet på bussen till Borgafjäll.")
    notice.get_by_role("button", name="Återställ min text").click()
    expect(again.get_by_label("Slutsatser")).to_have_value("Skrivet på bussen till Borgafjäll.")
    expect(status_of(again)).to_have_text(SAVED)
    expect(notice).to_have_count(0)
    assert stored() == "Skrivet på bussen till Borgafjäll."
    expect_left_in(again, 0)


def test_it_is_saved_by_itself_when_the_network_is_back(conclusions, context):
    context.set_offline(True)
    conclusions.get_by_label("Slutsatser").fill("Utan täckning.")
    expect(status_of(conclusions)).to_have_text(KEPT)
    context.set_offline(False)
    expect(status_of(conclusions)).to_have_text(SAVED)
    assert stored() == "Utan täckning."


def test_what_was_kept_can_be_thrown_away(conclusions, context):
    context.set_offline(True)
    conclusions.get_by_label("Slutsatser").fill("Ett infall.")
    expect(status_of(conclusions)).to_have_text(KEPT)
    address = conclusions.url
    close_without_network(conclusions)
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)
    again.get_by_role("button", name="Släng den").click()
    expect(again.get_by_role("region", name="Text som inte är sparad")).to_have_count(0)
    again.reload()
    expect(again.get_by_label("Slutsatser")).to_have_value("")
    expect(again.get_by_role("region", name="Text som inte är sparad")).to_have_count(0)
    expect_left_in(again, 0)
    assert stored() == ""


def test_two_writers_are_told_and_neither_text_is_lost(conclusions):
    text = ReviewText.objects.get(kind="conclusions")
    text.text, text.version = "Deras slutsats.", text.version + 1
    text.save()

    conclusions.get_by_label("Slutsatser").fill("Min slutsats.")
    expect(status_of(conclusions)).to_have_text(
        "Inte sparat – någon annan har sparat medan du skrev. Tryck på knappen Spara så visas"
        " båda texterna."
    )
    expect(conclusions.get_by_label("Slutsatser")).to_have_value("Min slutsats.")
    assert stored() == "Deras slutsats."

    conclusions.get_by_role("button", name="Spara").first.click()
    row = conclusions.get_by_role("alert").get_by_role("row").filter(has_text="Slutsatser")
    expect(row.get_by_role("cell").first).to_have_text("Deras slutsats.")
    expect(row.get_by_role("cell").last).to_have_text("Min slutsats.")
    expect(conclusions.get_by_label("Slutsatser")).to_have_value("Min slutsats.")
    conclusions.get_by_role("button", name="Spara").click()
    conclusions.wait_for_url("**/avsnitt/conclusions/**")
    assert stored() == "Min slutsats."
    expect_left_in(conclusions, 0)


def test_what_was_kept_does_not_overwrite_what_others_saved_since(conclusions, context):
    context.set_offline(True)
    conclusions.get_by_label("Slutsatser").fill("Min slutsats.")
    expect(status_of(conclusions)).to_have_text(KEPT)
    address = conclusions.url
    close_without_network(conclusions)
    context.set_offline(False)
    text = ReviewText.objects.get(kind="conclusions")
    text.text, text.version = "Deras slutsats.", text.version + 1
    text.save()

    again = context.new_page()
    again.goto(address)
    again.get_by_role("button", name="Återställ min text").click()
    expect(status_of(again)).to_contain_text("någon annan har sparat medan du skrev")
    assert stored() == "Deras slutsats."


def test_a_refused_text_is_explained_and_stays(conclusions):
    typed = "Föraren 19121212-1212 anmäldes."
    conclusions.get_by_label("Slutsatser").fill(typed)
    expect(status_of(conclusions)).to_contain_text(
        "Inte sparat: Texten innehåller ett personnummer eller samordningsnummer"
    )
    expect(conclusions.get_by_label("Slutsatser")).to_have_value(typed)
    assert stored() == ""
    conclusions.get_by_label("Slutsatser").fill("En förare anmäldes.")
    expect(status_of(conclusions)).to_have_text(SAVED)
    assert stored() == "En förare anmäldes."


def test_a_session_that_is_over_is_told_and_the_text_kept(conclusions):
    Session.objects.all().delete()
    conclusions.get_by_label("Slutsatser").fill("Skrivet efter lunch.")
    expect(status_of(conclusions)).to_contain_text("Inte sparat – du är utloggad.")
    expect(conclusions.get_by_label("Slutsatser")).to_have_value("Skrivet efter lunch.")
    expect_left_in(conclusions, 1)


def test_an_unfinished_judgement_keeps_its_reason(page, live_server, sign_in, review, coordinator):
    sign_in(coordinator)
    assessment = review.assessments.get(goal__number=1)
    page.goto(f"{live_server.url}{review.get_absolute_url()}bedomning/{assessment.pk}/")
    page.get_by_label("Motivering").fill("Inbrotten har gått ner.")
    expect(status_of(page, "Motivering")).to_have_text(SAVED)
    assessment.refresh_from_db()
    assert (assessment.value, assessment.rationale) == ("", "Inbrotten har gått ner.")
    assert assessment.assessed_by is None
    page.get_by_label("Uppnått", exact=True).check()
    page.get_by_role("button", name="Spara bedömningen").click()
    page.wait_for_url("**/avsnitt/goals/**")
    assessment.refresh_from_db()
    assert (assessment.value, assessment.assessed_by) == ("achieved", coordinator)
