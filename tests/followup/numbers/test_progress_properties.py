"""Random logs: what holds for every one of them, and a second way to count them.

The reference here knows nothing of windows, months or the database: it looks at one day at a
time and asks which year, season or month that day belongs to.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.models import Occasion
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.targets import TargetState
from followup.numbers.totals import PlaceCount, Total
from followup.time.spans import Span
from promises.models import Activity, Agreement, Member, Party, Place, Promise
from promises.models.activity import WITHOUT_COUNT
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    MemberFactory,
    PartyFactory,
    PlaceFactory,
    PromiseFactory,
    PromisePeriodFactory,
)

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")
TERM = Span(date(2023, 2, 27), date(2024, 11, 10))
PARTIES = ("Kommunen", "Polisen")
PLACES = ("Borgafjäll", "Risbäck", None)

# The fixtures are made once for all examples; each example takes back what it logged.
with_random_logs = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Entry:
    """An occasion as the reference sees it."""

    date: date
    lasted: int
    party: str
    place: str | None
    minutes: int | None
    participants: int | None
    logged_at: datetime
    is_withdrawn: bool

    @property
    def last(self):
        """The last day it may have been."""
        return self.date + timedelta(days=self.lasted)


@dataclass(frozen=True)
class Level:
    """A target."""

    count: int
    per: str
    season_from: int | None = None
    season_to: int | None = None


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


ANY_DAYS = st.dates(date(2022, 10, 1), date(2025, 6, 30))
# Where the rules have their edges: the month the term begins in, and the month it ends in.
EDGE_DAYS = st.dates(date(2023, 2, 15), date(2023, 3, 5)) | st.dates(
    date(2024, 11, 1), date(2024, 11, 20)
)
DAYS = ANY_DAYS | EDGE_DAYS
SPANS = st.tuples(DAYS, DAYS).map(lambda ends: Span(min(ends), max(ends)))
LONG_SPANS = st.builds(
    Span,
    st.dates(date(2022, 12, 1), date(2023, 12, 31)),
    st.dates(date(2024, 1, 1), date(2025, 3, 31)),
)
FIGURES = st.none() | st.integers(0, 600)
ENTRIES = st.lists(
    st.builds(
        Entry,
        date=DAYS,
        lasted=st.sampled_from([0, 0, 0, 0, 2, 28, 100, 300]),
        party=st.sampled_from(PARTIES),
        place=st.sampled_from(PLACES),
        minutes=FIGURES,
        participants=FIGURES,
        logged_at=st.builds(
            datetime.combine,
            st.dates(date(2024, 10, 20), date(2024, 11, 3)),
            st.sampled_from([time(0, 0), time(12, 0), time(23, 59, 59)]),
            st.just(SWEDEN),
        ),
        is_withdrawn=st.sampled_from([False, False, False, True]),
    ),
    max_size=25,
)
CUTOFFS = st.none() | st.dates(date(2024, 10, 20), date(2024, 11, 3))
MONTHS = st.integers(1, 12)
LEVELS = st.builds(
    Level,
    st.integers(1, 3),
    st.sampled_from(sorted(set(Activity.TargetPer) - {"season", *WITHOUT_COUNT})),
) | st.builds(Level, st.integers(1, 3), st.just("season"), MONTHS, MONTHS)


# --- The log in the database --------------------------------------------------------------


@pytest.fixture
def parties() -> dict[str, Party]:
    return {name: PartyFactory(short_name=name) for name in PARTIES}


@pytest.fixture
def places() -> dict[str, Place]:
    return {name: PlaceFactory(name=name) for name in PLACES if name}


@pytest.fixture
def member(parties) -> Member:
    return MemberFactory(party=parties["Kommunen"])


@pytest.fixture
def agreement(parties) -> Agreement:
    return AgreementFactory(parties=parties.values())


@pytest.fixture
def promise(agreement) -> Promise:
    period = PromisePeriodFactory(
        agreement=agreement, starts_on=TERM.starts_on, ends_on=TERM.ends_on
    )
    return PromiseFactory(period=period)


@pytest.fixture
def logged(promise, parties, places, member):
    """An activity with the level and the entries, gone again when the block ends."""

    @contextmanager
    def log(entries: list[Entry], level: Level = Level(1, "year")) -> Iterator[Activity]:
        with transaction.atomic():
            activity = ActivityFactory(
                promise=promise,
                target_count=level.count,
                target_per=level.per,
                season_from=level.season_from,
                season_to=level.season_to,
            )
            Occasion.objects.bulk_create(
                Occasion(
                    activity=activity,
                    date=entry.date,
                    last_date=entry.last if entry.lasted else None,
                    known_by="days" if entry.lasted else "day",
                    party=parties[entry.party],
                    place=places.get(entry.place),
                    member=member,
                    minutes=entry.minutes,
                    participants=entry.participants,
                    done="Kontroll.",
                    created_at=entry.logged_at,
                    withdrawn_at=entry.logged_at if entry.is_withdrawn else None,
                    withdrawn_by=member if entry.is_withdrawn else None,
                    withdrawal_reason="Dubblett." if entry.is_withdrawn else "",
                )
                for entry in entries
            )
            yield activity
            transaction.set_rollback(True)

    return log


# --- The reference ------------------------------------------------------------------------


def counted(entries: list[Entry], span: Span, cutoff_on: date | None) -> list[Entry]:
    return [
        entry
        for entry in entries
        if not entry.is_withdrawn
        and span.starts_on <= entry.date <= span.ends_on
        and (cutoff_on is None or entry.logged_at.date() <= cutoff_on)
    ]


def total(figures: list[int | None]) -> Total:
    known = [figure for figure in figures if figure is not None]
    return Total(sum(known) if known else None, len(figures) - len(known))


def window_of(day: date, level: Level) -> object:
    """Which window of the target the day belongs to; None when it belongs to none."""
    match level.per:
        case "year" | "month_in_average":
            return day.year
        case "half_year":
            return day.year, day.month <= 6
        case "quarter":
            return day.year, (day.month - 1) // 3
        case "month":
            return day.year, day.month
        case "period":
            return TERM.starts_on <= day <= TERM.ends_on or None
    first, last = level.season_from, level.season_to
    if first <= last:
        return day.year if first <= day.month <= last else None
    if day.month >= first:
        return day.year
    return day.year - 1 if day.month <= last else None


def expected_windows(
    entries: list[Entry], level: Level, span: Span, on: date
) -> list[tuple[Span, int, int, TargetState]]:
    whole: dict[object, list[date]] = defaultdict(list)
    for day in days_between(date(2020, 1, 1), date(2027, 12, 31)):
        whole[window_of(day, level)].append(day)
    whole.pop(None, None)
    in_force = set(days_between(*TERM))
    asked = in_force & set(days_between(*span))
    windows = []
    for days in whole.values():
        inside = [day for day in days if day in asked]
        is_told = 3 * len(inside) >= 2 * len(days)
        if level.per == "period":
            is_told = days[0] in inside
        if not is_told or inside[0] > on:
            continue
        is_over = inside == [day for day in days if day in in_force] and inside[-1] < on
        carried_out = sum({entry.date, entry.last} <= {*inside} for entry in entries)
        required = level.count
        if level.per == "month_in_average":
            required *= months_of(inside)
        if carried_out >= required:
            state = TargetState.MET
        else:
            state = TargetState.NOT_MET if is_over else TargetState.ONGOING
        windows.append((Span(inside[0], inside[-1]), required, carried_out, state))
    return windows


def is_of_one_month(entry: Entry) -> bool:
    return entry.date.replace(day=1) == entry.last.replace(day=1)


def months_of(days: list[date]) -> int:
    """How many months are there with two thirds of their days."""
    by_month = Counter((day.year, day.month) for day in days)
    return sum(3 * n >= 2 * monthrange(*month)[1] for month, n in by_month.items())


# --- The log agrees with the reference ----------------------------------------------------


@with_random_logs
@given(entries=ENTRIES, span=SPANS, cutoff_on=CUTOFFS)
def test_a_tally_is_what_one_gets_by_counting_on_the_fingers(
    agreement, promise, logged, entries, span, cutoff_on
):
    with logged(entries):
        tally = agreement_progress(
            agreement,
            span,
            span.ends_on,
            cutoff_on=cutoff_on,
            promises=[promise],
        ).tally

    counting = counted(entries, span, cutoff_on)
    in_term = set(days_between(*TERM))
    assert tally.occasions == len(counting)
    assert tally.outside_term == sum(not {one.date, one.last} <= in_term for one in counting)
    assert tally.last_on == max((entry.last for entry in counting), default=None)
    assert tally.minutes == total([entry.minutes for entry in counting])
    assert tally.participants == total([entry.participants for entry in counting])
    assert {share.party: share.minutes for share in tally.party_minutes} == {
        party: total([entry.minutes for entry in counting if entry.party == party])
        for party in {entry.party for entry in counting}
    }
    assert set(tally.places) == {
        PlaceCount(name, len(there), max(there))
        for name in PLACES
        if (there := [entry.last for entry in counting if entry.place == name])
    }
    in_months = [(one.date.year, one.date.month) for one in counting if is_of_one_month(one)]
    by_month = Counter(in_months)
    assert tally.without_month == len(counting) - len(in_months)
    assert [(month.year, month.month, month.count) for month in tally.months] == [
        (year, month, by_month[year, month])
        for year, month in sorted({(day.year, day.month) for day in days_between(*span)})
    ]


@with_random_logs
@given(entries=ENTRIES, level=LEVELS, span=SPANS | LONG_SPANS, on=ANY_DAYS)
def test_targets_are_measured_as_by_going_through_the_days_one_by_one(
    logged, entries, level, span, on
):
    with logged(entries, level) as activity:
        progress = activity_progress(activity, span, on)

    counting = counted(entries, span, cutoff_on=None)
    measured = [
        (window.span, window.required, window.carried_out, window.state)
        for window in progress.target.windows
    ]
    assert measured == expected_windows(counting, level, span, on)


# --- What holds for every log -------------------------------------------------------------


@with_random_logs
@given(entries=ENTRIES, span=SPANS)
def test_a_span_adds_up_to_its_calendar_years(agreement, promise, logged, entries, span):
    years = [
        Span(date(year, 1, 1), date(year, 12, 31)).overlap(span)
        for year in range(span.starts_on.year, span.ends_on.year + 1)
    ]

    with logged(entries):
        whole, *parts = (
            agreement_progress(agreement, part, span.ends_on, promises=[promise]).tally
            for part in (span, *years)
        )

    assert whole.occasions == sum(part.occasions for part in parts)
    assert whole.outside_term == sum(part.outside_term for part in parts)
    assert whole.minutes == sum((part.minutes for part in parts), Total())
    assert whole.participants == sum((part.participants for part in parts), Total())
    assert whole.without_month == sum(part.without_month for part in parts)
    assert whole.months == tuple(month for part in parts for month in part.months)


@with_random_logs
@given(entries=ENTRIES, level=LEVELS, span=LONG_SPANS, on=ANY_DAYS)
def test_no_more_counts_towards_a_target_than_was_done_in_term(logged, entries, level, span, on):
    with logged(entries, level) as activity:
        progress = activity_progress(activity, span, on)

    tally = progress.tally
    carried_out = sum(window.carried_out for window in progress.target.windows)
    assert carried_out <= tally.occasions - tally.outside_term
    assert tally.occasions == sum(month.count for month in tally.months) + tally.without_month
    assert tally.occasions == sum(place.count for place in tally.places)
    assert tally.minutes == sum((share.minutes for share in tally.party_minutes), Total())
