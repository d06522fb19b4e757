"""The letter with a member's reminders: all of them in one, as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from followup.models import Reminder
from followup.reminders.due import Notice
from followup.swedish import counted
from promises.models import Member

HEADINGS = {
    Reminder.Kind.DECISION: "Beslut som väntar på dig",
    Reminder.Kind.LATE: "Försenat",
    Reminder.Kind.TASK: "Dina uppdrag",
    Reminder.Kind.MEETING: "Möten",
    Reminder.Kind.REVIEW: "Tider för uppföljning",
}


@dataclass(frozen=True)
class Line:
    sentence: str
    address: str


@dataclass(frozen=True)
class Group:
    heading: str
    lines: tuple[Line, ...]


def letter_to(member: Member, notices: Iterable[Notice]) -> EmailMultiAlternatives:
    """The letter as it will be sent; it leaves through the connection it is given."""
    groups = _groups([*notices])
    count = sum(len(group.lines) for group in groups)
    waits = counted(count, "sak väntar", "saker väntar")
    settings_address = _address(reverse("reminder_settings"))
    context = {
        "subject": f"Dorotea samverkan: {waits} på dig",
        "waits": waits,
        "member": member,
        "groups": groups,
        "overview": _address(reverse("overview")),
        "settings_address": settings_address,
    }
    letter = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string("followup/reminders/reminder_letter.txt", context).strip(),
        to=[member.email],
        headers={
            # To the page, not to a switch: a mail program that fetches links changes nothing.
            "List-Unsubscribe": f"<{settings_address}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(
        render_to_string("followup/reminders/reminder_letter.html", context), "text/html"
    )
    return letter


def _groups(notices: list[Notice]) -> tuple[Group, ...]:
    by_kind = {
        heading: tuple(
            Line(notice.sentence, _address(notice.path))
            for notice in notices
            if notice.kind == kind
        )
        for kind, heading in HEADINGS.items()
    }
    return tuple(Group(heading, lines) for heading, lines in by_kind.items() if lines)


def _address(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
