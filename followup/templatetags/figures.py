"""Figures as they are read: numbers, working time and charts, the same on page and in PDF."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from followup import charts
from followup.figures import MonthCount, TargetWindow, format_number

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


@register.simple_tag
def months_chart(
    months: Sequence[MonthCount],
    title: str,
    palette: charts.Palette = charts.SCREEN,
    width: int = 680,
) -> SafeString:
    return charts.months_chart(months, title, palette=palette, width=width)


@register.simple_tag
def target_chart(
    windows: Sequence[TargetWindow], title: str, palette: charts.Palette = charts.SCREEN
) -> SafeString:
    return charts.target_chart(windows, title, palette=palette)


@register.simple_tag
def target_bar(
    window: TargetWindow, windows: Sequence[TargetWindow], palette: charts.Palette = charts.SCREEN
) -> SafeString:
    return charts.target_bar(window, windows, palette=palette)
