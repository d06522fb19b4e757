"""What all the portal's forms share: Swedish errors, the integrity guard, and no save over another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from promises.forms.elements import written
from promises.history import EMPTY, in_words, shown
from promises.integrity import doubts, refusal

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
NOTHING = {("", ""), *models.BLANK_CHOICE_DASH}  # which says nothing of what it means
LIKELY_YEAR = MinValueValidator(date(2000, 1, 1), "Kontrollera årtalet.")
DOUBT = "may_point_somebody_out"  # the code of an error that a confirmation lifts
STALE = (
    "{who} sparade medan du skrev, så inget har sparats från dig. Jämför nedan. Det du har "
    "skrivit står kvar i formuläret: för över det du vill behålla, och spara igen."
)


class Renderer(TemplatesSetting):
    """One template renders every form, one every field: templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict, request: HttpRequest | None = None) -> str:
        html = written(template_name, context)
        return super().render(template_name, context, request) if html is None else html


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

    def refuse_disorder(
        self,
        first: str,
        last: str,
        sentence: str = "Sista dagen ska inte ligga före första dagen.",
    ) -> None:
        """Say the sentence at the last of two days when it lies before the first."""
        start, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if start and end and end < start:
            self.add_error(last, sentence)


def use_plain_swedish(field: forms.Field) -> None:
    """Give a field the portal's own error messages and input types."""
    _say(field, "required", REQUIRED)
    if isinstance(field, forms.DateField):
        _say(field, "invalid", NOT_A_DATE)
        field.widget = DateInput(field.widget.attrs)
    elif isinstance(field, forms.DecimalField):
        _say(field, "invalid", NOT_A_NUMBER)
    elif isinstance(field, forms.IntegerField):
        _say(field, "invalid", NOT_A_WHOLE_NUMBER)
        field.widget.attrs["inputmode"] = "numeric"
    elif isinstance(field, forms.ModelChoiceField):
        _say(field, "invalid_choice", NOT_A_CHOICE)
        if field.empty_label:
            field.empty_label = _empty_label(field)
    elif isinstance(field, forms.ChoiceField):
        _say(field, "invalid_choice", NOT_A_CHOICE)
        field.choices = [
            (value, _empty_label(field) if (value, label) in NOTHING else label)
            for value, label in field.choices
        ]
    for validator in field.validators:
        kind = validator.__class__
        if kind in OUT_OF_BOUNDS and validator.message == kind.message:
            validator.message = OUT_OF_BOUNDS[kind]


def _say(field: forms.Field, code: str, sentence: str) -> None:
    """Say the sentence in the place of Django's own; what the form itself says stands."""
    stated = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    if field.error_messages[code] == next(said[code] for said in stated if code in said):
        field.error_messages[code] = sentence


def _empty_label(field: forms.Field) -> str:
    return "Välj" if field.required else "Inget valt"


@dataclass(frozen=True)
class Clash:
    """A field in which the stored text and the one just typed differ."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else's save beside one's own, field by field; `address` shows what is stored."""

    clashes: tuple[Clash, ...]
    address: str


class VersionedForm(PlainSwedish, forms.ModelForm):
    """A form that never overwrites what somebody else saved while it was open.

    The version the form was opened at travels with it and is compared in the UPDATE itself,
    so that of two simultaneous saves exactly one wins. The other comes back with both texts
    beside each other (`conflict`) and everything that was typed still in its fields. Sent once
    more it is saved: its writer has seen what it replaces.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    conflict: Conflict | None = None

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
            self._show_conflict()
            return None

    def stored_values(self, stored: models.Model) -> dict[str, object]:
        """What is stored, by field. Forms with fields that are not the model's own add theirs."""
        model = stored._meta
        shown_fields = {bound.name for bound in self.visible_fields()}
        plain = [field.name for field in model.concrete_fields if field.name in shown_fields]
        linked = [field.name for field in model.many_to_many if field.name in shown_fields]
        return {name: getattr(stored, name) for name in plain} | {
            name: list(getattr(stored, name).all()) for name in linked
        }

    def _show_conflict(self) -> None:
        stored = type(self.instance)._default_manager.get(pk=self.instance.pk)
        theirs = self.stored_values(stored)
        pairs = {
            name: (self._read(name, theirs[name]), self._read(name, self.cleaned_data.get(name)))
            for name in theirs
        }
        self.conflict = Conflict(
            tuple(
                Clash(self.fields[name].label, before, after)
                for name, (before, after) in pairs.items()
                if before != after
            ),
            stored.get_absolute_url() if hasattr(stored, "get_absolute_url") else "",
        )
        latest = stored.history.select_related("history_user").first()
        who = latest.history_user.name if latest and latest.history_user else "Någon annan"
        self.add_error(None, STALE.format(who=who))
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = stored.version

    def _read(self, name: str, value: object) -> str:
        """A value of one of the form's fields as it is read beside the other."""
        if isinstance(value, models.Model):
            return str(value)
        if isinstance(value, models.QuerySet | list):
            return ", ".join(sorted(map(str, value))) or EMPTY
        try:
            return shown(self._meta.model._meta.get_field(name), value)
        except FieldDoesNotExist:
            return in_words(value)


class StaleError(Exception):
    """Somebody else saved the object after this form was opened."""
