"""What the frame around every page needs to know."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from promises.access import Action, may


class NavigationItem(NamedTuple):
    label: str
    address: str
    current: str
    """The value of `aria-current`: "page", "true" for a page below, or empty."""


# The sections of the portal, each with its pages; a section of one page has no row of its own.
NAVIGATION = (
    ("Översikt", (("Översikt", "overview"),)),
    ("Löften", (("Löften", "promises"),)),
    (
        "Plan",
        (
            ("Aktiviteter", "activities"),
            ("Kalender", "month"),
            ("Årshjul", "year_wheel"),
        ),
    ),
    ("Logg", (("Logg", "occasions"),)),
    ("Möten", (("Möten", "meetings"), ("Uppdrag", "tasks"))),
    (
        "Lägesbild",
        (("Lägesbild", "situation"), ("Röd tråd", "red_thread")),
    ),
    (
        "Uppföljning",
        (("Uppföljning", "reviews"), ("Rapporter", "reports"), ("Lagkontroll", "law_check")),
    ),
    (
        "Överenskommelse",
        (
            ("Överenskommelsen", "agreement"),
            ("Ledamöter", "members"),
            ("Behörighet", "access_table"),
            ("Synpunkter", "accessibility_feedback_list"),
        ),
    ),
)
# Pages that only some need to find in the navigation, and the action they are for.
ONLY_FOR: dict[str, Action] = {
    "access_table": Action.ADMINISTER,
    "accessibility_feedback_list": Action.ADMINISTER,
}


# Addresses that lie apart from the page they belong to.
BELONGS_TO = {
    "/planerade/": "activities",
    "/prognoser/": "activities",
    "/matetal/": "promises",
    "/matvarden/": "promises",
    "/forordnanden/": "promises",
    "/delegationer/": "members",
}


def frame(request: HttpRequest) -> dict[str, object]:
    """The navigation for members. No queries: the session's member is loaded already."""
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return {"navigation": (), "section_pages": (), "may_log": False}
    today = timezone.localdate()
    path = _path(request)
    navigation, section = [], ()
    for label, pages in NAVIGATION:
        items = [
            NavigationItem(title, address, _current(path, address))
            for title, address in (
                (title, _address(name))
                for title, name in pages
                if name not in ONLY_FOR or may(member, ONLY_FOR[name], today)
            )
        ]
        current = next((item.current for item in items if item.current), "")
        if current:
            section = items if len(items) > 1 else ()
        # The first page of a section stands for it.
        is_first = items[0].current == "page"
        navigation.append(
            NavigationItem(label, items[0].address, "page" if is_first else current and "true")
        )
    return {
        "navigation": navigation,
        "section_pages": section,
        "may_log": may(member, Action.LOG, today),
    }


@cache
def _address(name: str) -> str:
    """The address of a page of its own; it stands as long as the process does."""
    return reverse(name)


def _path(request: HttpRequest) -> str:
    """Where in the navigation the request is."""
    for prefix, name in BELONGS_TO.items():
        if request.path.startswith(prefix):
            return f"{_address(name)}{prefix.removeprefix('/')}"
    return request.path


def _current(path: str, address: str) -> str:
    if path == address:
        return "page"
    return "true" if path.startswith(address) else ""
