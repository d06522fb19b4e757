"""The red days of the calendar, by lag (1989:253) om allmänna helgdagar."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.easter import easter

SATURDAY = 5


def red_days(year: int) -> dict[date, str]:
    """The public holidays of the year; every other Sunday is one too, without a name."""
    easter_day = easter(year)
    by_easter = {
        -2: "Långfredagen",
        0: "Påskdagen",
        1: "Annandag påsk",
        39: "Kristi himmelsfärdsdag",
        49: "Pingstdagen",
    }
    return {
        date(year, 1, 1): "Nyårsdagen",
        date(year, 1, 6): "Trettondedag jul",
        date(year, 5, 1): "Första maj",
        date(year, 6, 6): "Sveriges nationaldag",
        _saturday_from(date(year, 6, 20)): "Midsommardagen",
        _saturday_from(date(year, 10, 31)): "Alla helgons dag",
        date(year, 12, 25): "Juldagen",
        date(year, 12, 26): "Annandag jul",
    } | {easter_day + timedelta(days=days): name for days, name in by_easter.items()}


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
