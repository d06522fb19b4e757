"""A review's contents in the form in which they are signed, and back again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache

from cattrs import Converter

from followup.review.contents import ReviewContents, Standing
from followup.time.spans import Span

FORMAT = 2
"""The shape of the canonical JSON, for whoever reads an archived review years from now."""


def canonical_json(contents: ReviewContents) -> str:
    """The contents as JSON, the same text for the same contents on every machine and database:
    sorted keys, no spaces, ISO dates, decimals as strings without idle zeros, letters unescaped.

    The standing (status, signatures, day of printing) is left out: it comes after what is signed.
    """
    signed = asdict(contents) | {"format": FORMAT}
    del signed["standing"]
    return json.dumps(
        signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        # SQLite says 12 where PostgreSQL says 12.00.
        return f"{value.normalize():f}"
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def sha256(contents: ReviewContents) -> str:
    """The SHA-256 of the canonical JSON in UTF-8, as hexadecimal: what a signature is bound to."""
    return hashlib.sha256(canonical_json(contents).encode()).hexdigest()


def read(text: str, standing: Standing) -> ReviewContents:
    """The contents from their canonical JSON, with the standing they have now.

    `canonical_json(read(text, standing)) == text`. Raises ValueError for another format.
    """
    data = json.loads(text)
    if data.pop("format") != FORMAT:
        raise ValueError("The contents are of another format.")
    return replace(
        _converter().structure(data | {"standing": _NONE}, ReviewContents), standing=standing
    )


_NONE = {"status": "", "status_label": "", "printed_on": "1970-01-01", "signatures": []}


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_structure_hook(Span, lambda ends, _: Span(*map(date.fromisoformat, ends)))
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    return converter
