"""Forms for the plan's days: plan one or a row of them, move one, cancel one, copy a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from dateutil.rrule import MONTHLY, WEEKLY, YEARLY, rrule
from django import forms
from django.db import transaction
from django.db.models import Q, TextChoices
from django.utils.formats import date_format

from promises.forms.base import PlainSwedish, VersionedForm
from promises.models import Activity, Member, PlannedOccasion

AT_MOST = 60
ALREADY_PLANNED = "Det finns redan ett planerat tillfälle då, på samma plats."


class Repeat(TextChoices):
    """How often a planned occasion comes again."""

    NEVER = "", "Ingen upprepning"
    WEEKLY = "weekly", "Varje vecka"
    FORTNIGHTLY = "fortnightly", "Varannan vecka"
    MONTHLY = "monthly", "Varje månad"
    QUARTERLY = "quarterly", "Varje kvartal"
    YEARLY = "yearly", "Varje år"


def repeated(first: date, repeat: Repeat, until: date) -> Iterator[date]:
    """The first day and those after it until the last, both included.

    What is planned for the 29th, 30th or 31st comes on the last day of a shorter month.
    """
    if repeat == Repeat.NEVER:
        yield first
        return
    frequency, interval = {
        Repeat.WEEKLY: (WEEKLY, 1),
        Repeat.FORTNIGHTLY: (WEEKLY, 2),
        Repeat.MONTHLY: (MONTHLY, 1),
        Repeat.QUARTERLY: (MONTHLY, 3),
        Repeat.YEARLY: (YEARLY, 1),
    }[repeat]
    days = {}
    if frequency != WEEKLY and first.day > 28:
        days = {"bymonthday": range(28, first.day + 1), "bysetpos": -1}
        if frequency == YEARLY:
            days["bymonth"] = first.month
    for moment in rrule(frequency, interval=interval, dtstart=first, until=until, **days):
        yield moment.date()


class PlannedOccasionForm(VersionedForm):
    """Plan an occasion of an activity, or move one that is planned."""

    class Meta:
        model = PlannedOccasion
        fields = ("date", "place", "responsible_member", "note")
        help_texts = {
            "note": "Till exempel vad som behöver bokas. Skriv inget om enskilda personer.",
        }

    def __init__(self, *args, activity: Activity, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.activity, self.today = activity, today
        self.instance.activity = activity
        # Somebody who has left stays where they stand, until somebody else is chosen.
        self.fields["responsible_member"].queryset = Member.objects.filter(
            Q(party__in=activity.agreement.parties.all(), is_active=True)
            | Q(pk=self.instance.responsible_member_id)
        ).distinct()
        if not self.instance.pk:
            self.fields["place"].initial = activity.place_id
            person = activity.responsible_member
            self.fields["responsible_member"].initial = person and person.is_active and person.pk

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if "date" not in self.changed_data and self.instance.pk:
            return day
        if self.instance.pk and self.initial["date"] < self.today:
            # To move it would hide that it did not come off.
            raise forms.ValidationError(
                "Dagen har passerat och kan inte flyttas. Ställ in tillfället med ett skäl och "
                "planera ett nytt, så syns det vad som hände."
            )
        if day < self.today:
            raise forms.ValidationError(
                "Dagen har passerat. Blev det av? Logga tillfället i stället."
            )
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        if (day := cleaned.get("date")) and not self.errors:
            self._clean_days(day)
        return cleaned

    def _clean_days(self, first: date) -> None:
        if self._is_planned_already([first]):
            self.add_error("date", ALREADY_PLANNED)

    def _is_planned_already(self, days: list[date]) -> set[date]:
        """Those of the days that the activity is planned for already, at the place."""
        rows = PlannedOccasion.objects.standing().filter(
            activity=self.activity, place=self.cleaned_data.get("place"), date__in=days
        )
        return set(rows.exclude(pk=self.instance.pk).values_list("date", flat=True))


class RepeatedOccasionForm(PlannedOccasionForm):
    """Plan an occasion, and if need be those that follow it at an even pace."""

    repeat = forms.ChoiceField(label="Upprepa", choices=Repeat.choices, required=False)
    until = forms.DateField(
        label="Till och med",
        required=False,
        help_text=f"Sista dagen för upprepningen. Högst {AT_MOST} tillfällen på en gång.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.days: list[date] = []

    def clean(self) -> dict:
        repeat, until = self.cleaned_data.get("repeat"), self.cleaned_data.get("until")
        first = self.cleaned_data.get("date")
        if repeat and not until and not self.has_error("until"):
            self.add_error("until", "Välj till och med vilken dag det ska upprepas.")
        elif until and not repeat and not self.has_error("repeat"):
            self.add_error("repeat", "Välj hur ofta det ska upprepas, eller ta bort slutdagen.")
        elif first and until and until < first:
            self.add_error("until", "Slutdagen ska inte ligga före den första dagen.")
        return super().clean()

    def _clean_days(self, first: date) -> None:
        until = self.cleaned_data.get("until") or first
        days = repeated(first, Repeat(self.cleaned_data["repeat"]), until)
        self.days = list(islice(days, AT_MOST + 1))
        if len(self.days) > AT_MOST:
            self.add_error(
                "until",
                f"Det blir fler än {AT_MOST} tillfällen, och fler planeras inte på en gång. Välj "
                f"en slutdag senast {date_format(self.days[-2])}, eller upprepa mer sällan.",
            )
        elif not self.new_days():
            self.add_error("date", ALREADY_PLANNED)

    def new_days(self) -> list[date]:
        """The days that are not planned already, at the same place."""
        planned = self._is_planned_already(self.days)
        return [day for day in self.days if day not in planned]

    @transaction.atomic
    def save_all(self) -> list[PlannedOccasion]:
        """Plan every day that is not planned already; a form sent twice plans nothing twice."""
        Activity.objects.select_for_update().get(pk=self.activity.pk)
        names = ("activity", "place", "responsible_member", "note")
        fields = {name: getattr(self.instance, name) for name in names}
        return [PlannedOccasion.objects.create(date=day, **fields) for day in self.new_days()]


class CancelPlannedForm(PlainSwedish, forms.Form):
    reason = forms.CharField(
        label="Varför ställs tillfället in?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Till exempel: ingen snö. Tillfället står kvar i planen som inställt.",
    )
