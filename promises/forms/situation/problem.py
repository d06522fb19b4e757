"""A problem in the lägesbild, with its causes."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from promises.forms.base import NOT_A_CHOICE, use_plain_swedish
from promises.forms.situation.draft import StrikeForm
from promises.integrity import no_personal_numbers
from promises.models import Cause, Problem, Promise, SituationPicture

EMPTY_CAUSES = 3


class PromiseChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, promise: Promise) -> str:
        period = promise.period
        return f"{promise} ({period.starts_on:%Y}–{period.ends_on:%Y})"


class ProblemForm(StrikeForm):
    """A problem with its causes, its sources, and the promises that answer it."""

    strike_label = "Stryk problemet"

    class Meta:
        model = Problem
        fields = ("title", "priority", "extent", "consequences", "sources", "promises")
        field_classes = {"promises": PromiseChoices}
        help_texts = {
            "title": "Kort och konkret, till exempel ”Bedrägerier mot äldre”.",
            "extent": "Hur ofta, var och när.",
            "consequences": "Vad det leder till.",
        }
        widgets = {
            "priority": forms.RadioSelect,
            "extent": forms.Textarea(attrs={"rows": 3}),
            "consequences": forms.Textarea(attrs={"rows": 3}),
            "sources": forms.CheckboxSelectMultiple,
            "promises": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        picture = self.instance.picture
        self.fields["priority"].choices = Problem.Priority.choices
        self.fields["sources"].queryset = picture.sources.standing()
        self.fields["promises"].queryset = self._promises_to_choose_from(picture, today)
        for name in ("sources", "promises"):
            self.fields[name].error_messages["invalid_pk_value"] = NOT_A_CHOICE
        self.causes = self._causes_to_show()
        self.cause_names: list[str] = []
        for cause in self.causes:
            self._add_cause(f"cause_{cause.pk}", cause)
        for number in range(1, EMPTY_CAUSES + 1):
            self._add_cause(f"new_cause_{number}", None)

    def _promises_to_choose_from(
        self, picture: SituationPicture, today: date
    ) -> models.QuerySet[Promise]:
        """Those of the current löftesperiod and the coming ones, and what is linked already."""
        current = picture.agreement.periods.current(today)
        coming = Q(period__starts_on__gte=current.starts_on) if current else Q()
        linked = Q(pk__in=self.instance.promises.all()) if self.instance.pk else Q(pk__in=[])
        return (
            Promise.objects.filter(coming | linked, period__agreement=picture.agreement)
            .select_related("period")
            .order_by("period__starts_on", "number")
        )

    def _causes_to_show(self) -> list[Cause]:
        """Those that stand. One that somebody added while the form was open is left as it is."""
        causes = self.instance.causes.standing() if self.instance.pk else []
        return [c for c in causes if not self.is_bound or f"cause_{c.pk}" in self.data]

    def _add_cause(self, name: str, cause: Cause | None) -> None:
        number = len(self.cause_names) + 1
        self.cause_names.append(name)
        wording = forms.CharField(
            label=f"Orsak {number}",
            max_length=300,
            required=False,
            validators=[no_personal_numbers],
        )
        kind = forms.ChoiceField(
            label=f"Slag av orsak {number}", choices=[("", ""), *Cause.Kind.choices], required=False
        )
        for field in (wording, kind):
            use_plain_swedish(field)
            field.is_plainly_optional = True
        self.fields[name], self.fields[f"{name}_kind"] = wording, kind
        if cause is not None:
            wording.initial, kind.initial = cause.wording, cause.kind
            self.fields[f"{name}_struck"] = forms.BooleanField(
                label=f"Stryk orsak {number}", required=False
            )

    @property
    def cause_rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The fields of each cause: wording, kind and, for those that stand, strike."""
        endings = ("", "_kind", "_struck")
        return [
            tuple(self[name + end] for end in endings if name + end in self.fields)
            for name in self.cause_names
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        for name in self.cause_names:
            self._clean_cause(name, cleaned)
        return cleaned

    def _clean_cause(self, name: str, cleaned: dict) -> None:
        wording, kind = cleaned.get(name), cleaned.get(f"{name}_kind")
        is_standing = f"{name}_struck" in self.fields
        if cleaned.get(f"{name}_struck") or self.has_error(name):
            return
        if not wording and (kind or is_standing):
            text = "Skriv orsaken, eller stryk den." if is_standing else "Skriv orsaken."
            self.add_error(name, text)
        elif wording and not kind and not self.has_error(f"{name}_kind"):
            self.add_error(f"{name}_kind", "Välj om orsaken är situationell eller social.")

    def stored_values(self, stored: Problem) -> dict[str, object]:
        wordings = dict(stored.causes.standing().values_list("pk", "wording"))
        return super().stored_values(stored) | {
            f"cause_{cause.pk}": wordings.get(cause.pk, "") for cause in self.causes
        }

    @transaction.atomic
    def save(self, commit: bool = True) -> Problem:
        problem = super().save(commit)
        for cause in self.causes:
            self._save_cause(f"cause_{cause.pk}", cause)
        for name in self.cause_names[len(self.causes) :]:
            if self.cleaned_data[name]:
                self._save_cause(name, Cause(problem=problem))
        return problem

    def _save_cause(self, name: str, cause: Cause) -> None:
        before = (cause.wording, cause.kind, cause.withdrawn_at)
        if self.cleaned_data.get(f"{name}_struck"):
            cause.withdrawn_at = timezone.now()
        else:
            cause.wording = self.cleaned_data[name]
            cause.kind = self.cleaned_data[f"{name}_kind"]
        if before != (cause.wording, cause.kind, cause.withdrawn_at):
            cause.save()
