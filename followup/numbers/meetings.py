"""How the meetings keep to the rhythm the parties have agreed on, and who came to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from followup.models import Attendance, Meeting
from followup.numbers.targets import TargetState
from followup.swedish import NO_FIGURE, counted
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
        window
        for window in counted_windows(
            Activity(target_per=Activity.TargetPer.HALF_YEAR), term_of_agreement(agreement), span
        )
        if window.inside.starts_on <= on
    ]
    counts = Meeting.objects.held(on).filter(agreement=agreement, kind=kind)
    held = counts.aggregate(
        **{
            f"half_year_{n}": Count("id", filter=Q(date__range=window.inside))
            for n, window in enumerate(windows)
        }
    )
    return MeetingRhythm(
        kind=Meeting.Kind(kind),
        agreed=agreed,
        half_years=tuple(
            HalfYear(
                window.label,
                window.inside,
                count,
                None
                if agreed is None
                else TargetState.of(count, agreed, is_over=window.is_over(on)),
            )
            for window, count in zip(windows, held.values(), strict=True)
        ),
    )


# --- Who came ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartyAttendance:
    """At how many of the group's held meetings somebody from the party was present.

    `noted` are the meetings of which it is known: those where the presence of anybody from the
    party is noted. A meeting nobody has noted it for is no meeting the party stayed away from.
    """

    party: str
    present: int
    noted: int
    meetings: int

    @property
    def in_words(self) -> str:
        if not self.meetings:
            return "inga möten hölls"
        if not self.noted:
            return NO_FIGURE.lower()
        if self.noted == self.meetings:
            return f"{self.present} av {counted(self.meetings, 'möte', 'möten')}"
        known = counted(self.noted, "möte", "möten")
        unknown = self.meetings - self.noted
        return f"{self.present} av {known} där närvaron är noterad, ingen uppgift om {unknown}"


def attendance_by_party(agreement: Agreement, span: Span, on: date) -> tuple[PartyAttendance, ...]:
    """How often each party was at the group's meetings of the span, in three queries."""
    group = Meeting.objects.held(on).filter(
        agreement=agreement, kind=Meeting.Kind.GROUP, date__range=span
    )
    is_present = Q(presence=Attendance.Presence.PRESENT)
    rows = (
        Attendance.objects.filter(meeting__in=group)
        .exclude(presence="")
        .order_by()
        .values_list("party")
        .annotate(
            present=Count("meeting", filter=is_present, distinct=True),
            noted=Count("meeting", distinct=True),
        )
    )
    known = {party: (present, noted) for party, present, noted in rows}
    meetings = group.count()
    return tuple(
        PartyAttendance(party.short_name, *known.get(party.pk, (0, 0)), meetings)
        for party in agreement.parties.all()
    )
