"""The sheets of a file → the plan: its activities, and the days they are planned for.

A file can hold both: an activity it adds may be planned for days in the same file. So what reading
it in would do is found out by doing it, and undoing it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from followup.spreadsheet.activities_import import ActivitiesImport
from followup.spreadsheet.columns import ACTIVITIES, PLANNED, recognised
from followup.spreadsheet.examined import Examined
from followup.spreadsheet.plan_table import PlanAsItIs
from followup.spreadsheet.planned_import import PlannedImport
from followup.spreadsheet.reading import Table
from promises.forms.base import StaleError
from promises.models import Member


def is_of_activities(table: Table) -> bool:
    """Whether the sheet lists activities rather than the days they are planned for."""
    found = {key for key in recognised(table, ACTIVITIES) if key}
    return {"under", "title"} <= found and "date" not in recognised(table, PLANNED)


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
        self.activity = activity

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
        plan = PlanAsItIs(self.member, self.today, self.activity, self.sent)
        # Activities first: the days may be of new ones.
        ordered = sorted(self.tables, key=lambda one: not is_of_activities(one[0]))
        return [
            (ActivitiesImport if is_of_activities(table) else PlannedImport)(
                table, keys, plan
            ).read()
            for table, keys in ordered
        ]
