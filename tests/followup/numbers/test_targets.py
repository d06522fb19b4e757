"""Targets (åtagandenivåer): over which stretches they are counted, and when they are met."""

from datetime import date

import pytest

from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.targets import TargetState
from followup.time.spans import Span
from promises.models import Activity, Agreement, Member, Party
from tests.factories import (
    ActivityFactory,
    MemberFactory,
    OccasionFactory,
    PartyFactory,
    PromiseFactory,
    PromisePeriodFactory,
    UndertakingFactory,
)

pytestmark = pytest.mark.django_db

PER = Activity.TargetPer

TERM = Span(date(2023, 1, 1), date(2024, 12, 31))
YEAR_2024 = Span(date(2024, 1, 1), date(2024, 12, 31))
LONG_BEFORE = date(2020, 1, 1)
AFTERWARDS = date(2030, 1, 1)


@pytest.fixture
def party() -> Party:
    return PartyFactory()


@pytest.fixture
def member(party) -> Member:
    return MemberFactory(party=party)


@pytest.fixture
def plan():
    """Plan an activity of a löftesperiod, which runs 2023–2024 if nothing else is said."""

    def plan_activity(count: int, per: str, term: Span = TERM, **values) -> Activity:
        period = PromisePeriodFactory(starts_on=term.starts_on, ends_on=term.ends_on)
        return ActivityFactory(
            promise=PromiseFactory(period=period), target_count=count, target_per=per, **values
        )

    return plan_activity


@pytest.fixture
def log(party, member):
    def log_occasions(activity: Activity, *days: date) -> None:
        for day in days:
            OccasionFactory(activity=activity, date=day, party=party, member=member)

    return log_occasions


def windows_of(activity: Activity, span: Span = TERM, on: date = AFTERWARDS):
    return activity_progress(activity, span, on).target.windows


def counts_of(activity: Activity, span: Span = TERM, on: date = AFTERWARDS) -> dict[str, int]:
    """What was carried out in each window, by the window's label."""
    return {window.label: window.carried_out for window in windows_of(activity, span, on)}


# --- The windows --------------------------------------------------------------------------


def test_a_target_per_year_is_counted_by_calendar_year(plan, log):
    activity = plan(2, PER.YEAR)
    log(activity, date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1))

    assert counts_of(activity) == {"2023": 2, "2024": 1}


def test_a_target_per_half_year_is_counted_spring_and_autumn(plan, log):
    activity = plan(1, PER.HALF_YEAR)
    log(activity, date(2023, 6, 30), date(2023, 7, 1), date(2023, 12, 31), date(2024, 1, 1))

    assert counts_of(activity) == {
        "Våren 2023": 1,
        "Hösten 2023": 2,
        "Våren 2024": 1,
        "Hösten 2024": 0,
    }


def test_a_target_per_quarter_is_counted_by_quarter(plan, log):
    activity = plan(1, PER.QUARTER)
    log(activity, date(2024, 3, 31), date(2024, 4, 1), date(2024, 9, 30), date(2024, 12, 31))

    assert counts_of(activity, YEAR_2024) == {
        "Kvartal 1 2024": 1,
        "Kvartal 2 2024": 1,
        "Kvartal 3 2024": 1,
        "Kvartal 4 2024": 1,
    }


def test_a_target_per_month_is_counted_by_month(plan, log):
    activity = plan(1, PER.MONTH)
    log(activity, date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1))

    counts = counts_of(activity, YEAR_2024)

    assert list(counts)[:4] == ["Jan 2024", "Feb 2024", "Mars 2024", "Apr 2024"]
    assert list(counts.values()) == [0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_a_target_for_the_period_is_counted_over_all_of_it(plan, log):
    activity = plan(3, PER.PERIOD, term=Span(date(2023, 3, 10), date(2025, 5, 4)))
    log(activity, date(2023, 3, 9), date(2023, 3, 10), date(2025, 5, 4), date(2025, 5, 5))

    (window,) = windows_of(activity, Span(date(2020, 1, 1), date(2029, 12, 31)))

    assert (window.label, window.carried_out) == ("Hela perioden", 2)
    assert window.span == Span(date(2023, 3, 10), date(2025, 5, 4))


def test_a_season_within_a_year_bears_its_year(plan, log):
    activity = plan(2, PER.SEASON, season_from=2, season_to=4)
    log(activity, date(2024, 1, 31), date(2024, 2, 1), date(2024, 4, 30), date(2024, 5, 1))

    windows = windows_of(activity)

    assert [(window.label, window.carried_out) for window in windows] == [
        ("Säsongen 2023", 0),
        ("Säsongen 2024", 2),
    ]
    assert windows[1].span == Span(date(2024, 2, 1), date(2024, 4, 30))


def test_a_season_over_new_year_is_one_season(plan, log):
    activity = plan(
        2, PER.SEASON, Span(date(2023, 7, 1), date(2025, 6, 30)), season_from=11, season_to=3
    )
    log(
        activity,
        date(2023, 10, 31),
        date(2023, 11, 1),
        date(2024, 3, 31),
        date(2024, 4, 1),
        date(2024, 12, 24),
        date(2025, 1, 6),
        date(2025, 2, 28),
    )

    windows = windows_of(activity, Span(date(2023, 1, 1), date(2025, 12, 31)))

    assert [(window.label, window.carried_out) for window in windows] == [
        ("Säsongen 2023/24", 2),
        ("Säsongen 2024/25", 3),
    ]
    assert [window.span for window in windows] == [
        Span(date(2023, 11, 1), date(2024, 3, 31)),
        Span(date(2024, 11, 1), date(2025, 3, 31)),
    ]


def test_a_season_cut_short_at_either_end_counts_from_two_thirds_of_its_days(plan):
    """January to March are 90 of the 151 days of 2022/23; 2024/25 has 61 of 151 before new year."""
    activity = plan(2, PER.SEASON, season_from=11, season_to=3)

    assert list(counts_of(activity)) == ["Säsongen 2023/24"]


def test_a_season_that_began_before_the_term_counts_with_two_thirds_left(plan, log):
    """January to March are 90 of its 121 days."""
    activity = plan(2, PER.SEASON, season_from=12, season_to=3)
    log(activity, date(2022, 12, 31), date(2023, 1, 1))

    first, *_ = windows_of(activity)

    assert (first.label, first.carried_out) == ("Säsongen 2022/23", 1)
    assert first.span == Span(date(2023, 1, 1), date(2023, 3, 31))


def test_a_season_may_be_a_single_month_or_twelve(plan, log):
    february = plan(1, PER.SEASON, season_from=2, season_to=2)
    twelve = plan(1, PER.SEASON, season_from=3, season_to=2)
    for activity in (february, twelve):
        log(activity, date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29), date(2024, 3, 1))

    assert counts_of(february) == {"Säsongen 2023": 1, "Säsongen 2024": 1}
    assert counts_of(twelve) == {"Säsongen 2023/24": 2, "Säsongen 2024/25": 1}


# --- What counts towards it ---------------------------------------------------------------


def test_nothing_outside_the_term_counts_towards_a_target(plan, log):
    """Even on the days of a month that the term shares with the time before or after it."""
    activity = plan(2, PER.YEAR, term=Span(date(2024, 2, 15), date(2024, 11, 15)))
    log(activity, date(2024, 2, 14), date(2024, 2, 15), date(2024, 11, 15), date(2024, 11, 16))

    progress = activity_progress(activity, YEAR_2024, AFTERWARDS)

    (window,) = progress.target.windows
    assert (progress.tally.occasions, progress.tally.outside_term) == (4, 2)
    assert (window.carried_out, window.state) == (2, TargetState.MET)
    assert window.span == Span(date(2024, 2, 15), date(2024, 11, 15))


def test_nothing_outside_the_span_counts_towards_a_target(plan, log):
    activity = plan(2, PER.YEAR)
    log(activity, date(2024, 1, 31), date(2024, 2, 1), date(2024, 11, 15), date(2024, 11, 16))

    (window,) = windows_of(activity, Span(date(2024, 2, 1), date(2024, 11, 15)))

    assert window.carried_out == 2


def test_a_withdrawn_occasion_does_not_count_towards_a_target(plan, log, member):
    activity = plan(1, PER.YEAR)
    log(activity, date(2024, 3, 12))
    activity.occasions.get().withdraw(by=member, reason="Dubblett.")

    assert counts_of(activity) == {"2023": 0, "2024": 0}


def test_a_cancelled_activity_is_not_measured(plan):
    activity = plan(2, PER.YEAR, status=Activity.Status.CANCELLED, cancellation_reason="Ingen snö.")

    assert activity_progress(activity, TERM, AFTERWARDS).target is None


def test_an_activity_without_a_target_is_counted_but_not_measured(log):
    activity = ActivityFactory()
    log(activity, date(2024, 3, 12))

    progress = activity_progress(activity, TERM, AFTERWARDS)

    assert (progress.tally.occasions, progress.target) == (1, None)


# --- Two thirds of a window ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("per", "last_left_out", "first_that_counts"),
    [
        # The last day of the span that leaves the window out, and the first that lets it in:
        # two thirds of the 366 days of 2024 are 244, of a leap half-year of 182 122 (121⅓),
        # of a leap quarter of 91 61 (60⅔), of January's 31 21 (20⅔).
        (PER.YEAR, date(2024, 8, 30), date(2024, 8, 31)),
        (PER.HALF_YEAR, date(2024, 4, 30), date(2024, 5, 1)),
        (PER.QUARTER, date(2024, 2, 29), date(2024, 3, 1)),
        (PER.MONTH, date(2024, 1, 20), date(2024, 1, 21)),
    ],
)
def test_a_window_counts_from_two_thirds_of_its_days(plan, per, last_left_out, first_that_counts):
    activity = plan(1, per)
    new_year = date(2024, 1, 1)

    assert windows_of(activity, Span(new_year, last_left_out)) == ()
    (window,) = windows_of(activity, Span(new_year, first_that_counts))
    assert window.span == Span(new_year, first_that_counts)


@pytest.mark.parametrize(
    ("year", "last_left_out", "first_that_counts"),
    # Two thirds of 28 days are 18⅔, and of 29 days 19⅓.
    [(2023, 18, 19), (2024, 19, 20)],
)
def test_february_is_a_day_longer_in_a_leap_year(plan, year, last_left_out, first_that_counts):
    activity = plan(1, PER.MONTH)
    first = date(year, 2, 1)

    assert windows_of(activity, Span(first, date(year, 2, last_left_out))) == ()
    assert len(windows_of(activity, Span(first, date(year, 2, first_that_counts)))) == 1


def test_exactly_two_thirds_are_enough(plan):
    """20 of the 30 days of April."""
    activity = plan(1, PER.MONTH)

    assert len(windows_of(activity, Span(date(2024, 4, 11), date(2024, 4, 30)))) == 1
    assert windows_of(activity, Span(date(2024, 4, 12), date(2024, 4, 30))) == ()


def test_the_term_and_the_span_cut_a_window_together(plan):
    """Neither takes more than a third of 2024; together they leave 214 of 366 days."""
    activity = plan(1, PER.YEAR, term=Span(date(2024, 3, 1), date(2025, 12, 31)))

    assert len(windows_of(activity, YEAR_2024)) == 1
    assert windows_of(activity, Span(date(2024, 1, 1), date(2024, 9, 30))) == ()


@pytest.mark.parametrize("last", [date(2023, 1, 1), date(2024, 5, 2), date(2024, 12, 30)])
def test_a_period_is_not_over_before_its_last_day(plan, log, last):
    """However long ago it was: a report on the days until then can't know how it ended."""
    activity = plan(3, PER.PERIOD)
    log(activity, date(2023, 1, 1))

    (window,) = windows_of(activity, Span(TERM.starts_on, last))

    assert (window.carried_out, window.state) == (1, TargetState.ONGOING)


def test_a_period_is_not_told_by_its_end_alone(plan):
    assert windows_of(plan(3, PER.PERIOD), YEAR_2024) == ()


def test_a_span_outside_the_term_measures_nothing(plan):
    activity = plan(2, PER.YEAR)

    target = activity_progress(
        activity, Span(date(2025, 1, 1), date(2025, 12, 31)), AFTERWARDS
    ).target

    assert (target.windows, target.state, target.required) == ((), None, 0)


def test_the_level_of_a_window_that_the_term_cuts_short_is_never_prorated(plan, log):
    activity = plan(3, PER.YEAR, term=Span(date(2024, 1, 1), date(2024, 8, 31)))
    log(activity, date(2024, 3, 1), date(2024, 3, 2))

    (window,) = windows_of(activity, YEAR_2024)

    assert (window.required, window.carried_out) == (3, 2)
    assert window.state is TargetState.NOT_MET


def test_a_window_that_the_span_cuts_short_is_not_judged(plan, log):
    activity = plan(3, PER.YEAR)
    log(activity, date(2024, 3, 1), date(2024, 3, 2))

    (window,) = windows_of(activity, Span(date(2024, 1, 1), date(2024, 8, 31)))

    assert (window.required, window.carried_out) == (3, 2)
    assert window.state is TargetState.ONGOING


# --- Ongoing, met, not met ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (date(2024, 1, 1), TargetState.ONGOING),
        (date(2024, 6, 30), TargetState.ONGOING),
        (date(2024, 12, 31), TargetState.ONGOING),
        (date(2025, 1, 1), TargetState.NOT_MET),
    ],
)
def test_a_window_is_ongoing_through_its_last_day(plan, log, on, state):
    activity = plan(2, PER.YEAR)
    log(activity, date(2024, 1, 1))

    (window,) = windows_of(activity, YEAR_2024, on)

    assert window.state is state


@pytest.mark.parametrize("on", [date(2024, 6, 30), date(2025, 1, 1)])
def test_a_window_is_met_as_soon_as_its_level_is_reached(plan, log, on):
    activity = plan(2, PER.YEAR)
    log(activity, date(2024, 1, 1), date(2024, 1, 2))

    (window,) = windows_of(activity, YEAR_2024, on)

    assert window.state is TargetState.MET


def test_a_window_that_has_not_begun_is_left_out(plan):
    activity = plan(1, PER.QUARTER)

    assert windows_of(activity, YEAR_2024, LONG_BEFORE) == ()
    assert list(counts_of(activity, YEAR_2024, date(2024, 6, 30))) == [
        "Kvartal 1 2024",
        "Kvartal 2 2024",
    ]
    assert list(counts_of(activity, YEAR_2024, date(2024, 7, 1)))[-1] == "Kvartal 3 2024"


def test_what_was_done_beyond_one_window_does_not_make_up_for_another(plan, log):
    activity = plan(2, PER.YEAR)
    log(activity, *(date(2023, 3, day) for day in range(1, 6)))

    target = activity_progress(activity, TERM, AFTERWARDS).target

    assert [window.state for window in target.windows] == [TargetState.MET, TargetState.NOT_MET]
    assert (target.done_of_required, target.required) == (2, 4)
    assert target.state is TargetState.NOT_MET


def test_a_target_is_told_in_words(plan):
    activity = plan(2, PER.SEASON, season_from=11, season_to=3)

    target = activity_progress(activity, TERM, AFTERWARDS).target

    assert target.label == "2 per säsong (november–mars)"


# --- Undertakings -------------------------------------------------------------------------


@pytest.fixture
def meetings() -> Activity:
    """Four meetings a year, undertaken in an agreement from 2023-01-01 to 2026-12-31."""
    return ActivityFactory(
        promise=None, undertaking=UndertakingFactory(), target_count=4, target_per=PER.YEAR
    )


def test_an_undertaking_is_measured_from_the_first_day_of_the_agreement(meetings, log):
    log(meetings, date(2022, 12, 31), date(2023, 1, 1))

    assert counts_of(meetings, Span(date(2022, 1, 1), date(2023, 12, 31))) == {"2023": 1}


def test_an_undertaking_is_measured_for_as_long_as_the_agreement_runs_on(meetings, log):
    log(meetings, date(2027, 1, 1))

    assert counts_of(meetings, Span(date(2026, 1, 1), date(2027, 12, 31))) == {
        "2026": 0,
        "2027": 1,
    }


def test_an_undertaking_is_not_measured_after_an_agreement_that_does_not_run_on(meetings, log):
    Agreement.objects.update(runs_until_further_notice=False)
    meetings.refresh_from_db()
    log(meetings, date(2026, 12, 31), date(2027, 1, 1))

    assert counts_of(meetings, Span(date(2026, 1, 1), date(2027, 12, 31))) == {"2026": 1}


def test_targets_are_measured_alike_for_the_activity_and_in_the_whole(meetings, log):
    log(meetings, date(2024, 2, 1), date(2024, 9, 1))
    undertaking = meetings.undertaking

    progress = agreement_progress(undertaking.agreement, YEAR_2024, AFTERWARDS)

    (target,) = progress.of(undertaking).targets
    assert target == activity_progress(meetings, YEAR_2024, AFTERWARDS).target
    assert (target.done_of_required, target.required) == (2, 4)
