"""What a heap of occasions adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from followup.swedish import MONTH_ABBREVIATIONS, counted


@dataclass(frozen=True)
class Total:
    """A sum over occasions, and how many of them had no figure to add.

    `known` is None when no occasion had one.
    """

    known: int | None = None
    unknown_occasions: int = 0

    def __add__(self, other: Total) -> Total:
        figures = [total.known for total in (self, other) if total.known is not None]
        return Total(
            sum(figures) if figures else None, self.unknown_occasions + other.unknown_occasions
        )


@dataclass(frozen=True)
class MonthCount:
    year: int
    month: int
    count: int

    @property
    def label(self) -> str:
        return f"{MONTH_ABBREVIATIONS[self.month - 1]} {self.year}"


@dataclass(frozen=True)
class PlaceCount:
    """Occasions at a place and the last day known of one; `name` is None where none was noted."""

    name: str | None
    count: int
    last_on: date | None


@dataclass(frozen=True)
class PartyMinutes:
    party: str
    minutes: Total


@dataclass(frozen=True)
class Tally:
    """What a heap of occasions adds up to.

    `outside_term` of them are dated outside the löftesperiod they are logged under; they are
    counted here but never towards a target. `last_on` is the last day on which one of them is
    known to have been carried out. `without_month` of them can't be placed in any of the
    `months`, as they lasted over several or are known by their season or year. `unreached` are the places that the plan names and
    where it is known that nothing was carried out.
    """

    occasions: int
    outside_term: int
    last_on: date | None
    minutes: Total
    participants: Total
    months: tuple[MonthCount, ...]
    places: tuple[PlaceCount, ...]
    party_minutes: tuple[PartyMinutes, ...]
    unreached: tuple[str, ...] = ()
    without_month: int = 0

    @property
    def outside_months(self) -> str:
        """What the months do not hold, in words; nothing when they hold all."""
        if not self.without_month:
            return ""
        occasions = counted(self.without_month, "tillfälle", "tillfällen")
        return f"Dessutom {occasions} som inte hör till en viss månad."

    @property
    def places_reached(self) -> int:
        return sum(place.name is not None for place in self.places)
