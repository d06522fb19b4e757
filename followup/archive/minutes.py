"""The minutes' stored text → what their page and their PDF are made of.

There has been one format. Should the shape change, it gets a new number, and this reader stays.
"""

from __future__ import annotations

import json
from datetime import date, time

from followup.archive.canonical import sha256_of
from followup.archive.record import Record, record_of

FORMAT = 1
PRESENT = "present"


class SignedMinutes(Record):
    """Minutes as their text has them, with the text itself."""

    text: str
    sha256: str


def read_minutes(text: str) -> SignedMinutes:
    """The minutes of a stored text. Raises ValueError for a format that was never written."""
    data = json.loads(text)
    if (number := data.pop("format")) != FORMAT:
        raise ValueError(f"No reader knows format {number}.")
    for name in ("starts_at", "ends_at"):
        data[name] = data[name] and time.fromisoformat(data[name])
    for paragraph in data["paragraphs"]:
        for task in paragraph["tasks"]:
            task["due_on"] = date.fromisoformat(task["due_on"])
    parts = vars(record_of(data | {"date": date.fromisoformat(data["date"])}))
    parts["present"] = tuple(row for row in parts["attendance"] if row.presence == PRESENT)
    # Every uppdrag with the number of its paragraph.
    parts["tasks"] = tuple((one.number, task) for one in parts["paragraphs"] for task in one.tasks)
    return SignedMinutes(parts | {"text": text, "sha256": sha256_of(text)})
