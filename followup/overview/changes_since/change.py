"""What is told of a kind of change: where it is found, which day it is of, how it is said, and where.

Each kind leaves rows of the same form, so that one query can read them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateField,
    F,
    IntegerField,
    Max,
    QuerySet,
    TextChoices,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.formats import date_format

from followup.models.occasion import start_of
from promises.models import Activity, Agreement, Member


class ChangeKind(TextChoices):
    """What has happened, the weightiest first: the order of the lines."""

    LOGGED = "logged"
    REVIEW_ADOPTED = "review_adopted"
    REVIEW_RETURNED = "review_returned"
    REVIEW_SUBMITTED = "review_submitted"
    REVIEW_SIGNED = "review_signed"
    PICTURE_ADOPTED = "picture_adopted"
    PLAN_DECIDED = "plan_decided"
    FORECAST_SET = "forecast_set"
    FORECAST_CHANGED = "forecast_changed"
    FORECAST_WITHDRAWN = "forecast_withdrawn"
    DECISIONS = "decisions"
    MINUTES_SIGNED = "minutes_signed"
    MEETING_HELD = "meeting_held"
    MEETING_CALLED = "meeting_called"
    ACTIVITY_CANCELLED = "activity_cancelled"
    WITHDRAWN = "withdrawn"
    TASK_CLOSED = "task_closed"
    ACTIVITY_ADDED = "activity_added"
    READINGS = "readings"


@dataclass(frozen=True)
class LookBack:
    """Who looks back, and to which day: changes are found among what the member may see."""

    member: Member
    since: date

    @cached_property
    def moment(self) -> datetime:
        """The first instant of the day."""
        return start_of(self.since)

    @cached_property
    def agreements(self) -> QuerySet[Agreement]:
        return Agreement.objects.visible_to(self.member)

    @cached_property
    def activities(self) -> QuerySet[Activity]:
        return Activity.objects.visible_to(self.member)


class Row(NamedTuple):
    """A thing that happened: to what (`thing` is its key), when, said with what, by whom."""

    kind: str
    thing: int
    on: date
    what: str
    how: str
    who: int | None
    n: int

    @property
    def what_day(self) -> str:
        """The day it is said with."""
        return date_format(date.fromisoformat(self.what))


@dataclass(frozen=True)
class ChangeLine:
    """Something that has changed, said in a sentence, and the page that shows it.

    `is_own` when all of it is the reader's own doing.
    """

    kind: ChangeKind
    sentence: str
    address: str
    on: date
    is_own: bool = False


NOTHING = Value("")
Telling = Callable[[ChangeKind, list[Row], LookBack], Iterator[ChangeLine]]


@dataclass(frozen=True)
class Change:
    """A kind of change: where it is `found`, how its rows are filled, and how they are `told`."""

    kind: ChangeKind
    found: Callable[[LookBack], QuerySet]
    on: Combinable
    told: Telling
    what: Combinable = NOTHING
    how: Combinable = NOTHING
    thing: str = "pk"
    who: str | None = None

    def rows(self, back: LookBack) -> QuerySet:
        """Those alike in everything but the day are one row, with a number."""
        return (
            self.found(back)
            .order_by()
            .annotate(
                row_kind=Value(self.kind.value, output_field=CharField()),
                row_thing=F(self.thing),
                row_what=Cast(self.what, CharField()),
                row_how=Cast(self.how, CharField()),
                row_who=F(self.who) if self.who else Cast(Value(None), IntegerField()),
            )
            .values("row_kind", "row_thing", "row_what", "row_how", "row_who")
            .annotate(row_on=Max(self.on), row_n=Count("pk"))
            .values_list(*(f"row_{field}" for field in Row._fields))
        )


def day_of(moment: str) -> TruncDate:
    """The day of a moment in a field."""
    return TruncDate(moment, output_field=DateField())


def one_by_one(sentence: Callable[[Row], str], page: str) -> Telling:
    """Each row in a sentence of its own, leading to the page of its thing."""

    def told(kind: ChangeKind, rows: list[Row], back: LookBack) -> Iterator[ChangeLine]:
        for row in rows:
            address = reverse(page, args=[row.thing])
            yield ChangeLine(kind, sentence(row), address, row.on, row.who == back.member.pk)

    return told


def together(several: str, address: Callable[[], str], *, alone: Telling) -> Telling:
    """Several rows as their number, leading to the list of them; a single one `alone`."""

    def told(kind: ChangeKind, rows: list[Row], back: LookBack) -> Iterator[ChangeLine]:
        if len(rows) == 1:
            yield from alone(kind, rows, back)
            return
        yield ChangeLine(
            kind,
            f"{len(rows)} {several}",
            address(),
            max(row.on for row in rows),
            is_own={row.who for row in rows} == {back.member.pk},
        )

    return told
