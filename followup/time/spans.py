"""Spans of days, both ends included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of days, both ends included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return max(0, (self.ends_on - self.starts_on).days + 1)

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def overlap(self, other: Span) -> Span:
        """The days in both; `days` is 0 when there are none."""
        return Span(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    def months(self) -> Iterator[tuple[int, int]]:
        """Every (year, month) that the span touches, in order."""
        if self.days == 0:
            return
        year, month = self.starts_on.year, self.starts_on.month
        while (year, month) <= (self.ends_on.year, self.ends_on.month):
            yield year, month
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
