"""Which stretches of time the overview can show, and which one it shows first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from followup.time.spans import Span
from promises.models import Activity, Agreement, Metric, Promise, PromisePeriod


@dataclass(frozen=True)
class NamedSpan:
    """A span one can choose: `key` stands in the address, `label` in the list."""

    key: str
    label: str
    span: Span
    period: PromisePeriod | None = None
    """The löftesperiod, when it is the time of one."""
    is_first: bool = False
    """Whether it is shown when nobody asks for another."""


def spans_of(agreement: Agreement, periods: Iterable[PromisePeriod], on: date) -> list[NamedSpan]:
    """Every löftesperiod, latest first; the agreement so far; every calendar year, latest first.

    The one shown first is the period that runs, or else the latest that has begun.
    """
    periods = sorted(periods, key=lambda period: period.starts_on, reverse=True)
    begun = [period for period in periods if period.starts_on <= on]
    first = next((period for period in begun if period.covers(on)), begun[0] if begun else None)
    spans = [
        NamedSpan(
            f"period-{period.pk}",
            period.title,
            Span.of(period),
            period=period,
            is_first=period is first,
        )
        for period in periods
    ]
    until = max(on, agreement.valid_from)
    spans.append(
        NamedSpan("avtalet", "Hela överenskommelsen hittills", Span(agreement.valid_from, until))
    )
    spans += [
        NamedSpan(f"ar-{year}", f"År {year}", Span.of_year(year))
        for year in range(until.year, agreement.valid_from.year - 1, -1)
    ]
    return spans


def choose(spans: list[NamedSpan], key: str | None) -> NamedSpan:
    """The span with the key; when nobody asks for one that exists, the one to show first."""
    named = next((span for span in spans if span.period is None), spans[0])
    first = next((span for span in spans if span.is_first), named)
    return next((span for span in spans if span.key == key), first)


def whole_time_of(activity: Activity, on: date) -> Span:
    """All the time the activity may have been carried out in."""
    period = activity.promise.period if activity.promise else None
    return _whole_time(activity.agreement, period, on)


def time_measured(metric: Metric, on: date) -> Span:
    """All the time the metric may have been read in, as of the activity, promise or goal it is of."""
    measured = metric.measured
    if isinstance(measured, Activity):
        return whole_time_of(measured, on)
    if isinstance(measured, Promise):
        return _whole_time(measured.period.agreement, measured.period, on)
    return _whole_time(measured.agreement, None, on)


def _whole_time(agreement: Agreement, period: PromisePeriod | None, on: date) -> Span:
    """From the first day of the agreement or of the löftesperiod, whichever is earlier, to the
    last of the period or to today, whichever is later: people go on after a period has run out.
    """
    starts_on, ends_on = agreement.valid_from, max(on, agreement.valid_from)
    if period:
        starts_on, ends_on = min(starts_on, period.starts_on), max(ends_on, period.ends_on)
    return Span(starts_on, ends_on)
