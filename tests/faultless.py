"""What has been looked through without a fault, and need not be looked through again.

A checker that is told everything it goes by – a page, its style sheets and scripts, the browser –
says the same of it today as yesterday. Asking costs it seconds, and most of what it is given has
not changed by a byte since the last run. What it objected to is asked about every time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

KEPT = 5_000


class Faultless:
    """Remembers, in a folder that all workers and runs share, what a checker has let pass."""

    def __init__(self, folder: Path, *told: str | bytes) -> None:
        """`told` is all that the checker goes by but for the thing itself."""
        self.folder = folder
        self.told = told

    def by(self, *told: str | bytes) -> Faultless:
        """By a checker that goes by more."""
        return Faultless(self.folder, *self.told, *told)

    def has(self, *thing: str | bytes) -> bool:
        return self._mark(thing).exists()

    def add(self, *thing: str | bytes) -> None:
        self._mark(thing).touch()

    def unknown_of(self, things: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
        """Those, by their names, that are still to be looked through."""
        return {name: thing for name, thing in things.items() if not self.has(name, thing)}

    def add_all(self, things: Mapping[str, str | bytes]) -> None:
        for name, thing in things.items():
            self.add(name, thing)

    def _mark(self, thing: Iterable[str | bytes]) -> Path:
        return self.folder / digest_of(*self.told, *thing)

    def forget_the_oldest(self) -> None:
        """All but the latest that were let pass, unless another worker is at it."""
        with suppress(FileNotFoundError):
            marks = sorted(self.folder.iterdir(), key=lambda mark: mark.stat().st_mtime)
            for mark in marks[:-KEPT]:
                mark.unlink()


def digest_of(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


@cache
def digest_of_files(*patterns: str) -> str:
    """Of everything in the files, by their paths from the top of the house, as the run began."""
    files = sorted(
        {file for one in patterns for file in settings.BASE_DIR.glob(one) if file.is_file()}
    )
    names = [str(file.relative_to(settings.BASE_DIR)) for file in files]
    return digest_of(*names, *(file.read_bytes() for file in files))
