"""The log's filter."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.db.models import QuerySet

from followup.forms.lists import ListFilter
from followup.log.address import NO_PLACE
from followup.log.order import LOG_ORDERS
from followup.models.occasion import OccasionQuerySet
from promises.forms.base import DateInput
from promises.models import Activity, Agreement, Party, Place, Promise, Undertaking


class OccasionFilter(ListFilter):
    """What the log can be narrowed by. It stands in the address, so a view can be bookmarked."""

    sok = django_filters.CharFilter(label="Sök i texten", method="search")
    lofte = django_filters.ModelChoiceFilter(
        label="Löfte", field_name="activity__promise", queryset=Promise.objects.none()
    )
    atagande = django_filters.ModelChoiceFilter(
        label="Åtagande", field_name="activity__undertaking", queryset=Undertaking.objects.none()
    )
    aktivitet = django_filters.ModelChoiceFilter(
        label="Aktivitet", field_name="activity", queryset=Activity.objects.none()
    )
    plats = django_filters.ModelChoiceFilter(
        label="Plats",
        field_name="place",
        queryset=Place.objects.all(),
        null_label="Ingen plats angiven",
        null_value=NO_PLACE,
    )
    part = django_filters.ModelChoiceFilter(
        label="Part", field_name="party", queryset=Party.objects.none()
    )
    fran = django_filters.DateFilter(
        label="Från och med", field_name="date", lookup_expr="gte", widget=DateInput
    )
    till = django_filters.DateFilter(
        label="Till och med", field_name="date", lookup_expr="lte", widget=DateInput
    )
    loggat_fran = django_filters.DateFilter(
        label="Loggat från och med", method="logged_since", widget=DateInput
    )
    loggat_till = django_filters.DateFilter(
        label="Loggat till och med",
        method="logged_by",
        widget=DateInput,
        help_text="Brytdatum: det som loggades senare visas inte.",
    )
    publicerade = django_filters.BooleanFilter(
        label="Visa bara publicerade", method="only_published", widget=forms.CheckboxInput
    )
    tillbakadragna = django_filters.BooleanFilter(
        label="Visa även tillbakadragna",
        method="as_it_stands",
        widget=forms.CheckboxInput,
    )
    ordning = django_filters.ChoiceFilter(
        label="Ordning",
        method="as_it_stands",
        choices=[*LOG_ORDERS.items()][1:],
        empty_label=LOG_ORDERS[""],
    )

    def offer(self, agreements: QuerySet[Agreement]) -> None:
        self.filters["lofte"].queryset = Promise.objects.filter(period__agreement__in=agreements)
        self.filters["atagande"].queryset = Undertaking.objects.filter(agreement__in=agreements)
        self.filters["aktivitet"].queryset = Activity.objects.visible_to(self.member)
        self.filters["part"].queryset = Party.objects.filter(agreements__in=agreements).distinct()

    def search(self, occasions: OccasionQuerySet, name: str, text: str) -> OccasionQuerySet:
        return occasions.containing(text)

    def logged_since(self, occasions: OccasionQuerySet, name: str, day: date) -> OccasionQuerySet:
        return occasions.logged_since(day)

    def logged_by(self, occasions: OccasionQuerySet, name: str, day: date) -> OccasionQuerySet:
        return occasions.logged_by(day)

    def only_published(self, occasions: OccasionQuerySet, name: str, yes: bool) -> OccasionQuerySet:
        return occasions.published() if yes else occasions

    def filter_queryset(self, queryset: OccasionQuerySet) -> OccasionQuerySet:
        if not self.form.errors and not self.form.cleaned_data.get("tillbakadragna"):
            queryset = queryset.carried_out()
        return super().filter_queryset(queryset)
