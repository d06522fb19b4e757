"""A metric over time: each year's figure by its own rule, and against counting by hand."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followup.models import Reading
from followup.numbers.metric_figures import metric_figures
from followup.numbers.metrics import MetricFigure
from followup.time.spans import Span
from followup.time.stretches import stretches
from promises.models import Metric
from tests.factories import MetricFactory, OccasionFactory, ReadingFactory

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")
LATER = date(2030, 1, 1)


def figure_of(metric: Metric, span: Span, on: date = LATER, cutoff_on=None) -> MetricFigure:
    [(_, figure)] = metric_figures(Metric.objects.filter(pk=metric.pk), span, on, cutoff_on)
    return figure


# --- Which stretches -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        pytest.param(
            Span(date(2023, 2, 27), date(2025, 2, 27)),
            ["feb–juni 2023", "juli–dec 2023", "jan–juni 2024", "juli–dec 2024", "jan–feb 2025"],
            id="two years by halves",
        ),
        pytest.param(
            Span(date(2023, 2, 27), date(2025, 2, 28)),
            ["feb–dec 2023", "2024", "jan–feb 2025"],
            id="a day more than two years by years",
        ),
        pytest.param(Span(date(2024, 3, 4), date(2024, 3, 9)), ["mars 2024"], id="some days"),
    ],
)
def test_a_span_is_told_by_half_years_or_years_cut_off_at_its_ends(span, labels):
    assert [label for label, _ in stretches(span, LATER)] == labels


def test_a_stretch_that_has_not_begun_is_not_missing_a_figure():
    span = Span(date(2023, 1, 1), date(2026, 12, 31))
    assert [label for label, _ in stretches(span, date(2024, 12, 31))] == ["2023", "2024"]


@given(
    first=st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    length=st.integers(1, 1500),
    on=st.dates(date(2022, 1, 1), date(2030, 12, 31)),
)
def test_the_stretches_are_the_span_up_to_the_day_without_gap_or_overlap(first, length, on):
    span = Span(first, first + timedelta(days=length - 1))

    days = [
        inside.starts_on + timedelta(days=n)
        for _, inside in stretches(span, on)
        for n in range(inside.days)
    ]

    assert days == [first + timedelta(days=n) for n in range(len(days))]
    if on < first:
        assert days == []
    else:
        assert days[-1] >= min(on, span.ends_on)


# --- By its own rule, against counting by hand ----------------------------------------------


@dataclass(frozen=True)
class Read:
    """A reading as the reference sees it."""

    date: date
    value: Decimal
    more: Decimal  # the whole of a share is the value and so much more
    logged_on: date
    is_withdrawn: bool


HUNDREDTHS = st.integers(0, 50_000).map(lambda n: Decimal(n) / 100)
READS = st.lists(
    st.builds(
        Read,
        date=st.dates(date(2022, 11, 1), date(2025, 3, 31)),
        value=HUNDREDTHS,
        more=HUNDREDTHS,
        logged_on=st.dates(date(2024, 12, 20), date(2025, 1, 10)),
        is_withdrawn=st.sampled_from([False, False, False, True]),
    ),
    max_size=15,
)
SPANS = st.builds(
    Span,
    st.dates(date(2022, 10, 1), date(2023, 12, 31)),
    st.dates(date(2024, 1, 1), date(2025, 6, 30)),
)
CUTOFFS = st.none() | st.dates(date(2024, 12, 20), date(2025, 1, 10))


@pytest.fixture
def metrics() -> dict[str, Metric]:
    return {rule: MetricFactory(rule=rule, unit="st") for rule in Metric.Rule.values}


@contextmanager
def read_in(metric: Metric, reads: list[Read]):
    is_share = metric.rule == Metric.Rule.SHARE
    with transaction.atomic():
        for read in reads:  # one by one: of two on a day the later entered is the latest
            at = datetime.combine(read.logged_on, time(23, 59), SWEDEN)
            Reading.objects.create(
                metric=metric,
                date=read.date,
                value=read.value,
                out_of=read.value + read.more if is_share else None,
                created_at=at,
                withdrawn_at=at if read.is_withdrawn else None,
            )
        yield
        transaction.set_rollback(True)


def by_hand(rule: str, reads: list[Read]) -> Fraction | None:
    if not reads:
        return None
    values = [Fraction(read.value) for read in reads]
    if rule == "sum":
        return sum(values)
    if rule == "mean":
        return sum(values) / len(values)
    if rule == "latest":
        last = max(read.date for read in reads)
        return [Fraction(read.value) for read in reads if read.date == last][-1]
    whole = sum(Fraction(read.value + read.more) for read in reads)
    return sum(values) * 100 / whole if whole else None


def same(value: Decimal | None, expected: Fraction | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return abs(Fraction(value) - expected) < Fraction(1, 10**9)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rule=st.sampled_from(Metric.Rule.values), reads=READS, span=SPANS, cutoff_on=CUTOFFS)
def test_whole_and_stretches_are_what_one_gets_by_hand(metrics, rule, reads, span, cutoff_on):
    with read_in(metrics[rule], reads):
        figure = figure_of(metrics[rule], span, cutoff_on=cutoff_on)

    counted = [
        read
        for read in reads
        if not read.is_withdrawn
        and span.starts_on <= read.date <= span.ends_on
        and (cutoff_on is None or read.logged_on <= cutoff_on)
    ]
    assert figure.readings == len(counted)
    assert same(figure.value, by_hand(rule, counted))
    for point in figure.points:
        inside = [
            read for read in counted if point.span.starts_on <= read.date <= point.span.ends_on
        ]
        assert point.readings == len(inside)
        assert same(point.value, by_hand(rule, inside)), point.label
    assert sum(point.readings for point in figure.points) == figure.readings


# --- Honest in print ------------------------------------------------------------------------

YEARS = Span(date(2022, 1, 1), date(2024, 12, 31))


def test_a_true_zero_is_a_figure_and_no_reading_is_none():
    metric = MetricFactory(unit="olyckor")
    ReadingFactory(metric=metric, date=date(2023, 5, 1), value=0)

    points = figure_of(metric, YEARS).points

    assert [(point.label, point.value, point.text) for point in points] == [
        ("2022", None, "Ingen uppgift"),
        ("2023", Decimal(0), "0 olyckor"),
        ("2024", None, "Ingen uppgift"),
    ]


def test_a_share_of_few_is_told_in_counts_and_not_drawn():
    metric = MetricFactory(rule="share", unit="")
    for year, n, m in ((2022, 19, 25), (2023, 7, 9)):
        ReadingFactory(metric=metric, date=date(year, 5, 1), value=n, out_of=m)

    figure = figure_of(metric, YEARS)

    assert [point.text for point in figure.points] == [
        "19 av 25 (76 %)",
        "7 av 9",
        "Ingen uppgift",
    ]
    assert (figure.has_series, figure.is_drawn) == (True, False)


def test_the_mean_of_the_whole_is_not_the_mean_of_the_years():
    metric = MetricFactory(rule="mean", unit="km/h")
    for year, value in ((2022, 40), (2022, 40), (2022, 40), (2023, 60)):
        ReadingFactory(metric=metric, date=date(year, 5, 1), value=value)

    figure = figure_of(metric, YEARS)

    assert [point.text for point in figure.points[:2]] == ["40 km/h", "60 km/h"]
    assert figure.text == "45 km/h"


def test_a_reading_without_occasion_is_cut_off_by_the_day_it_was_entered():
    metric = MetricFactory(unit="anmälda brott")
    for day, value in ((15, 3), (16, 5)):
        ReadingFactory(
            metric=metric,
            occasion=None,
            date=date(2023, 5, 1),
            value=value,
            created_at=datetime(2025, 1, day, 23, 59, tzinfo=SWEDEN),
        )

    figure = figure_of(metric, YEARS, cutoff_on=date(2025, 1, 15))

    assert (figure.text, figure.readings) == ("3 anmälda brott", 1)
    assert figure.points[1].text == "3 anmälda brott"


def test_a_reading_at_an_occasion_is_cut_off_by_the_day_the_occasion_was_logged():
    metric = MetricFactory(unit="förare")
    for day, value in ((15, 3), (16, 5)):
        occasion = OccasionFactory(
            activity=metric.activity,
            created_at=datetime(2025, 1, day, 12, tzinfo=SWEDEN),
        )
        ReadingFactory(
            metric=metric,
            occasion=occasion,
            date=date(2023, 5, 1),
            value=value,
            created_at=datetime(2025, 3, 1, tzinfo=SWEDEN),
        )

    assert figure_of(metric, YEARS, cutoff_on=date(2025, 1, 15)).text == "3 förare"


def test_many_metrics_cost_as_many_queries_as_one(django_assert_num_queries):
    for rule in Metric.Rule.values:
        for n in range(3):
            ReadingFactory(metric=MetricFactory(rule=rule), value=n, out_of=20)

    with django_assert_num_queries(3):
        figures = metric_figures(Metric.objects.all(), YEARS, LATER)

    assert len(figures) == 12
