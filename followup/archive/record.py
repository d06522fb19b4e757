"""What a reader makes of a stored text: plain records, in no class of today's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any


class Record:
    """A part of a stored text, by its names. It never changes, and knows no rule."""

    def __init__(self, parts: Mapping[str, object]) -> None:
        vars(self).update(parts)

    if TYPE_CHECKING:
        # What parts there are is the text's to say.
        def __getattr__(self, name: str) -> Any: ...

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("What was signed does not change.")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("What was signed does not change.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(sorted(vars(self))))

    def __repr__(self) -> str:
        return f"Record({vars(self)!r})"


def record_of(value: object) -> Any:
    """Parsed JSON as records: objects by their names, lists as tuples."""
    if isinstance(value, dict):
        return Record({name: record_of(part) for name, part in value.items()})
    if isinstance(value, list):
        return tuple(record_of(part) for part in value)
    return value
