"""Lagkontrollen: 4–13 §§ lag (2023:196), what each asks for and what there is to show for it."""

from __future__ import annotations

from datetime import date

from followup.review_contents.contents import Law
from promises.models import Agreement


def law_at(agreement: Agreement, on: date) -> Law:
    """The Lagkontroll on the day."""
    return Law()
