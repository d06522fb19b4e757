"""Sending the reminders, each once, however often and from however many places it is asked for.

A reminder's row is there before the letter, and whoever puts `attempted_at` on it sends it. The
claim is committed before the mail server is spoken to, so that no row is locked meanwhile. It is
given back when the letter is known not to have gone, and is void after a while should the sender
have died in between (`Reminder.objects.claimable`).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from followup.models import Reminder, ReminderSettings
from followup.reminders.due import Notice, due_for
from followup.reminders.letter import letter_to
from promises.accounts import may_sign_in
from promises.models import Member

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Undelivered:
    """A letter that did not go, and why, in the mail server's own words."""

    address: str
    reason: str


@dataclass
class Outcome:
    """What a run has sent: for each letter that went the notices in it, and those that did not."""

    sent: list[list[Notice]] = field(default_factory=list)
    failed: list[Undelivered] = field(default_factory=list)


def send_reminders(on: date) -> Outcome:
    """Tell everybody what is due on the date and has not been told, a letter each.

    All letters leave through one connection to the mail server.
    """
    outcome, connection = Outcome(), get_connection()
    for member in recipients():
        try:
            notices = _tell(member, on, connection)
        except Exception as error:  # whatever it was, the others are to have their letters
            if not isinstance(error, OSError):
                logger.exception("No letter to member %s", member.pk)
            outcome.failed.append(Undelivered(member.email, str(error) or repr(error)))
            _close(connection)  # nobody knows where the talk broke off: the next begins anew
        else:
            if notices:
                outcome.sent.append(notices)
    _close(connection)
    return outcome


def unsent(on: date) -> Iterator[tuple[Member, list[Notice]]]:
    """Whom a run would write to, and about what. Nothing is written down."""
    for member in recipients():
        taken = {
            reminder.key
            for reminder in member.reminders.exclude(
                pk__in=Reminder.objects.claimable(timezone.now()).values("pk")
            )
        }
        if notices := [one for one in wanted(member, on) if one.key not in taken]:
            yield member, notices


def recipients() -> list[Member]:
    """Those who can open the portal that the letters lead to."""
    members = Member.objects.active().select_related("party").order_by("pk")
    return [one for one in members if may_sign_in(one) and one.has_usable_password()]


def wanted(member: Member, on: date) -> list[Notice]:
    """What is due to the member, of the kinds that they want to be told of."""
    stored = ReminderSettings.objects.filter(member=member).first() or ReminderSettings()
    return [notice for notice in due_for(member, on) if stored.wants(notice.kind)]


@transaction.atomic
def _claim(member: Member, notices: list[Notice], at: datetime) -> list[Notice]:
    """Those of the notices that are this run's to send.

    Rows are taken in the order of their keys, so that of two runs at the same moment the second
    waits at the first row and then finds them all taken, rather than half of them each.
    """
    in_order = sorted(notices, key=lambda notice: notice.key)
    Reminder.objects.bulk_create(
        [Reminder(member=member, kind=one.kind, key=one.key, created_at=at) for one in in_order],
        ignore_conflicts=True,
    )
    claimable = Reminder.objects.claimable(at).filter(member=member)
    mine = {one.key for one in in_order if claimable.filter(key=one.key).update(attempted_at=at)}
    return [notice for notice in notices if notice.key in mine]


def _tell(member: Member, on: date, connection: BaseEmailBackend) -> list[Notice]:
    """Send the member's letter, if there is anything to tell. Returns what was told."""
    claimed_at = timezone.now()
    notices = _claim(member, wanted(member, on), claimed_at)
    if not notices:
        return []
    claimed = Reminder.objects.filter(
        member=member, key__in=[one.key for one in notices], attempted_at=claimed_at
    )
    try:
        connection.open()  # does nothing while it is open
        letter = letter_to(member, notices)
        letter.connection = connection
        letter.send()
    except Exception:
        claimed.update(attempted_at=None)
        raise
    claimed.update(sent_at=timezone.now())
    return notices


def _close(connection: BaseEmailBackend) -> None:
    with contextlib.suppress(OSError):
        connection.close()
