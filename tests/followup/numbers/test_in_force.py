"""Nobody is judged for a time before a thing was in force, nor by what was promised later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.progress import Progress
from followup.numbers.targets import TargetState
from followup.time.spans import Span
from promises.models import Activity, Agreement, Party, Promise
from promises.models.activity import WITHOUT_COUNT
from tests import factories

pytestmark = pytest.mark.django_db

PER = Activity.TargetPer
YEARS = Span(date(2023, 1, 1), date(2026, 12, 31))
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
    def plan_activity(count: int | None = 3, per: str = PER.YEAR, **values) -> Activity:
        return factories.ActivityFactory(
            promise=promise, target_count=count, target_per=per, **values
        )

    return plan_activity


@pytest.fixture
def log(party):
    member = factories.MemberFactory(party=party)

    def log_occasions(activity: Activity, *days: date) -> None:
        for day in days:
            factories.OccasionFactory(activity=activity, date=day, party=party, member=member)

    return log_occasions


def told(activity: Activity, span: Span = YEARS) -> list[tuple]:
    activity.refresh_from_db()
    progress = activity_progress(activity, span, AFTERWARDS)
    return [(one.label, one.carried_out, one.required) for one in progress.target.windows]


# --- The days an agreement is in force ------------------------------------------------------


def test_nothing_is_asked_of_an_agreement_after_another_has_taken_over(agreement, log):
    """Undertakings of one that runs until further notice end with the day before the next."""
    agreement.runs_until_further_notice = True
    agreement.save()
    factories.AgreementFactory(
        predecessor=agreement, valid_from=date(2025, 1, 1), valid_to=date(2029, 12, 31)
    )
    activity = factories.ActivityFactory(
        promise=None,
        undertaking=factories.UndertakingFactory(agreement=agreement),
        target_count=2,
        target_per=PER.YEAR,
    )
    log(activity, date(2024, 12, 31), date(2025, 1, 1))

    assert told(activity) == [("2023", 0, 2), ("2024", 1, 2)]


# --- The days an activity is in force -------------------------------------------------------


def test_a_new_activity_is_not_judged_for_the_years_before_it_was_made(plan):
    activity = plan(in_force_from=date(2025, 2, 1))

    assert told(activity) == [("2025", 0, 3), ("2026", 0, 3)]


def test_one_begun_late_in_a_year_is_judged_from_the_next(plan):
    """From 1 September a third of the year is left."""
    assert told(plan(in_force_from=date(2025, 9, 1))) == [("2026", 0, 3)]


def test_one_that_has_ended_is_not_judged_for_the_time_after(plan):
    assert told(plan(in_force_to=date(2024, 12, 31))) == [("2023", 0, 3), ("2024", 0, 3)]


def test_what_was_done_before_it_was_in_force_is_counted_but_fulfils_nothing(plan, log):
    activity = plan(1, PER.MONTH, in_force_from=date(2024, 3, 5))
    log(activity, date(2024, 3, 4))
    march = Span(date(2024, 3, 1), date(2024, 3, 31))

    assert told(activity, march) == [("Mars 2024", 0, 1)]
    assert activity_progress(activity, march, AFTERWARDS).tally.occasions == 1


def test_it_is_told_that_it_did_not_exist(plan):
    progress = activity_progress(
        plan(in_force_from=date(2025, 2, 1)), Span.of_year(2024), AFTERWARDS
    )

    assert (progress.target.windows, progress.existed) == ((), False)


def test_it_stands_in_no_report_on_the_time_before_unless_something_was_done(
    agreement, promise, plan, log
):
    later, earlier = plan(in_force_from=date(2025, 2, 1)), plan(in_force_from=date(2025, 2, 1))
    log(earlier, date(2024, 5, 1))

    progress = agreement_progress(agreement, Span.of_year(2024), AFTERWARDS).of(promise)

    assert [one.activity for one in progress.activities] == [earlier]
    assert later.pk


def test_what_was_made_after_a_cutoff_is_not_in_that_review(agreement, promise, plan):
    """Even if it is said to have been in force before."""
    plan(in_force_from=date(2023, 2, 1))  # made today, after the cut-off

    progress = agreement_progress(
        agreement, Span.of_year(2023), AFTERWARDS, cutoff_on=date(2024, 2, 28)
    )

    assert progress.of(promise).activities == ()


# --- A target that was changed -----------------------------------------------------------------


def test_each_target_holds_for_its_own_days(plan, log):
    activity = plan(6, PER.YEAR)
    log(activity, date(2023, 5, 1), date(2025, 1, 2), date(2025, 1, 3))
    activity.keep_former_target(
        {"target_count": 2, "target_per": PER.HALF_YEAR}, day=date(2025, 1, 1)
    )

    assert told(activity) == [
        ("Våren 2023", 1, 2),
        ("Hösten 2023", 0, 2),
        ("Våren 2024", 0, 2),
        ("Hösten 2024", 0, 2),
        ("2025", 2, 6),
        ("2026", 0, 6),
    ]


def test_occasions_of_the_month_it_was_changed_in_count_under_the_target_of_their_day(plan, log):
    activity = plan(2, PER.MONTH)
    log(activity, date(2024, 3, 20), date(2024, 3, 21), date(2024, 3, 22), date(2024, 3, 23))
    activity.keep_former_target({"target_count": 1, "target_per": PER.MONTH}, day=date(2024, 3, 22))

    march = Span(date(2024, 3, 1), date(2024, 3, 31))
    assert told(activity, march) == [("Mars 2024", 2, 1)]


def test_in_average_over_the_year_a_busy_month_makes_up_for_a_quiet_one(plan, log):
    activity = plan(count=1, per=PER.MONTH_IN_AVERAGE)
    log(activity, *(date(2023, 3, day) for day in range(1, 13)), date(2024, 5, 1))

    assert told(activity, Span(date(2023, 1, 1), date(2024, 12, 31))) == [
        ("2023", 12, 12),
        ("2024", 1, 12),
    ]


def test_in_average_only_the_months_it_was_in_force_are_asked_for(plan, log):
    """Ten of them from the 27th of February, when the parties signed."""
    activity = plan(count=2, per=PER.MONTH_IN_AVERAGE, in_force_from=date(2023, 2, 27))
    log(activity, date(2023, 7, 1))

    assert told(activity, Span(date(2023, 1, 1), date(2023, 12, 31))) == [("2023", 1, 20)]


def test_a_target_set_later_is_not_asked_for_before(plan):
    activity = plan(3, PER.YEAR)
    activity.keep_former_target({"target_count": None, "target_per": ""}, day=date(2025, 1, 1))

    assert told(activity) == [("2025", 0, 3), ("2026", 0, 3)]
    assert activity_progress(activity, Span.of_year(2023), AFTERWARDS).target is None


def test_of_two_changes_on_one_day_the_first_former_target_is_kept(plan):
    activity = plan(3, PER.YEAR)
    for count in (1, 2):
        activity.keep_former_target(
            {"target_count": count, "target_per": PER.YEAR}, day=date(2025, 1, 1)
        )

    assert [str(former) for former in activity.former_targets.all()] == ["1 per år"]


def test_a_draft_that_nobody_has_signed_takes_nothing_from_the_one_in_force(agreement, log):
    factories.AgreementFactory(
        predecessor=agreement,
        is_draft=True,
        valid_from=date(2024, 1, 1),
        valid_to=date(2027, 12, 31),
        parties=agreement.parties.all(),
    )
    activity = factories.ActivityFactory(
        undertaking=factories.UndertakingFactory(agreement=agreement),
        promise=None,
        target_count=1,
        target_per=PER.YEAR,
    )
    log(activity, date(2024, 6, 1))
    assert told(activity)[:2] == [("2023", 0, 1), ("2024", 1, 1)]


# --- Metrics --------------------------------------------------------------------------------------


def test_a_metric_lacks_no_reading_for_a_time_before_it_was_read(agreement, promise):
    metric = factories.MetricFactory(
        promise=promise, activity=None, name="Olyckor", in_force_from=date(2024, 7, 1)
    )

    def told_of(first: date, last: date) -> list[tuple[str, list[str]]]:
        progress = agreement_progress(agreement, Span(first, last), AFTERWARDS)
        return [
            (figure.name, [point.label for point in figure.points])
            for figure in progress.promises[0].metrics
        ]

    assert told_of(date(2023, 1, 1), date(2024, 6, 30)) == []
    assert told_of(date(2023, 1, 1), date(2025, 12, 31)) == [("Olyckor", ["2024", "2025"])]
    factories.ReadingFactory(metric=metric, date=date(2023, 3, 1), value=2)
    assert told_of(date(2023, 1, 1), date(2023, 12, 31)) == [("Olyckor", ["jan–juni 2023"])]


# --- The whole period ---------------------------------------------------------------------------


def test_a_level_for_the_whole_period_is_not_judged_two_thirds_into_it(plan, log):
    activity = plan(3, PER.PERIOD)
    log(activity, date(2023, 5, 1))

    target = activity_progress(
        activity, Span(YEARS.starts_on, date(2025, 10, 31)), date(2025, 11, 15)
    ).target

    assert target.state is TargetState.ONGOING
    assert (target.done_of_required, target.required, target.due) == (1, 3, ())


# --- For whatever happens later -------------------------------------------------------------------

DAYS = st.dates(date(2023, 6, 1), date(2026, 6, 30))
LEVELS = st.tuples(
    st.integers(1, 4), st.sampled_from(sorted(set(PER) - {"season", *WITHOUT_COUNT}))
) | st.tuples(st.none(), st.sampled_from(WITHOUT_COUNT))
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "end", "cancel", "target", "untarget", "log", "wish"]),
        st.integers(1, 400),
        LEVELS,
    ),
    min_size=1,
    max_size=5,
)


def happens(kind: str, day: date, level: tuple[int | None, str], activity: Activity, log) -> None:
    """Something on a day, as the portal's forms do it."""
    count, per = level
    if kind == "add":
        factories.ActivityFactory(
            promise=activity.promise, target_count=count, target_per=per, in_force_from=day
        )
    elif kind in {"end", "cancel"}:
        activity.in_force_to = day
        if kind == "cancel":
            activity.status, activity.cancellation_reason = Activity.Status.CANCELLED, "Ingen snö."
        activity.save()
    elif kind == "log":
        log(activity, day)
    elif kind == "wish":
        factories.WishFactory(activity=activity, received_on=day)
    else:
        former = {
            name: getattr(activity, name)
            for name in ("target_count", "target_per", "season_from", "season_to")
        }
        activity.target_count, activity.target_per = (
            (count, per) if kind == "target" else (None, "")
        )
        activity.save()
        activity.keep_former_target(former, day)


def figures(progress: Progress) -> list:
    """All that is told of what was promised, but for the plan as it is today."""
    return [
        (one.promise, one.tally, one.required, one.done_of_required, one.targets_met)
        for one in progress.promises
    ] + [
        replace(activity, is_overdue=False)
        for one in progress.promises
        for activity in one.activities
    ]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    level=LEVELS,
    logged=st.lists(DAYS, max_size=8),
    first=DAYS,
    days=st.integers(0, 800),
    changes=CHANGES,
)
def test_nothing_that_happens_later_changes_a_figure_of_the_time_before(
    agreement, plan, log, level, logged, first, days, changes
):
    span = Span(first, first + timedelta(days=days))
    with transaction.atomic():
        activity = plan(*level)
        log(activity, *logged)
        before = figures(agreement_progress(agreement, span, AFTERWARDS))

        day = span.ends_on
        for kind, later, new_level in changes:
            day += timedelta(days=later)
            happens(kind, day, new_level, activity, log)

        assert figures(agreement_progress(agreement, span, AFTERWARDS)) == before
        transaction.set_rollback(True)
