"""The plan as sheets: its activities, and the days they are planned for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from followup.log.planned import PlannedDay, with_state
from followup.spreadsheet.columns import ACTIVITIES, PLANNED, Column, under_label
from followup.spreadsheet.writing import Sheet
from promises.models import Activity, PlannedOccasion
from promises.models.activity import MONTH_NAMES


def activities_sheet(activities: QuerySet[Activity]) -> Sheet:
    """The activities, those of the oldest promises first, one a row."""
    found = activities.select_related(
        "promise__period", "undertaking", "responsible", "responsible_member", "place"
    ).order_by("id")
    return _sheet("Aktiviteter", ACTIVITIES, map(activity_values, found))


def planned_sheet(planned: QuerySet[PlannedOccasion], on: date) -> Sheet:
    """The planned occasions in order of date, each with its state on the date, one a row."""
    found = planned.select_related("activity__promise__period", "activity__undertaking")
    days = with_state(found.order_by("date", "id"), on)
    return _sheet("Planerade tillfällen", PLANNED, map(planned_values, days))


def _sheet(name: str, columns: tuple[Column, ...], values: Iterable[dict[str, object]]) -> Sheet:
    return Sheet(
        name,
        [column.heading for column in columns],
        [column.width for column in columns],
        ([row[column.key] for column in columns] for row in values),
    )


def activity_values(activity: Activity) -> dict[str, object]:
    """What an activity says in each of the columns, by key."""
    return {
        "under": under_label(activity),
        "title": activity.title,
        "kind": activity.get_kind_display(),
        "description": activity.description,
        "responsible": activity.responsible and activity.responsible.short_name,
        "responsible_member": activity.responsible_member and activity.responsible_member.name,
        "place": activity.place and activity.place.name,
        "planned_from": activity.planned_from,
        "planned_to": activity.planned_to,
        "in_force_from": activity.in_force_from,
        "in_force_to": activity.in_force_to,
        "target_count": activity.target_count,
        "target_per": activity.get_target_per_display(),
        "season_from": activity.season_from and MONTH_NAMES[activity.season_from - 1],
        "season_to": activity.season_to and MONTH_NAMES[activity.season_to - 1],
        "status": activity.get_status_display(),
        "cancellation_reason": activity.cancellation_reason,
        "id": activity.pk,
        "version": activity.version,
    }


def planned_values(day: PlannedDay) -> dict[str, object]:
    """What a planned occasion says in each of the columns, by key."""
    planned = day.planned
    return {
        "date": planned.date,
        "under": under_label(planned.activity),
        "activity": planned.activity.title,
        "place": planned.place and planned.place.name,
        "responsible_member": planned.responsible_member and planned.responsible_member.name,
        "note": planned.note,
        "state": day.state.label,
        "cancelled": planned.cancellation_reason,
        "activity_id": planned.activity_id,
        "id": planned.pk,
        "version": planned.version,
    }
