"""The form for a place: what it is called, and how often it is to be visited."""

from __future__ import annotations

from datetime import date

from django import forms

from promises.forms.base import VersionedForm
from promises.models import Place
from promises.models.activity import MONTH_NAMES


class MonthField(forms.TypedChoiceField):
    """A month by its name, or none of them."""

    def __init__(self, *, nothing: str, **kwargs) -> None:
        choices = [("", nothing), *enumerate(MONTH_NAMES, start=1)]
        super().__init__(choices=choices, coerce=int, empty_value=None, required=False, **kwargs)


class PlaceForm(VersionedForm):
    """Set a place's interval on byklockan, and the months in which it counts."""

    season_from = MonthField(
        nothing="Hela året",
        label="Säsongens första månad",
        help_text="Utanför säsongen vilar klockan. Säsongen får gå över nyår.",
    )
    season_to = MonthField(nothing="Hela året", label="Säsongens sista månad")

    class Meta:
        model = Place
        fields = (
            "name",
            "kind",
            "visit_within_days",
            "interval_from",
            "season_from",
            "season_to",
        )
        labels = {
            "visit_within_days": "Högst antal dagar mellan synliga besök",
            "interval_from": "Intervallet gäller från och med",
        }
        help_texts = {
            "visit_within_days": "Lämna tomt om ni inte har satt något intervall för platsen.",
            "interval_from": "Dagarna räknas inte före den dagen. Lämna tomt om det alltid har gällt.",
        }
        error_messages = {"name": {"unique": "Det finns redan en plats med det namnet."}}

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.visit_within_days is None:
            self.initial["interval_from"] = today
        self.fields["visit_within_days"].widget.attrs["min"] = 1

    def clean_name(self) -> str:
        """The name, unless another place has it in other capitals."""
        name = self.cleaned_data["name"]
        others = Place.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        # In Python: SQLite takes Å and å for different letters.
        if name.casefold() in {other.casefold() for other in others}:
            raise forms.ValidationError("Det finns redan en plats med det namnet.")
        return name

    def clean_visit_within_days(self) -> int | None:
        days = self.cleaned_data["visit_within_days"]
        if days == 0:
            raise forms.ValidationError("Skriv minst 1 dag, eller lämna tomt.")
        return days

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("visit_within_days") is None:
            cleaned["interval_from"] = None
        first, last = cleaned.get("season_from"), cleaned.get("season_to")
        if first and not last:
            self.add_error("season_to", "Välj också säsongens sista månad.")
        elif last and not first:
            self.add_error("season_from", "Välj också säsongens första månad.")
        return cleaned
