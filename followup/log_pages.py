"""The log a page at a time, newest first, begun at the occasion where the last page ended.

A page is found by the date and key it begins after, never by counting rows: the thousandth costs
what the first one does, and nothing is shown twice or skipped when somebody logs meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from followup.models import Occasion
from followup.models.occasion import OccasionQuerySet


@dataclass(frozen=True)
class Position:
    """An occasion's place in the log; in an address it reads "2024-03-12.17"."""

    date: date
    pk: int

    def __str__(self) -> str:
        return f"{self.date.isoformat()}.{self.pk}"

    @classmethod
    def of(cls, occasion: Occasion) -> Position:
        return cls(occasion.date, occasion.pk)

    @classmethod
    def read(cls, text: str) -> Position:
        """The position an address names. Raises ValueError when it names none."""
        day, _, pk = text.partition(".")
        return cls(date.fromisoformat(day), int(pk))


class LogPage(NamedTuple):
    """Some occasions in the log's order, and where their neighbours begin, if there are any."""

    occasions: list[Occasion]
    newer_than: Position | None
    older_than: Position | None


def newest(occasions: OccasionQuerySet, size: int) -> LogPage:
    """The first page."""
    found = list(occasions.newest_first()[: size + 1])
    return _page(found[:size], has_newer=False, has_older=len(found) > size)


def older_than(position: Position, occasions: OccasionQuerySet, size: int) -> LogPage:
    """The page that follows the position."""
    # The bound on the date alone is implied, but is what lets an index begin there.
    older = occasions.filter(
        Q(date__lt=position.date) | Q(pk__lt=position.pk), date__lte=position.date
    )
    found = list(older.newest_first()[: size + 1])
    return _page(found[:size], has_newer=True, has_older=len(found) > size)


def newer_than(position: Position, occasions: OccasionQuerySet, size: int) -> LogPage:
    """The page that precedes the position."""
    newer = occasions.filter(
        Q(date__gt=position.date) | Q(pk__gt=position.pk), date__gte=position.date
    )
    found = list(newer.order_by("date", "id")[: size + 1])
    return _page(found[:size][::-1], has_newer=len(found) > size, has_older=True)


def _page(occasions: list[Occasion], *, has_newer: bool, has_older: bool) -> LogPage:
    return LogPage(
        occasions,
        newer_than=Position.of(occasions[0]) if occasions and has_newer else None,
        older_than=Position.of(occasions[-1]) if occasions and has_older else None,
    )
