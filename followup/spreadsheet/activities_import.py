"""Rows of a sheet → activities of the plan, through the form that people plan with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django import forms

from followup.spreadsheet.columns import ACTIVITIES, under_label
from followup.spreadsheet.examined import Entry
from followup.spreadsheet.matching import CellError, choice_named, member_named, party_named
from followup.spreadsheet.plan import activity_values
from followup.spreadsheet.plan_table import PlanTable
from promises.forms.plan import ActivityForm
from promises.known import month_number
from promises.models import Activity, Party, Promise


class ActivitiesImport(PlanTable):
    """The sheet of activities, each told by its id or by its title under the same thing."""

    ours = ACTIVITIES

    def read_row(self, entry: Entry, cells: dict[str, str]) -> None:
        stored = self.stored(cells, self.plan.activities.by_key)
        entry.what = cells.get("title", "")
        if stored is None and self._is_there(cells):
            return
        key = stored.pk if stored else (cells.get("under"), cells.get("title", "").casefold())
        if first := self.repeats(entry, key):
            raise CellError("title", f"Samma aktivitet som på rad {first}.")
        initial: dict[str, object] = {"status": "planned", "kind": "other"}
        if stored is not None:
            before = self.differing(cells, activity_values(stored))
            if not before:
                return
            self.note_change(entry, cells, before, stored.version)
            initial = forms.model_to_dict(stored) | {"version": stored.version}
            cells_to_read = {name: cells[name] for name in before}
        else:
            cells_to_read = {name: cell for name, cell in cells.items() if cell}
        data = initial | self.resolved(cells_to_read, self._resolvers())
        data |= self._answers_to(cells_to_read.get("under"))
        form = ActivityForm(
            {name: value for name, value in data.items() if value is not None} | self.confirmed,
            instance=stored,
            member=self.plan.member,
        )
        self.save(entry, cells, form)
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
            raise CellError("under", f"Skriv något av: {names}.")
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
            "place": self.place_named,
        }

    def fields(self) -> Iterator[tuple[str, str]]:
        return (*super().fields(), ("promise", "under"), ("undertaking", "under"))


def _party(name: str, parties: list[Party]) -> Party:
    try:
        return party_named(name, parties)
    except CellError as unknown:
        raise CellError("responsible", str(unknown)) from unknown
