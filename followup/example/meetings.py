"""The example's meetings, with the roster they are held by and the uppdrag that came out of them."""

from __future__ import annotations

from datetime import timedelta

from followup.example.cast import Cast, in_the_morning
from followup.models import AgendaItem, Attendance, Decision, Meeting, Task

LOCATION = "Kommunhuset"
CHAIRS = {Meeting.Kind.GROUP: "samordnare", Meeting.Kind.COUNCIL: "kommunchef"}
PLANNED_BEFORE = timedelta(days=28)


def load(example: Cast, meetings: dict) -> None:
    """Add what `meetings.toml` holds, once the example's members are there."""
    agreement = example.agreement
    for name in ("group_meetings_per_half_year", "council_meetings_per_half_year"):
        setattr(agreement, name, meetings[name])
    agreement.save()
    for row in meetings["appointments"]:
        example.appoint(row)
    for row in meetings["meetings"]:
        _add_meeting(example, row)


def _add_meeting(example: Cast, row: dict) -> None:
    """A meeting that has ended was held; one without an end is still to come."""
    items = row.pop("items")
    presence = {
        **dict.fromkeys(row.pop("excused", []), Attendance.Presence.EXCUSED),
        **dict.fromkeys(row.pop("absent", []), Attendance.Presence.ABSENT),
    }
    guests = row.pop("guests", [])
    kind = Meeting.Kind(row.pop("kind", Meeting.Kind.GROUP))
    created_on = row.pop("created_on", row["date"] - PLANNED_BEFORE)
    is_held = "ends_at" in row
    meeting = example.add(
        Meeting,
        {"location": LOCATION, "created_by": "samordnare"} | row,
        agreement=example.agreement,
        kind=kind,
        chair=example.members[CHAIRS[kind]],
        secretary=example.members["samordnare"],
        created_at=in_the_morning(created_on),
        status=Meeting.Status.HELD if is_held else Meeting.Status.PLANNED,
    )
    keys = {member.pk: key for key, member in example.members.items()}
    for one in meeting.roster():
        here = presence.get(keys[one.member_id], Attendance.Presence.PRESENT) if is_held else ""
        Attendance.objects.create(
            meeting=meeting, member=one.member, party=one.party, presence=here
        )
    for guest in guests:
        Attendance.objects.create(
            meeting=meeting, guest=guest, presence=Attendance.Presence.PRESENT
        )
    for number, item in enumerate(items, start=1):
        _add_item(example, meeting, number, item)


def _add_item(example: Cast, meeting: Meeting, number: int, row: dict) -> None:
    decisions, tasks = row.pop("decisions", []), row.pop("tasks", [])
    item = AgendaItem.objects.create(meeting=meeting, number=number, **row)
    at = in_the_morning(meeting.date)
    for wording in decisions:
        Decision.objects.create(meeting=meeting, item=item, wording=wording, created_at=at)
    for task in tasks:
        _add_task(example, item, task)


def _add_task(example: Cast, item: AgendaItem, row: dict) -> None:
    """An uppdrag: open, or done or dropped on a day."""
    done_on, dropped_on = row.pop("done_on", None), row.pop("dropped_on", None)
    note = row.pop("note", "")
    status = Task.Status.DROPPED if dropped_on else Task.Status.OPEN
    example.add(
        Task,
        {"created_by": "samordnare"} | row,
        agreement=item.meeting.agreement,
        meeting=item.meeting,
        item=item,
        status=Task.Status.DONE if done_on else status,
        closed_on=done_on or dropped_on,
        closing_note=note,
        created_at=in_the_morning(item.meeting.date),
    )
