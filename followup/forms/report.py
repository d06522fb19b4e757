"""Forms for the reports: which days one covers, and that it has been handed over."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format

from followup.models import Report
from followup.reports.kinds import ReportKind
from followup.reports.periods import default_span, spans_for
from followup.time.spans import Span
from promises.forms.base import PlainSwedish
from promises.models import Agreement

OWN_DAYS = "egna"


class PeriodForm(PlainSwedish, forms.Form):
    """The days a report covers and its cut-off. It stands in the address; what is missing there
    is as when nobody has chosen.
    """

    period = forms.ChoiceField(label="Tid")
    fran = forms.DateField(label="Från och med", required=False)
    till = forms.DateField(label="Till och med", required=False)
    brytdatum = forms.DateField(
        label="Brytdatum", help_text="Det som har loggats senare räknas inte med."
    )

    def __init__(self, asked: dict, kind: ReportKind, agreement: Agreement, today: date) -> None:
        self.kind, self.agreement, self.today = kind, agreement, today
        self.spans = {one.key: one for one in spans_for(kind.kind, agreement, today)}
        chosen = default_span(kind.kind, [*self.spans.values()], agreement, today)
        given = {name: value for name, value in asked.items() if value}
        # An address such as /rapporter/arsrapport/?ar=2024 is easy to write by hand.
        if year := given.get("ar"):
            given.setdefault("period", f"ar-{year}")
        super().__init__({"period": chosen, "brytdatum": today.isoformat()} | given)
        choices = [(key, one.label) for key, one in self.spans.items()]
        if kind.kind is Report.Kind.ANNUAL:
            self.fields["period"].label = "År"
            del self.fields["fran"], self.fields["till"]
        else:
            choices.append((OWN_DAYS, "Egna datum"))
            self.fields["fran"].help_text = "Fyll i datumen om du har valt egna datum."
        self.fields["period"].choices = choices
        for field in self.fields.values():
            field.is_plainly_optional = True

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("period") == OWN_DAYS:
            self._check_own_days(cleaned)
        if (cutoff := cleaned.get("brytdatum")) and cutoff > self.today:
            self.add_error("brytdatum", "Brytdatumet kan inte ligga i framtiden.")
        elif cutoff and not self.errors and cutoff < self.span.starts_on:
            self.add_error("brytdatum", "Brytdatumet ska inte ligga före tidens första dag.")
        return cleaned

    def _check_own_days(self, cleaned: dict) -> None:
        earliest = min(one.span.starts_on for one in self.spans.values())
        latest = max(one.span.ends_on for one in self.spans.values())
        for name in ("fran", "till"):
            if name in self.errors:
                continue
            if not cleaned.get(name):
                self.add_error(name, "Skriv ett datum.")
            elif not earliest <= cleaned[name] <= latest:
                bounds = f"{date_format(earliest)} och {date_format(latest)}"
                self.add_error(name, f"Välj en dag mellan {bounds}.")
        if not self.errors and cleaned["till"] < cleaned["fran"]:
            self.add_error("till", "Slutdatumet ska inte ligga före startdatumet.")

    @property
    def span(self) -> Span:
        if self.cleaned_data["period"] == OWN_DAYS:
            return Span(self.cleaned_data["fran"], self.cleaned_data["till"])
        return self.spans[self.cleaned_data["period"]].span

    @property
    def span_label(self) -> str:
        """What the span is called; empty when its days are its only name."""
        named = self.spans.get(self.cleaned_data["period"])
        return named.label if named else ""

    @property
    def address(self) -> dict[str, str]:
        """All that was chosen, for links to the same report on another day."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value
        }


class Checksum(forms.CharField):
    """A checksum is no text that people write: the integrity guard leaves its digits alone."""

    widget = forms.HiddenInput


class HandOverForm(PlainSwedish, forms.ModelForm):
    """To whom a report was handed over, and when. Bound to what stood in it (`contents_sha256`)."""

    contents_sha256 = Checksum(required=False)

    class Meta:
        model = Report
        fields = ("body", "reported_on", "registry_number")
        labels = {"body": "Till vem?", "reported_on": "Vilken dag?"}

    def __init__(self, *args, today: date, shown: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.fields["contents_sha256"].initial = shown
        self.fields["reported_on"].validators += [
            MaxValueValidator(today, "Dagen har inte varit än. Anteckna rapporten efteråt."),
            MinValueValidator(
                self.instance.starts_on, "Dagen ligger före den tid som rapporten handlar om."
            ),
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and cleaned["contents_sha256"] != self.shown:
            self.data = self.data.copy()
            self.data[self.add_prefix("contents_sha256")] = self.shown
            raise forms.ValidationError(
                "Loggen har ändrats sedan du öppnade sidan, så rapporten säger något annat nu. "
                "Öppna PDF:en igen, och spara om den stämmer med den som lämnades."
            )
        return cleaned
