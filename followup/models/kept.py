"""Rows that are kept: of what two parties meet about, sign and report nothing is ever deleted."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

from followup.models.locks import LockedError

KEPT = "Det här bevaras och tas aldrig bort."

KeptModel = TypeVar("KeptModel", bound="Kept")


class KeptQuerySet(models.QuerySet[KeptModel]):
    """Rows that are never deleted, one by one or many at a time."""

    def delete(self) -> NoReturn:
        raise LockedError(KEPT)


class Kept(models.Model):
    """What is never deleted. The database says the same by its locks (followup/locks.py)."""

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LockedError(KEPT)
