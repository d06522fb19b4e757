"""The call (kallelse) to a meeting, as an e-mail in plain text.

The agenda's headings go with it, and a link to the rest. The background stays in the portal,
behind the sign-in: it tells of planned controls, and an e-mail is open to whoever passes it on
(OSL 18 kap. 1 §).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.formats import date_format

from followup.models import Meeting
from promises.models import Member


@dataclass(frozen=True)
class Call:
    subject: str
    text: str


def call_to(meeting: Meeting, address: str) -> Call:
    """The call as it will be read; `address` is the meeting's page with the host's name."""
    again = "Ny kallelse" if meeting.called_at else "Kallelse"
    names = {Meeting.Kind.GROUP: "samverkansgruppen", Meeting.Kind.COUNCIL: "strategiska rådet"}
    subject = f"{again}: möte i {names[meeting.kind]} {date_format(meeting.date)}"
    items = list(meeting.items.standing())
    context = {"meeting": meeting, "items": items, "address": address, "subject": subject}
    return Call(subject, render_to_string("followup/meetings/meeting_call.txt", context))


def send(call: Call, recipients: Sequence[Member], by: Member) -> None:
    """Send it to all of them at once. Raises OSError when the mail server does not take it."""
    EmailMessage(
        subject=call.subject,
        body=call.text,
        to=[member.email for member in recipients],
        reply_to=[by.email],
    ).send()
