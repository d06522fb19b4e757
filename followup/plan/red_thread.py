"""Röd tråd: problem → cause → promise → activity → metric → goal, with every hole in it.

The field's best known failure is that what is done can't be traced to a problem, nor to a goal.
Here each link stands beside the next, and each one that lacks is named, with the page where it
is mended; the list of all of them is on the page of what lacks. The figures are those of `followup.numbers`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import Enum
from urllib.parse import urlencode

from django.urls import reverse

from followup.numbers.agreement import agreement_progress
from followup.numbers.metrics import MetricFigure
from followup.numbers.progress import ActivityProgress, GoalProgress, Progress
from followup.time.spans import Span
from promises.access import Action
from promises.models import Activity, Agreement, Goal, Problem, Promise, PromisePeriod
from promises.models import SituationPicture as Picture


class HoleKind(Enum):
    """A link that lacks: what stands in its place, the whole sentence, and who may mend it."""

    def __init__(self, label: str, sentence: str, action: Action) -> None:
        self.label, self.sentence, self.action = label, sentence, action

    PROBLEM_WITHOUT_CAUSE = (
        "Ingen orsak är angiven",
        "Problemet ”{}” saknar orsak.",
        Action.SITUATION,
    )
    PROBLEM_WITHOUT_PROMISE = (
        "Inget löfte svarar mot problemet",
        "Inget löfte svarar mot problemet ”{}”.",
        Action.SITUATION,
    )
    PROMISE_WITHOUT_PROBLEM = (
        "Inget problem i lägesbilden",
        "{} svarar inte mot något problem i lägesbilden.",
        Action.SITUATION,
    )
    PROMISE_WITHOUT_ACTIVITY = (
        "Ingen aktivitet är planerad",
        "{} har ingen planerad aktivitet.",
        Action.PLAN,
    )
    PROMISE_WITHOUT_GOAL = (
        "Inget mål är valt",
        "{} bidrar inte till något mål.",
        Action.SITUATION,
    )
    ACTIVITY_WITHOUT_TARGET = ("Ingen åtagandenivå", "{} saknar åtagandenivå.", Action.PLAN)
    ACTIVITY_WITHOUT_METRIC = ("Inget mätetal", "{} saknar mätetal.", Action.PLAN)
    GOAL_WITHOUT_METRIC = (
        "Inget mätetal visar om målet nås",
        "{} saknar mätetal: inget visar om det nås.",
        Action.PLAN,
    )
    GOAL_WITHOUT_PROMISE = (
        "Inget löfte bidrar till målet",
        "Inget löfte bidrar till {}.",
        Action.SITUATION,
    )

    def unless(self, is_there: object, name: object, address: str) -> Hole | None:
        """The hole in what is called so, mended at the address; None when the link is there."""
        return None if is_there else Hole(self, self.sentence.format(name), address)


@dataclass(frozen=True)
class Hole:
    """A hole: the whole sentence, and where it is mended."""

    kind: HoleKind
    sentence: str
    address: str

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def action(self) -> Action:
        return self.kind.action


@dataclass(frozen=True)
class ProblemLink:
    problem: Problem
    causes: tuple[str, ...]
    without_cause: Hole | None
    without_promise: Hole | None

    @property
    def holes(self) -> tuple[Hole, ...]:
        return _those(self.without_cause, self.without_promise)


@dataclass(frozen=True)
class ActivityLink:
    """An activity with what came of it in the period. A cancelled one has no holes."""

    activity: Activity
    occasions: int
    last_on: date | None
    is_overdue: bool
    metrics: tuple[MetricFigure, ...]
    without_target: Hole | None
    without_metric: Hole | None

    @property
    def is_cancelled(self) -> bool:
        return self.activity.status == Activity.Status.CANCELLED

    @property
    def holes(self) -> tuple[Hole, ...]:
        return _those(self.without_target, self.without_metric)


@dataclass(frozen=True)
class GoalLink:
    goal: Goal
    metrics: tuple[MetricFigure, ...]
    without_metric: Hole | None
    without_promise: Hole | None

    @property
    def holes(self) -> tuple[Hole, ...]:
        return _those(self.without_metric, self.without_promise)


@dataclass(frozen=True)
class PromiseThread:
    """A promise with the links on both sides of it. `metrics` are those of the promise itself."""

    promise: Promise
    problems: tuple[ProblemLink, ...]
    activities: tuple[ActivityLink, ...]
    metrics: tuple[MetricFigure, ...]
    goals: tuple[GoalLink, ...]
    without_problem: Hole | None
    without_activity: Hole | None
    without_goal: Hole | None

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The promise's own and its activities', in the thread's order."""
        own = (hole for link in self.activities for hole in link.holes)
        return (
            *_those(self.without_problem, self.without_activity),
            *own,
            *_those(self.without_goal),
        )

    @property
    def rows(self) -> tuple[ActivityLink | None, ...]:
        """The activities as rows of the printed sheet: one empty row where there are none."""
        return self.activities or (None,)


@dataclass(frozen=True)
class RedThread:
    """The thread of one löftesperiod, as it stands on a day.

    `picture` is None as long as no lägesbild has been begun.
    """

    agreement: Agreement
    period: PromisePeriod
    picture: Picture | None
    on: date
    promises: tuple[PromiseThread, ...]
    problems: tuple[ProblemLink, ...]
    goals: tuple[GoalLink, ...]

    @property
    def unanswered(self) -> tuple[ProblemLink, ...]:
        """The problems that no promise of the period answers."""
        return tuple(link for link in self.problems if link.without_promise)

    @property
    def loose_goals(self) -> tuple[GoalLink, ...]:
        """The goals that no promise of the period contributes to, or that nothing measures."""
        return tuple(link for link in self.goals if link.holes)

    @property
    def unserved(self) -> tuple[GoalLink, ...]:
        """The goals that no promise of the period contributes to."""
        return tuple(link for link in self.goals if link.without_promise)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Every hole once, from problem to goal."""
        links = (*self.problems, *self.promises, *self.goals)
        return tuple(hole for link in links for hole in link.holes)


def red_thread(
    agreement: Agreement, period: PromisePeriod, picture: Picture | None, on: date
) -> RedThread:
    """The thread of the period's promises, in a constant number of queries."""
    promises = list(
        Promise.objects.filter(period=period)
        .with_parties()
        .prefetch_related("goals")
        .order_by("number")
    )
    problems = list(picture.problems.standing().with_links()) if picture else []
    span = Span.of(period)
    # A period that runs over the seam of two agreements has the goals of its own.
    own = agreement if period.agreement_id == agreement.pk else period.agreement
    progress = agreement_progress(own, span, on, promises=promises)
    links = _Links(promises, problems, progress, picture)
    return RedThread(
        agreement=agreement,
        period=period,
        picture=picture,
        on=on,
        promises=tuple(links.of_promise(promise) for promise in promises),
        problems=tuple(links.problems.values()),
        goals=tuple(links.goals.values()),
    )


def picture_behind(agreement: Agreement, period: PromisePeriod, on: date) -> Picture | None:
    """The lägesbild that the period's promises are held against.

    For the current period, and those to come, the current picture; for an earlier one the
    picture that its latest åtgärdsplan was decided on, if it has any.
    """
    current = PromisePeriod.objects.in_line_with(agreement).current(on)
    if current and period.starts_on < current.starts_on:
        plan = period.plans.select_related("picture").first()
        if plan is not None:
            return plan.picture
    return Picture.objects.in_line_with(agreement).current()


class _Links:
    """The links between what was found, what was promised and what the progress says."""

    def __init__(
        self,
        promises: list[Promise],
        problems: list[Problem],
        progress: Progress,
        picture: Picture | None,
    ) -> None:
        self.promises, self.progress = promises, progress
        self.draft = picture if picture and not picture.is_adopted else None
        self.problems = {problem.pk: self._problem(problem) for problem in problems}
        self.answered_by: dict[int, list[ProblemLink]] = defaultdict(list)
        for problem in problems:
            for promise in problem.promises.all():
                self.answered_by[promise.pk].append(self.problems[problem.pk])
        self.goals = {one.goal.pk: self._goal(one) for one in progress.goals}

    def _problem(self, problem: Problem) -> ProblemLink:
        causes = tuple(
            f"{cause.wording} ({cause.get_kind_display().lower()})"
            for cause in problem.causes.all()
        )
        is_answered = {p.pk for p in problem.promises.all()} & {p.pk for p in self.promises}
        name, address = problem.title, self._address_of(problem)
        return ProblemLink(
            problem,
            causes,
            HoleKind.PROBLEM_WITHOUT_CAUSE.unless(causes, name, address),
            HoleKind.PROBLEM_WITHOUT_PROMISE.unless(is_answered, name, address),
        )

    def _address_of(self, problem: Problem) -> str:
        """Where a problem is mended: in the draft; an adopted picture needs a new edition."""
        if self.draft:
            return reverse("problem_edit", args=[self.draft.pk, problem.pk])
        return reverse("situation_start")

    def of_promise(self, promise: Promise) -> PromiseThread:
        progress = self.progress.of(promise)
        problems = tuple(self.answered_by[promise.pk])
        goals = tuple(self.goals[goal.pk] for goal in promise.goals.all())
        links = reverse("promise_links", args=[promise.pk])
        return PromiseThread(
            promise=promise,
            problems=problems,
            activities=tuple(_activity(one) for one in progress.activities),
            metrics=progress.metrics,
            goals=goals,
            without_problem=HoleKind.PROMISE_WITHOUT_PROBLEM.unless(problems, promise, links),
            without_activity=HoleKind.PROMISE_WITHOUT_ACTIVITY.unless(
                progress.planned_activities,
                promise,
                f"{reverse('activity_add')}?{urlencode({'promise': promise.pk})}",
            ),
            without_goal=HoleKind.PROMISE_WITHOUT_GOAL.unless(goals, promise, links),
        )

    def _goal(self, progress: GoalProgress) -> GoalLink:
        goal = progress.goal
        return GoalLink(
            goal,
            progress.metrics,
            HoleKind.GOAL_WITHOUT_METRIC.unless(
                progress.metrics, goal, reverse("metric_add", args=["mal", goal.pk])
            ),
            HoleKind.GOAL_WITHOUT_PROMISE.unless(
                any(goal in promise.goals.all() for promise in self.promises),
                str(goal).lower(),
                reverse("promises"),
            ),
        )


def _activity(progress: ActivityProgress) -> ActivityLink:
    activity = progress.activity
    is_cancelled = activity.status == Activity.Status.CANCELLED
    name = f"Aktiviteten ”{activity.title}” (löfte {activity.promise.number})"
    return ActivityLink(
        activity=activity,
        occasions=progress.tally.occasions,
        last_on=progress.tally.last_on,
        is_overdue=progress.is_overdue,
        metrics=progress.metrics,
        without_target=HoleKind.ACTIVITY_WITHOUT_TARGET.unless(
            is_cancelled or activity.target_label,
            name,
            reverse("activity_edit", args=[activity.pk]),
        ),
        without_metric=HoleKind.ACTIVITY_WITHOUT_METRIC.unless(
            is_cancelled or progress.metrics,
            name,
            reverse("metric_add", args=["aktivitet", activity.pk]),
        ),
    )


def _those(*holes: Hole | None) -> tuple[Hole, ...]:
    return tuple(hole for hole in holes if hole is not None)
