"""How numbers, days and states are said in Swedish: page, PDF, draft and letter use the same words."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

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
