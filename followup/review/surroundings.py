"""What a report says of what lies around the promises: lägesbild, dialogue, cooperation, the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from followup.numbers.meetings import PartyAttendance
from followup.numbers.targets import TargetState


@dataclass(frozen=True)
class ProblemRow:
    """A problem of the lägesbild, with its causes and the labels of the promises that answer it."""

    title: str
    priority: int
    priority_label: str
    causes: tuple[str, ...]
    promises: tuple[str, ...]


@dataclass(frozen=True)
class SourceRow:
    """An underlag: what the lägesbild or the dialogue builds on."""

    kind: str
    kind_label: str
    title: str
    dated_on: date
    summary: str


@dataclass(frozen=True)
class SituationContents:
    """The lägesbild that was adopted last by the cut-off."""

    title: str
    dated_on: date
    adopted_on: date
    adopting_body: str
    registry_number: str
    extent: str
    consequences: str
    other_information: str
    analysis: str
    problems: tuple[ProblemRow, ...]
    sources: tuple[SourceRow, ...]


@dataclass(frozen=True)
class ReportRow:
    """A report that was handed over in the period."""

    kind_label: str
    body: str
    reported_on: date
    registry_number: str


@dataclass(frozen=True)
class Dialogue:
    """What was heard from citizens and told to them in the period."""

    heard: tuple[SourceRow, ...] = ()
    published: int = 0
    reports: tuple[ReportRow, ...] = ()


@dataclass(frozen=True)
class HalfYearRow:
    """The meetings held in a half-year; `state` is None when no rhythm is agreed."""

    label: str
    held: int
    state: TargetState | None

    @property
    def state_label(self) -> str:
        return self.state.label if self.state else ""


@dataclass(frozen=True)
class RhythmContents:
    """The meetings of the group or the council against the rhythm agreed on, if there is one."""

    kind_label: str
    agreed: int | None
    half_years: tuple[HalfYearRow, ...]


@dataclass(frozen=True)
class Cooperation:
    """How the parties met: meetings, attendance, decisions and uppdrag of the period."""

    rhythms: tuple[RhythmContents, ...] = ()
    attendance: tuple[PartyAttendance, ...] = ()
    decisions: int = 0
    tasks_given: int = 0
    tasks_done: int = 0
