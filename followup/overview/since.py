"""Since when: the days a member can look back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from promises.models import Member

FIRST_VISIT = timedelta(days=30)


@dataclass(frozen=True)
class Since:
    """A day to look back to: `key` stands in the address. That day's own changes are included."""

    key: str
    label: str
    heading: str
    day: date


def ways_to_look_back(member: Member, on: date) -> list[Since]:
    """Since the member's last visit, and the last 7 and 30 days."""
    ways = [
        Since(str(days), f"{days} dagar", f"De senaste {days} dagarna", on - timedelta(days=days))
        for days in (7, 30)
    ]
    if member.previous_login is None:
        return [
            Since("besok", "Första besöket", "De senaste 30 dagarna", on - FIRST_VISIT),
            *ways,
        ]
    day = timezone.localdate(member.previous_login)
    heading = f"Sedan besöket {date_format(day)}"
    return [Since("besok", "Senaste besöket", heading, day), *ways]


def choose_since(ways: list[Since], key: str | None) -> Since:
    """The way with the key; when nobody asks for one that exists, since the last visit."""
    return next((way for way in ways if way.key == key), ways[0])
