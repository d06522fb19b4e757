"""A review's contents as the text that is signed (read by followup/archive/reviews.py)."""

from __future__ import annotations

from followup.archive.canonical import canonical_text, told
from followup.archive.reviews import FORMAT
from followup.review.contents import ReviewContents


def text_of(contents: ReviewContents) -> str:
    """The contents as canonical JSON: the same text for the same contents everywhere.

    The standing (status, signatures, day of printing) is left out: it comes after what is signed.
    """
    signed = told(contents)
    del signed["standing"]
    return canonical_text(signed | {"format": FORMAT})
