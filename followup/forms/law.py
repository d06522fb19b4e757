"""Forms for what is noted by hand in the Lagkontroll."""

from __future__ import annotations

from django import forms
from django.db import IntegrityError

from followup.models import LawNote
from promises.forms.base import VersionedForm

SOMEBODY_WAS_FIRST = (
    "Någon annan har just skrivit om samma paragraf. Din anteckning är inte sparad, men står kvar "
    "här. Öppna lagkontrollen i en ny flik och se vad som står där."
)


class LawNoteForm(VersionedForm):
    """Note a paragraph as met elsewhere, or as not applying, with the reason."""

    value = forms.ChoiceField(label="Läge", choices=LawNote.Value, widget=forms.RadioSelect)

    class Meta:
        model = LawNote
        fields = ("value", "rationale")
        help_texts = {
            "rationale": "Var och hur det visas, gärna med diarienummer. Eller varför det inte "
            "gäller er."
        }
        widgets = {"rationale": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            # Of no stored version, so that a note somebody writes meanwhile is not overwritten.
            self.fields["version"].initial = 0

    def save_or_explain(self) -> LawNote | None:
        try:
            return super().save_or_explain()
        except IntegrityError:
            # Two began on the same paragraph; the database keeps one.
            self.instance.pk = None
            self.instance._state.adding = True
            self.add_error(None, SOMEBODY_WAS_FIRST)
            return None
