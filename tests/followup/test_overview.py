"""Överblick: which time it shows, what lacks, the deadlines and the latest occasions."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from followup.figures import MONTH_ABBREVIATIONS
from followup.models import Occasion, Review
from promises.models import Activity, Promise, PromisePeriod
from tests import factories
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

AFTERWARDS = date(2025, 4, 15)


@pytest.fixture
def open_on(signed_in, coordinator):
    """Open an address as the coordinator on a day."""

    def open_page(address: str, day: date) -> Page:
        with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
            return Page(signed_in(coordinator).get(address))

    return open_page


# --- Which time is shown -------------------------------------------------------------------


def test_the_period_is_shown_first_and_any_year_can_be_chosen(agreement, open_on):
    page = open_on("/oversikt/", AFTERWARDS)
    period = f"period-{PromisePeriod.objects.get().pk}"
    assert [(option.get("value"), text_of(option)) for option in page.one("//select")] == [
        (period, "Medborgarlöfte 2023-2024"),
        ("avtalet", "Hela överenskommelsen hittills"),
        ("ar-2025", "År 2025"),
        ("ar-2024", "År 2024"),
        ("ar-2023", "År 2023"),
    ]
    shown = "//*[@class='page-head']//p"
    assert page.text(shown) == (
        "Medborgarlöfte 2023-2024 · 1 januari 2023 – 31 december 2024, "
        "loggat till och med 15 april 2025"
    )

    page = open_on("/oversikt/?period=avtalet", AFTERWARDS)
    assert page.one("//select").value == "avtalet"
    assert page.text(shown) == (
        "Hela överenskommelsen hittills · 27 februari 2023 – 15 april 2025, "
        "loggat till och med 15 april 2025"
    )


@pytest.mark.parametrize("key", ["ar-1999", "period-0", "'", ""])
def test_a_time_that_is_not_offered_gives_the_first_one(key, agreement, open_on):
    shown = open_on(f"/oversikt/?period={key}", AFTERWARDS).one("//select").value
    assert shown == f"period-{PromisePeriod.objects.get().pk}"


def test_the_chosen_time_follows_along_to_the_promise(agreement, open_on, snowmobile_promise):
    page = open_on("/oversikt/?period=ar-2024", AFTERWARDS)
    address = page.all("//ol[@class='promises']//h3/a")[2].get("href")
    assert address == f"/loften/{snowmobile_promise.pk}/?period=ar-2024"
    assert open_on(address, AFTERWARDS).one("//select").value == "ar-2024"


def test_a_year_without_promises_says_so(agreement, open_on):
    page = open_on("/oversikt/?period=ar-2025", AFTERWARDS)
    assert page.text("//*[@class='empty']") == (
        "Inga löften gällde de här dagarna Välj en annan tid ovan."
    )


# --- Nothing yet ---------------------------------------------------------------------------


def test_an_empty_log_is_said_to_be_empty(agreement, open_on):
    page = open_on("/oversikt/", date(2024, 5, 15))
    assert page.facts["Genomförda tillfällen"] == "0 inget loggat"
    assert "Loggen är tom. Logga det första tillfället." in page.text()
    first = page.all("//ol[@class='promises']/li")[0].xpath(".//dl/div")
    assert {text_of(fact[0]): text_of(fact[1]) for fact in first} == {
        "Åtagandenivåer": "Inga att mäta",
        "Tillfällen mot nivå": "–",
        "Tillfällen totalt": "0",
        "Senaste": "Inget än",
        "Aktiviteter": "0",
    }


def test_a_promise_without_a_plan_says_what_to_do(snowmobile_promise, open_on, signed_in, reader):
    address = f"/loften/{snowmobile_promise.pk}/"
    page = open_on(address, date(2024, 5, 15))
    assert page.text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad Ett löfte utan aktivitet blir inte gjort. Planera den första."
    )
    assert page.facts["Deltagare"] == "Ingen uppgift"
    assert Page(signed_in(reader).get(address)).text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad Ett löfte utan aktivitet blir inte gjort."
    )


# --- What lacks ----------------------------------------------------------------------------


def lacks(page: Page, where: str) -> list[tuple[str, str]]:
    return [(text_of(link), link.get("href")) for link in page.all(f"{where}//li/a")]


def test_what_lacks_is_said_promise_by_promise_and_leads_there(
    agreement, open_on, snowmobile_promise, coordinator
):
    for promise in Promise.objects.exclude(number__in=[2, 3]):
        activity = factories.ActivityFactory(
            promise=promise, title="Tillsyn", target_count=1, target_per="period"
        )
        factories.OccasionFactory(activity=activity, party=coordinator.party, member=coordinator)
    factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", planned_to=date(2024, 5, 14)
    )
    factories.MetricFactory(activity=None, promise=snowmobile_promise, name="Olyckor")
    page = open_on("/oversikt/", date(2024, 5, 15))
    seniors = Promise.objects.get(number=2).get_absolute_url()
    skoter = snowmobile_promise.get_absolute_url()
    shown = lacks(page, "//section[h2='Vad som saknas']")
    assert [lack for lack in shown if lack[0].startswith("Löfte")] == [
        ("Löfte 2: ingen aktivitet är planerad.", seniors),
        ("Löfte 3: inget tillfälle är loggat.", skoter),
        ("Löfte 3: ”Skoterkontroll” är försenad.", skoter),
        ("Löfte 3: ”Skoterkontroll” saknar åtagandenivå.", skoter),
        ("Löfte 3: mätetalet ”Olyckor” har inget mätvärde.", skoter),
    ]


def test_when_nothing_lacks_the_overview_says_so(agreement, open_on, coordinator, area_police):
    for promise in Promise.objects.all():
        activity = factories.ActivityFactory(promise=promise, target_count=1, target_per="period")
        for member in (coordinator, area_police):
            factories.OccasionFactory(
                activity=activity, party=member.party, member=member, minutes=60
            )
    for member in (coordinator, area_police):
        factories.AppointmentFactory(
            agreement=agreement,
            member=member,
            function="coordinator",
            starts_on=agreement.valid_from,
        )
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 19), status="held"
    )
    page = open_on("/oversikt/", date(2024, 5, 15))
    assert page.text("//section[h2='Vad som saknas']") == (
        "Vad som saknas Inget: varje löfte har en plan, tillfällen och mätvärden, och varje "
        "åtagande syns i loggen."
    )
    assert not page.all("//*[@class='notice warning']")


# --- The agreement's clock -----------------------------------------------------------------

NO_PERIOD = ("Ingen löftesperiod gäller i dag.", "/loften/")
REVIEW_LATE = (
    "Uppföljningen som skulle göras senast 27 februari 2025 är inte fastställd.",
    "/uppfoljning/",
)
UNTIL = "till och med 31 december 2026, sedan tills vidare"


@pytest.mark.parametrize(
    ("day", "status", "next_review", "to_do"),
    [
        ("2024-05-15", "Gäller", "288 dagar senast 27 februari 2025", []),
        ("2025-02-26", "Gäller", "1 dag senast 27 februari 2025", [NO_PERIOD]),
        ("2025-02-27", "Gäller", "0 dagar senast 27 februari 2025", [NO_PERIOD]),
        ("2025-02-28", "Gäller", "729 dagar senast 27 februari 2027", [NO_PERIOD, REVIEW_LATE]),
        ("2026-11-23", "Gäller", "96 dagar senast 27 februari 2027", [NO_PERIOD, REVIEW_LATE]),
        ("2026-12-31", "Gäller", "58 dagar senast 27 februari 2027", [NO_PERIOD, REVIEW_LATE]),
        (
            *("2027-01-01", "Gäller tills vidare"),
            *("57 dagar senast 27 februari 2027", [NO_PERIOD, REVIEW_LATE]),
        ),
    ],
)
def test_deadlines_fall_on_their_days(day, status, next_review, to_do, agreement, open_on):
    page = open_on("/oversikt/", date.fromisoformat(day))
    assert page.facts["Överenskommelsen"] == f"{status} {UNTIL}"
    assert page.facts["Nästa tvåårsuppföljning"] == next_review
    assert lacks(page, "//*[@class='notice warning']") == to_do


def test_an_adopted_review_answers_the_deadline(agreement, open_on, coordinator):
    factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 27),
        cutoff_on=date(2025, 2, 27),
        status=Review.Status.ADOPTED,
    )
    page = open_on("/oversikt/", date(2025, 3, 1))
    assert lacks(page, "//*[@class='notice warning']") == [NO_PERIOD]


# --- Latest --------------------------------------------------------------------------------


def test_the_five_latest_occasions_are_listed_without_the_withdrawn(
    snowmobile_promise, open_on, coordinator
):
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    occasions = [
        factories.OccasionFactory(
            activity=activity, party=coordinator.party, member=coordinator, date=date(2024, 3, day)
        )
        for day in range(1, 8)
    ]
    occasions[6].withdraw(by=coordinator, reason="Fel dag")
    page = open_on("/oversikt/", date(2024, 5, 15))
    assert page.texts("//section[h2='Senast loggat']//li") == [
        f"Skoterkontroll {day} mars 2024 · löfte 3" for day in (6, 5, 4, 3, 2)
    ]
    assert Activity.objects.get().occasions.count() == Occasion.objects.count() == 7


def test_the_months_are_named_in_the_table_beside_the_chart(snowmobile_promise, open_on):
    page = open_on(f"/loften/{snowmobile_promise.pk}/", date(2024, 5, 15))
    headings = page.texts("//table[caption='Tillfällen per månad, löfte 3']/thead//th")
    assert headings == ["År", *MONTH_ABBREVIATIONS, "Summa"]
