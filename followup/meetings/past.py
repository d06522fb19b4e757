"""A meeting that was held before anybody wrote of it in the portal, noted afterwards in one go."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from followup.meetings.agenda import add_roster
from followup.models import AgendaItem, Attendance, Decision, Meeting
from promises.models import Member

POINT = "Beslut på mötet"
"""What the decisions stand under: nobody has said which agenda the meeting had."""


@transaction.atomic
def note_held(meeting: Meeting, present: Iterable[Member], decisions: Iterable[str]) -> Meeting:
    """Save the meeting as held, with those said to have been there and what was decided.

    Of the others on the roster nothing is said: not naming somebody is not to call them absent.
    """
    meeting.status = Meeting.Status.HELD
    meeting.save()
    add_roster(meeting)
    _note_present(meeting, present)
    wordings = list(decisions)
    if wordings:
        point = AgendaItem.objects.create(meeting=meeting, number=1, title=POINT)
        for wording in wordings:
            Decision.objects.create(meeting=meeting, item=point, wording=wording)
    return meeting


def _note_present(meeting: Meeting, present: Iterable[Member]) -> None:
    listed = {row.member_id: row for row in meeting.attendances.all()}
    for member in present:
        row = listed.get(member.pk) or Attendance(
            meeting=meeting, member=member, party=member.party
        )
        row.presence = Attendance.Presence.PRESENT
        row.save()
