"""The overview, a promise's, an activity's and the review's page say the same numbers.

Each is compared with what `followup.numbers` computes, on the example's two invented years, where
every rule, kind of target and state occurs.
"""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.utils.formats import date_format

from followup.models import Review
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.progress import PromiseProgress
from followup.numbers.targets import TargetProgress
from followup.numbers.totals import Total
from followup.templatetags.figures import number, working_time
from followup.time.named_spans import whole_time_of
from followup.time.spans import Span
from promises.models import Activity, Promise, PromisePeriod
from tests import factories
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

AFTERWARDS = date(2025, 4, 15)


@pytest.fixture
def open_on(signed_in, example):
    """Open an address as a coordinator on a day."""
    client = signed_in(factories.MemberFactory(party=example.parties.first()))

    def open_page(address: str, day: date) -> Page:
        with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
            return Page(client.get(address))

    return open_page


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
    under = sum(one.tally.occasions for one in progress.undertakings)
    assert page.text("//*[@class='counted']") == (
        f"{tally.occasions} {'tillfälle' if tally.occasions == 1 else 'tillfällen'}, "
        f"varav {under} under åtagandena, på "
        f"{tally.places_reached} platser, senast {date_format(tally.last_on)}"
        if tally.occasions
        else "Inget tillfälle är loggat"
    )
    shown = page.texts("//ol[@class='promise-rows']//*[@class='key-figures']")
    assert shown == [
        f"{one.tally.occasions} tillfälle{'' if one.tally.occasions == 1 else 'n'}"
        + (f" · {one.targets_met} av {len(one.targets)} åtagandenivåer" if one.targets else "")
        for one in progress.promises
    ]


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
        reached = [
            [place.name, str(place.count), place.last_on.isoformat()] for place in tally.places
        ]
        named = [row for row in reached if row[0]]
        nowhere = [["Ingen plats angiven", *row[1:]] for row in reached if not row[0]]
        in_vain = [[name, "0", "–"] for name in tally.unreached]
        assert page.rows("//table[caption='Tillfällen per plats']") == named + in_vain + nowhere


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
    under = sum(one.tally.occasions for one in progress.undertakings)
    assert facts["Genomförda tillfällen"] == (
        f"{progress.tally.occasions} varav {under} under åtagandena"
    )
    assert facts["Åtagandenivåer nådda"] == f"{met} av {targets}"


@pytest.mark.parametrize(
    ("span", "party"), [("period", ""), ("ar-2024", "kommunen"), ("period", "polisen")]
)
def test_the_overviews_numbers_lead_to_exactly_those_in_the_log(span, party, example, open_on):
    """All of them, each promise's and each place's, of every party and of one."""
    part = example.parties.get(key=party).pk if party else ""
    page = open_on(f"/oversikt/?period={key_of(span)}&part={part}", AFTERWARDS)
    links = page.all(
        "//main//*[not(contains(@class, 'afterwards'))]"
        "/a[contains(@href, '/tillfallen/?') and contains(@href, 'till=')]"
    )
    places = page.all("//table[contains(caption, 'per plats')]//tr[td[1] != '0']")
    assert len(links) == 6 + len(places)
    for link in links:
        assert chosen(open_on(link.get("href"), AFTERWARDS)) == text_of(link).split()[0]


@pytest.mark.parametrize("page", ["loften", "aktiviteter"])
def test_each_places_number_leads_to_exactly_those_in_the_log(page, example, open_on):
    model = {"loften": Promise, "aktiviteter": Activity}[page]
    for one in model.objects.order_by("pk")[:3]:
        shown = open_on(one.get_absolute_url(), AFTERWARDS)
        links = shown.all("//table[contains(caption, 'per plats')]//td//a")
        assert links
        for link in links:
            assert chosen(open_on(link.get("href"), AFTERWARDS)) == text_of(link)


def chosen(log: Page) -> str:
    """How many the log says that it shows."""
    return log.text("//main//p[@role='status']").split()[0]


def test_the_reviews_numbers_lead_to_exactly_the_occasions_it_counts(example, open_on):
    """To those of its days that were logged by its cut-off, all of them and an activity's own."""
    review = Review.objects.get()
    front = open_on(review.get_absolute_url(), AFTERWARDS)
    promises = open_on(f"{review.get_absolute_url()}avsnitt/promises/", AFTERWARDS)
    counts = "//main//a[starts-with(@href, '/tillfallen/')]"
    links = front.all(counts) + promises.all(counts)[:6]

    assert len(links) == 7
    for link in links:
        assert chosen(open_on(link.get("href"), AFTERWARDS)) == text_of(link)
