"""Seasons: whole months, the same every year. One may run over new year, from November to March."""

from __future__ import annotations

from datetime import date

from followup.time.spans import Span


def season(first_month: int, last_month: int, year: int) -> Span:
    """The season that begins in the year."""
    return Span.of_months(year, first_month, (last_month - first_month) % 12 + 1)


def season_on(first_month: int, last_month: int, day: date) -> Span | None:
    """The season that the day is in; None out of season."""
    seasons = (season(first_month, last_month, year) for year in (day.year, day.year - 1))
    return next((one for one in seasons if one.covers(day)), None)


def next_opening(first_month: int, last_month: int, day: date) -> date:
    """The first day of the next season to begin after the day."""
    seasons = (season(first_month, last_month, year) for year in (day.year, day.year + 1))
    return next(one.starts_on for one in seasons if one.starts_on > day)
