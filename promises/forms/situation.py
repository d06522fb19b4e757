"""Forms for the lägesbild, the åtgärdsplan, and the goals a promise is to contribute to."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from promises.forms.base import NOT_A_CHOICE, PlainSwedish, VersionedForm, use_plain_swedish
from promises.handbook import hint
from promises.integrity import no_personal_numbers
from promises.models import (
    ActionPlan,
    Cause,
    Goal,
    Member,
    Problem,
    Promise,
    PromisePeriod,
    SituationPicture,
    Source,
)

EMPTY_CAUSES = 3
NOT_YET = "Datumet ligger i framtiden. Skriv det när beslutet är fattat."
LINKED_MEANWHILE = (
    "Någon annan ändrade valen medan du hade sidan öppen. Se vad som står nu och kryssa i igen."
)


class DraftForm(VersionedForm):
    """A form over part of a draft: says so on the form when the draft is adopted meanwhile."""

    def save_or_explain(self) -> models.Model | None:
        try:
            return super().save_or_explain()
        except ValidationError as refused:
            self.add_error(None, refused)
            return None


class PictureForm(DraftForm):
    """The date of the lägesbild and the parts the law asks for (lag 2023:196 4 §)."""

    class Meta:
        model = SituationPicture
        fields = ("dated_on", "extent", "consequences", "other_information", "analysis")
        help_texts = {
            "dated_on": "Den dag lägesbilden beskriver.",
            "extent": hint(
                "Vilken brottslighet som finns, var, när och hur mycket.",
                "lägesbildens delar",
                "lagesbild",
                "delar",
            ),
            "consequences": "Vad brottsligheten leder till för invånare, näringsliv och kommun.",
            "other_information": "Annat av betydelse: otrygghet, ordningsstörningar, vad som är på väg.",
            "analysis": "Varför det ser ut så, vad som väger tyngst och vad som går att påverka.",
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 6})
            for name in ("extent", "consequences", "other_information", "analysis")
        }


class StrikeForm(DraftForm):
    """A form over a row of a draft, which can be struck out of it and taken back again."""

    is_struck = forms.BooleanField(required=False)
    strike_label = ""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["is_struck"].label = self.strike_label
            self.fields["is_struck"].initial = self.instance.withdrawn_at is not None
            self.fields[
                "is_struck"
            ].help_text = (
                "Raden hör då inte längre till lägesbilden, men finns kvar och kan tas tillbaka."
            )
        else:
            del self.fields["is_struck"]

    def save(self, commit: bool = True) -> models.Model:
        self.instance.withdrawn_at = _struck_at(
            self.instance.withdrawn_at, self.cleaned_data.get("is_struck", False)
        )
        return super().save(commit)


def _struck_at(earlier, is_struck: bool):
    return (earlier or timezone.now()) if is_struck else None


class SourceForm(StrikeForm):
    """An underlag: where it comes from, its date, and what it says in short."""

    strike_label = "Stryk underlaget"

    class Meta:
        model = Source
        fields = ("kind", "title", "dated_on", "summary")
        help_texts = {
            "title": "Till exempel ”Medborgardialog i Risbäck”.",
            "summary": (
                "Vad underlaget säger och var det finns. Inget som är hemligt, och inget om vad "
                "enskilda personer har svarat."
            ),
        }
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}


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


class AdoptForm(DraftForm):
    """Adopt the lägesbild: who decided, when, and under which diarienummer.

    Refused, with each thing named, as long as something that the law asks for is lacking.
    """

    adopting_body = forms.CharField(
        label="Antagen av",
        max_length=150,
        help_text="Till exempel kommunstyrelsen.",
        validators=[no_personal_numbers],
    )
    adopted_on = forms.DateField(label="Antagen den")
    registry_number = forms.CharField(
        label="Diarienummer", max_length=60, validators=[no_personal_numbers]
    )

    class Meta:
        model = SituationPicture
        fields = ()

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_adopted_on(self) -> date:
        day = self.cleaned_data["adopted_on"]
        if day > self.today:
            raise forms.ValidationError(NOT_YET)
        if day < self.instance.dated_on:
            raise forms.ValidationError("Lägesbilden kan inte ha antagits före sitt eget datum.")
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        self._refuse_incomplete()
        return cleaned

    def _refuse_incomplete(self) -> None:
        if lacks := self.instance.lacks():
            raise forms.ValidationError([f"Lägesbilden saknar {lack}." for lack in lacks])

    @transaction.atomic
    def save(self, commit: bool = True) -> SituationPicture:
        for name in ("adopting_body", "adopted_on", "registry_number"):
            setattr(self.instance, name, self.cleaned_data[name])
        picture = super().save(commit)
        # Once more, now that nobody else can strike anything.
        self._refuse_incomplete()
        return picture


class ActionPlanForm(VersionedForm):
    """The decision that the åtgärdsplan rests on (lag 2023:196 5 §)."""

    class Meta:
        model = ActionPlan
        fields = ("picture", "period", "decided_on", "deciding_body", "registry_number", "note")
        help_texts = {
            "picture": "Den antagna lägesbild som planen grundas på.",
            "period": "Åtgärderna är aktiviteterna under periodens löften.",
            "deciding_body": "Till exempel kommunstyrelsen.",
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, member: Member, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["picture"].queryset = SituationPicture.objects.visible_to(member).adopted()
        self.fields["period"].queryset = PromisePeriod.objects.filter(
            agreement__in=self.fields["picture"].queryset.values("agreement")
        )

    def clean_decided_on(self) -> date:
        day = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(NOT_YET)
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        picture, period = cleaned.get("picture"), cleaned.get("period")
        if picture and period and picture.agreement_id != period.agreement_id:
            self.add_error("period", "Löftesperioden hör till en annan överenskommelse.")
        decided_on = cleaned.get("decided_on")
        if picture and decided_on and decided_on < picture.adopted_on:
            self.add_error("decided_on", "Planen kan inte ha beslutats innan lägesbilden antogs.")
        return cleaned


class GoalChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, goal: Goal) -> str:
        return f"{goal}: {goal.wording}"


class PromiseLinksForm(PlainSwedish, forms.ModelForm):
    """The promise's neighbours in the röda tråden: the problems it answers, and its goals.

    The problems are those of the picture that applies, also when it has been adopted: a promise
    made afterwards may answer what was found before.
    """

    problems = forms.ModelMultipleChoiceField(
        label="Problem i lägesbilden som löftet svarar mot",
        queryset=Problem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    opened_at = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Promise
        fields = ("goals",)
        field_classes = {"goals": GoalChoices}
        widgets = {"goals": forms.CheckboxSelectMultiple}

    field_order = ("problems", "goals")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.instance.period.agreement
        picture = agreement.pictures.current()
        self.fields["goals"].queryset = agreement.goals.all()
        self.fields["goals"].required = True
        self.fields["goals"].error_messages["required"] = "Välj minst ett mål."
        if picture is None:
            del self.fields["problems"]
        else:
            self.fields["problems"].queryset = picture.problems.standing()
            self.fields["problems"].initial = self._linked_problems()
        self.fields["opened_at"].initial = self._stored()

    def _linked_problems(self) -> list[Problem]:
        return list(self.instance.problems.filter(pk__in=self.fields["problems"].queryset))

    def _stored(self) -> str:
        """The links that stand now, to notice if somebody else changes them meanwhile."""
        goals = [f"m{goal.pk}" for goal in self.instance.goals.order_by("number")]
        if "problems" in self.fields:
            goals += sorted(f"p{problem.pk}" for problem in self._linked_problems())
        return " ".join(goals)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("opened_at") != self._stored() and not self.errors:
            self.add_error(None, LINKED_MEANWHILE)
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Promise:
        promise = super().save(commit)
        chosen = self.cleaned_data.get("problems", [])
        for problem in self.fields["problems"].queryset if "problems" in self.fields else ():
            # Through the problem, whose history keeps its links.
            if problem in chosen:
                problem.promises.add(promise)
            else:
                problem.promises.remove(promise)
        return promise
