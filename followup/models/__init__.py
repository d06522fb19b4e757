"""What became of the promises: occasions, readings, meetings, forecasts and the biennial review."""

from followup.models.assessment import Assessment
from followup.models.calendar_feed import CalendarFeed
from followup.models.forecast import Forecast
from followup.models.law import LawNote, LawParagraph
from followup.models.meeting.agenda import AgendaItem, Attendance, Decision
from followup.models.meeting.document import MeetingDocument
from followup.models.meeting.meeting import Meeting
from followup.models.meeting.task import Task
from followup.models.occasion import Occasion, Reading
from followup.models.reminder import Reminder, ReminderSettings
from followup.models.report import Report
from followup.models.review import Review, ReviewComment, ReviewText, Section
from followup.models.search import SearchEntry, SearchWord
from followup.models.signoff import ReviewDocument, Signoff, Submission
from followup.models.statement import Statement
from followup.models.wish import Wish

__all__ = [
    "AgendaItem",
    "Assessment",
    "Attendance",
    "CalendarFeed",
    "Decision",
    "Forecast",
    "LawNote",
    "LawParagraph",
    "Meeting",
    "MeetingDocument",
    "Occasion",
    "Reading",
    "Reminder",
    "ReminderSettings",
    "Report",
    "Review",
    "ReviewComment",
    "ReviewDocument",
    "ReviewText",
    "SearchEntry",
    "SearchWord",
    "Section",
    "Signoff",
    "Statement",
    "Submission",
    "Task",
    "Wish",
]
