"""An åtgärdsplan laid out: problem → the promises that answer it → their activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from promises.models import ActionPlan, Activity, Problem, Promise


@dataclass(frozen=True)
class Measure:
    """An activity as a measure (åtgärd) of the plan.

    `is_added_later` tells that it was planned after the day of the decision.
    """

    activity: Activity
    is_overdue: bool
    is_added_later: bool


@dataclass(frozen=True)
class Answer:
    """A promise with its measures. `is_repeated` when they stand under an earlier problem."""

    promise: Promise
    measures: tuple[Measure, ...]
    is_repeated: bool = False


@dataclass(frozen=True)
class Answered:
    """A problem and the promises of the plan's period that answer it; there may be none."""

    problem: Problem
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Measures:
    """All of a plan; `others` are the period's promises that no problem of the picture has."""

    problems: tuple[Answered, ...]
    others: tuple[Answer, ...]


def measures_of(plan: ActionPlan, on: date) -> Measures:
    """The plan's measures as they stand on the day, in a constant number of queries."""
    promises = {
        promise.pk: _answer(plan, promise, on)
        for promise in plan.period.promises.prefetch_related(
            "activities__responsible", "activities__responsible_member", "activities__place"
        ).order_by("number")
    }
    told: set[int] = set()
    problems = []
    for problem in plan.picture.problems.standing().with_links():
        own = [promises[row.pk] for row in problem.promises.all() if row.pk in promises]
        problems.append(
            Answered(
                problem,
                tuple(
                    Answer(one.promise, one.measures, is_repeated=one.promise.pk in told)
                    for one in own
                ),
            )
        )
        told |= {one.promise.pk for one in own}
    others = tuple(one for pk, one in promises.items() if pk not in told)
    return Measures(tuple(problems), others)


def _answer(plan: ActionPlan, promise: Promise, on: date) -> Answer:
    return Answer(
        promise,
        tuple(
            Measure(
                activity,
                activity.is_overdue(on),
                timezone.localdate(activity.created_at) > plan.decided_on,
            )
            for activity in promise.activities.all()
        ),
    )
