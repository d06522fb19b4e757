"""The example's review through its whole life, as the coordinator and both parties live it."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from followup.models import Review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT_LEISURE = 180_000  # ms


@pytest.fixture
def session_of(browser: Browser, browser_context_args, by_form, people):
    """A browser session of its own for each person."""
    contexts = []

    def open_session(name: str) -> Page:
        context = browser.new_context(**browser_context_args)
        contexts.append(context)
        page = context.new_page()
        by_form(page, people[name])
        return page

    yield open_session
    for context in contexts:
        context.close()


def test_a_review_is_handed_in_returned_signed_by_both_and_verified(
    session_of, live_server, page, tmp_path
):
    # The first half-year of it: a fifth of the log, and as many steps.
    Review.objects.update(ends_on=date(2023, 8, 31), cutoff_on=date(2023, 9, 30))
    address = f"{live_server.url}{Review.objects.get().get_absolute_url()}"
    coordinator, chief, deputy = map(session_of, ("samordnare", "kommunchef", "lokalpolischef"))

    # The coordinator hands it in; the kommunchef wants something changed.
    coordinator.goto(address)
    coordinator.get_by_role("link", name="Lämna in för underskrift").click()
    coordinator.get_by_role("button", name="Lämna in").click()
    expect(coordinator.get_by_role("status")).to_contain_text("Uppföljningen är inlämnad.")
    chief.goto(address)
    chief.get_by_role("link", name="Lämna tillbaka").click()
    chief.get_by_label("Vad behöver ändras?").fill("Nämn seniordagen i sammanfattningen.")
    chief.get_by_role("button", name="Lämna tillbaka").click()
    expect(chief.get_by_role("status")).to_contain_text("Uppföljningen är återlämnad.")

    # It is changed and handed in again.
    coordinator.goto(address)
    expect(coordinator.locator(".life")).to_contain_text("Nämn seniordagen i sammanfattningen.")
    coordinator.get_by_role("link", name="Sammanfattning").first.click()
    summary = coordinator.get_by_label("Sammanfattning")
    summary.fill(f"{summary.input_value()}\n\nSeniordagen drog flest besökare.")
    coordinator.get_by_role("button", name="Spara").first.click()
    expect(coordinator.locator("ul.messages")).to_contain_text("Sparat: Sammanfattning.")
    coordinator.goto(f"{address}forhandsvisning/")
    coordinator.get_by_role("button", name="Lämna in").click()

    # Both parties read and sign, each in a session of their own.
    for signatory, told in ((chief, "även den andra parten"), (deputy, "är fastställd")):
        signatory.goto(address)
        signatory.get_by_role("link", name="Läs och skriv under").click()
        expect(signatory.get_by_role("article")).to_contain_text("Seniordagen drog flest")
        signatory.get_by_label("Jag har läst uppföljningen").check()
        # The last signature waits for the final document to be made.
        signatory.get_by_role("button", name="Skriv under för").click(timeout=AT_LEISURE)
        expect(signatory.get_by_role("status")).to_contain_text(told)

    # Nobody can change it any more.
    coordinator.goto(address)
    expect(coordinator.locator(".life")).to_contain_text("Fastställd")
    expect(coordinator.get_by_role("link", name="Lämna in för underskrift")).to_have_count(0)

    # The stored file is the same each time, and anybody can verify it. (Whether it is valid PDF/A
    # and PDF/UA is asked in tests/followup/paper/test_pdf.py.)
    first, again = (coordinator.request.get(f"{address}pdf/").body() for _ in range(2))
    assert first == again
    file = tmp_path / "uppfoljning.pdf"
    file.write_bytes(first)
    page.goto(f"{live_server.url}/verifiera/")
    page.get_by_label("Välj PDF-filen").set_input_files(file)
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Ja, det är den fastställda handlingen"
    )

    # One changed byte is enough.
    file.write_bytes(first[:-1] + b"?")
    page.get_by_label("Välj PDF-filen").set_input_files(file)
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Nej, den här kontrollsumman är okänd"
    )
