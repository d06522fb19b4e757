"""What the quick log offers: the activities in the order they are likely, and last time's entry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from followup.log.planned import PlannedDay, due, with_state
from followup.models import Occasion
from promises.models import Activity, Member, PlannedOccasion, Promise, PromisePeriod
from promises.models.promise import PromisePeriodQuerySet

RECENT = 5


@dataclass(frozen=True)
class Choice:
    """An activity to log on, with the occasion when it was last carried out, if it ever was."""

    activity: Activity
    last: Occasion | None

    @property
    def same_again(self) -> str:
        """Last time's entry, as JSON for the form's script; what was counted is counted anew."""
        return json.dumps(same_as(self.last)) if self.last else ""


@dataclass(frozen=True)
class Choices:
    """Everything that something done on the day can be logged on, the likeliest first.

    It is what is in force that day. Where no löftesperiod is, `before` and `after` are the last one
    until then and the first one to come. As long as none is to come people go on with the last
    one's promises, so they are offered, and the page says that it has run out.
    """

    on: date
    planned: list[PlannedDay]
    recent: list[Choice]
    periods: list[tuple[PromisePeriod, list[tuple[Promise, list[Choice]]]]]
    under_undertakings: list[Choice]
    before: PromisePeriod | None = None
    after: PromisePeriod | None = None

    @property
    def all(self) -> list[Choice]:
        """Each activity once."""
        found = [*self.recent, *self.under_undertakings]
        for _, promises in self.periods:
            for _, choices in promises:
                found += choices
        return list({choice.activity.pk: choice for choice in found}.values())


def same_as(last: Occasion) -> dict[str, object]:
    """What is alike from one time to the next: text, place, party and time; never the figures."""
    return {
        "done": last.done,
        "outcome": last.outcome,
        "place": last.place_id,
        "party": last.party_id,
        "minutes": last.minutes,
    }


def choices_for(member: Member, on: date, planned_until: date | None = None) -> Choices:
    """What the member can log on the date. With `planned_until`, nothing planned for later."""
    visible = PromisePeriod.objects.visible_to(member)
    periods = list(visible.in_force(on).order_by("starts_on", "id").prefetch_related("promises"))
    before, after = (None, None) if periods else _neighbours(visible, on)
    run_out = before if after is None else None
    planned = due(PlannedOccasion.objects.visible_to(member), on)
    if run_out is None:
        planned = planned.in_force()
    if planned_until:
        planned = planned.filter(date__lte=planned_until)
    choices = _with_last_time(_loggable(member, on, run_out))
    by_title = sorted(choices, key=lambda choice: (choice.activity.title, choice.activity.pk))
    return Choices(
        on=on,
        planned=with_state(planned, on),
        recent=_recent(choices),
        periods=[
            (period, _under_promises(period, by_title))
            for period in periods or ([run_out] if run_out else [])
        ],
        under_undertakings=sorted(
            (one for one in by_title if one.activity.undertaking),
            key=lambda choice: choice.activity.undertaking.number,
        ),
        before=before,
        after=after,
    )


def _neighbours(
    periods: PromisePeriodQuerySet, on: date
) -> tuple[PromisePeriod | None, PromisePeriod | None]:
    """The last period before the date, and the first one after it."""
    return (
        periods.filter(ends_on__lt=on).order_by("ends_on").last(),
        periods.filter(starts_on__gt=on).order_by("starts_on").first(),
    )


def _under_promises(
    period: PromisePeriod, choices: list[Choice]
) -> list[tuple[Promise, list[Choice]]]:
    return [
        (promise, [one for one in choices if one.activity.promise_id == promise.pk])
        for promise in period.promises.all()
    ]


def last_time(activity: Activity) -> Occasion | None:
    """The latest occasion of the activity that stands, or of the one it has taken over from."""
    occasions = Occasion.objects.carried_out().newest_first()
    return (
        occasions.filter(activity=activity).first()
        or occasions.filter(activity=activity.predecessor_id).first()
    )


def place_of_the_day(member: Member, on: date) -> int | None:
    """Where the member logged something last on the day: they are probably still there."""
    today = Occasion.objects.carried_out().filter(member=member, date=on, place__isnull=False)
    return today.order_by("-created_at", "-id").values_list("place_id", flat=True).first()


def tomorrow(on: date) -> date:
    return on + timedelta(days=1)


def _loggable(member: Member, on: date, run_out: PromisePeriod | None) -> QuerySet[Activity]:
    """Those in force, or of the period that has run out, that the member sees, with when they themselves, and anybody, last carried
    them out. One that has not been since it took over was when the one before it was.
    """
    in_force = Activity.objects.in_force(on)
    lasting = Activity.objects.filter(promise__period=run_out) if run_out else in_force
    standing = Occasion.objects.carried_out().newest_first()
    mine = standing.filter(member=member)

    def latest(occasions: QuerySet[Occasion], value: str) -> Coalesce:
        return Coalesce(
            *(
                Subquery(occasions.filter(activity=OuterRef(key)).values(value)[:1])
                for key in ("pk", "predecessor_id")
            )
        )

    return (
        Activity.objects.visible_to(member)
        .loggable()
        .filter(Q(pk__in=in_force.values("pk")) | Q(pk__in=lasting.values("pk")))
        .select_related("agreement", "promise__period", "undertaking__agreement")
        .prefetch_related("metrics")
        .annotate(mine_on=latest(mine, "date"), last_id=latest(standing, "pk"))
    )


def _with_last_time(activities: QuerySet[Activity]) -> list[Choice]:
    listed = list(activities.order_by(F("mine_on").desc(nulls_last=True), "title", "id"))
    last = Occasion.objects.in_bulk([one.last_id for one in listed if one.last_id])
    return [Choice(one, last.get(one.last_id)) for one in listed]


def _recent(choices: list[Choice]) -> list[Choice]:
    """The member's own latest first, then what the others have logged last."""
    used = [one for one in choices if one.last]
    mine = [one for one in used if one.activity.mine_on]
    others = [one for one in used if not one.activity.mine_on]
    others.sort(key=lambda one: (one.last.date, one.last.pk), reverse=True)
    return [*mine, *others][:RECENT]
