"""The example's members without an account to sign in with, and a delegation that has run out."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from followup.example.cast import Cast, in_the_morning
from promises.models import Delegation, Member


def load(example: Cast, people: dict) -> None:
    """Add what `people.toml` holds, once the example accounts are there."""
    for key, row in people["members"].items():
        example.members[key] = example.add(
            Member,
            row,
            invited_at=in_the_morning(row.pop("invited_on")),
            is_active="left_on" not in row,
            password=make_password(None),  # none that can be used
        )
    for row in people["delegations"]:
        signatory, delegate = (example.members[row.pop(name)] for name in ("signatory", "delegate"))
        Delegation.objects.create(
            signatory=signatory,
            delegate=delegate,
            created_by=signatory,
            created_at=in_the_morning(row.pop("decided_on")),
            **row,
        )
