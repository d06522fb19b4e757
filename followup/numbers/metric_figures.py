"""The metrics' figures: each by its own rule, over a span and stretch by stretch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, OuterRef, Q, Subquery, Sum

from followup.models import Reading
from followup.models.occasion import end_of
from followup.numbers.metrics import MetricFigure, MetricPoint
from followup.numbers.series import metric_series
from followup.swedish import rounded_to
from followup.time.spans import Span
from promises.models import Metric
from promises.models.activity import MetricQuerySet


def metric_figures(
    metrics: MetricQuerySet, span: Span, on: date, cutoff_on: date | None = None
) -> list[tuple[Metric, MetricFigure]]:
    """Each of the metrics with its figure for the span and for each stretch of it begun `on`."""
    standing = Q(readings__date__range=span, readings__withdrawn_at__isnull=True) & (
        Q(readings__occasion__isnull=True) | Q(readings__occasion__withdrawn_at__isnull=True)
    )
    # A reading from before its metric became a share says nothing of how many.
    standing &= ~Q(rule=Metric.Rule.SHARE) | Q(readings__out_of__isnull=False)
    counted = Reading.objects.standing()
    if cutoff_on is not None:
        known_by = end_of(cutoff_on)
        counted = counted.filter(
            Q(occasion__created_at__lt=known_by) | Q(occasion__isnull=True, created_at__lt=known_by)
        )
        standing &= Q(readings__occasion__created_at__lt=known_by) | Q(
            readings__occasion__isnull=True, readings__created_at__lt=known_by
        )
    latest = counted.filter(metric=OuterRef("pk"), date__range=span)
    added_up = list(
        metrics.annotate(
            total=Sum("readings__value", filter=standing),
            whole=Sum("readings__out_of", filter=standing),
            n=Count("readings__id", filter=standing),
            latest_on=Max("readings__date", filter=standing),
            latest_value=Subquery(latest.order_by("-date", "-id").values("value")[:1]),
        ).order_by("number", "id")
    )
    of_stretches = counted.filter(~Q(metric__rule=Metric.Rule.SHARE) | Q(out_of__isnull=False))
    series = metric_series(added_up, of_stretches, span, on)
    return [(metric, _figure(metric, series[metric.pk])) for metric in added_up]


def _figure(metric: Metric, points: tuple[MetricPoint, ...]) -> MetricFigure:
    is_share = metric.rule == Metric.Rule.SHARE
    total, whole = _exact(metric.total), _exact(metric.whole)
    if not metric.n:
        value = None
    elif is_share:
        value = total * 100 / whole if whole else None
    else:
        value = {
            Metric.Rule.SUM: total,
            Metric.Rule.LATEST: metric.latest_value,
            Metric.Rule.MEAN: total / metric.n,
        }[Metric.Rule(metric.rule)]
    return MetricFigure(
        name=metric.name,
        unit=metric.unit,
        dimension=metric.dimension,
        rule=metric.rule,
        value=value,
        part=total if is_share else None,
        whole=whole if is_share else None,
        readings=metric.n,
        latest_on=metric.latest_on,
        baseline=metric.baseline,
        target_value=metric.target_value,
        lower_is_better=metric.lower_is_better,
        points=points,
    )


def _exact(total: Decimal | None) -> Decimal | None:
    """The sum of readings as it is: SQLite adds in floating point, readings have two decimals."""
    return None if total is None else rounded_to(2, total)
