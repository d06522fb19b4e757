"""What a correction changes in the adopted review it corrects, in words."""

from __future__ import annotations

from followup.models import Review
from followup.review_contents.contents import Difference, ReviewContents


def differences_from(corrected: Review | None, contents: ReviewContents) -> tuple[Difference, ...]:
    """Everything a reader of both would notice; empty for a first edition."""
    return ()
