"""What the review before this one said of the same goal, undertaking or promise."""

from __future__ import annotations

from dataclasses import dataclass

from followup.models import Assessment, Review
from promises.models import Goal, Promise, Undertaking

Thing = Goal | Undertaking | Promise


@dataclass(frozen=True)
class LastAssessment:
    """`review` is None when nothing was adopted before; `assessment` when it judged other things.

    `had_other_wording` tells of a promise that was changed when it was carried over.
    """

    review: Review | None = None
    assessment: Assessment | None = None
    had_other_wording: bool = False


def last_assessment(assessment: Assessment) -> LastAssessment:
    """The judgement of the same thing in the latest adopted review of earlier days.

    A promise of a new löftesperiod is the same when it was carried over, or when it has the
    number and the wording of the earlier one.
    """
    before = Review.objects.before(assessment.review)
    if before is None:
        return LastAssessment()
    assessed = assessment.assessed
    earlier = [
        one
        for one in before.assessments.select_related(
            "goal", "undertaking", "promise", "assessed_by"
        ).exclude(value="")
        if type(one.assessed) is type(assessed)
    ]
    for is_same in (_is_itself, _is_carried_over, _reads_the_same):
        for one in earlier:
            if is_same(one.assessed, assessed):
                return LastAssessment(before, one, one.assessed.wording != assessed.wording)
    return LastAssessment(before)


def _is_itself(earlier: Thing, now: Thing) -> bool:
    return earlier.pk == now.pk


def _is_carried_over(earlier: Thing, now: Thing) -> bool:
    return isinstance(now, Promise) and earlier.pk == now.predecessor_id


def _reads_the_same(earlier: Thing, now: Thing) -> bool:
    return (earlier.number, earlier.wording) == (now.number, now.wording)
