"""Figures as they are read: numbers, working time and charts, the same on page and in PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from followup import charts, wheel
from followup.figures import MetricFigure, MonthCount, Tally, TargetWindow, format_number
from followup.progress.evidence import YearTime
from followup.review_contents import MetricRow
from followup.year_wheel import YearPlan

register = template.Library()

NO_FIGURE = "Ingen uppgift"


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number in Swedish; None is ingen uppgift, which is not 0."""
    return NO_FIGURE if value is None else format_number(value)


@register.filter
def working_time(minutes: int | None) -> str:
    """Minutes as "45 min", "2 tim" or "2 tim 30 min"; None is ingen uppgift."""
    if minutes is None:
        return NO_FIGURE
    hours, rest = divmod(minutes, 60)
    parts = [f"{format_number(hours)}\N{NO-BREAK SPACE}tim"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}\N{NO-BREAK SPACE}min")
    return " ".join(parts)


@register.filter
def working_hours(minutes: int | None) -> str:
    """Minutes as whole hours, for sums: "312 tim"."""
    if minutes is None:
        return NO_FIGURE
    return f"{format_number(Decimal(minutes) / 60, decimals=0)}\N{NO-BREAK SPACE}tim"


@register.filter
def by_year(months: Sequence[MonthCount]) -> list[charts.YearRow]:
    """The table that stands beside a months chart."""
    return charts.months_by_year(months)


# Paper puts a palette of its own in the context; a page has none there, and gets the screen's.


@register.simple_tag(takes_context=True)
def months_chart(
    context: Context, months: Sequence[MonthCount], title: str, width: int = 680
) -> SafeString:
    return charts.months_chart(months, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def target_chart(context: Context, windows: Sequence[TargetWindow], title: str) -> SafeString:
    return charts.target_chart(windows, title, palette=_palette(context))


@register.simple_tag(takes_context=True)
def target_bar(
    context: Context, window: TargetWindow, windows: Sequence[TargetWindow]
) -> SafeString:
    return charts.target_bar(window, windows, palette=_palette(context))


@register.simple_tag(takes_context=True)
def series_chart(context: Context, figure: MetricFigure, width: int = 460) -> SafeString:
    return charts.series_chart(figure, palette=_palette(context), width=width)


@register.filter
def over_time(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Those of a report's metrics that have something to compare over time."""
    return [row for row in rows if row.figure.has_series]


@register.filter
def by_place(tally: Tally, log: Mapping[str | None, str] | None = None) -> list[charts.PlaceRow]:
    """The places of a tally, as chart and table tell them, and where in the log each one is."""
    return charts.place_rows(tally, log)


@register.simple_tag(takes_context=True)
def places_chart(
    context: Context, rows: Sequence[charts.PlaceRow], title: str, width: int = 420
) -> SafeString:
    return charts.places_chart(rows, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def years_chart(
    context: Context, years: Sequence[YearTime], title: str, width: int = 680
) -> SafeString:
    return charts.years_chart(years, title, palette=_palette(context), width=width)


@register.simple_tag(takes_context=True)
def wheel_chart(context: Context, plan: YearPlan) -> SafeString:
    return wheel.wheel_chart(plan, palette=_palette(context))


def _palette(context: Context) -> charts.Palette:
    return context.get("palette", charts.SCREEN)
