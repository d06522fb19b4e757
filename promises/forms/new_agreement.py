"""Forms for the guided step from one agreement to the next: the draft, and a signature under it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.utils.text import slugify

from promises import limits
from promises.copying import what_comes_along, with_years
from promises.forms.base import PlainSwedish, StaleError, VersionedForm
from promises.forms.documents import AgreementForm, _limit_texts
from promises.forms.joint import Joint, Part, Textarea
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Goal, Member, Party, Promise, Signatory, Undertaking
from promises.new_agreement import SOMEBODY_WAS_FIRST, Line, lay_out, parties_to_choose

NEW_ROWS = 2
NOT_A_PARTY = "{party} är inte part i den nya överenskommelsen. Ändra åtagandet, eller avsluta det."


class DraftForm(VersionedForm):
    """The new agreement's own words, days and parties."""

    class Meta(AgreementForm.Meta):
        fields = tuple(
            name
            for name in AgreementForm.Meta.fields
            if name not in {"group_meetings_per_half_year", "council_meetings_per_half_year"}
        )
        help_texts = AgreementForm.Meta.help_texts | {
            "time_plan": "Orden är den förras. Ändra dagarna, så att de stämmer med tiden ovan.",
        }

    def __init__(self, *args, earlier: Agreement, member: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier
        _limit_texts(self)
        self.fields["parties"].queryset = parties_to_choose(member, earlier)
        self.fields["parties"].label_from_instance = lambda party: party.name
        self.fields["followup_interval_years"].validators += [
            MinValueValidator(1, "Ange mellan 1 och 10 år."),
            MaxValueValidator(10, "Ange mellan 1 och 10 år."),
        ]

    def clean(self) -> dict:
        cleaned = super().clean()
        self.refuse_disorder("valid_from", "valid_to")
        valid_from = cleaned.get("valid_from")
        if valid_from and valid_from <= self.earlier.valid_from:
            first = f"Dagen ska ligga efter första dagen för ”{self.earlier}”."
            self.add_error("valid_from", first)
        return cleaned


class NewPartyForm(PlainSwedish, forms.ModelForm):
    """A party that has not been one before. Left empty it is none."""

    class Meta:
        model = Party
        fields = ("name", "short_name", "kind")
        help_texts = {
            "short_name": "Det som tabeller och formulär säger, till exempel Regionen.",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if Party.objects.filter(key=slugify(name)[:50]).exists():
            raise forms.ValidationError(
                "Den parten finns redan. Kryssa för den ovan, om den visas."
            )
        return name

    def save(self, commit: bool = True) -> Party:
        self.instance.key = slugify(self.instance.name)[:50]
        return super().save(commit)


class LineForm(PlainSwedish, forms.Form):
    """What becomes of one goal or undertaking of the earlier agreement."""

    carried = forms.ChoiceField(
        choices=[
            (Promise.Carried.CONTINUED, "Fortsätt som det är"),
            (Promise.Carried.CHANGED, "Ändra"),
            (Promise.Carried.ENDED, "Avsluta"),
        ],
        widget=forms.RadioSelect,
    )
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
        help_text="Den som läser vad som skiljer överenskommelserna åt ser skälet.",
    )
    noun = "målet"

    def __init__(
        self,
        *args,
        earlier: Goal | Undertaking,
        standing: Goal | Undertaking | None,
        is_drafted: bool,
        **kwargs,
    ) -> None:
        self.earlier, self.standing = earlier, standing
        super().__init__(*args, initial=self._initial(is_drafted), **kwargs)
        self.fields["carried"].label = f"Vad händer med {self.noun}?"
        self.fields["carried"].error_messages["required"] = f"Välj vad som händer med {self.noun}."
        for name in {"wording", "reason", "responsible"} & self.fields.keys():
            self.fields[name].is_plainly_optional = True

    def _initial(self, is_drafted: bool) -> dict[str, object]:
        words = self.standing or self.earlier
        initial = {name: getattr(words, name) for name in self._worded()}
        initial["reason"] = self.earlier.ended_reason
        initial["carried"] = self._carried(is_drafted)
        return initial

    def _carried(self, is_drafted: bool) -> str:
        """What has been chosen: nothing as long as no draft has been saved."""
        if self.standing is None:
            return Promise.Carried.ENDED if is_drafted else ""
        same = all(
            getattr(self.standing, name) == getattr(self.earlier, name) for name in self._worded()
        )
        return Promise.Carried.CONTINUED if same else Promise.Carried.CHANGED

    def _worded(self) -> tuple[str, ...]:
        return tuple(name for name in ("wording", "responsible") if name in self.base_fields)

    def clean(self) -> dict:
        cleaned = super().clean()
        match cleaned.get("carried"):
            case Promise.Carried.CHANGED:
                self._check_new_wording(cleaned)
            case Promise.Carried.ENDED if not cleaned.get("reason") and "reason" in cleaned:
                self.add_error("reason", f"Skriv varför {self.noun} avslutas.")
        return cleaned

    def _check_new_wording(self, cleaned: dict) -> None:
        if not cleaned.get("wording") and "wording" in cleaned:
            self.add_error("wording", f"Skriv hur {self.noun} ska lyda.")
        elif all(cleaned.get(name) == getattr(self.earlier, name) for name in self._worded()):
            self.add_error("wording", "Det här är den förra lydelsen. Ändra den, eller fortsätt.")

    @property
    def reason_to_end(self) -> str:
        """Why it ends; empty when it goes on."""
        is_ended = self.cleaned_data["carried"] == Promise.Carried.ENDED
        return self.cleaned_data["reason"] if is_ended else ""

    def line(self) -> Line | None:
        """What it becomes; None when it ends."""
        said = self.cleaned_data
        if said["carried"] == Promise.Carried.ENDED:
            return None
        words = what_comes_along(self.earlier)
        words.pop("number")
        if said["carried"] == Promise.Carried.CHANGED:
            words |= {name: said[name] for name in self._worded()}
            if "responsible" in said:
                words.pop("responsible_id", None)
        return Line(words=words, earlier=self.earlier, standing=self.standing)


class UndertakingLineForm(LineForm):
    """The same of an undertaking, which another party may take on."""

    responsible = forms.ModelChoiceField(
        Party.objects.none(), label="Ansvarig part", required=False, empty_label="Gemensamt"
    )
    field_order = ("carried", "wording", "responsible", "reason")
    noun = "åtagandet"

    def __init__(self, *args, parties: Iterable[Party], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose_party(self.fields["responsible"], parties)

    @property
    def answers(self) -> Party | None:
        """The party that answers for it, if it goes on and one alone does."""
        carried = self.cleaned_data.get("carried")
        if carried == Promise.Carried.CHANGED:
            return self.cleaned_data.get("responsible")
        return self.earlier.responsible if carried == Promise.Carried.CONTINUED else None


class NewGoalForm(PlainSwedish, forms.ModelForm):
    """A goal that is new with the agreement. Without a wording it is none."""

    class Meta:
        model = Goal
        fields: tuple[str, ...] = ("wording",)
        widgets = {"wording": Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["wording"].required = False
        self.fields["wording"].is_plainly_optional = True
        _limit_texts(self)

    def _post_clean(self) -> None:
        """The row is checked when it has its number; an empty one is no row."""

    def line(self) -> Line | None:
        if not self.cleaned_data["wording"]:
            return None
        return Line(words=dict(self.cleaned_data), standing=self.standing)

    @property
    def standing(self) -> Goal | Undertaking | None:
        return self.instance if self.instance.pk else None


class NewUndertakingForm(NewGoalForm):
    class Meta(NewGoalForm.Meta):
        model = Undertaking
        fields = ("wording", "responsible", "evidence")
        help_texts = {"responsible": ""}

    def __init__(self, *args, parties: Iterable[Party], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        _choose_party(self.fields["responsible"], parties)

    @property
    def answers(self) -> Party | None:
        return self.cleaned_data.get("responsible") if self.cleaned_data.get("wording") else None


def _choose_party(field: forms.ModelChoiceField, parties: Iterable[Party]) -> None:
    """Let the field choose among parties that are read already, once for the whole page."""
    parties = list(parties)
    field.queryset = Party.objects.filter(pk__in=[party.pk for party in parties])
    field.choices = [("", "Gemensamt"), *((party.pk, str(party)) for party in parties)]
    field.is_plainly_optional = True


class NewAgreementForm(Joint):
    """The whole draft: the agreement, a new party, each goal and undertaking, and new ones."""

    def __init__(
        self,
        data: Mapping | None,
        *,
        earlier: Agreement,
        draft: Agreement | None,
        member: Member,
        today: date,
    ) -> None:
        self.earlier, self.draft = earlier, draft
        parties = list(parties_to_choose(member, earlier))
        self.form = DraftForm(
            data,
            earlier=earlier,
            member=member,
            instance=draft or Agreement(predecessor=earlier, is_draft=True),
            initial={} if draft else _suggested(earlier, today),
        )
        self.party = NewPartyForm(data, prefix="part")
        self.goals = self._lines(data, LineForm, Goal, "mal")
        self.undertakings = self._lines(
            data, UndertakingLineForm, Undertaking, "atagande", parties=parties
        )
        self.new_goals = self._added(data, NewGoalForm, "nytt-mal")
        self.new_undertakings = self._added(
            data, NewUndertakingForm, "nytt-atagande", parties=parties
        )
        super().__init__(
            [
                Part("", self.form),
                Part("Ny part", self.party),
                *(Part(str(form.earlier), form) for form in self.goals),
                *(Part(f"Nytt mål {n}", form) for n, form in enumerate(self.new_goals, 1)),
                *(Part(str(form.earlier), form) for form in self.undertakings),
                *(
                    Part(f"Nytt åtagande {n}", form)
                    for n, form in enumerate(self.new_undertakings, 1)
                ),
            ]
        )

    def _lines(
        self, data: Mapping | None, form: type[LineForm], model: type, prefix: str, **kwargs
    ) -> list:
        rows = model.objects.order_by("number")
        if model is Undertaking:
            rows = rows.select_related("responsible")
        standing = {row.predecessor_id: row for row in rows.filter(agreement=self.draft)}
        return [
            form(
                data,
                prefix=f"{prefix}-{row.pk}",
                earlier=row,
                standing=standing.get(row.pk),
                is_drafted=self.draft is not None,
                **kwargs,
            )
            for row in rows.filter(agreement=self.earlier)
        ]

    def _added(self, data: Mapping | None, form: type[NewGoalForm], prefix: str, **kwargs) -> list:
        model = form._meta.model
        added = model.objects.filter(agreement=self.draft, predecessor=None).order_by("number")
        rows = [*(added if self.draft else ()), *(None for _ in range(NEW_ROWS))]
        return [
            form(data, prefix=f"{prefix}-{n}", instance=row, **kwargs)
            for n, row in enumerate(rows, 1)
        ]

    def is_valid(self) -> bool:
        is_valid = super().is_valid()
        if self.form.is_bound:
            self._check_parties()
            self._check_rows()
        return is_valid and not self.errors

    def _check_parties(self) -> None:
        """Two at least, and none less than answer for something."""
        parties = self.form.cleaned_data.get("parties")
        if parties is None:
            return
        if len(parties) + bool(self.party.has_changed()) < 2:
            self.form.add_error("parties", "En överenskommelse har minst två parter.")
        for form in [*self.undertakings, *self.new_undertakings]:
            if form.answers and form.answers not in parties:
                name = "carried" if "carried" in form.fields else "responsible"
                form.add_error(name, NOT_A_PARTY.format(party=form.answers))

    def _check_rows(self) -> None:
        for noun, forms_of in (
            ("mål", [*self.goals, *self.new_goals]),
            ("åtagande", [*self.undertakings, *self.new_undertakings]),
        ):
            if all(form.is_valid() for form in forms_of) and not any(f.line() for f in forms_of):
                self.form.add_error(None, f"En överenskommelse behöver minst ett {noun}.")

    def save_or_explain(self) -> Agreement | None:
        """Save the draft, or put the reason on the forms and return None."""
        if not self.is_valid():
            return None
        try:
            return self._save()
        except StaleError:
            self.form._show_conflict()
        except ValidationError as refused:
            self.form.add_error(None, refused)
        return None

    @transaction.atomic
    def _save(self) -> Agreement:
        earlier = Agreement.objects.select_for_update().get(pk=self.earlier.pk)
        if self.draft is None:
            self._begin(earlier)
        draft = self.form.save()
        if self.party.has_changed():
            draft.parties.add(self.party.save())
        for model, carried, added in (
            (Goal, self.goals, self.new_goals),
            (Undertaking, self.undertakings, self.new_undertakings),
        ):
            lines = [line for form in [*carried, *added] if (line := form.line())]
            ended = {form.earlier.pk: reason for form in carried if (reason := form.reason_to_end)}
            lay_out(draft, model, lines, ended)
        return draft

    def _begin(self, earlier: Agreement) -> None:
        """What of the earlier one the form does not ask for comes along."""
        if hasattr(earlier, "successor"):
            raise ValidationError(SOMEBODY_WAS_FIRST)
        draft = self.form.instance
        for name, value in what_comes_along(earlier).items():
            if name not in self.form.fields:
                setattr(draft, name, value)
        draft.key = _free_key(with_years(earlier.key, draft.valid_from, draft.valid_to))


def _free_key(key: str) -> str:
    """The key, with a number after it when another agreement has it."""
    taken = set(Agreement.objects.filter(key__startswith=key).values_list("key", flat=True))
    keys = [key, *(f"{key}-{n}" for n in range(2, len(taken) + 3))]
    return next(one for one in keys if one not in taken)


def _suggested(earlier: Agreement, today: date) -> dict[str, object]:
    """For as many years as the one before it, from the day after it, in the same words; if that
    has passed, from the next new year.
    """
    valid_from = earlier.valid_to + timedelta(days=1)
    if valid_from < today:
        valid_from = date(today.year + 1, 1, 1)
    years = max(earlier.valid_to.year - earlier.valid_from.year, 0)
    valid_to = date(valid_from.year + years, 12, 31)
    same = {name: getattr(earlier, name) for name in DraftForm.Meta.fields if name != "parties"}
    return same | {
        "title": with_years(earlier.title, valid_from, valid_to),
        "valid_from": valid_from,
        "valid_to": valid_to,
        "registry_number": "",
        "parties": [party.pk for party in earlier.parties.all()],
    }


class AgreementSignForm(PlainSwedish, forms.ModelForm):
    """A party's signature."""

    class Meta:
        model = Signatory
        fields = ("name", "title", "signed_on")

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["signed_on"].required = True

    def _get_validation_exclusions(self) -> set[str]:
        """The document is the view's to give."""
        return super()._get_validation_exclusions() | {"agreement", "period", "number", "party"}

    def _post_clean(self) -> None:
        """The row is checked when it has its document."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)

    def clean_signed_on(self) -> date:
        day = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError("En underskrift kan inte ges en dag som inte har kommit.")
        return day
