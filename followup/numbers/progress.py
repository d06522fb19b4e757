"""The progress of activities, promises, undertakings, goals and a whole agreement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from followup.numbers.metrics import MetricFigure
from followup.numbers.targets import TargetProgress, TargetState, WindowForecast
from followup.numbers.totals import Tally
from followup.time.spans import Span
from promises.models import Activity, Agreement, Goal, Party, Promise, Undertaking


@dataclass(frozen=True)
class ActivityProgress:
    activity: Activity
    tally: Tally
    target: TargetProgress | None
    metrics: tuple[MetricFigure, ...]
    is_overdue: bool
    forecast: WindowForecast | None = None
    """The prognosis of the target's running window; None when none runs."""
    existed: bool = True
    """Whether the activity was in force on any of the days asked about."""
    wishes_waiting: int = 0
    """How many of the wishes that came in then are neither met nor declined."""


class WithActivities:
    """What a promise and an undertaking have in common: activities and what they add up to."""

    activities: tuple[ActivityProgress, ...]
    tally: Tally

    @property
    def targets(self) -> tuple[TargetProgress, ...]:
        """The targets that can be judged: some window of theirs is over, or met already."""
        return tuple(
            activity.target
            for activity in self.activities
            if activity.target is not None and activity.target.due
        )

    @property
    def targets_met(self) -> int:
        return sum(target.state is TargetState.MET for target in self.targets)

    @property
    def required(self) -> int:
        return sum(target.required for target in self.targets)

    @property
    def done_of_required(self) -> int:
        return sum(target.done_of_required for target in self.targets)

    @property
    def forecast(self) -> WindowForecast | None:
        """The worst prognosis of its running targets, of equals the one that ends first.

        None when nothing runs.
        """
        running = [one.forecast for one in self.activities if one.forecast]
        worst_first = sorted(running, key=lambda one: (-one.severity, one.span.ends_on))
        return next(iter(worst_first), None)

    @property
    def planned_activities(self) -> int:
        """How many activities the plan holds, cancelled ones left out."""
        return sum(
            activity.activity.status != Activity.Status.CANCELLED for activity in self.activities
        )


@dataclass(frozen=True)
class PromiseProgress(WithActivities):
    promise: Promise
    activities: tuple[ActivityProgress, ...]
    tally: Tally
    metrics: tuple[MetricFigure, ...]

    @property
    def chart_title(self) -> str:
        return f"Tillfällen per månad, löfte {self.promise.number}"


@dataclass(frozen=True)
class UndertakingProgress(WithActivities):
    undertaking: Undertaking
    activities: tuple[ActivityProgress, ...]
    tally: Tally


@dataclass(frozen=True)
class GoalProgress:
    goal: Goal
    metrics: tuple[MetricFigure, ...]


@dataclass(frozen=True)
class Progress:
    """An agreement's numbers for a span of days, as known on a day.

    `tally` is over everything logged in the span under these promises and undertakings; with a
    `party`, over what that party carried out.
    """

    agreement: Agreement
    span: Span
    on: date
    promises: tuple[PromiseProgress, ...]
    undertakings: tuple[UndertakingProgress, ...]
    goals: tuple[GoalProgress, ...]
    tally: Tally
    party: Party | None = None

    @property
    def has_plan(self) -> bool:
        """Whether any activity is planned, under a promise or an undertaking."""
        return any(one.activities for one in (*self.promises, *self.undertakings))

    def of(self, thing: Promise | Undertaking | Goal) -> Any:
        """The progress of one promise, undertaking or goal. Raises KeyError for a stranger."""
        return self._by_thing[type(thing), thing.pk]

    _by_thing: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_thing: dict[object, object] = {(Promise, p.promise.pk): p for p in self.promises}
        by_thing |= {(Undertaking, u.undertaking.pk): u for u in self.undertakings}
        by_thing |= {(Goal, g.goal.pk): g for g in self.goals}
        object.__setattr__(self, "_by_thing", by_thing)
