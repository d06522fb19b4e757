"""What a report says of how the parties met: rhythm, attendance, decisions and uppdrag."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from followup.models import Decision, Meeting, Task
from followup.numbers.meetings import MeetingRhythm, attendance_by_party, meeting_rhythm
from followup.review.surroundings import Cooperation, HalfYearRow, RhythmContents
from followup.time.spans import Span
from promises.models import Agreement


def cooperation_in(agreement: Agreement, span: Span, on: date) -> Cooperation:
    """The meetings held in the span, as known on the day."""
    held = Meeting.objects.held(on).filter(agreement=agreement, date__range=span)
    tasks = Task.objects.filter(meeting__in=held).aggregate(
        given=Count("id", filter=~Q(status=Task.Status.DROPPED)),
        done=Count("id", filter=Q(status=Task.Status.DONE, closed_on__lte=on)),
    )
    return Cooperation(
        rhythms=tuple(_rhythm(meeting_rhythm(agreement, kind, span, on)) for kind in Meeting.Kind),
        attendance=attendance_by_party(agreement, span, on),
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
