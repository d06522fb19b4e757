"""How the meetings keep to the rhythm the parties have agreed on, half-year by half-year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from followup.models import Meeting
from followup.numbers.targets import TargetState
from followup.time.spans import Span
from followup.time.terms import term_of_agreement
from followup.time.windows import counted_windows
from promises.models import Activity, Agreement


@dataclass(frozen=True)
class HalfYear:
    """The meetings held in one half-year; `state` is None when no rhythm is agreed."""

    label: str
    span: Span
    held: int
    state: TargetState | None


@dataclass(frozen=True)
class MeetingRhythm:
    """The meetings of the group or of the council, which are never counted together.

    `agreed` is how many the parties have settled on per half-year, or None: the agreement says
    only "träffas regelbundet" (åtagande 5). `half_years` is oldest first.
    """

    kind: Meeting.Kind
    agreed: int | None
    half_years: tuple[HalfYear, ...]

    @property
    def held(self) -> int:
        return sum(half_year.held for half_year in self.half_years)

    @property
    def measured(self) -> tuple[HalfYear, ...]:
        """The half-years that can be judged: those that have ended or reached the rhythm."""
        judged = {TargetState.MET, TargetState.NOT_MET}
        return tuple(one for one in self.half_years if one.state in judged)

    @property
    def met(self) -> int:
        return sum(half_year.state is TargetState.MET for half_year in self.half_years)


def meeting_rhythm(agreement: Agreement, kind: Meeting.Kind, span: Span, on: date) -> MeetingRhythm:
    """The half-years of the span with the meetings held in each, in one query.

    A half-year is counted by the same rule as a target's (`followup.time.windows`): when
    two thirds of it lie within both the span and the agreement's time. One that has not begun
    on the day `on` is left out, and one that still runs is Pågår until the rhythm is reached.
    """
    agreed = {
        Meeting.Kind.GROUP: agreement.group_meetings_per_half_year,
        Meeting.Kind.COUNCIL: agreement.council_meetings_per_half_year,
    }[Meeting.Kind(kind)]
    windows = [
        (label, inside)
        for label, inside in counted_windows(
            Activity(target_per=Activity.TargetPer.HALF_YEAR),
            term_of_agreement(agreement, span.ends_on),
            span,
        )
        if inside.starts_on <= on
    ]
    counts = Meeting.objects.held(on).filter(agreement=agreement, kind=kind)
    held = counts.aggregate(
        **{
            f"half_year_{n}": Count("id", filter=Q(date__range=inside))
            for n, (_, inside) in enumerate(windows)
        }
    )
    return MeetingRhythm(
        kind=Meeting.Kind(kind),
        agreed=agreed,
        half_years=tuple(
            HalfYear(
                label,
                inside,
                count,
                None if agreed is None else TargetState.of(count, agreed, inside, on),
            )
            for (label, inside), count in zip(windows, held.values(), strict=True)
        ),
    )
