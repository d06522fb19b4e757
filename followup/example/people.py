"""The example's members without an account to sign in with, and a delegation that has run out."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from followup.example.cast import Cast
from promises.models import Delegation, Member


def load(example: Cast, people: dict) -> None:
    """Add what `people.toml` holds, once the example accounts are there."""
    for key, row in people["members"].items():
        example.members[key] = Member.objects.create(
            party=example.parties[row.pop("party")],
            invited_at=_in_the_morning(row.pop("invited_on")),
            is_active="left_on" not in row,
            password=make_password(None),  # none that can be used
            is_example=True,
            **row,
        )
    for row in people["delegations"]:
        signatory = example.members[row.pop("signatory")]
        Delegation.objects.create(
            signatory=signatory,
            delegate=example.members[row.pop("delegate")],
            created_by=signatory,
            created_at=_in_the_morning(row.pop("decided_on")),
            **row,
        )


def _in_the_morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
