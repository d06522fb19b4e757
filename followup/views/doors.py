"""What lies behind each door of the navigation: the row of links at the head of its pages."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from promises.access import Action, may


class Part(NamedTuple):
    """A page behind a door. `pages` are its address by name, and those shown as views of it."""

    label: str
    pages: tuple[str, ...]
    action: Action = Action.READ


# The overview has no row: it is one page, and leads to the others itself.
DOORS = {
    "Loggen": (
        Part("Loggen", ("occasions",)),
        Part("Publicera", ("publish",), Action.LOG),
        Part("Läs in", ("log_read_in",), Action.LOG),
    ),
    "Planen": (
        Part("Löften och åtaganden", ("promises",)),
        Part("Aktiviteter", ("activities",)),
        Part("Kalender", ("month", "year_wheel")),
        Part("Röd tråd", ("red_thread",)),
        Part("Överenskommelsen", ("agreement",)),
    ),
    "Möten": (Part("Möten", ("meetings",)), Part("Uppdrag", ("tasks",))),
    "Lägesbild": (Part("Lägesbild och åtgärdsplan", ("situation",)),),
    "Uppföljning": (
        Part("Tvåårsuppföljning", ("reviews",)),
        Part("Rapporter", ("reports",)),
        Part("Lagkontroll", ("law_check",)),
    ),
}


def door(request: HttpRequest) -> dict[str, object]:
    """The parts of the door that the page is one of, for the template's frame. No queries."""
    member, match = getattr(request, "user", None), request.resolver_match
    if match is None or member is None or not member.is_authenticated:
        return {"door": "", "door_parts": ()}
    for label, parts in DOORS.items():
        if any(match.url_name in part.pages for part in parts):
            today = timezone.localdate()
            shown = [part for part in parts if may(member, part.action, today)]
            return {
                "door": label,
                "door_parts": [
                    (part.label, reverse(part.pages[0]), match.url_name in part.pages)
                    for part in (shown if len(shown) > 1 else ())
                ],
            }
    return {"door": "", "door_parts": ()}
