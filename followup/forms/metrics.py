"""The forms of a reading that was not made at an occasion: read from statistics or a survey."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator

from followup.models import Reading
from promises.forms.base import PlainSwedish
from promises.models import Metric


class ReadingForm(PlainSwedish, forms.ModelForm):
    """The value of a metric on a date, with where it comes from."""

    class Meta:
        model = Reading
        fields = ("date", "value", "out_of", "source")
        labels = {"out_of": "Av hur många?"}
        help_texts = {
            "date": "Den dag värdet gäller, till exempel årets sista dag.",
            "source": "Till exempel ”Brå, anmälda brott 2024”.",
        }
        localized_fields = ("value", "out_of")

    def __init__(self, *args, metric: Metric, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.metric = metric
        self.fields["date"].validators.append(
            MaxValueValidator(today, "Datumet ligger i framtiden.")
        )
        unit = f" ({metric.unit})" if metric.unit else ""
        if metric.rule == Metric.Rule.SHARE:
            self.fields["value"].label = "Hur många?"
            self.fields["out_of"].is_plainly_optional = True  # the model asks for it
        else:
            self.fields["value"].label = f"Värde{unit}"
            del self.fields["out_of"]

    def clean(self) -> dict:
        cleaned = super().clean()
        value, whole = cleaned.get("value"), cleaned.get("out_of")
        if value is not None and whole is not None and value > whole:
            self.add_error("value", "Kan inte vara fler än det hela.")
        return cleaned
