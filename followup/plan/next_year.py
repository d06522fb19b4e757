"""Next year's plan copied from this year's: what is copied, to what, and what has to wait.

The rule, for a year and the one after it:

- An activity that goes on keeps its planned occasions: each comes again on the same weekday,
  52 weeks later (53 when that would still be the same year).
- An activity planned from a day to a day within the year (a campaign of that year) comes again as
  a new activity, with the first one as its predecessor, its dates a year later, the same target
  and metrics, and its planned occasions on the same weekdays.
- An activity under a promise whose löftesperiod ends goes on as a new activity under the promise
  that follows it. As long as no löftesperiod covers the next year it is held back, with the reason.

What has been copied is not offered again: a planned occasion is when its activity has one on the
new day already (also a cancelled one), an activity when it is somebody's predecessor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format

from promises.copying import copy_for, copy_metrics
from promises.models import (
    Activity,
    Agreement,
    PlannedOccasion,
    Promise,
    PromisePeriod,
    Undertaking,
)

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class OccasionCopy:
    """A planned occasion and the day it comes again."""

    source: PlannedOccasion
    date: date
    activity: Activity
    """What it is planned under then: the same activity, or the one that follows it."""

    @property
    def key(self) -> str:
        return f"tillfalle-{self.source.pk}"


@dataclass(frozen=True)
class ActivityCopy:
    """An activity that comes again as a new one, not saved yet, with its planned occasions."""

    source: Activity
    new: Activity
    occasions: tuple[tuple[PlannedOccasion, date], ...]

    @property
    def key(self) -> str:
        return f"aktivitet-{self.source.pk}"


@dataclass(frozen=True)
class HeldBack:
    """An activity of the year that can't be copied, why, and where that can be mended."""

    activity: Activity
    reason: str
    action: str
    address: str


@dataclass(frozen=True)
class NextYear:
    """What there is to copy from the year to the one after it."""

    year: int
    groups: tuple[tuple[Promise | Undertaking, list[ActivityCopy], list[OccasionCopy]], ...]
    """What is copied under each promise or undertaking."""
    held_back: tuple[HeldBack, ...]

    @property
    def next_year(self) -> int:
        return self.year + 1

    @property
    def keys(self) -> list[str]:
        """The keys of everything that can be chosen."""
        return [copy.key for _, *copies in self.groups for copy in chain(*copies)]


def next_year(agreement: Agreement, year: int) -> NextYear:
    """What the agreement's plan for the year holds to copy, in a constant number of queries."""
    return _Offer(agreement, year).read()


@transaction.atomic
def copy_to_next_year(agreement: Agreement, year: int, chosen: Iterable[str]) -> tuple[int, int]:
    """Copy those of the chosen keys that are still to be copied, all of them or none.

    Tells how much it was: new activities, and planned occasions in all.

    Two who copy at the same moment take turns, so that the second finds nothing left.
    """
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    chosen = set(chosen)
    activities = occasions = 0
    for _, new_activities, new_occasions in next_year(agreement, year).groups:
        for copy in new_activities:
            if copy.key in chosen:
                activities += 1
                occasions += _copy_activity(copy)
        for copy in new_occasions:
            if copy.key in chosen:
                occasions += 1
                copy_for(copy.source, activity=copy.activity, date=copy.date).save()
    return activities, occasions


class _Offer:
    """One reading of the year's plan."""

    def __init__(self, agreement: Agreement, year: int) -> None:
        self.year, self.first = year, date(year + 1, 1, 1)
        self.activities = list(_activities_of(agreement, year))
        self.followers = _followers(self.activities)
        self.promises = _promises_that_follow(agreement)
        self.planned = _planned_of(self.activities, year)
        self.taken = _days_taken([*self.activities, *self.followers.values()], year + 1)

    def read(self) -> NextYear:
        groups: dict[Promise | Undertaking, tuple[list, list]] = defaultdict(lambda: ([], []))
        held_back = []
        for activity in self.activities:
            is_new = self._comes_as_a_new_one(activity)
            follower = self.followers.get(activity.pk) if is_new else None
            if follower:
                if follower.status != Activity.Status.CANCELLED:
                    groups[follower.answers_to][1].extend(self._again(activity, follower))
            elif reason := self._obstacle(activity):
                held_back.append(HeldBack(activity, *reason))
            elif is_new:
                copy = self._activity_copy(activity)
                groups[copy.new.answers_to][0].append(copy)
            else:
                groups[activity.answers_to][1].extend(self._again(activity, activity))
        return NextYear(
            self.year,
            tuple(
                (answers_to, activities, occasions)
                for answers_to, (activities, occasions) in groups.items()
                if activities or occasions
            ),
            tuple(sorted(held_back, key=lambda held: (held.address, held.reason))),
        )

    def _again(self, activity: Activity, under: Activity) -> list[OccasionCopy]:
        """The activity's planned occasions on their new days, but for those already there."""
        copies, seen = [], set()
        for planned in self.planned[activity.pk]:
            day = same_weekday_next_year(planned.date)
            # Of a plan for every week the first and second of a year may come on one day.
            if (under.pk, day) not in self.taken and (day, planned.place_id) not in seen:
                seen.add((day, planned.place_id))
                copies.append(OccasionCopy(planned, day, under))
        return copies

    def _obstacle(self, activity: Activity) -> tuple[str, str, str] | None:
        """Why the activity can't be copied, what to do about it, and on which page."""
        period = activity.promise and activity.promise.period
        if period and not _covers_year(period, self.first.year):
            if self._promise_next_year(activity.promise):
                return None
            if activity.promise.carried == Promise.Carried.ENDED:
                reason = "Löftet avslutades med löftesperioden."
                return reason, "Öppna löftet", activity.promise.get_absolute_url()
            return (
                f"Löftesperioden slutar {date_format(period.ends_on)}. "
                "Skapa nästa löftesperiod först.",
                "Löftesperioder",
                reverse("new_period"),
            )
        agreement = activity.agreement
        if agreement.valid_to < self.first and not agreement.runs_until_further_notice:
            return (
                f"Överenskommelsen slutar gälla {date_format(agreement.valid_to)}.",
                "Öppna överenskommelsen",
                reverse("agreement"),
            )
        if self._comes_as_a_new_one(activity):
            return None
        change = "Ändra aktiviteten", reverse("activity_edit", args=[activity.pk])
        if activity.planned_to and activity.planned_to < self.first:
            last = date_format(activity.planned_to)
            return f"Aktiviteten är planerad till och med {last}.", *change
        if activity.status == Activity.Status.CARRIED_OUT:
            return "Aktiviteten är genomförd.", *change
        return None

    def _comes_as_a_new_one(self, activity: Activity) -> bool:
        """A campaign of the year, or an activity whose promise goes on in another period."""
        promise = activity.promise
        is_over = promise is not None and not _covers_year(promise.period, self.first.year)
        return is_over or is_campaign_of(activity, self.year)

    def _promise_next_year(self, promise: Promise) -> Promise | None:
        """The promise itself, or the one that follows it, in the next year."""
        while promise and not _covers_year(promise.period, self.first.year):
            promise = self.promises.get(promise.pk)
        return promise

    def _activity_copy(self, activity: Activity) -> ActivityCopy:
        promise = activity.promise and self._promise_next_year(activity.promise)
        planned_from, planned_to = activity.planned_from, activity.planned_to
        if is_campaign_of(activity, self.year):
            planned_from += relativedelta(years=1)
            planned_to += relativedelta(years=1)
        elif promise:
            # As long as the promise it goes on under.
            planned_from = planned_from and promise.period.starts_on
            planned_to = planned_to and promise.period.ends_on
        new = copy_for(
            activity,
            predecessor=activity,
            promise=promise,
            undertaking=activity.undertaking,
            title=re.sub(rf"\b{self.year}\b", str(self.year + 1), activity.title),
            planned_from=planned_from,
            planned_to=planned_to,
            # Under the same promise or undertaking the new one takes over from the old.
            in_force_from=self.first if promise == activity.promise else None,
        )
        return ActivityCopy(
            source=activity,
            new=new,
            occasions=tuple(
                (copy.source, copy.date) for copy in self._again(activity, under=Activity())
            ),
        )


def same_weekday_next_year(day: date) -> date:
    """52 weeks later; 53 on the days when that would still be the same year."""
    later = day + 52 * WEEK
    return later if later.year > day.year else later + WEEK


def is_campaign_of(activity: Activity, year: int) -> bool:
    """Planned from a day to a day, both within the year."""
    ends = (activity.planned_from, activity.planned_to)
    return all(day is not None and day.year == year for day in ends)


def _covers_year(period: PromisePeriod, year: int) -> bool:
    """Whether the period runs on any day of the year."""
    return period.starts_on.year <= year <= period.ends_on.year


def _activities_of(agreement: Agreement, year: int):
    """Activities of the year: with an occasion planned in it, or their own days within it."""
    planned = PlannedOccasion.objects.filter(date__year=year, cancelled_at__isnull=True)
    return (
        Activity.objects.of_agreement(agreement)
        .exclude(status=Activity.Status.CANCELLED)
        .filter(
            Q(pk__in=planned.values("activity")) | Q(planned_from__year=year, planned_to__year=year)
        )
        .select_related(
            "agreement",
            "promise__period",
            "undertaking__agreement",
            "responsible",
            "responsible_member",
            "place",
        )
        .order_by(
            "promise__period__starts_on", "promise__number", "undertaking__number", "title", "id"
        )
    )


def _followers(activities: list[Activity]) -> dict[int, Activity]:
    """From each activity that has been copied already to its copy."""
    followers = Activity.objects.filter(predecessor__in=activities).select_related(
        "promise__period", "undertaking"
    )
    return {follower.predecessor_id: follower for follower in followers.order_by("id")}


def _promises_that_follow(agreement: Agreement) -> dict[int, Promise]:
    """From each promise that has been carried over to the one that follows it."""
    followers = Promise.objects.filter(
        period__agreement=agreement, predecessor__isnull=False
    ).select_related("period")
    return {promise.predecessor_id: promise for promise in followers}


def _planned_of(activities: list[Activity], year: int) -> dict[int, list[PlannedOccasion]]:
    planned = defaultdict(list)
    rows = PlannedOccasion.objects.standing().filter(activity__in=activities, date__year=year)
    for row in rows.select_related("place", "responsible_member").order_by("date", "id"):
        planned[row.activity_id].append(row)
    return planned


def _days_taken(activities: list[Activity], year: int) -> set[tuple[int, date]]:
    """Every day of the year that has an occasion planned, by activity; cancelled ones too."""
    rows = PlannedOccasion.objects.filter(activity__in=activities, date__year=year)
    return set(rows.values_list("activity_id", "date"))


# --- Copying -------------------------------------------------------------------------------


def _copy_activity(copy: ActivityCopy) -> int:
    """Add the new activity with its metrics and planned occasions; how many occasions."""
    copy.new.save()
    if copy.new.in_force_from and not copy.source.in_force_to:
        copy.source.in_force_to = copy.new.in_force_from - timedelta(days=1)
        copy.source.save()
    copy_metrics(copy.source.metrics.all(), activity=copy.new)
    for planned, day in copy.occasions:
        copy_for(planned, activity=copy.new, date=day).save()
    return len(copy.occasions)
