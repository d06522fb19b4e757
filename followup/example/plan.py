"""The example's plan: days planned for the activities, tied to what the log says of them."""

from __future__ import annotations

from datetime import date

from followup.example.cast import Cast, in_the_morning
from followup.models import Occasion
from promises.models import Activity, Place, PlannedOccasion

PLANNED_IN = (1, 10)  # the month and day on which a year's plan is made


def load(example: Cast, plan: dict) -> None:
    """Add the plan to the activities, places and occasions that the example has brought."""
    for row in plan["places"]:
        place = example.places[row.pop("name")]
        for name, value in row.items():
            setattr(place, name, value)
        place.save()
    activities = {activity.title: activity for activity in Activity.objects.filter(is_example=True)}
    for row in plan["activities"]:
        for planned in row["planned"]:
            _add_planned(example, activities[row["title"]], planned)


def _add_planned(example: Cast, activity: Activity, row: dict) -> None:
    """Plan one day, as the responsible party's coordinator did it, and tie it to the log."""
    by = example.coordinator(activity.responsible or example.parties["kommunen"])
    place: Place | None = example.place(row["place"]) if "place" in row else activity.place
    cancelled_on: date | None = row.get("cancelled_on")
    planned = PlannedOccasion.objects.create(
        activity=activity,
        date=row["date"],
        place=place,
        responsible_member=activity.responsible_member,
        note=row.get("note", ""),
        cancellation_reason=row.get("cancelled", ""),
        cancelled_by=by if cancelled_on else None,
        cancelled_at=in_the_morning(cancelled_on) if cancelled_on else None,
        created_at=in_the_morning(date(row["date"].year, *PLANNED_IN)),
        is_example=True,
    )
    if not cancelled_on:
        _tie_to_the_log(planned, row.get("logged", planned.date))


def _tie_to_the_log(planned: PlannedOccasion, day: date) -> None:
    """As if the occasion had been logged from the plan: no change of it stands in the history."""
    occasions = Occasion.objects.carried_out().filter(activity=planned.activity, date=day)
    occasion = occasions.filter(planned__isnull=True).order_by("id").first()
    if occasion:
        Occasion.objects.filter(pk=occasion.pk).update(planned=planned)
        Occasion.history.filter(id=occasion.pk).update(planned=planned)
