"""How far each section of a review has come: what is missing there and what has been asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from followup.archive.reviews import SignedReview
from followup.models import Review, Section
from followup.review.contents import Gap, Standing

SHOWN = 3  # gaps in the list of sections; the section's own page has them all


@dataclass(frozen=True)
class SectionProgress:
    """A section's gaps, those that block first, and how many comments nobody has dealt with."""

    section: Section
    gaps: tuple[Gap, ...]
    open_comments: int
    standing: Standing

    @property
    def first_gaps(self) -> tuple[Gap, ...]:
        return self.gaps[:SHOWN]

    @property
    def further_gaps(self) -> int:
        return len(self.gaps[SHOWN:])

    @cached_property
    def state(self) -> str:
        """The value of the section's status mark."""
        if self.section == Section.SIGNATURES:
            return "done" if self.standing.is_adopted else "open"
        if not self.gaps:
            return "done"
        return "must_fill" if self.gaps[0].blocks else "missing"

    @property
    def label(self) -> str:
        if self.section == Section.SIGNATURES:
            rows = self.standing.signatures
            return f"{sum(row.signed_at is not None for row in rows)} av {len(rows)} parter"
        return {
            "done": "Klart",
            "missing": f"Saknas {len(self.gaps)}",
            "must_fill": "Måste fyllas i",
        }[self.state]


def progress_of(review: Review, contents: SignedReview) -> list[SectionProgress]:
    """Every section, in the order in which the review is read."""
    asked = Counter(
        review.comments.filter(resolved_at=None).order_by().values_list("section", flat=True)
    )
    return [
        SectionProgress(
            section, gaps_of(contents, section), asked[section.value], contents.standing
        )
        for section in Section
    ]


def gaps_of(contents: SignedReview, section: Section) -> tuple[Gap, ...]:
    """What is missing in the section, first what has to be there before it is handed in."""
    found = (gap for gap in contents.gaps if gap.section == section)
    return tuple(sorted(found, key=lambda gap: not gap.blocks))
