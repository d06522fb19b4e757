"""A new löftesperiod made of the one before it: promises carried over, and what belongs to them.

The parties decide promise by promise: it continues as it stands, is changed, or ends. What was
promised stays where it was, with what was done about it, and says what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from promises.copying import copy_for, copy_metrics
from promises.models import (
    Activity,
    Agreement,
    Goal,
    Member,
    Party,
    PlannedOccasion,
    Problem,
    Promise,
    PromisePeriod,
)
from promises.plan_takeover import PlanTakeover

SOMEBODY_WAS_FIRST = (
    "Någon annan hann före: efter {period} kommer redan ”{successor}”. Inget har sparats från dig."
)
PROMISE_ENDS = "Löftet avslutas. Skäl: {reason}"
STAYS_BEHIND = "Aktiviteten följde inte med till ”{new}”."


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What becomes of a promise. `topic` and `wording` are the new ones of a changed promise."""

    promise: Promise
    carried: Promise.Carried
    topic: str = ""
    wording: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NewPromise:
    """A promise that has none before it. `goals` are of the earlier period's agreement."""

    topic: str
    wording: str
    responsible: Sequence[Party]
    goals: Sequence[Goal] = ()


def carry_over(
    earlier: PromisePeriod,
    *,
    new: PromisePeriod,
    choices: Sequence[Choice],
    added: Sequence[NewPromise] = (),
    with_activities: bool = False,
    waiting: QuerySet[PlannedOccasion] | None = None,
    by: Member | None = None,
) -> PromisePeriod:
    """Save `new` as the period after `earlier`: everything or nothing.

    `choices` holds one choice for each promise of the earlier period, `added` the promises that
    are new. `new` stands under the agreement it names: the earlier one's, or the one that follows.

    With activities, those that have not been cancelled come along as planned ones without dates.
    Metrics come along with their baseline and without readings. The plan's days follow, from the
    day the new period takes over: those of an activity that comes along go on under the new one,
    and those of one that does not are cancelled, by `by`, for that reason. `waiting` are the days
    to be carried out yet; without it, every one that is not cancelled.

    Raises ValidationError, with the field to mend where there is one, when the dates don't follow
    the earlier ones, a choice lacks what it needs, or somebody else has made the next period.
    """
    try:
        with transaction.atomic():
            carrying = _CarryingOver(earlier, with_activities)
            carrying.carry(new, choices, added)
            carrying.plan.move_days(
                PlannedOccasion.objects.standing() if waiting is None else waiting, by
            )
            return new
    except IntegrityError as error:
        earlier = PromisePeriod.objects.select_related("successor").get(pk=earlier.pk)
        if hasattr(earlier, "successor"):
            raise _somebody_was_first(earlier) from error
        raise


class _CarryingOver:
    def __init__(self, earlier: PromisePeriod, with_activities: bool) -> None:
        # The row is locked, and a form that is open on the earlier period is stale from now on.
        self.earlier = PromisePeriod.objects.select_for_update().get(pk=earlier.pk)
        if hasattr(self.earlier, "successor"):
            raise _somebody_was_first(self.earlier)
        PromisePeriod.objects.filter(pk=earlier.pk).update(version=F("version") + 1)
        self.with_activities = with_activities
        pictures = self.earlier.agreement.pictures
        # The picture that applies, and the draft of the next one.
        self.pictures = [pictures.current(), pictures.filter(adopted_on=None).first()]
        self.promises = {promise.pk: promise for promise in self.earlier.promises.all()}
        self.plan = PlanTakeover()

    def carry(
        self,
        new: PromisePeriod,
        choices: Sequence[Choice],
        added: Sequence[NewPromise],
    ) -> None:
        self._check(new, choices, added)
        self.goals = _goals_now(self.earlier.agreement, new.agreement)
        new.predecessor = self.earlier
        new.full_clean()
        new.save()
        carried = [choice for choice in choices if choice.carried != Promise.Carried.ENDED]
        for number, choice in enumerate(carried, start=1):
            self._carry(choice, new, number)
        for number, promise in enumerate(added, start=len(carried) + 1):
            self._add(promise, new, number)
        for choice in choices:
            self._settle(choice)
            if choice.carried == Promise.Carried.ENDED:
                ending = self.promises[choice.promise.pk].activities.loggable()
                reason = PROMISE_ENDS.format(reason=choice.reason.strip())
                self.plan.leave(ending, self._first_day(new), reason)

    def _first_day(self, new: PromisePeriod) -> date:
        """The day the new period takes over the plan: its first, or the first of a gap before it."""
        return min(new.starts_on, self.earlier.ends_on + timedelta(days=1))

    def _check(
        self, new: PromisePeriod, choices: Sequence[Choice], added: Sequence[NewPromise]
    ) -> None:
        if new.starts_on <= self.earlier.starts_on:
            raise ValidationError(
                {"starts_on": "Den nya löftesperioden ska börja efter att den förra började."}
            )
        if {choice.promise.pk for choice in choices} != set(self.promises) or len(choices) != len(
            self.promises
        ):
            raise ValidationError("Välj vad som händer med vart och ett av löftena.")
        if not added and all(choice.carried == Promise.Carried.ENDED for choice in choices):
            raise ValidationError("En löftesperiod behöver minst ett löfte.")
        for choice in choices:
            if choice.carried == Promise.Carried.ENDED and not choice.reason.strip():
                raise ValidationError(f"Skriv varför löfte {choice.promise.number} avslutas.")
            if choice.carried == Promise.Carried.CHANGED and not (
                choice.topic.strip() and choice.wording.strip()
            ):
                raise ValidationError(f"Skriv hur löfte {choice.promise.number} lyder nu.")

    def _carry(self, choice: Choice, new: PromisePeriod, number: int) -> None:
        promise = self.promises[choice.promise.pk]
        successor = copy_for(promise, period=new, number=number, predecessor=promise)
        if choice.carried == Promise.Carried.CHANGED:
            successor.topic, successor.wording = choice.topic, choice.wording
        self._save(successor, promise.responsible.all(), promise.goals.all())
        copy_metrics(promise.metrics.all(), promise=successor)
        self._take_over(promise.activities.loggable(), new, successor)
        problems = Problem.objects.filter(
            picture__in=[picture for picture in self.pictures if picture],
            promises=promise,
            withdrawn_at=None,
        )
        for problem in problems:  # what the promise was to answer, it still answers
            Problem.objects.filter(pk=problem.pk).update(version=F("version") + 1)
            problem.promises.add(successor)

    def _take_over(self, activities: QuerySet[Activity], new: PromisePeriod, to: Promise) -> None:
        if self.with_activities:
            self.plan.go_on(activities, self._first_day(new), new, promise=to)
        else:
            self.plan.leave(activities, self._first_day(new), STAYS_BEHIND.format(new=new))

    def _add(self, added: NewPromise, new: PromisePeriod, number: int) -> None:
        promise = Promise(period=new, number=number, topic=added.topic, wording=added.wording)
        self._save(promise, added.responsible, added.goals)

    def _save(self, promise: Promise, responsible: Sequence[Party], goals: Sequence[Goal]) -> None:
        promise.full_clean()
        promise.save()
        promise.responsible.set(responsible)
        promise.goals.set(self.goals[goal.pk] for goal in goals if goal.pk in self.goals)

    def _settle(self, choice: Choice) -> None:
        """Let the earlier promise say what became of it."""
        promise = self.promises[choice.promise.pk]
        promise.carried, promise.carried_reason = choice.carried, choice.reason
        promise.full_clean()
        promise.save()


def _goals_now(earlier: Agreement, now: Agreement) -> dict[int, Goal]:
    """From each goal of the earlier agreement to what it is now. One that came as a file has no
    ties to the one before it: there a goal is the one with the same number.
    """
    goals = list(now.goals.all())
    if earlier == now:
        return {goal.pk: goal for goal in goals}
    if tied := {goal.predecessor_id: goal for goal in goals if goal.predecessor_id}:
        return tied
    numbered = {goal.number: goal for goal in goals}
    return {
        goal.pk: numbered[goal.number] for goal in earlier.goals.all() if goal.number in numbered
    }


def _somebody_was_first(earlier: PromisePeriod) -> ValidationError:
    return ValidationError(
        SOMEBODY_WAS_FIRST.format(period=f"”{earlier}”", successor=earlier.successor)
    )
