"""How a figure is added up, rounded and printed, wherever it is printed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.numbers.metrics import MetricFigure
from followup.numbers.progress import ActivityProgress, Progress, PromiseProgress
from followup.numbers.targets import TargetProgress, TargetState, TargetWindow
from followup.numbers.totals import MonthCount, PlaceCount, Tally, Total
from followup.swedish import format_number, rounded_to
from followup.time.spans import Span
from promises.models import Activity, Agreement, Goal, Promise, Undertaking

NBSP = "\N{NO-BREAK SPACE}"

SPANS = st.builds(
    lambda first, days: Span(first, first + timedelta(days=days)),
    st.dates(date(2022, 1, 1), date(2026, 12, 31)),
    st.integers(-1, 800),
)
TOTALS = st.builds(Total, st.none() | st.integers(0, 10_000), st.integers(0, 50))


def days_of(span: Span) -> set[date]:
    return {span.starts_on + timedelta(days=day) for day in range(span.days)}


def figure(rule: str = "sum", value=None, **values) -> MetricFigure:
    """A figure of one reading, but for what is given."""
    return MetricFigure(
        **{
            "name": "Förare kontrollerade",
            "unit": "förare",
            "dimension": "done",
            "rule": rule,
            "value": None if value is None else Decimal(value),
            "part": None,
            "whole": None,
            "readings": 0 if value is None else 1,
            "latest_on": None,
            "baseline": None,
            "target_value": None,
            "lower_is_better": False,
        }
        | values
    )


def share(part: int, whole: int, **values) -> MetricFigure:
    part, whole = Decimal(part), Decimal(whole)
    value = part * 100 / whole if whole else None
    return figure("share", value, unit="", part=part, whole=whole, **{"readings": 1} | values)


def window(required: int, carried_out: int, state: TargetState) -> TargetWindow:
    span = Span(date(2024, 1, 1), date(2024, 12, 31))
    return TargetWindow("2024", span, required, carried_out, state)


MET = window(2, 3, TargetState.MET)
NOT_MET = window(2, 1, TargetState.NOT_MET)
ONGOING = window(2, 0, TargetState.ONGOING)

EMPTY_TALLY = Tally(0, 0, None, Total(), Total(), (), (), ())


# --- Spans --------------------------------------------------------------------------------


def test_both_ends_of_a_span_are_in_it():
    assert Span(date(2024, 2, 28), date(2024, 3, 1)).days == 3
    assert Span(date(2023, 2, 28), date(2023, 3, 1)).days == 2
    assert Span(date(2024, 5, 15), date(2024, 5, 15)).days == 1


def test_a_span_that_ends_before_it_begins_has_no_days_and_no_months():
    span = Span(date(2024, 5, 15), date(2024, 5, 14))

    assert span.days == 0
    assert list(span.months()) == []


def test_the_months_of_a_span_run_over_new_year():
    span = Span(date(2023, 11, 30), date(2024, 2, 1))

    assert list(span.months()) == [(2023, 11), (2023, 12), (2024, 1), (2024, 2)]


@given(SPANS)
def test_a_span_touches_the_months_of_its_days(span):
    assert list(span.months()) == sorted({(day.year, day.month) for day in days_of(span)})


@given(SPANS, SPANS)
def test_the_overlap_of_two_spans_is_the_days_in_both(one, other):
    assert days_of(one.overlap(other)) == days_of(one) & days_of(other)
    assert one.overlap(other) == other.overlap(one)


# --- Totals -------------------------------------------------------------------------------


def test_a_total_without_any_figure_is_unknown_and_not_zero():
    assert Total(None, 2) + Total(None, 1) == Total(None, 3)


def test_a_known_zero_is_a_figure():
    assert Total(0) + Total(None, 1) == Total(0, 1)


def test_a_total_is_the_known_figures_and_the_count_of_the_unknown():
    assert Total(90, 1) + Total(30, 2) == Total(120, 3)


@given(TOTALS, TOTALS, TOTALS)
def test_totals_add_up_in_any_order(one, two, three):
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert one + Total() == one


# --- Numbers in Swedish -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (100, "100"),
        (1_000, f"1{NBSP}000"),
        (1_234_567, f"1{NBSP}234{NBSP}567"),
        (Decimal("0.04"), "0,04"),
        (Decimal("12.50"), "12,5"),
        (Decimal("12.00"), "12"),
        (Decimal("1000.25"), f"1{NBSP}000,25"),
        (Decimal("0.005"), "0,01"),
    ],
)
def test_a_number_has_a_decimal_comma_and_no_idle_zeros(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("62.35", 1, "62,4"),
        ("62.34", 1, "62,3"),
        ("2.5", 0, "3"),
        ("3.5", 0, "4"),
        ("99.99", 1, "100"),
        ("1200", 0, f"1{NBSP}200"),
    ],
)
def test_a_half_is_rounded_up_and_not_to_even(value, decimals, text):
    assert format_number(Decimal(value), decimals) == text


@given(st.decimals(0, 10**10, places=4, allow_nan=False, allow_infinity=False), st.integers(0, 4))
def test_a_printed_number_can_be_read_back(value, decimals):
    printed = format_number(value, decimals)

    read = Decimal(printed.replace(NBSP, "").replace(",", "."))
    assert read == rounded_to(decimals, value)
    assert abs(read - value) <= Decimal(5).scaleb(-decimals - 1)


@pytest.mark.parametrize(
    ("month", "label"), [(1, "jan 2024"), (3, "mars 2024"), (6, "juni 2024"), (12, "dec 2024")]
)
def test_a_month_is_named_as_in_a_swedish_table(month, label):
    assert MonthCount(2024, month, 0).label == label


# --- A metric's figure, printed -----------------------------------------------------------


@pytest.mark.parametrize("rule", ["sum", "latest", "mean", "share"])
def test_without_a_reading_there_is_no_figure(rule):
    assert figure(rule).text == "Ingen uppgift"


def test_a_reading_of_zero_is_printed_as_zero():
    assert figure(value=0).text == "0 förare"


@pytest.mark.parametrize("rule", ["sum", "latest"])
def test_what_was_counted_is_printed_as_it_was_entered(rule):
    assert figure(rule, "0.04", unit="promille").text == "0,04 promille"
    assert figure(rule, "1312", unit="").text == f"1{NBSP}312"


def test_a_mean_is_printed_with_one_decimal():
    assert figure("mean", Decimal(187) / 3, unit="km/h").text == "62,3 km/h"


def test_a_share_of_few_is_printed_as_counts_only():
    assert share(17, 19).text == "17 av 19"


def test_a_share_of_twenty_or_more_has_a_percentage_beside_its_counts():
    assert share(17, 20).text == "17 av 20 (85 %)"
    assert share(44, 52).text == "44 av 52 (85 %)"


def test_a_percentage_is_rounded_once():
    """10 of 22 is 45,45 %: by way of 45,5 it would become 46."""
    assert share(10, 22).text == "10 av 22 (45 %)"


def test_none_of_none_is_known_but_has_no_percentage():
    assert share(0, 0).text == "0 av 0"
    assert share(0, 0).value is None


def test_bounds_are_printed_in_the_unit_of_the_metric():
    speed = figure("mean", "48", unit="km/h", baseline=Decimal("51.25"), target_value=Decimal(50))

    assert (speed.baseline_text, speed.target_text) == ("51,25 km/h", "50 km/h")


def test_the_bounds_of_a_share_are_percentages():
    assert share(17, 20, baseline=Decimal(70), target_value=Decimal("82.5")).baseline_text == "70 %"
    assert share(17, 20, target_value=Decimal("82.5")).target_text == "82,5 %"


def test_a_bound_nobody_has_set_is_left_blank():
    assert (figure(value=1).baseline_text, figure(value=1).target_text) == ("", "")


def test_effect_is_told_from_what_was_done():
    assert figure(dimension="effect").is_effect
    assert not figure(dimension="done").is_effect


@pytest.mark.parametrize(
    ("value", "lower_is_better", "is_reached"),
    [
        ("49.99", False, False),
        ("50", False, True),
        ("50.01", False, True),
        ("49.99", True, True),
        ("50", True, True),
        ("50.01", True, False),
    ],
)
def test_a_target_value_is_reached_exactly_or_better(value, lower_is_better, is_reached):
    metric = figure("latest", value, target_value=Decimal(50), lower_is_better=lower_is_better)

    assert metric.is_target_reached is is_reached


def test_a_target_value_is_not_reached_by_rounding():
    almost = share(849, 1000, target_value=Decimal(85))

    assert almost.text == f"849 av 1{NBSP}000 (85 %)"
    assert almost.is_target_reached is False


def test_nobody_knows_whether_a_target_value_is_reached_without_a_figure():
    assert figure(target_value=Decimal(50)).is_target_reached is None
    assert share(0, 0, target_value=Decimal(50)).is_target_reached is None


def test_without_a_target_value_there_is_nothing_to_reach():
    assert figure(value=50).is_target_reached is None


# --- Targets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("windows", "state"),
    [
        ((), None),
        ((MET, MET), TargetState.MET),
        ((ONGOING,), TargetState.ONGOING),
        ((MET, ONGOING), TargetState.MET),
        ((MET, NOT_MET), TargetState.NOT_MET),
        ((NOT_MET, ONGOING, MET), TargetState.NOT_MET),
    ],
)
def test_a_target_is_met_when_every_window_that_is_due_is(windows, state):
    assert TargetProgress("2 per år", windows).state is state


def test_a_target_adds_up_the_windows_that_are_due():
    target = TargetProgress("2 per år", (MET, NOT_MET, ONGOING))

    assert (target.required, target.done_of_required) == (4, 3)


def test_a_target_of_which_none_is_due_tells_those_that_run():
    target = TargetProgress("2 per år", (ONGOING,))

    assert (target.required, target.done_of_required) == (2, 0)


def test_the_states_of_a_target_are_told_in_swedish():
    assert [state.label for state in TargetState] == ["Nådd", "Ej nådd", "Pågår"]


# --- A promise, and the whole -------------------------------------------------------------


def under(target: TargetProgress | None, status: str = "ongoing") -> ActivityProgress:
    return ActivityProgress(Activity(status=status), EMPTY_TALLY, target, (), False)


def test_a_promise_counts_the_targets_that_could_be_measured():
    promise = PromiseProgress(
        promise=Promise(number=3),
        activities=(
            under(TargetProgress("2 per år", (MET, MET))),
            under(TargetProgress("2 per år", (MET, NOT_MET))),
            under(TargetProgress("2 per år", ())),
            under(None, status="cancelled"),
            under(None),
        ),
        tally=EMPTY_TALLY,
        metrics=(),
    )

    assert (len(promise.targets), promise.targets_met) == (2, 1)
    assert (promise.done_of_required, promise.required) == (7, 8)
    assert promise.planned_activities == 4
    assert promise.chart_title == "Tillfällen per månad, löfte 3"


def test_occasions_without_a_place_reach_none():
    tally = Tally(
        occasions=4,
        outside_term=0,
        last_on=date(2024, 3, 12),
        minutes=Total(),
        participants=Total(),
        months=(),
        places=(
            PlaceCount("Borgafjäll", 2, date(2024, 3, 12)),
            PlaceCount("Risbäck", 1, date(2024, 1, 9)),
            PlaceCount(None, 1, date(2024, 2, 1)),
        ),
        party_minutes=(),
    )

    assert tally.places_reached == 2


def test_the_progress_of_a_thing_is_found_by_the_thing():
    """A promise, an undertaking and a goal may well have the same primary key."""
    promise = PromiseProgress(Promise(pk=1), (), EMPTY_TALLY, ())
    progress = Progress(
        agreement=Agreement(pk=1),
        span=Span(date(2024, 1, 1), date(2024, 12, 31)),
        on=date(2024, 5, 15),
        promises=(promise,),
        undertakings=(),
        goals=(),
        tally=EMPTY_TALLY,
    )

    assert progress.of(Promise(pk=1)) is promise
    for stranger in (Promise(pk=2), Undertaking(pk=1), Goal(pk=1)):
        with pytest.raises(KeyError):
            progress.of(stranger)
