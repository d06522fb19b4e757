"""What a report says: a period in full, and what was reported before. Nothing is computed here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from followup.archive.canonical import canonical_text, sha256_of, told
from followup.models import Occasion, Report
from followup.numbers.targets import TargetState
from followup.reports.kinds import ReportKind
from followup.review.contents import LogRow, MetricRow, PeriodContents, PromiseSection
from followup.review.gathering import period_contents
from followup.review.surroundings import ReportRow
from followup.time.spans import Span
from promises.models import Agreement

EARLIER = 4
LATEST = 4


@dataclass(frozen=True)
class PromiseLine:
    """A promise on a line or a page: what was done beside what it led to.

    `effects` have a reading; of what `without_effect` names there is none (ingen uppgift).
    """

    promise: PromiseSection
    targets: int
    targets_met: int
    effects: tuple[MetricRow, ...]
    without_effect: tuple[str, ...]
    latest: tuple[LogRow, ...]


@dataclass(frozen=True, kw_only=True)
class ReportContents:
    """A report of one kind on a period. `earlier` are the latest of its kind before it."""

    kind: ReportKind
    span_label: str
    period: PeriodContents
    earlier: tuple[ReportRow, ...]

    @property
    def lines(self) -> list[PromiseLine]:
        return [_line(promise) for promise in self.period.promises]

    @property
    def is_unfinished(self) -> bool:
        """Whether the period goes on after the cut-off."""
        return self.period.cutoff_on < self.period.ends_on


def _line(promise: PromiseSection) -> PromiseLine:
    targets = [row.target for row in promise.activities if row.target and row.target.windows]
    effects = [row for row in promise.metrics if row.figure.is_effect]
    return PromiseLine(
        promise=promise,
        targets=len(targets),
        targets_met=sum(target.state is TargetState.MET for target in targets),
        effects=tuple(row for row in effects if row.figure.readings),
        without_effect=tuple(row.figure.name for row in effects if not row.figure.readings),
        latest=promise.log[: -LATEST - 1 : -1],
    )


def report_contents(
    kind: ReportKind, agreement: Agreement, span: Span, cutoff_on: date, span_label: str = ""
) -> ReportContents:
    """The report's contents, in a constant number of queries."""
    is_example = Occasion.objects.of_agreement(agreement).filter(is_example=True).exists()
    return ReportContents(
        kind=kind,
        span_label=span_label,
        period=period_contents(agreement, span, cutoff_on, is_example=is_example),
        earlier=_earlier(kind, agreement, cutoff_on),
    )


def _earlier(kind: ReportKind, agreement: Agreement, cutoff_on: date) -> tuple[ReportRow, ...]:
    # Those of the day itself are left out: the report must not change when it is handed over.
    reports = Report.objects.standing().filter(
        agreement=agreement, kind=kind.kind, reported_on__lt=cutoff_on
    )
    return tuple(
        ReportRow(one.get_kind_display(), one.body, one.reported_on, one.registry_number)
        for one in reports.defer("pdf")[:EARLIER]
    )


def hand_over(report: Report, pdf: bytes) -> Report:
    """Note that a report has been handed over, with the very file."""
    report.pdf, report.pdf_sha256 = pdf, hashlib.sha256(pdf).hexdigest()
    report.save()
    return report


def digest(report: ReportContents) -> str:
    """The SHA-256 of all it says: tells whether the log has moved on since the report was read."""
    said = {"kind": report.kind.slug, "span": report.span_label, "earlier": told(report.earlier)}
    return sha256_of(canonical_text(said | {"period": told(report.period)}))
