"""What the forms of a meeting share: its times, whom one can choose, and the locked minutes."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet

from followup.forms.locking import OpenForm
from followup.models import Meeting
from followup.models.locks import Refusal
from promises.models import Agreement, Member

NOT_A_TIME = "Skriv ett klockslag, till exempel 13.00."


class TimeInput(forms.TimeInput):
    """The browser's own time picker, which wants 13:00 whatever the language."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "short"}, format="%H:%M")


def use_swedish_time(field: forms.TimeField) -> None:
    field.input_formats = ["%H:%M", "%H.%M", "%H:%M:%S"]
    field.error_messages["invalid"] = NOT_A_TIME


def colleagues(agreement: Agreement, *kept: int | None) -> QuerySet[Member]:
    """The active members of the agreement's parties, and whoever stands there already."""
    parties = agreement.parties.all()
    return Member.objects.filter(Q(party__in=parties, is_active=True) | Q(pk__in=kept)).order_by(
        "name"
    )


class OpenMeetingForm(OpenForm):
    """A form for a meeting or something in it, as long as the minutes have not been signed."""

    refusal = Refusal.MINUTES_SIGNED

    @property
    def meeting(self) -> Meeting:
        return self.instance if isinstance(self.instance, Meeting) else self.instance.meeting

    @property
    def is_open(self) -> bool:
        return not self.meeting.is_locked
