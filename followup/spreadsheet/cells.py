"""How a value stands in a cell, and how what stands in a cell is understood.

Whatever the format, a cell is read as text: a date as 2024-03-15, a number with a decimal comma and
no needless zeros, a yes as "Ja". The same value is then the same text, from XLSX and from CSV.
An empty cell is ingen uppgift, never 0.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from promises.known import month_number, read_when, when_in_words

YES = {"ja", "j", "x", "1", "sant", "true", "yes"}
NO = {"nej", "n", "0", "falskt", "false", "no"}

DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./ -]\s*(\d{4})")
IN_WORDS = re.compile(r"(?:\w+\s+)?(?:den\s+)?(\d{1,2})\.?\s+([a-z]+)\.?\s+(\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[-./ ]?(\d{2})[-./ ]?(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


def as_date(text: str) -> str:
    """A date in any of the ways Swedes write one, as 2024-03-15; other text as it stands."""
    plain = " ".join(text.lower().split())
    if found := YEAR_FIRST.fullmatch(plain):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(plain):
        day, month, year = found.groups()
    elif found := IN_WORDS.fullmatch(plain):
        day, name, year = found.groups()
        month = month_number(name) or 0
    else:
        return text
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return text


def as_when(text: str) -> str:
    """A day as `as_date` has it; a longer or vaguer time in words, "hösten 2023"; other text as it stands."""
    day = as_date(text)
    if day_in(day) or not (known := read_when(day)):
        return day
    return when_in_words(known, "Y-m-d")


def day_in(text: str) -> date | None:
    """The day, when the text is one as `as_date` gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_number(text: str) -> str:
    """A number with comma or point, as 1234,5; other text as it stands."""
    plain = re.sub(r"\s", "", text).replace(",", ".")
    if not re.fullmatch(r"\d{1,15}(\.\d{0,10})?", plain):
        return text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return text
    return (
        f"{number:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in plain else f"{number:f}"
    )


def as_yes_or_no(text: str) -> str:
    """Ja or Nej however it is written; other text as it stands."""
    plain = text.strip().casefold()
    return "Ja" if plain in YES else "Nej" if plain in NO else text
