"""Forms for the plan."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Q

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
    """Plan an activity: under what, who, where, when and how often."""

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
            "cancellation_reason": "Behövs bara om aktiviteten ställs in.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, member: Member, today: date | None = None, **kwargs) -> None:
        """With `today`, no promise of a period that has been is offered, but the one it is under."""
        super().__init__(*args, **kwargs)
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
        if cleaned.get("target_count") and not cleaned.get("target_per"):
            self.add_error("target_per", "Välj vad antalet räknas per.")
        has_count = cleaned.get("target_count") or self.has_error("target_count")
        if cleaned.get("target_per") and not has_count:
            self.add_error("target_count", "Skriv ett antal, minst 1.")
        return cleaned


class QuickActivityForm(PlainSwedish, forms.ModelForm):
    """An activity added on the spot, in the middle of logging: a title and what kind it is."""

    class Meta:
        model = Activity
        fields = ("title", "kind")
        help_texts = {"title": ActivityForm.Meta.help_texts["title"]}
