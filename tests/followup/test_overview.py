"""Överblick: the overview, a promise's page and the review's say what the one computation says."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.utils.formats import date_format

from followup.example import load_example
from followup.figures import MONTH_ABBREVIATIONS, PromiseProgress, Span, TargetProgress, Total
from followup.models import Occasion, Review
from followup.progress import activity_progress, agreement_progress
from followup.spans import whole_time_of
from followup.templatetags.figures import number, working_time
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


@pytest.fixture
def example(agreement, settings):
    """Two invented years of log: every rule, kind of target and state occurs in it."""
    settings.DEBUG = True
    with time_machine.travel("2025-04-15T12:00:00+02:00", tick=False):
        load_example()
    return agreement


def plain(text: str) -> str:
    """As `text_of` reads it, with ordinary spaces."""
    return " ".join(text.split())


def unknown(total: Total) -> str:
    n = total.unknown_occasions
    return f" uppgift saknas för {n} tillfälle{'n' if n != 1 else ''}" if n else ""


def month_rows(page: Page, title: str) -> dict[tuple[int, int], int]:
    """The table beside the chart, as (year, month) → count; empty cells lie outside."""
    counts = {}
    for year, *months, total in page.rows(f"//table[caption='{title}']"):
        counted = {(int(year), n): int(text) for n, text in enumerate(months, start=1) if text}
        assert int(total) == sum(counted.values())
        counts |= counted
    return counts


def expected_months(one: PromiseProgress) -> dict[tuple[int, int], int]:
    return {(month.year, month.month): month.count for month in one.tally.months}


def target_rows(target: TargetProgress) -> list[list[str]]:
    return [
        [window.label, str(window.carried_out), str(window.required), window.state.label]
        for window in target.windows
    ]


# --- The same numbers everywhere -----------------------------------------------------------

SPANS = {
    "period": Span(date(2023, 1, 1), date(2024, 12, 31)),
    "avtalet": Span(date(2023, 2, 27), AFTERWARDS),
    "ar-2025": Span(date(2025, 1, 1), date(2025, 12, 31)),
    "ar-2023": Span(date(2023, 1, 1), date(2023, 12, 31)),
}


def key_of(span: str) -> str:
    return f"period-{PromisePeriod.objects.get().pk}" if span == "period" else span


@pytest.mark.parametrize("span", SPANS)
def test_the_overview_shows_the_numbers_of_the_one_computation(span, example, open_on):
    progress = agreement_progress(example, SPANS[span], AFTERWARDS)
    page = open_on(f"/oversikt/?period={key_of(span)}", AFTERWARDS)

    tally = progress.tally
    last = f"senast {date_format(tally.last_on)}" if tally.last_on else "inget loggat"
    assert page.facts["Genomförda tillfällen"] == f"{tally.occasions} {last}"
    assert page.facts["Platser som har nåtts"] == str(tally.places_reached)
    shown = page.all("//ol[@class='promises']/li")
    assert len(shown) == len(progress.promises)
    for one, item in zip(progress.promises, shown, strict=True):
        facts = {text_of(fact[0]): text_of(fact[1]) for fact in item.xpath(".//dl/div")}
        targets = one.targets
        assert facts == {
            "Åtagandenivåer": (
                f"{one.targets_met} av {len(targets)} nådda" if targets else "Inga att mäta"
            ),
            "Tillfällen mot nivå": (
                f"{one.done_of_required} av {one.required}" if targets else "–"
            ),
            "Tillfällen totalt": str(one.tally.occasions),
            "Senaste": date_format(one.tally.last_on) if one.tally.last_on else "Inget än",
            "Aktiviteter": str(one.planned_activities),
        }
        assert month_rows(page, one.chart_title) == expected_months(one)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("promise_number", [1, 3, 5])
def test_a_promises_page_shows_the_numbers_of_the_one_computation(
    promise_number, span, example, open_on
):
    promise = Promise.objects.get(number=promise_number)
    one = agreement_progress(example, SPANS[span], AFTERWARDS, promises=[promise]).of(promise)
    tally = one.tally
    page = open_on(f"/loften/{promise.pk}/?period={key_of(span)}", AFTERWARDS)

    outside = f" varav {tally.outside_term} utanför löftesperioden" if tally.outside_term else ""
    expected = {
        "Ansvarar": " ".join(party.name for party in promise.responsible.all()),
        "Tillfällen": f"{tally.occasions}{outside}",
        "Senaste tillfället": date_format(tally.last_on) if tally.last_on else "Inget än",
        "Åtagandenivåer": (
            f"{one.targets_met} av {len(one.targets)} nådda" if one.targets else "Inga att mäta"
        ),
        "Deltagare": plain(number(tally.participants.known)) + unknown(tally.participants),
    } | {
        f"Tid, {share.party}": plain(working_time(share.minutes.known)) + unknown(share.minutes)
        for share in tally.party_minutes
    }
    assert page.facts == expected
    assert month_rows(page, one.chart_title) == expected_months(one)
    sections = page.all("//section[@class='entry']")
    assert len(sections) == len(one.activities)
    for activity, section in zip(one.activities, sections, strict=True):
        assert text_of(section[0]) == activity.activity.title
        if activity.target and activity.target.windows:
            rows = section.xpath(".//table[starts-with(caption, 'Åtagandenivå')]/tbody/tr")
            assert [[text_of(cell) for cell in row] for row in rows] == target_rows(activity.target)
        rows = section.xpath(".//table[caption='Räknat vid tillfällena']/tbody/tr")
        assert [(text_of(row[0]), text_of(row[4])) for row in rows] == [
            (metric.name, plain(metric.text)) for metric in activity.metrics
        ]
    if tally.places:
        assert page.rows("//h2[.='Platser']/following-sibling::div[1]/table") == [
            [place.name or "Ingen plats angiven", str(place.count), place.last_on.isoformat()]
            for place in tally.places
        ]


def test_an_activitys_page_shows_the_numbers_of_the_one_computation(example, open_on):
    for activity in Activity.objects.filter(promise__number=3):
        one = activity_progress(activity, whole_time_of(activity, AFTERWARDS), AFTERWARDS)
        page = open_on(activity.get_absolute_url(), AFTERWARDS)
        last = f" senast {date_format(one.tally.last_on)}" if one.tally.last_on else ""
        assert page.facts["Tillfällen"] == f"{one.tally.occasions}{last}"
        if one.target and one.target.windows:
            table = "//table[starts-with(caption, 'Åtagandenivå')]"
            assert page.rows(table) == target_rows(one.target)


def test_the_reviews_page_shows_the_numbers_of_the_one_computation(example, open_on):
    review = Review.objects.get()
    progress = agreement_progress(
        example,
        Span(review.starts_on, review.ends_on),
        review.cutoff_on,
        cutoff_on=review.cutoff_on,
        promises=review.promises(),
    )
    facts = open_on(review.get_absolute_url(), AFTERWARDS).facts
    answered = (*progress.promises, *progress.undertakings)
    met = sum(one.targets_met for one in answered)
    targets = sum(len(one.targets) for one in answered)
    assert facts["Genomförda tillfällen"] == str(progress.tally.occasions)
    assert facts["Åtagandenivåer nådda"] == f"{met} av {targets}"


def test_the_number_of_occasions_leads_to_exactly_those_in_the_log(example, open_on):
    page = open_on("/oversikt/?period=ar-2024", AFTERWARDS)
    link = page.one("//a[@class='figure']")
    log = open_on(link.get("href"), AFTERWARDS)
    assert log.text("//p[@role='status']") == f"{text_of(link)} tillfällen i urvalet"


# --- Which time is shown -------------------------------------------------------------------


def test_the_period_is_shown_first_and_any_year_can_be_chosen(agreement, open_on):
    page = open_on("/oversikt/", AFTERWARDS)
    period = key_of("period")
    assert [(option.get("value"), text_of(option)) for option in page.one("//select")] == [
        (period, "Medborgarlöfte 2023-2024"),
        ("avtalet", "Hela överenskommelsen hittills"),
        ("ar-2025", "År 2025"),
        ("ar-2024", "År 2024"),
        ("ar-2023", "År 2023"),
    ]
    shown = "//*[@class='page-head']//p"
    assert page.text(shown) == "Medborgarlöfte 2023-2024 · 1 januari 2023 – 31 december 2024"

    page = open_on("/oversikt/?period=avtalet", AFTERWARDS)
    assert page.one("//select").value == "avtalet"
    assert page.text(shown) == "Hela överenskommelsen hittills · 27 februari 2023 – 15 april 2025"


@pytest.mark.parametrize("key", ["ar-1999", "period-0", "'", ""])
def test_a_time_that_is_not_offered_gives_the_first_one(key, agreement, open_on):
    assert open_on(f"/oversikt/?period={key}", AFTERWARDS).one("//select").value == key_of("period")


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
