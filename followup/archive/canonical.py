"""The form in which a record is signed: plain data as canonical JSON, and the text's SHA-256."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any


def canonical_text(data: dict) -> str:
    """The data as JSON, the same text for the same data on every machine and database: sorted
    keys, no spaces, letters unescaped.
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    """The SHA-256 of the text in UTF-8, as hexadecimal: what a signature is bound to."""
    return hashlib.sha256(text.encode()).hexdigest()


def told(value: object) -> Any:
    """The value as plain data: days and times in ISO form, decimals as text without idle zeros.

    A dataclass is told by its fields and by its public properties, so that whoever reads the
    record finds what was said in the words in which it was said.
    """
    if is_dataclass(value):
        names = [field.name for field in fields(value)] + _properties(type(value))
        return {name: told(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # SQLite says 12 where PostgreSQL says 12.00.
        return f"{value.normalize():f}"
    if isinstance(value, tuple | list):
        return [told(one) for one in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


def _properties(kind: type) -> list[str]:
    return [
        name
        for parent in kind.__mro__
        for name, member in vars(parent).items()
        if isinstance(member, property) and not name.startswith("_")
    ]
