"""The next review: which days it is of and when it is due, walked over years and told once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.law.clocks import days_to_review, review_clock
from followup.law.findings import law_at
from followup.law.next_review import next_due, next_stretch
from followup.models import Review
from followup.overview.briefing import briefing
from followup.plan.deadlines import deadlines
from followup.reminders.due import due_for
from followup.time.spans import Span
from promises.models import Agreement, Member, Party
from tests import factories, life
from tests.html import Page

pytestmark = pytest.mark.django_db

NO_DAY, ONE_DAY = timedelta(), timedelta(days=1)

# From, to, whether it runs on until further notice, and the years between its reviews.
AGREEMENTS = {
    "dorotea": (date(2023, 2, 27), date(2026, 12, 31), True, 2),
    "dorotea that ends": (date(2023, 2, 27), date(2026, 12, 31), False, 2),
    "a calendar year": (date(2024, 1, 1), date(2024, 12, 31), False, 1),
    "a calendar year reviewed every second": (date(2024, 1, 1), date(2024, 12, 31), False, 2),
    "three calendar years": (date(2023, 1, 1), date(2025, 12, 31), False, 2),
    "calendar years without end": (date(2023, 1, 1), date(2024, 12, 31), True, 1),
    "from a leap day": (date(2024, 2, 29), date(2027, 2, 28), True, 3),
}


def made(name: str) -> Agreement:
    valid_from, valid_to, runs_on, years = AGREEMENTS[name]
    return factories.AgreementFactory(
        valid_from=valid_from,
        valid_to=valid_to,
        runs_until_further_notice=runs_on,
        followup_interval_years=years,
    )


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


# --- The days, by example ------------------------------------------------------------------

FIRST = span("2023-02-27", "2025-02-27")
WITH_THE_PERIOD = span("2023-02-27", "2024-12-31")


@pytest.mark.parametrize(
    ("name", "covered", "on", "days", "due"),
    [
        pytest.param(
            *("dorotea", [], "2025-03-03", FIRST, "2025-02-27"),
            id="four days late it is of the days that have run out",
        ),
        pytest.param(
            *("dorotea", [], "2028-06-01", FIRST, "2025-02-27"),
            id="however late, the oldest first",
        ),
        pytest.param(
            *("dorotea", [FIRST], "2025-03-03", span("2025-02-28", "2025-03-03"), "2027-02-27"),
            id="of no days to come",
        ),
        pytest.param(
            *("dorotea", [FIRST], "2027-03-03", span("2025-02-28", "2027-02-27"), "2027-02-27"),
            id="the second interval",
        ),
        pytest.param(
            *("dorotea", [WITH_THE_PERIOD], "2027-03-03"),
            *(span("2025-01-01", "2027-02-27"), "2027-02-27"),
            id="one that ended with the löftesperiod stands for the interval",
        ),
        pytest.param(
            *("dorotea", [span("2023-02-27", "2025-03-31")], "2027-03-03"),
            *(span("2025-04-01", "2027-02-27"), "2027-02-27"),
            id="one that went on some weeks too",
        ),
        pytest.param(
            *("dorotea", [span("2023-02-27", "2023-12-31")], "2025-03-03"),
            *(span("2024-01-01", "2025-02-27"), "2025-02-27"),
            id="a first year alone is not the two",
        ),
        pytest.param(
            *("dorotea", [span("2024-01-01", "2025-02-27")], "2025-03-03"),
            *(span("2023-02-27", "2023-12-31"), "2025-02-27"),
            id="a gap before a later one is the oldest",
        ),
        pytest.param("dorotea", [FIRST], "2025-02-27", None, "2027-02-27", id="all is reviewed"),
        pytest.param("dorotea", [], "2023-02-26", None, "2025-02-27", id="it has not begun"),
        pytest.param(
            *("dorotea that ends", [FIRST], "2027-03-03"),
            *(span("2025-02-28", "2026-12-31"), None),
            id="the last one ends with the agreement and is due no more",
        ),
        pytest.param(
            *("dorotea that ends", [], "2027-03-03", FIRST, None),
            id="the clock stops with the agreement, and what was left can be written",
        ),
        pytest.param(
            *("a calendar year", [], "2024-12-31"),
            *(span("2024-01-01", "2024-12-31"), "2024-12-31"),
            id="a calendar year",
        ),
        pytest.param(
            *("a calendar year reviewed every second", [], "2025-02-01"),
            *(span("2024-01-01", "2024-12-31"), None),
            id="an agreement shorter than its interval",
        ),
        pytest.param(
            *("three calendar years", [], "2025-01-04"),
            *(span("2023-01-01", "2024-12-31"), "2024-12-31"),
            id="calendar years",
        ),
        pytest.param(
            *("three calendar years", [span("2023-01-01", "2024-12-31")], "2026-02-01"),
            *(span("2025-01-01", "2025-12-31"), None),
            id="the year that is left",
        ),
    ],
)
def test_the_next_review_is_of_the_oldest_days_that_none_covers(name, covered, on, days, due):
    agreement, on = made(name), date.fromisoformat(on)

    assert next_stretch(agreement, covered, on) == days
    assert next_due(agreement, covered, on) == (due and date.fromisoformat(due))


def test_while_its_days_run_it_ends_with_the_loftesperiod_that_has_run_out():
    agreement = made("dorotea")
    factories.PromisePeriodFactory(agreement=agreement)

    assert next_stretch(agreement, [], date(2025, 1, 15)) == WITH_THE_PERIOD
    assert next_stretch(agreement, [], date(2024, 12, 31)) == span("2023-02-27", "2024-12-31")
    assert next_stretch(agreement, [], date(2024, 6, 1)) == span("2023-02-27", "2024-06-01")
    assert next_stretch(agreement, [], date(2025, 2, 27)) == FIRST


# --- The days, whatever has been reviewed --------------------------------------------------


@st.composite
def reviewed(draw: st.DrawFn, agreement: Agreement) -> tuple[list[Span], date]:
    """Adopted reviews of any days, none of them to come and none reviewed twice, and a day."""
    on = agreement.valid_from + timedelta(days=draw(st.integers(-200, 3000)))
    covered: list[Span] = []
    for _ in range(draw(st.integers(0, 4))):
        first = agreement.valid_from + timedelta(days=draw(st.integers(-60, 3000)))
        one = Span(first, first + timedelta(days=draw(st.integers(0, 900))))
        if one.ends_on <= on and not any(one.overlap(other).days for other in covered):
            covered.append(one)
    return covered, on


@pytest.mark.parametrize("name", AGREEMENTS)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_days_are_never_reviewed_twice_nor_to_come_nor_after_the_end(name, data):
    if not (agreement := Agreement.objects.first()):
        agreement = made(name)
    covered, on = data.draw(reviewed(agreement))
    last = agreement.last_day

    days, due = next_stretch(agreement, covered, on), next_due(agreement, covered, on)

    left = _uncovered(agreement, covered, on)
    if days is None:
        assert left is None
    else:
        assert days.days > 0
        assert days.starts_on == left
        assert not any(days.overlap(one).days for one in covered)
        assert days.ends_on <= min(on, last or on)
    if due:
        assert due <= (last or due)
        assert due in agreement.review_days(agreement.valid_from, due)
        assert days is None or days.ends_on <= due
    else:
        assert last


def _uncovered(agreement: Agreement, covered: list[Span], on: date) -> date | None:
    """The first day not reviewed, found one day at a time."""
    day = agreement.valid_from
    while any(one.covers(day) for one in covered):
        day += ONE_DAY
    return day if day <= min(on, agreement.last_day or on) else None


@pytest.mark.parametrize("name", AGREEMENTS)
@pytest.mark.parametrize("weeks_late", [0, 5, 60])
def test_those_who_review_what_is_proposed_review_every_day_once_and_end(name, weeks_late):
    """Year after year, each proposal adopted some weeks after it was due or its days ended."""
    agreement = made(name)
    covered: list[Span] = []
    on = agreement.valid_from
    while on < date(2036, 1, 1):
        due = next_due(agreement, covered, on)
        until = due or agreement.last_day
        on = max(on, until) + timedelta(weeks=weeks_late)
        days = next_stretch(agreement, covered, on)
        if days is None:
            break
        covered.append(days)
        if due:
            assert days.ends_on == due

    whole = agreement.last_day or covered[-1].ends_on
    assert [one.starts_on for one in covered] == [
        agreement.valid_from,
        *(one.ends_on + ONE_DAY for one in covered[:-1]),
    ]
    assert covered[-1].ends_on == whole
    if name.startswith("calendar") or "calendar" in name:
        assert {(one.ends_on.month, one.ends_on.day) for one in covered} == {(12, 31)}


# --- Every page tells the same -------------------------------------------------------------


@pytest.fixture
def read_as(signed_in) -> Callable[[Member], Callable[[str], Page]]:
    """Sign the member in on the day it is, and read pages."""

    def reading(member: Member) -> Callable[[str], Page]:
        client = signed_in(member)

        def read(address: str) -> Page:
            response = client.get(address)
            assert response.status_code == 200
            return Page(response)

        return read

    return reading


def days_that_tell_otherwise(agreement: Agreement) -> Iterator[date]:
    """The days around every turn, and long after the last, on which another day is told than
    on the one before.
    """
    turns = [agreement.valid_from, agreement.valid_to, date(2025, 3, 20), date(2027, 4, 1)]
    turns += [agreement.review_day(number) for number in (1, 2)]
    days = sorted(turn + apart for turn in turns for apart in (-ONE_DAY, NO_DAY, ONE_DAY))
    days.append(days[-1] + relativedelta(months=5))
    told: object = "nothing yet"
    for day in days:
        clock = review_clock(agreement, day)
        before, told = told, clock and (clock.due_on, clock.is_overdue)
        if told != before:
            yield day


@pytest.mark.parametrize("name", AGREEMENTS)
@pytest.mark.parametrize("is_reviewed", [False, True])
@pytest.mark.usefixtures("quick_pdf")
def test_every_page_and_letter_names_one_day(name, is_reviewed, read_as):
    agreement = made(name)
    factories.SituationPictureFactory(
        agreement=agreement, adopted_on=agreement.valid_from, adopting_body="Rådet"
    )
    if is_reviewed:
        ends_on = agreement.review_day(1) - timedelta(days=30)
        review = factories.ReviewFactory(
            agreement=agreement,
            starts_on=agreement.valid_from,
            ends_on=min(ends_on, agreement.last_day or ends_on),
            cutoff_on=ends_on,
        )
        life.adopt(review, at=datetime(2025, 3, 20, 12, tzinfo=UTC))
    chief = factories.MemberFactory(party=agreement.parties.first(), role="signatory")
    for on in days_that_tell_otherwise(agreement):
        with time_machine.travel(f"{on}T12:00:00+01:00", tick=False):
            read = read_as(chief)
            clock = review_clock(agreement, on)
            day = date_format(clock.due_on) if clock else ""
            late = " Försenad" if clock and clock.is_overdue else ""
            still = "ingen mer, enligt överenskommelsens tid"

            said = f"senast {day}{late}" if clock else still
            assert read("/overenskommelse/").facts["Nästa uppföljning"] == said
            shown = read("/lagesbild/").facts["Överenskommelsens klocka: målen följs upp"]
            assert shown == said

            fact = read("/oversikt/").facts["Överenskommelsens klocka"]
            word = f"{agreement.review_name}en"
            assert fact.endswith(f"{word} {day}" if clock else "ingen mer uppföljning ska göras")
            assert ("för sent" in fact) is bool(late)

            rows = {row[0]: row for row in read("/lagkontroll/").rows()}
            assert rows.get("Målen följs upp", [""] * 5)[3] == day
            assert ("Försenad" in rows.get("Målen följs upp", [""] * 5)[4]) is bool(late)

            head = read("/uppfoljning/").text("//*[@class='page-head']//p[1]")
            assert (day in head) if clock else ("Ingen mer gång" in head)
            assert ("är inte det än" in head) is bool(late)

            dues = deadlines(agreement, Span(date(2020, 1, 1), date(2040, 1, 1)), on)
            reviews_due = [one.date for one in dues if one.duty == "Målen följs upp"]
            assert reviews_due[:1] == ([clock.due_on] if clock else [])

            letters = [one.sentence for one in due_for(chief, on) if "Målen följs" in one.sentence]
            assert all(day and day in sentence for sentence in letters)
            told = briefing(chief, agreement, on)
            named = [one.deadline for one in told.deadlines if "målen" in one.deadline.what]
            assert {one.date for one in named} <= ({clock.due_on} if clock else set())
            risks = told.risks
            lines = [
                one.sentence for one in risks.shown + risks.rest if "inte fast" in one.sentence
            ]
            assert len(lines) == bool(late)
            assert all(day in sentence for sentence in lines)


# --- The last review, and what a review says of itself -------------------------------------


def test_a_new_review_is_proposed_of_the_oldest_days_and_tells_of_one_begun(
    agreement, coordinator, signed_in
):
    with time_machine.travel("2025-03-03T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        page = Page(client.get("/uppfoljning/ny/"))
        typed = page.typed
        assert (typed["starts_on"], typed["ends_on"]) == ("2023-02-27", "2025-02-27")
        client.post("/uppfoljning/ny/", typed)
        again = Page(client.get("/uppfoljning/ny/"))
    assert again.text("//main//*[@class='notice']") == (
        "Den uppföljning som står på tur är redan påbörjad: 27 februari 2023 – 27 februari 2025."
    )


def test_no_review_has_days_after_the_agreement(agreement, coordinator, signed_in):
    agreement.runs_until_further_notice = False
    agreement.save()
    with time_machine.travel("2027-01-20T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        typed = Page(client.get("/uppfoljning/ny/")).typed
        page = Page(
            client.post(
                "/uppfoljning/ny/", typed | {"ends_on": "2027-01-02", "cutoff_on": "2027-01-20"}
            )
        )
    assert page.errors == {"ends_on": ["Överenskommelsen gäller till och med 31 december 2026."]}


def test_the_last_review_is_written_when_another_agreement_has_taken_over(
    agreement, coordinator, signed_in
):
    factories.AgreementFactory(
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
        predecessor=agreement,
        parties=Party.objects.filter(agreements=agreement),
    )
    with time_machine.travel("2027-01-20T12:00:00+01:00", tick=False):
        client = signed_in(coordinator)
        page = Page(client.get("/uppfoljning/"))
        [link] = page.all("//a[normalize-space()='Följ upp dem']")
        typed = Page(client.get(link.get("href"))).typed
        assert (typed["starts_on"], typed["ends_on"]) == ("2023-02-27", "2025-02-27")
        client.post(link.get("href"), typed)
    assert Review.objects.get().agreement == agreement


def test_the_last_review_tells_of_the_law_as_of_the_agreements_last_day(agreement):
    agreement.runs_until_further_notice = False
    agreement.save()
    cutoff = date(2027, 1, 31)

    law = law_at(agreement, cutoff)

    assert law.told_on == date(2026, 12, 31)
    assert law == law_at(agreement, date(2026, 12, 31))
    [register] = [row for row in law.rows if row.heading == "Överenskommelser"]
    assert register.state == "evident"


def test_a_review_does_not_print_that_it_is_late(agreement, coordinator):
    review = factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 27),
        cutoff_on=date(2025, 3, 31),
    )
    picture = factories.SituationPictureFactory(
        agreement=agreement, adopted_on=date(2023, 1, 2), adopting_body="Rådet"
    )
    period = agreement.periods.get()
    factories.ActionPlanFactory(picture=picture, period=period, decided_on=date(2023, 3, 1))

    clocks = {clock.name: clock for clock in law_at(agreement, review.cutoff_on, review).clocks}

    assert {name: (clock.last_on, clock.due_on) for name, clock in clocks.items()} == {
        "Målen följs upp (den här medräknad)": (date(2025, 3, 31), date(2027, 2, 27)),
        "Lägesbilden uppdateras": (date(2023, 1, 2), date(2025, 1, 2)),
        "Åtgärdsplanen följs upp (den här medräknad)": (date(2025, 3, 31), date(2027, 3, 31)),
    }
    assert [name for name, clock in clocks.items() if clock.is_overdue] == [
        "Lägesbilden uppdateras"
    ]
    others = {clock.name: clock for clock in law_at(agreement, review.cutoff_on).clocks}
    assert others["Målen följs upp"].is_overdue


def test_the_days_proposed_follow_what_has_been_adopted_by_the_day(agreement, coordinator):
    review = factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 27),
        cutoff_on=date(2025, 3, 10),
    )
    life.adopt(review, at=datetime(2025, 3, 20, 12, tzinfo=UTC))

    assert days_to_review(agreement, date(2025, 3, 19)) == FIRST
    assert days_to_review(agreement, date(2025, 3, 20)) == span("2025-02-28", "2025-03-20")
