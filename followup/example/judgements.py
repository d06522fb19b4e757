"""What the example's people have judged themselves: a prognosis, and notes in the Lagkontroll."""

from __future__ import annotations

from followup.example.cast import Cast, in_the_morning
from followup.models import Forecast, LawNote
from promises.models import Activity


def load(example: Cast, forecasts: list[dict], notes: list[dict]) -> None:
    """Add them, once the example's members and activities are there."""
    for row in forecasts:
        activity = Activity.objects.get(title=row.pop("activity"), is_example=True)
        made_at = in_the_morning(row.pop("made_on"))
        example.add(Forecast, row, activity=activity, made_at=made_at)
    for row in notes:
        example.add(LawNote, row, agreement=example.agreement)
