"""The metrics' figures: each by its own rule, over a span and stretch by stretch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import CharField, Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from followup.models import Reading
from followup.models.occasion import end_of
from followup.numbers.metrics import SMALL_NUMBER, MetricFigure, MetricPoint, figure_text
from followup.swedish import rounded_to
from followup.time.spans import Span
from followup.time.stretches import stretches
from promises.models import Metric
from promises.models.activity import MetricQuerySet

Rule = Metric.Rule


@dataclass
class _Heap:
    """Some readings of a metric, as they add up."""

    n: int = 0
    total: Decimal = field(default_factory=Decimal)
    whole: Decimal = field(default_factory=Decimal)
    latest: Decimal | None = None
    latest_on: date | None = None

    def exactly(self) -> tuple[Decimal, Decimal]:
        """The sums: SQLite adds in floating point, and readings have two decimals."""
        return rounded_to(2, self.total), rounded_to(2, self.whole)

    def value(self, rule: str) -> Decimal | None:
        """The figure by the metric's rule, unrounded; None when nobody knows."""
        total, whole = self.exactly()
        if not self.n:
            return None
        if rule == Rule.SHARE:
            return total * 100 / whole if whole else None
        if rule == Rule.MEAN:
            return total / self.n
        return total if rule == Rule.SUM else self.latest


def metric_figures(
    metrics: MetricQuerySet, span: Span, on: date, cutoff_on: date | None = None
) -> list[tuple[Metric, MetricFigure]]:
    """Each of the metrics with its figure for the span and for each stretch of it begun `on`, but
    for the stretches before it was read at all.

    Three queries.
    """
    ordered = list(metrics.order_by("number", "id"))
    counted = _counted(ordered, cutoff_on).filter(date__range=span)
    parts = stretches(span, on)
    part_of = {month: part for part in parts for month in part[1].months()}
    heaps: defaultdict[tuple[int, tuple[str, Span] | None], _Heap] = defaultdict(_Heap)
    for metric_id, month, sums in (*_sums(counted), *_each(counted)):
        _add(heaps[metric_id, None], sums)
        if part := part_of.get(month):
            _add(heaps[metric_id, part], sums)
    return [
        (
            metric,
            _figure(
                metric,
                heaps[metric.pk, None],
                tuple(
                    _point(metric, *part, heaps[metric.pk, part])
                    for part in parts
                    if heaps[metric.pk, part].n or part[1].ends_on >= _first_day(metric)
                ),
            ),
        )
        for metric in ordered
    ]


def _first_day(metric: Metric) -> date:
    """Before it nobody lacks a reading."""
    return metric.in_force_from or date.min


def _counted(metrics: list[Metric], cutoff_on: date | None) -> QuerySet[Reading]:
    """The readings that count: a reading of an occasion is known when the occasion is logged."""
    counted = Reading.objects.standing().filter(
        # A reading from before its metric became a share says nothing of how many.
        ~Q(metric__rule=Rule.SHARE) | Q(out_of__isnull=False),
        metric__in=metrics,
    )
    if cutoff_on is None:
        return counted
    known_by = end_of(cutoff_on)
    return counted.filter(
        Q(occasion__created_at__lt=known_by) | Q(occasion__isnull=True, created_at__lt=known_by)
    )


def _sums(readings: QuerySet[Reading]) -> Iterator[tuple[int, tuple[int, int], _Heap]]:
    """What the database adds up, month by month: stretches begin and end with a month, or with
    the span. SQLite reads the month of a date by its first letters without calling Python.
    """
    rows = (
        readings.exclude(metric__rule=Rule.LATEST)
        .order_by()
        .annotate(year_month=Substr(Cast("date", CharField()), 1, 7))
        .values("metric_id", "year_month")
        .annotate(n=Count("id"), total=Sum("value"), whole=Sum("out_of"), latest_on=Max("date"))
    )
    for row in rows:
        year, month = row["year_month"].split("-")
        heap = _Heap(row["n"], row["total"], row["whole"] or Decimal(), None, row["latest_on"])
        yield row["metric_id"], (int(year), int(month)), heap


def _each(readings: QuerySet[Reading]) -> Iterator[tuple[int, tuple[int, int], _Heap]]:
    """The readings of which the latest is the figure, in order."""
    rows = readings.filter(metric__rule=Rule.LATEST).order_by("date", "id")
    for metric_id, day, value in rows.values_list("metric_id", "date", "value"):
        yield metric_id, (day.year, day.month), _Heap(1, latest=value, latest_on=day)


def _add(heap: _Heap, more: _Heap) -> None:
    heap.n += more.n
    heap.total += more.total
    heap.whole += more.whole
    heap.latest = more.latest
    heap.latest_on = max(day for day in (heap.latest_on, more.latest_on) if day)


def _figure(metric: Metric, heap: _Heap, points: tuple[MetricPoint, ...]) -> MetricFigure:
    total, whole = heap.exactly()
    is_known_share = metric.rule == Rule.SHARE and heap.n > 0
    return MetricFigure(
        name=metric.name,
        unit=metric.unit,
        dimension=metric.dimension,
        rule=metric.rule,
        value=heap.value(metric.rule),
        part=total if is_known_share else None,
        whole=whole if is_known_share else None,
        readings=heap.n,
        latest_on=heap.latest_on,
        baseline=metric.baseline,
        target_value=metric.target_value,
        lower_is_better=metric.lower_is_better,
        points=points,
    )


def _point(metric: Metric, label: str, inside: Span, heap: _Heap) -> MetricPoint:
    total, whole = heap.exactly()
    value = heap.value(metric.rule)
    text = figure_text(metric.rule, metric.unit, heap.n, value, total, whole)
    is_small = metric.rule == Rule.SHARE and bool(heap.n) and whole < SMALL_NUMBER
    return MetricPoint(label, inside, value, text, heap.n, is_small)
