"""What the example's coordinators have noted in the Lagkontroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.models import LawNote

if TYPE_CHECKING:
    from followup.example.loading import _Example


def load(example: _Example, rows: dict) -> None:
    """Add what `law.toml` holds, once the example's members are there."""
    for row in rows["notes"]:
        LawNote.objects.create(
            agreement=example.agreement,
            noted_by=example.members[row.pop("noted_by")],
            rationale=row.pop("rationale").strip(),
            is_example=True,
            **row,
        )
