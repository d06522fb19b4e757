"""Whom the example's parties have appointed to coordinate, and a prognosis set by hand."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from followup.example.cast import Cast
from followup.models import Forecast
from promises.models import Activity, Appointment


def load(example: Cast, evidence: dict) -> None:
    """Add what `evidence.toml` holds, once the example's members and activities are there."""
    for row in evidence["appointments"]:
        member = example.members[row.pop("member")]
        Appointment.objects.create(
            agreement=example.agreement,
            function=Appointment.Function.COORDINATOR,
            member=member,
            party=member.party,
            is_example=True,
            **row,
        )
    for row in evidence["forecasts"]:
        made_at = timezone.make_aware(datetime.combine(row.pop("made_on"), time(9)))
        Forecast.objects.create(
            activity=Activity.objects.get(title=row.pop("activity"), is_example=True),
            made_by=example.members[row.pop("made_by")],
            made_at=made_at,
            rationale=row.pop("rationale").strip(),
            is_example=True,
            **row,
        )
