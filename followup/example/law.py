"""What the example's coordinators have noted in the Lagkontroll."""

from __future__ import annotations

from followup.example.cast import Cast
from followup.models import LawNote


def load(example: Cast, rows: dict) -> None:
    """Add what `law.toml` holds, once the example's members are there."""
    for row in rows["notes"]:
        LawNote.objects.create(
            agreement=example.agreement,
            noted_by=example.members[row.pop("noted_by")],
            rationale=row.pop("rationale").strip(),
            is_example=True,
            **row,
        )
