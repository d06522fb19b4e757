"""Forms for the meetings: planning, calling, running and signing them."""

from followup.forms.meetings.base import colleagues
from followup.forms.meetings.closing import CloseForm, DecisionForm, SignForm
from followup.forms.meetings.planning import (
    EARLIEST,
    AgendaItemForm,
    CallForm,
    CancelForm,
    MeetingForm,
)
from followup.forms.meetings.running import AttendanceForm, RunItemForm

__all__ = [
    "EARLIEST",
    "AgendaItemForm",
    "AttendanceForm",
    "CallForm",
    "CancelForm",
    "CloseForm",
    "DecisionForm",
    "MeetingForm",
    "RunItemForm",
    "SignForm",
    "colleagues",
]
