"""What is known by its month, season or year counts once, where it can be placed, and nowhere else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.models import Occasion
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.evidence import undertaking_evidence
from followup.numbers.forecasts import forecasts
from followup.numbers.visits import VisitState, place_clocks
from followup.time.spans import Span
from promises.known import read_when
from promises.models import Activity, Agreement, Party, Place, Promise
from tests import factories

pytestmark = pytest.mark.django_db

PER = Activity.TargetPer
YEARS = Span(date(2023, 1, 1), date(2025, 12, 31))
AFTERWARDS = date(2030, 1, 1)


@pytest.fixture
def party() -> Party:
    return factories.PartyFactory()


@pytest.fixture
def agreement(party) -> Agreement:
    """From 2023-01-01 to 2026-12-31."""
    return factories.AgreementFactory(parties=[party], runs_until_further_notice=False)


@pytest.fixture
def promise(agreement) -> Promise:
    period = factories.PromisePeriodFactory(
        agreement=agreement, starts_on=YEARS.starts_on, ends_on=YEARS.ends_on
    )
    return factories.PromiseFactory(period=period)


@pytest.fixture
def plan(promise):
    def plan_activity(per: str = PER.YEAR, **values) -> Activity:
        return factories.ActivityFactory(
            promise=promise, target_count=1, target_per=per, kind="control", **values
        )

    return plan_activity


@pytest.fixture
def log(party):
    """Log an occasion of each time, in words."""
    member = factories.MemberFactory(party=party)

    def log_occasions(activity: Activity, *times: str, **values) -> None:
        for time in times:
            when = read_when(time)._asdict()
            factories.OccasionFactory(
                activity=activity, party=party, member=member, **(when | values)
            )

    return log_occasions


def counts(activity: Activity, span: Span = YEARS) -> dict[str, int]:
    windows = activity_progress(activity, span, AFTERWARDS).target.windows
    return {window.label: window.carried_out for window in windows if window.carried_out}


# --- Totals ----------------------------------------------------------------------------------


def test_a_total_is_its_months_and_what_is_in_none(plan, log):
    activity = plan()
    log(activity, "3–5 maj 2023", "maj 2023", "hösten 2023", "2023", "30 april – 2 maj 2023")

    tally = activity_progress(activity, YEARS, AFTERWARDS).tally

    assert tally.occasions == 5
    assert [(one.label, one.count) for one in tally.months if one.count] == [("maj 2023", 2)]
    assert tally.without_month == 3
    assert tally.outside_months == "Dessutom 3 tillfällen som inte hör till en viss månad."


def test_nothing_is_said_of_months_when_they_hold_all(plan, log):
    activity = plan()
    log(activity, "maj 2023")

    assert activity_progress(activity, YEARS, AFTERWARDS).tally.outside_months == ""


def test_the_last_day_is_one_that_is_known(plan, log):
    activity = plan()
    log(activity, "3–5 maj 2023", "hösten 2023")

    tally = activity_progress(activity, YEARS, AFTERWARDS).tally

    assert tally.last_on == date(2023, 5, 5)
    assert [place.last_on for place in tally.places] == [date(2023, 5, 5)]


def test_no_day_is_made_up_when_none_is_known(plan, log):
    activity = plan()
    log(activity, "2023")

    assert activity_progress(activity, YEARS, AFTERWARDS).tally.last_on is None


def test_the_undertaking_evidence_an_undertaking_makes_up_no_day_either(agreement, log):
    undertaking = factories.UndertakingFactory(agreement=agreement, evidence="activities")
    log(factories.ActivityFactory(promise=None, undertaking=undertaking), "2023", "hösten 2023")

    [told] = undertaking_evidence(agreement, YEARS, AFTERWARDS)

    assert told.sentence == "2 tillfällen genomförda."


CUTS = st.lists(st.dates(date(2023, 1, 2), date(2025, 12, 31)), max_size=5, unique=True)
TIMES = st.lists(
    st.builds(
        "{} {}".format,
        st.sampled_from(["maj", "våren", "sommaren", "hösten", "under", "30 april – 2 maj"]),
        st.sampled_from([2023, 2024, 2025]),
    ),
    max_size=8,
)


@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(times=TIMES, cuts=CUTS)
def test_consecutive_spans_add_up_to_the_whole_and_count_nothing_twice(
    agreement, promise, plan, log, times, cuts
):
    starts = [YEARS.starts_on, *sorted(cuts)]
    ends = [*(day - timedelta(days=1) for day in sorted(cuts)), YEARS.ends_on]

    with transaction.atomic():
        log(plan(), *times)
        counted = [Occasion.objects.carried_out(span) for span in zip(starts, ends, strict=True)]
        seen = [occasion.pk for some in counted for occasion in some]
        tallies = [
            agreement_progress(agreement, Span(*span), AFTERWARDS, promises=[promise]).tally
            for span in zip(starts, ends, strict=True)
        ]
        transaction.set_rollback(True)

    assert len(seen) == len(set(seen)) == len(times)
    assert sum(tally.occasions for tally in tallies) == len(times)


# --- Levels ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("per", "time", "met"),
    [
        (PER.YEAR, "2023", {"2023": 1}),
        (PER.YEAR, "hösten 2023", {"2023": 1}),
        (PER.YEAR, "vintern 2023–2024", {}),
        (PER.HALF_YEAR, "hösten 2023", {"Hösten 2023": 1}),
        (PER.HALF_YEAR, "2023", {}),
        (PER.QUARTER, "maj 2023", {"Kvartal 2 2023": 1}),
        (PER.QUARTER, "hösten 2023", {}),
        (PER.MONTH, "maj 2023", {"Maj 2023": 1}),
        (PER.MONTH, "2023", {}),
        (PER.MONTH, "30 april – 2 maj 2023", {}),
        (PER.PERIOD, "2023", {"Hela perioden": 1}),
    ],
)
def test_a_level_counts_what_its_window_holds_whole(plan, log, per, time, met):
    activity = plan(per)
    log(activity, time)

    assert counts(activity) == met


def test_a_window_cut_short_holds_no_more_than_its_days(plan, log):
    activity = plan()
    log(activity, "november 2023", "30 oktober – 1 november 2023")

    assert counts(activity, Span(date(2023, 1, 1), date(2023, 11, 29))) == {"2023": 1}


def test_what_may_have_been_before_the_activity_was_in_force_meets_no_level(plan, log):
    activity = plan(in_force_from=date(2023, 4, 1))
    log(activity, "våren 2023", "maj 2023")

    assert counts(activity) == {"2023": 1}


def test_what_may_have_been_after_the_period_is_outside_it(plan, log):
    activity = plan()
    log(activity, "vintern 2025–2026")

    tally = activity_progress(activity, YEARS, AFTERWARDS).tally

    assert (tally.occasions, tally.outside_term) == (1, 1)


def test_what_may_have_been_under_either_of_two_levels_meets_neither(plan, log):
    activity = plan(PER.PERIOD)
    activity.former_targets.create(target_count=1, target_per=PER.PERIOD, until=date(2023, 6, 30))
    log(activity, "2023")

    assert counts(activity) == {}


def test_a_forecast_counts_what_its_window_holds_whole(plan, log):
    by_month, by_year = plan(PER.MONTH), plan(PER.YEAR)
    for activity in (by_month, by_year):
        log(activity, "2024")
    log(by_month, "30 april – 2 maj 2024")

    ahead = forecasts([by_month, by_year], date(2024, 5, 15))

    assert ahead[by_month.pk].carried_out == 0
    assert ahead[by_year.pk].carried_out == 1


# --- Byklockan -------------------------------------------------------------------------------


@pytest.fixture
def place() -> Place:
    return factories.PlaceFactory(name="Risbäck", visit_within_days=60)


def clock(agreement: Agreement, on: date = date(2024, 1, 29)):
    [only] = place_clocks(agreement, on)
    return only


def test_at_least_so_many_days_have_passed_since_a_visit_of_no_known_day(
    plan, log, place, agreement
):
    log(plan(), "hösten 2023", place=place)

    seen = clock(agreement)

    assert (seen.days, seen.days_text, seen.state) == (60, "Minst 60 dagar", VisitState.SOON)


def test_a_season_that_has_not_ended_makes_no_day_to_come(plan, log, place, agreement):
    log(plan(), "vintern 2023–2024", place=place)

    assert clock(agreement).days_text == "Minst 0 dagar"


def test_a_visit_of_several_days_ended_on_the_last_of_them(plan, log, place, agreement):
    log(plan(), "20–28 januari 2024", place=place)

    assert clock(agreement).days_text == "1 dag"


def test_a_day_that_is_known_goes_before_a_year_that_it_may_be_later_than(
    plan, log, place, agreement
):
    log(plan(), "2023", "3–5 maj 2023", place=place)

    assert clock(agreement).days_text == "269 dagar"
