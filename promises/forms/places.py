"""The form for a place: what it is called, and how often it is to be visited."""

from __future__ import annotations

from django import forms

from promises.forms.base import VersionedForm
from promises.models import Place
from promises.models.activity import MONTH_NAMES

MONTHS = [("", "Hela året"), *((n, name) for n, name in enumerate(MONTH_NAMES, start=1))]


class PlaceForm(VersionedForm):
    """Set a place's interval on byklockan, and the months in which it counts."""

    class Meta:
        model = Place
        fields = ("name", "kind", "visit_within_days", "season_from", "season_to")
        labels = {"visit_within_days": "Högst antal dagar mellan synliga besök"}
        help_texts = {
            "visit_within_days": "Lämna tomt om ni inte har satt något intervall för platsen.",
            "season_from": "Utanför säsongen vilar klockan. Säsongen får gå över nyår.",
        }
        error_messages = {"name": {"unique": "Det finns redan en plats med det namnet."}}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit_within_days"].widget.attrs["min"] = 1
        for name in ("season_from", "season_to"):
            field = self.fields[name]
            self.fields[name] = forms.TypedChoiceField(
                choices=MONTHS,
                coerce=int,
                empty_value=None,
                required=False,
                label=field.label.capitalize(),
                help_text=field.help_text,
            )

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
        first, last = cleaned.get("season_from"), cleaned.get("season_to")
        if first and not last:
            self.add_error("season_to", "Välj också säsongens sista månad.")
        elif last and not first:
            self.add_error("season_from", "Välj också säsongens första månad.")
        return cleaned
