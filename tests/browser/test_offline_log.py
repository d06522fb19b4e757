"""Logging without coverage, in a real Chromium with a real service worker: nothing is lost or doubled."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from followup.forms.log.occasion import OccasionForm
from followup.models import Occasion, Review
from promises.models import Activity
from tests import factories
from tests.browser.coming_to import expect_drafts, expect_value
from tests.life import hand_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whether the page for logging offline is kept, and somebody there to give it.
IS_KEPT = """async () => [
    (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
    await caches.match("/logga/utan-nat/") !== undefined,
]"""

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    activity = factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", place=factories.PlaceFactory()
    )
    factories.MetricFactory(activity=activity, name="Förare", unit="")
    return activity


@pytest.fixture
def phone(page, live_server, sign_in, coordinator, activity) -> Page:
    """A coordinator's phone that has been to the log once, so that it is ready for the road."""
    sign_in(coordinator)
    page.goto(f"{live_server.url}/logga/")
    expect_value(page, IS_KEPT, [True, True])
    return page


def log(page: Page, done: str) -> None:
    """Log an occasion of the activity, by the buttons."""
    page.get_by_role("link", name="Skoterkontroll").first.click()
    # With its scripts, which keep what is sent: a hand is never as quick as a test.
    page.wait_for_url(re.compile(r"/logga/\d+/$"))
    page.get_by_label("Vad gjordes?").fill(done)
    page.get_by_role("button", name="Spara tillfället").click()


def tray(page: Page):
    return page.get_by_role("region", name="Utkorg")


def expect_left(page: Page, number: int) -> None:
    """Wait for the outbox to have been looked through, with so many entries left in it."""
    expect(page.locator(f"html[data-waiting='{number}']")).to_have_count(1)


def fall(form: OccasionForm) -> None:
    raise ConnectionAbortedError("the server goes down in the middle")


def store_and_fall(form: OccasionForm, save=OccasionForm.save_or_explain) -> None:
    save(form)
    fall(form)


def logged() -> list[str]:
    return [one.done for one in Occasion.objects.order_by("id")]


def test_three_logged_without_coverage_arrive_once_each_after_a_closed_tab(
    phone, context, live_server
):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    expect(phone.get_by_text("Ingen kontakt med portalen.")).to_be_visible()
    for done in ("Första kontrollen.", "Andra kontrollen.", "Tredje kontrollen."):
        log(phone, done)
        expect(phone.get_by_role("heading", name="Logga tillfälle")).to_be_visible()
        expect(tray(phone)).to_contain_text(done)
    expect(tray(phone)).to_contain_text(re.compile(r"3 tillfällen väntar .* i dag kl\. \d\d\.\d\d"))
    phone.close()

    again = context.new_page()
    again.goto(f"{live_server.url}/logga/")
    expect_left(again, 3)
    assert logged() == []
    context.set_offline(False)
    expect_left(again, 0)
    assert logged() == ["Första kontrollen.", "Andra kontrollen.", "Tredje kontrollen."]
    expect(tray(again).get_by_role("link", name="Loggat: Skoterkontroll")).to_have_count(3)

    again.goto(f"{live_server.url}/tillfallen/")
    expect_left(again, 0)
    assert Occasion.objects.count() == 3


def test_what_is_counted_and_chosen_without_coverage_is_stored(
    phone, context, live_server, activity, coordinator
):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/{activity.pk}/")
    expect(phone.get_by_role("heading", name="Skoterkontroll")).to_be_visible()
    phone.get_by_label("Vad gjordes?").fill("Kontroll vid leden.")
    for _ in range(3):
        phone.get_by_role("button", name="Öka med 1: Förare").tap()
    phone.get_by_role("button", name="Spara tillfället").tap()
    expect_left(phone, 1)
    context.set_offline(False)
    expect_left(phone, 0)

    [occasion] = Occasion.objects.all()
    assert occasion.date == timezone.localdate()
    assert (occasion.place, occasion.party) == (activity.place, coordinator.party)
    assert occasion.member == coordinator
    assert [reading.value for reading in occasion.readings.all()] == [3]


def test_what_lies_in_the_outbox_is_not_offered_as_a_draft_too(
    phone, context, live_server, activity
):
    phone.goto(f"{live_server.url}/logga/{activity.pk}/")
    phone.get_by_label("Vad gjordes?").fill("Skrivet i Borgafjäll.")
    expect_drafts(phone, 1)
    context.set_offline(True)
    phone.get_by_role("button", name="Spara tillfället").click()
    expect_left(phone, 1)
    phone.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{live_server.url}/logga/{activity.pk}/")
    expect_left(again, 0)
    expect(again.get_by_role("region", name="Text som inte är sparad")).to_have_count(0)
    expect_drafts(again, 0)
    assert logged() == ["Skrivet i Borgafjäll."]


def test_a_portal_that_falls_before_it_has_stored_anything_loses_nothing(phone, monkeypatch):
    with monkeypatch.context() as portal:
        portal.setattr(OccasionForm, "save_or_explain", fall)
        log(phone, "Servern startade om.")
        phone.wait_for_url("**/logga/")
        expect(tray(phone)).to_contain_text("1 tillfälle väntar på att skickas")
        assert logged() == []
    tray(phone).get_by_role("button", name="Skicka nu").click()
    expect_left(phone, 0)
    assert logged() == ["Servern startade om."]


def test_a_form_sent_before_its_scripts_were_ready_is_not_said_to_be_kept(phone, monkeypatch):
    phone.add_init_script("HTMLFormElement.prototype.addEventListener = () => {}")
    monkeypatch.setattr(OccasionForm, "save_or_explain", fall)
    log(phone, "Skickat innan sidan var färdig.")
    expect(phone.get_by_role("heading", name="Något gick fel i portalen")).to_be_visible()


def test_an_entry_that_the_portal_took_without_answering_is_not_doubled(phone, monkeypatch):
    with monkeypatch.context() as portal:
        portal.setattr(OccasionForm, "save_or_explain", store_and_fall)
        log(phone, "Svaret kom aldrig fram.")
        phone.wait_for_url("**/logga/")
        expect(tray(phone)).to_contain_text("1 tillfälle väntar på att skickas")
        assert logged() == ["Svaret kom aldrig fram."]
    tray(phone).get_by_role("button", name="Skicka nu").click()
    expect_left(phone, 0)
    assert logged() == ["Svaret kom aldrig fram."]


def test_a_session_that_is_over_keeps_the_entry_until_its_writer_signs_in(
    phone, context, live_server, coordinator
):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    log(phone, "Kontroll efter arbetstid.")
    expect_left(phone, 1)
    Session.objects.all().delete()
    context.set_offline(False)
    expect(tray(phone)).to_contain_text("Logga in så skickas det.")
    assert logged() == []

    phone.goto(f"{live_server.url}/konto/login/")
    expect(tray(phone)).to_contain_text("1 tillfälle väntar på att skickas")
    expect(tray(phone)).not_to_contain_text("Kontroll efter arbetstid.")
    phone.get_by_label("E-postadress").fill(coordinator.email)
    phone.get_by_label("Lösenord").fill("lösenord-för-prov")
    phone.get_by_role("button", name="Logga in").click()
    phone.wait_for_url("**/oversikt/")
    expect_left(phone, 0)
    assert logged() == ["Kontroll efter arbetstid."]


def test_somebody_else_on_the_same_phone_neither_sends_nor_reads_it(
    phone, context, live_server, area_police
):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    log(phone, "Kommunens anteckning.")
    expect_left(phone, 1)
    Session.objects.all().delete()
    context.set_offline(False)
    phone.goto(f"{live_server.url}/konto/login/")
    phone.get_by_label("E-postadress").fill(area_police.email)
    phone.get_by_label("Lösenord").fill("lösenord-för-prov")
    phone.get_by_role("button", name="Logga in").click()
    phone.wait_for_url("**/oversikt/")
    expect(tray(phone)).to_contain_text("Det är loggat av någon annan, som behöver logga in här.")
    expect(tray(phone)).not_to_contain_text("Kommunens anteckning.")
    assert logged() == []


def test_a_refused_entry_stays_with_its_reason_and_is_mended(phone, context, live_server):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    log(phone, "Föraren 19121212-1212 stoppades.")
    log(phone, "En kontroll till.")
    expect_left(phone, 2)
    context.set_offline(False)
    expect_left(phone, 1)
    expect(tray(phone)).to_contain_text("1 tillfälle kunde inte sparas och behöver rättas.")
    expect(tray(phone)).to_contain_text(
        "Vad gjordes?: Texten innehåller ett personnummer eller samordningsnummer"
    )
    assert logged() == ["En kontroll till."]

    tray(phone).get_by_role("button", name="Rätta").click()
    expect(phone.get_by_role("alert")).to_contain_text("personnummer")
    expect(phone.get_by_label("Vad gjordes?")).to_have_value("Föraren 19121212-1212 stoppades.")
    expect_left(phone, 0)  # it stands in the form instead
    phone.get_by_label("Vad gjordes?").fill("En förare stoppades.")
    phone.get_by_role("button", name="Spara tillfället").click()
    phone.wait_for_url("**/tillfallen/**")
    expect_left(phone, 0)
    assert logged() == ["En kontroll till.", "En förare stoppades."]


def test_a_refused_entry_can_be_thrown_away_but_not_by_one_tap(phone, context, live_server):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    log(phone, "Loggat i misstag.")
    expect_left(phone, 1)
    tray(phone).get_by_role("button", name="Släng").click()
    expect_left(phone, 1)
    tray(phone).get_by_role("button", name="Ja, släng det").click()
    expect_left(phone, 0)
    context.set_offline(False)
    phone.goto(f"{live_server.url}/logga/")
    expect_left(phone, 0)
    assert logged() == []


def test_a_review_handed_in_meanwhile_gets_no_new_figures(
    phone, context, live_server, agreement, coordinator
):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    phone.get_by_role("link", name="Skoterkontroll").first.click()
    yesterday = timezone.localdate() - timedelta(days=1)
    phone.get_by_label("Datum").fill(f"{yesterday}")
    phone.get_by_label("Vad gjordes?").fill("Kontroll dagen före.")
    phone.get_by_role("button", name="Spara tillfället").click()
    expect_left(phone, 1)
    review = factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=yesterday,
        cutoff_on=yesterday,
    )
    frozen = hand_in(review).contents_sha256

    context.set_offline(False)
    expect_left(phone, 0)
    expect(tray(phone)).to_contain_text("redovisas som sen registrering i nästa")
    assert logged() == ["Kontroll dagen före."]
    assert Review.objects.get().submissions.get().contents_sha256 == frozen


def test_two_tabs_send_what_waits_once(phone, context, live_server):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    other = context.new_page()
    other.goto(f"{live_server.url}/logga/")
    for page, done in (
        (phone, "I ena fliken."),
        (other, "I andra fliken."),
        (phone, "Och en till."),
    ):
        log(page, done)
    expect_left(phone, 3)
    context.set_offline(False)
    for page in (phone, other):
        expect_left(page, 0)
    assert logged() == ["I ena fliken.", "I andra fliken.", "Och en till."]


def test_what_waits_can_be_saved_as_a_file_and_read_in_from_it(phone, context, live_server):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/logga/")
    phone.get_by_role("link", name="Skoterkontroll").first.click()
    phone.get_by_role("textbox", name="Förare").fill("4")
    phone.get_by_label("Vad gjordes?").fill('=Kontroll; med "citat" och åäö.')
    phone.get_by_role("button", name="Spara tillfället").click()
    expect_left(phone, 1)
    with phone.expect_download() as download:
        tray(phone).get_by_role("button", name="Spara som fil").click()
    file = download.value.path()
    [row] = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";")
    assert row["Vad som gjordes"] == '\'=Kontroll; med "citat" och åäö.'
    assert (row["Datum"], row["Förare"]) == (f"{timezone.localdate()}", "4")

    # The phone goes into the snow, and the file is read in from another computer.
    tray(phone).get_by_role("button", name="Släng").click()
    tray(phone).get_by_role("button", name="Ja, släng det").click()
    expect_left(phone, 0)
    context.set_offline(False)
    phone.goto(f"{live_server.url}/tillfallen/las-in/")
    phone.get_by_label("Fil").set_input_files(
        {"name": "vantar.csv", "mimeType": "text/csv", "buffer": file.read_bytes()}
    )
    phone.get_by_role("button", name="Fortsätt").click()
    phone.get_by_role("button", name="Läs in 1 tillfälle").click()
    phone.wait_for_url("**/tillfallen/")
    [occasion] = Occasion.objects.all()
    assert (occasion.done, str(occasion.client_id)) == (
        '=Kontroll; med "citat" och åäö.',
        row["Id"],
    )
    assert [reading.value for reading in occasion.readings.all()] == [4]


def test_a_browser_that_can_keep_nothing_does_not_say_that_it_has(phone, context, live_server):
    phone.add_init_script("indexedDB.open = () => { throw new Error('switched off') }")
    phone.goto(f"{live_server.url}/logga/")
    phone.get_by_role("link", name="Skoterkontroll").first.click()
    address = phone.url
    phone.get_by_label("Vad gjordes?").fill("Skrivet på en lånad telefon.")
    context.set_offline(True)
    with phone.expect_event("requestfailed", lambda request: request.method == "POST"):
        phone.get_by_role("button", name="Spara tillfället").click()
    expect(phone.get_by_role("heading", name="Logga tillfälle")).to_have_count(0)

    # The text is not lost all the same: it is a draft.
    context.set_offline(False)
    phone.goto(address)
    expect(phone.get_by_role("main")).to_contain_text("Skrivet på en lånad telefon.")
    assert logged() == []


def test_other_pages_say_that_there_is_no_contact_and_lead_to_the_log(phone, context, live_server):
    context.set_offline(True)
    phone.goto(f"{live_server.url}/moten/")
    expect(phone.get_by_role("heading", name="Ingen kontakt med portalen")).to_be_visible()
    phone.get_by_role("link", name="Logga tillfälle").last.click()
    expect(phone.get_by_role("heading", name="Logga tillfälle")).to_be_visible()


def test_signing_out_takes_the_offline_page_away(phone, live_server):
    phone.goto(f"{live_server.url}/konto/logout/")
    phone.get_by_role("main").get_by_role("button", name="Logga ut").click()
    phone.wait_for_url(f"{live_server.url}/")
    expect_value(phone, IS_KEPT, [True, False])


def test_it_can_be_installed(phone, context, live_server, browser_type, browser_type_launch_args):
    """Asked of Chromium with its menus, which is what installs it."""
    whole = browser_type.launch(
        **browser_type_launch_args | {"executable_path": "/usr/bin/chromium"}
    )
    try:
        window = whole.new_context(storage_state=context.storage_state())
        page = window.new_page()
        page.goto(f"{live_server.url}/logga/")
        expect_value(page, IS_KEPT, [True, True])
        errors = window.new_cdp_session(page).send("Page.getInstallabilityErrors")
    finally:
        whole.close()
    # Each test has a private window, where nothing can be installed.
    assert [one["errorId"] for one in errors["installabilityErrors"]] == ["in-incognito"]
