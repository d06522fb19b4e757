"""Addresses that have been merged into other pages: links and bookmarks lead on for good."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe


def moved(page: str, *, anchor: str = "") -> Callable[..., HttpResponse]:
    """A view that leads to the page by its name, and there to the anchor, with the same query.

    What is caught from the old address, such as whose page it was, is asked for in the new.
    """

    @require_safe
    def lead_on(request: HttpRequest, **caught: int | str) -> HttpResponse:
        query = request.META["QUERY_STRING"]
        address = reverse(page, kwargs=caught) + (f"?{query}" if query else "")
        return HttpResponsePermanentRedirect(address + (f"#{anchor}" if anchor else ""))

    return lead_on
