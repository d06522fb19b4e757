"""Changes in the life of a review: handed in, returned, signed and adopted."""

from __future__ import annotations

from django.db.models import F, QuerySet

from followup.models import ReviewDocument, Signoff, Submission
from followup.overview.changes_since.change import (
    Change,
    ChangeKind,
    LookBack,
    Row,
    day_of,
    one_by_one,
)


def _submissions(back: LookBack) -> QuerySet[Submission]:
    return Submission.objects.filter(review__agreement__in=back.agreements)


def _submitted(back: LookBack) -> QuerySet[Submission]:
    return _submissions(back).filter(submitted_at__gte=back.moment)


def _returned(back: LookBack) -> QuerySet[Submission]:
    return _submissions(back).filter(returned_at__gte=back.moment)


def _signed(back: LookBack) -> QuerySet[Signoff]:
    return Signoff.objects.filter(submission__in=_submissions(back), signed_at__gte=back.moment)


def _adopted(back: LookBack) -> QuerySet[ReviewDocument]:
    submissions = _submissions(back)
    return ReviewDocument.objects.filter(submission__in=submissions, adopted_at__gte=back.moment)


def _review(row: Row) -> str:
    return f"ppföljningen till och med {row.what_day}"


REVIEW_CHANGES = (
    Change(
        ChangeKind.REVIEW_SUBMITTED,
        found=_submitted,
        on=day_of("submitted_at"),
        thing="review_id",
        what=F("review__ends_on"),
        who="submitted_by_id",
        told=one_by_one(lambda row: f"U{_review(row)} lämnades in", "review"),
    ),
    Change(
        ChangeKind.REVIEW_RETURNED,
        found=_returned,
        on=day_of("returned_at"),
        thing="review_id",
        what=F("review__ends_on"),
        who="returned_by_id",
        told=one_by_one(lambda row: f"U{_review(row)} återlämnades", "review"),
    ),
    Change(
        ChangeKind.REVIEW_SIGNED,
        found=_signed,
        on=day_of("signed_at"),
        thing="submission__review_id",
        what=F("submission__review__ends_on"),
        how=F("name"),
        who="member_id",
        told=one_by_one(lambda row: f"{row.how} skrev under u{_review(row)}", "review"),
    ),
    Change(
        ChangeKind.REVIEW_ADOPTED,
        found=_adopted,
        on=day_of("adopted_at"),
        thing="submission__review_id",
        what=F("submission__review__ends_on"),
        told=one_by_one(lambda row: f"U{_review(row)} är fastställd", "review"),
    ),
)
