"""What of a thing comes along when it goes on under a new owner: in a new löftesperiod or
agreement, next year, or in the next edition of the lägesbild.

A field comes along unless it is named here, so that a new one is not forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import models

from promises.models import (
    Activity,
    Agreement,
    Appointment,
    Cause,
    Goal,
    Metric,
    PlannedOccasion,
    Problem,
    Promise,
    SituationPicture,
    Source,
    Undertaking,
)

Thing = TypeVar("Thing", bound=models.Model)

# What is the thing's own: whose it is, its days, what became of it, and its version.
NOT_COPIED: dict[type[models.Model], frozenset[str]] = {
    Agreement: frozenset(
        {
            "id",
            "key",
            "title",
            "valid_from",
            "valid_to",
            "runs_until_further_notice",
            "followup_interval_years",
            "registry_number",
            "predecessor",
            "is_draft",
            "presented_on",
            "version",
        }
    ),
    Goal: frozenset({"id", "agreement", "predecessor", "ended_reason"}),
    Undertaking: frozenset({"id", "agreement", "predecessor", "ended_reason"}),
    Appointment: frozenset({"id", "agreement", "starts_on", "ends_on", "version"}),
    Promise: frozenset({"id", "period", "number", "predecessor", "carried", "carried_reason"}),
    Activity: frozenset(
        {
            "id",
            "agreement",
            "promise",
            "undertaking",
            "planned_from",
            "planned_to",
            "in_force_from",
            "in_force_to",
            "status",
            "cancellation_reason",
            "predecessor",
            "created_at",
            "version",
        }
    ),
    Metric: frozenset({"id", "activity", "promise", "goal", "version"}),
    PlannedOccasion: frozenset(
        {
            "id",
            "activity",
            "date",
            "cancelled_at",
            "cancelled_by",
            "cancellation_reason",
            "created_at",
            "version",
        }
    ),
    SituationPicture: frozenset(
        {
            "id",
            "agreement",
            "edition",
            "dated_on",
            "adopted_on",
            "adopting_body",
            "registry_number",
            "created_by",
            "created_at",
            "version",
        }
    ),
    Source: frozenset({"id", "picture", "version", "withdrawn_at"}),
    Problem: frozenset({"id", "picture", "version", "withdrawn_at"}),
    Cause: frozenset({"id", "problem", "withdrawn_at"}),
}


def what_comes_along(thing: models.Model) -> dict[str, Any]:
    """The values that a copy of the thing has from it, by field.

    Nobody is put in charge who has left the group since.
    """
    own = NOT_COPIED[type(thing)]
    values = {
        field.attname: getattr(thing, field.attname)
        for field in thing._meta.fields
        if field.name not in own
    }
    if values.get("responsible_member_id") and not thing.responsible_member.is_active:
        values["responsible_member_id"] = None
    return values


def copy_for(thing: Thing, **given: Any) -> Thing:
    """A copy of the thing, not saved: as it is, but for what is given, its new owner above all."""
    copy = type(thing)(**what_comes_along(thing))
    for name, value in given.items():
        setattr(copy, name, value)
    return copy


def copy_activity(activity: Activity, **given: Any) -> Activity:
    """Save a copy that follows on the activity, with its metrics and without their readings."""
    copy = copy_for(activity, predecessor=activity, **given)
    copy.save()
    copy_metrics(activity.metrics.all(), activity=copy)
    return copy


def copy_metrics(metrics: Iterable[Metric], **owner: Activity | Promise | Goal) -> None:
    for metric in metrics:
        copy_for(metric, **owner).save()


def with_years(name: str, starts_on: date, ends_on: date) -> str:
    """The name with its first and second year replaced: "Medborgarlöfte 2025–2026"."""
    years = iter([str(starts_on.year), str(ends_on.year)])
    return re.sub(r"\b(?:19|20)\d\d\b", lambda found: next(years, found[0]), name)
