"""What an occasion says, column by column: in the log's spreadsheet and in a report's files."""

from __future__ import annotations

HEADINGS = {
    "date": "Datum",
    "under": "Hör till",
    "activity": "Aktivitet",
    "place": "Plats",
    "party": "Part",
    "minutes": "Tid (minuter)",
    "participants": "Deltagare",
    "done": "Vad som gjordes",
    "outcome": "Vad det gav",
    # No report tells the rest.
    "internal_note": "Intern anteckning",
    "public_sentence": "Mening till medborgarna",
    "is_published": "Publicerad",
    "member": "Loggat av",
    "created_on": "Loggat",
    "withdrawn": "Tillbakadraget",
    "activity_id": "Aktivitets-id",
    "id": "Id",
    "version": "Version",
}
REPORTED = tuple(HEADINGS)[:9]


def share_heading(counted: str) -> str:
    """The heading of the column for of how many, beside that for what was counted."""
    return f"{counted} (av)"
