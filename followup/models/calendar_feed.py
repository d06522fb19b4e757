"""Calendar feeds: a member's own days from the portal, in the calendar they already use."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils import timezone

from promises.integrity import no_personal_numbers
from promises.models import Member


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def standing(self) -> CalendarFeedQuerySet:
        """Those that have not been revoked."""
        return self.filter(revoked_at__isnull=True)

    def with_token(self, token: str) -> CalendarFeed | None:
        """The feed that the token opens, if its member may still sign in."""
        return (
            self.standing()
            .filter(token_sha256=_digest(token), member__is_active=True)
            .select_related("member")
            .first()
        )


class CalendarFeed(models.Model):
    """A prenumeration: an address from which a calendar program reads a member's own days.

    The address holds a token that stands for signing in, so only its hash is stored: it is shown
    once, when it is made. A member has one per device, and revokes each by itself.
    """

    member = models.ForeignKey(
        Member, verbose_name="ledamot", related_name="calendar_feeds", on_delete=models.PROTECT
    )
    name = models.CharField(
        "namn",
        max_length=60,
        help_text="Så att du känner igen den, till exempel ”telefonen”.",
        validators=[no_personal_numbers],
    )
    token_sha256 = models.CharField("nyckelns SHA-256", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("skapad", default=timezone.now, editable=False)
    revoked_at = models.DateTimeField("återkallad", null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "kalenderprenumeration"
        verbose_name_plural = "kalenderprenumerationer"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def new_token(cls) -> str:
        return secrets.token_urlsafe(32)

    def set_token(self, token: str) -> None:
        self.token_sha256 = _digest(token)

    def revoke(self) -> None:
        """Close the address for good; the row stays."""
        self.revoked_at = self.revoked_at or timezone.now()
        self.save(update_fields=["revoked_at"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
