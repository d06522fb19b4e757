"""Drafts in a real browser: what is typed in any form survives a closed tab, for its writer only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from followup.models import Occasion, Task
from promises.models import Activity
from tests import factories
from tests.browser.coming_to import expect_drafts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEFT = "Text som inte är sparad"


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def occasion(activity, coordinator) -> Occasion:
    return factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator, done="Tre stopp."
    )


@pytest.fixture
def new_task(page, live_server, sign_in, agreement, coordinator) -> Page:
    """The form for a new uppdrag, open before a coordinator."""
    sign_in(coordinator)
    page.goto(f"{live_server.url}/uppdrag/nytt/")
    return page


def offered(page: Page):
    return page.get_by_role("region", name=LEFT)


def opened_again(page: Page, address: str = "") -> Page:
    """The tab closed, and the page opened in another."""
    address = address or page.url
    page.close()
    again = page.context.new_page()
    again.goto(address)
    return again


def fill_in(page: Page, title: str) -> None:
    page.get_by_label("Vad ska göras?").fill(title)
    page.get_by_label("Ansvarig").select_option("Sara Samordnare")
    page.get_by_label("Klart senast").fill((timezone.localdate() + timedelta(days=7)).isoformat())


def test_what_was_typed_before_the_tab_was_closed_is_offered_and_restored(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")

    again = opened_again(new_task)
    expect(offered(again)).to_contain_text("Här finns text som du skrev i dag kl. ")
    expect(offered(again).locator("blockquote")).to_have_text("Ring skolan")
    expect(again.get_by_label("Vad ska göras?")).to_have_value("")
    offered(again).get_by_role("button", name="Återställ min text").click()
    expect(again.get_by_label("Vad ska göras?")).to_have_value("Ring skolan")
    expect(offered(again)).to_have_count(0)

    # Restored it is still not saved, and survives the next closed tab too.
    expect(offered(opened_again(again)).locator("blockquote")).to_have_text("Ring skolan")


def test_what_is_thrown_away_is_gone(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ett infall")
    again = opened_again(new_task)
    offered(again).get_by_role("button", name="Släng den").click()
    expect(offered(again)).to_have_count(0)
    expect_drafts(again, 0)


def test_typing_anew_does_not_overwrite_what_was_left_and_both_are_offered_newest_first(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    again = opened_again(new_task)
    again.get_by_label("Vad ska göras?").fill("Boka lokal")
    expect(offered(opened_again(again)).locator("blockquote")).to_have_text(
        ["Boka lokal", "Ring skolan"]
    )


def test_what_is_typed_and_taken_away_again_is_no_draft(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ring")
    expect_drafts(new_task, 1)
    new_task.get_by_label("Vad ska göras?").fill("")
    expect_drafts(new_task, 0)


def test_a_saved_form_leaves_nothing_behind(new_task):
    address = new_task.url
    fill_in(new_task, "Ring skolan")
    new_task.get_by_role("button", name="Spara").click()
    expect(new_task.locator(".message.success")).to_be_visible()
    assert Task.objects.get().title == "Ring skolan"
    expect_drafts(new_task, 0)

    new_task.go_back()
    expect(offered(new_task)).to_have_count(0)
    expect(offered(opened_again(new_task, address))).to_have_count(0)


def test_a_refused_form_keeps_its_text_without_doubling_it_until_it_is_saved(new_task):
    fill_in(new_task, "Ring 19121212-1212")
    new_task.get_by_role("button", name="Spara").click()
    expect(new_task.get_by_role("alert")).to_contain_text("personnummer")
    expect(new_task.get_by_label("Vad ska göras?")).to_have_value("Ring 19121212-1212")
    expect(offered(new_task)).to_have_count(0)
    expect_drafts(new_task, 1)

    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    expect_drafts(new_task, 1)
    new_task.get_by_role("button", name="Spara").click()
    expect(new_task.locator(".message.success")).to_be_visible()
    expect_drafts(new_task, 0)


def test_a_refused_form_whose_tab_is_closed_is_offered(new_task):
    fill_in(new_task, "Ring 19121212-1212")
    new_task.get_by_role("button", name="Spara").click()
    expect(new_task.get_by_role("alert")).to_be_visible()
    again = opened_again(new_task)
    expect(offered(again).locator("blockquote").first).to_have_text("Ring 19121212-1212")


def test_a_form_sent_without_network_is_offered_at_the_next_visit(new_task, live_server):
    address = new_task.url
    fill_in(new_task, "Ring skolan")
    new_task.context.set_offline(True)
    new_task.get_by_role("button", name="Spara").click()
    expect(new_task.locator("main")).to_have_count(0)
    new_task.context.set_offline(False)
    # Another page of the portal is no proof that the text was saved.
    new_task.goto(f"{live_server.url}/uppdrag/")
    again = opened_again(new_task, address)
    expect(offered(again).locator("blockquote").first).to_have_text("Ring skolan")


def test_a_form_sent_after_the_session_is_over_is_offered_after_sign_in(
    new_task, sign_in, coordinator
):
    address = new_task.url
    fill_in(new_task, "Ring skolan")
    Session.objects.all().delete()
    new_task.get_by_role("button", name="Spara").click()
    new_task.wait_for_url("**/konto/login/**")
    sign_in(coordinator)
    new_task.goto(address)
    expect(offered(new_task).locator("blockquote").first).to_have_text("Ring skolan")
    assert Task.objects.count() == 0


def test_another_member_at_the_same_computer_sees_nothing_of_it(new_task, sign_in, area_police):
    address = new_task.url
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    new_task.context.clear_cookies()
    sign_in(area_police)
    new_task.goto(address)
    expect(new_task.get_by_label("Vad ska göras?")).to_be_visible()
    expect(offered(new_task)).to_have_count(0)
    expect_drafts(new_task, 1)  # kept for its writer


def test_a_draft_of_more_than_thirty_days_is_dropped(new_task):
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    new_task.get_by_label("Klart senast").focus()
    new_task.evaluate(
        """() => {
            const key = Object.keys(localStorage).find((key) => key.startsWith("draft"));
            const at = new Date(Date.now() - 31 * 86400e3).toISOString();
            localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage[key]), at }));
        }"""
    )
    again = opened_again(new_task)
    expect(offered(again)).to_have_count(0)
    expect_drafts(again, 0)


def test_who_signs_out_may_throw_away_what_is_not_saved(new_task, live_server):
    new_task.goto(f"{live_server.url}/konto/logout/")
    expect(offered(new_task)).to_be_hidden()

    new_task.goto(f"{live_server.url}/uppdrag/nytt/")
    new_task.get_by_label("Vad ska göras?").fill("Ring skolan")
    new_task.goto(f"{live_server.url}/konto/logout/")
    new_task.get_by_role("button", name="Släng den osparade texten").click()
    expect(offered(new_task)).to_have_text("Den osparade texten är slängd.")
    expect_drafts(new_task, 0)


def test_what_was_restored_does_not_overwrite_what_others_saved_since(
    page, live_server, sign_in, coordinator, occasion
):
    sign_in(coordinator)
    page.goto(f"{live_server.url}{occasion.get_absolute_url()}andra/")
    page.get_by_label("Vad gjordes?").fill("Min text.")
    occasion.done, occasion.version = "Deras text.", occasion.version + 1
    occasion.save()

    again = opened_again(page)
    offered(again).get_by_role("button", name="Återställ min text").click()
    again.get_by_role("button", name="Spara ändringen").click()
    expect(again.get_by_role("alert")).to_contain_text("Någon annan hann före")
    row = again.get_by_role("row").filter(has_text="Vad gjordes?")
    expect(row.get_by_role("cell").first).to_have_text("Deras text.")
    expect(row.get_by_role("cell").last).to_have_text("Min text.")
    occasion.refresh_from_db()
    assert occasion.done == "Deras text."


def test_a_button_pressed_twice_saves_once(new_task):
    fill_in(new_task, "Ring skolan")
    new_task.get_by_role("button", name="Spara").dblclick()
    expect(new_task.locator(".message.success")).to_be_visible()
    assert Task.objects.count() == 1


def test_what_was_saved_is_said_where_the_page_is_scrolled_to(
    page, live_server, sign_in, coordinator, activity
):
    sign_in(coordinator)
    page.goto(f"{live_server.url}/aktiviteter/{activity.pk}/planera/")
    page.get_by_label("Datum").first.fill((timezone.localdate() + timedelta(days=7)).isoformat())
    page.locator("main form button.main").click()
    page.wait_for_url("**/#planerat")
    expect(page.locator(".message.success")).to_be_in_viewport()


def test_back_from_an_occasion_leads_to_the_log_as_it_was_narrowed_and_scrolled(
    page, live_server, sign_in, coordinator, activity
):
    for number in range(25):
        factories.OccasionFactory(
            activity=activity,
            party=coordinator.party,
            member=coordinator,
            done=f"Kontroll {number}.",
        )
    sign_in(coordinator)
    address = f"{live_server.url}/tillfallen/?sok=kontroll"
    page.goto(address)
    last = page.locator("main tbody a").last
    last.scroll_into_view_if_needed()
    scrolled = page.evaluate("scrollY")
    last.click()
    page.wait_for_url("**/tillfallen/*/")
    page.go_back()
    expect(page.locator("main tbody a").last).to_be_in_viewport()
    assert (page.url, scrolled > 0) == (address, True)
