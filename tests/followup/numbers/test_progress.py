"""The counting rules: what is counted, what is not, and what nobody knows."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.models import Occasion
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.totals import PartyMinutes, PlaceCount, Total
from followup.time.spans import Span
from promises.models import Activity, Agreement, Member, Metric, Party, Promise
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    GoalFactory,
    MemberFactory,
    MetricFactory,
    OccasionFactory,
    PartyFactory,
    PlaceFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReadingFactory,
    UndertakingFactory,
)

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")

YEAR_2024 = Span(date(2024, 1, 1), date(2024, 12, 31))
SPRING_2024 = Span(date(2024, 1, 1), date(2024, 6, 30))
AUTUMN_2024 = Span(date(2024, 7, 1), date(2024, 12, 31))
TERM = Span(date(2023, 1, 1), date(2024, 12, 31))
AFTERWARDS = date(2025, 3, 1)


@pytest.fixture
def municipality() -> Party:
    return PartyFactory(short_name="Kommunen")


@pytest.fixture
def police() -> Party:
    return PartyFactory(kind=Party.Kind.POLICE, short_name="Polisen")


@pytest.fixture
def member(municipality) -> Member:
    return MemberFactory(party=municipality)


@pytest.fixture
def agreement(municipality, police) -> Agreement:
    """From 2023-01-01 to 2026-12-31, with a löftesperiod of its first two years."""
    return AgreementFactory(parties=[municipality, police])


@pytest.fixture
def promise(agreement) -> Promise:
    return PromiseFactory(period=PromisePeriodFactory(agreement=agreement))


@pytest.fixture
def activity(promise) -> Activity:
    return ActivityFactory(promise=promise, title="Skoterkontroll")


@pytest.fixture
def log(activity, municipality, member):
    """Log an occasion of the activity, of the municipality if nothing else is said."""

    def log_occasion(day: date = date(2024, 3, 12), **values) -> Occasion:
        defaults = {"activity": activity, "party": municipality, "member": member}
        return OccasionFactory(**defaults | {"date": day} | values)

    return log_occasion


@pytest.fixture
def tally_of(agreement):
    """The tally of the whole agreement for a span."""

    def tally(span: Span = YEAR_2024, **asked):
        return agreement_progress(agreement, span, AFTERWARDS, **asked).tally

    return tally


@pytest.fixture
def figure_of():
    """A metric's figure for a span, found through its activity."""

    def figure(metric: Metric, span: Span = YEAR_2024):
        (found,) = activity_progress(metric.activity, span, AFTERWARDS).metrics
        return found

    return figure


# --- Occasions ----------------------------------------------------------------------------


def test_an_empty_log_adds_up_to_nothing_known(tally_of):
    tally = tally_of()

    assert (tally.occasions, tally.outside_term, tally.last_on) == (0, 0, None)
    assert (tally.minutes, tally.participants) == (Total(None, 0), Total(None, 0))
    assert (tally.places, tally.party_minutes) == ((), ())


def test_both_ends_of_the_span_are_counted(log, tally_of):
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
        log(day)

    tally = tally_of(YEAR_2024)

    assert (tally.occasions, tally.last_on) == (2, date(2024, 12, 31))


def test_a_withdrawn_occasion_counts_in_nothing(log, tally_of, member):
    log(date(2024, 3, 12), minutes=60)
    log(date(2024, 4, 2), minutes=600, participants=40).withdraw(by=member, reason="Dubblett.")

    tally = tally_of()

    assert (tally.occasions, tally.last_on) == (1, date(2024, 3, 12))
    assert (tally.minutes, tally.participants) == (Total(60), Total(None, 1))


def test_an_occasion_outside_the_term_is_counted_and_told_apart(log, tally_of):
    log(date(2024, 12, 31))
    log(date(2025, 1, 1))

    tally = tally_of(Span(date(2024, 1, 1), date(2025, 2, 27)))

    assert (tally.occasions, tally.outside_term) == (2, 1)


def test_the_term_may_begin_and_end_within_a_month(agreement, log, tally_of):
    period = PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 3, 10), ends_on=date(2025, 9, 20)
    )
    activity = ActivityFactory(promise=PromiseFactory(period=period))
    for day in (date(2025, 3, 9), date(2025, 3, 10), date(2025, 9, 20), date(2025, 9, 21)):
        log(day, activity=activity)

    tally = tally_of(Span(date(2025, 1, 1), date(2025, 12, 31)))

    assert (tally.occasions, tally.outside_term) == (4, 2)


def test_an_undertaking_is_in_term_from_the_first_day_of_the_agreement(agreement, log, tally_of):
    activity = ActivityFactory(promise=None, undertaking=UndertakingFactory(agreement=agreement))
    for day in (date(2022, 12, 31), date(2023, 1, 1), date(2027, 1, 1)):
        log(day, activity=activity)

    tally = tally_of(Span(date(2022, 1, 1), date(2027, 12, 31)))

    assert (tally.occasions, tally.outside_term) == (3, 1)


def test_an_agreement_that_does_not_run_on_ends_the_term_of_its_undertakings(
    agreement, log, tally_of
):
    Agreement.objects.filter(pk=agreement.pk).update(runs_until_further_notice=False)
    activity = ActivityFactory(promise=None, undertaking=UndertakingFactory(agreement=agreement))
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        log(day, activity=activity)

    tally = tally_of(Span(date(2026, 1, 1), date(2027, 12, 31)))

    assert (tally.occasions, tally.outside_term) == (2, 1)


def test_occasions_add_up_by_promise_by_undertaking_and_in_all(agreement, promise, activity, log):
    undertaking = UndertakingFactory(agreement=agreement)
    talk = ActivityFactory(promise=promise, title="Samtal i skoterklubben")
    meetings = ActivityFactory(promise=None, undertaking=undertaking)
    for logged in (activity, activity, talk, meetings):
        log(activity=logged, minutes=30)

    progress = agreement_progress(agreement, YEAR_2024, AFTERWARDS)

    of_promise, of_undertaking = progress.of(promise), progress.of(undertaking)
    assert [one.tally.occasions for one in of_promise.activities] == [1, 2]
    assert (of_promise.tally.occasions, of_promise.tally.minutes) == (3, Total(90))
    assert (of_undertaking.tally.occasions, of_undertaking.tally.minutes) == (1, Total(30))
    assert (progress.tally.occasions, progress.tally.minutes) == (4, Total(120))


def test_the_log_of_another_agreement_is_not_counted(log, tally_of):
    log()
    OccasionFactory()

    assert tally_of().occasions == 1


def test_one_activity_has_the_same_numbers_alone_as_in_the_whole(agreement, promise, activity, log):
    Activity.objects.filter(pk=activity.pk).update(target_count=2, target_per="year")
    activity.refresh_from_db()
    metric = MetricFactory(activity=activity)
    occasion = log(minutes=45, place=PlaceFactory())
    ReadingFactory(metric=metric, occasion=occasion)

    (whole,) = agreement_progress(agreement, YEAR_2024, AFTERWARDS).of(promise).activities

    assert activity_progress(activity, YEAR_2024, AFTERWARDS) == whole


# --- Which promises -----------------------------------------------------------------------


def test_the_promises_are_those_whose_period_touches_the_span(agreement, promise):
    later = PromiseFactory(
        period=PromisePeriodFactory(
            agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
        )
    )
    PromiseFactory()

    def promises_within(first: date, last: date) -> list[Promise]:
        progress = agreement_progress(agreement, Span(first, last), AFTERWARDS)
        return [one.promise for one in progress.promises]

    assert promises_within(date(2022, 1, 1), date(2022, 12, 31)) == []
    assert promises_within(date(2022, 1, 1), date(2023, 1, 1)) == [promise]
    assert promises_within(date(2024, 12, 31), date(2025, 1, 1)) == [later, promise]
    assert promises_within(date(2025, 1, 1), date(2025, 1, 1)) == [later]


def test_the_promises_to_report_on_can_be_named(agreement, promise, log):
    other = PromiseFactory(period=promise.period)
    log()
    log(activity=ActivityFactory(promise=other))

    progress = agreement_progress(agreement, YEAR_2024, AFTERWARDS, promises=[other])

    assert [one.promise for one in progress.promises] == [other]
    assert progress.tally.occasions == 1


# --- Minutes, participants, places, months ------------------------------------------------


def test_unknown_minutes_are_counted_beside_the_known_and_never_as_zero(log, tally_of):
    for minutes in (90, 0, None, None):
        log(minutes=minutes)

    assert tally_of().minutes == Total(90, 2)


def test_known_zeros_add_up_to_zero_and_unknowns_to_unknown(log, tally_of):
    log(minutes=0)
    log(minutes=None)

    tally = tally_of()

    assert tally.minutes == Total(0, 1)
    assert tally.participants == Total(None, 2)


def test_participants_add_up_as_minutes_do(log, tally_of):
    for participants in (12, 0, None):
        log(participants=participants)

    assert tally_of().participants == Total(12, 1)


def test_every_party_has_its_own_minutes(log, tally_of, police):
    log(minutes=60)
    log(minutes=None)
    log(party=police, minutes=240)
    log(party=police, minutes=30)

    assert tally_of().party_minutes == (
        PartyMinutes("Kommunen", Total(60, 1)),
        PartyMinutes("Polisen", Total(270, 0)),
    )


def test_a_party_whose_minutes_nobody_noted_is_unknown_and_not_zero(log, tally_of, police):
    log(party=police, minutes=None)

    assert tally_of().party_minutes == (PartyMinutes("Polisen", Total(None, 1)),)


def test_places_stand_by_number_of_occasions_and_the_unknown_one_last(log, tally_of):
    borgafjall, risback = PlaceFactory(name="Borgafjäll"), PlaceFactory(name="Risbäck")
    avatrask = PlaceFactory(name="Avaträsk")
    log(date(2024, 4, 2), place=borgafjall)
    log(date(2024, 3, 12), place=borgafjall)
    log(date(2024, 2, 1), place=risback)
    log(date(2024, 5, 20), place=avatrask)
    for day in (date(2024, 6, 1), date(2024, 6, 3), date(2024, 6, 2)):
        log(day, place=None)

    tally = tally_of()

    assert tally.places == (
        PlaceCount("Borgafjäll", 2, date(2024, 4, 2)),
        PlaceCount("Avaträsk", 1, date(2024, 5, 20)),
        PlaceCount("Risbäck", 1, date(2024, 2, 1)),
        PlaceCount(None, 3, date(2024, 6, 3)),
    )
    assert tally.places_reached == 3


def test_a_place_is_one_place_under_every_activity_and_party(promise, log, tally_of, police):
    borgafjall = PlaceFactory(name="Borgafjäll")
    log(date(2024, 2, 1), place=borgafjall)
    log(date(2024, 3, 1), place=borgafjall, party=police)
    log(date(2024, 3, 2), place=borgafjall, activity=ActivityFactory(promise=promise))

    assert tally_of().places == (PlaceCount("Borgafjäll", 3, date(2024, 3, 2)),)


def test_the_months_cover_the_whole_span_with_zeros_where_nothing_was_done(log, tally_of):
    for day in (date(2023, 11, 30), date(2024, 1, 1), date(2024, 1, 31)):
        log(day)

    tally = tally_of(Span(date(2023, 11, 15), date(2024, 3, 15)))

    assert [(month.label, month.count) for month in tally.months] == [
        ("nov 2023", 1),
        ("dec 2023", 0),
        ("jan 2024", 2),
        ("feb 2024", 0),
        ("mars 2024", 0),
    ]


# --- The cut-off --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cutoff_on", "logged_at", "counts"),
    [
        # Winter: Sweden is an hour ahead of UTC, summer: two.
        (date(2025, 1, 31), "2025-01-31T23:59:59+01:00", 1),
        (date(2025, 1, 31), "2025-02-01T00:00:00+01:00", 0),
        (date(2024, 7, 31), "2024-07-31T23:59:59+02:00", 1),
        (date(2024, 7, 31), "2024-08-01T00:00:00+02:00", 0),
        # The day summer time begins has 23 hours, and the day it ends 25.
        (date(2024, 3, 31), "2024-03-31T23:59:59+02:00", 1),
        (date(2024, 3, 31), "2024-04-01T00:00:00+02:00", 0),
        (date(2024, 3, 30), "2024-03-30T23:59:59+01:00", 1),
        (date(2024, 3, 30), "2024-03-31T00:00:00+01:00", 0),
        (date(2024, 10, 27), "2024-10-27T23:59:59+01:00", 1),
        (date(2024, 10, 27), "2024-10-28T00:00:00+01:00", 0),
        (date(2024, 10, 26), "2024-10-26T23:59:59+02:00", 1),
        (date(2024, 10, 26), "2024-10-27T00:00:00+02:00", 0),
    ],
)
def test_an_entry_made_on_the_day_of_the_cutoff_counts_to_midnight_in_sweden(
    log, tally_of, cutoff_on, logged_at, counts
):
    log(date(2024, 2, 14), created_at=datetime.fromisoformat(logged_at))

    assert tally_of(cutoff_on=cutoff_on).occasions == counts


def test_the_cutoff_asks_when_it_was_logged_and_not_when_it_was_done(log, tally_of):
    logged_late = datetime(2025, 2, 10, 9, 0, tzinfo=SWEDEN)
    log(date(2024, 1, 2), created_at=logged_late)

    assert tally_of(cutoff_on=date(2025, 1, 31)).occasions == 0
    assert tally_of(cutoff_on=date(2025, 2, 10)).occasions == 1
    assert tally_of().occasions == 1


def test_the_readings_of_an_entry_after_the_cutoff_do_not_count(agreement, promise, activity, log):
    metrics = [
        MetricFactory(activity=activity, number=number, rule=rule)
        for number, rule in enumerate(["sum", "latest", "mean"])
    ]
    in_time = log(date(2024, 3, 1), created_at=datetime(2024, 3, 2, 9, 0, tzinfo=SWEDEN))
    late = log(date(2024, 3, 5), created_at=datetime(2025, 2, 1, 0, 0, tzinfo=SWEDEN))
    for metric in metrics:
        ReadingFactory(metric=metric, occasion=in_time, date=in_time.date, value=14)
        ReadingFactory(metric=metric, occasion=late, date=late.date, value=100)

    progress = agreement_progress(agreement, YEAR_2024, AFTERWARDS, cutoff_on=date(2025, 1, 31))

    (one,) = progress.of(promise).activities
    assert [(figure.value, figure.readings) for figure in one.metrics] == [(14, 1)] * 3
    assert [figure.latest_on for figure in one.metrics] == [date(2024, 3, 1)] * 3


# --- Metrics ------------------------------------------------------------------------------


def test_a_sum_is_added_up_for_the_half_years_and_for_the_year(activity, figure_of):
    drivers = MetricFactory(activity=activity, rule=Metric.Rule.SUM)
    for day, value in (
        (date(2023, 12, 31), 1000),
        (date(2024, 1, 1), 14),
        (date(2024, 6, 30), 8),
        (date(2024, 7, 1), 5),
        (date(2024, 12, 31), 6),
        (date(2025, 1, 1), 1000),
    ):
        ReadingFactory(metric=drivers, date=day, value=value)

    assert figure_of(drivers, SPRING_2024).text == "22 förare"
    assert figure_of(drivers, AUTUMN_2024).text == "11 förare"
    assert figure_of(drivers, YEAR_2024).text == "33 förare"


def test_the_latest_value_is_not_added_up_over_the_year(activity, figure_of):
    areas = MetricFactory(activity=activity, rule=Metric.Rule.LATEST, unit="områden")
    for day, value in ((date(2024, 11, 5), 9), (date(2024, 2, 1), 4), (date(2024, 5, 31), 7)):
        ReadingFactory(metric=areas, date=day, value=value)

    assert figure_of(areas, SPRING_2024).text == "7 områden"
    assert figure_of(areas, AUTUMN_2024).text == "9 områden"
    assert figure_of(areas, YEAR_2024).text == "9 områden"
    assert figure_of(areas, YEAR_2024).latest_on == date(2024, 11, 5)


def test_of_two_readings_on_a_day_the_one_entered_last_is_the_latest(activity, figure_of):
    areas = MetricFactory(activity=activity, rule=Metric.Rule.LATEST)
    for value in (9, 7):
        ReadingFactory(metric=areas, date=date(2024, 5, 31), value=value)

    assert figure_of(areas).value == 7


def test_a_mean_is_of_the_readings_and_not_of_the_half_years(activity, figure_of):
    speed = MetricFactory(activity=activity, rule=Metric.Rule.MEAN, unit="km/h")
    for day, value in (
        (date(2024, 2, 1), "52"),
        (date(2024, 3, 1), "48.5"),
        (date(2024, 4, 1), "49.5"),
        (date(2024, 9, 1), "44"),
    ):
        ReadingFactory(metric=speed, date=day, value=Decimal(value))

    assert figure_of(speed, SPRING_2024).value == 50
    assert figure_of(speed, AUTUMN_2024).value == 44
    assert figure_of(speed, YEAR_2024).value == Decimal("48.5")


def test_a_share_is_of_the_whole_heap_and_not_a_mean_of_percentages(activity, figure_of):
    faultless = MetricFactory(activity=activity, rule=Metric.Rule.SHARE)
    for day, part, whole in (
        (date(2024, 2, 14), 9, 10),
        (date(2024, 3, 12), 35, 42),
        (date(2024, 12, 3), 0, 8),
    ):
        ReadingFactory(metric=faultless, date=day, value=part, out_of=whole)

    assert figure_of(faultless, SPRING_2024).text == "44 av 52 (85 %)"
    assert figure_of(faultless, AUTUMN_2024).text == "0 av 8"
    assert figure_of(faultless, YEAR_2024).text == "44 av 60 (73 %)"
    assert figure_of(faultless, AUTUMN_2024).value == 0


def test_a_share_of_none_has_readings_but_no_percentage(activity, figure_of):
    faultless = MetricFactory(activity=activity, rule=Metric.Rule.SHARE, target_value=90)
    ReadingFactory(metric=faultless, value=0, out_of=0)

    figure = figure_of(faultless)

    assert (figure.value, figure.readings, figure.text) == (None, 1, "0 av 0")
    assert figure.is_target_reached is None


def test_a_reading_from_before_the_metric_became_a_share_is_no_part_of_it(activity, figure_of):
    faultless = MetricFactory(activity=activity, rule=Metric.Rule.SHARE)
    ReadingFactory(metric=faultless, value=500, out_of=None)
    assert figure_of(faultless).text == "Ingen uppgift"

    ReadingFactory(metric=faultless, value=9, out_of=10)
    assert figure_of(faultless).text == "9 av 10"


@pytest.mark.parametrize("rule", [Metric.Rule.SUM, Metric.Rule.LATEST, Metric.Rule.MEAN])
def test_no_reading_is_unknown_and_a_reading_of_zero_is_zero(activity, figure_of, rule):
    unread = MetricFactory(activity=activity, rule=rule)
    assert (figure_of(unread).value, figure_of(unread).readings) == (None, 0)

    ReadingFactory(metric=unread, value=0)
    assert (figure_of(unread).value, figure_of(unread).readings) == (0, 1)


def test_readings_with_decimals_add_up_exactly(activity, figure_of):
    """SQLite adds decimals in floating point: 0,1 + 0,2 must still reach 0,3."""
    hours = MetricFactory(
        activity=activity, unit="timmar", target_value=Decimal("0.3"), lower_is_better=True
    )
    for value in ("0.1", "0.2"):
        ReadingFactory(metric=hours, value=Decimal(value))

    figure = figure_of(hours)

    assert (figure.value, figure.text) == (Decimal("0.3"), "0,3 timmar")
    assert figure.is_target_reached is True


def test_a_target_value_with_two_decimals_is_reached_to_the_last_of_them(activity, figure_of):
    level = MetricFactory(
        activity=activity,
        rule=Metric.Rule.LATEST,
        target_value=Decimal("1.25"),
        lower_is_better=True,
    )
    ReadingFactory(metric=level, value=Decimal("1.25"))

    assert figure_of(level).is_target_reached is True


def test_the_readings_of_a_withdrawn_occasion_never_count(activity, log, member, figure_of):
    drivers = MetricFactory(activity=activity, rule=Metric.Rule.SUM)
    areas = MetricFactory(activity=activity, rule=Metric.Rule.LATEST, number=2)
    standing, withdrawn = log(date(2024, 3, 1)), log(date(2024, 3, 5))
    for metric in (drivers, areas):
        ReadingFactory(metric=metric, occasion=standing, date=standing.date, value=14)
        ReadingFactory(metric=metric, occasion=withdrawn, date=withdrawn.date, value=100)
    withdrawn.withdraw(by=member, reason="Loggat på fel aktivitet.")

    figures = activity_progress(activity, YEAR_2024, AFTERWARDS).metrics

    assert [(figure.value, figure.readings) for figure in figures] == [(14, 1), (14, 1)]
    assert [figure.latest_on for figure in figures] == [date(2024, 3, 1)] * 2


def test_metrics_stand_under_what_they_measure_in_their_order(agreement, promise, activity):
    goal = GoalFactory(agreement=agreement)
    for number, name in ((2, "Oro"), (1, "Anmälda brott")):
        MetricFactory(activity=None, goal=goal, name=name, number=number, dimension="effect")
    MetricFactory(activity=None, promise=promise, name="Klagomål")
    MetricFactory(activity=activity, name="LAU-prov")
    MetricFactory(name="En annan överenskommelses")

    progress = agreement_progress(agreement, YEAR_2024, AFTERWARDS)

    (of_activity,) = progress.of(promise).activities
    assert [figure.name for figure in progress.of(goal).metrics] == ["Anmälda brott", "Oro"]
    assert [figure.name for figure in progress.of(promise).metrics] == ["Klagomål"]
    assert [figure.name for figure in of_activity.metrics] == ["LAU-prov"]


def test_a_figure_carries_what_its_metric_is_judged_by(activity, figure_of):
    accidents = MetricFactory(
        activity=activity,
        name="Olyckor",
        unit="st",
        dimension=Metric.Dimension.EFFECT,
        baseline=Decimal(6),
        target_value=Decimal(3),
        lower_is_better=True,
    )
    ReadingFactory(metric=accidents, value=3)

    figure = figure_of(accidents)

    assert (figure.name, figure.text, figure.is_effect) == ("Olyckor", "3 st", True)
    assert (figure.baseline_text, figure.target_text) == ("6 st", "3 st")
    assert figure.is_target_reached is True


# --- Queries ------------------------------------------------------------------------------


def test_the_numbers_of_an_agreement_take_as_many_queries_at_1_row_as_at_30(
    agreement, promise, log, police
):
    goal = GoalFactory(agreement=agreement)
    undertaking = UndertakingFactory(agreement=agreement)

    def log_one_of_each(day: int) -> None:
        place = PlaceFactory()
        for answers_to in ({"promise": promise}, {"promise": None, "undertaking": undertaking}):
            activity = ActivityFactory(**answers_to, target_count=1, target_per="quarter")
            occasion = log(date(2024, 3, day), activity=activity, place=place, party=police)
            ReadingFactory(metric=MetricFactory(activity=activity), occasion=occasion)
        ReadingFactory(metric=MetricFactory(activity=None, goal=goal))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            agreement_progress(Agreement.objects.get(pk=agreement.pk), YEAR_2024, AFTERWARDS)
        return len(captured)

    log_one_of_each(1)
    at_1 = queries()
    for day in range(2, 31):
        log_one_of_each(day)

    assert queries() == at_1 == 11


def test_the_numbers_of_one_activity_take_five_queries(activity, log, django_assert_num_queries):
    for day in range(1, 31):
        log(date(2024, 3, day))

    with django_assert_num_queries(5):
        activity_progress(activity, YEAR_2024, AFTERWARDS)


# --- Which promises are told of ------------------------------------------------------------


def test_a_promise_logged_on_after_its_period_has_run_out_is_still_told_of():
    promise = PromiseFactory()  # of the period 2023–2024
    agreement = promise.period.agreement
    in_2025 = Span(date(2025, 1, 1), date(2025, 12, 31))
    assert agreement_progress(agreement, in_2025, date(2026, 1, 1)).promises == ()

    OccasionFactory(activity=ActivityFactory(promise=promise), date=date(2025, 2, 15))

    progress = agreement_progress(agreement, in_2025, date(2026, 1, 1))
    assert (progress.tally.occasions, progress.tally.outside_term) == (1, 1)
    assert progress.of(promise).tally.occasions == 1


def test_a_withdrawn_occasion_does_not_bring_a_promise_back():
    occasion = OccasionFactory(activity=ActivityFactory(), date=date(2025, 2, 15))
    occasion.withdraw(by=occasion.member, reason="Loggat två gånger.")

    in_2025 = Span(date(2025, 1, 1), date(2025, 12, 31))
    agreement = occasion.activity.agreement
    assert agreement_progress(agreement, in_2025, date(2026, 1, 1)).promises == ()


def test_a_surplus_in_one_year_does_not_make_up_for_what_another_lacks():
    activity = ActivityFactory(target_count=2, target_per="year")
    for day in (1, 2, 3):
        OccasionFactory(activity=activity, date=date(2023, 3, day))
    OccasionFactory(activity=activity, date=date(2024, 3, 1))

    target = activity_progress(
        activity, Span(date(2023, 1, 1), date(2024, 12, 31)), date(2025, 1, 1)
    ).target

    assert (target.done_of_required, target.required) == (3, 4)
