"""Where in the log the occasions behind a number are: every number leads to what it counts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from followup.time.spans import Span
from promises.models import Party, Place

# What the log's filter calls the occasions without a place.
NO_PLACE = "ingen"


def log_address(span: Span, party: Party | None = None, **narrowed: int | str) -> str:
    """The log within the days, a party's or everybody's, narrowed further by the log's filters."""
    query = narrowed | {"fran": span.starts_on.isoformat(), "till": span.ends_on.isoformat()}
    if party:
        query["part"] = party.pk
    return f"{reverse('occasions')}?{urlencode(query)}"


def log_by_place(
    span: Span, party: Party | None = None, **narrowed: int | str
) -> dict[str | None, str]:
    """The same for each place by its name, and for None: no place. One query."""
    keys = dict(Place.objects.values_list("name", "pk")) | {None: NO_PLACE}
    return {name: log_address(span, party, plats=key, **narrowed) for name, key in keys.items()}
