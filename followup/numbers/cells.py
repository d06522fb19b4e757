"""The log as the database adds it up, in cells, and what those come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Substr

from followup.models import Occasion
from followup.numbers.totals import MonthCount, PartyMinutes, PlaceCount, Tally, Total
from followup.time.spans import Span
from promises.models import Activity, FormerTarget
from promises.models.activity import in_force_itself


class Cell(NamedTuple):
    """The occasions of one activity in one month, at one place, by one party.

    `in_term` tells those dated while the promise (or the agreement) ran from those outside,
    `in_force` whether the activity itself was in force, and `former_target` under which of its
    targets they were carried out: None for today's.
    """

    in_term: bool
    in_force: bool
    former_target: int | None
    year: int
    month: int
    place: str | None
    party: str
    party_id: int
    occasions: int
    last_on: date
    minutes: int | None
    with_minutes: int
    participants: int | None
    with_participants: int


def _true_when(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


# Together the twin in the database of `followup.time.terms.term_of`.
IN_TERM = _true_when(
    Q(activity__agreement__valid_from__lte=F("date"))
    & (
        Q(activity__agreement__runs_until_further_notice=True)
        | Q(activity__agreement__valid_to__gte=F("date"))
    )
    & (
        Q(activity__agreement__successor=None)
        | Q(activity__agreement__successor__is_draft=True)
        | Q(activity__agreement__successor__valid_from__gt=F("date"))
    )
    & (
        Q(activity__promise=None)
        | Q(
            activity__promise__period__starts_on__lte=F("date"),
            activity__promise__period__ends_on__gte=F("date"),
        )
    )
)
IN_FORCE = _true_when(in_force_itself(F("date"), by="activity__"))

# Which of the activity's former targets held on the occasion's day; none when today's does.
FORMER_TARGET = Subquery(
    FormerTarget.objects.filter(activity=OuterRef("activity"), until__gte=OuterRef("date"))
    .order_by("until")
    .values("pk")[:1]
)


def cells_of(
    activities: list[Activity], span: Span, cutoff_on: date | None
) -> defaultdict[int, list[Cell]]:
    """The log as the database adds it up: a row per activity, month, place and party.

    What the activities lack of their agreement and their former targets is read with it.
    """
    prefetch_related_objects(activities, "agreement", "former_targets")
    occasions = Occasion.objects.carried_out(within=span).filter(activity__in=activities)
    if cutoff_on is not None:
        occasions = occasions.logged_by(cutoff_on)
    # Asked for each occasion, so only when some target was ever changed.
    has_former = any(activity.former_targets.all() for activity in activities)
    former_target = FORMER_TARGET if has_former else Value(None, IntegerField())
    rows = (
        occasions.order_by()
        # The first seven letters of an ISO date: both databases do it natively, where
        # TruncMonth on SQLite calls Python for every row.
        .annotate(
            year_month=Substr(Cast("date", CharField()), 1, 7),
            in_term=IN_TERM,
            in_force=IN_FORCE,
            former_target=former_target,
        )
        .values(
            "activity_id",
            "in_term",
            "in_force",
            "former_target",
            "year_month",
            "place__name",
            "party__short_name",
            "party_id",
        )
        .annotate(
            n=Count("id"),
            last_on=Max("date"),
            minutes_sum=Sum("minutes"),
            minutes_n=Count("minutes"),
            participants_sum=Sum("participants"),
            participants_n=Count("participants"),
        )
    )
    cells = defaultdict(list)
    for row in rows:
        year, month = row["year_month"].split("-")
        cells[row["activity_id"]].append(
            Cell(
                in_term=row["in_term"],
                in_force=row["in_force"],
                former_target=row["former_target"],
                year=int(year),
                month=int(month),
                place=row["place__name"],
                party=row["party__short_name"],
                party_id=row["party_id"],
                occasions=row["n"],
                last_on=row["last_on"],
                minutes=row["minutes_sum"],
                with_minutes=row["minutes_n"],
                participants=row["participants_sum"],
                with_participants=row["participants_n"],
            )
        )
    return cells


def tally_of(activities: list[Activity], cells: Mapping[int, list[Cell]], span: Span) -> Tally:
    """What the activities' cells add up to, with the places that the plan names in vain.

    An activity of which some occasion has no place might have been there all the same: that is
    ingen uppgift, and not 0.
    """
    own = [cell for activity in activities for cell in cells[activity.pk]]
    reached = {cell.place for cell in own}
    unreached = {
        activity.place.name
        for activity in activities
        if activity.place
        and activity.status != Activity.Status.CANCELLED
        and all(cell.place for cell in cells[activity.pk])
    }
    return tally(own, span, tuple(sorted(unreached - reached)))


def tally(cells: list[Cell], span: Span, unreached: tuple[str, ...]) -> Tally:
    months: Counter[tuple[int, int]] = Counter()
    places: dict[str | None, PlaceCount] = {}
    minutes, participants = Total(), Total()
    party_minutes: dict[str, Total] = defaultdict(Total)
    for cell in cells:
        months[cell.year, cell.month] += cell.occasions
        own_minutes = Total(cell.minutes, cell.occasions - cell.with_minutes)
        minutes += own_minutes
        party_minutes[cell.party] += own_minutes
        participants += Total(cell.participants, cell.occasions - cell.with_participants)
        seen = places.get(cell.place)
        places[cell.place] = PlaceCount(
            name=cell.place,
            count=cell.occasions + (seen.count if seen else 0),
            last_on=max(cell.last_on, seen.last_on) if seen else cell.last_on,
        )
    return Tally(
        occasions=sum(cell.occasions for cell in cells),
        outside_term=sum(cell.occasions for cell in cells if not cell.in_term),
        last_on=max((cell.last_on for cell in cells), default=None),
        minutes=minutes,
        participants=participants,
        months=tuple(MonthCount(*month, months[month]) for month in span.months()),
        places=tuple(
            sorted(
                places.values(), key=lambda place: (place.name is None, -place.count, place.name)
            )
        ),
        party_minutes=tuple(
            PartyMinutes(party, total) for party, total in sorted(party_minutes.items())
        ),
        unreached=unreached,
    )
