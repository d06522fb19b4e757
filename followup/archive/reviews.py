"""A review's stored text → what its page and its PDF are made of, whatever format it is in.

A format is the shape of the canonical JSON. Each one ever written has its reader: the newest
is read as it stands, an older one is first retold in the next one's words by its own module
(`review_1` and so on). None of them knows a class of today's: those may change, and what was
signed is read as before.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from followup.archive import review_1, review_2, review_3, review_4
from followup.archive.canonical import sha256_of
from followup.archive.record import Record, record_of

FORMAT = 5
"""The format that is written today (followup/review/text.py)."""

RETOLD = {1: review_1.retold, 2: review_2.retold, 3: review_3.retold, 4: review_4.retold}
"""From each older format to the one after it."""

DAYS = ("date", "_on", "planned_to")
NUMBERS = ("value", "part", "whole", "baseline", "target_value")


class SignedReview(Record):
    """A review as its text has it, with the text itself and where the review stands now."""

    text: str
    sha256: str
    standing: Any


def read_review(text: str, standing: object) -> SignedReview:
    """The contents of a stored text, with the standing they have now.

    Raises ValueError for a format that no version of the portal has written.
    """
    data = json.loads(text)
    while (number := data.pop("format")) != FORMAT:
        if number not in RETOLD:
            raise ValueError(f"No reader knows format {number}.")
        data = RETOLD[number](data) | {"format": number + 1}
    parts = vars(record_of(_typed(data)))
    return SignedReview(parts | {"text": text, "sha256": sha256_of(text), "standing": standing})


def _typed(value: object) -> Any:
    """The data with days as days, and a metric's figures as numbers."""
    if isinstance(value, list):
        return [_typed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _part(name, part) for name, part in value.items()}


def _part(name: str, part: object) -> Any:
    if isinstance(part, str) and name.endswith(DAYS):
        return date.fromisoformat(part)
    if name == "figure":
        figure = _numbers(_typed(part))
        return figure | {"points": [_numbers(point) for point in figure["points"]]}
    return _typed(part)


def _numbers(figure: dict) -> dict:
    return {
        name: Decimal(part) if name in NUMBERS and part is not None else part
        for name, part in figure.items()
    }
