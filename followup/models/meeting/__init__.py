"""The meetings of the samverkansgrupp and of the strategic council, and what came out of them."""

from followup.models.meeting.agenda import AgendaItem, Attendance, Decision
from followup.models.meeting.document import MeetingDocument
from followup.models.meeting.meeting import LOCKED, Meeting, MeetingQuerySet
from followup.models.meeting.task import Task, TaskQuerySet

__all__ = [
    "LOCKED",
    "AgendaItem",
    "Attendance",
    "Decision",
    "Meeting",
    "MeetingDocument",
    "MeetingQuerySet",
    "Task",
    "TaskQuerySet",
]
