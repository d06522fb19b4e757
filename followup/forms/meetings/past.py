"""After the meeting, perhaps years after: what is known of one that was never in the portal."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator
from django.db import transaction
from django.utils.formats import date_format

from followup.forms.meetings.base import OpenMeetingForm
from followup.meetings.past import note_held
from followup.models import Decision, Meeting
from promises.forms.base import LIKELY_YEAR
from promises.models import Agreement, Appointment, Member


class PresentField(forms.ModelMultipleChoiceField):
    """Members by name and party, those too who have left since."""

    def label_from_instance(self, member: Member) -> str:
        return f"{member.name}, {member.party}"


class PastMeetingForm(OpenMeetingForm):
    """A meeting that has been held: its day, and as much more of it as is known."""

    present = PresentField(
        Member.objects.none(),
        label="Vilka var med?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Kryssa för dem ni vet var med. Om de andra sägs ingenting.",
    )
    decisions = Decision._meta.get_field("wording").formfield(
        label="Vad beslutades?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Ett stycke för varje beslut, med en tom rad emellan.",
    )

    class Meta:
        model = Meeting
        fields = ("kind", "date", "chair", "registry_number")
        help_texts = {
            "chair": "Lämna tomt om ni inte vet. Den som anges ombeds justera protokollet här.",
            "registry_number": "Om protokollet finns i diariet.",
        }
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, agreement: Agreement, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].validators += [
            LIKELY_YEAR,
            MaxValueValidator(today, "Den dagen har inte varit än. Lägg upp mötet som nytt."),
        ]
        members = Member.objects.filter(party__in=agreement.parties.all()).select_related("party")
        self.fields["present"].queryset = members.order_by("name")
        self.fields["chair"].queryset = members.order_by("name")
        self.fields["kind"].choices = Meeting.Kind.choices
        if not Appointment.objects.of_council(agreement).exists():
            del self.fields["kind"]
        for name in ("chair", "present", "decisions", "registry_number"):
            self.fields[name].is_plainly_optional = True

    def clean(self) -> dict:
        cleaned = super().clean()
        if day := cleaned.get("date"):
            self._refuse_twice(day, cleaned.get("kind") or self.instance.kind)
        return cleaned

    def _refuse_twice(self, day: date, kind: str) -> None:
        """A form that is sent twice, or by two who remember the same meeting, is saved once."""
        others = Meeting.objects.filter(agreement=self.instance.agreement, kind=kind, date=day)
        other = others.exclude(status=Meeting.Status.CANCELLED).first()
        if other is None:
            return
        what_then = (
            "Öppna det och avsluta det i stället." if other.is_coming else "Ändra det i stället."
        )
        self.add_error("date", f"Mötet {date_format(day)} finns redan. {what_then}")

    @transaction.atomic
    def save_or_explain(self) -> Meeting | None:
        """As of every form; two who note the same meeting take turns."""
        Agreement.objects.select_for_update().get(pk=self.instance.agreement_id)
        return super().save_or_explain()

    def save(self, commit: bool = True) -> Meeting:
        cleaned = self.cleaned_data
        return note_held(self.instance, cleaned["present"], _paragraphs(cleaned["decisions"]))


def _paragraphs(text: str) -> list[str]:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return [paragraph for part in parts if (paragraph := part.strip())]
