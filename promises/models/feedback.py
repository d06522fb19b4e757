"""What people say about the portal's accessibility, so that somebody answers and mends it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models.member import Member


class AccessibilityFeedbackQuerySet(models.QuerySet["AccessibilityFeedback"]):
    def handle(self, by: Member) -> int:
        """Mark as handled what nobody has handled yet, and tell how many there were.

        The addresses were for the answers, so they are erased.
        """
        waiting = self.filter(handled_at__isnull=True)
        return waiting.update(handled_at=timezone.now(), handled_by=by, email="")


class AccessibilityFeedback(models.Model):
    """A synpunkt: what somebody could not read or use, sent from the accessibility statement.

    DOS-lagen (2018:1937) 13 §: whoever meets a hindrance shall be able to say so. `email` is only
    for the answer and may be left out.
    """

    message = models.TextField(
        "synpunkt", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    page = models.CharField("sida", max_length=500, blank=True, validators=[no_personal_numbers])
    email = models.EmailField("e-postadress", blank=True)
    created_at = models.DateTimeField("inkommen", default=timezone.now, editable=False)
    handled_at = models.DateTimeField("hanterad", null=True, blank=True, editable=False)
    handled_by = models.ForeignKey(
        Member,
        verbose_name="hanterad av",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )

    objects = AccessibilityFeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = "synpunkt om tillgänglighet"
        verbose_name_plural = "synpunkter om tillgänglighet"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="accessibility_feedback_handled_by_somebody",
                condition=Q(handled_at__isnull=True) | Q(handled_by__isnull=False),
                violation_error_message="Den som har hanterat synpunkten ska stå med.",
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localdate(self.created_at)}: {self.message[:60]}"
