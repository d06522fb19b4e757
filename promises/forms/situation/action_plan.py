"""What the lägesbild leads to: the åtgärdsplan, and what each promise answers to."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator
from django.db import transaction

from promises.forms.base import PlainSwedish, VersionedForm
from promises.forms.situation.draft import NOT_YET
from promises.models import (
    ActionPlan,
    Goal,
    Member,
    Problem,
    Promise,
    PromisePeriod,
    SituationPicture,
)

LINKED_MEANWHILE = (
    "Någon annan ändrade valen medan du hade sidan öppen. Se vad som står nu och kryssa i igen."
)


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
        self.fields["decided_on"].validators.append(MaxValueValidator(today, NOT_YET))
        self.fields["picture"].queryset = SituationPicture.objects.visible_to(member).adopted()
        self.fields["period"].queryset = PromisePeriod.objects.filter(
            agreement__in=self.fields["picture"].queryset.values("agreement")
        )

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
        error_messages = {"goals": {"required": "Välj minst ett mål."}}
        widgets = {"goals": forms.CheckboxSelectMultiple}

    field_order = ("problems", "goals")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        agreement = self.instance.period.agreement
        picture = agreement.pictures.current()
        self.fields["goals"].queryset = agreement.goals.all()
        self.fields["goals"].required = True
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
