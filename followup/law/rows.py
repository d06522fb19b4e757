"""What a report prints of the Lagkontroll: plain data, so that it can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LawRow:
    """A paragraph of lag (2023:196): what it asks for and what there is to show for it.

    `state` is "evident", "noted" or "missing".
    """

    paragraph: str
    heading: str
    asks: str
    state: str
    state_label: str
    evidence: tuple[str, ...]
    lack: str
    note: str
    noted_by: str
    noted_on: date | None


@dataclass(frozen=True)
class ClockRow:
    """One of the two clocks, while it runs: the agreement's, or the law's."""

    name: str
    source: str
    last_on: date | None
    due_on: date
    is_overdue: bool


@dataclass(frozen=True)
class Law:
    """The Lagkontroll as of `told_on`: the cut-off, or the agreement's last day before it."""

    rows: tuple[LawRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    told_on: date | None = None
