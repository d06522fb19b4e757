"""What may go wrong, or has: as sentences, the worst first, each leading to where it is mended.

Everything that is overdue is in this one list, with its weight: the agreement's and the law's own
first, then the year report, then what the parties have set days for themselves. Only where the
list is empty may a page say that nothing is overdue.

Risks are about the day asked about and the whole collaboration, whatever time or party the
numbers beside them are narrowed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, TextChoices
from django.urls import reverse
from django.utils.formats import date_format

from followup.law.clocks import Duty
from followup.law.year_report import year_due
from followup.log.planned import late
from followup.models import Forecast, Meeting, Task
from followup.numbers.targets import WindowForecast
from followup.numbers.visits import PlaceClock, VisitState
from followup.overview.lacks import Lack
from followup.plan.deadlines import Deadline
from promises.models import Activity, Agreement, PlannedOccasion


class RiskKind(TextChoices):
    """Why it is a risk, in the order in which they are told: the worst first."""

    PASSED = "not_met", "Passerat"
    OFF_TRACK = Forecast.Value.OFF_TRACK.value, Forecast.Value.OFF_TRACK.label
    UNVISITED = VisitState.TOO_LONG.value, "Obesökt"
    LATE_REPORT = "late_report", "Försenat"
    LATE_TASK = "late_task", "Försenat"
    LATE_ACTIVITY = "late_activity", "Försenat"
    LATE_MEETING = "late_meeting", "Försenat"
    LATE_OCCASION = "overdue", "Försenat"
    AT_RISK = Forecast.Value.AT_RISK.value, Forecast.Value.AT_RISK.label


LATE = {
    RiskKind.LATE_REPORT,
    RiskKind.LATE_TASK,
    RiskKind.LATE_ACTIVITY,
    RiskKind.LATE_MEETING,
    RiskKind.LATE_OCCASION,
}


@dataclass(frozen=True)
class Risk:
    """One thing that may go wrong, or has, said in a sentence."""

    kind: RiskKind
    sentence: str
    address: str

    @property
    def mark(self) -> str:
        """The status mark beside it."""
        return "overdue" if self.kind in LATE else self.kind.value


def risks(
    agreement: Agreement,
    on: date,
    *,
    forecasts: Iterable[WindowForecast],
    lacks: Iterable[Lack],
    passed: Iterable[Deadline],
    clocks: Iterable[PlaceClock],
) -> list[Risk]:
    """Every risk on the date, the worst first, in six queries.

    `forecasts` are today's, `lacks` what the agreement asks for and nobody has done, `passed` the
    law's deadlines that have gone by, and `clocks` those of the places, the worst first.
    """
    found = [
        *(Risk(RiskKind.PASSED, lack.sentence, lack.address) for lack in lacks),
        *(_passed(deadline) for deadline in passed),
        *_unvisited(clocks),
        *_late_report(agreement, on),
        *_late_tasks(agreement, on),
        *_late_activities(agreement, on),
        *_late_meetings(agreement, on),
        *_late_occasions(agreement, on),
        *_forecasts(forecasts),
    ]
    order = list(RiskKind)
    return sorted(found, key=lambda risk: order.index(risk.kind))


SHOULD_HAVE = {
    Duty.PICTURE: "Lägesbilden skulle ha uppdaterats",
    Duty.PLAN: "Åtgärdsplanen skulle ha följts upp",
}


def _passed(deadline: Deadline) -> Risk:
    sentence = f"{SHOULD_HAVE[deadline.duty]} senast {date_format(deadline.date)}."
    return Risk(RiskKind.PASSED, sentence, deadline.address)


def _forecasts(forecasts: Iterable[WindowForecast]) -> Iterator[Risk]:
    worrying = [one for one in forecasts if one.severity]
    for one in sorted(worrying, key=lambda one: (one.span.ends_on, one.activity.title)):
        answers_to = one.activity.answers_to
        name = "Löfte" if one.activity.promise_id else "Åtagande"
        yield Risk(
            RiskKind(one.value.value),
            f"{name} {answers_to.number}, ”{one.activity.title}”: "
            f"{one.sentence[0].lower()}{one.sentence[1:]}",
            one.activity.get_absolute_url(),
        )


def _unvisited(clocks: Iterable[PlaceClock]) -> Iterator[Risk]:
    """The places that should have been visited by now, in one sentence: the longest ago first."""
    waiting = [
        clock
        for clock in clocks
        if clock.state is VisitState.TOO_LONG
        or (clock.state is VisitState.NEVER and clock.place.visit_within_days)
    ]
    if not waiting:
        return
    named = ", ".join(f"{clock.place} ({clock.days_text.lower()})" for clock in waiting[:3])
    if len(waiting) == 1:
        sentence = f"Besöket är för länge sedan i {named}."
    elif len(waiting) <= 3:
        sentence = f"Besöket är för länge sedan på {len(waiting)} platser: {named}."
    else:
        sentence = f"Besöket är för länge sedan på {len(waiting)} platser, först {named}."
    yield Risk(RiskKind.UNVISITED, sentence, f"{reverse('overview')}#byklockan")


def _late_report(agreement: Agreement, on: date) -> Iterator[Risk]:
    report = year_due(agreement, agreement.reports.defer("pdf"), on)
    if report and report.is_late:
        sentence = f"Årsrapporten för {report.year} skulle ha lämnats {date_format(report.due_on)}."
        yield Risk(RiskKind.LATE_REPORT, sentence, reverse("reports"))


def _late_activities(agreement: Agreement, on: date) -> Iterator[Risk]:
    late_ones = Activity.objects.overdue(on).of_agreement(agreement)
    overdue = list(late_ones.order_by("planned_to", "title", "id"))
    if len(overdue) == 1:
        [activity] = overdue
        sentence = f"”{activity.title}” skulle ha varit klar {date_format(activity.planned_to)}."
        yield Risk(RiskKind.LATE_ACTIVITY, sentence, activity.get_absolute_url())
    elif overdue:
        sentence = (
            f"{len(overdue)} aktiviteter är försenade, den äldsta sedan "
            f"{date_format(overdue[0].planned_to)}."
        )
        yield Risk(RiskKind.LATE_ACTIVITY, sentence, f"{reverse('activities')}?sena=on")


def _late_meetings(agreement: Agreement, on: date) -> Iterator[Risk]:
    """Those whose day has passed, and that are neither held nor cancelled."""
    for meeting in Meeting.objects.overdue(on).filter(agreement=agreement).order_by("date", "id"):
        kind = meeting.get_kind_display()
        yield Risk(
            RiskKind.LATE_MEETING,
            f"Mötet i {kind[:1].lower()}{kind[1:]} {date_format(meeting.date)} är varken hållet "
            "eller inställt.",
            meeting.get_absolute_url(),
        )


def _late_tasks(agreement: Agreement, on: date) -> Iterator[Risk]:
    overdue = list(Task.objects.overdue(on).in_line_with(agreement).order_by("due_on", "id"))
    if len(overdue) == 1:
        [task] = overdue
        sentence = f"Uppdraget ”{task.title}” skulle ha varit klart {date_format(task.due_on)}."
        yield Risk(RiskKind.LATE_TASK, sentence, task.get_absolute_url())
    elif overdue:
        sentence = (
            f"{len(overdue)} uppdrag är försenade, det äldsta sedan "
            f"{date_format(overdue[0].due_on)}."
        )
        yield Risk(RiskKind.LATE_TASK, sentence, reverse("tasks"))


def _late_occasions(agreement: Agreement, on: date) -> Iterator[Risk]:
    """The activities with planned occasions whose day has passed, the latest first."""
    planned = late(PlannedOccasion.objects.in_line_with(agreement), on)
    rows = (
        planned.order_by()
        .values("activity_id", "activity__title")
        .annotate(latest=Max("date"), n=Count("pk"))
        .order_by("-latest", "activity__title")
    )
    for row in rows:
        when = date_format(row["latest"])
        if row["n"] > 1:
            when = f"vid {row['n']} tillfällen, senast {when}"
        yield Risk(
            RiskKind.LATE_OCCASION,
            f"”{row['activity__title']}” skulle ha genomförts {when}.",
            f"{reverse('activity', args=[row['activity_id']])}#planerat",
        )
