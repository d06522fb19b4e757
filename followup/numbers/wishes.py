"""Wishes received and met, for the targets that are on request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Case, Q, Value, When

from followup.models import Wish
from followup.models.occasion import end_of
from followup.time.spans import Span
from promises.models import Activity


class Received(NamedTuple):
    """A wish, as it stood when it was counted."""

    on: date
    state: Wish.State


Wishes = defaultdict[int, list[Received]]


def wishes_of(activities: Iterable[Activity], span: Span, cutoff_on: date | None = None) -> Wishes:
    """The wishes that came in within the span, by the activity's primary key; one query at most.

    With `cutoff_on` those noted by then, met by what had been logged by then. What is answered
    with why it is not met is not met, whenever that was said.
    """
    wishes = Wishes(list)
    on_request = [activity for activity in activities if activity.takes_wishes]
    if not on_request:
        return wishes
    received = Wish.objects.standing().filter(activity__in=on_request, received_on__range=span)
    is_met = Q(met_by__isnull=False, met_by__withdrawn_at__isnull=True)
    if cutoff_on is not None:
        received = received.filter(created_at__lt=end_of(cutoff_on))
        is_met &= Q(met_by__created_at__lt=end_of(cutoff_on))
    state = Case(
        When(~Q(declined_reason=""), then=Value(Wish.State.DECLINED)),
        When(is_met, then=Value(Wish.State.MET)),
        default=Value(Wish.State.OPEN),
    )
    rows = received.order_by("received_on").annotate(as_it_stood=state)
    for key, day, stood in rows.values_list("activity_id", "received_on", "as_it_stood"):
        wishes[key].append(Received(day, Wish.State(stood)))
    return wishes
