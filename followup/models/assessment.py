"""A judgement (bedömning) in a review, on the assessed thing's own scale."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from followup.models.review import OfReview, Review
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Goal, Member, Promise, Undertaking


class Assessment(OfReview):
    """A bedömning in a review of one goal, undertaking or promise, on that thing's own scale.

    Goals are judged by effect (Uppnått …), with a trend; undertakings and promises by whether
    they were kept (Uppfyllt …). A judgement has a person, a date and a reason (motivering).
    """

    class Value(models.TextChoices):
        ACHIEVED = "achieved", "Uppnått"
        PARTLY_ACHIEVED = "partly_achieved", "Delvis uppnått"
        NOT_ACHIEVED = "not_achieved", "Ej uppnått"
        FULFILLED = "fulfilled", "Uppfyllt"
        PARTLY_FULFILLED = "partly_fulfilled", "Delvis uppfyllt"
        NOT_FULFILLED = "not_fulfilled", "Ej uppfyllt"
        CANNOT_ASSESS = "cannot_assess", "Kan inte bedömas"

    GOAL_SCALE = (
        Value.ACHIEVED,
        Value.PARTLY_ACHIEVED,
        Value.NOT_ACHIEVED,
        Value.CANNOT_ASSESS,
    )
    PROMISE_SCALE = (
        Value.FULFILLED,
        Value.PARTLY_FULFILLED,
        Value.NOT_FULFILLED,
        Value.CANNOT_ASSESS,
    )

    class Trend(models.TextChoices):
        BETTER = "better", "Bättre"
        UNCHANGED = "unchanged", "Oförändrad"
        WORSE = "worse", "Sämre"

    class Proposal(models.TextChoices):
        CONTINUE = "continue", "Fortsätt"
        CHANGE = "change", "Ändra"
        END = "end", "Avsluta"

    review = models.ForeignKey(
        Review, verbose_name="uppföljning", related_name="assessments", on_delete=models.PROTECT
    )
    goal = models.ForeignKey(
        Goal, verbose_name="mål", null=True, blank=True, on_delete=models.PROTECT
    )
    undertaking = models.ForeignKey(
        Undertaking, verbose_name="åtagande", null=True, blank=True, on_delete=models.PROTECT
    )
    promise = models.ForeignKey(
        Promise, verbose_name="löfte", null=True, blank=True, on_delete=models.PROTECT
    )
    value = models.CharField("bedömning", max_length=20, choices=Value, blank=True)
    trend = models.CharField("utveckling", max_length=20, choices=Trend, blank=True)
    rationale = models.TextField(
        "motivering",
        blank=True,
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    obstacles = models.TextField(
        "hinder", blank=True, validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers]
    )
    lessons = models.TextField(
        "lärdomar", blank=True, validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers]
    )
    proposal = models.CharField("förslag", max_length=20, choices=Proposal, blank=True)
    assessed_by = models.ForeignKey(
        Member,
        verbose_name="bedömt av",
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    assessed_on = models.DateField("bedömt den", null=True, blank=True)
    version = models.PositiveIntegerField("sparad version", default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "bedömning"
        verbose_name_plural = "bedömningar"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_of_one_thing",
                condition=Q(goal__isnull=False, undertaking__isnull=True, promise__isnull=True)
                | Q(goal__isnull=True, undertaking__isnull=False, promise__isnull=True)
                | Q(goal__isnull=True, undertaking__isnull=True, promise__isnull=False),
                violation_error_message="En bedömning gäller ett mål, ett åtagande eller ett löfte.",
            ),
            models.CheckConstraint(
                name="assessment_on_its_own_scale",
                condition=Q(value="")
                | Q(
                    goal__isnull=False,
                    value__in=["achieved", "partly_achieved", "not_achieved", "cannot_assess"],
                )
                | Q(
                    goal__isnull=True,
                    trend="",
                    value__in=["fulfilled", "partly_fulfilled", "not_fulfilled", "cannot_assess"],
                ),
                violation_error_message="Bedömningen ligger inte på rätt skala.",
            ),
            models.CheckConstraint(
                name="assessment_value_with_reason",
                condition=Q(value="")
                | ~Q(rationale="") & Q(assessed_by__isnull=False, assessed_on__isnull=False),
                violation_error_message="En bedömning behöver en motivering.",
            ),
            models.UniqueConstraint(fields=["review", "goal"], name="assessment_goal_once"),
            models.UniqueConstraint(
                fields=["review", "undertaking"], name="assessment_undertaking_once"
            ),
            models.UniqueConstraint(fields=["review", "promise"], name="assessment_promise_once"),
        ]

    def __str__(self) -> str:
        return f"Bedömning av {str(self.assessed).lower()}"

    def clean(self) -> None:
        if self.value and not self.rationale.strip():
            raise ValidationError(
                {"rationale": "Skriv en motivering: vad bedömningen grundar sig på."}
            )

    @property
    def assessed(self) -> Goal | Undertaking | Promise:
        assessed = self.goal or self.undertaking or self.promise
        assert assessed is not None, "the constraint assessment_of_one_thing"
        return assessed

    @property
    def scale(self) -> tuple[Value, ...]:
        return self.GOAL_SCALE if self.goal_id else self.PROMISE_SCALE

    @property
    def is_missing(self) -> bool:
        return not self.value
