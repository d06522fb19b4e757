"""Before the meeting: planning it, its agenda and its call, and calling it off."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from followup.forms.meetings.base import OpenMeetingForm, TimeInput, colleagues, use_swedish_time
from followup.meetings.agenda import add_roster, set_up
from followup.models import AgendaItem, Meeting, Task
from promises.forms.base import LIKELY_YEAR, PlainSwedish
from promises.models import Agreement, Appointment, Member


class MeetingForm(OpenMeetingForm):
    """Plan a meeting; a new one gets its agenda drafted and its roster listed."""

    class Meta:
        model = Meeting
        fields = (
            "kind",
            "date",
            "starts_at",
            "ends_at",
            "location",
            "chair",
            "secretary",
            "registry_number",
            "introduction",
        )
        help_texts = {
            "chair": "Den som leder mötet och sedan justerar protokollet.",
            "introduction": "Står överst i kallelsen.",
        }
        widgets = {
            "kind": forms.RadioSelect,
            "starts_at": TimeInput,
            "ends_at": TimeInput,
            "introduction": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, agreement: Agreement, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["date"].validators.append(LIKELY_YEAR)
        self.fields["chair"].required = self.instance.is_coming
        kept = (self.instance.chair_id, self.instance.secretary_id)
        for name in ("chair", "secretary"):
            self.fields[name].queryset = colleagues(agreement, *kept)
        for name in ("starts_at", "ends_at"):
            use_swedish_time(self.fields[name])
        self.fields["kind"].choices = Meeting.Kind.choices
        # The roster and the agenda of a meeting are those of the group or of the council.
        if self.instance.pk or not Appointment.objects.of_council(agreement).exists():
            del self.fields["kind"]

    def clean(self) -> dict:
        cleaned = super().clean()
        day = cleaned.get("date")
        if day and day > self.today and self.instance.status == Meeting.Status.HELD:
            self.add_error("date", "Mötet är genomfört, och den dagen har inte varit än.")
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Meeting:
        if not self.instance.pk:
            return set_up(self.instance, self.today)
        meeting = super().save(commit)
        add_roster(meeting)
        return meeting


class AgendaItemForm(OpenMeetingForm):
    """A point of the agenda, as it goes out with the call."""

    class Meta:
        model = AgendaItem
        fields = ("title", "background")
        help_texts = {
            "background": "Det deltagarna behöver veta före mötet. Rader som börjar med ”- ” blir en lista.",
        }
        widgets = {"background": forms.Textarea(attrs={"rows": 8})}

    # What the form's other buttons do besides saving.
    MOVES = {"upp": -1, "ned": 1}
    STRIKE, RESTORE = "stryk", "ta-med"

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.data.get("gor") == self.STRIKE and self._has_outcome():
            self.add_error(
                None,
                "Punkten har ett beslut eller ett uppdrag och kan inte strykas. Stryk beslutet "
                "eller avskriv uppdraget först.",
            )
        return cleaned

    def _has_outcome(self) -> bool:
        decisions = self.instance.decisions.filter(withdrawn_at=None)
        tasks = self.instance.tasks.exclude(status=Task.Status.DROPPED)
        return decisions.exists() or tasks.exists()

    @transaction.atomic
    def save_as_asked(self, button: str, at: datetime) -> AgendaItem | None:
        """Save, and move, strike or restore the point when one of those buttons was pressed."""
        if button in {self.STRIKE, self.RESTORE}:
            self.instance.withdrawn_at = at if button == self.STRIKE else None
        item = self.save_or_explain()
        if item and button in self.MOVES and not item.is_withdrawn:
            item.move(self.MOVES[button])
        return item


class CallForm(PlainSwedish, forms.Form):
    """To whom the call goes: everybody on the roster, unless one is left out."""

    recipients = forms.ModelMultipleChoiceField(
        label="Skicka till",
        queryset=Member.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj minst en mottagare."},
    )

    def __init__(self, *args, members: QuerySet[Member], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["recipients"]
        field.queryset = members
        field.initial = members
        field.label_from_instance = lambda member: f"{member.name}, {member.email}"


class CancelForm(OpenMeetingForm):
    """Call a meeting off, with the reason."""

    reason = forms.CharField(
        label="Varför ställs mötet in?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mötet finns kvar i listan med skälet, och räknas inte som hållet.",
    )

    class Meta:
        model = Meeting
        fields = ()

    def save(self, commit: bool = True) -> Meeting:
        self.instance.status = Meeting.Status.CANCELLED
        self.instance.cancellation_reason = self.cleaned_data["reason"]
        return super().save(commit)
