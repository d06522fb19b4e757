"""What has changed since a day: what others have done first, each line leading to what is behind it.

Each kind of change (`kinds_of_change`) leaves rows of the same form, so that one query reads all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from functools import cached_property
from typing import NamedTuple

from django.db.models import CharField, Count, DateField, F, IntegerField, Max, QuerySet, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.formats import date_format

from followup.models.occasion import start_of
from followup.numbers.forecasts import computed_as_of
from followup.numbers.targets import WindowForecast
from promises.models import Activity, Agreement, Member


class ChangeKind(StrEnum):
    """What has happened, the weightiest first: the order of the lines."""

    LOGGED = auto()
    REVIEW_ADOPTED = auto()
    REVIEW_RETURNED = auto()
    REVIEW_SUBMITTED = auto()
    REVIEW_SIGNED = auto()
    PICTURE_ADOPTED = auto()
    PLAN_DECIDED = auto()
    FORECAST_SET = auto()
    FORECAST_CHANGED = auto()
    FORECAST_WITHDRAWN = auto()
    DECISIONS = auto()
    MINUTES_SIGNED = auto()
    MEETING_HELD = auto()
    MEETING_CALLED = auto()
    ACTIVITY_CANCELLED = auto()
    WITHDRAWN = auto()
    TASK_CLOSED = auto()
    ACTIVITY_ADDED = auto()
    READINGS = auto()


# A meeting that was called, held and signed is told of once, by the last of the three.
FURTHEST_FIRST = (ChangeKind.MINUTES_SIGNED, ChangeKind.MEETING_HELD, ChangeKind.MEETING_CALLED)


@dataclass(frozen=True)
class LookBack:
    """Who looks back, on which day and to which: changes are found among what the member may see."""

    member: Member
    since: date
    on: date

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


@dataclass(frozen=True)
class Change:
    """A kind of change: where it is `found`, the field with its day or moment, and how it is said.

    A row is said in a sentence of its own that leads to the `page` of its thing. Several are said
    `together`, where they are: their number and these words, leading to the address of the list.
    """

    kind: ChangeKind
    found: Callable[[LookBack], QuerySet]
    on: str
    said: Callable[[Row], str] = str
    page: str = ""
    thing: str = "pk"
    what: str = ""
    how: str = ""
    who: str = ""
    together: tuple[str, Callable[[LookBack], str]] | None = None

    def rows(self, back: LookBack) -> QuerySet:
        """Those alike in everything but the day are one row, with a number."""
        is_moment = self.on.endswith("_at")
        day = TruncDate(self.on, output_field=DateField()) if is_moment else F(self.on)
        return (
            self.found(back)
            .filter(**{f"{self.on}__gte": back.moment if is_moment else back.since})
            .order_by()
            .annotate(
                row_kind=Value(self.kind.value, output_field=CharField()),
                row_thing=F(self.thing),
                row_what=Cast(F(self.what) if self.what else Value(""), CharField()),
                row_how=Cast(F(self.how) if self.how else Value(""), CharField()),
                row_who=F(self.who) if self.who else Cast(Value(None), IntegerField()),
            )
            .values("row_kind", "row_thing", "row_what", "row_how", "row_who")
            .annotate(row_on=Max(day), row_n=Count("pk"))
            .values_list(*(f"row_{field}" for field in Row._fields))
        )

    def lines(self, rows: list[Row], back: LookBack) -> Iterator[ChangeLine]:
        if self.together and len(rows) > 1:
            words, address = self.together
            is_own = {row.who for row in rows} == {back.member.pk}
            latest = max(row.on for row in rows)
            yield ChangeLine(self.kind, f"{len(rows)} {words}", address(back), latest, is_own)
            return
        for row in rows:
            address = reverse(self.page, args=[row.thing])
            yield ChangeLine(self.kind, self.said(row), address, row.on, row.who == back.member.pk)


def lines_of(
    changes: Iterable[Change],
    back: LookBack,
    forecasts: Iterable[WindowForecast],
) -> list[ChangeLine]:
    """The changes as lines: others' doing first, then the weightiest.

    `forecasts` are today's, of those activities whose prognosis is to be compared with what it
    was when the day began. Three queries, however much has changed.
    """
    changes = list(changes)
    by_kind = _rows(changes, back)
    lines = [line for one in changes for line in one.lines(by_kind[one.kind], back)]
    lines += _moved_by_figures(forecasts, back.since, back.on)
    order = list(ChangeKind)
    return sorted(lines, key=lambda one: (one.is_own, order.index(one.kind), -one.on.toordinal()))


def _rows(changes: list[Change], back: LookBack) -> dict[ChangeKind, list[Row]]:
    """Every row, in one query, by the kind of change it is of."""
    first, *rest = (change.rows(back) for change in changes)
    by_kind: dict[ChangeKind, list[Row]] = defaultdict(list)
    for row in first.union(*rest, all=True):
        by_kind[ChangeKind(row[0])].append(Row(*row))
    told: set[int] = set()
    for kind in FURTHEST_FIRST:
        by_kind[kind] = [row for row in by_kind[kind] if row.thing not in told]
        told |= {row.thing for row in by_kind[kind]}
    return by_kind


def _moved_by_figures(
    forecasts: Iterable[WindowForecast], since: date, on: date
) -> Iterator[ChangeLine]:
    """The prognoses that the figures give another value than when the day began.

    One that somebody sets leaves a date; these are found by computing them as they stood.
    """
    running = {one.activity.pk: one for one in forecasts}
    before = computed_as_of([one.activity for one in running.values()], since - timedelta(days=1))
    for key, then in before.items():
        now = running[key]
        if then.span == now.span and then.computed != now.computed:
            yield ChangeLine(
                ChangeKind.FORECAST_CHANGED,
                f"”{now.activity.title}” gick från {then.computed.label} till {now.computed.label}",
                now.activity.get_absolute_url(),
                on,
            )
