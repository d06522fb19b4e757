"""Lagkontrollen: 4–13 §§ lag (2023:196), what each asks for and what there is to show for it.

`paragraphs` says in the portal's own words what each paragraph asks for, `findings` what the
portal holds of it, and `clocks` when the two years of the agreement and of the law run out.
"""

from __future__ import annotations

from datetime import date

from followup.law_check.findings import Evidence, Finding, LawCheck, check_at
from followup.review_contents.surroundings import (
    Law,
)
from promises.models import Agreement

__all__ = ["Evidence", "Finding", "LawCheck", "check_at", "law_at"]


def law_at(agreement: Agreement, on: date) -> Law:
    """The Lagkontroll on the day, as a report prints it, in a constant number of queries."""
    checked = check_at(agreement, on)
    return Law(rows=tuple(finding.as_row() for finding in checked.findings), clocks=checked.clocks)
