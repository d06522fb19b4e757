"""A metric over time: its figure for each calendar year, or half-year, of the span."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import CharField, Count, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from followup.models import Reading
from followup.numbers.metrics import SMALL_NUMBER, MetricPoint, figure_text
from followup.swedish import MONTH_ABBREVIATIONS, rounded_to
from followup.time.spans import Span
from promises.models import Metric

# A span of at most so long is told half-year by half-year, a longer one year by year.
IN_HALVES = relativedelta(years=2)


def stretches(span: Span, on: date) -> list[tuple[str, Span]]:
    """The calendar half-years or years of the span that have begun on the day, with labels.

    The first and the last are cut off where the span is; their labels name the months then.
    """
    in_halves = span.starts_on + IN_HALVES >= span.ends_on
    months = 6 if in_halves else 12
    found = []
    for year in range(span.starts_on.year, span.ends_on.year + 1):
        for month in range(1, 13, months):
            whole = Span.of_months(year, month, months)
            inside = whole.overlap(span)
            if inside.days and inside.starts_on <= on:
                found.append(
                    (_label(inside, is_whole_year=inside == whole and not in_halves), inside)
                )
    return found


def _label(inside: Span, *, is_whole_year: bool) -> str:
    first, last = inside.starts_on, inside.ends_on
    if is_whole_year:
        return str(first.year)
    names = [MONTH_ABBREVIATIONS[day.month - 1] for day in (first, last)]
    return f"{'–'.join(dict.fromkeys(names))} {first.year}"


@dataclass
class _Heap:
    """The readings of a metric in a stretch, as they add up."""

    n: int = 0
    total: Decimal = field(default_factory=Decimal)
    whole: Decimal = field(default_factory=Decimal)
    latest: Decimal | None = None


def metric_series(
    metrics: Iterable[Metric], counted: QuerySet[Reading], span: Span, on: date
) -> dict[int, tuple[MetricPoint, ...]]:
    """Each metric's points, by its key, in two queries; `counted` are the readings that count."""
    metrics, parts = list(metrics), stretches(span, on)
    heaps: defaultdict[tuple[int, int], _Heap] = defaultdict(_Heap)
    _add_up(heaps, counted.filter(metric__in=metrics, date__range=span), parts)
    return {
        metric.pk: tuple(
            _point(metric, label, inside, heaps[metric.pk, number])
            for number, (label, inside) in enumerate(parts)
        )
        for metric in metrics
    }


def _add_up(
    heaps: defaultdict[tuple[int, int], _Heap],
    readings: QuerySet[Reading],
    parts: list[tuple[str, Span]],
) -> None:
    number_of = {
        f"{year}-{month:02}": number
        for number, (_, inside) in enumerate(parts)
        for year, month in inside.months()
    }
    # Added up by the database, month by month: stretches begin and end with a month, or with
    # the span. SQLite reads the month of a date by its first letters without calling Python.
    rows = (
        readings.exclude(metric__rule=Metric.Rule.LATEST)
        .order_by()
        .annotate(year_month=Substr(Cast("date", CharField()), 1, 7))
        .values("metric_id", "year_month")
        .annotate(n=Count("id"), total=Sum("value"), whole=Sum("out_of"))
    )
    for row in rows:
        if (number := number_of.get(row["year_month"])) is not None:
            heap = heaps[row["metric_id"], number]
            heap.n += row["n"]
            heap.total += row["total"]
            heap.whole += row["whole"] or 0
    latest = readings.filter(metric__rule=Metric.Rule.LATEST).order_by("date", "id")
    for metric, day, value in latest.values_list("metric_id", "date", "value"):
        if (number := number_of.get(f"{day:%Y-%m}")) is not None:
            heap = heaps[metric, number]
            heap.n, heap.latest = heap.n + 1, value


def _point(metric: Metric, label: str, inside: Span, heap: _Heap) -> MetricPoint:
    total, whole = rounded_to(2, heap.total), rounded_to(2, heap.whole)
    if not heap.n:
        value = None
    elif metric.rule == Metric.Rule.SHARE:
        value = total * 100 / whole if whole else None
    elif metric.rule == Metric.Rule.MEAN:
        value = total / heap.n
    else:
        value = total if metric.rule == Metric.Rule.SUM else heap.latest
    text = figure_text(metric.rule, metric.unit, heap.n, value, total, whole)
    is_small = metric.rule == Metric.Rule.SHARE and bool(heap.n) and whole < SMALL_NUMBER
    return MetricPoint(label, inside, value, text, heap.n, is_small)
