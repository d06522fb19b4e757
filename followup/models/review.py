"""The biennial review (tvåårsuppföljning): its sections, its texts and what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import Kept, KeptQuerySet
from followup.models.locks import LockedError, Refusal, refused_in_words
from followup.models.occasion import Occasion, OccasionQuerySet, promises_to_report
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Member
from promises.models.promise import PromiseQuerySet

NARRATIVE: list[Callable[[str], None]] = [text_of_at_most(limits.NARRATIVE), no_personal_numbers]


class Section(models.TextChoices):
    """The thirteen sections of a review, in the order in which they are read."""

    COVER = "cover", "Försättsblad"
    SUMMARY = "summary", "Sammanfattning"
    METHOD = "method", "Underlag och metod"
    UNDERTAKINGS = "undertakings", "Parternas åtaganden"
    GOALS = "goals", "Måluppfyllelse"
    PROMISES = "promises", "Löftena"
    SITUATION = "situation", "Lägesbild"
    DIALOGUE = "dialogue", "Medborgardialog och återkoppling"
    COOPERATION = "cooperation", "Samverkan"
    DEVIATIONS = "deviations", "Avvikelser"
    CONCLUSIONS = "conclusions", "Slutsatser och förslag"
    LAW = "law", "Lagkontroll"
    SIGNATURES = "signatures", "Underskrifter"

    @property
    def number(self) -> int:
        """Its number in the printed report, where the cover has none (0)."""
        return list(Section).index(self)

    @property
    def heading(self) -> str:
        return f"{self.number} {self.label}" if self.number else self.label


class ReviewQuerySet(KeptQuerySet["Review"]):
    def visible_to(self, member: Member) -> ReviewQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))

    def adopted(self) -> ReviewQuerySet:
        return self.filter(status=Review.Status.ADOPTED)

    def missed_by(self, occasion: Occasion) -> Review | None:
        """The review that the occasion was logged too late for, or None.

        It belongs to the review's days, but was logged after the cut-off of one that has been
        handed in. It is told of in the next one.
        """
        return (
            self.filter(IS_HANDED_IN, agreement=occasion.activity.agreement_id)
            .filter(starts_on__lte=occasion.date, ends_on__gte=occasion.date)
            .filter(cutoff_on__lt=timezone.localdate(occasion.created_at))
            .order_by("edition")
            .first()
        )

    def holding(self, occasion: Occasion) -> Review | None:
        """The review that tells of the occasion and has been handed in, or None while it is open.

        The last edition decides: a correction that is being written opens it again.
        """
        return (
            self.filter(IS_HANDED_IN, agreement=occasion.activity.agreement_id, correction=None)
            .filter(starts_on__lte=occasion.date, ends_on__gte=occasion.date)
            .filter(cutoff_on__gte=timezone.localdate(occasion.created_at))
            .first()
        )

    def begun(self, agreement: Agreement, days: tuple[date, date]) -> Review | None:
        """The first that somebody has begun on any of the days, and nobody has adopted yet."""
        starts_on, ends_on = days
        open_ones = self.filter(agreement=agreement).exclude(status=Review.Status.ADOPTED)
        within = open_ones.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)
        return within.order_by("starts_on", "edition").first()

    def before(self, review: Review) -> Review | None:
        """The latest adopted review of the agreement's time before this one's, or None."""
        earlier = self.adopted().filter(agreement=review.agreement_id, ends_on__lt=review.starts_on)
        return earlier.order_by("-ends_on", "-edition").first()


class Review(Kept):
    """A tvåårsuppföljning of an agreement for a period, drafted from the log.

    `cutoff_on` is the last day on which an entry could be made and still be counted.
    A correction of an adopted review is the next `edition` of the same period (`corrects`).
    Its life is in `followup.review.life`; the database holds the same rules by triggers.
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
    corrects = models.OneToOneField(
        "self",
        verbose_name="rättar",
        related_name="correction",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.DRAFT, editable=False
    )
    created_by = models.ForeignKey(
        Member, verbose_name="påbörjad av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("påbörjad", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("sparad version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = ReviewQuerySet.as_manager()
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
            models.CheckConstraint(
                name="review_first_edition_corrects_nothing",
                condition=Q(edition=1, corrects__isnull=True)
                | Q(edition__gt=1, corrects__isnull=False),
                violation_error_message="En ny version rättar en tidigare.",
            ),
        ]

    def __str__(self) -> str:
        name = self.agreement.review_name.capitalize()
        return f"{name} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when the review is submitted or adopted, or would skip a step."""
        with refused_in_words(Refusal.REVIEW_CLOSED, Refusal.REVIEW_LIFE):
            super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its texts and assessments may still be changed."""
        return self.status in {self.Status.DRAFT, self.Status.RETURNED}

    @property
    def is_adopted(self) -> bool:
        return self.status == self.Status.ADOPTED

    def promises(self) -> PromiseQuerySet:
        """The promises the review has to tell of."""
        return promises_to_report(self.agreement, (self.starts_on, self.ends_on))


class OfReview(Kept):
    """What is written in a review, and closed and kept with it."""

    review: models.ForeignKey[Review, Review]

    class Meta(Kept.Meta):
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when the review is submitted or adopted."""
        if not self.review.is_open:
            raise LockedError(Refusal.REVIEW_CLOSED.label)
        with refused_in_words(Refusal.REVIEW_CLOSED):
            super().save(**kwargs)


class ReviewText(OfReview):
    """One of the review's own texts: drafted from the log, then edited.

    Each has a row and a version of its own, so that two people can write side by side.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", "Sammanfattning"
        DECISIONS = "decisions", "Beslut som behövs"
        METHOD = "method", "Underlag och metod"
        SITUATION = "situation", "Utvecklingen i lägesbilden"
        DIALOGUE = "dialogue", "Det här hörde vi, gjorde vi och berättade vi"
        COOPERATION = "cooperation", "Hur samverkan har fungerat"
        DEVIATIONS = "deviations", "Varför det inte blev som planerat"
        CONCLUSIONS = "conclusions", "Slutsatser"
        IMPROVEMENTS = "improvements", "Utvecklingsmöjligheter"

        @property
        def section(self) -> Section:
            return {
                ReviewText.Kind.DECISIONS: Section.SUMMARY,
                ReviewText.Kind.IMPROVEMENTS: Section.CONCLUSIONS,
            }.get(self) or Section(self.value)

    review = models.ForeignKey(
        Review, verbose_name="uppföljning", related_name="texts", on_delete=models.PROTECT
    )
    kind = models.CharField("text", max_length=20, choices=Kind)
    text = models.TextField("text", blank=True, validators=NARRATIVE)
    version = models.PositiveIntegerField("sparad version", default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "text i uppföljning"
        verbose_name_plural = "texter i uppföljningar"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "kind"], name="reviewtext_once_per_kind")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def get_absolute_url(self) -> str:
        section = self.Kind(self.kind).section
        return reverse("review_section", args=[self.review_id, section.value])


class ReviewComment(Kept):
    """What a member of either party says about a section, or about one assessment in it.

    A comment is no part of what is signed. It can be written until the review is adopted, is
    marked as dealt with (`resolved_at`), and is never deleted.
    """

    review = models.ForeignKey(
        Review, verbose_name="uppföljning", related_name="comments", on_delete=models.PROTECT
    )
    section = models.CharField("avsnitt", max_length=20, choices=Section)
    assessment = models.ForeignKey(
        "followup.Assessment",
        verbose_name="bedömning",
        related_name="comments",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    text = models.TextField(
        "kommentar", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    member = models.ForeignKey(
        Member, verbose_name="skriven av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("skriven", default=timezone.now, editable=False)
    resolved_at = models.DateTimeField("åtgärdad", null=True, blank=True, editable=False)
    resolved_by = models.ForeignKey(
        Member,
        verbose_name="åtgärdad av",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "kommentar"
        verbose_name_plural = "kommentarer"
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="reviewcomment_says_something",
                condition=~Q(text=""),
                violation_error_message="Skriv en kommentar.",
            ),
            models.CheckConstraint(
                name="reviewcomment_resolved_by_somebody",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                violation_error_message="Någon har åtgärdat kommentaren.",
            ),
        ]

    def __str__(self) -> str:
        return f"Kommentar om {self.get_section_display().lower()}"

    def clean(self) -> None:
        if self.assessment and self.assessment.review_id != self.review_id:
            raise ValidationError("Bedömningen hör till en annan uppföljning.")


IS_HANDED_IN = Q(status__in=[Review.Status.SUBMITTED, Review.Status.ADOPTED])


def marked_when_late(occasions: OccasionQuerySet) -> OccasionQuerySet:
    """Each occasion with `is_late`, for lists: the twin of `ReviewQuerySet.missed_by`."""
    missed = Review.objects.filter(
        IS_HANDED_IN,
        agreement=OuterRef("activity__agreement"),
        starts_on__lte=OuterRef("date"),
        ends_on__gte=OuterRef("date"),
        cutoff_on__lt=OuterRef("created_at__date"),
    )
    return occasions.annotate(is_late=Exists(missed))
