"""A review's contents → its PDF, with what was signed and its tables attached."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from followup.archive.reviews import SignedReview
from followup.models import Review, ReviewDocument
from followup.paper.pdf import data_attachment, render_document
from followup.paper.report_tables import figures_csv, log_csv
from followup.review.life import contents_shown

if TYPE_CHECKING:
    from followup.paper.pdf import Attachment


def render_review(contents: SignedReview) -> bytes:
    """The report as PDF, from its contents and standing alone: the same for ever.

    Raises weasyprint's FatalURLFetchingError when an asset is missing.
    """
    return render_document(
        "followup/review/review_print.html",
        {"contents": contents, "contents_sha256": contents.sha256},
        _attachments(contents),
    )


def printed(review: Review, on: date) -> bytes:
    """The review as PDF: the adopted one as it was stored, byte for byte, else as it stands."""
    if review.is_adopted:
        return bytes(ReviewDocument.objects.get(submission__review=review).pdf)
    return render_review(contents_shown(review, on))


def _attachments(contents: SignedReview) -> list[Attachment]:
    day = contents.standing.printed_on
    return [
        data_attachment("logg.csv", "Hela loggen som tabell", log_csv(contents.log), day),
        data_attachment("nyckeltal.csv", "Siffrorna som tabell", figures_csv(contents), day),
        data_attachment(
            "uppfoljning.json",
            "Uppföljningens innehåll, det som undertecknas",
            contents.text,
            day,
        ),
    ]
