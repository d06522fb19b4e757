"""What a member is to be told of on a date, each thing once for its key.

A letter is open to whoever passes it on, so nothing here says what, where or when a control is
(OSL 18 kap. 1 §): the sentence says that something waits, and the link leads to the rest.

A run that was missed is made up for by the next: a step of a countdown is told from its day until
the next step takes over, not on its day alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from followup.law.clocks import Duty, clocks_at, picture_at, plan_at
from followup.law.rows import ClockRow
from followup.log.planned import late
from followup.models import Meeting, Reminder, Task
from followup.overview.waiting import waiting_for
from promises.access import Action, may, signs_for
from promises.models import Activity, Agreement, Appointment, Member, PlannedOccasion
from promises.models.agreement import AgreementStatus

Kind = Reminder.Kind

TASK_AHEAD = 7
MEETING_STEPS = (1, 7)
CALL_WITHIN = 14
REVIEW_STEPS = (7, 30, 90, 180)
WEEK = 7

# How the keys of reminders begin. They are stored: a reminder with another key is sent anew.
DUTY_KEYS = {Duty.GOALS: "reviews", Duty.PICTURE: "situation", Duty.PLAN: "action_plans"}


@dataclass(frozen=True)
class Notice:
    """One thing to tell a member: a sentence, and the path to where it is seen to."""

    kind: Reminder.Kind
    key: str
    sentence: str
    path: str


def due_for(member: Member, on: date) -> list[Notice]:
    """Everything the member is to have been told of by the date, whether it has been or not."""
    return [
        *_decisions(member, on),
        *_late_occasions(member, on),
        *_late_activities(member, on),
        *_tasks(member, on),
        *_meetings(member, on),
        *_meetings_to_call(member, on),
        *_clocks(member, on),
    ]


# --- Decisions that wait -------------------------------------------------------------------


def _decisions(member: Member, on: date) -> Iterator[Notice]:
    """At once, and again every week that they wait."""
    first_told = {
        key: timezone.localdate(created_at)
        for key, created_at in member.reminders.filter(kind=Kind.DECISION).values_list(
            "key", "created_at"
        )
    }
    for agreement in _agreements(member):
        for waiting in waiting_for(member, agreement, on):
            if waiting.is_decision:
                first = first_told.get(f"{waiting.key}-0", on)
                week = max(0, (on - first).days // WEEK)
                yield Notice(
                    Kind.DECISION, f"{waiting.key}-{week}", waiting.sentence, waiting.address
                )


# --- What is late --------------------------------------------------------------------------


def _late_occasions(member: Member, on: date) -> Iterator[Notice]:
    """Planned occasions that nobody logged, together for each activity.

    Told anew when one more of the activity's becomes late.
    """
    if not may(member, Action.LOG, on):
        return
    planned = PlannedOccasion.objects.visible_to(member).falling_to(member)
    rows = late(planned, on).order_by("date", "pk").select_related(*_answers_to("activity__"))
    counts = Counter(one.activity_id for one in rows)
    latest = {one.activity_id: one for one in rows}
    for activity_id, one in latest.items():
        if counts[activity_id] == 1:
            what = "ett planerat tillfälle har passerat utan att loggas."
        else:
            what = f"{counts[activity_id]} planerade tillfällen har passerat utan att loggas."
        yield Notice(
            Kind.LATE,
            f"late-occasion-{one.pk}-{one.date:%Y%m%d}",
            f"{_number_of(one.activity)}: {what}",
            f"{one.activity.get_absolute_url()}#planerat",
        )


def _late_activities(member: Member, on: date) -> Iterator[Notice]:
    if not may(member, Action.LOG, on):
        return
    activities = Activity.objects.visible_to(member).falling_to(member).overdue(on)
    rows = activities.order_by("planned_to", "pk").select_related(*_answers_to())
    for activity in rows:
        yield Notice(
            Kind.LATE,
            f"late-activity-{activity.pk}-{activity.planned_to:%Y%m%d}",
            f"{_number_of(activity)}: en aktivitet skulle ha varit klar.",
            activity.get_absolute_url(),
        )


def _number_of(activity: Activity) -> str:
    """What the activity is done for. What it is itself may tell of a control to come."""
    answers_to = activity.answers_to
    kind = "Löfte" if activity.promise else "Åtagande"
    return f"{kind} {answers_to.number}"


def _answers_to(prefix: str = "") -> list[str]:
    return [f"{prefix}promise", f"{prefix}undertaking"]


# --- Tasks ---------------------------------------------------------------------------------


def _tasks(member: Member, on: date) -> Iterator[Notice]:
    """A week ahead, the day after it became late, and every week from there."""
    tasks = Task.objects.visible_to(member).open().filter(owner=member)
    for task in tasks.filter(due_on__lte=on + timedelta(days=TASK_AHEAD)).order_by("due_on", "pk"):
        if task.is_overdue(on):
            step = f"late-{((on - task.due_on).days - 1) // WEEK}"
            when = "skulle ha varit klart"
        else:
            step, when = "before", "ska vara klart"
        yield Notice(
            Kind.TASK,
            f"task-{task.pk}-{task.due_on:%Y%m%d}-{step}",
            f"Uppdraget ”{task.title}” {when} {date_format(task.due_on)}.",
            task.get_absolute_url(),
        )


# --- Meetings ------------------------------------------------------------------------------


def _meetings(member: Member, on: date) -> Iterator[Notice]:
    """To those called: a week and a day ahead, unless the call itself is as fresh as that."""
    functions = _functions_of(member)
    last = on + timedelta(days=max(MEETING_STEPS))
    called = Meeting.objects.visible_to(member).filter(
        status=Meeting.Status.CALLED, date__range=(on, last)
    )
    for meeting in called.order_by("date", "starts_at", "pk"):
        is_called = meeting.chair_id == member.pk or any(
            one.agreement_id == meeting.agreement_id
            and one.function == meeting.kind
            and one.holds(meeting.date)
            for one in functions
        )
        step = _step(MEETING_STEPS, (meeting.date - on).days)
        if is_called and not _called_since(meeting, meeting.date - timedelta(days=step)):
            yield Notice(
                Kind.MEETING,
                f"meeting-{meeting.pk}-{meeting.date:%Y%m%d}-{step}",
                f"{_meeting_in_words(meeting)} är {_how_soon(meeting.date, on)}.",
                meeting.get_absolute_url(),
            )


def _meetings_to_call(member: Member, on: date) -> Iterator[Notice]:
    """To the chair: nobody has been called yet."""
    near = (on, on + timedelta(days=CALL_WITHIN))
    planned = Meeting.objects.visible_to(member).filter(
        chair=member, status=Meeting.Status.PLANNED, date__range=near
    )
    for meeting in planned.order_by("date", "pk"):
        yield Notice(
            Kind.MEETING,
            f"call-{meeting.pk}-{meeting.date:%Y%m%d}",
            f"{_meeting_in_words(meeting)} är {_how_soon(meeting.date, on)}, och kallelsen är inte "
            "skickad.",
            meeting.get_absolute_url(),
        )


def _called_since(meeting: Meeting, day: date) -> bool:
    return meeting.called_at is not None and timezone.localdate(meeting.called_at) >= day


def _functions_of(member: Member) -> list[Appointment]:
    return list(
        member.appointments.filter(
            function__in=[Appointment.Function.GROUP, Appointment.Function.COUNCIL]
        )
    )


def _meeting_in_words(meeting: Meeting) -> str:
    names = {Meeting.Kind.GROUP: "samverkansgruppen", Meeting.Kind.COUNCIL: "strategiska rådet"}
    time = f" klockan {meeting.starts_at:%H.%M}" if meeting.starts_at else ""
    return f"Mötet i {names[meeting.kind]} {date_format(meeting.date)}{time}"


# --- The two clocks ------------------------------------------------------------------------


def _clocks(member: Member, on: date) -> Iterator[Notice]:
    """To coordinators and signatories: the agreement's clock and the law's, each by its own name.

    The law's go on when an agreement has ended and no other has taken over what they count from.
    """
    if member.role != Member.Role.COORDINATOR and signs_for(member, on) is None:
        return
    for agreement in _agreements(member):
        if agreement.status(on) in {AgreementStatus.COMING, AgreementStatus.REPLACED}:
            continue
        clocks = clocks_at(agreement, picture_at(agreement, on), plan_at(agreement, on), on)
        for duty, clock in clocks.items():
            if told := _clock_in_words(clock, on):
                step, sentence = told
                yield Notice(
                    Kind.REVIEW,
                    f"{DUTY_KEYS[duty]}-{agreement.pk}-{clock.due_on:%Y%m%d}-{step}",
                    f"{sentence} ({duty.clock}).",
                    duty.address,
                )


def _clock_in_words(clock: ClockRow, on: date) -> tuple[str, str] | None:
    """The step that the clock has come to, and how it reads; None while it is far off."""
    day = date_format(clock.due_on)
    if clock.is_overdue:
        return "late", f"{clock.name}: det skulle ha varit gjort senast {day}"
    step = _step(REVIEW_STEPS, (clock.due_on - on).days)
    return step and (str(step), f"{clock.name} senast {day}, {_how_soon(clock.due_on, on)}")


# --- In common -----------------------------------------------------------------------------


def _agreements(member: Member) -> list[Agreement]:
    return list(Agreement.objects.visible_to(member).order_by("pk"))


def _step(steps: tuple[int, ...], days_left: int) -> int | None:
    """The step of a countdown that the day belongs to: the last one it has come to."""
    return next((step for step in steps if days_left <= step), None)


def _how_soon(day: date, on: date) -> str:
    days = (day - on).days
    return {0: "i dag", 1: "i morgon"}.get(days, f"om {days} dagar")
