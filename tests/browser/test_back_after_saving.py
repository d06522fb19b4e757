"""Back in a real browser: a form that is already saved says so, and is not saved twice unawares."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from followup.models import Occasion, Task
from tests import factories
from tests.browser.coming_to import expect_drafts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Det som skrevs här är redan sparat. Sparar du igen kan det bli dubbelt."


@pytest.fixture
def new_task(page, live_server, sign_in, agreement, coordinator) -> Page:
    """The form for a new uppdrag, open before a coordinator."""
    sign_in(coordinator)
    page.goto(f"{live_server.url}/uppdrag/nytt/")
    return page


def save(page: Page, title: str) -> None:
    page.get_by_label("Vad ska göras?").fill(title)
    page.get_by_label("Ansvarig").select_option("Sara Samordnare")
    page.get_by_label("Klart senast").fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.get_by_role("button", name="Spara").click()


def saved(page: Page) -> None:
    expect(page.locator(".message.success")).to_be_visible()


def notice(page: Page):
    return page.get_by_role("region", name="Redan sparat")


def titles() -> list[str]:
    return sorted(Task.objects.values_list("title", flat=True))


def test_back_after_a_save_says_that_it_is_saved_and_leads_there(new_task):
    save(new_task, "Ring skolan")
    saved(new_task)
    address = new_task.url
    new_task.go_back()
    expect(notice(new_task).locator("p")).to_have_text(WORDS)
    expect(notice(new_task)).to_be_focused()
    expect(notice(new_task)).to_be_in_viewport()
    # Neither the button nor Enter in a field sends it once more.
    expect(new_task.locator("main form")).to_have_attribute("inert", "")
    notice(new_task).get_by_role("link", name="Ring skolan").click()
    new_task.wait_for_url(address)
    assert titles() == ["Ring skolan"]


def test_who_wants_to_may_go_on_writing_and_save_another(new_task):
    save(new_task, "Ring skolan")
    saved(new_task)
    new_task.go_back()
    notice(new_task).get_by_role("button", name="Skriv vidare här ändå").click()
    expect(notice(new_task)).to_have_count(0)
    expect(new_task.get_by_label("Vad ska göras?")).to_be_focused()
    save(new_task, "Boka lokal")
    saved(new_task)
    assert titles() == ["Boka lokal", "Ring skolan"]
    expect_drafts(new_task, 0)

    new_task.go_back()
    expect(notice(new_task).get_by_role("link", name="Boka lokal")).to_be_visible()


def test_the_page_loaded_anew_is_a_new_form(new_task):
    save(new_task, "Ring skolan")
    saved(new_task)
    new_task.go_back()
    expect(notice(new_task)).to_be_visible()
    new_task.reload()
    expect(new_task.get_by_label("Vad ska göras?")).to_have_value("")
    expect(notice(new_task)).to_have_count(0)
    save(new_task, "Boka lokal")
    saved(new_task)
    assert titles() == ["Boka lokal", "Ring skolan"]


def test_a_form_that_was_refused_is_known_when_it_is_saved_at_last(new_task):
    form = new_task.url
    save(new_task, "Ring 19121212-1212")
    expect(new_task.get_by_role("alert")).to_contain_text("personnummer")
    save(new_task, "Ring skolan")
    saved(new_task)
    # The answer that refused it is a page of its own in the history, which browsers ask about.
    new_task.evaluate("history.go(-2)")
    new_task.wait_for_url(form)
    expect(notice(new_task)).to_be_visible()


def test_a_form_that_was_left_unsaved_says_nothing_of_the_kind(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    new_task.get_by_role("link", name="Avbryt").click()
    new_task.wait_for_url("**/uppdrag/")
    new_task.go_back()
    expect(new_task.get_by_label("Vad ska göras?")).to_be_visible()
    expect(notice(new_task)).to_have_count(0)
    save(new_task, "Ring skolan")
    saved(new_task)
    assert titles() == ["Ring skolan"]


def test_a_form_that_was_refused_and_not_sent_again_is_not_said_to_be_saved(new_task):
    save(new_task, "Ring 19121212-1212")
    expect(new_task.get_by_role("alert")).to_contain_text("personnummer")
    new_task.go_back()
    expect(new_task.get_by_role("alert")).to_have_count(0)
    expect(new_task.get_by_label("Vad ska göras?")).to_be_visible()
    expect(notice(new_task)).to_have_count(0)


def test_back_after_something_is_logged_says_so_too(
    page, live_server, sign_in, coordinator, snowmobile_promise
):
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    sign_in(coordinator)
    page.goto(f"{live_server.url}/logga/{activity.pk}/")
    page.get_by_label("Vad gjordes?").fill("Tre stopp.")
    page.get_by_role("button", name="Spara tillfället").click()
    saved(page)
    # Said once: the outbox, which has sent it too, does not repeat it.
    expect(page.locator("html")).to_have_attribute("data-waiting", "0")
    expect(page.get_by_text("Loggat: Skoterkontroll")).to_have_count(1)
    page.go_back()
    expect(notice(page).locator("p")).to_have_text(WORDS)
    notice(page).get_by_role("link").click()
    page.wait_for_url(f"**{Occasion.objects.get().get_absolute_url()}")
