"""WCAG 2.2 AA as far as a machine can tell: axe finds nothing, and nothing spills sideways."""

from __future__ import annotations

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse

from followup.models import Assessment, Occasion, Review
from promises.models import Activity, Promise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESKTOP, PHONE, NARROWEST = (1280, 900), (390, 844), (320, 640)


@pytest.fixture
def example(agreement, settings):
    settings.DEBUG = True
    call_command("load_example", stdout=io.StringIO())
    settings.DEBUG = False


def addresses_for_members() -> list[str]:
    review = Review.objects.get()
    occasion = Occasion.objects.carried_out().newest_first().first()
    withdrawn = Occasion.objects.exclude(withdrawn_at=None).first()
    activity = Activity.objects.get(title="Skoterkontroll i Borgafjäll")
    assessment = Assessment.objects.filter(goal__isnull=False).first()
    promise = Promise.objects.get(number=3)
    return [
        reverse("overview"),
        reverse("agreement"),
        reverse("promises"),
        reverse("promise", args=[promise.pk]),
        reverse("activities"),
        reverse("activity", args=[activity.pk]),
        reverse("activity_add"),
        reverse("log"),
        reverse("log_occasion", args=[activity.pk]),
        reverse("log_new_activity", args=[promise.pk]),
        reverse("occasions"),
        reverse("occasions") + "?lofte=3&fran=2024-02-30",
        reverse("occasion", args=[occasion.pk]),
        reverse("occasion", args=[withdrawn.pk]),
        reverse("occasion_edit", args=[occasion.pk]),
        reverse("occasion_withdraw", args=[occasion.pk]),
        reverse("reviews"),
        reverse("review_start"),
        reverse("review", args=[review.pk]),
        reverse("review_texts", args=[review.pk]),
        reverse("assess", args=[review.pk, assessment.pk]),
        reverse("review_preview", args=[review.pk]),
        reverse("account"),
        reverse("account_change_password"),
        reverse("mfa_index"),
        "/finns-inte/",
    ]


VISITOR_ADDRESSES = ["/", "/konto/login/", "/konto/password/reset/", "/finns-inte/"]


def faults_on(page, address: str) -> list[str]:
    """What axe objects to on the page, and whether it spills sideways."""
    page.goto(address)
    found = [
        f"{page.url}: {violation['id']}: {node['html'][:120]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: wider than the window")
    return found


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_axe_finds_nothing_on_any_page(
    page, live_server, sign_in, example, coordinator, size, scheme
):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    faults = [
        fault
        for address in VISITOR_ADDRESSES
        for fault in faults_on(page, live_server.url + address)
    ]

    sign_in(coordinator)
    for address in addresses_for_members():
        faults += faults_on(page, live_server.url + address)

    assert faults == []


def test_nothing_spills_sideways_at_320_pixels(page, live_server, sign_in, example, coordinator):
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    sign_in(coordinator)
    spilling = []
    for address in addresses_for_members():
        page.goto(live_server.url + address)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            spilling.append(address)

    assert spilling == []


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
