"""Spans of days, both ends included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol, Self

from dateutil.relativedelta import relativedelta


class Dated(Protocol):
    starts_on: date
    ends_on: date


class Span(NamedTuple):
    """A stretch of days, both ends included."""

    starts_on: date
    ends_on: date

    @classmethod
    def of(cls, dated: Dated) -> Self:
        """The days of a löftesperiod, of a review, of a report."""
        return cls(dated.starts_on, dated.ends_on)

    @classmethod
    def of_months(cls, year: int, month: int, count: int = 1) -> Self:
        """So many whole months, from the first day of the month."""
        first = date(year, month, 1)
        return cls(first, first + relativedelta(months=count, days=-1))

    @classmethod
    def of_year(cls, year: int) -> Self:
        return cls.of_months(year, 1, 12)

    @classmethod
    def half_year_of(cls, day: date) -> Self:
        return cls.of_months(day.year, 1 if day.month <= 6 else 7, 6)

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
        first, last = (day.year * 12 + day.month - 1 for day in self)
        for number in range(first, last + 1):
            yield number // 12, number % 12 + 1
