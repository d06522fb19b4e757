"""Forms for the plan, and what all the portal's forms share."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.forms.renderers import TemplatesSetting

from promises.integrity import doubts, refusal
from promises.models import Activity, Agreement, Member, Party, Place, Promise, Undertaking
from promises.models.activity import MONTH_NAMES

REQUIRED = "Fyll i det här."
NOT_A_DATE = "Det finns inget sådant datum. Skriv det som 2024-03-15."
NOT_A_NUMBER = "Skriv ett tal, till exempel 12,5."
NOT_A_WHOLE_NUMBER = "Skriv ett heltal, till exempel 90."
NOT_A_CHOICE = "Välj något av alternativen i listan."
OUT_OF_BOUNDS = {
    MinValueValidator: "Talet kan inte vara mindre än %(limit_value)s.",
    MaxValueValidator: "Talet är för stort. Högst %(limit_value)s godtas.",
    MaxLengthValidator: "Texten är för lång: %(show_value)d tecken. Högst %(limit_value)d får plats.",
}
DOUBT = "may_point_somebody_out"  # the code of an error that a confirmation lifts
STALE = (
    "Någon annan hann spara medan du skrev, så inget har sparats från dig. Det du har skrivit "
    "står kvar här. Öppna sidan i en ny flik, se vad som har ändrats och för över det du vill ha."
)


class Renderer(TemplatesSetting):
    """One template renders every form, one every field: templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Confirmation(forms.Form):
    """What goes to and fro with a form while something in it is doubtful."""

    confirmed = forms.BooleanField(
        label="Jag har kontrollerat att texten inte pekar ut någon", required=False
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def covers(self, digests: set[str]) -> bool:
        """Whether the box is ticked, and each of the doubts was shown with it."""
        if not self.is_valid():
            return False
        return self.cleaned_data["confirmed"] and digests <= {*self.cleaned_data["shown"].split()}


class GuardedText:
    """Mixin for forms: the integrity guard over everything that is written in running text.

    A personal number is refused. What may point somebody out holds the form back until the
    writer has looked at it, ticked the box and sent the form again. That goes for what was shown
    with the box, whose digests come back with it, and for no word that was added afterwards.
    A text that stands as it stood when the form was opened is not asked about.
    """

    confirmation: Confirmation | None = None  # there as long as something is doubtful

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self._refuse_personal_numbers()
            self._ask_about_doubts()

    @property
    def only_asks(self) -> bool:
        """Whether the confirmation is all that is lacking."""
        errors = [error for errors in self.errors.as_data().values() for error in errors]
        return bool(errors) and all(error.code == DOUBT for error in errors)

    def _written(self) -> dict[str, str]:
        """The texts that are not faulty for another reason, by field."""
        return {
            name: text
            for name, field in self.fields.items()
            if is_free_text(field) and (text := self.cleaned_data.get(name))
        }

    def _refuse_personal_numbers(self) -> None:
        # Fields of a model have their validator; this is for those that only the form has.
        for name, text in self._written().items():
            if reason := refusal(text):
                self.add_error(name, f"Texten {reason}")

    def _ask_about_doubts(self) -> None:
        asked = {
            name: found
            for name, text in self._written().items()
            if name in self.changed_data and (found := doubts(text))
        }
        if not asked:
            return
        digests = {doubt.digest for found in asked.values() for doubt in found}
        sent = Confirmation(self.data, prefix=self.add_prefix("integrity"))
        is_confirmed = sent.covers(digests)
        self.confirmation = Confirmation(
            initial={"confirmed": is_confirmed, "shown": " ".join(sorted(digests))},
            prefix=sent.prefix,
            label_suffix="",
        )
        if not is_confirmed:
            for name, found in asked.items():
                for sentence in dict.fromkeys(f"”{one.hint}” {one.kind.value}." for one in found):
                    self.add_error(name, forms.ValidationError(sentence, DOUBT))


def is_free_text(field: forms.Field) -> bool:
    """Whether people write what they like in the field, and others read it."""
    is_secret = isinstance(field.widget, forms.PasswordInput)
    return type(field) in {forms.CharField, forms.SlugField} and not is_secret


class PlainSwedish(GuardedText):
    """Mixin for forms: says what is wrong in the portal's own words, where Django's are clumsy."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        for field in self.fields.values():
            use_plain_swedish(field)


def use_plain_swedish(field: forms.Field) -> None:
    """Give a field the portal's own error messages and input types."""
    field.error_messages["required"] = REQUIRED
    if isinstance(field, forms.DateField):
        field.error_messages["invalid"] = NOT_A_DATE
        field.widget = DateInput(field.widget.attrs)
    elif isinstance(field, forms.DecimalField):
        field.error_messages["invalid"] = NOT_A_NUMBER
    elif isinstance(field, forms.IntegerField):
        field.error_messages["invalid"] = NOT_A_WHOLE_NUMBER
        field.widget.attrs["inputmode"] = "numeric"
    elif isinstance(field, forms.ModelChoiceField):
        field.error_messages["invalid_choice"] = NOT_A_CHOICE
        if field.empty_label:
            field.empty_label = _empty_label(field)
    elif isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = NOT_A_CHOICE
        field.choices = [
            (value, label if value else _empty_label(field)) for value, label in field.choices
        ]
    for validator in field.validators:
        kind = validator.__class__
        if kind in OUT_OF_BOUNDS and validator.message == kind.message:
            validator.message = OUT_OF_BOUNDS[kind]


def _empty_label(field: forms.Field) -> str:
    return "Välj" if field.required else "Inget valt"


class VersionedForm(PlainSwedish, forms.ModelForm):
    """A form that never overwrites what somebody else saved while it was open.

    The version the form was opened at travels with it and is compared in the UPDATE itself,
    so that of two simultaneous saves exactly one wins. The other gets an error and keeps
    everything that was typed.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    @transaction.atomic
    def save(self, commit: bool = True) -> models.Model:
        """Save the next version. Raises StaleError when somebody else was first."""
        if self.instance.pk:
            opened_at = self.cleaned_data["version"]
            claimed = (
                type(self.instance)
                ._default_manager.filter(pk=self.instance.pk, version=opened_at)
                .update(version=F("version") + 1)
            )
            if not claimed:
                raise StaleError
            self.instance.version = opened_at + 1
        return super().save(commit)

    def save_or_explain(self) -> models.Model | None:
        """Save, or put the reason on the form and return None."""
        if not self.is_valid():
            return None
        try:
            return self.save()
        except StaleError:
            self.add_error(None, STALE)
            return None


class StaleError(Exception):
    """Somebody else saved the object after this form was opened."""


UNDER_WHAT = {"promise", "undertaking"}


class ActivityForm(VersionedForm):
    """Plan an activity: under what, who, where, when and how often."""

    class Meta:
        model = Activity
        fields = (
            "promise",
            "undertaking",
            "title",
            "kind",
            "description",
            "responsible",
            "responsible_member",
            "place",
            "planned_from",
            "planned_to",
            "target_count",
            "target_per",
            "season_from",
            "season_to",
            "status",
            "cancellation_reason",
        )
        help_texts = {
            "title": "Kort och konkret, till exempel ”Skoterkontroll vid leden mot Borgafjäll”.",
            "kind": "Kontrollköp är inte tillsyn: ett köp får inte ligga till grund för en åtgärd.",
            "target_count": "Åtagandenivån: hur många tillfällen ni siktar på.",
            "cancellation_reason": "Behövs bara om aktiviteten ställs in.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, member: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        agreements = Agreement.objects.visible_to(member)
        self.fields["promise"].queryset = Promise.objects.filter(
            period__agreement__in=agreements
        ).select_related("period")
        self.fields["undertaking"].queryset = Undertaking.objects.filter(agreement__in=agreements)
        parties = Party.objects.filter(agreements__in=agreements).distinct()
        self.fields["responsible"].queryset = parties
        # Somebody who has left stays where they stand, until somebody else is chosen.
        self.fields["responsible_member"].queryset = Member.objects.filter(
            Q(party__in=parties, is_active=True) | Q(pk=self.instance.responsible_member_id)
        )
        self.fields["place"].queryset = Place.objects.all()
        months = [("", "–"), *((n, name) for n, name in enumerate(MONTH_NAMES, start=1))]
        for name in ("season_from", "season_to"):
            self.fields[name] = forms.TypedChoiceField(
                choices=months,
                coerce=int,
                empty_value=None,
                required=False,
                label=self.fields[name].label,
            )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("promise") and cleaned.get("undertaking"):
            self.add_error("undertaking", "Välj antingen ett löfte eller ett åtagande, inte båda.")
        elif not (
            cleaned.get("promise") or cleaned.get("undertaking") or self.errors.keys() & UNDER_WHAT
        ):
            self.add_error("promise", "Välj det löfte eller åtagande som aktiviteten hör till.")
        if cleaned.get("target_per") == Activity.TargetPer.SEASON:
            for name in ("season_from", "season_to"):
                if not cleaned.get(name):
                    self.add_error(name, "En säsong behöver en månad här.")
        else:
            cleaned["season_from"] = cleaned["season_to"] = None
        planned_from, planned_to = cleaned.get("planned_from"), cleaned.get("planned_to")
        if planned_from and planned_to and planned_to < planned_from:
            self.add_error("planned_to", "Planerat slut ska inte ligga före planerad start.")
        if cleaned.get("target_count") and not cleaned.get("target_per"):
            self.add_error("target_per", "Välj vad antalet räknas per.")
        has_count = cleaned.get("target_count") or self.has_error("target_count")
        if cleaned.get("target_per") and not has_count:
            self.add_error("target_count", "Skriv ett antal, minst 1.")
        return cleaned


class QuickActivityForm(PlainSwedish, forms.ModelForm):
    """An activity added on the spot, in the middle of logging: a title and what kind it is."""

    class Meta:
        model = Activity
        fields = ("title", "kind")
        help_texts = {"title": ActivityForm.Meta.help_texts["title"]}
