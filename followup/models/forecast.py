"""The coordinators' own word on a promise's prognosis, where they know better than the figures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Activity, Member


class ForecastQuerySet(KeptQuerySet["Forecast"]):
    def visible_to(self, member: Member) -> ForecastQuerySet:
        return self.filter(activity__in=Activity.objects.visible_to(member))

    def standing(self) -> ForecastQuerySet:
        """Those that have not been withdrawn, nor replaced by another."""
        return self.filter(withdrawn_at__isnull=True)


class Forecast(Withdrawable):
    """A prognos set by hand for one window of an activity's target, with the reason for it.

    What the figures say is computed (`followup.numbers`) and always shown beside it. It holds
    for its window only, and is withdrawn, never deleted.
    """

    called = "prognosen"

    class Value(models.TextChoices):
        ON_TRACK = "on_track", "I fas"
        AT_RISK = "at_risk", "Risk"
        OFF_TRACK = "off_track", "Ur fas"

    activity = models.ForeignKey(
        Activity, verbose_name="aktivitet", related_name="forecasts", on_delete=models.PROTECT
    )
    window_starts_on = models.DateField("från och med")
    window_ends_on = models.DateField("till och med")
    value = models.CharField("prognos", max_length=20, choices=Value)
    rationale = models.TextField(
        "motivering", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    made_by = models.ForeignKey(
        Member, verbose_name="satt av", related_name="+", on_delete=models.PROTECT
    )
    made_at = models.DateTimeField("satt", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = ForecastQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "prognos"
        verbose_name_plural = "prognoser"
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="forecast_with_rationale",
                condition=~Q(rationale=""),
                violation_error_message="Skriv en motivering: vad ni vet som siffrorna inte visar.",
            ),
            models.CheckConstraint(
                name="forecast_window_in_order",
                condition=Q(window_ends_on__gte=F("window_starts_on")),
                violation_error_message="Sista dagen ska inte ligga före första dagen.",
            ),
            models.UniqueConstraint(
                fields=["activity", "window_starts_on", "window_ends_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="forecast_once_per_window",
                violation_error_message="Någon annan har just satt en prognos för samma tid.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.get_value_display()}"
