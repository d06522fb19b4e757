"""The biennial review (tvåårsuppföljning): its assessments, signatures and adopted document."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.occasion import promises_to_report
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Goal, Member, Party, Promise, Undertaking


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, member: Member) -> ReviewQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))


class Review(models.Model):
    """A tvåårsuppföljning of an agreement for a period, drafted from the log.

    `cutoff_on` is the last day on which an entry could be made and still be counted.
    A correction of an adopted review is the next `edition` of the same period.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Utkast"
        SUBMITTED = "submitted", "Inlämnad"
        RETURNED = "returned", "Återlämnad"
        ADOPTED = "adopted", "Fastställd"

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="reviews",
        on_delete=models.PROTECT,
    )
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med")
    cutoff_on = models.DateField(
        "brytdatum", help_text="Det som loggas senare än så räknas inte med."
    )
    edition = models.PositiveSmallIntegerField("version", default=1, editable=False)
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )
    summary = models.TextField(
        "sammanfattning",
        blank=True,
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    decisions_needed = models.TextField(
        "beslut som behövs",
        blank=True,
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    method = models.TextField(
        "underlag och metod",
        blank=True,
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    conclusions = models.TextField(
        "slutsatser",
        blank=True,
        validators=[text_of_at_most(limits.NARRATIVE), no_personal_numbers],
    )
    created_by = models.ForeignKey(
        Member, verbose_name="påbörjad av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("påbörjad", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("sparad version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = ReviewQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "tvåårsuppföljning"
        verbose_name_plural = "tvåårsuppföljningar"
        ordering = ["-ends_on", "-edition"]
        constraints = [
            models.CheckConstraint(
                name="review_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Slutdatumet ska inte ligga före startdatumet.",
            ),
            models.CheckConstraint(
                name="review_cutoff_after_end",
                condition=Q(cutoff_on__gte=F("ends_on")),
                violation_error_message="Brytdatumet ska inte ligga före periodens slut.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "starts_on", "ends_on", "edition"],
                name="review_period_once",
                violation_error_message="Det finns redan en uppföljning av den perioden.",
            ),
        ]

    def __str__(self) -> str:
        return f"Tvåårsuppföljning {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its texts and assessments may still be changed."""
        return self.status in {self.Status.DRAFT, self.Status.RETURNED}

    def promises(self) -> models.QuerySet[Promise]:
        """The promises the review has to tell of."""
        return promises_to_report(self.agreement, (self.starts_on, self.ends_on))


class Assessment(models.Model):
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
        return self.goal or self.undertaking or self.promise

    @property
    def scale(self) -> tuple[Value, ...]:
        return self.GOAL_SCALE if self.goal_id else self.PROMISE_SCALE

    @property
    def is_missing(self) -> bool:
        return not self.value


class Signoff(models.Model):
    """A party's signature on the frozen contents of a review.

    It is bound to the SHA-256 of those contents. A returned review voids its signatures; the
    rows stay. Name and title are copied, since people change titles and leave.
    """

    review = models.ForeignKey(
        Review, verbose_name="uppföljning", related_name="signoffs", on_delete=models.PROTECT
    )
    party = models.ForeignKey(Party, verbose_name="part", on_delete=models.PROTECT)
    member = models.ForeignKey(Member, verbose_name="undertecknare", on_delete=models.PROTECT)
    name = models.CharField("namn", max_length=150, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=150, validators=[no_personal_numbers])
    is_delegate = models.BooleanField("på delegation", default=False)
    contents_sha256 = models.CharField("innehållets SHA-256", max_length=64)
    signed_at = models.DateTimeField("undertecknad", default=timezone.now)
    voided_at = models.DateTimeField("ogiltig från", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "underskrift"
        verbose_name_plural = "underskrifter"
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "party"],
                condition=Q(voided_at__isnull=True),
                name="signoff_once_per_party",
                violation_error_message="Parten har redan skrivit under.",
            ),
            models.UniqueConstraint(
                fields=["review", "member"],
                condition=Q(voided_at__isnull=True),
                name="signoff_once_per_person",
                violation_error_message="Samma person kan inte skriva under för båda parterna.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} för {self.party}"


class ReviewDocument(models.Model):
    """The adopted review as an archival document: the frozen contents, the PDF and both hashes."""

    review = models.OneToOneField(
        Review, verbose_name="uppföljning", related_name="document", on_delete=models.PROTECT
    )
    contents = models.TextField("innehåll (kanonisk JSON)")
    contents_sha256 = models.CharField("innehållets SHA-256", max_length=64)
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("PDF-filens SHA-256", max_length=64, unique=True)
    created_at = models.DateTimeField("skapad", default=timezone.now)

    class Meta:
        verbose_name = "fastställd handling"
        verbose_name_plural = "fastställda handlingar"

    def __str__(self) -> str:
        return f"Fastställd handling: {self.review}"


def default_period(agreement: Agreement, on: date) -> tuple[date, date]:
    """The period the next review covers: from the day after the last due date to the next one.

    The first review begins with the agreement.
    """
    last = agreement.last_review_due(on)
    starts_on = last + timedelta(days=1) if last else agreement.valid_from
    return starts_on, agreement.next_review_due(on)
