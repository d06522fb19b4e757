"""The form for a wish: note it, and answer it with an occasion or with why it is not met."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Q

from followup.models import Occasion, Wish
from promises.forms.base import LIKELY_YEAR, VersionedForm
from promises.known import when_in_words

CHOICES = 50


class OccasionField(forms.ModelChoiceField):
    """An occasion by what tells it from the activity's others: its day and its place."""

    def label_from_instance(self, occasion: Occasion) -> str:
        return ", ".join(filter(None, [when_in_words(occasion), str(occasion.place or "")]))


class WishForm(VersionedForm):
    met_by = OccasionField(
        Occasion.objects.none(),
        label="Möttes av tillfället",
        required=False,
        help_text="Logga tillfället först, och välj det sedan här.",
    )

    class Meta:
        model = Wish
        fields = ("received_on", "asked_by", "wish", "met_by", "declined_reason")
        help_texts = {
            "asked_by": "En skola, en förening eller en by. Skriv aldrig en enskild persons namn.",
            "declined_reason": "Bara om ni har svarat att det inte blir av.",
        }
        widgets = {"wish": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("received_on", today)
        self.fields["received_on"].validators.append(LIKELY_YEAR)
        if self.instance.pk is None:
            del self.fields["met_by"], self.fields["declined_reason"]
            return
        of_activity = Occasion.objects.filter(activity=self.instance.activity)
        latest = of_activity.carried_out().newest_first().values_list("pk", flat=True)[:CHOICES]
        offered = Q(pk__in=list(latest)) | Q(pk=self.instance.met_by_id)
        self.fields["met_by"].queryset = of_activity.filter(offered).select_related("place")

    def clean_received_on(self) -> date:
        day = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Dagen ligger framåt i tiden. Skriv den dag det kom in.")
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("met_by") and cleaned.get("declined_reason"):
            self.add_error(
                "declined_reason", "Välj antingen ett tillfälle eller skriv ett skäl, inte båda."
            )
        return cleaned
