"""How numbers, time and days are said in Swedish: page, PDF, draft, file and letter say them alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format

# Nobody has counted or written it down, which is not 0.
NO_FIGURE = "Ingen uppgift"

MONTH_ABBREVIATIONS = [
    "jan",
    "feb",
    "mars",
    "apr",
    "maj",
    "juni",
    "juli",
    "aug",
    "sep",
    "okt",
    "nov",
    "dec",
]


def rounded_to(decimals: int, value: Decimal) -> Decimal:
    """Rounded half up, as people expect, not to even."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Decimal | int, decimals: int = 2) -> str:
    """A number in Swedish: decimal comma, a no-break space between thousands, no idle zeros.

    Two decimals print a reading as it was entered.
    """
    rounded = rounded_to(decimals, Decimal(value))
    text = f"{rounded:,f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def counted(count: int, one: str, several: str) -> str:
    """How many of something there are: "1 tillfälle", "3 tillfällen"."""
    return f"{format_number(count)} {one if count == 1 else several}"


def out_of(carried_out: int, required: int) -> str:
    """What was done of what a target asks for: "2 av 3". Nothing is asked for only on request."""
    return f"{carried_out} av {required}" if required else "inga önskemål"


def working_time(minutes: int | None) -> str:
    """Minutes as they were noted: "45 min", "2 tim", "2 tim 30 min"."""
    if minutes is None:
        return NO_FIGURE
    hours, rest = divmod(minutes, 60)
    parts = [f"{format_number(hours)}\N{NO-BREAK SPACE}tim"] if hours else []
    if rest or not hours:
        parts.append(f"{rest}\N{NO-BREAK SPACE}min")
    return " ".join(parts)


def working_hours(minutes: int | None) -> str:
    """Minutes as whole hours, for sums: "312 tim". Less than an hour is told in minutes."""
    if minutes is None or minutes < 60:
        return working_time(minutes)
    return f"{whole_hours(minutes)}\N{NO-BREAK SPACE}tim"


def whole_hours(minutes: int) -> str:
    """The hours alone, where their unit stands beside them."""
    return format_number(Decimal(minutes) / 60, decimals=0)


def in_a_row(words: Iterable[object]) -> str:
    """Words as they are read: "Risbäck, Lajksjö och Avaträsk"."""
    *before, last = [*map(str, words)] or [""]
    return f"{', '.join(before)} och {last}" if before else last


def days_in_words(starts_on: date, ends_on: date) -> str:
    """A stretch of days such as "1 april 2024 – 23 juni 2024", or the one day it is."""
    if starts_on == ends_on:
        return date_format(starts_on)
    return f"{date_format(starts_on)} – {date_format(ends_on)}"
