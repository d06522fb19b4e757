"""Metrics (mätetal): their figures, their series over time, and how numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from followup.swedish import NO_FIGURE, format_number
from followup.time.spans import Span
from promises.models import Metric

# With fewer than this many in the whole, a share is given as counts and not as a percentage.
SMALL_NUMBER = 20


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
    def rule_label(self) -> str:
        return Metric.Rule(self.rule).label

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
        return NO_FIGURE
    if rule == Metric.Rule.SHARE and part is not None and whole is not None:
        counts = f"{format_number(part)} av {format_number(whole)}"
        if value is None or whole < SMALL_NUMBER:
            return counts
        return f"{counts} ({format_number(value, decimals=0)} %)"
    if value is None:
        return NO_FIGURE
    decimals = 1 if rule == Metric.Rule.MEAN else 2
    return f"{format_number(value, decimals)} {unit}".rstrip()
