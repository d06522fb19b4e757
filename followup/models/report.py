"""The reports that have been handed over: to fullmäktige, länsstyrelsen, the ledningsgrupp."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from followup.models.locks import Refusal, refused_in_words
from promises.integrity import no_personal_numbers
from promises.models import Agreement, Member


class ReportQuerySet(KeptQuerySet["Report"]):
    def visible_to(self, member: Member) -> ReportQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))

    def standing(self) -> ReportQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Report(Withdrawable):
    """A report as it was handed over: to whom, when, over which days, and the very file.

    Lag (2023:196) 13 §: the board continuously reports to fullmäktige. Förordning (2016:1258)
    4 §: länsstyrelsen reports by 15 February each year and asks for the year's figures.
    """

    called = "rapporten"

    class Kind(models.TextChoices):
        ANNUAL = "annual", "Årsrapport"
        COUNCIL = "council", "Rapport till kommunfullmäktige"
        # Made no more, since the overview says the same. What was handed over stays readable.
        STATUS = "status", "Lägesrapport"

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="reports", on_delete=models.PROTECT
    )
    kind = models.CharField("slag", max_length=20, choices=Kind)
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med")
    body = models.CharField(
        "mottagare",
        max_length=150,
        validators=[no_personal_numbers],
        help_text="Till exempel kommunfullmäktige eller länsstyrelsen.",
    )
    reported_on = models.DateField("rapporterad den")
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("PDF-filens SHA-256", max_length=64, db_index=True)
    noted_by = models.ForeignKey(
        Member, verbose_name="antecknad av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("antecknad", default=timezone.now, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = ReportQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["pdf"])

    class Meta:
        verbose_name = "lämnad rapport"
        verbose_name_plural = "lämnade rapporter"
        ordering = ["-reported_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="report_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Slutdatumet ska inte ligga före startdatumet.",
            ),
            models.CheckConstraint(
                name="report_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                violation_error_message="Skriv varför rapporten dras tillbaka.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when what was handed over would change."""
        with refused_in_words(Refusal.REPORTED):
            super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.pk])

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(self.pdf).hexdigest() == self.pdf_sha256
