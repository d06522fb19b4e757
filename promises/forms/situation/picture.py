"""The lägesbild itself: its parts, its sources, and its adoption."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction

from promises.forms.situation.draft import NOT_YET, DraftForm, StrikeForm
from promises.handbook import hint
from promises.integrity import no_personal_numbers
from promises.models import SituationPicture, Source


class PictureForm(DraftForm):
    """The date of the lägesbild and the parts the law asks for (lag 2023:196 4 §)."""

    class Meta:
        model = SituationPicture
        fields = ("dated_on", "extent", "consequences", "other_information", "analysis")
        help_texts = {
            "dated_on": "Den dag lägesbilden beskriver.",
            "extent": hint(
                "Vilken brottslighet som finns, var, när och hur mycket.",
                "lägesbildens delar",
                "lagesbild",
                "delar",
            ),
            "consequences": "Vad brottsligheten leder till för invånare, näringsliv och kommun.",
            "other_information": "Annat av betydelse: otrygghet, ordningsstörningar, vad som är på väg.",
            "analysis": "Varför det ser ut så, vad som väger tyngst och vad som går att påverka.",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 6})
            for name in ("extent", "consequences", "other_information", "analysis")
        }


class SourceForm(StrikeForm):
    """An underlag: where it comes from, its date, and what it says in short."""

    strike_label = "Stryk underlaget"

    class Meta:
        model = Source
        fields = ("kind", "title", "dated_on", "summary")
        help_texts = {
            "title": "Till exempel ”Medborgardialog i Risbäck”.",
            "summary": (
                "Vad underlaget säger och var det finns. Inget som är hemligt, och inget om vad "
                "enskilda personer har svarat."
            ),
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}


class AdoptForm(DraftForm):
    """Adopt the lägesbild: who decided, when, and under which diarienummer.

    Refused, with each thing named, as long as something that the law asks for is lacking.
    """

    adopting_body = forms.CharField(
        label="Antagen av",
        max_length=150,
        help_text="Till exempel kommunstyrelsen.",
        validators=[no_personal_numbers],
    )
    adopted_on = forms.DateField(label="Antagen den")
    registry_number = forms.CharField(
        label="Diarienummer", max_length=60, validators=[no_personal_numbers]
    )

    class Meta:
        model = SituationPicture
        fields = ()

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adopted_on"].validators += [
            MaxValueValidator(today, NOT_YET),
            MinValueValidator(
                self.instance.dated_on, "Lägesbilden kan inte ha antagits före sitt eget datum."
            ),
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        self._refuse_incomplete()
        return cleaned

    def _refuse_incomplete(self) -> None:
        if lacks := self.instance.lacks():
            raise forms.ValidationError([f"Lägesbilden saknar {lack}." for lack in lacks])

    @transaction.atomic
    def save(self, commit: bool = True) -> SituationPicture:
        for name in ("adopting_body", "adopted_on", "registry_number"):
            setattr(self.instance, name, self.cleaned_data[name])
        picture = super().save(commit)
        # Once more, now that nobody else can strike anything.
        self._refuse_incomplete()
        return picture
