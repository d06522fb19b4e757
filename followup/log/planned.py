"""The plan's days against the log: which planned occasions have come off, which are late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextChoices
from django.urls import reverse

from followup.models import Occasion
from promises.models import Activity, PlannedOccasion

# Near enough to its day, on either side of it, to be what somebody comes to log.
DUE_WITHIN = timedelta(days=14)


class PlannedState(TextChoices):
    """Where a planned occasion stands on a date. It is derived, never stored."""

    PLANNED = "planned", "Planerat"
    CARRIED_OUT = "carried_out", "Genomfört"
    LATE = "overdue", "Försenat"
    CANCELLED = "cancelled", "Inställt"


@dataclass(frozen=True)
class PlannedDay:
    """A planned occasion with what became of it: its state on `on`, and the occasion logged."""

    planned: PlannedOccasion
    occasion_id: int | None
    on: date

    @property
    def state(self) -> PlannedState:
        if self.occasion_id is not None:
            return PlannedState.CARRIED_OUT
        if self.reason:
            return PlannedState.CANCELLED
        return PlannedState.LATE if self.planned.date < self.on else PlannedState.PLANNED

    @property
    def reason(self) -> str:
        """Why it was cancelled, by itself or with its activity; empty when it stands."""
        activity = self.planned.activity
        if self.planned.is_cancelled:
            return self.planned.cancellation_reason
        if activity.status == Activity.Status.CANCELLED:
            return f"Aktiviteten är inställd: {activity.cancellation_reason}"
        return ""

    @property
    def is_open(self) -> bool:
        """Still to be carried out, in time or late."""
        return self.state in {PlannedState.PLANNED, PlannedState.LATE}

    @property
    def is_due(self) -> bool:
        """Late, or near enough for somebody to log it."""
        return self.is_open and self.planned.date <= self.on + DUE_WITHIN

    @property
    def log_address(self) -> str:
        """Where it is logged, with the form filled in from the plan."""
        address = reverse("log_occasion", args=[self.planned.activity_id])
        return f"{address}?planerat={self.planned.pk}"


def _standing_occasions() -> QuerySet[Occasion]:
    """The occasion that stands for each planned one; at most one does, says the database."""
    return Occasion.objects.carried_out().filter(planned=OuterRef("pk"))


def with_state(planned: QuerySet[PlannedOccasion], on: date) -> list[PlannedDay]:
    """The planned occasions in their order, each with its state on the date, in one query."""
    rows = planned.select_related("activity", "place", "responsible_member").annotate(
        occasion_id=Subquery(_standing_occasions().values("pk")[:1])
    )
    return [PlannedDay(row, row.occasion_id, on) for row in rows]


def not_carried_out(planned: QuerySet[PlannedOccasion]) -> QuerySet[PlannedOccasion]:
    """Those that stand and have no occasion logged; a withdrawn one leaves its day free again."""
    return planned.standing().exclude(Exists(_standing_occasions()))


def late(planned: QuerySet[PlannedOccasion], on: date) -> QuerySet[PlannedOccasion]:
    """Försenade: the day has passed, nothing is logged and nobody has cancelled it."""
    return not_carried_out(planned).filter(date__lt=on)


def coming(planned: QuerySet[PlannedOccasion], on: date) -> QuerySet[PlannedOccasion]:
    """Those still to come, today's among them."""
    return not_carried_out(planned).filter(date__gte=on)


def due(planned: QuerySet[PlannedOccasion], on: date) -> QuerySet[PlannedOccasion]:
    """What is to be logged about now: within DUE_WITHIN of the date, before or after."""
    return not_carried_out(planned).filter(date__range=(on - DUE_WITHIN, on + DUE_WITHIN))


def is_carried_out(planned: PlannedOccasion) -> bool:
    """Whether an occasion that stands is logged for it."""
    return planned.occasions.carried_out().exists()


@dataclass(frozen=True)
class LateActivity:
    """An activity with planned occasions that are late, and the day of the latest of them."""

    activity_id: int
    latest: date
    count: int


def late_by_activity(
    activities: Iterable[int], within: tuple[date, date], on: date
) -> dict[int, LateActivity]:
    """What is late on the date among the activities, planned within the two dates.

    From each activity's key to its `LateActivity`, in one query.
    """
    rows = late(PlannedOccasion.objects.filter(activity__in=activities, date__range=within), on)
    found = {}
    for activity_id, day in rows.order_by("date").values_list("activity_id", "date"):
        count = found[activity_id].count + 1 if activity_id in found else 1
        found[activity_id] = LateActivity(activity_id, day, count)
    return found
