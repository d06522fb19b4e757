"""The plan's days: when an activity is to be carried out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.models.activity import Activity, Place
from promises.models.agreement import Agreement
from promises.models.member import Member


class PlannedOccasionQuerySet(models.QuerySet["PlannedOccasion"]):
    def visible_to(self, member: Member) -> PlannedOccasionQuerySet:
        visible = Activity.objects.visible_to(member).filter(pk=OuterRef("activity_id"))
        return self.filter(Exists(visible))

    def in_line_with(self, agreement: Agreement) -> PlannedOccasionQuerySet:
        """Those of the agreement and of the one it replaces: its last period may run on."""
        of_predecessor = Q(activity__agreement__successor=agreement)
        return self.filter(Q(activity__agreement=agreement) | of_predecessor)

    def falling_to(self, member: Member) -> PlannedOccasionQuerySet:
        """Those that somebody waits for the member to carry out: in their own name or, when no
        name is given, falling to them with the activity (`ActivityQuerySet.falling_to`).
        """
        unnamed = Q(responsible_member__isnull=True) | Q(responsible_member__is_active=False)
        theirs = Activity.objects.falling_to(member).filter(pk=OuterRef("activity_id"))
        return self.filter(Q(responsible_member=member) | (unnamed & Exists(theirs)))

    def in_force(self) -> PlannedOccasionQuerySet:
        """Those whose activity is in force on the very day they are planned for."""
        theirs = Activity.objects.filter(pk=OuterRef("activity_id")).in_force(OuterRef("date"))
        return self.filter(Exists(theirs))

    def standing(self) -> PlannedOccasionQuerySet:
        """Those that have not been cancelled, nor their activity."""
        return self.filter(cancelled_at__isnull=True).exclude(
            activity__status=Activity.Status.CANCELLED
        )


class PlannedOccasion(models.Model):
    """A planned occasion (planerat tillfälle): the day an activity is to be carried out.

    Never public: a control's time and place are secret until it has been (OSL 18:1). Whether it
    came off is told by the occasion that is logged for it; late is derived.
    It is cancelled with a reason and never deleted.
    """

    activity = models.ForeignKey(
        Activity,
        verbose_name="aktivitet",
        related_name="planned_occasions",
        on_delete=models.PROTECT,
    )
    date = models.DateField("datum")
    place = models.ForeignKey(
        Place,
        verbose_name="plats",
        related_name="planned_occasions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    responsible_member = models.ForeignKey(
        Member,
        verbose_name="ansvarig person",
        related_name="planned_occasions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    note = models.CharField(
        "anteckning", max_length=300, blank=True, validators=[no_personal_numbers]
    )
    cancelled_at = models.DateTimeField("inställt", null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        Member,
        verbose_name="inställt av",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    cancellation_reason = models.CharField(
        "skäl", max_length=500, blank=True, editable=False, validators=[no_personal_numbers]
    )
    created_at = models.DateTimeField("planerat", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = PlannedOccasionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "planerat tillfälle"
        verbose_name_plural = "planerade tillfällen"
        ordering = ["date", "id"]
        indexes = [
            models.Index(fields=["activity", "date", "id"], name="planned_activity_date"),
            models.Index(fields=["date", "id"], name="planned_date"),
        ]
        constraints = [
            models.CheckConstraint(
                name="planned_cancelled_with_reason",
                condition=Q(cancelled_at__isnull=True)
                | Q(cancelled_by__isnull=False) & ~Q(cancellation_reason=""),
                violation_error_message="Skriv varför det planerade tillfället ställs in.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.date:%Y-%m-%d}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def cancel(self, by: Member, reason: str) -> None:
        """Cancel it for a reason; the row stays.

        Raises ValidationError without a reason, with a personal number in it, or when it is
        cancelled already.
        """
        if not reason.strip():
            raise ValidationError("Skriv varför det planerade tillfället ställs in.")
        no_personal_numbers(reason)
        claimed = PlannedOccasion.objects.filter(pk=self.pk, cancelled_at__isnull=True).update(
            version=F("version") + 1,
            cancelled_at=timezone.now(),
            cancelled_by=by,
            cancellation_reason=reason.strip(),
        )
        if not claimed:
            raise ValidationError("Det planerade tillfället är redan inställt.")
        self.refresh_from_db()
        self.save()  # so that it stands in the history
