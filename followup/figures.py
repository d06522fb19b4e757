"""The shapes the portal's numbers come in: frozen, ready to print, the same for every reader.

`followup.progress` computes them. `None` means ingen uppgift, which is not 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from followup.models import Forecast
from promises.models import Activity, Agreement, Goal, Metric, Promise, Undertaking

# With fewer than this many in the whole, a share is given as counts and not as a percentage.
SMALL_NUMBER = 20

MONTH_ABBREVIATIONS = [
    "jan",
    "feb",
    "mars",
    "apr",
    "maj",
    "juni",
    "juli",
    "aug",
    "sep",
    "okt",
    "nov",
    "dec",
]


class Span(NamedTuple):
    """A stretch of days, both ends included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return max(0, (self.ends_on - self.starts_on).days + 1)

    def overlap(self, other: Span) -> Span:
        """The days in both; `days` is 0 when there are none."""
        return Span(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    def months(self) -> Iterator[tuple[int, int]]:
        """Every (year, month) that the span touches, in order."""
        if self.days == 0:
            return
        year, month = self.starts_on.year, self.starts_on.month
        while (year, month) <= (self.ends_on.year, self.ends_on.month):
            yield year, month
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


class TargetState(Enum):
    MET = "met"
    NOT_MET = "not_met"
    ONGOING = "ongoing"

    @property
    def label(self) -> str:
        return {"met": "Nådd", "not_met": "Ej nådd", "ongoing": "Pågår"}[self.value]


@dataclass(frozen=True)
class Total:
    """A sum over occasions, and how many of them had no figure to add.

    `known` is None when no occasion had one.
    """

    known: int | None = None
    unknown_occasions: int = 0

    def __add__(self, other: Total) -> Total:
        figures = [total.known for total in (self, other) if total.known is not None]
        return Total(
            sum(figures) if figures else None, self.unknown_occasions + other.unknown_occasions
        )


@dataclass(frozen=True)
class MonthCount:
    year: int
    month: int
    count: int

    @property
    def label(self) -> str:
        return f"{MONTH_ABBREVIATIONS[self.month - 1]} {self.year}"


@dataclass(frozen=True)
class PlaceCount:
    """Occasions at a place and the day of the last one; `name` is None where none was noted."""

    name: str | None
    count: int
    last_on: date


@dataclass(frozen=True)
class PartyMinutes:
    party: str
    minutes: Total


@dataclass(frozen=True)
class TargetWindow:
    """One stretch a target is counted over: a year, a half-year, a season …"""

    label: str
    span: Span
    required: int
    carried_out: int
    state: TargetState


@dataclass(frozen=True)
class TargetProgress:
    """An activity's target (åtagandenivå) and how it was met, window by window.

    `windows` is empty when nothing asked about is long enough to be measured.
    """

    label: str
    windows: tuple[TargetWindow, ...]

    @property
    def required(self) -> int:
        return sum(window.required for window in self.windows)

    @property
    def carried_out(self) -> int:
        return sum(window.carried_out for window in self.windows)

    @property
    def done_of_required(self) -> int:
        """How many of the required occasions were carried out.

        A surplus in one window does not make up for what another lacks.
        """
        return sum(min(window.carried_out, window.required) for window in self.windows)

    @property
    def windows_met(self) -> int:
        return sum(window.state is TargetState.MET for window in self.windows)

    @property
    def state(self) -> TargetState | None:
        """Met when every window is; not met as soon as a window has ended short."""
        states = {window.state for window in self.windows}
        if not states:
            return None
        if TargetState.NOT_MET in states:
            return TargetState.NOT_MET
        return TargetState.ONGOING if TargetState.ONGOING in states else TargetState.MET


@dataclass(frozen=True)
class ForecastOverride:
    """A prognosis set by hand: what somebody knows that the figures do not show."""

    pk: int
    value: Forecast.Value
    rationale: str
    by: str
    on: date
    is_example: bool = False


@dataclass(frozen=True)
class WindowForecast:
    """Whether the target of an activity will be met in the window that runs (Löftesprognos).

    `computed` is what the figures say by the rule of `followup.progress.forecasts`; `sentence`
    says what remains, and `pace_sentence` what the pace kept so far would give. `planned` counts
    occasions that are planned from today on.
    """

    activity: Activity
    label: str
    span: Span
    required: int
    carried_out: int
    planned: int
    computed: Forecast.Value
    sentence: str
    pace_sentence: str
    override: ForecastOverride | None

    @property
    def value(self) -> Forecast.Value:
        return self.override.value if self.override else self.computed

    @property
    def severity(self) -> int:
        """0 for I fas, 1 for Risk, 2 for Ur fas."""
        return list(Forecast.Value).index(self.value)


@dataclass(frozen=True)
class MetricPoint:
    """A metric's figure for one stretch of the span: a calendar year or half-year of it.

    By the metric's own rule, over that stretch alone; None and 0 as in `MetricFigure`. A share
    of fewer than SMALL_NUMBER `is_small`: it is told in counts, and never drawn as a height.
    """

    label: str
    span: Span
    value: Decimal | None
    text: str
    readings: int
    is_small: bool = False

    @property
    def is_known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class MetricFigure:
    """A metric's figure for the span, by its own rule.

    `value` is None when there is no reading (ingen uppgift). For a share `value` is the
    percentage, and `part` and `whole` are n and m; 0 of 0 is known, but has no percentage.
    `value` is not rounded: it is when printed, since rounding twice would make 45,45 % 46 %.
    `points` are the same metric stretch by stretch, the oldest first.
    """

    name: str
    unit: str
    dimension: str
    rule: str
    value: Decimal | None
    part: Decimal | None
    whole: Decimal | None
    readings: int
    latest_on: date | None
    baseline: Decimal | None
    target_value: Decimal | None
    lower_is_better: bool
    points: tuple[MetricPoint, ...] = ()

    @property
    def has_series(self) -> bool:
        """Whether there is anything to compare over time: two stretches or more with a figure."""
        return sum(point.is_known for point in self.points) > 1

    @property
    def is_drawn(self) -> bool:
        """Whether the series can be drawn: a share of few would show changes that say nothing."""
        return self.has_series and not any(point.is_small for point in self.points)

    @property
    def is_compared(self) -> bool:
        """Whether a printed report draws the series against the target value or the baseline.

        A sum's are for the whole time, and two figures say no more than the table they stand in.
        """
        has_level = self.target_value is not None or self.baseline is not None
        known = sum(point.is_known for point in self.points)
        return self.is_drawn and has_level and known > 2 and self.rule != Metric.Rule.SUM

    @property
    def is_effect(self) -> bool:
        return self.dimension == Metric.Dimension.EFFECT

    @property
    def text(self) -> str:
        """The figure as it is printed everywhere, such as "44 av 52 (85 %)" or "312 förare"."""
        return figure_text(self.rule, self.unit, self.readings, self.value, self.part, self.whole)

    @property
    def target_text(self) -> str:
        return self._bound(self.target_value)

    @property
    def baseline_text(self) -> str:
        return self._bound(self.baseline)

    def _bound(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        unit = "%" if self.rule == Metric.Rule.SHARE else self.unit
        return f"{format_number(value)} {unit}".rstrip()

    @property
    def is_target_reached(self) -> bool | None:
        """Against the target value, unrounded; None without a figure or without a target value."""
        if self.value is None or self.target_value is None:
            return None
        if self.lower_is_better:
            return self.value <= self.target_value
        return self.value >= self.target_value


@dataclass(frozen=True)
class Tally:
    """What a heap of occasions adds up to.

    `outside_term` of them are dated outside the löftesperiod they are logged under; they are
    counted here but never towards a target. `unreached` are the places that the plan names and
    where it is known that nothing was carried out.
    """

    occasions: int
    outside_term: int
    last_on: date | None
    minutes: Total
    participants: Total
    months: tuple[MonthCount, ...]
    places: tuple[PlaceCount, ...]
    party_minutes: tuple[PartyMinutes, ...]
    unreached: tuple[str, ...] = ()

    @property
    def places_reached(self) -> int:
        return sum(place.name is not None for place in self.places)


@dataclass(frozen=True)
class ActivityProgress:
    activity: Activity
    tally: Tally
    target: TargetProgress | None
    metrics: tuple[MetricFigure, ...]
    is_overdue: bool
    forecast: WindowForecast | None = None
    """The prognosis of the target's running window; None when none runs."""


class WithActivities:
    """What a promise and an undertaking have in common: activities and what they add up to."""

    activities: tuple[ActivityProgress, ...]
    tally: Tally

    @property
    def targets(self) -> tuple[TargetProgress, ...]:
        """The targets that could be measured."""
        return tuple(
            activity.target
            for activity in self.activities
            if activity.target is not None and activity.target.windows
        )

    @property
    def targets_met(self) -> int:
        return sum(target.state is TargetState.MET for target in self.targets)

    @property
    def required(self) -> int:
        return sum(target.required for target in self.targets)

    @property
    def done_of_required(self) -> int:
        return sum(target.done_of_required for target in self.targets)

    @property
    def forecast(self) -> WindowForecast | None:
        """The worst prognosis of its running targets, of equals the one that ends first.

        None when nothing runs.
        """
        running = [one.forecast for one in self.activities if one.forecast]
        worst_first = sorted(running, key=lambda one: (-one.severity, one.span.ends_on))
        return next(iter(worst_first), None)

    @property
    def planned_activities(self) -> int:
        """How many activities the plan holds, cancelled ones left out."""
        return sum(
            activity.activity.status != Activity.Status.CANCELLED for activity in self.activities
        )


@dataclass(frozen=True)
class PromiseProgress(WithActivities):
    promise: Promise
    activities: tuple[ActivityProgress, ...]
    tally: Tally
    metrics: tuple[MetricFigure, ...]

    @property
    def chart_title(self) -> str:
        return f"Tillfällen per månad, löfte {self.promise.number}"


@dataclass(frozen=True)
class UndertakingProgress(WithActivities):
    undertaking: Undertaking
    activities: tuple[ActivityProgress, ...]
    tally: Tally


@dataclass(frozen=True)
class GoalProgress:
    goal: Goal
    metrics: tuple[MetricFigure, ...]


@dataclass(frozen=True)
class Progress:
    """An agreement's numbers for a span of days, as known on a day.

    `tally` is over everything logged in the span under these promises and undertakings.
    """

    agreement: Agreement
    span: Span
    on: date
    promises: tuple[PromiseProgress, ...]
    undertakings: tuple[UndertakingProgress, ...]
    goals: tuple[GoalProgress, ...]
    tally: Tally

    def of(self, thing: Promise | Undertaking | Goal):
        """The progress of one promise, undertaking or goal. Raises KeyError for a stranger."""
        return self._by_thing[type(thing), thing.pk]

    _by_thing: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_thing = {(Promise, p.promise.pk): p for p in self.promises}
        by_thing |= {(Undertaking, u.undertaking.pk): u for u in self.undertakings}
        by_thing |= {(Goal, g.goal.pk): g for g in self.goals}
        object.__setattr__(self, "_by_thing", by_thing)


def figure_text(
    rule: str,
    unit: str,
    readings: int,
    value: Decimal | None,
    part: Decimal | None,
    whole: Decimal | None,
) -> str:
    """A metric's figure as it is printed everywhere: for the span, and for a stretch of it."""
    if readings == 0:
        return "Ingen uppgift"
    if rule == Metric.Rule.SHARE:
        counts = f"{format_number(part)} av {format_number(whole)}"
        if whole < SMALL_NUMBER:
            return counts
        return f"{counts} ({format_number(value, decimals=0)} %)"
    decimals = 1 if rule == Metric.Rule.MEAN else 2
    return f"{format_number(value, decimals)} {unit}".rstrip()


def rounded_to(decimals: int, value: Decimal) -> Decimal:
    """Rounded half up, as people expect, not to even."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Decimal | int, decimals: int = 2) -> str:
    """A number in Swedish: decimal comma, a no-break space between thousands, no idle zeros.

    Two decimals print a reading as it was entered.
    """
    rounded = rounded_to(decimals, Decimal(value))
    text = f"{rounded:,f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text
