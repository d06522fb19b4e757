"""What became of the promises: occasions, readings, meetings, forecasts and the biennial review."""

from followup.models.forecast import Forecast
from followup.models.meeting import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    MeetingDocument,
    Task,
)
from followup.models.occasion import Occasion, Reading
from followup.models.review import Assessment, Review, ReviewDocument, Signoff

__all__ = [
    "AgendaItem",
    "Assessment",
    "Attendance",
    "Decision",
    "Forecast",
    "Meeting",
    "MeetingDocument",
    "Occasion",
    "Reading",
    "Review",
    "ReviewDocument",
    "Signoff",
    "Task",
]
