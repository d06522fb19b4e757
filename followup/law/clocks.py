"""The two two-year clocks, never mixed: the agreement's own, and the law's.

The agreement's says that its goals are followed up at an interval counted from its first day;
the law's (2023:196, 6 §) that the lägesbild is updated and the åtgärdsplan followed up at least
every second year, counted from when it was last done.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from dateutil.relativedelta import relativedelta
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from followup.law.rows import ClockRow
from followup.models import Review
from followup.models.occasion import end_of
from promises.models import ActionPlan, Agreement, SituationPicture
from promises.models.situation import YEARS_BETWEEN


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
    agreement: Agreement, picture: SituationPicture | None, plan: ActionPlan | None, on: date
) -> dict[Duty, ClockRow]:
    """Each clock as of the day. The law's begin to run when there is something to update."""
    reviews = _adopted(agreement, on)
    clocks = {Duty.GOALS: goals_clock(agreement, reviews, on)}
    if picture:
        clocks[Duty.PICTURE] = _laws_clock(Duty.PICTURE, picture.adopted_on, None, on)
    if plan:
        followed_up_on = followed_up(plan, reviews)
        clocks[Duty.PLAN] = _laws_clock(Duty.PLAN, followed_up_on, plan.decided_on, on)
    return clocks


def picture_at(agreement: Agreement, on: date) -> SituationPicture | None:
    """The lägesbild that was adopted last by the day."""
    adopted = SituationPicture.objects.filter(agreement=agreement, adopted_on__lte=on)
    return adopted.order_by("-adopted_on", "-edition").first()


def plan_at(agreement: Agreement, on: date) -> ActionPlan | None:
    """The åtgärdsplan that was decided on last by the day."""
    decided = ActionPlan.objects.filter(picture__agreement=agreement, decided_on__lte=on)
    return decided.select_related("picture", "period").order_by("-decided_on", "-id").first()


def _adopted(agreement: Agreement, on: date) -> list[tuple[Review, date]]:
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


def goals_clock(agreement: Agreement, reviews: list[tuple[Review, date]], on: date) -> ClockRow:
    """Due at the end of the first interval after those that have been followed up.

    A review stands for the interval that ends nearest its own last day, so that one made some
    weeks early or late is for the one that was meant.
    """
    years = agreement.followup_interval_years
    done = max((_interval_of(review, agreement) for review, _ in reviews), default=0)
    due_on = agreement.valid_from + relativedelta(years=years * (done + 1))
    last_on = max((day for _, day in reviews), default=None)
    return ClockRow(Duty.GOALS, Clock.AGREEMENT, last_on, due_on, is_overdue=due_on < on)


def review_clock(agreement: Agreement, on: date) -> ClockRow:
    """The agreement's own clock as of the day, where the law's are not asked for."""
    return goals_clock(agreement, _adopted(agreement, on), on)


def _interval_of(review: Review, agreement: Agreement) -> int:
    first = agreement.valid_from
    interval = (first + relativedelta(years=agreement.followup_interval_years) - first).days
    return round(Fraction((review.ends_on - first).days, interval))


def _laws_clock(duty: Duty, last_on: date | None, began_on: date | None, on: date) -> ClockRow:
    """A clock of the law's; `began_on` is what it counts from before it was done at all."""
    due_on = (last_on or began_on) + YEARS_BETWEEN
    return ClockRow(duty, duty.clock, last_on, due_on, is_overdue=due_on < on)
