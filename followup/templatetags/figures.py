"""Figures as they are read: numbers, working time and charts, the same on page and in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from followup.log.address import log_address
from followup.numbers.evidence import YearTime
from followup.numbers.metrics import MetricFigure
from followup.numbers.targets import TargetWindow
from followup.numbers.totals import MonthCount, Tally
from followup.paper.charts import months, places, series, target, wheel, years
from followup.paper.charts.drawing import SCREEN, Palette
from followup.plan.year import YearPlan
from followup.review.contents import ActivityRow, MetricRow, PeriodContents
from followup.swedish import (
    MONTH_ABBREVIATIONS,
    NO_FIGURE,
    format_number,
    out_of,
    working_hours,
    working_time,
)
from followup.time.spans import Span
from promises.known import when_in_words

register = template.Library()

register.filter(working_time)
register.filter(working_hours)
register.filter(out_of)
register.filter("when", when_in_words)


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number in Swedish; None is ingen uppgift, which is not 0."""
    return NO_FIGURE if value is None else format_number(value)


@register.simple_tag
def months_in_short() -> list[str]:
    return MONTH_ABBREVIATIONS


@register.filter
def by_year(counts: Sequence[MonthCount]) -> list[months.YearRow]:
    """The table that stands beside a months chart."""
    return months.months_by_year(counts)


@register.simple_tag
def log_behind(contents: PeriodContents, about: str, id: int | str) -> str:
    """Where in the log the occasions are that a report counts, all of them or those of one thing."""
    narrowed = {about: id} if about else {}
    span, cutoff_on = Span.of(contents), contents.cutoff_on
    return log_address(span, **narrowed, loggat_till=cutoff_on.isoformat())


# Paper puts a palette of its own in the context; a page has none there, and gets the screen's.


@register.simple_tag(takes_context=True)
def months_chart(
    context: Context, counts: Sequence[MonthCount], title: str, width: int = 680
) -> SafeString:
    return months.months_chart(counts, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def target_chart(context: Context, windows: Sequence[TargetWindow], title: str) -> SafeString:
    return target.target_chart(windows, title, palette=_palette(context))


@register.simple_tag(takes_context=True)
def target_bar(
    context: Context, window: TargetWindow, windows: Sequence[TargetWindow]
) -> SafeString:
    return target.target_bar(window, windows, palette=_palette(context))


@register.simple_tag(takes_context=True)
def series_chart(context: Context, figure: MetricFigure, width: int = 460) -> SafeString:
    return series.series_chart(figure, palette=_palette(context), width=width)


@register.filter
def measured(rows: Sequence[ActivityRow]) -> list[ActivityRow]:
    """Those of a report's activities whose target could be measured."""
    return [row for row in rows if row.target and row.target.windows]


@register.filter
def of_done(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """The metrics of what was done (utförande)."""
    return [row for row in rows if not row.figure.is_effect]


@register.filter
def of_effect(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """The metrics of what it led to (effekt)."""
    return [row for row in rows if row.figure.is_effect]


@register.filter
def over_time(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Those of a report's metrics that have something to compare over time."""
    return [row for row in rows if row.figure.has_series]


@register.filter
def by_place(tally: Tally, log: Mapping[str | None, str] | None = None) -> list[places.PlaceRow]:
    """The places of a tally, as chart and table tell them, and where in the log each one is."""
    return places.place_rows(tally, log)


@register.simple_tag(takes_context=True)
def places_chart(
    context: Context, rows: Sequence[places.PlaceRow], title: str, width: int = 420
) -> SafeString:
    return places.places_chart(rows, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def years_chart(
    context: Context, times: Sequence[YearTime], title: str, width: int = 680
) -> SafeString:
    return years.years_chart(times, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def wheel_chart(context: Context, plan: YearPlan) -> SafeString:
    return wheel.wheel_chart(plan, palette=_palette(context))


def _palette(context: Context) -> Palette:
    return context.get("palette", SCREEN)
