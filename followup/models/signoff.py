"""The two parties' signatures on a review: what was handed in, who signed it, what was adopted."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import Kept, KeptQuerySet
from followup.models.locks import LockedError, Refusal, refused_in_words
from followup.models.review import Review
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Member, Party


class SubmissionQuerySet(KeptQuerySet["Submission"]):
    def open(self) -> SubmissionQuerySet:
        """Those that have not been returned: the one a review is handed in or adopted by."""
        return self.filter(returned_at__isnull=True)


class Submission(Kept):
    """An inlämning: the review's contents, frozen to be signed.

    A returned submission stays, with the note of why (`return_note`); handing the review in
    anew freezes its contents anew.
    """

    review = models.ForeignKey(
        Review, verbose_name="uppföljning", related_name="submissions", on_delete=models.PROTECT
    )
    contents = models.TextField("innehåll (kanonisk JSON)")
    contents_sha256 = models.CharField("innehållets SHA-256", max_length=64, db_index=True)
    submitted_by = models.ForeignKey(
        Member, verbose_name="inlämnad av", related_name="+", on_delete=models.PROTECT
    )
    submitted_at = models.DateTimeField("inlämnad", default=timezone.now)
    returned_by = models.ForeignKey(
        Member,
        verbose_name="återlämnad av",
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    returned_at = models.DateTimeField("återlämnad", null=True, blank=True)
    return_note = models.TextField(
        "varför den återlämnas",
        blank=True,
        validators=[text_of_at_most(limits.NOTE), no_personal_numbers],
    )

    objects: ClassVar = SubmissionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contents"])

    class Meta:
        verbose_name = "inlämning"
        verbose_name_plural = "inlämningar"
        ordering = ["submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(returned_at__isnull=True),
                name="submission_one_at_a_time",
                violation_error_message="Uppföljningen är redan inlämnad.",
            ),
            models.CheckConstraint(
                name="submission_returned_with_note",
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_note="")
                | Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_note=""),
                violation_error_message="Skriv varför uppföljningen återlämnas.",
            ),
        ]

    def __str__(self) -> str:
        return f"Inlämning {timezone.localtime(self.submitted_at):%Y-%m-%d %H.%M}"

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when anything frozen would change."""
        with refused_in_words(Refusal.SUBMISSION_FROZEN, Refusal.REVIEW_CLOSED):
            super().save(**kwargs)

    @property
    def is_intact(self) -> bool:
        """Whether the contents still have the hash they were signed by."""
        return hashlib.sha256(self.contents.encode()).hexdigest() == self.contents_sha256


class Signoff(Kept):
    """A party's signature on the frozen contents of a review.

    It is bound to the SHA-256 of those contents. A returned review voids its signatures; the
    rows stay. Name and title are copied, since people change titles and leave.
    """

    submission = models.ForeignKey(
        Submission, verbose_name="inlämning", related_name="signoffs", on_delete=models.PROTECT
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
                fields=["submission", "party"],
                name="signoff_once_per_party",
                violation_error_message="Parten har redan skrivit under.",
            ),
            models.UniqueConstraint(
                fields=["submission", "member"],
                name="signoff_once_per_person",
                violation_error_message="Samma person kan inte skriva under för båda parterna.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} för {self.party}"

    def save(self, **kwargs: Any) -> None:
        """Save. Raises LockedError when it is of other contents, or would change."""
        with refused_in_words(Refusal.NOT_THESE_CONTENTS, Refusal.SIGNED_FOR_GOOD):
            super().save(**kwargs)


class ReviewDocument(Kept):
    """The adopted review as an archival document: the PDF of a submission, with its signatures."""

    submission = models.OneToOneField(
        Submission, verbose_name="inlämning", related_name="document", on_delete=models.PROTECT
    )
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("PDF-filens SHA-256", max_length=64, unique=True)
    adopted_at = models.DateTimeField("fastställd", default=timezone.now)

    class Meta:
        verbose_name = "fastställd handling"
        verbose_name_plural = "fastställda handlingar"

    def __str__(self) -> str:
        return f"Fastställd handling: {self.submission.review}"

    def save(self, **kwargs: Any) -> None:
        """Save it once. Raises LockedError the second time, or before every party has signed."""
        if not self._state.adding:
            raise LockedError(Refusal.ADOPTED_FOR_GOOD.label)
        with refused_in_words(Refusal.ADOPTED_FOR_GOOD):
            super().save(**kwargs)

    @property
    def is_intact(self) -> bool:
        """Whether the file and the contents still have the hashes they were adopted with."""
        return hashlib.sha256(self.pdf).hexdigest() == self.pdf_sha256 and self.submission.is_intact
