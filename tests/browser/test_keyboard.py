"""The main job with nothing but a keyboard: Tab, Enter, Space, arrows and what is typed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from followup.models import Occasion, Review, ReviewText
from followup.review.draft import start_review
from tests import factories
from tests.browser.coming_to import expect_value

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FARTHEST = 120  # so many presses of Tab and no more

# Where the focus is: what it is called, whether one sees it, and whether the window shows it.
FOCUSED = """() => {
    const e = document.activeElement;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    return {
        name: e.getAttribute("aria-label") || (e.labels?.[0] ?? e).innerText?.trim().replace(/\\s+/g, " ") || "",
        tag: e.tagName.toLowerCase(),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        inView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    };
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tab.keyboard.press(key)

    def type(self, text: str) -> None:
        self.tab.keyboard.type(text)

    def focused(self) -> dict:
        return self.tab.evaluate(FOCUSED)

    def reach(self, name: str, *tags: str) -> None:
        """Tab until the focus is on what has the name, or begins with it when it ends with "…".

        Each stop on the way is seen.
        """
        begins = name.removesuffix("…")
        for _ in range(FARTHEST):
            self.press("Tab")
            stop = self.focused()
            if stop["tag"] == "body":
                continue  # the browser's own controls, on the way round
            assert stop["outlined"], f"the focus can't be seen on {stop}"
            assert stop["inView"], f"the focus is out of sight on {stop}"
            is_it = stop["name"].startswith(begins) if begins != name else stop["name"] == name
            if is_it and (not tags or stop["tag"] in tags):
                return
        raise AssertionError(f"”{name}” can't be reached on {self.tab.url}")

    def follow(self, name: str) -> None:
        self.reach(name, "a")
        with self.tab.expect_event("load"):
            self.press("Enter")

    def send(self, name: str, key: str = "Enter") -> None:
        self.reach(name, "button")
        with self.tab.expect_event("load"):
            self.press(key)

    def overwrite(self, text: str) -> None:
        self.press("Control+A")
        self.type(text)


@pytest.fixture
def keyboard(page) -> Keyboard:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(reduced_motion="reduce")  # or one would look while it still scrolls
    return Keyboard(page)


@pytest.fixture
def signed_in_by_keyboard(keyboard, live_server, coordinator) -> Keyboard:
    keyboard.tab.goto(f"{live_server.url}{reverse('account_login')}")
    keyboard.reach("E-postadress", "input")
    keyboard.overwrite(coordinator.email)
    keyboard.reach("Lösenord", "input")
    keyboard.type("lösenord-för-prov")
    keyboard.send("Logga in")
    keyboard.tab.wait_for_url("**/oversikt/")
    return keyboard


@pytest.fixture
def occasion(snowmobile_promise, coordinator) -> Occasion:
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    return factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator, done="Kontroll vid leden."
    )


def test_an_occasion_is_logged_as_the_last_one_was(occasion, signed_in_by_keyboard):
    factories.MetricFactory(activity=occasion.activity, name="Förare", unit="")
    keyboard = signed_in_by_keyboard
    keyboard.follow("Logga tillfälle")
    keyboard.follow("Skoterkontroll…")
    keyboard.reach("Samma som förra gången", "a")
    keyboard.press("Enter")
    assert keyboard.focused()["name"] == "Vad gjordes?"
    keyboard.reach("Öka med 1: Förare", "button")
    keyboard.press("Space", "Enter")
    keyboard.send("Spara tillfället")
    expect(keyboard.tab.get_by_role("status").last).to_contain_text("Loggat: Skoterkontroll")

    logged = Occasion.objects.latest("id")
    assert (logged.done, logged.readings.get().value) == ("Kontroll vid leden.", 2)


def test_an_occasion_is_found_mended_and_withdrawn(occasion, signed_in_by_keyboard):
    keyboard = signed_in_by_keyboard
    keyboard.follow("Loggen")
    keyboard.tab.wait_for_url("**/tillfallen/")
    keyboard.tab.goto(keyboard.tab.url.replace("/tillfallen/", occasion.get_absolute_url()))
    keyboard.follow("Ändra…")

    # What is faulty is told first, and the way to it is one key away.
    keyboard.reach("Vad gjordes?", "textarea")
    keyboard.press("Control+A", "Delete")
    keyboard.send("Spara…")
    assert "Det gick inte att spara" in keyboard.focused()["name"]
    keyboard.reach("Vad gjordes?: Fyll i det här.", "a")
    keyboard.press("Enter")
    assert (keyboard.focused()["tag"], keyboard.focused()["name"]) == ("textarea", "Vad gjordes?")
    keyboard.type("Kontroll vid leden mot Långsjön.")
    keyboard.send("Spara…")
    occasion.refresh_from_db()
    assert occasion.done == "Kontroll vid leden mot Långsjön."

    keyboard.tab.goto(keyboard.tab.url.split("/tillfallen/")[0] + occasion.get_absolute_url())
    keyboard.follow("Dra tillbaka…")
    keyboard.reach("Varför dras tillfället tillbaka?", "textarea")
    keyboard.type("Loggat två gånger")
    keyboard.send("Dra tillbaka…", key="Space")
    occasion.refresh_from_db()
    assert occasion.withdrawal_reason == "Loggat två gånger"


def test_a_text_of_the_review_is_written(agreement, coordinator, signed_in_by_keyboard):
    days = {"starts_on": agreement.valid_from, "ends_on": agreement.valid_from.replace(year=2025)}
    review: Review = factories.ReviewFactory.build(
        agreement=agreement, created_by=None, cutoff_on=days["ends_on"], **days
    )
    start_review(review, by=coordinator)
    keyboard = signed_in_by_keyboard

    keyboard.follow("Uppföljning")
    keyboard.follow("27 februari 2023…")
    keyboard.follow("Slutsatser och förslag")
    keyboard.reach("Slutsatser…", "textarea")
    keyboard.type("Fast tid på året fungerar.")
    keyboard.send("Spara…")

    expect(keyboard.tab.get_by_role("status").first).to_contain_text("Sparat: Slutsatser.")
    assert ReviewText.objects.get(kind="conclusions").text == "Fast tid på året fungerar."


def test_the_first_key_skips_the_navigation(signed_in_by_keyboard):
    keyboard = signed_in_by_keyboard
    keyboard.tab.reload()
    keyboard.press("Tab")
    assert keyboard.focused() == {
        "name": "Hoppa till innehållet",
        "tag": "a",
        "outlined": True,
        "inView": True,
    }
    keyboard.press("Enter")
    expect_value(keyboard.tab, "document.activeElement.id", "innehall")
    keyboard.press("Tab")
    assert keyboard.tab.evaluate("document.activeElement.closest('main') !== null")


def test_the_focus_is_never_trapped_and_goes_in_the_order_of_the_page(signed_in_by_keyboard):
    """All the way round and back to where it began, each stop after the one before."""
    keyboard = signed_in_by_keyboard
    keyboard.tab.reload()
    places = []
    for _ in range(FARTHEST * 2):
        keyboard.press("Tab")
        if keyboard.focused()["tag"] == "body":
            break
        places.append(
            keyboard.tab.evaluate(
                "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
            )
        )
        if len(places) > 1 and places[-1] == places[0]:
            places.pop()
            break
    else:
        raise AssertionError("the focus never comes round")
    assert places == sorted(set(places))
