"""The form that moves an occasion to another activity."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator
from django.db import transaction

from followup.models import Occasion
from followup.swedish import in_a_row
from promises.forms.base import LIKELY_YEAR, VersionedForm
from promises.known import KnownBy
from promises.models import Activity, Member
from promises.models.activity import ActivityQuerySet

NOT_THAT_DAY = "Aktiviteten gäller inte den dagen. Välj bland dem som gör det."


class MoveForm(VersionedForm):
    """Move an occasion to the activity it was done for, one in force on its day.

    What was counted comes along where the other activity counts the same. What it does not count
    is withdrawn, and told of.
    """

    class Meta:
        model = Occasion
        fields = ("date", "activity")
        labels = {"activity": "Flytta till"}
        help_texts = {"date": "Dagen avgör vilka aktiviteter som finns att välja."}

    def __init__(self, *args, member: Member, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.left = member, []
        self.moved_from = self.instance.activity
        self.fields["date"].validators += [
            LIKELY_YEAR,
            MaxValueValidator(today, "Datumet ligger i framtiden."),
        ]
        offered = self._in_force_on(self._day())
        field = self.fields["activity"]
        field.queryset, field.choices = offered, _by_what_they_answer_to(offered)
        field.error_messages["invalid_choice"] = NOT_THAT_DAY
        likely = self.moved_from.in_its_place(self._day())
        self.initial["activity"] = likely.pk if likely in offered else None

    def _day(self) -> date:
        """The day that is typed, or asked for; the occasion's own where there is none."""
        typed = self.data.get(self.add_prefix("date")) or self.initial.get("date")
        try:
            return self.fields["date"].to_python(typed) or self.instance.date
        except forms.ValidationError:
            return self.instance.date

    def _in_force_on(self, day: date) -> ActivityQuerySet:
        return (
            Activity.objects.visible_to(self.member)
            .loggable()
            .in_force(day)
            .filter(agreement__parties=self.instance.party_id)
            .exclude(pk=self.moved_from.pk)
            .select_related("promise__period", "undertaking")
            .order_by(
                "promise__period__starts_on", "promise__number", "undertaking__number", "title"
            )
        )

    def clean(self) -> dict:
        """A day that is typed is the day, or the first of as many as there were."""
        cleaned = super().clean()
        day, last = cleaned.get("date"), self.instance.last_date
        if day and last and "date" in self.changed_data:
            lasted = self.instance.known_by == KnownBy.DAYS and last > day
            self.instance.last_date = last if lasted else None
            self.instance.known_by = KnownBy.DAYS if lasted else KnownBy.DAY
        return cleaned

    @property
    def moved_in_words(self) -> str:
        sentence = (
            f"Flyttat till ”{self.instance.activity}” under {_under(self.instance.activity)}."
        )
        if self.left:
            sentence += f" {in_a_row(self.left)} räknas inte där, så det följde inte med."
        return sentence

    @transaction.atomic
    def save(self, commit: bool = True) -> Occasion:
        self.instance._change_reason = (
            f"Flyttat från ”{self.moved_from}”, {_under(self.moved_from)}"
        )
        self._settle_plan()
        occasion = super().save(commit)
        self._move_readings(occasion)
        return occasion

    def _settle_plan(self) -> None:
        """The planned day goes along to the one that took over, and waits again if it is another's."""
        planned, activity = self.instance.planned, self.instance.activity
        if planned is None or planned.activity == activity:
            return
        if planned.activity.in_its_place(self.instance.date) == activity:
            planned.activity = activity
            planned.version += 1
            planned.save()
        else:
            self.instance.planned = None

    def _move_readings(self, occasion: Occasion) -> None:
        counted = {(one.name, one.rule): one for one in occasion.activity.metrics.all()}
        for reading in occasion.readings.standing().select_related("metric"):
            if metric := counted.get((reading.metric.name, reading.metric.rule)):
                reading.metric, reading.date = metric, occasion.date
                reading.save()
            else:
                self.left.append(reading.metric.name)
                reading.withdraw(
                    by=self.member, reason=f"Tillfället flyttades till ”{occasion.activity}”"[:500]
                )


def _under(activity: Activity) -> str:
    """Such as "löfte 3, Medborgarlöfte 2023–2024"."""
    if activity.promise:
        return f"löfte {activity.promise.number}, {activity.promise.period}"
    return f"åtagande {activity.undertaking.number}"


def _by_what_they_answer_to(activities: ActivityQuerySet) -> list:
    """The choices, under the promise or undertaking that each answers to."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for activity in activities:
        under = str(activity.answers_to)
        if activity.promise:
            under += f" ({activity.promise.period})"
        groups.setdefault(under, []).append((activity.pk, activity.title))
    return [("", "Välj"), *groups.items()]
