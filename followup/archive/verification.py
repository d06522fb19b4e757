"""Which adopted document a SHA-256 belongs to, told to anybody who asks.

Only what has been adopted or handed over is known here: a draft, a returned submission and one
that awaits its signatures are as unknown as anything else. Signatories are told by their roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from followup.models import Report, Review, ReviewDocument


@dataclass(frozen=True)
class Signer:
    """Who signed: the title and the party, with no name."""

    title: str
    party: str
    is_delegate: bool
    signed_at: datetime


@dataclass(frozen=True)
class AdoptedReview:
    """An adopted review, by its PDF or by its frozen contents (`is_pdf`).

    `correction` is the version that has taken its place, when there is an adopted one.
    """

    is_pdf: bool
    name: str
    agreement: str
    starts_on: date
    ends_on: date
    registry_number: str
    edition: int
    adopted_at: datetime
    signers: tuple[Signer, ...]
    correction: int | None
    is_example: bool


@dataclass(frozen=True)
class HandedOverReport:
    """A report that was handed over; a withdrawn one says so."""

    kind: str
    agreement: str
    starts_on: date
    ends_on: date
    body: str
    reported_on: date
    registry_number: str
    is_withdrawn: bool
    is_example: bool


def recognised(sha256: str) -> AdoptedReview | HandedOverReport | None:
    """The document whose file, or whose signed contents, has the hash; None when it is unknown."""
    documents = ReviewDocument.objects.filter(submission__review__status=Review.Status.ADOPTED)
    document = (
        documents.filter(Q(pdf_sha256=sha256) | Q(submission__contents_sha256=sha256))
        .select_related("submission__review__agreement")
        .defer("pdf", "submission__contents")
        .first()
    )
    if document:
        return _adopted(document, is_pdf=document.pdf_sha256 == sha256)
    reports = Report.objects.filter(pdf_sha256=sha256).select_related("agreement").defer("pdf")
    report = reports.first()
    return _handed_over(report) if report else None


def _adopted(document: ReviewDocument, is_pdf: bool) -> AdoptedReview:
    review = document.submission.review
    correction = Review.objects.adopted().filter(
        agreement=review.agreement_id,
        starts_on=review.starts_on,
        ends_on=review.ends_on,
        edition__gt=review.edition,
    )
    return AdoptedReview(
        is_pdf=is_pdf,
        name=review.agreement.review_name.capitalize(),
        agreement=review.agreement.title,
        starts_on=review.starts_on,
        ends_on=review.ends_on,
        registry_number=review.registry_number,
        edition=review.edition,
        adopted_at=document.adopted_at,
        signers=tuple(
            Signer(signoff.title, signoff.party.name, signoff.is_delegate, signoff.signed_at)
            for signoff in document.submission.signoffs.select_related("party")
        ),
        correction=correction.order_by("-edition").values_list("edition", flat=True).first(),
        is_example=review.is_example,
    )


def _handed_over(report: Report) -> HandedOverReport:
    return HandedOverReport(
        kind=report.get_kind_display(),
        agreement=report.agreement.title,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        body=report.body,
        reported_on=report.reported_on,
        registry_number=report.registry_number,
        is_withdrawn=report.withdrawn_at is not None,
        is_example=report.is_example,
    )
