"""A table of the plan, read in through the plan's own forms: what its two sheets have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import ClassVar

from django import forms
from django.db import models

from followup.spreadsheet.columns import Column, under_label
from followup.spreadsheet.examined import Entry, Examined
from followup.spreadsheet.matching import Activities, CellError, Places
from followup.spreadsheet.reading import Table
from followup.spreadsheet.table_import import REASON, TECHNICAL, TableImport
from promises.models import Activity, Agreement, Member, Party, Place, Promise, Undertaking


class PlanAsItIs:
    """What the rows of a plan can name: what is there, and what the same file has added."""

    def __init__(
        self, member: Member, today: date, activity: int | None, sent: Mapping[str, str]
    ) -> None:
        self.member, self.today, self.sent = member, today, sent
        self.activities, self.places = Activities(member), Places()
        self.activity = activity and self.activities.by_key.get(activity)
        agreements = Agreement.objects.visible_to(member)
        self.parties = list(Party.objects.filter(agreements__in=agreements).distinct())
        self.members = list(Member.objects.visible_to(member))
        self.answers_to = _answers_to(agreements)


class PlanTable(TableImport):
    """One sheet of the plan: what its rows are about, and what reading them in would do."""

    ours: ClassVar[tuple[Column, ...]]
    changed_since = (
        "Raden har ändrats av någon annan sedan filen hämtades. Hämta planen på nytt och gör om "
        "ändringen i den, eller ta bort raden."
    )
    without_version = (
        "Det finns redan, med andra uppgifter. Ta bort raden, eller hämta planen på nytt och "
        "ändra i den: då följer kolumnen Version med."
    )

    def __init__(self, table: Table, keys: list[str], plan: PlanAsItIs) -> None:
        super().__init__(table, keys, columns=self.ours, sent=plan.sent)
        self.plan = plan
        self.seen: dict[object, int] = {}

    def read(self) -> Examined:
        """Do what the rows say, one by one, as far as they can be."""
        for row in self.table.rows:
            entry = Entry(row.number)
            cells = self.cells_of(row)
            try:
                self.read_row(entry, cells)
            except CellError as unknown:
                self.fault(entry, cells, unknown.column, str(unknown))
            self.examined.entries.append(entry)
        return self.examined

    def read_row(self, entry: Entry, cells: dict[str, str]) -> None:
        raise NotImplementedError

    def repeats(self, entry: Entry, key: object) -> int | None:
        """The number of an earlier row about the same thing, if there is one."""
        return None if self.seen.setdefault(key, entry.row) == entry.row else self.seen[key]

    def stored(self, cells: dict[str, str], rows: Mapping[int, object]) -> object | None:
        """What the row's id leads to. Raises CellError when it leads nowhere."""
        if not (key := cells.get("id", "")):
            return None
        if key.isdecimal() and (found := rows.get(int(key))):
            return found
        raise CellError("id", "Det finns inget med det id:t i planen. Töm cellen för något nytt.")

    def save(self, entry: Entry, cells: dict[str, str], form: forms.ModelForm) -> None:
        """Save the row, if the form that people plan with has nothing to say against it."""
        columns = {name: self.columns[key] for name, key in self.fields() if key in self.columns}
        is_new = not form.instance.pk
        entry.form, entry.is_added = form, is_new
        entry.read_errors(form, columns, cells)
        if form.is_valid() and not entry.faults:
            form.instance._change_reason = REASON
            form.save()

    def fields(self) -> Iterator[tuple[str, str]]:
        """Which column each field of the form stands in."""
        return ((key, key) for key in self.columns)

    def place_named(self, name: str) -> Place | None:
        """The place with the name; a new one is added if need be, and told of."""
        if not name:
            return None
        if not (place := self.plan.places.find(name)):
            place = Place(name=name)
            try:
                place.full_clean()
            except forms.ValidationError as refused:
                raise CellError("place", " ".join(refused.messages)) from refused
            place.save()
            self.plan.places.add(place)
            self.examined.new_places[name.casefold()] = name
        return place

    def resolved(
        self, cells: dict[str, str], resolvers: dict[str, Callable[[str], object]]
    ) -> dict[str, object]:
        """The cells as the form wants them: what they name, by key."""
        data: dict[str, object] = {}
        for key, cell in cells.items():
            if not self.columns[key].is_told and key not in TECHNICAL:
                found = resolvers[key](cell) if key in resolvers and cell else cell
                data[key] = found.pk if isinstance(found, models.Model) else found
        return data


def _answers_to(agreements) -> dict[str, tuple[str, Promise | Undertaking]]:
    """The promises and undertakings by what a sheet calls them."""
    promises = Promise.objects.filter(period__agreement__in=agreements).select_related("period")
    undertakings = Undertaking.objects.filter(agreement__in=agreements)
    ones = [
        *(Activity(promise=promise) for promise in promises),
        *(Activity(undertaking=undertaking) for undertaking in undertakings),
    ]
    return {under_label(one).casefold(): (under_label(one), one.answers_to) for one in ones}
