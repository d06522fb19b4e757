"""What the frame around every page needs to know."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from promises.access import Action, may


class NavigationItem(NamedTuple):
    label: str
    address: str
    current: str
    """The value of `aria-current`: "page", "true" for a page below, or empty."""


NAVIGATION = (
    ("Översikt", "overview"),
    ("Löften", "promises"),
    ("Aktiviteter", "activities"),
    ("Logg", "occasions"),
    ("Uppföljning", "reviews"),
    ("Överenskommelse", "agreement"),
)


def frame(request: HttpRequest) -> dict[str, object]:
    """The navigation for members. No queries: the session's member is loaded already."""
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return {"navigation": (), "may_log": False}
    return {
        "navigation": tuple(
            NavigationItem(label, address, _current(request.path, address))
            for label, address in ((label, reverse(name)) for label, name in NAVIGATION)
        ),
        "may_log": may(member, Action.LOG),
    }


def _current(path: str, address: str) -> str:
    if path == address:
        return "page"
    return "true" if path.startswith(address) else ""
