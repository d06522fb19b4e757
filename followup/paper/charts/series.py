"""A metric over time, with its target value and baseline.

A sum is drawn as bars, one for each stretch: what was counted then. Its target value and
baseline are for the whole time and have no place beside them. Anything else is drawn as points
joined by a line, which breaks where there is no figure (ingen uppgift is not 0).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString

from followup.numbers.metrics import MetricFigure, MetricPoint
from followup.paper.charts.drawing import SCREEN, Palette, coordinate, draw
from followup.swedish import format_number
from promises.models import Metric

TOP = 26
DRAWN = 110
BASELINE = TOP + DRAWN
HEIGHT = BASELINE + 42
BAR_SHARE = 0.5
WIDEST_STRETCH = 130

# Room to the right for the words on the lines.
LEVELS_WIDTH = 146
LINE_GAP = 14


class Mark(NamedTuple):
    """A stretch: its bar or point, the figure over it and its label; no figure, no mark."""

    label: str
    x: str
    y: str
    text: str
    text_y: str
    is_known: bool
    bar_x: str
    bar_width: str
    bar_height: str


class Level(NamedTuple):
    """A level line: the target value whole, the baseline dashed."""

    y: str
    text_y: str
    text: str
    is_target: bool


def series_chart(
    figure: MetricFigure, *, palette: Palette = SCREEN, width: int = 460
) -> SafeString:
    """The metric's points; `width` as in `months_chart`."""
    points = figure.points
    is_sum = figure.rule == Metric.Rule.SUM
    levels = [] if is_sum else _level_values(figure)
    step = min((width - LEVELS_WIDTH * bool(levels)) / max(len(points), 1), WIDEST_STRETCH)
    values = [point.value for point in points if point.value is not None]
    highest = max([*values, *(value for value, *_ in levels)], default=Decimal(0)) or Decimal(1)
    marks = [_mark(point, index, step, highest, figure) for index, point in enumerate(points)]
    return draw(
        "followup/paper/charts/series.svg",
        palette,
        title=f"{figure.name} över tiden",
        description=_in_words(figure),
        width=width,
        height=HEIGHT,
        baseline=BASELINE,
        axis_end=coordinate(step * len(points)),
        labels_y=BASELINE + 18,
        is_sum=is_sum,
        marks=marks,
        lines=[] if is_sum else _lines(marks),
        levels=_levels(levels, highest),
        levels_x=coordinate(step * len(points) + 6),
    )


def _mark(
    point: MetricPoint, index: int, step: float, highest: Decimal, figure: MetricFigure
) -> Mark:
    height = float(DRAWN * point.value / highest) if point.value is not None else 0.0
    return Mark(
        label=point.label,
        x=coordinate(step * (index + 0.5)),
        y=coordinate(BASELINE - height),
        text=_short(point, figure),
        text_y=coordinate(BASELINE - height - 9),
        is_known=point.is_known,
        bar_x=coordinate(step * (index + (1 - BAR_SHARE) / 2)),
        bar_width=coordinate(step * BAR_SHARE),
        bar_height=coordinate(height),
    )


def _short(point: MetricPoint, figure: MetricFigure) -> str:
    """The figure in so few signs that it fits: the table beside has the counts and the unit."""
    if not point.is_known:
        return "saknas" if point.readings == 0 else point.text
    if figure.rule == Metric.Rule.SHARE:
        return f"{format_number(point.value, decimals=0)} %"
    return point.text.removesuffix(figure.unit).rstrip() if figure.unit else point.text


def _lines(marks: list[Mark]) -> list[tuple[Mark, Mark]]:
    """From each known point to the next when that one is known too."""
    return [(one, other) for one, other in pairwise(marks) if one.is_known and other.is_known]


def _level_values(figure: MetricFigure) -> list[tuple[Decimal, str, bool]]:
    levels = []
    if figure.target_value is not None:
        at_most = "högst " if figure.lower_is_better else ""
        levels.append((figure.target_value, f"Målvärde {at_most}{figure.target_text}", True))
    if figure.baseline is not None:
        levels.append((figure.baseline, f"Utgångsvärde {figure.baseline_text}", False))
    return levels


def _levels(values: list[tuple[Decimal, str, bool]], highest: Decimal) -> list[Level]:
    """The lines, with their words kept from standing on each other."""
    levels, last_text = [], None
    for value, text, is_target in sorted(values, reverse=True):
        y = BASELINE - float(DRAWN * value / highest)
        text_y = y + 4 if last_text is None else max(y + 4, last_text + LINE_GAP)
        last_text = text_y
        levels.append(Level(coordinate(y), coordinate(text_y), text, is_target))
    return levels


def _in_words(figure: MetricFigure) -> str:
    told = ". ".join(f"{point.label}: {point.text}" for point in figure.points)
    bounds = [text for _, text, _ in _level_values(figure)]
    return ". ".join([told, *bounds]) + "."
