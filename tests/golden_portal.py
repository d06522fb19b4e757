"""The signed records of version 0.1, put into a portal of today as they were stored."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from followup.models import (
    Meeting,
    MeetingDocument,
    Report,
    Review,
    ReviewDocument,
    Signoff,
    Submission,
)
from promises.models import Agreement, Member
from tests import factories

GOLDEN = Path(__file__).with_name("golden")
SWEDEN = ZoneInfo("Europe/Stockholm")
SIGNED_AT = datetime(2026, 11, 22, 14, tzinfo=SWEDEN)
MINUTES_SIGNED_AT = datetime(2026, 11, 23, 9, tzinfo=SWEDEN)


def text(name: str) -> str:
    return (GOLDEN / name).read_bytes().decode()


def file(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def adopted_review(agreement: Agreement, by: Member, name: str) -> Review:
    """A review whose stored text and file are the golden ones."""
    review = submitted_review(agreement, by, f"{name}.json")
    submission = review.submissions.get()
    for party in agreement.parties.all():
        signatory = factories.MemberFactory(party=party, role=Member.Role.SIGNATORY)
        _sign(submission, signatory)
    pdf = file(f"{name}.pdf")
    ReviewDocument.objects.create(
        submission=submission,
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        adopted_at=SIGNED_AT,
    )
    review.status = Review.Status.ADOPTED
    review.save()
    return review


def submitted_review(agreement: Agreement, by: Member, name: str) -> Review:
    review = factories.ReviewFactory(
        agreement=agreement,
        created_by=by,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 27),
        cutoff_on=date(2025, 3, 31),
    )
    contents = text(name)
    Submission.objects.create(
        review=review,
        contents=contents,
        contents_sha256=hashlib.sha256(contents.encode()).hexdigest(),
        submitted_by=by,
        submitted_at=SIGNED_AT,
    )
    review.status = Review.Status.SUBMITTED
    review.save()
    return review


def _sign(submission: Submission, by: Member) -> None:
    Signoff.objects.create(
        submission=submission,
        party=by.party,
        member=by,
        name=by.name,
        title=by.title,
        contents_sha256=submission.contents_sha256,
        signed_at=SIGNED_AT,
    )


def signed_minutes(meeting: Meeting) -> Meeting:
    """The meeting with the golden minutes as its signed document."""
    contents, pdf = text("minutes-1.json"), file("minutes-1.pdf")
    MeetingDocument.objects.create(
        meeting=meeting,
        signed_by=meeting.chair,
        name="Exempel Samordnare",
        title="Samordnare ANDTS och BF",
        signed_at=MINUTES_SIGNED_AT,
        contents=contents,
        contents_sha256=hashlib.sha256(contents.encode()).hexdigest(),
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
    )
    meeting.locked_at = MINUTES_SIGNED_AT
    meeting.save()
    return meeting


def noted_report(agreement: Agreement, by: Member) -> Report:
    """A report that was handed over, with its golden file."""
    pdf = file("report-annual.pdf")
    return factories.ReportFactory(
        agreement=agreement,
        noted_by=by,
        kind=Report.Kind.ANNUAL,
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
    )
