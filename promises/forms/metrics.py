"""The form of a metric."""

from __future__ import annotations

from datetime import date

from django import forms

from promises.forms.base import VersionedForm
from promises.handbook import hint
from promises.models import Activity, Goal, Metric, Promise


class MetricForm(VersionedForm):
    """What is counted or measured, in what unit, and how its readings become one figure."""

    class Meta:
        model = Metric
        fields = (
            "name",
            "unit",
            "dimension",
            "rule",
            "in_force_from",
            "baseline",
            "target_value",
            "lower_is_better",
        )
        labels = {"lower_is_better": "Ett lägre värde är bättre"}
        help_texts = {
            "name": "Till exempel ”Förare kontrollerade” eller ”Anmälda bostadsinbrott”.",
            "unit": "Till exempel förare, km/tim eller anmälningar. Lämna tomt för en andel.",
            "dimension": "Utförande är vad ni gör. Effekt är vad det leder till.",
            "rule": hint(
                "Hur flera mätvärden blir ett tal för en period. Med summa blir 14 och 9 förare 23.",
                "räkneregeln",
                "matetal",
                "raknaregel",
            ),
            "in_force_from": (
                "Före den dagen saknas inget mätvärde. Lämna tomt om det har räknats hela tiden."
            ),
            "baseline": "Värdet innan löftet gavs, om ni vet det.",
            "target_value": "Värdet ni siktar på. För en andel: procent.",
            "lower_is_better": "Till exempel för olyckor och klagomål.",
        }
        widgets = {"dimension": forms.RadioSelect, "rule": forms.RadioSelect}
        localized_fields = ("baseline", "target_value")

    def __init__(self, *args, of: Activity | Promise | Goal, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        if not self.instance.pk:
            setattr(self.instance, of._meta.model_name, of)
            self.initial["in_force_from"] = today
            self.instance.number = of.metrics.count() + 1

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = self.of.metrics.exclude(pk=self.instance.pk)
        if any(other.name.casefold() == name.casefold() for other in others):
            raise forms.ValidationError("Det finns redan ett mätetal med det namnet här.")
        return name
