"""The orders the log can be read in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict

from followup.log.pages import NEWEST_FIRST, Order, Page, page_of
from followup.models.occasion import OccasionQuerySet
from followup.words import alphabetical

# The word in the address, and what it says on the page.
LOG_ORDERS = {
    "": "Nyast först",
    "aldst": "Äldst först",
    "loggat": "Senast loggat först",
    "aktivitet": "Efter aktivitet",
    "plats": "Efter plats",
}
BY_INDEX = {
    "": NEWEST_FIRST,
    "aldst": Order("date", is_descending=False),
    "loggat": Order("created_at"),
}
# By a name there is no index over all of the log: the latest of it are put in order.
BY_NAME: dict[str, Callable[[tuple], str]] = {
    "aktivitet": lambda row: row.activity__title,
    "plats": lambda row: row.place__name or "",
}
LATEST = 200


def log_page(occasions: OccasionQuerySet, order: str, address: QueryDict, size: int) -> Page:
    """The page of the log that the address asks for. Raises Http404 when there is none such."""
    if order in BY_INDEX:
        return page_of(address, occasions.as_rows(), size, BY_INDEX[order])
    latest = NEWEST_FIRST.sorted(occasions.as_rows())[:LATEST]
    return Page(sorted(latest, key=lambda row: alphabetical(BY_NAME[order](row))), None, None)
