"""Forms for the prognosis: one set by hand, and taken back."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from followup.models import Forecast
from followup.numbers.targets import WindowForecast
from promises.forms.base import PlainSwedish
from promises.handbook import hint
from promises.models import Member

SOMEBODY_WAS_FIRST = (
    "{by} har just satt prognosen {value} för samma tid, med motiveringen ”{rationale}”. Din är "
    "inte sparad men står kvar här. Spara igen om den ska gälla i stället."
)
TAKEN_BACK = (
    "Prognosen som din skulle ersätta har just tagits tillbaka. Din är inte sparad men står kvar "
    "här. Spara igen om den ska gälla."
)
REPLACED = "Ersatt av en ny prognos"


class ForecastForm(PlainSwedish, forms.ModelForm):
    """Set a prognosis for the running window of an activity's target, with the reason for it.

    One at a time stands for a window: a new one withdraws the former. Which one that is travels
    with the form, so that nobody's is replaced by somebody who has not seen it.
    """

    value = forms.ChoiceField(label="Er prognos", choices=Forecast.Value, widget=forms.RadioSelect)
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Forecast
        fields = ("value", "rationale")
        help_texts = {
            "rationale": hint(
                "Vad vet ni som siffrorna inte visar? Till exempel: båda kontrollerna är bemannade.",
                "er egen prognos",
                "niva-och-prognos",
                "egen",
            )
        }
        widgets = {"rationale": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, forecast: WindowForecast, member: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.activity = forecast.activity
        self.instance.window_starts_on = forecast.span.starts_on
        self.instance.window_ends_on = forecast.span.ends_on
        self.instance.made_by = self.member = member
        self.fields["replaces"].initial = forecast.override and forecast.override.pk

    def save_or_explain(self) -> Forecast | None:
        """Save, or put the reason on the form and return None."""
        if not self.is_valid():
            return None
        try:
            return self.save()
        except (IntegrityError, ValidationError):
            self._explain()
            return None

    @transaction.atomic
    def save(self, commit: bool = True) -> Forecast:
        """Withdraw the former and save this one.

        Raises ValidationError or IntegrityError when somebody else was first.
        """
        former = self._standing()
        if (former and former.pk) != self.cleaned_data["replaces"]:
            raise ValidationError("Another stands than the one that was shown.")
        if former:
            former.withdraw(by=self.member, reason=REPLACED)
        return super().save(commit)

    def _standing(self) -> Forecast | None:
        return (
            Forecast.objects.standing()
            .filter(
                activity=self.instance.activity,
                window_starts_on=self.instance.window_starts_on,
                window_ends_on=self.instance.window_ends_on,
            )
            .select_related("made_by")
            .first()
        )

    def _explain(self) -> None:
        """Say who was first, and let the form be sent again with that one in mind."""
        self.instance.pk = None
        self.instance._state.adding = True
        first = self._standing()
        if first:
            self.add_error(
                None,
                SOMEBODY_WAS_FIRST.format(
                    by=first.made_by.name,
                    value=first.get_value_display(),
                    rationale=first.rationale,
                ),
            )
        else:
            self.add_error(None, TAKEN_BACK)
        self.data = self.data.copy()
        self.data[self.add_prefix("replaces")] = str(first.pk) if first else ""
