"""What the frame around every page leads to: six doors, and what lies under one's own name."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from promises.access import Action, may
from promises.models import Member


class Part(NamedTuple):
    """A page behind a door. `pages` are its name, and those shown as views of it."""

    label: str
    pages: tuple[str, ...]
    action: Action = Action.READ


class Door(NamedTuple):
    """One of the six. `paths` are the first words of the addresses of every page behind it, and
    `parts` the pages it leads to by a row at their head; one that leads to itself alone has none.
    """

    label: str
    page: str
    paths: frozenset[str]
    parts: tuple[Part, ...] = ()


DOORS = (
    # No row: the overview is one page, and leads to the others itself.
    Door("Översikt", "overview", frozenset({"oversikt", "byklockan"})),
    Door(
        "Loggen",
        "occasions",
        frozenset({"tillfallen", "logga"}),
        (
            Part("Loggen", ("occasions",)),
            Part("Publicera", ("publish",), Action.LOG),
            Part("Läs in", ("log_read_in",), Action.LOG),
        ),
    ),
    Door(
        "Planen",
        "promises",
        frozenset(
            {
                "loften",
                "ataganden",
                "forordnanden",
                "aktiviteter",
                "onskemal",
                "planerade",
                "prognoser",
                "kalender",
                "arshjul",
                "rod-trad",
                "overenskommelse",
            }
        ),
        (
            Part("Löften och åtaganden", ("promises",)),
            Part("Aktiviteter", ("activities",)),
            Part("Kalender", ("month", "year_wheel")),
            Part("Röd tråd", ("red_thread",)),
            Part("Överenskommelsen", ("agreement",)),
        ),
    ),
    Door(
        "Möten",
        "meetings",
        frozenset({"moten", "uppdrag"}),
        (Part("Möten", ("meetings",)), Part("Uppdrag", ("tasks",))),
    ),
    Door(
        "Lägesbild",
        "situation",
        frozenset({"lagesbild", "atgardsplan", "matetal", "matvarden"}),
        (
            Part("Lägesbild och åtgärdsplan", ("situation",)),
            Part("Mätetal", ("effects",)),
        ),
    ),
    Door(
        "Uppföljning",
        "reviews",
        frozenset({"uppfoljning", "rapporter", "lagkontroll"}),
        (
            Part("Uppföljningar", ("reviews",)),
            Part("Rapporter", ("reports",)),
            Part("Lagkontroll", ("law_check",)),
        ),
    ),
)
# Under one's own name: the page, and the action it is for.
OWN_MENU = (
    ("Mitt konto", "account", Action.READ),
    ("Ledamöter", "members", Action.READ),
    ("Behörighet", "access_table", Action.ADMINISTER),
    ("Synpunkter", "admin:promises_accessibilityfeedback_changelist", Action.ADMINISTER),
    ("Kom igång", "first_steps", Action.ADMINISTER),
    ("Administration", "admin:index", Action.ADMINISTER),
    ("Hjälp", "help", Action.READ),
    ("Logga ut", "account_logout", Action.READ),
)
# What a member settles for themselves, led to from the page of their account.
OWN_SETTINGS = (
    ("Portalen i din kalender", "calendar_feeds"),
    ("Påminnelser med e-post", "reminder_settings"),
)


class NavigationItem(NamedTuple):
    label: str
    address: str
    current: str
    """The value of `aria-current`: "page", "true" for a page below, or empty."""


def frame(request: HttpRequest) -> dict[str, object]:
    """The navigation for members. No queries in service: the session's member is loaded already, and
    there are no examples there.
    """
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return {"navigation": (), "may_log": False, "start": _address("public")}
    today = timezone.localdate()
    return {
        "navigation": [_door(door, request.path) for door in DOORS],
        **_row(request, member),
        "own_menu": _own_menu(member, request.path),
        "own_settings": [(label, _address(page)) for label, page in OWN_SETTINGS],
        "may_log": may(member, Action.LOG, today),
        "start": _address("overview"),
        "has_examples": settings.DEBUG and Member.objects.filter(is_example=True).exists(),
        "guide": _address("first_steps") if may(member, Action.ADMINISTER, today) else "",
    }


def _door(door: Door, path: str) -> NavigationItem:
    address = _address(door.page)
    if path == address:
        return NavigationItem(door.label, address, "page")
    return NavigationItem(door.label, address, "true" if path.split("/")[1] in door.paths else "")


def _row(request: HttpRequest, member: Member) -> dict[str, object]:
    """The row of links at the head of a page that is a part of a door, when there are several."""
    page = getattr(request.resolver_match, "url_name", None)
    behind = (door for door in DOORS if any(page in part.pages for part in door.parts))
    if page is None or (door := next(behind, None)) is None:
        return {"door": "", "door_parts": ()}
    today = timezone.localdate()
    parts = [part for part in door.parts if may(member, part.action, today)]
    return {
        "door": door.label,
        "door_parts": [
            (part.label, _address(part.pages[0]), page in part.pages)
            for part in (parts if len(parts) > 1 else ())
        ],
    }


def _own_menu(member: Member, path: str) -> list[NavigationItem]:
    today = timezone.localdate()
    return [
        NavigationItem(label, address, "page" if path == address else "")
        for label, address in (
            (label, _address(page))
            for label, page, action in OWN_MENU
            if may(member, action, today)
        )
    ]


@cache
def _address(name: str) -> str:
    """The address of a page of its own; it stands as long as the process does."""
    return reverse(name)
