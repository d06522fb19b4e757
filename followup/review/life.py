"""The life of a review: handed in, returned, signed by both parties and so adopted, corrected.

    Utkast → Inlämnad → Fastställd
               ↓ ↑
            Återlämnad

Handing in freezes the contents: they are what the parties sign, and what is printed from then
on. Each verb holds the review's row while it acts, so that of two people at the same moment one
goes first and the other is told. The database refuses the same things by triggers
(migration 0006) to whatever does not come this way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from followup.archive.reviews import SignedReview, read_review
from followup.models import Review, ReviewDocument, ReviewText, Signoff, Submission
from followup.review.contents import Gap, SignatureRow
from followup.review.gathering import contents_of
from followup.review.standing import standing_of
from followup.review.text import text_of
from promises.access import Action, may, signs_for
from promises.integrity import no_personal_numbers
from promises.models import Member

NOT_OPEN = "Uppföljningen är redan inlämnad."
NOT_SUBMITTED = "Uppföljningen är inte inlämnad, så den kan varken skrivas under eller återlämnas."
NOT_ADOPTED = "Bara en fastställd uppföljning kan rättas. Den här kan ändras direkt."
CORRECTED = "Det finns redan en rättelse av den här versionen."
CHANGED = "Innehållet har ändrats sedan du öppnade sidan. Läs det igen innan du går vidare."
PARTY_SIGNED = "{party} har redan skrivit under."
SAME_PERSON = "Du har redan skrivit under för den andra parten. Två olika personer behövs."
NO_NOTE = "Skriv varför uppföljningen återlämnas, så att samordnarna vet vad som ska ändras."
MAY_NOT_SIGN = "Du är varken undertecknare eller delegat för någon av parterna."
CUTOFF_AHEAD = (
    "Brytdatumet har inte passerat. Uppföljningen kan lämnas in tidigast dagen efter det."
)


def contents_shown(review: Review, on: date) -> SignedReview:
    """What the review says: the stored text once it is handed in, before that as rows stand.

    Either way it is read from a text, so that what is seen before is what is signed after.
    """
    if review.is_open:
        contents = contents_of(review, on)
        return read_review(text_of(contents), contents.standing)
    return read_review(review.submissions.open().get().contents, standing_of(review, on))


@dataclass(frozen=True)
class Life:
    """Where a review has come in its life, and which steps a member may take next."""

    submission: Submission | None
    returned: Submission | None
    document: ReviewDocument | None
    is_intact: bool
    correction: Review | None
    may_submit: bool
    may_return: bool
    may_sign: bool
    may_correct: bool


def life_of(review: Review, member: Member, on: date) -> Life:
    """For the review's page. An adopted document is checked against its hashes each time."""
    submission = review.submissions.open().select_related("submitted_by").first()
    document = ReviewDocument.objects.filter(submission=submission).first() if submission else None
    correction = Review.objects.filter(corrects=review).first()
    may_write = may(member, Action.REVIEW, on)
    is_submitted = review.status == Review.Status.SUBMITTED
    return Life(
        submission=submission,
        returned=(
            review.submissions.select_related("returned_by").order_by("returned_at").last()
            if review.status == Review.Status.RETURNED
            else None
        ),
        document=document,
        is_intact=document is None or document.is_intact,
        correction=correction,
        may_submit=may_write and review.is_open,
        may_return=may_write and is_submitted,
        may_sign=is_submitted
        and submission is not None
        and signs_for(member, on) is not None
        and not submission.signoffs.filter(party=member.party_id).exists(),
        may_correct=may_write and review.is_adopted and correction is None,
    )


def hindrances(contents: SignedReview, on: date) -> list[Gap]:
    """What has to be filled before the review is handed in on the day."""
    blocking = [gap for gap in contents.gaps if gap.blocks]
    if on <= contents.cutoff_on:
        blocking.append(Gap(CUTOFF_AHEAD, section="cover", blocks=True))
    return blocking


@transaction.atomic
def submit(review: Review, by: Member, shown_sha256: str, at: datetime) -> Submission:
    """Hand in what was shown: freeze the contents for both parties to sign.

    Raises ValidationError when the review is handed in already, lacks what has to be there, or
    is no longer what was shown.
    """
    review = _held(review)
    if not review.is_open:
        raise ValidationError(NOT_OPEN)
    today = timezone.localdate(at)
    contents = contents_shown(review, today)
    if lacking := hindrances(contents, today):
        raise ValidationError([gap.sentence for gap in lacking])
    submission = Submission(
        review=review,
        contents=contents.text,
        contents_sha256=contents.sha256,
        submitted_by=by,
        submitted_at=at,
    )
    if submission.contents_sha256 != shown_sha256:
        raise ValidationError(CHANGED)
    submission.save()
    _go_to(review, Review.Status.SUBMITTED)
    return submission


@transaction.atomic
def send_back(review: Review, by: Member, note: str, at: datetime) -> Submission:
    """Return what was handed in, with a note; its signatures are void from then on and stay.

    Raises ValidationError without a note, with a personal number in it, or when the review is
    not handed in.
    """
    if not note.strip():
        raise ValidationError(NO_NOTE)
    no_personal_numbers(note)
    review = _held(review)
    submission = _handed_in(review)
    for signoff in submission.signoffs.filter(voided_at=None):
        signoff.voided_at = at
        signoff.save()
    submission.returned_at, submission.returned_by = at, by
    submission.return_note = note.strip()
    submission.save()
    _go_to(review, Review.Status.RETURNED)
    return submission


def sign(
    review: Review,
    by: Member,
    shown_sha256: str,
    at: datetime,
    *,
    render: Callable[[SignedReview], bytes],
) -> Signoff:
    """Sign for one's party the contents that were shown; the last signature adopts the review.

    `render` makes the PDF of the adopted review: paper lies above this room.

    The final PDF takes seconds to make and is made before the row is held. Should another
    signature come in between, it is made anew with that one in it.
    Raises ValidationError when the member may not sign, the party or the person has signed
    already, or the contents handed in are not those that were shown.
    """
    while True:
        submission = _handed_in(review)
        signoff = _signature(submission, by, shown_sha256, at)
        before = _signed(submission)
        parties = {party.pk for party in review.agreement.parties.all()}
        pdf = None
        if parties == {party_id for party_id, _ in before} | {signoff.party_id}:
            pdf = render(_adopted(submission, signoff))
        with transaction.atomic():
            held = _held(review)
            if _handed_in(held) != submission:
                raise ValidationError(CHANGED)
            if _signed(submission) != before:
                continue
            signoff.save()
            if pdf:
                ReviewDocument.objects.create(
                    submission=submission, pdf=pdf, pdf_sha256=_sha256(pdf), adopted_at=at
                )
                _go_to(held, Review.Status.ADOPTED)
            review.refresh_from_db()
            return signoff


@transaction.atomic
def correct(review: Review, by: Member) -> Review:
    """Begin the next version of an adopted review, as a copy of its texts and judgements.

    Raises ValidationError when it is not adopted, or is being corrected already.
    """
    review = _held(review)
    if not review.is_adopted:
        raise ValidationError(NOT_ADOPTED)
    if Review.objects.filter(corrects=review).exists():
        raise ValidationError(CORRECTED)
    correction = Review.objects.create(
        agreement=review.agreement,
        starts_on=review.starts_on,
        ends_on=review.ends_on,
        cutoff_on=review.cutoff_on,
        registry_number=review.registry_number,
        edition=review.edition + 1,
        corrects=review,
        created_by=by,
        is_example=review.is_example,
    )
    for text in review.texts.all():
        ReviewText.objects.create(review=correction, kind=text.kind, text=text.text)
    for assessment in review.assessments.all():
        assessment.pk, assessment.review, assessment.version = None, correction, 1
        assessment._state.adding = True
        assessment.save()
    return correction


def _held(review: Review) -> Review:
    """The review as it is now, held until the transaction ends."""
    return Review.objects.select_for_update().get(pk=review.pk)


def _handed_in(review: Review) -> Submission:
    submission = review.submissions.open().filter(review__status=Review.Status.SUBMITTED).first()
    if submission is None:
        raise ValidationError(NOT_SUBMITTED)
    return submission


def _signed(submission: Submission) -> set[tuple[int, int]]:
    """The party and the person of every signature on the submission."""
    return {(one.party_id, one.member_id) for one in submission.signoffs.all()}


def _signature(submission: Submission, by: Member, shown_sha256: str, at: datetime) -> Signoff:
    """The member's signature, not yet saved."""
    signatory = signs_for(by, timezone.localdate(at))
    if (
        signatory is None
        or by.party is None
        or by.party not in submission.review.agreement.parties.all()
    ):
        raise ValidationError(MAY_NOT_SIGN)
    if shown_sha256 != submission.contents_sha256:
        raise ValidationError(CHANGED)
    signed = _signed(submission)
    if by.party_id in {party for party, _ in signed}:
        raise ValidationError(PARTY_SIGNED.format(party=by.party.name))
    if by.pk in {member for _, member in signed}:
        raise ValidationError(SAME_PERSON)
    return Signoff(
        submission=submission,
        party=by.party,
        member=by,
        name=by.name,
        title=by.title,
        is_delegate=signatory != by,
        contents_sha256=submission.contents_sha256,
        signed_at=at,
    )


def _adopted(submission: Submission, last: Signoff) -> SignedReview:
    """The adopted review: the frozen contents with every signature, the last one among them."""
    standing = standing_of(submission.review, timezone.localdate(last.signed_at))
    mine = SignatureRow(last.party.name, last.name, last.title, last.is_delegate, last.signed_at)
    signatures = tuple(mine if row.party == mine.party else row for row in standing.signatures)
    adopted = replace(
        standing,
        status=Review.Status.ADOPTED.value,
        status_label=Review.Status.ADOPTED.label,
        signatures=signatures,
    )
    return read_review(submission.contents, adopted)


def _go_to(review: Review, status: Review.Status) -> None:
    review.status = status
    review.version += 1
    review.save()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
