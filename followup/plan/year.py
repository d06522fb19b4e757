"""The year as a wheel (årshjul): who is to do what when, from the plan, the meetings and the clocks.

`year_plan` reads it as frozen dataclasses in a constant number of queries. `followup.paper.charts.wheel` draws
them, and the page's table lists them month by month: the same entries, in the same order.
Everything here is for members only: a control to come is secret until it has been (OSL 18:1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from django.db.models import Q, TextChoices
from django.urls import reverse

from followup.log.planned import PlannedDay, PlannedState, with_state
from followup.models import Meeting
from followup.plan.deadlines import agreement_deadlines
from followup.time.seasons import season
from followup.time.spans import Span
from promises.models import Activity, Agreement, PlannedOccasion, Promise

UNDERTAKINGS = "Å"
MEETINGS = "M"

# What goes on for a year or more is the whole wheel: an arc would say nothing.
SHORTER_THAN = timedelta(days=365)


class EntryKind(Enum):
    PLANNED = "planned"
    MEETING = "meeting"
    DEADLINE = "deadline"


class EntryState(TextChoices):
    """Where an entry stands: a planned occasion's states, a meeting that is called, a deadline."""

    PLANNED = "planned", "Planerat"
    CALLED = "called", "Kallat"
    CARRIED_OUT = "carried_out", "Genomfört"
    LATE = "overdue", "Försenat"
    CANCELLED = "cancelled", "Inställt"
    DEADLINE = "", "Tidsfrist"


@dataclass(frozen=True)
class Ring:
    """A ring of the wheel, with the sign that stands on it and what it is for."""

    sign: str
    label: str


@dataclass(frozen=True)
class Entry:
    """One day of the year's plan. `party` is empty for what the parties do together."""

    date: date
    what: str
    address: str
    kind: EntryKind
    ring: str
    under: str
    state: EntryState
    party: str = ""
    party_id: int | None = None
    promise_id: int | None = None
    person: str = ""
    place: str = ""
    reason: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days in a row, within the year, that an activity is meant for: a season or a campaign."""

    span: Span
    what: str
    ring: str
    under: str
    party_id: int | None


@dataclass(frozen=True)
class YearPlan:
    """A year of the agreement's plan, as of a date; the entries by date."""

    year: int
    on: date
    rings: tuple[Ring, ...]
    entries: tuple[Entry, ...]
    stretches: tuple[Stretch, ...]

    def count(self, state: EntryState) -> int:
        return sum(entry.state is state for entry in self.entries)

    def of_party(self, party_id: int) -> YearPlan:
        """What the party does by itself or together with the others."""
        ours = {None, party_id}
        return replace(
            self,
            entries=tuple(entry for entry in self.entries if entry.party_id in ours),
            stretches=tuple(one for one in self.stretches if one.party_id in ours),
        )


def year_plan(agreement: Agreement, year: int, on: date) -> YearPlan:
    """The agreement's plan for the calendar year, with the states as of the date."""
    whole = Span.of_year(year)
    entries = [
        *planned_entries(agreement, whole, on),
        *meeting_entries(agreement, whole, on),
        *_deadline_entries(agreement, whole),
    ]
    stretches = tuple(_stretches(_activities(agreement), whole))
    used = {entry.ring for entry in entries} | {one.ring for one in stretches}
    return YearPlan(
        year=year,
        on=on,
        rings=tuple(_rings(agreement, whole, used)),
        entries=tuple(sorted(entries, key=lambda entry: (entry.date, entry.ring, entry.what))),
        stretches=stretches,
    )


def years_of(agreement: Agreement, on: date) -> range:
    """The years to choose between: from the agreement's first to the one after this."""
    return range(agreement.valid_from.year, max(on.year, agreement.valid_to.year) + 2)


def _rings(agreement: Agreement, whole: Span, used: set[str]) -> Iterator[Ring]:
    """A ring per promise of the year, or with something planned all the same; two more at the rim.

    Of promises with the same number in two löftesperioder the later gives its name.
    """
    topics = {}
    for promise in (
        Promise.objects.filter(period__agreement=agreement)
        .select_related("period")
        .order_by("number", "period__starts_on")
    ):
        is_of_year = Span.of(promise.period).overlap(whole).days > 0
        if is_of_year or str(promise.number) in used:
            topics[str(promise.number)] = promise.topic
    for number, topic in topics.items():
        yield Ring(number, f"Löfte {number}: {topic}")
    yield Ring(UNDERTAKINGS, "Åtaganden")
    yield Ring(MEETINGS, "Möten och tidsfrister")


# --- What stands on a day ------------------------------------------------------------------


def planned_entries(agreement: Agreement, whole: Span, on: date) -> Iterator[Entry]:
    """The planned occasions within the days, each as it stands on the date."""
    planned = PlannedOccasion.objects.in_line_with(agreement).filter(date__range=whole)
    related = (
        "activity__promise",
        "activity__undertaking",
        "activity__responsible",
        "activity__responsible_member",
    )
    for day in with_state(planned.select_related(*related), on):
        activity = day.planned.activity
        person = day.planned.responsible_member or activity.responsible_member
        yield Entry(
            date=day.planned.date,
            what=activity.title,
            address=_address(day),
            kind=EntryKind.PLANNED,
            ring=_ring(activity),
            under=str(activity.answers_to),
            state=EntryState(day.state.value),
            party=activity.responsible.short_name if activity.responsible else "",
            party_id=activity.responsible_id,
            promise_id=activity.promise_id,
            person=person.name if person else "",
            place=day.planned.place.name if day.planned.place else "",
            reason=day.reason if day.state is PlannedState.CANCELLED else "",
            is_example=day.planned.is_example,
        )


def _address(day: PlannedDay) -> str:
    if day.occasion_id is not None:
        return reverse("occasion", args=[day.occasion_id])
    return f"{reverse('activity', args=[day.planned.activity_id])}#planerat"


def meeting_entries(agreement: Agreement, whole: Span, on: date) -> Iterator[Entry]:
    """The meetings within the days, held or not, each as it stands on the date."""
    for meeting in agreement.meetings.filter(date__range=whole).select_related("chair"):
        yield Entry(
            date=meeting.date,
            what=f"Möte i {_lowered(meeting.get_kind_display())}",
            address=meeting.get_absolute_url(),
            kind=EntryKind.MEETING,
            ring=MEETINGS,
            under=meeting.get_kind_display(),
            state=_meeting_state(meeting, on),
            person=meeting.chair.name if meeting.chair else "",
            place=meeting.location,
            reason=meeting.cancellation_reason,
            is_example=meeting.is_example,
        )


def _meeting_state(meeting: Meeting, on: date) -> EntryState:
    state = {
        Meeting.Status.PLANNED: EntryState.PLANNED,
        Meeting.Status.CALLED: EntryState.CALLED,
        Meeting.Status.HELD: EntryState.CARRIED_OUT,
        Meeting.Status.CANCELLED: EntryState.CANCELLED,
    }[Meeting.Status(meeting.status)]
    is_open = state in {EntryState.PLANNED, EntryState.CALLED}
    return EntryState.LATE if is_open and meeting.date < on else state


def _deadline_entries(agreement: Agreement, whole: Span) -> Iterator[Entry]:
    """When a löftesperiod ends, the agreement ends, and the goals are to be followed up."""
    for deadline in agreement_deadlines(agreement, whole):
        yield Entry(
            date=deadline.date,
            what=deadline.what,
            address=deadline.address,
            kind=EntryKind.DEADLINE,
            ring=MEETINGS,
            under=deadline.clock,
            state=EntryState.DEADLINE,
        )


# --- What goes on for some time ------------------------------------------------------------


def _activities(agreement: Agreement) -> list[Activity]:
    """Those with days of their own: a season, or planned from a day to a day."""
    return list(
        Activity.objects.of_agreement(agreement)
        .exclude(status=Activity.Status.CANCELLED)
        .filter(
            Q(target_per=Activity.TargetPer.SEASON)
            | Q(planned_from__isnull=False, planned_to__isnull=False)
        )
        .select_related("promise__period", "undertaking")
        .order_by("title", "id")
    )


def _stretches(activities: list[Activity], whole: Span) -> Iterator[Stretch]:
    for activity in activities:
        for span in _spans(activity, whole):
            if span.days > 0:
                yield Stretch(
                    span,
                    activity.title,
                    _ring(activity),
                    str(activity.answers_to),
                    activity.responsible_id,
                )


def _spans(activity: Activity, whole: Span) -> Iterator[Span]:
    """The activity's days within the year: its season's, or those it is planned for."""
    term = whole
    if activity.promise:
        period = activity.promise.period
        term = whole.overlap(Span.of(period))
    if activity.target_per == Activity.TargetPer.SEASON:
        for year in (whole.starts_on.year - 1, whole.starts_on.year):
            yield season(activity.season_from, activity.season_to, year).overlap(term)
    elif (
        activity.planned_from
        and activity.planned_to
        and activity.planned_to - activity.planned_from < SHORTER_THAN
    ):
        yield Span(activity.planned_from, activity.planned_to).overlap(whole)


def _ring(activity: Activity) -> str:
    return str(activity.promise.number) if activity.promise else UNDERTAKINGS


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
