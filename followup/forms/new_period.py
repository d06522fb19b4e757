"""Forms for the guided step from one löftesperiod to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from followup.log.planned import not_carried_out
from promises import limits
from promises.carry_over import Choice, NewPromise, carry_over
from promises.copying import with_years
from promises.forms.base import PlainSwedish
from promises.forms.joint import Joint, Part, Textarea
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import (
    Agreement,
    Goal,
    Member,
    Party,
    PlannedOccasion,
    Promise,
    PromisePeriod,
)

NEW_ROWS = 2
SAME = "same"


class PeriodForm(PlainSwedish, forms.ModelForm):
    """The new period itself."""

    class Meta:
        model = PromisePeriod
        fields = ("title", "starts_on", "ends_on", "letterhead", "introduction", "basis")
        widgets = {
            "introduction": Textarea(attrs={"rows": 4}),
            "basis": Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "basis": "Vad löftena bygger på nu: medborgardialoger, lägesbild och annat.",
        }

    def __init__(self, *args, earlier: PromisePeriod, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        for name in ("introduction", "basis"):
            self.fields[name].validators.append(text_of_at_most(limits.NARRATIVE))

    def clean(self) -> dict:
        cleaned = super().clean()
        self.refuse_disorder("starts_on", "ends_on")
        starts_on = cleaned.get("starts_on")
        if starts_on and starts_on <= self.earlier.starts_on:
            self.add_error(
                "starts_on", "Den nya löftesperioden ska börja efter att den förra började."
            )
        return cleaned


class UnderForm(PlainSwedish, forms.Form):
    """Which agreement the new period stands under: the same, or the one that follows it."""

    under = forms.ChoiceField(label="Överenskommelse", widget=forms.RadioSelect)

    def __init__(self, *args, agreement: Agreement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(SAME, f"Samma överenskommelse: {agreement.title}")]
        if successor := agreement.replaced_by:
            choices.append((str(successor.pk), f"Den som följer på den: {successor.title}"))
        self.fields["under"].choices = choices


class ChoiceForm(PlainSwedish, forms.Form):
    """What becomes of one promise."""

    carried = forms.ChoiceField(
        label="Vad händer med löftet?",
        choices=[
            (Promise.Carried.CONTINUED, "Fortsätt som det är"),
            (Promise.Carried.CHANGED, "Ändra"),
            (Promise.Carried.ENDED, "Avsluta"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Välj vad som händer med löftet."},
    )
    topic = forms.CharField(label="Ny kort rubrik", max_length=80, required=False)
    wording = forms.CharField(
        label="Ny lydelse",
        required=False,
        widget=Textarea(attrs={"rows": 3}),
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    reason = forms.CharField(
        label="Skäl",
        max_length=500,
        required=False,
        help_text="Behövs om löftet avslutas. Den som läser om det förra löftet ser skälet.",
    )

    def __init__(self, *args, promise: Promise, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.promise = promise
        # Labels that say when they are needed, rather than "(frivilligt)" on all three.
        for name in ("topic", "wording", "reason"):
            self.fields[name].is_plainly_optional = True

    def clean(self) -> dict:
        cleaned = super().clean()
        match cleaned.get("carried"):
            case Promise.Carried.CHANGED:
                self._check_new_wording(cleaned)
            case Promise.Carried.ENDED if not cleaned.get("reason") and "reason" in cleaned:
                self.add_error("reason", "Skriv varför löftet avslutas.")
        return cleaned

    def _check_new_wording(self, cleaned: dict) -> None:
        for name, sentence in (
            ("topic", "Skriv en kort rubrik."),
            ("wording", "Skriv hur löftet ska lyda."),
        ):
            if not cleaned.get(name) and name in cleaned:
                self.add_error(name, sentence)
        same = (self.promise.topic, self.promise.wording)
        if (cleaned.get("topic"), cleaned.get("wording")) == same:
            self.add_error("wording", "Det här är den förra lydelsen. Ändra den, eller fortsätt.")

    def choice(self) -> Choice:
        said = self.cleaned_data
        is_changed = said["carried"] == Promise.Carried.CHANGED
        is_continued = said["carried"] == Promise.Carried.CONTINUED
        return Choice(
            promise=self.promise,
            carried=Promise.Carried(said["carried"]),
            topic=said["topic"] if is_changed else "",
            wording=said["wording"] if is_changed else "",
            reason="" if is_continued else said["reason"],
        )


class NewPromiseForm(PlainSwedish, forms.ModelForm):
    """A promise that is new with the period. An empty one is none."""

    class Meta:
        model = Promise
        fields = ("topic", "wording", "responsible", "goals")
        widgets = {
            "wording": Textarea(attrs={"rows": 3}),
            "responsible": forms.CheckboxSelectMultiple,
            "goals": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, parties: Iterable[Party], goals: Iterable[Goal], **kwargs) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.fields["responsible"].queryset = Party.objects.filter(pk__in=[p.pk for p in parties])
        self.fields["responsible"].choices = [(party.pk, party.name) for party in parties]
        self.fields["goals"].queryset = Goal.objects.filter(pk__in=[goal.pk for goal in goals])
        self.fields["goals"].choices = [(goal.pk, f"{goal}: {goal.wording}") for goal in goals]
        self.fields["wording"].validators.append(text_of_at_most(limits.NARRATIVE))


class AlongForm(PlainSwedish, forms.Form):
    with_activities = forms.BooleanField(
        label="Ta med aktiviteterna som nya, planerade aktiviteter", required=False
    )


class NewPeriodForm(Joint):
    """The whole step: the period, its agreement, each promise, new promises, the activities."""

    def __init__(
        self,
        data: Mapping | None,
        *,
        earlier: PromisePeriod,
        promises: Iterable[Promise],
        proposals: Mapping[int, str],
        member: Member,
        today: date,
    ) -> None:
        self.member = member
        self.earlier, agreement = earlier, earlier.agreement
        parties, goals = list(agreement.parties.all()), list(agreement.goals.all())
        self.period = PeriodForm(data, earlier=earlier, initial=_suggested(earlier, today))
        self.under = UnderForm(
            data, prefix="overenskommelse", agreement=agreement, initial={"under": SAME}
        )
        self.choices = [
            ChoiceForm(
                data,
                prefix=f"lofte-{promise.pk}",
                promise=promise,
                initial={
                    "carried": proposals.get(promise.pk, ""),
                    "topic": promise.topic,
                    "wording": promise.wording,
                },
            )
            for promise in promises
        ]
        self.added = [
            NewPromiseForm(data, prefix=f"nytt-{n}", parties=parties, goals=goals)
            for n in range(1, NEW_ROWS + 1)
        ]
        self.along = AlongForm(data, prefix="med", initial={"with_activities": True})
        super().__init__(
            [
                Part("", self.period),
                Part("", self.under),
                *(Part(f"Löfte {form.promise.number}", form) for form in self.choices),
                *(Part(f"Nytt löfte {n}", form) for n, form in enumerate(self.added, start=1)),
                Part("", self.along),
            ]
        )

    def save_or_explain(self) -> PromisePeriod | None:
        """Carry over, or put the reason on the forms and return None."""
        if not self.is_valid():
            return None
        under = self.under.cleaned_data["under"]
        new = self.period.instance
        new.agreement = self.earlier.agreement
        if under != SAME:
            new.agreement = self.earlier.agreement.successor
        try:
            return carry_over(
                self.earlier,
                new=new,
                choices=[form.choice() for form in self.choices],
                added=[_added(form) for form in self.added if form.has_changed()],
                with_activities=self.along.cleaned_data["with_activities"],
                waiting=not_carried_out(PlannedOccasion.objects.all()),
                by=self.member,
            )
        except ValidationError as refused:
            self._explain(refused)
            return None

    def _explain(self, refused: ValidationError) -> None:
        """Put what was refused beside its field."""
        for name, errors in getattr(refused, "error_dict", {NON_FIELD_ERRORS: [refused]}).items():
            self.period.add_error(name if name in self.period.fields else None, errors)


def _added(form: NewPromiseForm) -> NewPromise:
    said = form.cleaned_data
    return NewPromise(
        topic=said["topic"],
        wording=said["wording"],
        responsible=said["responsible"],
        goals=said["goals"],
    )


def _suggested(earlier: PromisePeriod, today: date) -> dict[str, object]:
    """As long as the one before it, right after it; if that has passed, from the next new year."""
    starts_on = earlier.ends_on + timedelta(days=1)
    if starts_on < today:
        starts_on = date(today.year + 1, 1, 1)
    length = relativedelta(earlier.ends_on + timedelta(days=1), earlier.starts_on)
    ends_on = starts_on + length - timedelta(days=1)
    return {
        "title": with_years(earlier.title, starts_on, ends_on),
        "letterhead": earlier.letterhead,
        "introduction": earlier.introduction,
        "basis": earlier.basis,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
