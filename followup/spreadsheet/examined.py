"""What reading in a file would do, row by row, before anything is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django import forms

from followup.spreadsheet.columns import Column
from promises.forms.base import DOUBT
from promises.history import FieldChange


class Fault(NamedTuple):
    """What is wrong in a cell: the column's heading, what stands there, and why it won't do."""

    column: str
    value: str
    message: str


@dataclass
class Entry:
    """A row of the file: what it is about, and what reading it in would do.

    It has a form when there is something to save, faults when it can't be, and doubts when
    somebody has to look at its text once more.
    """

    row: int
    what: str = ""
    form: forms.ModelForm | None = None
    is_added: bool = False  # what the form holds is new to the portal
    changes: tuple[FieldChange, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    resembles: str = ""

    def read_errors(
        self, form: forms.ModelForm, columns: dict[str, Column], cells: dict[str, str]
    ) -> None:
        """Take over what the form finds wrong; `columns` are the file's, by the form's fields."""
        told = {fault.column for fault in self.faults}
        for name, errors in form.errors.as_data().items():
            column = columns.get(name)
            if column and column.heading in told:
                continue  # the cell could not be read, so the form never got it
            label = column.heading if column else _label(form, name)
            value = cells.get(column.key, "") if column else ""
            for error in errors:
                for message in error.messages:
                    found = self.doubts if error.code == DOUBT else self.faults
                    found.append(Fault(label, value, message))


def _label(form: forms.ModelForm, name: str) -> str:
    return str(form.fields[name].label) if name in form.fields else ""


class FaultyRows(NamedTuple):
    """The rows that have the same fault, such as "4, 7–9"."""

    rows: str
    sheet: str
    fault: Fault


@dataclass
class Examined:
    """What reading in one sheet would do."""

    sheet: str
    told: tuple[str, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    new_places: dict[str, str] = field(default_factory=dict)  # by the name in lower case

    @property
    def new(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_added and not entry.faults]

    @property
    def changed(self) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.form and not entry.is_added and not entry.faults
        ]

    @property
    def unchanged_count(self) -> int:
        return sum(entry.form is None and not entry.faults for entry in self.entries)

    @property
    def faulty_count(self) -> int:
        return sum(bool(entry.faults) for entry in self.entries)

    @property
    def resembling(self) -> list[Entry]:
        return [entry for entry in self.new if entry.resembles]

    @property
    def faults(self) -> list[FaultyRows]:
        return list(_together(self.sheet, ((e.row, e.faults) for e in self.entries)))

    @property
    def doubts(self) -> list[FaultyRows]:
        return list(_together(self.sheet, ((e.row, e.doubts) for e in self.entries)))

    @property
    def digests(self) -> set[str]:
        """What the one who reads in has to have been shown, to be asked no more."""
        asking = (e.form.confirmation for e in self.entries if e.form and e.form.confirmation)
        return {digest for one in asking for digest in one.initial["shown"].split()}


def _together(sheet: str, found: Iterable[tuple[int, list[Fault]]]) -> Iterator[FaultyRows]:
    """Each fault once, with all the rows that have it."""
    rows: dict[Fault, list[int]] = defaultdict(list)
    for row, faults in found:
        for fault in dict.fromkeys(faults):
            rows[fault].append(row)
    for fault, numbers in rows.items():
        yield FaultyRows(_in_short(numbers), sheet, fault)


def _in_short(numbers: list[int]) -> str:
    """4, 7, 8, 9 as "4, 7–9"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)
