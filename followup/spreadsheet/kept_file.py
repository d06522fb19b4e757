"""A file that has been read, kept while its owner says what its columns are and looks at the rows.

It lies in the cache for an hour, for its owner alone, and is gone once it has been read in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.cache import cache

from followup.spreadsheet.reading import Table
from promises.models import Member

KEPT_FOR = 60 * 60


@dataclass(frozen=True)
class KeptFile:
    """The file's sheets; and, once they are known, which of our columns theirs are."""

    tables: list[Table]
    keys: tuple[list[str], ...] = ()
    activity: int | None = None


def keep(file: KeptFile, member: Member, token: str = "") -> str:
    """Keep the file, anew or in the place of an earlier state of it. Returns its token."""
    token = token or secrets.token_urlsafe(16)
    cache.set(_key(member, token), file, KEPT_FOR)
    return token


def find(token: str, member: Member) -> KeptFile | None:
    return cache.get(_key(member, token)) if token.isascii() and len(token) < 40 else None


def forget(token: str, member: Member) -> None:
    cache.delete(_key(member, token))


def _key(member: Member, token: str) -> str:
    return f"spreadsheet.{member.pk}.{token.replace(' ', '')}"
