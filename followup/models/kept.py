"""Rows that are kept: of what two parties meet about, sign and report nothing is ever deleted.

What was logged wrongly is withdrawn: it counts no more, and its row stays with the reason.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from followup.models.locks import LockedError, Refusal
from promises.integrity import no_personal_numbers
from promises.models import Member

KeptModel = TypeVar("KeptModel", bound="Kept")


class KeptQuerySet(models.QuerySet[KeptModel]):
    """Rows that are never deleted, one by one or many at a time."""

    def delete(self) -> NoReturn:
        raise LockedError(Refusal.KEPT.label)


class Kept(models.Model):
    """What is never deleted. The database says the same by its locks (followup/models/locks.py)."""

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LockedError(Refusal.KEPT.label)


class Withdrawable(Kept):
    """What is withdrawn, for a reason, when it should not have been noted.

    `called` is what a reader calls one of them, and `as_withdrawn` what else becomes of it then.
    In a database of version 0.1 some were withdrawn without its being noted by whom and why.
    """

    called: ClassVar[str]
    as_withdrawn: ClassVar[dict[str, Any]] = {}

    withdrawn_at = models.DateTimeField("drogs tillbaka", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Member,
        verbose_name="drogs tillbaka av",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    withdrawal_reason = models.CharField(
        "skäl", max_length=500, blank=True, editable=False, validators=[no_personal_numbers]
    )

    class Meta(Kept.Meta):
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @transaction.atomic
    def withdraw(self, by: Member, reason: str) -> None:
        """Take it out of everything that counts it; the row stays, with the reason.

        Raises ValidationError without a reason, with a personal number in it, or when somebody
        else has withdrawn it already.
        """
        if not reason.strip():
            raise ValidationError(f"Skriv varför {self.called} dras tillbaka.")
        no_personal_numbers(reason)
        if type(self)._base_manager.select_for_update().get(pk=self.pk).is_withdrawn:
            raise ValidationError(f"Någon annan har redan dragit tillbaka {self.called}.")
        self.refresh_from_db()
        self.withdrawn_at, self.withdrawn_by = timezone.now(), by
        self.withdrawal_reason = reason.strip()
        for name, value in self.as_withdrawn.items():
            setattr(self, name, value)
        if hasattr(self, "version"):
            self.version += 1
        super().save()
