"""What a report says of how the parties met: rhythm, attendance, decisions and uppdrag."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from followup.models import Attendance, Decision, Meeting, Task
from followup.models.meeting.meeting import MeetingQuerySet
from followup.numbers.meetings import MeetingRhythm, meeting_rhythm
from followup.review.surroundings import Cooperation, HalfYearRow, PartyAttendance, RhythmContents
from followup.time.spans import Span
from promises.models import Agreement


def cooperation_in(agreement: Agreement, span: Span, on: date) -> Cooperation:
    """The meetings held in the span, as known on the day."""
    held = Meeting.objects.held(on).filter(agreement=agreement, date__range=span)
    group = held.filter(kind=Meeting.Kind.GROUP)
    tasks = Task.objects.filter(meeting__in=held).aggregate(
        given=Count("id", filter=~Q(status=Task.Status.DROPPED)),
        done=Count("id", filter=Q(status=Task.Status.DONE, closed_on__lte=on)),
    )
    return Cooperation(
        rhythms=tuple(_rhythm(meeting_rhythm(agreement, kind, span, on)) for kind in Meeting.Kind),
        attendance=_attendance(agreement, group),
        decisions=Decision.objects.filter(meeting__in=held, withdrawn_at=None).count(),
        tasks_given=tasks["given"],
        tasks_done=tasks["done"],
    )


def _rhythm(rhythm: MeetingRhythm) -> RhythmContents:
    return RhythmContents(
        rhythm.kind.label,
        rhythm.agreed,
        tuple(HalfYearRow(one.label, one.held, one.state) for one in rhythm.half_years),
    )


def _attendance(agreement: Agreement, group: MeetingQuerySet) -> tuple[PartyAttendance, ...]:
    meetings = group.count()
    present = dict(
        Attendance.objects.filter(meeting__in=group, presence=Attendance.Presence.PRESENT)
        .values_list("party")
        .annotate(Count("meeting", distinct=True))
    )
    return tuple(
        PartyAttendance(party.short_name, present.get(party.pk, 0), meetings)
        for party in agreement.parties.all()
    )
