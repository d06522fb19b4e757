"""Reminders by e-mail: what each member has been told of, and what they want to be told of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from promises.models import Member

# How long whoever took a letter upon them has to send it, before somebody else may.
CLAIM_HOLDS = timedelta(hours=1)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def claimable(self, at: datetime) -> ReminderQuerySet:
        """Those that are neither sent nor on their way; a sender that died holds none for long."""
        return self.filter(
            Q(attempted_at__isnull=True) | Q(attempted_at__lt=at - CLAIM_HOLDS),
            sent_at__isnull=True,
        )


class Reminder(models.Model):
    """A påminnelse: one thing a member is told of by e-mail, once for each `key`.

    `key` says what it is about and which time in a row ("review-3-90" for the review of
    agreement 3, ninety days ahead). The row is there before the letter: `attempted_at` tells that
    a letter with it is on its way, `sent_at` that the mail server took it. One that was attempted
    and not sent is tried again.
    """

    class Kind(models.TextChoices):
        LATE = "late", "Försenade aktiviteter"
        TASK = "task", "Uppdrag"
        MEETING = "meeting", "Möten"
        REVIEW = "review", "Tvåårsuppföljningen"
        DECISION = "decision", "Beslut som väntar"

    member = models.ForeignKey(
        Member, verbose_name="ledamot", related_name="reminders", on_delete=models.PROTECT
    )
    kind = models.CharField("slag", max_length=20, choices=Kind)
    key = models.CharField("nyckel", max_length=100)
    created_at = models.DateTimeField("skapad", default=timezone.now, editable=False)
    attempted_at = models.DateTimeField("senast försökt", null=True, blank=True, editable=False)
    sent_at = models.DateTimeField("skickad", null=True, blank=True, editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "påminnelse"
        verbose_name_plural = "påminnelser"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "key"],
                name="reminder_once_per_member",
                violation_error_message="Ledamoten är redan påmind om det.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.key}"


class ReminderSettings(models.Model):
    """Which reminders a member wants by e-mail. Without a row: all of them."""

    member = models.OneToOneField(
        Member,
        verbose_name="ledamot",
        related_name="reminder_settings",
        on_delete=models.PROTECT,
    )
    late = models.BooleanField("försenade aktiviteter", default=True)
    task = models.BooleanField("uppdrag", default=True)
    meeting = models.BooleanField("möten", default=True)
    review = models.BooleanField("tvåårsuppföljningen", default=True)
    decision = models.BooleanField("beslut som väntar på mig", default=True)

    class Meta:
        verbose_name = "inställning för påminnelser"
        verbose_name_plural = "inställningar för påminnelser"

    def __str__(self) -> str:
        return str(self.member)

    def wants(self, kind: Reminder.Kind) -> bool:
        return getattr(self, kind.value)
