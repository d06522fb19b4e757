"""Rows of a sheet → the days the plan's activities are planned for, through their own form."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.utils.formats import date_format

from followup.log.planned import not_carried_out, with_state
from followup.spreadsheet.cells import day_in
from followup.spreadsheet.columns import PLANNED
from followup.spreadsheet.examined import Entry
from followup.spreadsheet.matching import CellError, member_named
from followup.spreadsheet.plan import planned_values
from followup.spreadsheet.plan_table import PlanAsItIs, PlanTable
from followup.spreadsheet.reading import Table
from promises.forms.planned import PlannedOccasionForm
from promises.models import Activity, PlannedOccasion


class PlannedImport(PlanTable):
    """The sheet of planned days, each told by its id or by its activity, day and place."""

    ours = PLANNED

    def __init__(self, table: Table, keys: list[str], plan: PlanAsItIs) -> None:
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

    def read_row(self, entry: Entry, cells: dict[str, str]) -> None:
        day = self.stored(cells, self.days)
        if day is not None:
            self._read_stored(entry, cells, day)
            return
        if cells.get("cancelled"):
            raise CellError("cancelled", "Ett inställt tillfälle läses inte in. Ta bort raden.")
        activity = self.plan.activities.named_in(cells, self.plan.activity)
        entry.what = activity.title
        if activity.status == Activity.Status.CANCELLED:
            raise CellError("activity", "Aktiviteten är inställd, så inget kan planeras på den.")
        data = self.resolved(
            {name: cell for name, cell in cells.items() if cell}, self._resolvers()
        )
        if "place" not in self.keys:
            data["place"] = activity.place_id or ""
        identity = (activity.pk, day_in(cells.get("date", "")), data.get("place") or None)
        if identity[1] and identity in self.known:
            return  # planned already; a day that has been cancelled stays so
        self.known.add(identity)
        form = PlannedOccasionForm(data | self.confirmed, activity=activity, today=self.plan.today)
        self.save(entry, cells, form)
        if planned_on := identity[1]:
            entry.what = f"{activity.title}, {date_format(planned_on)}"

    def _read_stored(self, entry: Entry, cells: dict[str, str], day) -> None:
        planned = day.planned
        entry.what = f"{planned.activity.title}, {date_format(planned.date)}"
        if first := self.repeats(entry, planned.pk):
            raise CellError("id", f"Samma id som på rad {first}.")
        before = self.differing(cells, planned_values(day))
        if not before:
            return
        for key in before.keys() & {"activity", "activity_id", "cancelled"}:
            message = f"Kan inte ändras här. I planen står ”{before[key]}”."
            self.fault(entry, cells, key, message)
        if planned.pk not in self.open:
            message = "Det är inställt eller redan genomfört och kan inte ändras."
            self.fault(entry, cells, "id", message)
        if entry.faults:
            return
        self.note_change(entry, cells, before, planned.version)
        activity = self.plan.activities.by_key[planned.activity_id]
        data = forms.model_to_dict(planned, PlannedOccasionForm.Meta.fields)
        data |= {"version": planned.version}
        data |= self.resolved({name: cells[name] for name in before}, self._resolvers())
        form = PlannedOccasionForm(
            {name: value for name, value in data.items() if value is not None} | self.confirmed,
            instance=planned,
            activity=activity,
            today=self.plan.today,
        )
        self.save(entry, cells, form)

    def _resolvers(self) -> dict[str, Callable[[str], object]]:
        return {
            "place": self.place_named,
            "responsible_member": lambda cell: member_named(cell, self.plan.members),
        }
