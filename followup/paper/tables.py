"""Tables as CSV files that a Swedish spreadsheet opens right, and how a value stands in a cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from followup.swedish import rounded_to

# What a spreadsheet takes for a formula when a text begins with it.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows under headings, with semicolons, decimal commas and a byte order mark for å, ä and ö.

    No cell is one that a spreadsheet takes for a formula.
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(guarded(heading) for heading in headings)
    writer.writerows([guarded(as_text(value)) for value in row] for row in rows)
    return "\N{BYTE ORDER MARK}" + file.getvalue()


def as_text(value: object) -> str:
    """The value as it is read in a cell."""
    match value:
        case None:
            return ""
        case bool():
            return "Ja" if value else "Nej"
        case datetime():
            return (
                value.date().isoformat() if value.time() == time.min else f"{value:%Y-%m-%d %H:%M}"
            )
        case date():
            return value.isoformat()
        case Decimal():
            # Four decimals are more than anybody enters; SQLite says 12 where PostgreSQL says 12.00.
            return f"{rounded_to(4, value).normalize():f}".replace(".", ",")
        case float():
            return as_text(Decimal(repr(value)))
        case str():
            return value.replace("\r\n", "\n")
    return str(value)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and that `unguarded` gives back."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before it was guarded."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
