"""Byklockan: how many days have passed since a place was last visited where people could see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min, OuterRef, Q, Subquery, TextChoices

from followup.log.planned import coming
from followup.models import Occasion
from followup.swedish import counted
from followup.time.seasons import next_opening, season_on
from promises.known import VAGUE
from promises.models import Activity, Agreement, Place, PlannedOccasion
from promises.models.activity import months_in_words

# A visit is visible when those who live there could have met the one who came. That goes for a
# control, a patrol and a talk. Supervision and test purchases are made inside a shop and are not
# meant to be seen; information, education and campaigns may be done without anybody coming.
VISIBLE_KINDS = (Activity.Kind.CONTROL, Activity.Kind.PRESENCE, Activity.Kind.DIALOGUE)

# From this share of its interval on, a place should be visited soon.
SOON_PERCENT = 75


class VisitState(TextChoices):
    """How a place stands against the interval set for it. It is derived, never stored."""

    NEVER = "never_visited", "Aldrig besökt"
    TOO_LONG = "too_long_ago", "För länge sedan"
    SOON = "visit_soon", "Dags snart"
    WITHIN = "visited_in_time", "Inom tiden"
    NO_INTERVAL = "no_interval", "Inget intervall satt"
    OUT_OF_SEASON = "out_of_season", "Utanför säsong"


WORST_FIRST = list(VisitState)


@dataclass(frozen=True)
class Visit:
    """A visible visit: when, by which party, and at which activity's occasion."""

    occasion_id: int
    date: date
    last_date: date | None  # type: ignore[valid-type]  # not the field above, which has the name
    known_by: str
    party: str
    activity: str

    def ended_on(self, on: date) -> date:  # type: ignore[valid-type]
        """The last day it may have been, as known on a day."""
        return min(self.last_date or self.date, on)


@dataclass(frozen=True)
class PlaceClock:
    """A place on byklockan, as of a date.

    `days` have passed since the last visit, None when there has been none (which is not 0).
    `counted` of them count against the interval: none before the day it holds from, nor, in a
    place with a season, before the season's first day. It is None out of season, and where there
    is neither a visit nor such a day to count from.
    `opens_on` is the next season's first day, for a place that rests.

    The last visit is the one that began last, by the first day it may have been. The days are
    counted from the last day it may have been: of a visit known by its month, season or year at
    least so many have passed.
    """

    place: Place
    last: Visit | None
    next_on: date | None
    days: int | None
    counted: int | None
    opens_on: date | None
    state: VisitState

    @property
    def season(self) -> str:
        """The season in words, such as "februari–april"; empty all the year round."""
        if not (self.place.season_from and self.place.season_to):
            return ""
        return months_in_words(self.place.season_from, self.place.season_to)

    @property
    def days_text(self) -> str:
        if self.days is None:
            return "Aldrig besökt"
        if self.last and self.last.known_by in VAGUE:
            return f"Minst {counted(self.days, 'dag', 'dagar')}"
        return {0: "I dag", 1: "1 dag"}.get(self.days, f"{self.days} dagar")


def place_clocks(agreement: Agreement, on: date) -> list[PlaceClock]:
    """Every place with its last visible visit, the worst first; two queries.

    A visit under the agreement that this one follows counts too: no village is forgotten over the
    seam.
    `next_on` is a planned visit and is for members' eyes only: the time and place of a control
    to come are secret (OSL 18:1).
    """
    visible = Q(activity__kind__in=VISIBLE_KINDS, place=OuterRef("pk"))
    visits = (
        Occasion.objects.in_line_with(agreement)
        .carried_out()
        .filter(visible, date__lte=on)
        .newest_first()
    )
    planned = (
        coming(PlannedOccasion.objects.in_line_with(agreement).filter(visible), on)
        .order_by()
        .values("place")
        .annotate(first=Min("date"))
        .values("first")
    )
    places = list(
        Place.objects.annotate(
            last_id=Subquery(visits.values("pk")[:1]), next_on=Subquery(planned[:1])
        )
    )
    latest = _visits(place.last_id for place in places)
    clocks = [_clock(place, latest.get(place.last_id), place.next_on, on) for place in places]
    return sorted(clocks, key=_worst_first)


def _visits(keys: Iterable[int | None]) -> dict[int, Visit]:
    found = Occasion.objects.filter(pk__in=[key for key in keys if key is not None])
    rows = found.values_list(
        "pk", "date", "last_date", "known_by", "party__short_name", "activity__title"
    )
    return {
        key: Visit(key, day, last, known_by, party, activity)
        for key, day, last, known_by, party, activity in rows
    }


def _clock(place: Place, last: Visit | None, next_on: date | None, on: date) -> PlaceClock:
    visited_on = last.ended_on(on) if last else None
    days = (on - visited_on).days if visited_on else None
    season, opens_on = None, None
    if place.season_from and place.season_to:
        season = season_on(place.season_from, place.season_to, on)
        if season is None:
            opens_on = next_opening(place.season_from, place.season_to, on)
    rests = opens_on is not None
    starts = [day for day in (visited_on, place.interval_from) if day and day <= on]
    counted = None
    if starts and not rests:
        counted = (on - max(*starts, season.starts_on if season else date.min)).days
    return PlaceClock(
        place=place,
        last=last,
        next_on=next_on,
        days=days,
        counted=counted,
        opens_on=opens_on,
        state=_state(place, last, counted, on) if not rests else VisitState.OUT_OF_SEASON,
    )


def _state(place: Place, last: Visit | None, counted: int | None, on: date) -> VisitState:
    """A new place has its whole interval to be visited in before anybody is late."""
    if counted is None:
        return VisitState.NEVER
    is_to_come = place.interval_from is not None and place.interval_from > on
    if place.visit_within_days is None or is_to_come:
        return VisitState.NO_INTERVAL if last else VisitState.NEVER
    if counted > place.visit_within_days:
        return VisitState.TOO_LONG if last else VisitState.NEVER
    if counted * 100 >= place.visit_within_days * SOON_PERCENT:
        return VisitState.SOON
    return VisitState.WITHIN


def _worst_first(clock: PlaceClock) -> tuple:
    """By state, then by how far past the interval the place is, then by days, then by name.

    A place that nobody has visited and nobody has set an interval for comes after those late.
    """
    interval = clock.place.visit_within_days
    state = clock.state
    if state is VisitState.NEVER and interval is None:
        state = VisitState.TOO_LONG
    share = clock.counted / interval if interval and clock.counted is not None else 0
    return (WORST_FIRST.index(state), -share, -(clock.days or 0), clock.place.name)
