"""The form for what a party states of an undertaking."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db import transaction

from followup.models import Statement
from promises.forms.base import LIKELY_YEAR, VersionedForm
from promises.known import NO_SUCH_TIME, KnownBy, read_when
from promises.models import Agreement, Member, Undertaking

ALREADY_STATED = "{party} har redan lämnat en uppgift om den tiden. Dra tillbaka den först."


class StatementForm(VersionedForm):
    """Note what a party states: how many meetings there were, or its own words."""

    about = forms.CharField(
        label="Vilken tid gäller det?",
        max_length=40,
        help_text="Till exempel 2023, hösten 2023, maj 2023 eller 3–5 maj 2023.",
    )

    class Meta:
        model = Statement
        fields = ("party", "about", "meetings", "wording", "source")
        help_texts = {
            "wording": "I partens egna ord, till exempel Polisen har bidragit med tid och personal.",
            "meetings": "Räknas inte ihop med de möten som är noterade.",
        }
        widgets = {"wording": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self, *args, undertaking: Undertaking, member: Member, today: date, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.instance.undertaking, self.instance.noted_by = undertaking, member
        is_of_meetings = undertaking.evidence == Undertaking.Evidence.MEETINGS
        del self.fields["wording" if is_of_meetings else "meetings"]
        self.fields["meetings" if is_of_meetings else "wording"].required = True
        self.fields["party"].queryset = undertaking.agreement.parties.all()
        self.fields["party"].initial = undertaking.responsible_id or member.party_id

    def clean_about(self) -> str:
        known = read_when(self.cleaned_data["about"])
        if not known or known.known_by == KnownBy.DAY:
            raise forms.ValidationError(NO_SUCH_TIME)
        if known.date > self.today:
            raise forms.ValidationError("Tiden har inte börjat än.")
        LIKELY_YEAR(known.date)
        one = self.instance
        one.date, one.last_date, one.known_by = known
        return self.cleaned_data["about"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if (party := cleaned.get("party")) and cleaned.get("about"):
            one = self.instance
            same = Statement.objects.standing().filter(
                undertaking=one.undertaking, party=party, date=one.date, last_date=one.last_date
            )
            if same.exists():
                self.add_error("about", ALREADY_STATED.format(party=party.short_name))
        return cleaned

    @transaction.atomic
    def save_or_explain(self) -> Statement | None:
        """Two who note the same take turns."""
        Agreement.objects.select_for_update().get(pk=self.instance.undertaking.agreement_id)
        return super().save_or_explain()
