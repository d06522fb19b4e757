"""How precisely a time is known: by its day, or only by its month, season or year.

The seasons are as Swedes say them, in whole months: vår March–May, sommar June–August, höst
September–November, and vinter December–February, which is told by both its years.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple, Protocol

from dateutil.relativedelta import relativedelta
from django.db.models import TextChoices
from django.utils.formats import date_format

MONTH_NAMES = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
SEASONS = {"våren": 3, "sommaren": 6, "hösten": 9, "vintern": 12}
"""The first of each one's three months."""

MONTH = re.compile(r"([a-zåäö]+)\.? (\d{4})")
ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
YEAR = re.compile(r"(\d{4})")
WINTER = re.compile(r"(vintern?) (\d{4})[-/](\d{2}|\d{4})")
ISO_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2}) ?- ?(\d{4}-\d{2}-\d{2})")
DAYS = re.compile(r"(\d{1,2})(?: ([a-z]+)(?: (\d{4}))?)? ?- ?(\d{1,2}) ([a-z]+) (\d{4})")


NO_SUCH_TIME = (
    "Skriv en månad, en årstid eller ett år, till exempel maj 2023, hösten 2023 eller 2023. "
    "En vinter skrivs med båda åren: vintern 2023–2024."
)


class KnownBy(TextChoices):
    """By what a time is known."""

    DAY = "day", "Dag"
    DAYS = "days", "Flera dagar"
    MONTH = "month", "Månad"
    SEASON = "season", "Årstid"
    YEAR = "year", "År"


VAGUE = (KnownBy.MONTH, KnownBy.SEASON, KnownBy.YEAR)
"""Known by something longer than its days: any day of it may be the one."""


class Timed(Protocol):
    """What has a time that may be known less precisely than by its day."""

    @property
    def known_by(self) -> str: ...
    @property
    def last_date(self) -> date | None: ...
    @property
    def date(self) -> date: ...


class Known(NamedTuple):
    """A time as far as it is known: from its first day to its last, None when that is the first."""

    date: date
    last_date: date | None  # type: ignore[valid-type]  # not the field above, which has the name
    known_by: str

    @classmethod
    def of_months(cls, known_by: KnownBy, year: int, month: int) -> Known:
        """The month, or the season or year that begins with it."""
        months = {KnownBy.MONTH: 1, KnownBy.SEASON: 3, KnownBy.YEAR: 12}[known_by]
        first = date(year, month, 1)
        return cls(first, first + relativedelta(months=months, days=-1), known_by)

    @classmethod
    def of_days(cls, first: date, last: date) -> Known:
        if first == last:
            return cls(first, None, KnownBy.DAY)
        return cls(first, last, KnownBy.DAYS)


def when_in_words(one: Timed, day_format: str = "DATE_FORMAT") -> str:
    """When it was, as it is known: "3 maj 2023", "3–5 maj 2023", "hösten 2023", "2023".

    `day_format` is for a single day, where a table has its days in figures.
    """
    first, last = one.date, one.last_date
    match KnownBy(one.known_by):
        case KnownBy.DAYS if last:
            return _days(first, last)
        case KnownBy.MONTH:
            return date_format(first, "F Y")
        case KnownBy.SEASON:
            return _season(first)
        case KnownBy.YEAR:
            return str(first.year)
    return date_format(first, day_format)


def day_or_words(one: Timed) -> date | str:
    """A day as a day, which a table can put in order; what is known otherwise in words."""
    return one.date if one.known_by == KnownBy.DAY else when_in_words(one)


def _days(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{date_format(last)}"
    if first.year == last.year:
        return f"{date_format(first, 'j F')} – {date_format(last)}"
    return f"{date_format(first)} – {date_format(last)}"


def _season(day: date) -> str:
    names = {month: name for name, month in SEASONS.items()}
    name = names[day.month // 3 * 3 or 12]
    if name != "vintern":
        return f"{name} {day.year}"
    year = day.year if day.month == 12 else day.year - 1
    return f"{name} {year}–{year + 1}"


def read_when(text: str) -> Known | None:
    """The time that the words say, as `when_in_words` says it and as people write it.

    None when they say none, and for a winter by one year, which can be read in two ways.
    """
    plain = " ".join(text.casefold().replace("–", "-").replace(" - ", "-").split())
    plain = plain.removeprefix("under ").removeprefix("i ")
    try:
        return _vague(plain) or _several_days(plain)
    except ValueError:
        return None


def _vague(plain: str) -> Known | None:
    if found := YEAR.fullmatch(plain):
        return Known.of_months(KnownBy.YEAR, int(found[1]), 1)
    if found := ISO_MONTH.fullmatch(plain):
        return Known.of_months(KnownBy.MONTH, int(found[1]), int(found[2]))
    if found := WINTER.fullmatch(plain):
        year, next_year = int(found[2]), found[3]
        if not str(year + 1).endswith(next_year):
            return None
        return Known.of_months(KnownBy.SEASON, year, SEASONS["vintern"])
    if found := MONTH.fullmatch(plain):
        return _month_or_season(found[1], int(found[2]))
    return None


def _month_or_season(name: str, year: int) -> Known | None:
    if month := month_number(name):
        return Known.of_months(KnownBy.MONTH, year, month)
    for season_name, first_month in SEASONS.items():
        if name in {season_name, season_name.removesuffix("en"), season_name.removesuffix("n")}:
            is_winter = season_name == "vintern"
            return None if is_winter else Known.of_months(KnownBy.SEASON, year, first_month)
    return None


def _several_days(plain: str) -> Known | None:
    if found := ISO_DAYS.fullmatch(plain):
        first, last = (date.fromisoformat(day) for day in found.groups())
    elif found := DAYS.fullmatch(plain):
        first_day, first_month, first_year, day, month, year = found.groups()
        last = date(int(year), month_number(month) or 0, int(day))
        in_month = month_number(first_month) or 0 if first_month else last.month
        first = date(int(first_year or year), in_month, int(first_day))
    else:
        return None
    return Known.of_days(first, last) if first <= last else None


def month_number(text: str) -> int | None:
    """The month by its name, whole or its first three letters."""
    name = text.strip().casefold()
    return next(
        (n for n, month in enumerate(MONTH_NAMES, start=1) if name in {month, month[:3]}), None
    )
