"""What a review's report consists of, and the form in which it is signed.

Plain data all through, so that a report can be printed from the frozen contents of a review
whose log has moved on. The numbers are those of `followup.figures`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.utils import timezone

from followup.figures import MetricFigure, Tally, TargetProgress, TargetWindow, Total
from followup.models import Review

FORMAT = 1
"""The shape of the canonical JSON, for whoever reads an archived review years from now."""


@dataclass(frozen=True)
class PartyContents:
    name: str
    short_name: str
    sami_name: str


@dataclass(frozen=True)
class AssessmentContents:
    """A bedömning; `value` is empty while it is missing."""

    value: str = ""
    value_label: str = "Inte bedömt"
    trend: str = ""
    trend_label: str = ""
    rationale: str = ""
    obstacles: str = ""
    lessons: str = ""
    proposal: str = ""
    proposal_label: str = ""
    assessed_by: str = ""
    assessed_on: date | None = None


@dataclass(frozen=True)
class ActivityRow:
    """An activity, and what was done under it. `under` is "Löfte 3" or "Åtagande 5"."""

    under: str
    title: str
    responsible: str
    status: str
    status_label: str
    is_overdue: bool
    planned_to: date | None
    cancellation_reason: str
    target: TargetProgress | None
    occasions: int
    minutes: Total
    last_on: date | None


@dataclass(frozen=True)
class MetricRow:
    """A metric's figure; `activity` is empty when it is of a whole promise or goal."""

    activity: str
    figure: MetricFigure


@dataclass(frozen=True)
class LogRow:
    """An occasion as the report prints it. The internal note is no part of it."""

    date: date
    under: str
    activity: str
    place: str
    party: str
    minutes: int | None
    participants: int | None
    done: str
    outcome: str
    is_outside_term: bool
    logged_on: date
    withdrawal_reason: str


@dataclass(frozen=True)
class UndertakingSection:
    id: int
    label: str
    wording: str
    responsible: str
    activities: tuple[ActivityRow, ...]
    metrics: tuple[MetricRow, ...]
    tally: Tally
    assessment: AssessmentContents


@dataclass(frozen=True)
class GoalSection:
    id: int
    label: str
    wording: str
    metrics: tuple[MetricRow, ...]
    assessment: AssessmentContents


@dataclass(frozen=True)
class PromiseSection:
    id: int
    label: str
    topic: str
    wording: str
    period: str
    responsible: tuple[str, ...]
    activities: tuple[ActivityRow, ...]
    metrics: tuple[MetricRow, ...]
    tally: Tally
    log: tuple[LogRow, ...]
    assessment: AssessmentContents

    @property
    def heading(self) -> str:
        return f"{self.label}: {self.topic}"

    @property
    def measured(self) -> tuple[ActivityRow, ...]:
        """The activities whose target could be measured."""
        return tuple(row for row in self.activities if row.target and row.target.windows)

    @property
    def done(self) -> tuple[MetricRow, ...]:
        """The metrics of what was done (utförande)."""
        return tuple(row for row in self.metrics if not row.figure.is_effect)

    @property
    def effect(self) -> tuple[MetricRow, ...]:
        """The metrics of what it led to (effekt)."""
        return tuple(row for row in self.metrics if row.figure.is_effect)


AssessedSection = UndertakingSection | GoalSection | PromiseSection


@dataclass(frozen=True)
class MissedTarget:
    """An activity and the stretches that ended short of its target."""

    under: str
    activity: str
    target: str
    windows: tuple[TargetWindow, ...]


@dataclass(frozen=True)
class Deviations:
    """What did not go as planned, and what is logged but not counted.

    `withdrawn` were taken back with a reason; `late` were logged after the cut-off.
    """

    cancelled: tuple[ActivityRow, ...]
    overdue: tuple[ActivityRow, ...]
    missed_targets: tuple[MissedTarget, ...]
    withdrawn: tuple[LogRow, ...]
    late: tuple[LogRow, ...]

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.cancelled, self.overdue, self.missed_targets, self.withdrawn, self.late)
        )


@dataclass(frozen=True)
class Gap:
    """Something a reader would miss, as a sentence.

    `about` is "review", "undertaking", "goal" or "promise", and `about_id` its primary key.
    """

    sentence: str
    about: str = "review"
    about_id: int | None = None


@dataclass(frozen=True)
class SignatureRow:
    """A party's signature, or a line to sign on while `signed_at` is None."""

    party: str
    name: str = ""
    title: str = ""
    is_delegate: bool = False
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where the review stands: what comes after its contents were written."""

    status: str
    status_label: str
    printed_on: date
    signatures: tuple[SignatureRow, ...]

    @property
    def is_adopted(self) -> bool:
        return self.status == Review.Status.ADOPTED

    @property
    def adopted_on(self) -> date | None:
        """The day the last party signed; None until the review is adopted."""
        if not self.is_adopted:
            return None
        days = [timezone.localdate(row.signed_at) for row in self.signatures if row.signed_at]
        return max(days, default=None)


@dataclass(frozen=True)
class ReviewContents:
    title: str
    agreement: str
    parties: tuple[PartyContents, ...]
    starts_on: date
    ends_on: date
    cutoff_on: date
    registry_number: str
    edition: int
    is_example: bool
    summary: str
    decisions_needed: str
    method: str
    conclusions: str
    tally: Tally
    targets: int
    targets_met: int
    undertakings: tuple[UndertakingSection, ...]
    goals: tuple[GoalSection, ...]
    promises: tuple[PromiseSection, ...]
    deviations: Deviations
    gaps: tuple[Gap, ...]
    log: tuple[LogRow, ...]
    standing: Standing


def canonical_json(contents: ReviewContents) -> str:
    """The contents as JSON, the same text for the same contents on every machine and database:
    sorted keys, no spaces, ISO dates, decimals as strings without idle zeros, letters unescaped.

    The standing (status, signatures, day of printing) is left out: it comes after what is signed.
    """
    signed = asdict(contents) | {"format": FORMAT}
    del signed["standing"]
    return json.dumps(
        signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # SQLite says 12 where PostgreSQL says 12.00.
        return f"{value.normalize():f}"
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def sha256(contents: ReviewContents) -> str:
    """The SHA-256 of the canonical JSON in UTF-8, as hexadecimal: what a signature is bound to."""
    return hashlib.sha256(canonical_json(contents).encode()).hexdigest()
