"""An åtgärdsplan laid out: problem → the promises that answer it → their activities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from promises.models import ActionPlan, Activity, Problem, Promise


@dataclass(frozen=True)
class Answer:
    """A promise with its activities as measures (åtgärder) of the plan.

    Of each measure it tells whether it is overdue, and whether it was planned after the day of
    the decision. `is_repeated` when they stand under an earlier problem.
    """

    promise: Promise
    measures: tuple[tuple[Activity, bool, bool], ...]
    is_repeated: bool = False


def measures_of(
    plan: ActionPlan, on: date
) -> tuple[list[tuple[Problem, list[Answer]]], list[Answer]]:
    """The plan's measures as they stand on the day, in a constant number of queries.

    Problem by problem what answers it, which may be nothing; and then the period's promises that
    no problem of the picture has.
    """
    answers = {
        promise.pk: Answer(promise, _measures(plan, promise, on))
        for promise in plan.period.promises.prefetch_related(
            "activities__responsible", "activities__responsible_member", "activities__place"
        ).order_by("number")
    }
    told: set[int] = set()
    problems = []
    for problem in plan.picture.problems.standing().with_links():
        own = [row.pk for row in problem.promises.all() if row.pk in answers]
        problems.append((problem, [replace(answers[pk], is_repeated=pk in told) for pk in own]))
        told |= {*own}
    return problems, [one for pk, one in answers.items() if pk not in told]


def _measures(
    plan: ActionPlan, promise: Promise, on: date
) -> tuple[tuple[Activity, bool, bool], ...]:
    return tuple(
        (
            activity,
            activity.is_overdue(on),
            timezone.localdate(activity.created_at) > plan.decided_on,
        )
        for activity in promise.activities.all()
    )
