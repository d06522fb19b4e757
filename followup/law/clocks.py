"""The two clocks, never mixed: the agreement's own, and the law's.

The agreement's says that its goals are followed up at an interval counted from its first day
(`next_review`), and stands still when it has ended; the law's (2023:196, 6 §) that the lägesbild
is updated and the åtgärdsplan followed up at least every second year, counted from when it was
last done. The law's go on whatever becomes of the agreement.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from followup.law.next_review import next_due, next_stretch
from followup.law.rows import ClockRow
from followup.models import Review
from followup.models.occasion import end_of
from followup.time.spans import Span
from promises.models import ActionPlan, Agreement, SituationPicture

# Lag (2023:196) 6 §: the lägesbild is updated, and the åtgärdsplan followed up, at least every
# second year.
YEARS_BETWEEN = relativedelta(years=2)


class Clock(StrEnum):
    """Whose clock it is."""

    AGREEMENT = "Överenskommelsen"
    LAW = "Lag (2023:196) 6 §"


class Duty(StrEnum):
    """What a clock counts the days to."""

    GOALS = "Målen följs upp"
    PICTURE = "Lägesbilden uppdateras"
    PLAN = "Åtgärdsplanen följs upp"

    @property
    def clock(self) -> Clock:
        return Clock.AGREEMENT if self is Duty.GOALS else Clock.LAW

    @property
    def address(self) -> str:
        """Where it is done."""
        if self is Duty.GOALS:
            return reverse("reviews")
        return reverse("situation") + ("#atgardsplan" if self is Duty.PLAN else "")


def clocks_at(
    agreement: Agreement,
    picture: SituationPicture | None,
    plan: ActionPlan | None,
    on: date,
    counting: Review | None = None,
) -> dict[Duty, ClockRow]:
    """Each clock that runs, as of the day. The law's begin when there is something to update.

    A review that tells of the clocks counts itself (`counting`), as made on its cut-off: it is
    the very thing that they ask for.
    """
    reviews = adopted_by(agreement, on)
    if counting:
        reviews.append((counting, counting.cutoff_on))
    clocks = {}
    if goals := goals_clock(agreement, reviews, on):
        clocks[Duty.GOALS] = goals
    if picture:
        clocks[Duty.PICTURE] = _laws_clock(Duty.PICTURE, picture.adopted_on, None, on)
    if plan:
        followed_up_on = followed_up(plan, reviews)
        clocks[Duty.PLAN] = _laws_clock(Duty.PLAN, followed_up_on, plan.decided_on, on)
    if counting:
        for duty in clocks.keys() & {Duty.GOALS, Duty.PLAN}:
            clocks[duty] = replace(clocks[duty], name=f"{duty} (den här medräknad)")
    return clocks


def clocks_on(agreement: Agreement, on: date) -> dict[str, ClockRow]:
    """The clocks that run on the day: "goals", "picture" and "plan" (settings.CLOCKS)."""
    clocks = clocks_at(agreement, picture_at(agreement, on), plan_at(agreement, on), on)
    return {duty.name.lower(): clock for duty, clock in clocks.items()}


def picture_at(agreement: Agreement, on: date) -> SituationPicture | None:
    """The lägesbild that was adopted last by the day."""
    adopted = SituationPicture.objects.in_line_with(agreement).filter(adopted_on__lte=on)
    return adopted.order_by("-adopted_on", "-edition").first()


def plan_at(agreement: Agreement, on: date) -> ActionPlan | None:
    """The åtgärdsplan that was decided on last by the day."""
    pictures = SituationPicture.objects.in_line_with(agreement)
    decided = ActionPlan.objects.filter(picture__in=pictures, decided_on__lte=on)
    return decided.select_related("picture", "period").order_by("-decided_on", "-id").first()


def adopted_by(agreement: Agreement, on: date) -> list[tuple[Review, date]]:
    """The reviews that both parties had signed by the day, each with the day of the last one."""
    reviews = (
        Review.objects.adopted()
        .filter(agreement=agreement, submissions__document__adopted_at__lt=end_of(on))
        .annotate(adopted_at=F("submissions__document__adopted_at"))
    )
    return [(review, _day(review.adopted_at)) for review in reviews.order_by("adopted_at", "id")]


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def followed_up(plan: ActionPlan, reviews: list[tuple[Review, date]]) -> date | None:
    """The day the plan was last followed up: a review of its löftesperiod was adopted, later
    than the plan was decided on.
    """
    return max(
        (
            day
            for review, day in reviews
            if day > plan.decided_on
            and review.starts_on <= plan.period.ends_on
            and review.ends_on >= plan.period.starts_on
        ),
        default=None,
    )


def goals_clock(
    agreement: Agreement, reviews: list[tuple[Review, date]], on: date
) -> ClockRow | None:
    """The agreement's clock, given the adopted reviews; None while it stands still."""
    due_on = next_due(agreement, _days_of(reviews), on)
    if due_on is None:
        return None
    last_on = max((day for _, day in reviews), default=None)
    return ClockRow(Duty.GOALS, Clock.AGREEMENT, last_on, due_on, is_overdue=due_on < on)


def review_clock(agreement: Agreement, on: date) -> ClockRow | None:
    """The agreement's own clock as of the day, where the law's are not asked for."""
    return goals_clock(agreement, adopted_by(agreement, on), on)


def days_to_review(agreement: Agreement, on: date) -> Span | None:
    """The days that the next review is of; None when there are none to review on the day."""
    return next_stretch(agreement, _days_of(adopted_by(agreement, on)), on)


def _days_of(reviews: list[tuple[Review, date]]) -> list[Span]:
    return [Span.of(review) for review, _ in reviews]


def _laws_clock(duty: Duty, last_on: date | None, began_on: date | None, on: date) -> ClockRow:
    """A clock of the law's; `began_on` is what it counts from before it was done at all."""
    due_on = (last_on or began_on) + YEARS_BETWEEN
    return ClockRow(duty, duty.clock, last_on, due_on, is_overdue=due_on < on)
