"""Which days a report can cover, and which it covers when nobody chooses."""

from __future__ import annotations

from datetime import date

from followup.law.year_report import year_due
from followup.models import Occasion, Report
from followup.time.named_spans import NamedSpan, spans_of
from followup.time.spans import Span
from promises.models import Agreement, periods_in_line

HALVES = ((7, "Andra"), (1, "Första"))


def spans_for(kind: Report.Kind, agreement: Agreement, on: date) -> list[NamedSpan]:
    """What there is to choose between; a year report covers a calendar year and nothing else."""
    spans = spans_of(agreement, periods_in_line(agreement), on)
    years = [one for one in spans if one.key.startswith("ar-")]
    if kind is Report.Kind.ANNUAL:
        return years
    return half_years(years, on) + years + [one for one in spans if one not in years]


def half_years(years: list[NamedSpan], on: date) -> list[NamedSpan]:
    """The halves of the years that have begun, latest first."""
    halves = []
    for year in (one.span.starts_on.year for one in years):
        for first_month, name in HALVES:
            span = Span.of_months(year, first_month, 6)
            if span.starts_on <= on:
                number = 1 if first_month == 1 else 2
                label = f"{name} halvåret {year}"
                halves.append(NamedSpan(f"halvar-{year}-{number}", label, span))
    return halves


def default_span(kind: Report.Kind, spans: list[NamedSpan], agreement: Agreement, on: date) -> str:
    """The key of the span a report covers when nobody chooses.

    The year report is the one that is asked for. Of the other, and when none is asked for, it is
    the latest that has ended and in which, or after which, something is logged.
    """
    if kind is Report.Kind.ANNUAL and (
        asked := year_due(agreement, agreement.reports.defer("pdf"), on)
    ):
        return f"ar-{asked.year}"
    stem = "ar-" if kind is Report.Kind.ANNUAL else "halvar-"
    ended = [one for one in spans if one.key.startswith(stem) and one.span.ends_on < on]
    last = Occasion.objects.carried_out().of_agreement(agreement).order_by("-date").first()
    told = [one for one in ended if last and one.span.starts_on <= last.date]
    return (told or ended or spans)[0].key
