"""The minutes (protokoll) of a meeting: their contents, and the signature that locks them.

`minutes_of` feeds the page and the PDF alike, `text_of` is what the chair signs. Signed minutes
are read from their own stored text (`followup.archive.minutes`), neither from rows that have
moved on nor by the classes here, which may change.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from followup.archive.canonical import canonical_text, told
from followup.archive.minutes import FORMAT, SignedMinutes, read_minutes
from followup.models import Meeting, MeetingDocument, Task
from promises.models import Member

ALREADY_SIGNED = "Protokollet är redan justerat."
CHANGED = "Protokollet har ändrats sedan du öppnade sidan. Läs det igen innan du justerar det."


@dataclass(frozen=True)
class MinutesParty:
    name: str
    sami_name: str


@dataclass(frozen=True)
class AttendanceRow:
    """`presence` is empty while nobody has noted it, which is not the same as absent."""

    name: str
    title: str
    party: str
    is_guest: bool
    presence: str
    presence_label: str


@dataclass(frozen=True)
class TaskRow:
    """An uppdrag as it was given at the meeting."""

    title: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Paragraph:
    """A numbered point (§) of the minutes."""

    number: int
    title: str
    notes: str
    decisions: tuple[str, ...]
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True)
class Minutes:
    """Everything the minutes say, in plain data."""

    kind: str
    agreement: str
    parties: tuple[MinutesParty, ...]
    date: date
    starts_at: time | None
    ends_at: time | None
    location: str
    chair: str
    chair_title: str
    secretary: str
    registry_number: str
    is_example: bool
    attendance: tuple[AttendanceRow, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Signature:
    """The chair's signature, which comes after the contents it is bound to."""

    name: str
    title: str
    signed_at: datetime


def minutes_of(meeting: Meeting) -> SignedMinutes:
    """The minutes: the stored text when they are signed, else as the meeting's rows stand now.

    Either way they are read from a text, so that what is seen before is what is signed after.
    """
    if meeting.is_locked:
        return read_minutes(meeting.document.contents)
    return read_minutes(text_of(_drawn_up(meeting)))


def text_of(minutes: Minutes) -> str:
    """The minutes in the form in which they are signed."""
    return canonical_text(told(minutes) | {"format": FORMAT})


def gaps_in(minutes: SignedMinutes) -> list[str]:
    """What a reader of the minutes would miss, as sentences."""
    unknown = [row.name for row in minutes.attendance if not row.presence]
    gaps = [f"Närvaro är inte noterad för {name}." for name in unknown]
    if not minutes.chair:
        gaps.append("Det är inte noterat vem som ledde mötet.")
    if not minutes.attendance:
        gaps.append("Ingen närvaro är noterad.")
    if not minutes.paragraphs:
        gaps.append("Dagordningen är tom.")
    return gaps


def _drawn_up(meeting: Meeting) -> Minutes:
    decisions, tasks = defaultdict(list), defaultdict(list)
    for decision in meeting.decisions.filter(withdrawn_at=None).order_by("id"):
        decisions[decision.item_id].append(decision.wording)
    # One dropped before the minutes are signed was written down by mistake.
    standing = meeting.tasks.exclude(status=Task.Status.DROPPED)
    for task in standing.select_related("owner").order_by("id"):
        tasks[task.item_id].append(TaskRow(task.title, task.owner.name, task.due_on))
    return Minutes(
        kind=meeting.get_kind_display(),
        agreement=meeting.agreement.title,
        parties=tuple(
            MinutesParty(party.name, party.sami_name) for party in meeting.agreement.parties.all()
        ),
        date=meeting.date,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        location=meeting.location,
        chair=meeting.chair.name if meeting.chair else "",
        chair_title=meeting.chair.title if meeting.chair else "",
        secretary=meeting.secretary.name if meeting.secretary else "",
        registry_number=meeting.registry_number,
        is_example=meeting.is_example,
        attendance=tuple(_attendance(meeting)),
        paragraphs=tuple(
            Paragraph(number, item.title, item.notes, (*decisions[item.pk],), (*tasks[item.pk],))
            for number, item in enumerate(meeting.items.standing(), start=1)
        ),
    )


def _attendance(meeting: Meeting) -> list[AttendanceRow]:
    """Those called or noted, then the guests, each with the title held on the meeting's day."""
    titles = {appointed.member_id: appointed.title for appointed in meeting.roster()}
    rows = meeting.attendances.filter(~Q(presence="") | Q(member__in=titles)).select_related(
        "member", "party"
    )
    return [
        AttendanceRow(
            name=str(row),
            title=(titles.get(row.member_id) or row.member.title) if row.member else "",
            party=row.party.short_name if row.party else "",
            is_guest=row.member is None,
            presence=row.presence,
            presence_label=row.get_presence_display(),
        )
        for row in sorted(rows, key=lambda row: (row.member is None, row.pk))
    ]


# --- Signature ---------------------------------------------------------------------------------


@transaction.atomic
def sign(
    meeting: Meeting,
    by: Member,
    shown_sha256: str,
    at: datetime,
    *,
    render: Callable[[SignedMinutes, Signature], bytes],
) -> MeetingDocument:
    """The chair signs the minutes that were shown: from then on they are locked.

    `render` makes their PDF: paper lies above this room.

    Of two signatures at the same moment the second waits for the first and finds it done.
    Raises ValidationError when the minutes are signed already, the meeting has not been held, or
    the minutes are no longer those that were shown.
    """
    claimed = Meeting.objects.filter(
        pk=meeting.pk, chair=by, status=Meeting.Status.HELD, locked_at__isnull=True
    ).update(version=F("version") + 1)
    if not claimed:
        raise ValidationError(ALREADY_SIGNED)
    meeting.refresh_from_db()
    minutes = minutes_of(meeting)
    if minutes.sha256 != shown_sha256:
        raise ValidationError(CHANGED)
    pdf = render(minutes, Signature(by.name, by.title, at))
    document = MeetingDocument.objects.create(
        meeting=meeting,
        signed_by=by,
        name=by.name,
        title=by.title,
        signed_at=at,
        contents=minutes.text,
        contents_sha256=minutes.sha256,
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
    )
    meeting.locked_at = at
    meeting.save()
    return document
