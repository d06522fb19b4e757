"""Bring a review to where a test needs it, by the steps the database asks for.

The PDF is left out: making one takes seconds, and few tests read it.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from followup.archive.reviews import SignedReview, read_review
from followup.models import Assessment, Review, ReviewDocument, Signoff, Submission
from followup.review.contents import ReviewContents
from followup.review.gathering import contents_of
from followup.review.text import text_of
from promises.models import Agreement, Member
from tests import factories

_numbers = count(1)


def shown(contents: ReviewContents) -> SignedReview:
    """The contents as pages and papers are handed them: read from their text."""
    return read_review(text_of(contents), contents.standing)


def written(agreement: Agreement, by: Member, on: date) -> Review:
    """A review of 2023 and 2024, written and judged all through."""
    review = factories.ReviewFactory(
        agreement=agreement, created_by=by, registry_number="KS 2025:1"
    )
    factories.ReviewTextFactory(review=review, text="Åren var lugna.")
    judged = {"review": review, "rationale": "Så var det.", "assessed_by": by, "assessed_on": on}
    for goal in agreement.goals.all():
        Assessment.objects.create(goal=goal, value="achieved", **judged)
    for undertaking in agreement.undertakings.all():
        Assessment.objects.create(undertaking=undertaking, value="fulfilled", **judged)
    for promise in review.promises():
        Assessment.objects.create(promise=promise, value="fulfilled", **judged)
    return review


def hand_in(review: Review, at: datetime | None = None) -> Submission:
    """The review's contents, frozen as they stand; its status is Inlämnad."""
    review.refresh_from_db()
    contents = text_of(contents_of(review, review.cutoff_on))
    submission = Submission.objects.create(
        review=review,
        contents=contents,
        contents_sha256=hashlib.sha256(contents.encode()).hexdigest(),
        submitted_by=review.created_by,
        submitted_at=at or timezone.now(),
    )
    _move(review, Review.Status.SUBMITTED)
    return submission


def give_back(review: Review, note: str = "Skriv om sammanfattningen.") -> None:
    submission = review.submissions.open().get()
    for signoff in submission.signoffs.all():
        signoff.voided_at = timezone.now()
        signoff.save()
    submission.returned_at, submission.returned_by = timezone.now(), review.created_by
    submission.return_note = note
    submission.save()
    _move(review, Review.Status.RETURNED)


def sign(submission: Submission, by: Member, **values) -> Signoff:
    """The member's signature for their party."""
    mine = {"party": by.party, "member": by, "name": by.name, "title": by.title}
    theirs = {"submission": submission, "contents_sha256": submission.contents_sha256}
    return Signoff.objects.create(**mine | theirs | values)


def adopt(review: Review, at: datetime | None = None) -> ReviewDocument:
    """Hand in, sign for each party by a signatory made for it, and adopt."""
    submission = hand_in(review, at)
    for party in review.agreement.parties.all():
        signatory = factories.MemberFactory(party=party, role=Member.Role.SIGNATORY)
        sign(submission, signatory, signed_at=submission.submitted_at)
    return seal(submission)


def seal(submission: Submission) -> ReviewDocument:
    """Adopt what every party has signed."""
    pdf = f"%PDF {next(_numbers)}".encode()
    document = ReviewDocument.objects.create(
        submission=submission,
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        adopted_at=submission.submitted_at,
    )
    _move(submission.review, Review.Status.ADOPTED)
    return document


def bring(review: Review, status: str) -> None:
    """From a draft to the status."""
    if status in {Review.Status.SUBMITTED, Review.Status.RETURNED}:
        hand_in(review)
    if status == Review.Status.RETURNED:
        give_back(review)
    if status == Review.Status.ADOPTED:
        adopt(review)


def _move(review: Review, status: Review.Status) -> None:
    review.status = status
    review.save()
