"""A table of a file, read in row by row: what the log and the plan have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from followup.paper.tables import as_text
from followup.spreadsheet.columns import Column
from followup.spreadsheet.examined import Entry, Examined, Fault
from followup.spreadsheet.reading import Row, Table
from promises.history import FieldChange

REASON = "Läst in från kalkylblad"
# Whose row it is and which edition of it: nobody changes those.
TECHNICAL = frozenset({"id", "version"})
CONFIRMING = ("integrity-confirmed", "integrity-shown")


class TableImport:
    """A table with `keys` that say, for each of its columns, which of ours it is.

    `sent` is what the one who reads it in has confirmed: that new places are added, and that no
    text points anybody out.
    """

    changed_since: ClassVar[str]
    without_version: ClassVar[str]
    never_changed: ClassVar[frozenset[str]] = TECHNICAL

    def __init__(
        self,
        table: Table,
        keys: list[str],
        *,
        columns: Iterable[Column],
        sent: Mapping[str, str],
    ) -> None:
        self.table, self.keys, self.sent = table, keys, sent
        self.columns = {column.key: column for column in columns}
        told = (self.columns[key].heading for key in keys if key and self.columns[key].is_told)
        self.examined = Examined(table.name, tuple(told))

    def cells_of(self, row: Row) -> dict[str, str]:
        """What stands in the row, by column, as the portal writes it."""
        return {
            key: self.columns[key].read(text.strip())
            for key, text in zip(self.keys, row.cells, strict=True)
            if key
        }

    def fault(self, entry: Entry, cells: dict[str, str], key: str, message: str) -> None:
        """Note what is wrong in the row's cell of the column."""
        column = self.columns.get(key)
        entry.faults.append(Fault(column.heading if column else "", cells.get(key, ""), message))

    def differing(self, cells: dict[str, str], values: Mapping[str, object]) -> dict[str, str]:
        """What stood in the columns that the row changes, as the file's own cells are read.

        What is only told is left out: it changes nothing.
        """
        before = {
            key: column.read(as_text(values.get(key)).strip())
            for key, column in self.columns.items()
            if not column.is_told and key not in self.never_changed
        }
        return {
            key: before[key] for key in self.keys if key in before and cells[key] != before[key]
        }

    def note_change(
        self, entry: Entry, cells: dict[str, str], before: dict[str, str], version: int
    ) -> None:
        """What the row changes, unless somebody else has changed it since the file was fetched."""
        if not cells.get("version"):
            self.fault(entry, cells, "id", self.without_version)
        elif cells["version"] != str(version):
            self.fault(entry, cells, "version", self.changed_since)
        entry.changes = tuple(
            FieldChange(self.columns[key].heading, stood or "Tomt", cells[key] or "Tomt")
            for key, stood in before.items()
        )

    @property
    def confirmed(self) -> dict[str, str]:
        """What has been confirmed of the texts, as their form is sent it."""
        return {name: self.sent[name] for name in CONFIRMING if name in self.sent}
