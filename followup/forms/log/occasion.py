"""Forms for the log: logging an occasion, changing it, and withdrawing it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from followup.log.choices import same_as
from followup.log.columns import share_heading
from followup.models import Occasion, Reading
from followup.time.spans import Span
from followup.time.terms import term_of
from promises.forms.base import LIKELY_YEAR, VersionedForm, use_plain_swedish
from promises.known import NO_SUCH_TIME, VAGUE, Known, KnownBy, read_when, when_in_words
from promises.models import Activity, Member, Metric, Place, PlannedOccasion

SENT_BEFORE = (
    "Formuläret är redan sparat som ett tillfälle, men då stod det något annat i det. Spara igen "
    "om det här är ett tillfälle till. Vill du ändra det förra? Öppna det i loggen."
)

PLANNED_IS_LOGGED = (
    "Det planerade tillfället är redan loggat av någon annan, så inget har sparats från dig. Det "
    "du har skrivit står kvar. Spara det som ett eget tillfälle om det var ett till."
)
PLANNED_IS_CANCELLED = (
    "Det planerade tillfället är inställt, så inget har sparats. Det du har skrivit står kvar. "
    "Spara det som ett eget tillfälle om det blev av ändå."
)


TO_COME = "Datumet ligger i framtiden. Ett tillfälle loggas när det har genomförts."
ONE_OR_THE_OTHER = "Skriv antingen dagen eller månaden, årstiden eller året. Töm det andra."

ANOTHER_IS_IN_FORCE = "{day} gäller inte den här aktiviteten, utan ”{other}” under {where}."


class PlanTakenError(Exception):
    """The planned occasion is cancelled or logged already; the message says which, in Swedish."""


class CounterField(forms.DecimalField):
    """What was counted: a number from 0, with a decimal comma if need be, or nothing."""

    is_plainly_optional = True  # the heading above the counters says so once

    def __init__(self, label: str, heading: str) -> None:
        """`heading` is the counter's column in the log's spreadsheet, for the browser's outbox."""
        super().__init__(
            label=label,
            min_value=0,
            max_digits=12,
            decimal_places=2,
            required=False,
            localize=True,
            widget=forms.TextInput(
                attrs={
                    "inputmode": "decimal",
                    "class": "short",
                    "data-step": "1",
                    "data-heading": heading,
                }
            ),
        )
        use_plain_swedish(self)


class OccasionForm(VersionedForm):
    """Log one occasion of an activity, with a field for each of the activity's counters.

    A counter left empty stays unknown (ingen uppgift); 0 is written as 0. With `planned` the
    form is filled in from the plan, and the occasion is tied to it. With `like` it says what that
    occasion did, but for what is counted anew; `here` is a place for an activity without its own.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    about = forms.CharField(
        label="Månad, årstid eller år",
        max_length=40,
        required=False,
        help_text=(
            "Till exempel maj 2023, hösten 2023, vintern 2023–2024 eller 2023. Då gäller inte "
            "datumet ovanför."
        ),
    )
    new_place = forms.CharField(
        label="Annan plats",
        max_length=100,
        required=False,
        help_text="Fyll i om platsen saknas i listan. Den läggs till.",
    )

    class Meta:
        model = Occasion
        fields = (
            "date",
            "last_date",
            "about",
            "place",
            "new_place",
            "party",
            "done",
            "outcome",
            "minutes",
            "participants",
            "internal_note",
            "public_sentence",
            "is_published",
        )
        labels = {
            "last_date": "Sista dagen, om det var flera",
            "done": "Vad gjordes?",
            "outcome": "Vad gav det?",
            "is_published": "Visa meningen på den öppna sidan",
        }
        help_texts = {
            "party": "Den som genomförde tillfället.",
            "done": "Skriv inget om enskilda personer: inga namn, personnummer eller registreringsnummer.",
            "participants": "Lämna tomt om ingen vet. Skriv 0 om ingen kom.",
            "minutes": "Partens sammanlagda arbetstid. Två personer i två timmar är 240.",
            "internal_note": "Stannar i samverkansgruppen.",
            "public_sentence": "En mening på klarspråk. Nämn inga butiker eller personer och inget om kommande kontroller.",
        }
        widgets = {
            "done": forms.Textarea(attrs={"rows": 3}),
            "outcome": forms.Textarea(attrs={"rows": 2}),
            "internal_note": forms.Textarea(attrs={"rows": 2}),
            "public_sentence": forms.Textarea(attrs={"rows": 2}),
            "minutes": forms.NumberInput(attrs={"data-step": "30"}),
            "participants": forms.NumberInput(attrs={"data-step": "1"}),
        }

    def __init__(
        self,
        *args,
        activity: Activity,
        member: Member,
        today: date,
        planned: PlannedOccasion | None = None,
        here: int | None = None,
        like: Occasion | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.activity, self.member, self.today = activity, member, today
        self.planned, self.is_plan_taken = planned, False
        self.in_force_instead: Activity | None = None
        self.metrics = list(activity.metrics.all())
        for name in ("date", "last_date"):
            self.fields[name].validators += [LIKELY_YEAR, MaxValueValidator(today, TO_COME)]
        for name in ("last_date", "about"):
            self.fields[name].is_plainly_optional = True  # what they stand under says so
        self.fields["date"].required = not self.data.get(self.add_prefix("about"), "").strip()
        self.fields[
            "date"
        ].is_plainly_optional = True  # the other field says that it takes its place
        self.fields["party"].queryset = activity.agreement.parties.all()
        readings = {}
        if self.instance.pk:
            readings = _readings_of(self.instance)
            self.initial |= _time_shown(self.instance)
        else:
            self.fields["client_id"].initial = self.instance.client_id
            self.initial |= self._likely(here) | (same_as(like) if like else {})
        for metric in self.metrics:
            self._add_counter(metric, readings.get(metric.pk))

    def _likely(self, here: int | None) -> dict[str, object]:
        """When, where and by whom, before anybody has said so."""
        planned, activity = self.planned, self.activity
        return {
            "date": min(planned.date, self.today) if planned else self.today,
            "place": planned.place_id if planned else activity.place_id or here,
            "party": self.member.party_id or activity.responsible_id,
        }

    def _add_counter(self, metric: Metric, reading: Reading | None) -> None:
        name = f"metric_{metric.pk}"
        unit = f" ({metric.unit})" if metric.unit else ""
        self.fields[name] = CounterField(f"{metric.name}{unit}", metric.name)
        self.fields[name].initial = reading and reading.value
        if metric.rule == Metric.Rule.SHARE:
            self.fields[f"{name}_of"] = CounterField(
                f"{metric.name}: av hur många?", share_heading(metric.name)
            )
            self.fields[f"{name}_of"].initial = reading and reading.out_of

    @property
    def has_more(self) -> bool:
        """Whether something stands, or is wrong, among what seldom has to be filled in."""
        more = ("party", "new_place", "outcome", "internal_note", "public_sentence", "is_published")
        return bool(self.instance.pk) or any(self[name].errors for name in more)

    @property
    def is_not_one_day(self) -> bool:
        """Whether something stands, or is wrong, among what is not the ordinary one day."""
        rare = [self[name] for name in ("last_date", "about")]
        return any(one.value() or one.errors for one in rare)

    @property
    def counters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("metric_")]

    def stored_values(self, stored: Occasion) -> dict[str, object]:
        """What is stored, with the counters, and without the place that is only typed in."""
        values = {"new_place": ""} | super().stored_values(stored)
        values["about"] = _time_shown(stored)["about"]
        readings = _readings_of(stored)
        for metric in self.metrics:
            reading = readings.get(metric.pk)
            values[f"metric_{metric.pk}"] = reading and reading.value
            if metric.rule == Metric.Rule.SHARE:
                values[f"metric_{metric.pk}_of"] = reading and reading.out_of
        return values

    def clean(self) -> dict:
        cleaned = super().clean()
        self._clean_time(cleaned)
        if cleaned.get("date") and (
            not self.instance.pk or {"date", "about"} & {*self.changed_data}
        ):
            self._clean_in_force(cleaned["date"])
        for metric in self.metrics:
            if metric.rule == Metric.Rule.SHARE:
                self._clean_share(f"metric_{metric.pk}", cleaned)
        if not self.instance.pk:
            self._clean_sent_again()
        return cleaned

    def _clean_time(self, cleaned: dict) -> None:
        """The time as far as it is known: a day, several, or any day of a month, season or year."""
        day, last = cleaned.get("date"), cleaned.get("last_date")
        if cleaned.get("about"):
            self._clean_about(cleaned)
        elif day and last and last < day:
            self.add_error("last_date", "Sista dagen ska vara efter den första.")
        elif day:
            several = last is not None and last > day
            cleaned["last_date"] = last if several else None
            self.instance.known_by = KnownBy.DAYS if several else KnownBy.DAY

    def _clean_about(self, cleaned: dict) -> None:
        # The day of a new occasion was there before anybody wrote anything.
        if cleaned.get("last_date") or (self.instance.pk and cleaned.get("date")):
            self.add_error("about", ONE_OR_THE_OTHER)
        elif self.instance.pk and "about" not in self.changed_data:
            cleaned |= {"date": self.instance.date, "last_date": self.instance.last_date}
        elif not (known := read_when(cleaned["about"])) or known.known_by not in VAGUE:
            self.add_error("about", NO_SUCH_TIME)
        elif known.date > self.today:
            self.add_error("about", TO_COME)
        elif known.date < LIKELY_YEAR.limit_value:
            self.add_error("about", LIKELY_YEAR.message)
        else:
            self._take_days_of(known, cleaned)

    def _take_days_of(self, known: Known, cleaned: dict) -> None:
        """Any of its days on which the activity was in force; any at all when it never was then."""
        whole = Span(known.date, known.last_date or known.date)
        in_force = whole.overlap(term_of(self.activity))
        may_be = in_force if in_force.days and in_force.starts_on <= self.today else whole
        cleaned |= {"date": may_be.starts_on, "last_date": may_be.ends_on}
        self.instance.known_by = known.known_by

    def _clean_in_force(self, day: date) -> None:
        """Refuse a day on which another activity has this one's place.

        Where none has, people went on after their löftesperiod had run out: that is logged.
        """
        if Activity.objects.filter(pk=self.activity.pk).in_force(day).exists():
            return
        if other := self.activity.in_its_place(day):
            self.in_force_instead = other
            where = other.promise.period if other.promise else other.agreement
            sentence = ANOTHER_IS_IN_FORCE.format(day=date_format(day), other=other, where=where)
            self.add_error("about" if self.cleaned_data.get("about") else "date", sentence)

    def _clean_share(self, name: str, cleaned: dict) -> None:
        part, whole = cleaned.get(name), cleaned.get(f"{name}_of")
        if part is not None and whole is None and not self.has_error(f"{name}_of"):
            self.add_error(f"{name}_of", "Skriv också av hur många.")
        elif whole is not None and part is None and not self.has_error(name):
            self.add_error(name, "Skriv också hur många av dem.")
        elif part is not None and whole is not None and part > whole:
            self.add_error(name, "Kan inte vara fler än det hela.")

    def _clean_sent_again(self) -> None:
        """Refuse, once, a form that was sent before and now says something else.

        It comes by the browser's back button. To return the old occasion would drop the new one
        in silence, so it asks, and gets an identity of its own for when it is sent again.
        """
        if (sent := self._sent_before()) and self._says_something_else_than(sent):
            self.add_error(None, SENT_BEFORE)
            self.data = self.data.copy()
            self.data[self.add_prefix("client_id")] = str(uuid4())

    def _sent_before(self) -> Occasion | None:
        """The occasion that this very form has given already."""
        client_id = self.cleaned_data.get("client_id")
        return client_id and Occasion.objects.filter(client_id=client_id).first()

    def _says_something_else_than(self, sent: Occasion) -> bool:
        as_change = OccasionForm(
            self.data, instance=sent, activity=self.activity, member=self.member, today=self.today
        )
        changed = set(as_change.changed_data) - {"client_id", "version"}
        if self.cleaned_data.get("about"):
            changed.discard("date")
        if sent.place and _is_same_name(sent.place.name, self.cleaned_data.get("new_place", "")):
            changed -= {"place", "new_place"}
        return bool(changed)

    def save_or_explain(self) -> Occasion | None:
        """Save, or put the reason on the form and return None."""
        try:
            return super().save_or_explain()
        except PlanTakenError as taken:
            self.is_plan_taken = True
            self.add_error(None, str(taken))
            return None

    def save(self, commit: bool = True) -> Occasion:
        """Save the occasion with its readings.

        Sending the same form twice (a double tap, a poor network) gives the same occasion.
        """
        if self.instance.pk:
            return self._save_with_readings(commit)
        try:
            return self._sent_before() or self._save_with_readings(commit)
        except IntegrityError:
            # The other of two at the same moment was a hair before.
            if sent := self._sent_before():
                return sent
            raise

    @transaction.atomic
    def _save_with_readings(self, commit: bool) -> Occasion:
        if not self.instance.pk:
            self.instance.client_id = self.cleaned_data.get("client_id") or self.instance.client_id
            self.instance.activity, self.instance.member = self.activity, self.member
            if self.planned:
                self._claim_plan()
        if name := self.cleaned_data.get("new_place"):
            self.instance.place = _place_named(name)
        occasion = super().save(commit)
        for metric in self.metrics:
            self._save_reading(occasion, metric)
        return occasion

    def _claim_plan(self) -> None:
        """Tie the occasion to the planned one, unless it is cancelled or logged already.

        Its row is locked meanwhile: of two who log it, or log and cancel it, one is first.
        """
        planned = PlannedOccasion.objects.select_for_update().get(pk=self.planned.pk)
        if planned.occasions.carried_out().exists():
            raise PlanTakenError(PLANNED_IS_LOGGED)
        if planned.is_cancelled:
            raise PlanTakenError(PLANNED_IS_CANCELLED)
        self.instance.planned = planned

    def _save_reading(self, occasion: Occasion, metric: Metric) -> None:
        value = self.cleaned_data[f"metric_{metric.pk}"]
        if value is None:
            self._withdraw_reading(occasion, metric)
            return
        out_of: Decimal | None = self.cleaned_data.get(f"metric_{metric.pk}_of")
        Reading.objects.update_or_create(
            metric=metric,
            occasion=occasion,
            defaults={
                "date": occasion.date,
                "value": value,
                "out_of": out_of,
                "withdrawn_at": None,
                "withdrawn_by": None,
                "withdrawal_reason": "",
            },
        )

    def _withdraw_reading(self, occasion: Occasion, metric: Metric) -> None:
        """Ingen uppgift where there was a figure; the history keeps what it was."""
        if reading := occasion.readings.standing().filter(metric=metric).first():
            reading.withdrawn_at = timezone.now()
            reading.save()


def _time_shown(occasion: Occasion) -> dict[str, object]:
    """When it was, in the form's fields: days as days, what is not known by them in words."""
    if occasion.known_by in VAGUE:
        return {"date": None, "last_date": None, "about": when_in_words(occasion)}
    return {"date": occasion.date, "last_date": occasion.last_date, "about": ""}


def _readings_of(occasion: Occasion) -> dict[int, Reading]:
    """The readings that count, by the key of their metric."""
    return {reading.metric_id: reading for reading in occasion.readings.standing()}


def _place_named(name: str) -> Place:
    """The place with the name in whatever case it was typed, or a new one."""
    # In Python: SQLite takes Å and å for different letters.
    known = (place for place in Place.objects.all() if _is_same_name(place.name, name))
    return next(known, None) or Place.objects.get_or_create(name=name)[0]


def _is_same_name(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
