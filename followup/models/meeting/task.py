"""What somebody took upon themselves to do, usually at a meeting."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.meeting.agenda import AgendaItem
from followup.models.meeting.meeting import Meeting
from promises.integrity import no_personal_numbers
from promises.models import Agreement, Member
from promises.models.agreement import UnderAgreement


class TaskQuerySet(UnderAgreement["Task"]):
    def open(self) -> TaskQuerySet:
        return self.filter(status=Task.Status.OPEN)

    def in_line_with(self, agreement: Agreement) -> TaskQuerySet:
        """Those of the agreement and of the one it replaces: what is left to do is to be done."""
        return self.filter(Q(agreement=agreement) | Q(agreement__successor=agreement))

    def overdue(self, on: date) -> TaskQuerySet:
        return self.open().filter(due_on__lt=on)

    def open_first(self) -> TaskQuerySet:
        """The open ones by their date, then those closed, the last one first."""
        return self.order_by(F("closed_on").desc(nulls_first=True), "due_on", "id")


class Task(models.Model):
    """An uppdrag: what somebody took upon themselves to do, by when, usually at a meeting.

    It lives on after the minutes have been locked, and is closed as done or as dropped with the
    reason for it.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Öppet"
        DONE = "done", "Klart"
        DROPPED = "dropped", "Avskrivet"

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="tasks", on_delete=models.PROTECT
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name="möte",
        related_name="tasks",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name="punkt",
        related_name="tasks",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    title = models.CharField("uppdrag", max_length=200, validators=[no_personal_numbers])
    owner = models.ForeignKey(
        Member, verbose_name="ansvarig", related_name="tasks", on_delete=models.PROTECT
    )
    due_on = models.DateField("klart senast")
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.OPEN, editable=False
    )
    closing_note = models.CharField(
        "hur det gick", max_length=500, blank=True, validators=[no_personal_numbers]
    )
    closed_on = models.DateField("avslutat den", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        Member, verbose_name="noterat av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("noterat", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = TaskQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "uppdrag"
        verbose_name_plural = "uppdrag"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["agreement", "status", "due_on", "id"], name="task_status_due"),
            models.Index(fields=["owner", "status", "due_on", "id"], name="task_owner_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="task_closed_on_a_day",
                condition=Q(status="open", closed_on__isnull=True)
                | ~Q(status="open") & Q(closed_on__isnull=False),
                violation_error_message="Ett avslutat uppdrag har ett datum.",
            ),
            models.CheckConstraint(
                name="task_dropped_with_reason",
                condition=~Q(status="dropped") | ~Q(closing_note=""),
                violation_error_message="Skriv varför uppdraget avskrivs.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])

    def clean(self) -> None:
        if self.status == self.Status.DROPPED and not self.closing_note.strip():
            raise ValidationError({"closing_note": "Skriv varför uppdraget avskrivs."})

    def is_overdue(self, on: date) -> bool:
        """The single-object twin of `TaskQuerySet.overdue`."""
        return self.status == self.Status.OPEN and self.due_on < on
