"""Which occasion a row of a log is about: by its id, or by what stands in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID, uuid5

from followup.models import Occasion
from followup.spreadsheet.log import COUNTED
from followup.spreadsheet.reading import Row
from followup.spreadsheet.table_import import TECHNICAL
from promises.models import Activity

# What a row of somebody else's sheet is, is told by what stands in it.
ROWS_OF_OTHERS = UUID("6f1c36b0-5d0a-4c1e-9c58-0d5f0c9a7e11")
AT_A_TIME = 500


class Identified(NamedTuple):
    """A row with its cells by column, and the identity of the occasion it is about."""

    row: Row
    cells: dict[str, str]
    client_id: UUID | None
    is_given: bool  # by the file; otherwise it is told by what stands in the row


def identified(
    rows: Iterable[tuple[Row, dict[str, str]]], activity: Activity | None
) -> list[Identified]:
    """The rows with their identities; `activity` is what they are all about, when it is one.

    Rows that say the same are told apart by which of them comes first.
    """
    times: Counter[str] = Counter()
    found = []
    for row, cells in rows:
        if given := cells.get("id", "").strip():
            found.append(Identified(row, cells, _uuid(given), is_given=True))
        else:
            contents = _contents(cells, activity)
            times[contents] += 1
            derived = uuid5(ROWS_OF_OTHERS, f"{contents} {times[contents]}")
            found.append(Identified(row, cells, derived, is_given=False))
    return found


def stored_occasions(rows: Iterable[Identified]) -> dict[UUID, Occasion]:
    """Those of the occasions that are in the log already, by identity."""
    keys = sorted({row.client_id for row in rows if row.client_id})
    found = {}
    for start in range(0, len(keys), AT_A_TIME):
        some = Occasion.objects.filter(client_id__in=keys[start : start + AT_A_TIME])
        for occasion in some.with_everything().prefetch_related(COUNTED):
            found[occasion.client_id] = occasion
    return found


def _contents(cells: dict[str, str], activity: Activity | None) -> str:
    """All that the row says, whatever the order of its columns."""
    said = {key: cell for key, cell in cells.items() if cell and key not in TECHNICAL}
    return json.dumps([activity and activity.pk, sorted(said.items())])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
