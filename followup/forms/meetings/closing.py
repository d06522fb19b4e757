"""At the end of the meeting and after it: mending a decision, closing, and signing the minutes."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.formats import date_format

from followup.forms.meetings.base import OpenMeetingForm, TimeInput, use_swedish_time
from followup.models import Decision, Meeting
from followup.models.locks import Refusal
from promises.forms.base import PlainSwedish


class DecisionForm(PlainSwedish, forms.ModelForm):
    """Mend or strike a decision, as long as the minutes have not been signed."""

    STRIKE = "stryk"

    class Meta:
        model = Decision
        fields = ("wording",)
        widgets = {"wording": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict:
        if self.instance.meeting.is_locked:
            raise forms.ValidationError(Refusal.MINUTES_SIGNED.label)
        return super().clean()


class CloseForm(OpenMeetingForm):
    """End the meeting: from now on it has been held."""

    class Meta:
        model = Meeting
        fields = ("ends_at",)
        widgets = {"ends_at": TimeInput}

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        use_swedish_time(self.fields["ends_at"])

    @property
    def reason_to_wait(self) -> str:
        """Why the meeting can't be ended yet; empty when it can."""
        if self.instance.date <= self.today:
            return ""
        return (
            f"Mötet är den {date_format(self.instance.date)} och kan inte avslutas före den dagen. "
            "Har det redan hållits: ändra mötets datum först."
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.reason_to_wait:
            self.add_error(None, self.reason_to_wait)
        return cleaned

    def save(self, commit: bool = True) -> Meeting:
        self.instance.status = Meeting.Status.HELD
        return super().save(commit)


class SignForm(PlainSwedish, forms.Form):
    """The chair's word that what was shown has been read, bound to its hash."""

    contents_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    has_read = forms.BooleanField(
        label="Jag har läst protokollet och justerar det",
        error_messages={"required": "Kryssa i rutan när du har läst protokollet."},
    )
