"""What a report consists of: the review's, and every other report on a period.

Plain data all through: it is told as a text (`text_of`), and what is signed, shown and printed
is that text. These classes may change from one day to the next; a text that is written is read by
`followup.archive` and not by them. The numbers are those of `followup.numbers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from followup.law.rows import Law
from followup.models import Review
from followup.numbers.metrics import MetricFigure
from followup.numbers.targets import TargetProgress, TargetWindow
from followup.numbers.totals import Tally, Total
from followup.review.surroundings import Cooperation, Dialogue, ProblemRow, SituationContents


@dataclass(frozen=True)
class PartyContents:
    name: str
    short_name: str
    sami_name: str


@dataclass(frozen=True)
class Texts:
    """The review's own texts, by `ReviewText.Kind`; empty while not written."""

    summary: str = ""
    decisions: str = ""
    method: str = ""
    situation: str = ""
    dialogue: str = ""
    cooperation: str = ""
    deviations: str = ""
    conclusions: str = ""
    improvements: str = ""


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

    id: int
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
    """An occasion as the report prints it. The internal note is no part of it.

    When it was is read by `promises.known.when_in_words`.
    """

    date: date
    last_date: date | None  # type: ignore[valid-type]  # not the field above, which has the name
    known_by: str
    under: str
    activity: str
    place: str
    party: str
    minutes: int | None
    participants: int | None
    done: str
    outcome: str
    is_outside_term: bool
    logged_on: date  # type: ignore[valid-type]  # not the field above, which has the name
    withdrawal_reason: str


@dataclass(frozen=True)
class UndertakingSection:
    """An undertaking, shown by its own kind of evidence: meetings, appointments, time or occasions.

    Only for the last kind is one without an occasion a gap, and `lack` says so itself.
    """

    id: int
    label: str
    wording: str
    responsible: str
    evidence: str
    lack: str
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
    problems: tuple[ProblemRow, ...]
    activities: tuple[ActivityRow, ...]
    metrics: tuple[MetricRow, ...]
    tally: Tally
    log: tuple[LogRow, ...]
    assessment: AssessmentContents

    @property
    def heading(self) -> str:
        return f"{self.label}: {self.topic}"


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

    `section` is the section it is found in; `about_id` is the primary key of the undertaking,
    goal or promise it is about. One that `blocks` has to be filled before the review is handed in.
    """

    sentence: str
    section: str
    about_id: int | None = None
    blocks: bool = False


@dataclass(frozen=True)
class Difference:
    """What a correction changed, in words: `where`, and the text `before` and `after`."""

    where: str
    before: str
    after: str


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


@dataclass(frozen=True, kw_only=True)
class PeriodContents:
    """An agreement's period in full: what every report draws from.

    What counts is what was carried out from `starts_on` to `ends_on` and logged by `cutoff_on`.
    """

    agreement: str
    parties: tuple[PartyContents, ...]
    starts_on: date
    ends_on: date
    cutoff_on: date
    is_example: bool
    tally: Tally
    targets: int
    targets_met: int
    undertakings: tuple[UndertakingSection, ...]
    goals: tuple[GoalSection, ...]
    promises: tuple[PromiseSection, ...]
    situation: SituationContents | None
    dialogue: Dialogue
    cooperation: Cooperation
    deviations: Deviations
    law: Law
    log: tuple[LogRow, ...]

    @property
    def under_undertakings(self) -> int:
        """How many of all the occasions answer to an undertaking; the others answer to a promise."""
        return sum(one.tally.occasions for one in self.undertakings)


@dataclass(frozen=True, kw_only=True)
class ReviewContents(PeriodContents):
    """The review: a period, what the parties write about it and how they judge it.

    `late_before` was logged too late for the review before this one and is told of here, apart
    from this period's figures. `differences` is what a correction changed in what it corrects.
    """

    title: str
    registry_number: str
    edition: int
    texts: Texts
    late_before: tuple[LogRow, ...]
    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    standing: Standing
