"""Rows of sheets → activities and their planned days, through the plan's own forms.

A file can hold both: an activity it adds may be planned for days in the same file. So what reading
it in would do is found out by doing it, and undoing it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django import forms
from django.db import models, transaction
from django.utils.formats import date_format

from followup.planned import not_carried_out, with_state
from followup.spreadsheet.cells import as_text, month_number
from followup.spreadsheet.columns import ACTIVITIES, PLANNED, Column, recognised, under_label
from followup.spreadsheet.examined import Entry, Examined, Fault
from followup.spreadsheet.log_import import CONFIRMING, REASON
from followup.spreadsheet.matching import (
    Activities,
    NoMatchError,
    Places,
    choice_named,
    member_named,
    party_named,
)
from followup.spreadsheet.plan import activity_values, planned_values
from followup.spreadsheet.reading import Row, Table
from promises.forms.base import StaleError
from promises.forms.plan import ActivityForm
from promises.forms.planned import PlannedOccasionForm
from promises.history import FieldChange
from promises.models import (
    Activity,
    Agreement,
    Member,
    Party,
    Place,
    PlannedOccasion,
    Promise,
    Undertaking,
)

CHANGED_SINCE = (
    "Raden har ändrats av någon annan sedan filen hämtades. Hämta planen på nytt och gör om "
    "ändringen i den, eller ta bort raden."
)
WITHOUT_VERSION = (
    "Det finns redan, med andra uppgifter. Ta bort raden, eller hämta planen på nytt och ändra i "
    "den: då följer kolumnen Version med."
)
TECHNICAL = {"id", "version"}


def is_of_activities(table: Table) -> bool:
    """Whether the sheet lists activities rather than the days they are planned for."""
    found = {key for key in recognised(table, ACTIVITIES) if key}
    return {"under", "title"} <= found and "date" not in recognised(table, PLANNED)


class _Sheet:
    """One sheet of the plan: what its rows are about, and what reading them in would do."""

    columns: tuple[Column, ...]

    def __init__(self, table: Table, keys: list[str], plan: PlanImport) -> None:
        self.table, self.keys, self.plan = table, keys, plan
        self.by_key = {column.key: column for column in self.columns}
        told = (self.by_key[key].heading for key in keys if key and self.by_key[key].is_told)
        self.examined = Examined(table.name, tuple(told))
        self.seen: dict[object, int] = {}

    def read(self) -> Examined:
        """Do what the rows say, one by one, as far as they can be."""
        for row in self.table.rows:
            entry = Entry(row.number)
            cells = self._cells(row)
            try:
                self._read(entry, cells)
            except NoMatchError as unknown:
                entry.faults.append(self._fault(cells, unknown.column, str(unknown)))
            self.examined.entries.append(entry)
        return self.examined

    def _read(self, entry: Entry, cells: dict[str, str]) -> None:
        raise NotImplementedError

    def _cells(self, row: Row) -> dict[str, str]:
        return {
            key: self.by_key[key].read(text.strip())
            for key, text in zip(self.keys, row.cells, strict=True)
            if key
        }

    def _fault(self, cells: dict[str, str], key: str, message: str) -> Fault:
        column = self.by_key.get(key)
        return Fault(column.heading if column else "", cells.get(key, ""), message)

    def _is_repeated(self, entry: Entry, key: object) -> int | None:
        """The number of an earlier row about the same thing, if there is one."""
        return None if self.seen.setdefault(key, entry.row) == entry.row else self.seen[key]

    def _stored(self, cells: dict[str, str], rows: Mapping[int, object]) -> object | None:
        """What the row's id leads to. Raises NoMatchError when it leads nowhere."""
        if not (key := cells.get("id", "")):
            return None
        if key.isdecimal() and (found := rows.get(int(key))):
            return found
        raise NoMatchError(
            "id", "Det finns inget med det id:t i planen. Töm cellen för något nytt."
        )

    def _differing(self, cells: dict[str, str], values: dict[str, object]) -> dict[str, str]:
        """What stood in the columns that the row changes."""
        before = {
            key: column.read(as_text(values[key]).strip())
            for key, column in self.by_key.items()
            if not column.is_told and key not in TECHNICAL
        }
        return {
            key: before[key] for key in self.keys if key in before and cells[key] != before[key]
        }

    def _note_change(
        self, entry: Entry, cells: dict[str, str], before: dict[str, str], version: int
    ) -> None:
        """What the row changes, unless somebody else has changed it since the file was fetched."""
        if not cells.get("version"):
            entry.faults.append(self._fault(cells, "id", WITHOUT_VERSION))
        elif cells["version"] != str(version):
            entry.faults.append(self._fault(cells, "version", CHANGED_SINCE))
        entry.changes = tuple(
            FieldChange(self.by_key[key].heading, stood or "Tomt", cells[key] or "Tomt")
            for key, stood in before.items()
        )

    def _save(self, entry: Entry, cells: dict[str, str], form: forms.ModelForm) -> None:
        """Save the row, if the form that people plan with has nothing to say against it."""
        columns = {name: self.by_key[key] for name, key in self._fields() if key in self.by_key}
        is_new = not form.instance.pk
        entry.form, entry.is_added = form, is_new
        entry.read_errors(form, columns, cells)
        if form.is_valid() and not entry.faults:
            form.instance._change_reason = REASON
            form.save()

    def _fields(self) -> Iterator[tuple[str, str]]:
        """Which column each field of the form stands in."""
        return ((key, key) for key in self.by_key)

    def _place(self, name: str) -> Place | None:
        """The place with the name; a new one is added if need be, and told of."""
        if not name:
            return None
        if not (place := self.plan.places.find(name)):
            place = Place(name=name)
            try:
                place.full_clean()
            except forms.ValidationError as refused:
                raise NoMatchError("place", " ".join(refused.messages)) from refused
            place.save()
            self.plan.places.add(place)
            self.examined.new_places[name.casefold()] = name
        return place

    def _resolved(
        self, cells: dict[str, str], resolvers: dict[str, Callable[[str], object]]
    ) -> dict[str, object]:
        """The cells as the form wants them: what they name, by key."""
        data: dict[str, object] = {}
        for key, cell in cells.items():
            if not self.by_key[key].is_told and key not in TECHNICAL:
                found = resolvers[key](cell) if key in resolvers and cell else cell
                data[key] = found.pk if isinstance(found, models.Model) else found
        return data

    def _confirmed(self) -> dict[str, str]:
        return {name: self.plan.sent[name] for name in CONFIRMING if name in self.plan.sent}


class _ActivitiesSheet(_Sheet):
    columns = ACTIVITIES

    def _read(self, entry: Entry, cells: dict[str, str]) -> None:
        stored = self._stored(cells, self.plan.activities.by_key)
        entry.what = cells.get("title", "")
        if stored is None and self._is_there(cells):
            return
        key = stored.pk if stored else (cells.get("under"), cells.get("title", "").casefold())
        if first := self._is_repeated(entry, key):
            message = f"Samma aktivitet som på rad {first}."
            entry.faults.append(self._fault(cells, "title", message))
            return
        initial: dict[str, object] = {"status": "planned", "kind": "other"}
        if stored is not None:
            before = self._differing(cells, activity_values(stored))
            if not before:
                return
            self._note_change(entry, cells, before, stored.version)
            initial = forms.model_to_dict(stored) | {"version": stored.version}
            cells_to_read = {name: cells[name] for name in before}
        else:
            cells_to_read = {name: cell for name, cell in cells.items() if cell}
        data = initial | self._resolved(cells_to_read, self._resolvers())
        data |= self._answers_to(cells_to_read.get("under"))
        form = ActivityForm(
            {name: value for name, value in data.items() if value is not None} | self._confirmed(),
            instance=stored,
            member=self.plan.member,
        )
        self._save(entry, cells, form)
        if entry.is_added and form.instance.pk:
            self.plan.activities.add(form.instance)

    def _is_there(self, cells: dict[str, str]) -> bool:
        """Whether the plan has the activity already, by its title under the same thing."""
        named = self.plan.activities.by_title.get(
            " ".join(cells.get("title", "").split()).casefold(), []
        )
        return any(
            under_label(one).casefold() == cells.get("under", "").casefold() for one in named
        )

    def _answers_to(self, label: str | None) -> dict[str, object]:
        if label is None:
            return {}
        found = self.plan.answers_to.get(label.casefold())
        if not found:
            names = ", ".join(name for name, _ in self.plan.answers_to.values())
            raise NoMatchError("under", f"Skriv något av: {names}.")
        one = found[1]
        is_promise = isinstance(one, Promise)
        return {
            "promise": one.pk if is_promise else "",
            "undertaking": "" if is_promise else one.pk,
        }

    def _resolvers(self) -> dict[str, Callable[[str], object]]:
        return {
            "kind": lambda cell: choice_named(cell, Activity.Kind.choices, "kind"),
            "status": lambda cell: choice_named(cell, Activity.Status.choices, "status"),
            "target_per": lambda cell: choice_named(cell, Activity.TargetPer.choices, "target_per"),
            "season_from": lambda cell: month_number(cell) or cell,
            "season_to": lambda cell: month_number(cell) or cell,
            "responsible": lambda cell: _party(cell, self.plan.parties),
            "responsible_member": lambda cell: member_named(cell, self.plan.members),
            "place": self._place,
        }

    def _fields(self) -> Iterator[tuple[str, str]]:
        return (*super()._fields(), ("promise", "under"), ("undertaking", "under"))


class _PlannedSheet(_Sheet):
    columns = PLANNED

    def __init__(self, table: Table, keys: list[str], plan: PlanImport) -> None:
        super().__init__(table, keys, plan)
        planned = PlannedOccasion.objects.visible_to(plan.member)
        days = with_state(
            planned.select_related("activity__promise__period", "activity__undertaking"), plan.today
        )
        self.days = {day.planned.pk: day for day in days}
        self.open = set(not_carried_out(planned).values_list("pk", flat=True))
        self.known = {
            (one.planned.activity_id, one.planned.date, one.planned.place_id)
            for one in self.days.values()
        }

    def _read(self, entry: Entry, cells: dict[str, str]) -> None:
        day = self._stored(cells, self.days)
        if day is not None:
            self._read_stored(entry, cells, day)
            return
        if cells.get("cancelled"):
            message = "Ett inställt tillfälle läses inte in. Ta bort raden."
            entry.faults.append(self._fault(cells, "cancelled", message))
            return
        activity = self._activity(cells)
        entry.what = activity.title
        if activity.status == Activity.Status.CANCELLED:
            message = "Aktiviteten är inställd, så inget kan planeras på den."
            entry.faults.append(self._fault(cells, "activity", message))
            return
        data = self._resolved(
            {name: cell for name, cell in cells.items() if cell}, self._resolvers()
        )
        if "place" not in self.keys:
            data["place"] = activity.place_id or ""
        identity = (activity.pk, _day(cells.get("date", "")), data.get("place") or None)
        if identity[1] and identity in self.known:
            return  # planned already; a day that has been cancelled stays so
        self.known.add(identity)
        form = PlannedOccasionForm(
            data | self._confirmed(), activity=activity, today=self.plan.today
        )
        self._save(entry, cells, form)
        if planned_on := identity[1]:
            entry.what = f"{activity.title}, {date_format(planned_on)}"

    def _read_stored(self, entry: Entry, cells: dict[str, str], day) -> None:
        planned = day.planned
        entry.what = f"{planned.activity.title}, {date_format(planned.date)}"
        if first := self._is_repeated(entry, planned.pk):
            entry.faults.append(self._fault(cells, "id", f"Samma id som på rad {first}."))
            return
        before = self._differing(cells, planned_values(day))
        if not before:
            return
        for key in before.keys() & {"activity", "activity_id", "cancelled"}:
            message = f"Kan inte ändras här. I planen står ”{before[key]}”."
            entry.faults.append(self._fault(cells, key, message))
        if planned.pk not in self.open:
            message = "Det är inställt eller redan genomfört och kan inte ändras."
            entry.faults.append(self._fault(cells, "id", message))
        if entry.faults:
            return
        self._note_change(entry, cells, before, planned.version)
        activity = self.plan.activities.by_key[planned.activity_id]
        data = forms.model_to_dict(planned, PlannedOccasionForm.Meta.fields)
        data |= {"version": planned.version}
        data |= self._resolved({name: cells[name] for name in before}, self._resolvers())
        form = PlannedOccasionForm(
            {name: value for name, value in data.items() if value is not None} | self._confirmed(),
            instance=planned,
            activity=activity,
            today=self.plan.today,
        )
        self._save(entry, cells, form)

    def _activity(self, cells: dict[str, str]) -> Activity:
        key, title = cells.get("activity_id", ""), cells.get("activity", "")
        if self.plan.activity and not key and not title:
            return self.plan.activity
        return self.plan.activities.find(key, title, _day(cells.get("date", "")))

    def _resolvers(self) -> dict[str, Callable[[str], object]]:
        return {
            "place": self._place,
            "responsible_member": lambda cell: member_named(cell, self.plan.members),
        }


class PlanImport:
    """The sheets of a file read into the plan, each with `keys` that say what its columns are."""

    def __init__(
        self,
        tables: list[tuple[Table, list[str]]],
        *,
        member: Member,
        today: date,
        activity: int | None = None,
        sent: Mapping[str, str] | None = None,
    ) -> None:
        self.tables, self.member, self.today, self.sent = tables, member, today, sent or {}
        self.whole_file = activity

    def examine(self) -> list[Examined]:
        """What reading the file in would do. Nothing stays saved."""
        with transaction.atomic():
            examined = self._read()
            transaction.set_rollback(True)
        return examined

    def save(self) -> bool:
        """Save every row that is new or changed, or none: when something is faulty after all."""
        try:
            with transaction.atomic():
                is_faulty = any(sheet.faults or sheet.doubts for sheet in self._read())
                transaction.set_rollback(is_faulty)
        except StaleError:
            return False
        return not is_faulty

    def _read(self) -> list[Examined]:
        self.activities, self.places = Activities(self.member), Places()
        self.activity = self.whole_file and self.activities.by_key.get(self.whole_file)
        agreements = Agreement.objects.visible_to(self.member)
        self.parties = list(Party.objects.filter(agreements__in=agreements).distinct())
        self.members = list(Member.objects.visible_to(self.member))
        self.answers_to = _answers_to(agreements)
        # Activities first: the days may be of new ones.
        ordered = sorted(self.tables, key=lambda one: not is_of_activities(one[0]))
        return [
            (_ActivitiesSheet if is_of_activities(table) else _PlannedSheet)(
                table, keys, self
            ).read()
            for table, keys in ordered
        ]


def _answers_to(agreements) -> dict[str, tuple[str, Promise | Undertaking]]:
    """The promises and undertakings by what a sheet calls them."""
    promises = Promise.objects.filter(period__agreement__in=agreements).select_related("period")
    undertakings = Undertaking.objects.filter(agreement__in=agreements)
    ones = [
        *(Activity(promise=promise) for promise in promises),
        *(Activity(undertaking=undertaking) for undertaking in undertakings),
    ]
    return {under_label(one).casefold(): (under_label(one), one.answers_to) for one in ones}


def _party(name: str, parties: list[Party]) -> Party:
    try:
        return party_named(name, parties)
    except NoMatchError as unknown:
        raise NoMatchError("responsible", str(unknown)) from unknown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
