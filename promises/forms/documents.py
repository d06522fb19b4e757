"""Forms for the signed documents: the agreement, and the medborgarlöfte of a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction

from promises import limits
from promises.forms.base import (
    Clash,
    PlainSwedish,
    StaleError,
    VersionedForm,
    use_plain_swedish,
)
from promises.forms.joint import Joint, Part, RowsApart, Textarea
from promises.limits import text_of_at_most
from promises.models import (
    Agreement,
    Appointment,
    Goal,
    Party,
    Promise,
    PromisePeriod,
    Signatory,
    Undertaking,
)

EMPTY_ROWS = 2


def _text_areas(**rows: int) -> dict[str, Textarea]:
    return {name: Textarea(attrs={"rows": height}) for name, height in rows.items()}


def _limit_texts(form: forms.ModelForm) -> None:
    """No text longer than what an agreement file holds."""
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.Textarea):
            field.validators.append(text_of_at_most(limits.NARRATIVE))
        if name == "number":
            field.validators += [MinValueValidator(1), MaxValueValidator(999)]
            field.widget.attrs["min"] = 1
            use_plain_swedish(field)


class SignedForm(VersionedForm):
    """A signed document: what it says is changed only with a reason, which the history keeps."""

    reason = forms.CharField(
        label="Skäl till ändringen",
        max_length=300,
        help_text="Syns i historiken, tillsammans med ditt namn och vad som ändrades.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _limit_texts(self)

    def has_changed(self) -> bool:
        return bool({*self.changed_data} - {"reason", "version"})

    def save(self, commit: bool = True) -> models.Model:
        self.instance._change_reason = self.cleaned_data["reason"]
        return super().save(commit)

    def _among_neighbours(self, name: str) -> None:
        """The document begins after the one before it, and before the one after it."""
        start = self.cleaned_data.get(name)
        earlier, later = self.instance.predecessor, getattr(self.instance, "successor", None)
        if start and earlier and start <= getattr(earlier, name):
            self.add_error(name, f"Dagen ska ligga efter första dagen för ”{earlier}”.")
        if start and later and start >= getattr(later, name):
            self.add_error(name, f"Dagen ska ligga före första dagen för ”{later}”.")


class AgreementForm(SignedForm):
    class Meta:
        model = Agreement
        fields = (
            "title",
            "letterhead",
            "introduction",
            "goals_introduction",
            "foundations",
            "undertakings_introduction",
            "followup_clause",
            "time_plan",
            "parties",
            "valid_from",
            "valid_to",
            "runs_until_further_notice",
            "followup_interval_years",
            "registry_number",
            "group_meetings_per_half_year",
            "council_meetings_per_half_year",
        )
        help_texts = {
            "letterhead": "En rad i brevhuvudet per rad här.",
            "introduction": "En tom rad skiljer stycken åt. En rad som börjar med ”- ” är en punkt.",
        }
        widgets = {
            "parties": forms.CheckboxSelectMultiple,
            **_text_areas(
                letterhead=2,
                introduction=5,
                goals_introduction=2,
                foundations=8,
                undertakings_introduction=2,
                followup_clause=3,
                time_plan=3,
            ),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["followup_interval_years"].validators += [
            MinValueValidator(1, "Ange mellan 1 och 10 år."),
            MaxValueValidator(10, "Ange mellan 1 och 10 år."),
        ]
        for name in ("group_meetings_per_half_year", "council_meetings_per_half_year"):
            self.fields[name].validators += [
                MinValueValidator(1, "Skriv minst 1, eller lämna tomt om inget är bestämt."),
                MaxValueValidator(100, "Högst 100 möten per halvår."),
            ]

        if not Appointment.objects.of_council(self.instance).exists():
            del self.fields["council_meetings_per_half_year"]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.refuse_disorder("valid_from", "valid_to")
        self._among_neighbours("valid_from")
        return cleaned

    def clean_parties(self) -> models.QuerySet[Party]:
        """Two at least, and no party less than have signed or answer for something."""
        parties = self.cleaned_data["parties"]
        if len(parties) < 2:
            raise forms.ValidationError("En överenskommelse har minst två parter.")
        agreement = self.instance
        bound = Party.objects.filter(
            models.Q(signatory__agreement=agreement)
            | models.Q(signatory__period__agreement=agreement)
            | models.Q(undertakings__agreement=agreement)
            | models.Q(promises__period__agreement=agreement)
        ).distinct()
        if missing := [str(party) for party in bound if party not in parties]:
            raise forms.ValidationError(
                f"{' och '.join(missing)} har skrivit under eller ansvarar för något här, och kan "
                "inte tas bort."
            )
        return parties


class PromisePeriodForm(SignedForm):
    class Meta:
        model = PromisePeriod
        fields = ("title", "letterhead", "introduction", "basis", "starts_on", "ends_on")
        widgets = _text_areas(introduction=5, basis=4)

    def clean(self) -> dict:
        cleaned = super().clean()
        self.refuse_disorder("starts_on", "ends_on")
        self._among_neighbours("starts_on")
        same_day = PromisePeriod.objects.filter(
            agreement=self.instance.agreement_id, starts_on=cleaned.get("starts_on")
        ).exclude(pk=self.instance.pk)
        if same_day.exists():
            self.add_error(
                "starts_on", "Överenskommelsen har redan en löftesperiod som börjar den dagen."
            )
        return cleaned


# --- The rows of a document ----------------------------------------------------------------------


class RowForm(PlainSwedish, forms.ModelForm):
    """A row of a signed document. An empty row at the end is no row."""

    stored_values = VersionedForm.stored_values
    _read = VersionedForm._read

    def __init__(self, *args, parties: list[Party], goals: Iterable[Goal] = (), **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _limit_texts(self)
        for name in {"responsible", "party"} & self.fields.keys():
            _choose_among(self.fields[name], parties)
        if "goals" in self.fields:
            _choose_among(self.fields["goals"], goals)

    def has_changed(self) -> bool:
        """An empty row comes with the number that follows, which by itself is nothing written."""
        return bool({*self.changed_data} - (set() if self.instance.pk else {"number"}))


def _choose_among(field: forms.ModelChoiceField, rows: Iterable[models.Model]) -> None:
    """Let the field choose among rows that are read already, once for the whole page."""
    rows = list(rows)
    field.queryset = field.queryset.filter(pk__in=[row.pk for row in rows])
    is_single = not isinstance(field, forms.ModelMultipleChoiceField)
    nothing = [("", "Välj" if field.required else "Gemensamt")] if is_single else []
    field.choices = [*nothing, *((row.pk, _label(row)) for row in rows)]


def _label(row: models.Model) -> str:
    return f"{row}: {row.wording}" if isinstance(row, Goal) else str(row)


class GoalForm(RowForm):
    class Meta:
        model = Goal
        fields = ("number", "wording")
        widgets = _text_areas(wording=2)


class UndertakingForm(RowForm):
    class Meta:
        model = Undertaking
        fields = ("number", "wording", "responsible", "evidence")
        widgets = _text_areas(wording=3)
        help_texts = {"responsible": ""}


class SignatoryForm(RowForm):
    class Meta:
        model = Signatory
        fields = ("number", "name", "title", "party", "signed_on")


class PeriodSignatoryForm(SignatoryForm):
    class Meta(SignatoryForm.Meta):
        help_texts = {"signed_on": "Löftena blir offentliga när varje part har skrivit under."}


class PromiseForm(RowForm):
    class Meta:
        model = Promise
        fields = ("number", "topic", "wording", "responsible", "goals")
        widgets = {
            "responsible": forms.CheckboxSelectMultiple,
            "goals": forms.CheckboxSelectMultiple,
            **_text_areas(wording=3),
        }


def _rows(model: type[models.Model], form: type[RowForm], under: type[models.Model], **kwargs):
    return forms.inlineformset_factory(
        under,
        model,
        form=form,
        formset=RowsApart,
        extra=EMPTY_ROWS,
        can_delete=False,
        max_num=99,
        validate_max=True,
        **kwargs,
    )


class Document(Joint):
    """The form of a signed document with all its rows."""

    form_class: type[SignedForm]
    rows: dict[str, tuple[str, type[forms.BaseInlineFormSet]]]

    def __init__(self, data: dict | None, instance: models.Model, agreement: Agreement) -> None:
        self.form = self.form_class(data, instance=instance)
        parties, goals = list(agreement.parties.all()), list(agreement.goals.all())
        self.lists = {}
        for prefix, (_, rows) in self.rows.items():
            standing = rows.model.objects.filter(**{rows.fk.name: instance}).order_by("number")
            if rows.model is Promise:
                standing = standing.prefetch_related("responsible", "goals")
            following = max((row.number for row in standing), default=0) + 1
            self.lists[prefix] = rows(
                data,
                instance=instance,
                prefix=prefix,
                queryset=standing,
                initial=[{"number": following + n} for n in range(EMPTY_ROWS)],
                form_kwargs={"parties": parties, "goals": goals},
            )
        captions = [caption for caption, _ in self.rows.values()]
        super().__init__([Part("", self.form)], zip(captions, self.lists.values(), strict=True))

    def save_or_explain(self) -> models.Model | None:
        """Save everything, or put the reason on the forms and return None."""
        if not self.is_valid():
            return None
        try:
            return self._save()
        except StaleError:
            self._show_conflict()
            return None

    @transaction.atomic
    def _save(self) -> models.Model:
        document = self.form.save()
        for rows in self.lists.values():
            for row in rows:
                row.instance._change_reason = self.form.cleaned_data["reason"]
            rows.save()
        return document

    def _show_conflict(self) -> None:
        """Put what is stored beside what was typed, in the rows too."""
        self.form._show_conflict()
        conflict = self.form.conflict
        clashes = [clash for part in self.parts[1:] for clash in _clashes(part)]
        self.form.conflict = replace(conflict, clashes=(*conflict.clashes, *clashes))


def _clashes(part: Part) -> Iterable[Clash]:
    row = part.form
    if not row.instance.pk or not row.has_changed():
        return
    stored = row.stored_values(row._meta.model.objects.get(pk=row.instance.pk))
    for name, theirs in stored.items():
        before, after = row._read(name, theirs), row._read(name, row.cleaned_data.get(name))
        if before != after:
            yield Clash(f"{part.caption}, {row.fields[name].label}", before, after)


class AgreementDocument(Document):
    """The agreement with its goals, undertakings and signatures."""

    form_class = AgreementForm
    rows = {
        "goals": ("Mål", _rows(Goal, GoalForm, Agreement)),
        "undertakings": ("Åtagande", _rows(Undertaking, UndertakingForm, Agreement)),
        "signatories": (
            "Underskrift",
            _rows(Signatory, SignatoryForm, Agreement, fk_name="agreement"),
        ),
    }


class PromisePeriodDocument(Document):
    """The medborgarlöfte of a period with its promises and signatures."""

    form_class = PromisePeriodForm
    rows = {
        "promises": ("Löfte", _rows(Promise, PromiseForm, PromisePeriod)),
        "signatories": (
            "Underskrift",
            _rows(Signatory, PeriodSignatoryForm, PromisePeriod, fk_name="period"),
        ),
    }
