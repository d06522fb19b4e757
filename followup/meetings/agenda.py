"""A new meeting's agenda, drafted from the portal: what is open, what is late, what is coming.

The standing points are always there; under each stands the background that the portal knows.
It is a draft, to be changed as one likes before the meeting is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.formats import date_format

from followup.law.clocks import review_clock
from followup.models import AgendaItem, Attendance, Decision, Meeting, Task
from followup.numbers.agreement import agreement_progress
from followup.numbers.meetings import meeting_rhythm
from followup.numbers.progress import PromiseProgress
from followup.swedish import counted
from followup.time.spans import Span
from promises.models import Activity, Agreement, PlannedOccasion, PromisePeriod

# How far ahead of the meeting the planned occasions are told of, and how near a deadline is.
WEEKS_AHEAD = 6
# No more than so many lines under a point: an agenda is no register.
LINES = 25


@transaction.atomic
def set_up(meeting: Meeting, on: date) -> Meeting:
    """Save a new meeting with its drafted agenda and a row of attendance for each appointed."""
    meeting.save()
    for item in draft_agenda(meeting, on):
        item.save()
    add_roster(meeting)
    return meeting


def add_roster(meeting: Meeting) -> None:
    """A row of attendance for each appointed on the meeting's date who has none yet."""
    listed = set(meeting.attendances.values_list("member", flat=True))
    for appointment in meeting.roster():
        if appointment.member_id not in listed:
            listed.add(appointment.member_id)
            Attendance.objects.create(
                meeting=meeting, member=appointment.member, party=appointment.party
            )


def draft_agenda(meeting: Meeting, on: date) -> list[AgendaItem]:
    """The points of the agenda, not yet saved, as things stand on the day `on`."""
    points = [
        ("Mötet öppnas och dagordningen godkänns", ()),
        ("Föregående protokoll", _previous_minutes(meeting, on)),
        ("Uppdrag", _open_tasks(meeting.agreement, on)),
        ("Försenade aktiviteter", _late_activities(meeting.agreement, on)),
    ]
    if meeting.kind == Meeting.Kind.GROUP:
        points.append(("Planerade tillfällen", _planned_occasions(meeting)))
    points += [
        ("Löftenas läge", _promises(meeting.agreement, on)),
        ("Frister", _deadlines(meeting.agreement, meeting.date)),
        ("Övrigt", ()),
        ("Nästa möte", _rhythm(meeting, on)),
    ]
    return [
        AgendaItem(meeting=meeting, number=number, title=title, background=_text(lines))
        for number, (title, lines) in enumerate(points, start=1)
    ]


def _text(lines: Iterable[str]) -> str:
    """The lines as running text; of a very long list, the beginning and how many more."""
    lines = list(lines)
    shown = lines[:LINES]
    if more := len(lines) - len(shown):
        shown.append(f"- och {more} till")
    return "\n".join(shown)


# --- The background of each point -------------------------------------------------------------


def _previous_minutes(meeting: Meeting, on: date) -> Iterator[str]:
    previous = (
        Meeting.objects.held(on)
        .filter(agreement=meeting.agreement, kind=meeting.kind, date__lt=meeting.date)
        .first()
    )
    if previous is None:
        yield "Det finns inget tidigare möte i portalen."
        return
    is_signed = "är justerat" if previous.is_locked else "är inte justerat än"
    yield f"Mötet hölls {date_format(previous.date)}. Protokollet {is_signed}."
    decisions = Decision.objects.filter(
        meeting=previous, withdrawn_at=None, item__withdrawn_at=None
    ).order_by("item__number", "id")
    if decisions:
        yield ""
        yield "Beslut:"
        yield ""
        yield from (f"- {_in_one_line(decision.wording)}" for decision in decisions)


def _open_tasks(agreement: Agreement, on: date) -> Iterator[str]:
    tasks = list(Task.objects.open().in_line_with(agreement).select_related("owner"))
    if not tasks:
        yield "Inget uppdrag är öppet."
    for task in tasks:
        late = " Försenat." if task.is_overdue(on) else ""
        due = date_format(task.due_on)
        yield f"- {task.title}: {task.owner.name}, klart senast {due}.{late}"


def _late_activities(agreement: Agreement, on: date) -> Iterator[str]:
    late = list(
        Activity.objects.overdue(on)
        .of_agreement(agreement)
        .select_related("promise", "undertaking")
        .order_by("planned_to", "title", "id")
    )
    if not late:
        yield "Ingen aktivitet är försenad."
    for activity in late:
        due = date_format(activity.planned_to)
        yield f"- {activity.title} ({_under(activity)}): skulle vara klar {due}."


def _planned_occasions(meeting: Meeting) -> Iterator[str]:
    until = meeting.date + timedelta(weeks=WEEKS_AHEAD)
    planned = list(
        PlannedOccasion.objects.in_line_with(meeting.agreement)
        .standing()
        .filter(date__range=(meeting.date, until))
        .select_related("activity__promise", "activity__undertaking", "place")
    )
    if not planned:
        yield f"Inget tillfälle är planerat till och med {date_format(until)}."
    for occasion in planned:
        place = f", {occasion.place}" if occasion.place else ""
        activity = occasion.activity
        yield f"- {date_format(occasion.date)}: {activity.title} ({_under(activity)}){place}."


def _promises(agreement: Agreement, on: date) -> Iterator[str]:
    period = PromisePeriod.objects.in_line_with(agreement).current(on)
    if period is None:
        yield "Ingen löftesperiod är inlagd."
        return
    span = Span.of(period)
    progress = agreement_progress(agreement, span, on, promises=period.promises.all())
    yield f"{period.title}:"
    yield ""
    yield from (f"- {_standing(promise)}" for promise in progress.promises)


def _standing(one: PromiseProgress) -> str:
    tally = one.tally
    said = f"Löfte {one.promise.number}, {one.promise.topic}: "
    said += counted(tally.occasions, "tillfälle", "tillfällen")
    if tally.last_on:
        said += f", senast {date_format(tally.last_on)}"
    if one.targets:
        said += f". Åtagandenivåer: {one.targets_met} av {len(one.targets)} nådda"
    return f"{said}."


def _deadlines(agreement: Agreement, day: date) -> Iterator[str]:
    clock = review_clock(agreement, day)
    if clock:
        when = "skulle ha varit klar" if clock.is_overdue else "ska vara klar"
        yield f"- Nästa uppföljning av målen {when} {date_format(clock.due_on)}."
    else:
        yield "- Ingen mer uppföljning av målen ska göras inom överenskommelsens tid."
    in_line = PromisePeriod.objects.in_line_with(agreement)
    running = in_line.filter(starts_on__lte=day, ends_on__gte=day).order_by("ends_on")
    if period := running.first():
        yield f"- {period.title} gäller till och med {date_format(period.ends_on)}."
    else:
        yield "- Ingen löftesperiod gäller den dag mötet hålls."
    until = f"- Överenskommelsen gäller till och med {date_format(agreement.valid_to)}"
    yield f"{until}, sedan tills vidare." if agreement.runs_until_further_notice else f"{until}."


def _rhythm(meeting: Meeting, on: date) -> Iterator[str]:
    half_year = Span.half_year_of(meeting.date)
    rhythm = meeting_rhythm(meeting.agreement, meeting.kind, half_year, max(on, meeting.date))
    for one in rhythm.half_years:
        if rhythm.agreed is not None:
            agreed = counted(rhythm.agreed, "möte", "möten")
            yield (
                f"Ni har kommit överens om {agreed} per halvår. {one.label}: "
                f"{one.held} hittills, utan det här mötet."
            )


def _under(activity: Activity) -> str:
    return f"{activity.answers_to._meta.verbose_name} {activity.answers_to.number}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
