"""A month day by day: what is planned, what was done, the meetings, the tasks and the deadlines.

For members only, as the årshjul is: a control to come is secret until it has been (OSL 18:1).
"""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from followup.models import Occasion, Task
from followup.plan.deadlines import deadlines
from followup.plan.year import Entry, EntryState, meeting_entries, planned_entries
from followup.time.red_days import red_days
from followup.time.spans import Span
from promises.known import VAGUE
from promises.models import Agreement, Party, Promise
from promises.models.activity import MONTH_NAMES

SHOWN_ON_A_DAY = 6  # in the grid; the day's own page has them all
SUNDAY = 6
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class DayEntry:
    """Something on a day: its state as symbol and word, and the page it leads to."""

    date: date
    kind: str
    what: str
    address: str
    state: str
    state_label: str
    detail: str = ""


@dataclass(frozen=True)
class Day:
    date: date
    is_within: bool
    """Whether it belongs to the month; those at the ends only fill their weeks."""
    is_today: bool
    holiday: str
    entries: tuple[DayEntry, ...]

    @property
    def is_red(self) -> bool:
        return bool(self.holiday) or self.date.weekday() == SUNDAY

    @property
    def classes(self) -> str:
        """Red, today, and bare when nothing has to be said of it in the list of a phone."""
        is_bare = not self.entries and not self.holiday and not self.is_today
        named = {"red": self.is_red, "today": self.is_today, "bare": is_bare}
        return " ".join(name for name, holds in named.items() if holds)

    @property
    def shown(self) -> tuple[DayEntry, ...]:
        return self.entries[:SHOWN_ON_A_DAY]

    @property
    def more(self) -> int:
        """How many there is no room for in the grid."""
        return len(self.entries) - len(self.shown)


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]
    """Whole weeks, from Monday to Sunday."""

    @property
    def label(self) -> str:
        return f"{MONTH_NAMES[self.first.month - 1].capitalize()} {self.first.year}"

    @property
    def previous(self) -> date | None:
        """The first day of the month before, if the calendar goes that far."""
        day = self.first - timedelta(days=1)
        return day.replace(day=1) if day >= FIRST else None

    @property
    def next(self) -> date | None:
        day = Span.of_months(self.first.year, self.first.month).ends_on + timedelta(days=1)
        return day if day <= LAST else None

    @property
    def is_empty(self) -> bool:
        return not any(day.entries for week in self.weeks for day in week)


def month_of(
    agreement: Agreement,
    first: date,
    on: date,
    *,
    party: Party | None = None,
    promise: Promise | None = None,
) -> Month:
    """The month that begins on `first`, as it stands on the date `on`."""
    span = Span.of_months(first.year, first.month)
    by_day = defaultdict(list)
    for entry in entries_of(agreement, span, on, party=party, promise=promise):
        by_day[entry.date].append(entry)
    holidays = red_days(first.year)

    def day(one: date) -> Day:
        is_within = one.month == first.month
        name = holidays.get(one, "") if is_within else ""
        return Day(one, is_within, one == on, name, tuple(by_day[one]))

    weeks = Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    return Month(first, tuple(tuple(map(day, days)) for days in weeks))


def entries_of(
    agreement: Agreement,
    span: Span,
    on: date,
    *,
    party: Party | None = None,
    promise: Promise | None = None,
) -> list[DayEntry]:
    """What stands on the days, in order; of a party or a promise, if one is asked for.

    What the parties do together is everybody's; under a promise stand only its own occasions.
    """
    found = [*_planned(agreement, span, on, party, promise)]
    found += _carried_out(agreement, span, party, promise)
    if promise is None:
        found += (_as_it_is(one, "Möte") for one in meeting_entries(agreement, span, on))
        found += _tasks(agreement, span, on, party)
        found += (
            DayEntry(one.date, one.clock, one.what, one.address, "", EntryState.DEADLINE.label)
            for one in deadlines(agreement, span, on)
        )
    return sorted(found, key=lambda entry: entry.date)


def _planned(
    agreement: Agreement, span: Span, on: date, party: Party | None, promise: Promise | None
) -> Iterator[DayEntry]:
    """Those that were carried out stand as occasions, on the day it was done."""
    for entry in planned_entries(agreement, span, on):
        is_theirs = party is None or entry.party_id in {None, party.pk}
        is_under = promise is None or entry.promise_id == promise.pk
        if is_theirs and is_under and entry.state is not EntryState.CARRIED_OUT:
            yield _as_it_is(entry, "Planerat tillfälle")


def _as_it_is(entry: Entry, kind: str) -> DayEntry:
    return DayEntry(
        date=entry.date,
        kind=kind,
        what=entry.what,
        address=entry.address,
        state=entry.state.value,
        state_label=entry.state.label,
        detail=entry.place,
    )


def _carried_out(
    agreement: Agreement, span: Span, party: Party | None, promise: Promise | None
) -> Iterator[DayEntry]:
    """What was carried out, on the day it began; what is not known by its day is on no day."""
    occasions = (
        Occasion.objects.of_agreement(agreement)
        .carried_out((span.starts_on, span.ends_on))
        .exclude(known_by__in=VAGUE)
    )
    if party:
        occasions = occasions.filter(party=party)
    if promise:
        occasions = occasions.of_promise(promise)
    for occasion in occasions.select_related("activity", "place").order_by("date", "id"):
        yield DayEntry(
            date=occasion.date,
            kind="Tillfälle",
            what=occasion.activity.title,
            address=occasion.get_absolute_url(),
            state="carried_out",
            state_label="Genomfört",
            detail=occasion.place.name if occasion.place else "",
        )


def _tasks(agreement: Agreement, span: Span, on: date, party: Party | None) -> Iterator[DayEntry]:
    tasks = Task.objects.in_line_with(agreement).filter(
        due_on__range=(span.starts_on, span.ends_on)
    )
    if party:
        tasks = tasks.filter(owner__party=party)
    for task in tasks.select_related("owner").order_by("due_on", "id"):
        is_late = task.is_overdue(on)
        yield DayEntry(
            date=task.due_on,
            kind="Uppdrag",
            what=task.title,
            address=task.get_absolute_url(),
            state="overdue" if is_late else task.status,
            state_label="Försenat" if is_late else Task.Status(task.status).label,
            detail=task.owner.name,
        )
