"""Wishes: what others have asked for, where a promise says that the parties come when asked."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from followup.models.occasion import Occasion
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Activity, Member


class WishQuerySet(KeptQuerySet["Wish"]):
    def visible_to(self, member: Member) -> WishQuerySet:
        return self.filter(activity__in=Activity.objects.visible_to(member))

    def standing(self) -> WishQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> WishQuerySet:
        return self.order_by("-received_on", "-id")


class Wish(Withdrawable):
    """An önskemål: somebody has asked for an activity whose target is on request.

    It is met by an occasion, or answered with why it is not met; until then it waits. `asked_by`
    is a school, an association or a village, and never a person.
    """

    called = "önskemålet"

    class State(models.TextChoices):
        """Where it stands. It is derived, never stored."""

        OPEN = "open", "Väntar"
        MET = "met", "Mött"
        DECLINED = "declined", "Möts inte"

    activity = models.ForeignKey(
        Activity, verbose_name="aktivitet", related_name="wishes", on_delete=models.PROTECT
    )
    received_on = models.DateField("kom in den")
    asked_by = models.CharField("vem som önskar", max_length=120, validators=[no_personal_numbers])
    wish = models.TextField(
        "vad som önskas", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    met_by = models.ForeignKey(
        Occasion,
        verbose_name="möttes av tillfället",
        related_name="wishes",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    declined_reason = models.CharField(
        "skäl till att det inte möts", max_length=500, blank=True, validators=[no_personal_numbers]
    )
    noted_by = models.ForeignKey(
        Member, verbose_name="noterat av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("noterat", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = WishQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "önskemål"
        verbose_name_plural = "önskemål"
        ordering = ["-received_on", "-id"]
        indexes = [models.Index(fields=["activity", "-received_on", "-id"], name="wish_newest")]
        constraints = [
            models.CheckConstraint(
                name="wish_says_what",
                condition=~Q(asked_by="") & ~Q(wish=""),
                violation_error_message="Skriv vem som önskar och vad.",
            ),
            models.CheckConstraint(
                name="wish_met_or_declined",
                condition=Q(met_by__isnull=True) | Q(declined_reason=""),
                violation_error_message="Ett önskemål som är mött har inget skäl till motsatsen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by} {self.received_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"{self.activity.get_absolute_url()}#onskemal-{self.pk}"

    def clean(self) -> None:
        if self.met_by and self.met_by.activity_id != self.activity_id:
            raise ValidationError({"met_by": "Välj ett tillfälle av samma aktivitet."})

    @property
    def state(self) -> State:
        """An occasion that is withdrawn has met nothing."""
        if self.declined_reason:
            return self.State.DECLINED
        is_met = self.met_by is not None and not self.met_by.is_withdrawn
        return self.State.MET if is_met else self.State.OPEN

    @property
    def edit_url(self) -> str:
        return reverse("wish_edit", args=[self.pk])

    def days_waiting(self, on: date) -> int:
        return (on - self.received_on).days
