"""Which stretches of time the overview can show, and which one it shows first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from followup.figures import Span
from promises.models import Agreement, PromisePeriod


@dataclass(frozen=True)
class NamedSpan:
    """A span one can choose: `key` stands in the address, `label` in the list."""

    key: str
    label: str
    span: Span


def spans_of(agreement: Agreement, periods: Iterable[PromisePeriod], on: date) -> list[NamedSpan]:
    """Every löftesperiod, latest first; the agreement so far; every calendar year, latest first."""
    spans = [
        NamedSpan(f"period-{period.pk}", period.title, Span(period.starts_on, period.ends_on))
        for period in sorted(periods, key=lambda period: period.starts_on, reverse=True)
    ]
    until = max(on, agreement.valid_from)
    spans.append(
        NamedSpan("avtalet", "Hela överenskommelsen hittills", Span(agreement.valid_from, until))
    )
    spans += [
        NamedSpan(f"ar-{year}", f"År {year}", Span(date(year, 1, 1), date(year, 12, 31)))
        for year in range(until.year, agreement.valid_from.year - 1, -1)
    ]
    return spans


def choose(spans: list[NamedSpan], key: str | None) -> NamedSpan:
    """The span with the key, or the first one when nobody asks for one that exists."""
    return next((span for span in spans if span.key == key), spans[0])
