"""The log as the database adds it up, in cells, and what those come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from followup.models import Occasion
from followup.models.occasion import LAST_DAY, held_whole_by, last_known_day, letters_of
from followup.numbers.totals import MonthCount, PartyMinutes, PlaceCount, Tally, Total
from followup.time.spans import Span
from promises.models import Activity, FormerTarget
from promises.models.activity import in_force_itself

Month = tuple[int, int]


class Cell(NamedTuple):
    """The occasions of one activity in one month, at one place, by one party.

    Those that may be of several months, of several days or known by their season or year, are
    apart: they run from `month` to `last_month`. `in_term` tells those that were carried out while
    the promise (or the agreement) ran from those that may not have been, `in_force` whether all
    their days are in the span, with the activity itself in force under one target, and `former_target` under which
    of its targets: None for today's. `last_on` is the last day known of, if any is.
    """

    in_term: bool
    in_force: bool
    former_target: int | None
    month: Month
    last_month: Month
    place: str | None
    party: str
    party_id: int
    occasions: int
    last_on: date | None
    minutes: int | None
    with_minutes: int
    participants: int | None
    with_participants: int


def _true_when(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


# Of an occasion that may be of several days, the first and the last are asked about.
# Together the twin in the database of `followup.time.terms.term_of`.
IN_TERM = _true_when(
    Q(activity__agreement__valid_from__lte=F("date"))
    & (
        Q(activity__agreement__runs_until_further_notice=True)
        | Q(activity__agreement__valid_to__gte=LAST_DAY)
    )
    & (
        Q(activity__agreement__successor=None)
        | Q(activity__agreement__successor__is_draft=True)
        | Q(activity__agreement__successor__valid_from__gt=LAST_DAY)
    )
    & (
        Q(activity__promise=None)
        | Q(
            activity__promise__period__starts_on__lte=F("date"),
            activity__promise__period__ends_on__gte=LAST_DAY,
        )
    )
)
IN_FORCE = in_force_itself(F("date"), by="activity__") & in_force_itself(LAST_DAY, by="activity__")


def _former_target(day: OuterRef | Coalesce) -> Subquery:
    """Which of the activity's former targets held on the day; none when today's did."""
    former = FormerTarget.objects.filter(activity=OuterRef("activity"), until__gte=day)
    return Subquery(former.order_by("until").values("pk")[:1])


FORMER_TARGET = _former_target(OuterRef("date"))
FORMER_TARGET_AT_LAST = _former_target(Coalesce(OuterRef("last_date"), OuterRef("date")))


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
    none = Value(None, IntegerField())
    former_target, at_last = (FORMER_TARGET, FORMER_TARGET_AT_LAST) if has_former else (none, none)
    rows = (
        occasions.order_by()
        .annotate(
            year_month=letters_of("date", 7),
            last_year_month=letters_of(LAST_DAY, 7),
            in_term=IN_TERM,
            in_force=_true_when(IN_FORCE & held_whole_by(span)),
            former_target=former_target,
            target_at_last=at_last,
        )
        .values(
            "activity_id",
            "in_term",
            "in_force",
            "former_target",
            "target_at_last",
            "year_month",
            "last_year_month",
            "place__name",
            "party__short_name",
            "party_id",
        )
        .annotate(
            n=Count("id"),
            last_on=last_known_day(),
            minutes_sum=Sum("minutes"),
            minutes_n=Count("minutes"),
            participants_sum=Sum("participants"),
            participants_n=Count("participants"),
        )
    )
    cells = defaultdict(list)
    for row in rows:
        cells[row["activity_id"]].append(
            Cell(
                in_term=row["in_term"],
                in_force=row["in_force"] and row["former_target"] == row["target_at_last"],
                former_target=row["former_target"],
                month=_month(row["year_month"]),
                last_month=_month(row["last_year_month"]),
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


def _month(letters: str) -> Month:
    year, month = letters.split("-")
    return int(year), int(month)


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


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


def tally(cells: list[Cell], span: Span, unreached: tuple[str, ...]) -> Tally:
    months: Counter[Month] = Counter()
    without_month = 0
    places: dict[str | None, PlaceCount] = {}
    minutes, participants = Total(), Total()
    party_minutes: dict[str, Total] = defaultdict(Total)
    for cell in cells:
        if cell.month == cell.last_month:
            months[cell.month] += cell.occasions
        else:
            without_month += cell.occasions
        own_minutes = Total(cell.minutes, cell.occasions - cell.with_minutes)
        minutes += own_minutes
        party_minutes[cell.party] += own_minutes
        participants += Total(cell.participants, cell.occasions - cell.with_participants)
        seen = places.get(cell.place)
        places[cell.place] = PlaceCount(
            name=cell.place,
            count=cell.occasions + (seen.count if seen else 0),
            last_on=_latest([cell.last_on, seen.last_on if seen else None]),
        )
    return Tally(
        occasions=sum(cell.occasions for cell in cells),
        outside_term=sum(cell.occasions for cell in cells if not cell.in_term),
        last_on=_latest(cell.last_on for cell in cells),
        minutes=minutes,
        participants=participants,
        months=tuple(MonthCount(*month, months[month]) for month in span.months()),
        without_month=without_month,
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
