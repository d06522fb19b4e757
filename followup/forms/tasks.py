"""Forms for the uppdrag: give one, change it, close it."""

from __future__ import annotations

from datetime import date

from django import forms

from followup.forms.meetings.base import colleagues
from followup.models import Task
from promises.forms.base import LIKELY_YEAR, VersionedForm
from promises.models import Agreement


class TaskForm(VersionedForm):
    """What is to be done, by whom, and by when."""

    class Meta:
        model = Task
        fields = ("title", "owner", "due_on")
        labels = {"title": "Vad ska göras?"}

    def __init__(self, *args, agreement: Agreement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(agreement, self.instance.owner_id)
        self.fields["due_on"].validators.append(LIKELY_YEAR)


class CloseTaskForm(VersionedForm):
    """An uppdrag is done, or dropped with the reason for it."""

    outcome = forms.ChoiceField(
        label="Hur slutade det?",
        choices=[(value, value.label) for value in (Task.Status.DONE, Task.Status.DROPPED)],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj om uppdraget är klart eller avskrivs."},
    )

    class Meta:
        model = Task
        fields = ("closing_note",)
        labels = {"closing_note": "Hur gick det?"}
        help_texts = {"closing_note": "Skriv varför, om uppdraget avskrivs."}
        widgets = {"closing_note": forms.Textarea(attrs={"rows": 2})}

    field_order = ("outcome", "closing_note")

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict:
        cleaned = super().clean()
        # The model's own rules are asked of what it is about to become.
        if outcome := cleaned.get("outcome"):
            self.instance.status, self.instance.closed_on = outcome, self.today
        return cleaned
