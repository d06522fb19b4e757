"""What the log adds up to, under each promise, undertaking and goal.

`agreement_progress` reads the log of an agreement for a span of days and returns the frozen
dataclasses of this room, in a constant number of queries. What was done (utförande)
and what it led to (effekt) stand side by side and are never added up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from followup.models import Wish
from followup.models.occasion import end_of, promises_to_report
from followup.numbers.cells import Cell, Month, cells_of, tally, tally_of
from followup.numbers.forecasts import forecasts
from followup.numbers.metric_figures import metric_figures
from followup.numbers.metrics import MetricFigure
from followup.numbers.progress import (
    ActivityProgress,
    GoalProgress,
    Progress,
    PromiseProgress,
    UndertakingProgress,
)
from followup.numbers.targets import TargetProgress, TargetState, TargetWindow, WindowForecast
from followup.numbers.totals import Tally
from followup.numbers.wishes import Received, Wishes, wishes_of
from followup.time.spans import Span
from followup.time.terms import own_days_of, targets_of, term_of
from followup.time.windows import Window, counted_windows
from promises.models import (
    Activity,
    Agreement,
    FormerTarget,
    Goal,
    Metric,
    Party,
    Promise,
    Undertaking,
)
from promises.models.activity import TargetFields


def agreement_progress(
    agreement: Agreement,
    span: Span,
    on: date,
    *,
    cutoff_on: date | None = None,
    promises: Iterable[Promise] | None = None,
    party: Party | None = None,
    with_effects: bool = True,
) -> Progress:
    """The agreement's numbers for the span.

    `on` decides which target windows have ended. With `cutoff_on` only what was logged by the
    end of that day counts (a review's brytdatum). `promises` are those to report on; without
    it, those of `promises_to_report`. There are forecasts when the span holds `on` and there is
    no cut-off: a report on what has been does not look ahead.

    With `party` the tallies are of what that party carried out. A target is reached together,
    whoever did it: it counts everybody's occasions and is told, with its forecast, where the
    party answers for the activity, alone or with the others. `with_effects` is off for a page
    that shows neither metrics nor goals, which are then empty.
    """
    if promises is None:
        promises = promises_to_report(agreement, span).with_parties()
    promises = list(promises)
    undertakings = list(agreement.undertakings.select_related("responsible"))
    goals = list(agreement.goals.all()) if with_effects else []
    activities = list(
        Activity.objects.filter(Q(promise__in=promises) | Q(undertaking__in=undertakings))
        .select_related(
            "promise__period",
            "agreement__successor",
            "undertaking__agreement",
            "responsible",
            "responsible_member",
            "place",
        )
        .order_by("title", "id")
    )
    cells = cells_of(activities, span, cutoff_on)
    activities = [
        activity
        for activity in activities
        if cells[activity.pk] or _existed(activity, span, cutoff_on)
    ]
    figures = _Figures(list)
    if with_effects:
        figures = _metric_figures(promises, activities, goals, span, on, cutoff_on)

    looks_ahead = cutoff_on is None and span.covers(on)
    ahead = forecasts(activities, on) if looks_ahead else {}

    wishes = wishes_of(activities, span, cutoff_on)
    log = _Log(activities, cells, wishes, figures, ahead, span, on, party)
    return Progress(
        agreement=agreement,
        span=span,
        on=on,
        promises=tuple(log.of_promise(promise) for promise in promises),
        undertakings=tuple(log.of_undertaking(undertaking) for undertaking in undertakings),
        goals=tuple(GoalProgress(goal, tuple(figures["goal", goal.pk])) for goal in goals),
        tally=log.tally_of(activities),
        party=party,
    )


def _existed(activity: Activity, span: Span, cutoff_on: date | None) -> bool:
    """Whether the activity had been made by the cut-off and was in force within the span.

    One that came with its promise or undertaking is as old as that.
    """
    made_late = cutoff_on and activity.in_force_from and activity.created_at >= end_of(cutoff_on)
    return not made_late and own_days_of(activity).overlap(span).days > 0


class _Log:
    """The log as added up, gathered under what each activity answers to."""

    def __init__(
        self,
        activities: list[Activity],
        cells: dict[int, list[Cell]],
        wishes: Wishes,
        figures: _Figures,
        ahead: dict[int, WindowForecast],
        span: Span,
        on: date,
        party: Party | None = None,
    ) -> None:
        self.cells, self.figures, self.span, self.party = cells, figures, span, party
        self.under: dict[Promise | Undertaking, list[ActivityProgress]] = defaultdict(list)
        for activity in activities:
            one = _activity_progress(
                activity,
                cells[activity.pk],
                wishes[activity.pk],
                figures,
                ahead.get(activity.pk),
                span,
                on,
            )
            if party is not None:
                is_theirs = activity.responsible_id in {None, party.pk}
                if not is_theirs and not self._own_cells([activity]):
                    continue
                one = replace(one, tally=self.tally_of([activity]))
                if not is_theirs:
                    one = replace(one, target=None, forecast=None)
            self.under[activity.answers_to].append(one)

    def of_promise(self, promise: Promise) -> PromiseProgress:
        return PromiseProgress(
            promise=promise,
            activities=tuple(self.under[promise]),
            tally=self._tally_under(promise),
            metrics=tuple(self.figures["promise", promise.pk]),
        )

    def of_undertaking(self, undertaking: Undertaking) -> UndertakingProgress:
        return UndertakingProgress(
            undertaking=undertaking,
            activities=tuple(self.under[undertaking]),
            tally=self._tally_under(undertaking),
        )

    def tally_of(self, activities: list[Activity]) -> Tally:
        """What the activities add up to: everybody's occasions, or those of the one party.

        Of one party no place is said to be unreached: the other may have been there.
        """
        if self.party is None:
            return tally_of(activities, self.cells, self.span)
        return tally(self._own_cells(activities), self.span, unreached=())

    def _own_cells(self, activities: list[Activity]) -> list[Cell]:
        cells = (cell for activity in activities for cell in self.cells[activity.pk])
        return [cell for cell in cells if self.party and cell.party_id == self.party.pk]

    def _tally_under(self, answered: Promise | Undertaking) -> Tally:
        return self.tally_of([one.activity for one in self.under[answered]])


def activity_progress(activity: Activity, span: Span, on: date) -> ActivityProgress:
    """One activity's numbers for the span, in three queries, three more for its forecast, and one
    for what was asked for on request.
    """
    cells = cells_of([activity], span, cutoff_on=None)
    figures = _metric_figures([], [activity], [], span, on)
    forecast = forecasts([activity], on).get(activity.pk)
    wishes = wishes_of([activity], span)[activity.pk]
    return _activity_progress(activity, cells[activity.pk], wishes, figures, forecast, span, on)


def _activity_progress(
    activity: Activity,
    cells: list[Cell],
    wishes: list[Received],
    figures: _Figures,
    forecast: WindowForecast | None,
    span: Span,
    on: date,
) -> ActivityProgress:
    term = term_of(activity)
    return ActivityProgress(
        activity=activity,
        tally=tally_of([activity], {activity.pk: cells}, span),
        target=_target_progress(activity, cells, wishes, term, span, on),
        metrics=tuple(figures["activity", activity.pk]),
        is_overdue=activity.is_overdue(on),
        forecast=forecast,
        existed=term.overlap(span).days > 0,
        wishes_waiting=sum(wish.state is Wish.State.OPEN for wish in wishes),
    )


def _target_progress(
    activity: Activity,
    cells: list[Cell],
    wishes: list[Received],
    term: Span,
    span: Span,
    on: date,
) -> TargetProgress | None:
    """How the activity's targets were met in the part of the span it was in force (`term`).

    Each target it has had is counted for the days it held. Which windows there are to count over
    is the rule of `followup.time.windows`. The level is never prorated: a promise for the year
    is a promise for the year. A window that has not begun is left out, one that is not over is
    Pågår until it is met, and one that ended short is Ej nådd.

    None when there is nothing to measure against: no target in force in the span, or an activity
    that was cancelled before it was ever in force. What the parties have left unstated on purpose
    is told, without windows.
    """
    if activity.status == Activity.Status.CANCELLED and not activity.in_force_to:
        return None
    if not term.overlap(span).days:
        return TargetProgress(activity.target_label, ()) if activity.target_label else None
    held = [
        (target, days)
        for target, days in targets_of(activity, term)
        if target.target_label and days.overlap(span).days
    ]
    if not held:
        return None
    counts: _Counts = Counter()
    for cell in cells:
        if cell.in_term and cell.in_force:
            counts[cell.former_target, cell.month, cell.last_month] += cell.occasions
    windows = tuple(
        _wished(window, wishes, days, on)
        if target.target_per == Activity.TargetPer.ON_REQUEST
        else _window(target, window, counts, on)
        for target, days in held
        if target.is_measured
        for window in counted_windows(target, days, span)
        if window.inside.starts_on <= on
    )
    return TargetProgress(held[-1][0].target_label, windows)


_Counts = Counter[tuple[int | None, Month, Month]]
"""How many occasions there are of a target, from their first month to their last."""


def _window(
    target: TargetFields,
    window: Window,
    counts: _Counts,
    on: date,
) -> TargetWindow:
    """What was carried out in the window: an occasion counts in the one that holds all its months.

    One known by its year never meets a month's level.
    """
    held = target.pk if isinstance(target, FormerTarget) else None
    months = set(window.inside.months())
    carried_out = sum(
        number
        for (former, first, last), number in counts.items()
        if former == held and {first, last} <= months
    )
    state = TargetState.of(carried_out, window.required, is_over=window.is_over(on))
    return TargetWindow(window.label, window.inside, window.required, carried_out, state)


def _wished(window: Window, wishes: list[Received], days: Span, on: date) -> TargetWindow:
    """Of what came in, how much was met. Nothing asked for is nothing missed, and what waits is not
    missed as long as the target is in force (`days`).
    """
    received = [wish.state for wish in wishes if window.inside.covers(wish.on)]
    waits = Wish.State.OPEN in received and on <= days.ends_on
    met, is_over = received.count(Wish.State.MET), window.is_over(on) and not waits
    state = TargetState.of(met, len(received), is_over=True) if is_over else TargetState.ONGOING
    return TargetWindow(window.label, window.inside, len(received), met, state)


_Figures = defaultdict[tuple[str, int], list[MetricFigure]]


def _metric_figures(
    promises: list[Promise],
    activities: list[Activity],
    goals: list[Goal],
    span: Span,
    on: date,
    cutoff_on: date | None = None,
) -> _Figures:
    """Every metric's figure by its own rule, in three queries, keyed by what it belongs to.

    One that was not read yet in the span has nothing to tell of it, unless somebody knew anyway.
    """
    of_these = Q(activity__in=activities) | Q(promise__in=promises) | Q(goal__in=goals)
    figures = defaultdict(list)
    for metric, figure in metric_figures(Metric.objects.filter(of_these), span, on, cutoff_on):
        if not figure.readings and (metric.in_force_from or date.min) > span.ends_on:
            continue
        owners = ((kind, getattr(metric, f"{kind}_id")) for kind in ("activity", "promise", "goal"))
        figures[next(owner for owner in owners if owner[1])].append(figure)
    return figures
