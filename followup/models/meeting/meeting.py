"""A meeting of the samverkansgrupp or of the strategic council, and the lock on what belongs to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import Kept, KeptQuerySet
from followup.models.locks import LockedError, Refusal, refused_in_words
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Appointment, Member
from promises.models.appointment import AppointmentQuerySet


class OfMeeting(Kept):
    """What belongs to a meeting, and is locked and kept with its minutes."""

    meeting_id: int

    class Meta(Kept.Meta):
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when the minutes have been signed."""
        _refuse_if_locked(self.meeting_id)
        with refused_in_words(Refusal.MINUTES_SIGNED):
            super().save(**kwargs)


def _refuse_if_locked(meeting_id: int) -> None:
    if Meeting.objects.filter(pk=meeting_id, locked_at__isnull=False).exists():
        raise LockedError(Refusal.MINUTES_SIGNED.label)


class MeetingQuerySet(KeptQuerySet["Meeting"]):
    def visible_to(self, member: Member) -> MeetingQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))

    def held(self, on: date) -> MeetingQuerySet:
        """Those that have been held by the day: what is dated after it is nobody's evidence yet."""
        return self.filter(status=Meeting.Status.HELD, date__lte=on)

    def overdue(self, on: date) -> MeetingQuerySet:
        """Those whose day has passed, and that are neither held nor cancelled."""
        coming = [Meeting.Status.PLANNED, Meeting.Status.CALLED]
        return self.filter(status__in=coming, date__lt=on)


class Meeting(Kept):
    """A samverkansmöte: of the local samverkansgrupp (åtagande 5), or of the strategic council
    that the municipality leads (lag 2023:196 10 §). The two are never counted together.

    A meeting is closed on its day or later; its day can't be moved ahead of today afterwards
    (`MeetingForm`, `CloseForm`). No constraint keeps that, since it has to know what day it is,
    so whatever counts asks for those `held` by a day.

    One that was held long ago may have a `chair` that nobody knows; one to come has somebody to
    call it.

    Once the chair has signed the minutes they are locked (`locked_at`, `MeetingDocument`).
    """

    class Kind(models.TextChoices):
        GROUP = "group", "Samverkansgruppen"
        COUNCIL = "council", "Strategiska rådet"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planerat"
        CALLED = "called", "Kallat"
        HELD = "held", "Genomfört"
        CANCELLED = "cancelled", "Inställt"

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="meetings", on_delete=models.PROTECT
    )
    kind = models.CharField("möte i", max_length=20, choices=Kind, default=Kind.GROUP)
    date = models.DateField("datum")
    starts_at = models.TimeField("börjar", null=True, blank=True)
    ends_at = models.TimeField("slutar", null=True, blank=True)
    location = models.CharField(
        "lokal", max_length=200, blank=True, validators=[no_personal_numbers]
    )
    chair = models.ForeignKey(
        Member,
        verbose_name="ordförande",
        related_name="chaired_meetings",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    secretary = models.ForeignKey(
        Member,
        verbose_name="sekreterare",
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    introduction = models.TextField(
        "text i kallelsen",
        blank=True,
        validators=[text_of_at_most(limits.NOTE), no_personal_numbers],
    )
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.PLANNED, editable=False
    )
    cancellation_reason = models.CharField(
        "skäl", max_length=500, blank=True, editable=False, validators=[no_personal_numbers]
    )
    called_at = models.DateTimeField("kallelsen skickad", null=True, blank=True, editable=False)
    locked_at = models.DateTimeField("protokollet låst", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        Member, verbose_name="upplagt av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("upplagt", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = MeetingQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "möte"
        verbose_name_plural = "möten"
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(fields=["agreement", "kind", "-date", "-id"], name="meeting_kind_newest")
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_cancelled_with_reason",
                condition=~Q(status="cancelled") | ~Q(cancellation_reason=""),
                violation_error_message="Skriv varför mötet ställs in.",
            ),
            models.CheckConstraint(
                name="meeting_locked_when_held",
                condition=Q(locked_at__isnull=True) | Q(status="held"),
                violation_error_message="Bara ett genomfört mötes protokoll kan låsas.",
            ),
            models.CheckConstraint(
                name="meeting_to_come_has_a_chair",
                condition=Q(status__in=["held", "cancelled"]) | Q(chair__isnull=False),
                violation_error_message="Välj vem som leder mötet.",
            ),
            models.CheckConstraint(
                name="meeting_times_in_order",
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                violation_error_message="Mötet ska sluta efter att det har börjat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date:%Y-%m-%d}"

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when the minutes have been signed already."""
        if self.pk:
            _refuse_if_locked(self.pk)
        with refused_in_words(Refusal.MINUTES_SIGNED):
            super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def is_open(self) -> bool:
        """Whether anything in it may still be changed."""
        return not self.is_locked and self.status != self.Status.CANCELLED

    @property
    def is_coming(self) -> bool:
        """Whether it has neither been held nor cancelled."""
        return self.status in {self.Status.PLANNED, self.Status.CALLED}

    @transaction.atomic
    def mark_called(self, at: datetime) -> None:
        """Note that the call has gone out, however the meeting was changed meanwhile."""
        Meeting.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db()
        self.called_at = at
        if self.status == self.Status.PLANNED:
            self.status = self.Status.CALLED
        self.save()

    def roster(self) -> AppointmentQuerySet:
        """Those appointed to the group or the council on the day of the meeting."""
        return (
            Appointment.objects.filter(agreement=self.agreement_id, function=self.kind)
            .in_force(self.date)
            .select_related("member", "party")
        )
