"""Long lists a page at a time, in order of a day or a moment, begun where the last page ended.

A page is found by the value and key it begins after, never by counting rows: the thousandth costs
what the first one does, and nothing is shown twice or skipped when somebody logs meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.http import Http404, QueryDict


@dataclass(frozen=True)
class Order:
    """What the rows stand in order of: a field with an index that holds the key too."""

    field: str
    is_descending: bool = True

    def sorted(self, rows: models.QuerySet, *, forward: bool = True) -> models.QuerySet:
        sign = "-" if self.is_descending is forward else ""
        return rows.order_by(f"{sign}{self.field}", f"{sign}id")

    def beyond(
        self, position: Position, rows: models.QuerySet, *, forward: bool
    ) -> models.QuerySet:
        """The rows that follow the position, or those that precede it."""
        way = "lt" if self.is_descending is forward else "gt"
        # The bound on the field alone is implied, but is what lets an index begin there.
        return rows.filter(
            Q(**{f"{self.field}__{way}": position.value}) | Q(**{f"pk__{way}": position.pk}),
            **{f"{self.field}__{way}e": position.value},
        )

    def position_of(self, row: models.Model) -> Position:
        return Position(getattr(row, self.field), row.pk)


NEWEST_FIRST = Order("date")


@dataclass(frozen=True)
class Position:
    """A row's place in its list; in an address it reads "2024-03-12.17"."""

    value: date | datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.value.isoformat()}.{self.pk}"

    @classmethod
    def read(cls, text: str, *, is_moment: bool = False) -> Self:
        """The position an address names. Raises ValueError when it names none."""
        value, _, pk = text.rpartition(".")
        if not is_moment:
            return cls(date.fromisoformat(value), int(pk))
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(text)
        return cls(moment, int(pk))


class Page(NamedTuple):
    """Some rows in their order, and where their neighbours begin, if there are any."""

    rows: list
    before: Position | None
    after: Position | None


def first(rows: models.QuerySet, size: int, order: Order = NEWEST_FIRST) -> Page:
    found = list(order.sorted(rows)[: size + 1])
    return _page(found[:size], order, has_before=False, has_after=len(found) > size)


def following(
    position: Position, rows: models.QuerySet, size: int, order: Order = NEWEST_FIRST
) -> Page:
    """The page after the position: older rows, with the newest first."""
    found = list(order.sorted(order.beyond(position, rows, forward=True))[: size + 1])
    return _page(found[:size], order, has_before=True, has_after=len(found) > size)


def preceding(
    position: Position, rows: models.QuerySet, size: int, order: Order = NEWEST_FIRST
) -> Page:
    """The page before the position."""
    before = order.beyond(position, rows, forward=False)
    found = list(order.sorted(before, forward=False)[: size + 1])
    return _page(found[:size][::-1], order, has_before=len(found) > size, has_after=True)


def page_of(address: QueryDict, rows: models.QuerySet, size: int, order: Order = NEWEST_FIRST):
    """The page that the address asks for: the first, or a neighbour of another. Raises Http404."""
    is_moment = isinstance(rows.model._meta.get_field(order.field), models.DateTimeField)
    try:
        if after := address.get("efter"):
            return following(Position.read(after, is_moment=is_moment), rows, size, order)
        if before := address.get("fore"):
            return preceding(Position.read(before, is_moment=is_moment), rows, size, order)
    except (ValueError, OverflowError) as error:
        raise Http404("Adressen pekar inte på någon sida i listan.") from error
    return first(rows, size, order)


def _page(rows: list, order: Order, *, has_before: bool, has_after: bool) -> Page:
    return Page(
        rows,
        before=order.position_of(rows[0]) if rows and has_before else None,
        after=order.position_of(rows[-1]) if rows and has_after else None,
    )
