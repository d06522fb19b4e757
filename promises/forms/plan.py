"""Forms for the plan."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from promises.forms.base import PlainSwedish, VersionedForm
from promises.forms.places import MonthField
from promises.handbook import hint
from promises.models import (
    Activity,
    Agreement,
    Member,
    Party,
    Promise,
    PromisePeriod,
    Undertaking,
)
from promises.models.activity import TARGET_FIELDS, WITHOUT_COUNT

UNDER_WHAT = {"promise", "undertaking"}
SEASON = (
    "Bara för en åtagandenivå per säsong. Den kan gå över nyår, till exempel november till april."
)


def group_by_period(field: forms.ModelChoiceField) -> None:
    """Let promises be chosen under their löftesperiod, where there are several: two have the same
    number and name when one has taken over from the other.
    """
    groups: dict[str, list[tuple[int, str]]] = {}
    for promise in field.queryset.select_related("period").order_by("-period__starts_on", "number"):
        groups.setdefault(promise.period.title, []).append((promise.pk, str(promise)))
    listed = (
        groups.items() if len(groups) > 1 else [row for rows in groups.values() for row in rows]
    )
    field.widget.choices = [("", field.empty_label), *listed]


class ActivityForm(VersionedForm):
    """Plan an activity: under what, who, where, when and how often.

    A new one is in force from today, if nothing else is said; one that is cancelled is in force
    to today. When its target is changed, what was promised before `target_from` is kept.
    """

    target_from = forms.DateField(
        label="Ny åtagandenivå gäller från och med",
        required=False,
        help_text=(
            "Bara om du ändrar nivån. Till dess gäller den gamla. Lämna tomt för att rätta en "
            "nivå som har varit fel hela tiden."
        ),
    )
    season_from = MonthField(nothing="–", label="Säsongens första månad", help_text=SEASON)
    season_to = MonthField(nothing="–", label="Säsongens sista månad")

    class Meta:
        model = Activity
        fields = (
            "promise",
            "undertaking",
            "title",
            "kind",
            "description",
            "responsible",
            "responsible_member",
            "place",
            "planned_from",
            "planned_to",
            "in_force_from",
            "in_force_to",
            "target_count",
            "target_per",
            "season_from",
            "season_to",
            "status",
            "cancellation_reason",
        )
        help_texts = {
            "title": "Kort och konkret, till exempel ”Skoterkontroll vid leden mot Borgafjäll”.",
            "kind": "Kontrollköp är inte tillsyn: ett köp får inte ligga till grund för en åtgärd.",
            "promise": "Välj ett löfte eller ett åtagande, inte båda.",
            "planned_from": "När den börjar. Enskilda dagar planerar du sedan på aktivitetens sida.",
            "target_count": hint(
                "Åtagandenivån: hur många tillfällen ni siktar på, till exempel 3 per år.",
                "åtagandenivån",
                "niva-och-prognos",
                "niva",
            ),
            "in_force_from": (
                "Aktiviteten bedöms bara för den tid den gäller. Lämna tomt om den har gällt från "
                "löftets eller åtagandets första dag."
            ),
            "in_force_to": "Lämna tomt om den gäller så länge löftet eller åtagandet gör det.",
            "cancellation_reason": "Behövs bara om aktiviteten ställs in.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, member: Member, today: date | None = None, **kwargs) -> None:
        """With `today`, no promise of a period that has been is offered, but the one it is under."""
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        if self.instance.pk:
            self.initial["target_from"] = self.today
        else:
            del self.fields["target_from"]
            self.initial.setdefault("in_force_from", self.today)
        agreements = Agreement.objects.visible_to(member)
        periods = PromisePeriod.objects.visible_to(member)
        offered = Q(period__in=periods.to_plan(today) if today else periods)
        self.fields["promise"].queryset = Promise.objects.filter(
            offered | Q(pk=self.instance.promise_id, period__agreement__in=agreements)
        ).select_related("period")
        group_by_period(self.fields["promise"])
        self.fields["undertaking"].queryset = Undertaking.objects.filter(agreement__in=agreements)
        parties = Party.objects.filter(agreements__in=agreements).distinct()
        self.fields["responsible"].queryset = parties
        # Somebody who has left stays where they stand, until somebody else is chosen.
        self.fields["responsible_member"].queryset = Member.objects.filter(
            Q(party__in=parties, is_active=True) | Q(pk=self.instance.responsible_member_id)
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("promise") and cleaned.get("undertaking"):
            self.add_error("undertaking", "Välj antingen ett löfte eller ett åtagande, inte båda.")
        elif not (
            cleaned.get("promise") or cleaned.get("undertaking") or self.errors.keys() & UNDER_WHAT
        ):
            self.add_error("promise", "Välj det löfte eller åtagande som aktiviteten hör till.")
        if cleaned.get("target_per") == Activity.TargetPer.SEASON:
            for name in ("season_from", "season_to"):
                if not cleaned.get(name):
                    self.add_error(name, "En säsong behöver en månad här.")
        else:
            cleaned["season_from"] = cleaned["season_to"] = None
        self.refuse_disorder(
            "planned_from", "planned_to", "Planerat slut ska inte ligga före planerad start."
        )
        self._clean_target(cleaned)
        self._clean_days_in_force(cleaned)
        self._clean_target_from(cleaned)
        return cleaned

    def _clean_target(self, cleaned: dict) -> None:
        count, per = cleaned.get("target_count"), cleaned.get("target_per")
        if count and not per:
            self.add_error("target_per", "Välj vad antalet räknas per.")
        elif count and per in WITHOUT_COUNT:
            self.add_error("target_count", "Lämna antalet tomt: det som är valt har inget antal.")
        elif per and per not in WITHOUT_COUNT and not (count or self.has_error("target_count")):
            self.add_error("target_count", "Skriv ett antal, minst 1.")

    def _clean_days_in_force(self, cleaned: dict) -> None:
        """What was not asked about, as in a spreadsheet of an older kind, follows from the day."""
        if not self.instance.pk and self.add_prefix("in_force_from") not in self.data:
            cleaned["in_force_from"] = self.today
        starts_on, ends_on = cleaned.get("in_force_from"), cleaned.get("in_force_to")
        was_cancelled = self.initial.get("status") == Activity.Status.CANCELLED
        is_cancelled = cleaned.get("status") == Activity.Status.CANCELLED
        if is_cancelled and not was_cancelled and not ends_on:
            # One that has not begun never was in force.
            has_begun = starts_on is None or starts_on <= self.today
            cleaned["in_force_to"] = self.today if has_begun else None
        if was_cancelled and not is_cancelled and "in_force_to" not in self.changed_data:
            cleaned["in_force_to"] = None
        self.refuse_disorder(
            "in_force_from", "in_force_to", "Sista dagen ska inte ligga före den första."
        )

    def _clean_target_from(self, cleaned: dict) -> None:
        if not self._former_target:
            return
        if self.add_prefix("target_from") not in self.data:
            cleaned["target_from"] = self.today
        day, last = cleaned.get("target_from"), self.instance.former_targets.last()
        if day and last and day <= last.until:
            first = last.until + timedelta(days=1)
            self.add_error(
                "target_from",
                f"Åtagandenivån ändrades senast {date_format(first)}. Välj den dagen eller en "
                "senare.",
            )

    @property
    def _former_target(self) -> dict[str, object]:
        """What the target was, when the form changes it."""
        if not self.instance.pk or not set(TARGET_FIELDS) & set(self.changed_data):
            return {}
        return {name: self.initial[name] for name in TARGET_FIELDS}

    @transaction.atomic
    def save(self, commit: bool = True) -> Activity:
        former, day = self._former_target, self.cleaned_data.get("target_from")
        activity = super().save(commit)
        if former and day:
            activity.keep_former_target(former, day)
        return activity


class QuickActivityForm(PlainSwedish, forms.ModelForm):
    """An activity added on the spot, in the middle of logging: a title and what kind it is."""

    class Meta:
        model = Activity
        fields = ("title", "kind")
        help_texts = {"title": ActivityForm.Meta.help_texts["title"]}
