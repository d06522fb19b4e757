"""What the lists can be narrowed by. It stands in the address, so a view can be bookmarked."""

from __future__ import annotations

from datetime import date

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet, TextChoices
from django.utils.formats import date_format

from followup.models import Meeting, SearchEntry, Task
from followup.models.meeting.meeting import MeetingQuerySet
from followup.models.meeting.task import TaskQuerySet
from promises.forms.base import NOT_A_CHOICE, use_plain_swedish
from promises.forms.plan import group_by_period
from promises.models import Activity, Agreement, Member, Party, Promise, Undertaking
from promises.models.activity import ActivityQuerySet


class ListFilter(django_filters.FilterSet):
    """A list's filters, in plain Swedish, that can tell what somebody has chosen."""

    ORDERS = frozenset({"ordning"})  # what only moves the rows about

    def __init__(self, *args, member: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.offer(Agreement.objects.visible_to(member))
        for field in self.form.fields.values():
            if isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset"):
                field.error_messages["invalid_choice"] = NOT_A_CHOICE
            else:
                use_plain_swedish(field)
            field.label_suffix = ""
            field.is_plainly_optional = True
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = "Alla"
        if "lofte" in self.form.fields:
            group_by_period(self.form.fields["lofte"])

    def offer(self, agreements: QuerySet[Agreement]) -> None:
        """Fill the filters with what there is to choose under the agreements."""

    @property
    def chosen(self) -> set[str]:
        """The names of the filters that somebody has filled in."""
        return {name for name in self.filters if self.form.data.get(name)} - self.ORDERS

    @property
    def in_words(self) -> list[str]:
        """What was chosen, as it is read above the list."""
        if self.form.errors:
            return []
        return [
            self._said(self.form[name], self.form.cleaned_data[name])
            for name in self.filters
            if name in self.chosen and self.form.cleaned_data.get(name)
        ]

    def _said(self, bound: forms.BoundField, value: object) -> str:
        if value is True:
            return bound.label
        if isinstance(value, date):
            return f"{bound.label} {date_format(value)}"
        if isinstance(bound.field, forms.ModelChoiceField):
            return f"{bound.label}: {value}"
        if isinstance(bound.field, forms.ChoiceField):
            return f"{bound.label}: {dict(bound.field.choices)[value]}"
        return f"{bound.label}: ”{value}”"

    @property
    def order(self) -> str:
        """The order that is asked for; empty for the list's own."""
        return "" if self.form.errors else self.form.cleaned_data.get("ordning", "")

    def as_it_stands(self, rows: QuerySet, name: str, value: object) -> QuerySet:
        """For what the list does afterwards with the choice."""
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.form.errors:
            # Everything would look like an answer to what was asked.
            return queryset.none()
        return super().filter_queryset(queryset)


class ActivityFilter(ListFilter):
    """What the plan can be narrowed by."""

    lofte = django_filters.ModelChoiceFilter(
        label="Löfte", field_name="promise", queryset=Promise.objects.none()
    )
    atagande = django_filters.ModelChoiceFilter(
        label="Åtagande", field_name="undertaking", queryset=Undertaking.objects.none()
    )
    part = django_filters.ModelChoiceFilter(
        label="Ansvarig part", field_name="responsible", queryset=Party.objects.none()
    )
    ansvarig = django_filters.ModelChoiceFilter(
        label="Ansvarig person", field_name="responsible_member", queryset=Member.objects.none()
    )
    slag = django_filters.ChoiceFilter(
        label="Slag", field_name="kind", choices=Activity.Kind.choices, empty_label="Alla"
    )
    lage = django_filters.ChoiceFilter(
        label="Läge", field_name="status", choices=Activity.Status.choices, empty_label="Alla"
    )
    sena = django_filters.BooleanFilter(
        label="Visa bara försenade", method="only_late", widget=forms.CheckboxInput
    )
    ordning = django_filters.ChoiceFilter(
        label="Ordning",
        method="as_it_stands",
        choices=[
            ("rubrik", "Efter rubrik"),
            ("senast", "Senast genomförd först"),
            ("langesen", "Längst sedan först"),
            ("nasta", "Nästa planerade först"),
        ],
        empty_label="Under sitt löfte eller åtagande",
    )

    ROWS_BY = {
        "rubrik": ("title", "id"),
        "senast": (F("last_on").desc(nulls_last=True), "title", "id"),
        "langesen": (F("last_on").asc(nulls_first=True), "title", "id"),
        "nasta": (F("next_on").asc(nulls_last=True), "title", "id"),
    }

    def __init__(self, *args, today: date, **kwargs) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def offer(self, agreements: QuerySet[Agreement]) -> None:
        visible = Activity.objects.visible_to(self.member)
        self.filters["lofte"].queryset = Promise.objects.filter(period__agreement__in=agreements)
        self.filters["atagande"].queryset = Undertaking.objects.filter(agreement__in=agreements)
        self.filters["part"].queryset = Party.objects.filter(agreements__in=agreements).distinct()
        self.filters["ansvarig"].queryset = Member.objects.filter(
            pk__in=visible.values("responsible_member")
        ).order_by("name")

    def only_late(self, rows: ActivityQuerySet, name: str, yes: bool) -> ActivityQuerySet:
        return rows.overdue(self.today) if yes else rows

    def filter_queryset(self, queryset: ActivityQuerySet) -> ActivityQuerySet:
        rows = super().filter_queryset(queryset)
        return rows.order_by(*self.ROWS_BY[self.order]) if self.order else rows


class MeetingFilter(ListFilter):
    """What the meetings of the group, or of the council, can be narrowed by."""

    class Shown(TextChoices):
        MINE = "mina", "Där jag är med på listan"
        OPEN = "ojusterade", "Utan justerat protokoll"
        CANCELLED = "installda", "Inställda"

    visa = django_filters.ChoiceFilter(
        label="Vilka möten", method="only", choices=Shown.choices, empty_label="Alla möten"
    )
    fran = django_filters.DateFilter(label="Från och med", field_name="date", lookup_expr="gte")
    till = django_filters.DateFilter(label="Till och med", field_name="date", lookup_expr="lte")

    def only(self, rows: MeetingQuerySet, name: str, value: str) -> MeetingQuerySet:
        if value == self.Shown.MINE:
            on_list = Meeting.objects.filter(attendances__member=self.member)
            return rows.filter(
                Q(chair=self.member) | Q(secretary=self.member) | Q(pk__in=on_list.values("pk"))
            )
        if value == self.Shown.OPEN:
            return rows.filter(locked_at__isnull=True).exclude(status=Meeting.Status.CANCELLED)
        return rows.filter(status=Meeting.Status.CANCELLED)


class TaskFilter(ListFilter):
    """What the tasks can be narrowed by: the open ones, unless others are asked for."""

    SHOWN = {
        "": "Öppna",
        "mina": "Mina",
        "sena": "Försenade",
        "klara": "Avslutade",
        "alla": "Alla",
    }
    ansvarig = django_filters.ModelChoiceFilter(
        label="Ansvarig", field_name="owner", queryset=Member.objects.none()
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def offer(self, agreements: QuerySet[Agreement]) -> None:
        tasks = Task.objects.filter(agreement__in=agreements)
        self.filters["ansvarig"].queryset = Member.objects.filter(
            pk__in=tasks.values("owner")
        ).order_by("name")

    @property
    def shown(self) -> str:
        """Which of the tabs above the list the address names."""
        asked = self.form.data.get("visa", "")
        return asked if asked in self.SHOWN else ""

    def filter_queryset(self, queryset: TaskQuerySet) -> TaskQuerySet:
        rows = super().filter_queryset(queryset)
        return {
            "": rows.open(),
            "mina": rows.open().filter(owner=self.member),
            "sena": rows.overdue(self.today),
            "klara": rows.exclude(status=Task.Status.OPEN).order_by("-closed_on", "-id"),
            "alla": rows.open_first(),
        }[self.shown]


class MonthFilter(ListFilter):
    """Whose part of the calendar is shown."""

    part = django_filters.ModelChoiceFilter(
        label="Part", method="as_it_stands", queryset=Party.objects.none()
    )
    lofte = django_filters.ModelChoiceFilter(
        label="Löfte", method="as_it_stands", queryset=Promise.objects.none()
    )

    def offer(self, agreements: QuerySet[Agreement]) -> None:
        self.filters["part"].queryset = Party.objects.filter(agreements__in=agreements).distinct()
        self.filters["lofte"].queryset = Promise.objects.filter(period__agreement__in=agreements)

    @property
    def party(self) -> Party | None:
        return self._chosen("part")

    @property
    def promise(self) -> Promise | None:
        return self._chosen("lofte")

    def _chosen(self, name: str) -> Party | Promise | None:
        return None if self.form.errors else self.form.cleaned_data.get(name)


class SearchFilter(ListFilter):
    """What one searches for, and in what."""

    ORDERS = frozenset({"q"})

    q = django_filters.CharFilter(label="Sök efter", method="search", max_length=200)
    slag = django_filters.ChoiceFilter(
        label="Bland",
        field_name="kind",
        choices=[
            (SearchEntry.Kind.OCCASION, "Tillfällen"),
            (SearchEntry.Kind.ACTIVITY, "Aktiviteter"),
            (SearchEntry.Kind.MEETING, "Möten"),
            (SearchEntry.Kind.DECISION, "Beslut"),
            (SearchEntry.Kind.TASK, "Uppdrag"),
            (SearchEntry.Kind.PROMISE, "Löften"),
            (SearchEntry.Kind.UNDERTAKING, "Åtaganden"),
        ],
        empty_label="Allt",
    )

    @property
    def asked(self) -> str:
        """What is asked for; empty before somebody has asked, and when it can't be read."""
        return "" if self.form.errors else (self.form.cleaned_data.get("q") or "").strip()

    def search(self, entries: QuerySet[SearchEntry], name: str, text: str) -> QuerySet[SearchEntry]:
        return entries.containing(text)

    def filter_queryset(self, queryset: QuerySet[SearchEntry]) -> QuerySet[SearchEntry]:
        rows = super().filter_queryset(queryset)
        return rows if self.asked else rows.none()
