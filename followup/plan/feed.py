"""A member's own days as iCalendar (RFC 5545), for the calendar program they already use.

The same days give the same bytes: what is stamped is when something was changed, never when it
was asked for. What is read in a calendar program is read outside the sign-in, so a planned
occasion says neither what, where nor how (OSL 18 kap. 1 §): that stands in the portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import slugify
from icalendar import Calendar, Component, Event, Timezone, vDuration

from followup.models import Meeting, Task
from followup.plan.deadlines import Deadline, deadlines
from followup.time.spans import Span
from promises.models import Activity, Agreement, Delegation, Member, PlannedOccasion

MONTHS_BACK, MONTHS_AHEAD = 3, 18
READ_AGAIN_AFTER = timedelta(hours=6)
# A meeting that has a time but no end is drawn as this long.
USUAL_MEETING = timedelta(hours=1)

SWEDEN = ZoneInfo("Europe/Stockholm")
# The European Union's rule. icalendar can work a time zone out by itself, but begins summer time
# an hour late.
SWEDISH_TIME = """\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar_of(member: Member, on: date) -> bytes:
    """What is of concern to the member some months around the date, as an .ics file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dorotea kommun//Dorotea samverkan//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", "Dorotea samverkan")
    calendar.add("x-wr-calname", "Dorotea samverkan")
    calendar.add("x-wr-timezone", SWEDEN.key)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(READ_AGAIN_AFTER))
    calendar.add_component(Timezone.from_ical(SWEDISH_TIME))
    for event in _events(member, on):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(member: Member, on: date) -> list[Component]:
    """In the order of their days; each identity once."""
    within = Span(
        on - relativedelta(months=MONTHS_BACK),
        on + relativedelta(months=MONTHS_AHEAD),
    )
    found = [
        *_meetings(member, within),
        *_planned_occasions(member, within),
        *_tasks(member, within),
        *_deadlines(member, within, on),
        *_delegations(member, within),
    ]
    by_uid = {str(event["uid"]): event for event in found}
    return sorted(by_uid.values(), key=lambda event: (_day(event), str(event["uid"])))


def _meetings(member: Member, within: Span) -> Iterator[Event]:
    names = {
        Meeting.Kind.GROUP: "Möte i samverkansgruppen",
        Meeting.Kind.COUNCIL: "Möte i strategiska rådet",
    }
    statuses = {
        Meeting.Status.PLANNED: "TENTATIVE",
        Meeting.Status.CALLED: "CONFIRMED",
        Meeting.Status.HELD: "CONFIRMED",
        Meeting.Status.CANCELLED: "CANCELLED",
    }
    meetings = Meeting.objects.visible_to(member).filter(date__range=_ends(within))
    for meeting in meetings.annotate(changed_at=_last_change(Meeting, "pk")):
        event = _event(meeting, names[meeting.kind], meeting.get_absolute_url())
        event.add("status", statuses[meeting.status])
        if meeting.location:
            event.add("location", meeting.location)
        if meeting.starts_at is None:
            _all_day(event, meeting.date)
        else:
            starts_at = datetime.combine(meeting.date, meeting.starts_at, SWEDEN)
            event.add("dtstart", starts_at)
            event.add("dtend", _end_of(meeting, starts_at))
        yield event


def _end_of(meeting: Meeting, starts_at: datetime) -> datetime:
    if meeting.ends_at is None:
        return starts_at + USUAL_MEETING
    return datetime.combine(meeting.date, meeting.ends_at, SWEDEN)


def _planned_occasions(member: Member, within: Span) -> Iterator[Event]:
    """The member's own; the day is all they say."""
    planned = (
        PlannedOccasion.objects.visible_to(member)
        .falling_to(member)
        .filter(date__range=_ends(within))
        .select_related("activity")
        .annotate(
            changed_at=_last_change(PlannedOccasion, "pk"),
            activity_changed_at=_last_change(Activity, "activity_id"),
        )
    )
    for one in planned:
        activity = one.activity
        event = _event(
            one,
            "Dorotea samverkan: planerat tillfälle",
            f"{activity.get_absolute_url()}#planerat",
            sequence=one.version + activity.version - 2,
            changed_at=max(filter(None, [one.changed_at, one.activity_changed_at]), default=None),
        )
        is_cancelled = one.is_cancelled or activity.status == Activity.Status.CANCELLED
        event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
        event.add("class", "PRIVATE")
        _all_day(event, one.date)
        yield event


def _tasks(member: Member, within: Span) -> Iterator[Event]:
    """Those that the member has left to do, on the day they are to be done by."""
    tasks = Task.objects.visible_to(member).open()
    own = tasks.filter(owner=member, due_on__range=_ends(within))
    for task in own.annotate(changed_at=_last_change(Task, "pk")):
        event = _event(task, f"Uppdrag klart senast: {task.title}", task.get_absolute_url())
        event.add("class", "PRIVATE")
        _all_day(event, task.due_on)
        yield event


def _deadlines(member: Member, within: Span, on: date) -> Iterator[Event]:
    for agreement in Agreement.objects.visible_to(member).order_by("pk"):
        for deadline in deadlines(agreement, within, on):
            yield _deadline(agreement, deadline)


def _deadline(agreement: Agreement, deadline: Deadline) -> Event:
    """One that moves is another: its identity says both what and when, so it never changes."""
    identity = f"deadline-{agreement.pk}-{deadline.date:%Y%m%d}-{slugify(deadline.what)}"
    decided_on = datetime.combine(agreement.valid_from, time(), SWEDEN)
    event = _bare_event(identity, f"{deadline.what} ({deadline.clock})", deadline.address)
    event.add("dtstamp", decided_on.astimezone(UTC))
    _all_day(event, deadline.date)
    return event


def _delegations(member: Member, within: Span) -> Iterator[Event]:
    """The last day of those that the member has given or holds."""
    delegations = Delegation.objects.concerning(member).with_people()
    ending = delegations.filter(revoked_at__isnull=True, ends_on__range=_ends(within))
    for one in ending.annotate(changed_at=_last_change(Delegation, "pk")):
        event = _event(
            one,
            f"Sista dagen för delegationen från {one.signatory} till {one.delegate}",
            one.signatory.get_absolute_url(),
            sequence=0,
        )
        event.add("class", "PRIVATE")
        _all_day(event, one.ends_on)
        yield event


def _event(
    row: Model,
    summary: str,
    path: str,
    *,
    sequence: int | None = None,
    changed_at: datetime | None = None,
) -> Event:
    """An event that keeps its identity however the row is changed."""
    event = _bare_event(f"{row._meta.model_name}-{row.pk}", summary, path)
    changed_at = changed_at or row.changed_at or row.created_at
    event.add("dtstamp", changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", row.version - 1 if sequence is None else sequence)
    return event


def _bare_event(identity: str, summary: str, path: str) -> Event:
    address = f"{settings.PORTAL_URL}{path}"
    event = Event()
    event.add("uid", f"{identity}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("summary", summary)
    event.add("url", address)
    # Not every calendar program shows the URL.
    event.add("description", f"Läs mer i portalen: {address}")
    return event


def _all_day(event: Event, day: date) -> None:
    """The whole of the day, which leaves its hours free for other things."""
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")


def _day(event: Component) -> date:
    begins = event.decoded("dtstart")
    return begins.date() if isinstance(begins, datetime) else begins


def _last_change(model: type[Model], key: str) -> Subquery:
    """When the row of the model with that key was changed last; empty when nothing tells."""
    history: QuerySet = model.history.model.objects.filter(id=OuterRef(key))
    return Subquery(history.order_by("-history_date", "-history_id").values("history_date")[:1])


def _ends(span: Span) -> tuple[date, date]:
    return span.starts_on, span.ends_on


def feed_address(token: str) -> str:
    """The address that a calendar program reads, as it is shown once."""
    return f"{settings.PORTAL_URL}{reverse('calendar_feed', args=[token])}"
