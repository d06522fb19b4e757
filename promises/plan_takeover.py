"""The plan goes on under something new: a löftesperiod that follows, or an agreement that does."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from promises.copying import copy_activity
from promises.models import Activity, Member, PlannedOccasion, Promise, Undertaking


def still_planned() -> QuerySet[PlannedOccasion]:
    """The plan's days that are to be carried out yet. What has been is known above this room: the
    settings say who tells it.
    """
    return import_string(settings.STILL_PLANNED)(PlannedOccasion.objects.all())


class PlanTakeover:
    """Which activities go on as which, from which day; and which stay behind, and why."""

    def __init__(self) -> None:
        self.rows: list[tuple[Activity, Activity | None, date, str]] = []

    def go_on(
        self,
        activities: QuerySet[Activity],
        first_day: date,
        new: models.Model,
        **owner: Promise | Undertaking,
    ) -> None:
        """Copy the activities to their new owner, under what is new from the day."""
        reason = f"Följde med till ”{new}”"
        for activity in activities.select_related("responsible_member").prefetch_related("metrics"):
            self.rows.append((activity, copy_activity(activity, **owner), first_day, reason))

    def leave(self, activities: QuerySet[Activity], first_day: date, reason: str) -> None:
        self.rows += [(activity, None, first_day, reason) for activity in activities]

    def move_days(self, waiting: QuerySet[PlannedOccasion], by: Member | None) -> None:
        """Let the days that wait follow what has taken over, and cancel those that nothing has."""
        for activity, successor, first_day, reason in self.rows:
            for day in waiting.filter(activity=activity, date__gte=first_day).order_by("date"):
                if successor is not None:
                    day.activity, day.version = successor, day.version + 1
                    day._change_reason = reason
                    day.save()
                elif by is not None:
                    day.cancel(by, reason[:500])
