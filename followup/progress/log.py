"""What the log adds up to, under each promise, undertaking and goal.

`agreement_progress` reads the log of an agreement for a span of days and returns the frozen
dataclasses of `followup.figures`, in a constant number of queries. What was done (utförande)
and what it led to (effekt) stand side by side and are never added up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    Max,
    Q,
    Sum,
    When,
)
from django.db.models.functions import Cast, Substr

from followup.figures import (
    ActivityProgress,
    GoalProgress,
    MetricFigure,
    MonthCount,
    PartyMinutes,
    PlaceCount,
    Progress,
    PromiseProgress,
    Span,
    Tally,
    TargetProgress,
    TargetState,
    TargetWindow,
    Total,
    UndertakingProgress,
    WindowForecast,
)
from followup.models import Occasion
from followup.models.occasion import promises_to_report
from followup.progress.forecasts import forecasts
from followup.progress.metrics import metric_figures
from followup.target_windows import counted_windows
from promises.models import Activity, Agreement, Goal, Metric, Party, Promise, Undertaking


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
            "undertaking__agreement",
            "responsible",
            "responsible_member",
            "place",
        )
        .order_by("title", "id")
    )
    cells = _cells(activities, span, cutoff_on)
    figures = _Figures(list)
    if with_effects:
        figures = _metric_figures(promises, activities, goals, span, on, cutoff_on)

    looks_ahead = cutoff_on is None and span.starts_on <= on <= span.ends_on
    ahead = forecasts(activities, on) if looks_ahead else {}

    log = _Log(activities, cells, figures, ahead, span, on, party)
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


class _Log:
    """The log as added up, gathered under what each activity answers to."""

    def __init__(
        self,
        activities: list[Activity],
        cells: dict[int, list[_Cell]],
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
                activity, cells[activity.pk], figures, ahead.get(activity.pk), span, on
            )
            if party is None:
                self.under[activity.answers_to].append(one)
            elif activity.responsible_id in {None, party.pk}:
                self.under[activity.answers_to].append(
                    replace(one, tally=self.tally_of([activity]))
                )
            elif self._own_cells([activity]):
                self.under[activity.answers_to].append(
                    replace(one, tally=self.tally_of([activity]), target=None, forecast=None)
                )

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
            return _tally_of(activities, self.cells, self.span)
        return _tally(self._own_cells(activities), self.span, unreached=())

    def _own_cells(self, activities: list[Activity]) -> list[_Cell]:
        cells = (cell for activity in activities for cell in self.cells[activity.pk])
        return [cell for cell in cells if cell.party_id == self.party.pk]

    def _tally_under(self, answered: Promise | Undertaking) -> Tally:
        return self.tally_of([one.activity for one in self.under[answered]])


def activity_progress(activity: Activity, span: Span, on: date) -> ActivityProgress:
    """One activity's numbers for the span, in two queries, and three more for its forecast."""
    cells = _cells([activity], span, cutoff_on=None)
    figures = _metric_figures([], [activity], [], span, on)
    forecast = forecasts([activity], on).get(activity.pk)
    return _activity_progress(activity, cells[activity.pk], figures, forecast, span, on)


def _activity_progress(
    activity: Activity,
    cells: list[_Cell],
    figures: _Figures,
    forecast: WindowForecast | None,
    span: Span,
    on: date,
) -> ActivityProgress:
    return ActivityProgress(
        activity=activity,
        tally=_tally_of([activity], {activity.pk: cells}, span),
        target=_target_progress(activity, cells, _term(activity, span), span, on),
        metrics=tuple(figures["activity", activity.pk]),
        is_overdue=activity.is_overdue(on),
        forecast=forecast,
    )


def _term(activity: Activity, span: Span) -> Span:
    """The days on which the activity's target is in force.

    Those of its löftesperiod; an undertaking is in force from the agreement's first day to its
    last, or for as long as anybody asks when the agreement runs until further notice.
    """
    if activity.promise:
        return Span(activity.promise.period.starts_on, activity.promise.period.ends_on)
    agreement = activity.undertaking.agreement
    if agreement.runs_until_further_notice:
        return Span(agreement.valid_from, span.ends_on)
    return Span(agreement.valid_from, min(agreement.valid_to, span.ends_on))


class _Cell(NamedTuple):
    """The occasions of one activity in one month, at one place, by one party.

    `in_term` tells those dated while the promise (or the agreement) ran from those outside.
    """

    in_term: bool
    year: int
    month: int
    place: str | None
    party: str
    party_id: int
    occasions: int
    last_on: date
    minutes: int | None
    with_minutes: int
    participants: int | None
    with_participants: int


IN_TERM = Case(
    When(
        activity__promise__period__starts_on__lte=F("date"),
        activity__promise__period__ends_on__gte=F("date"),
        then=True,
    ),
    When(
        Q(activity__undertaking__agreement__runs_until_further_notice=True)
        | Q(activity__undertaking__agreement__valid_to__gte=F("date")),
        activity__undertaking__agreement__valid_from__lte=F("date"),
        then=True,
    ),
    default=False,
    output_field=BooleanField(),
)


def _cells(
    activities: list[Activity], span: Span, cutoff_on: date | None
) -> defaultdict[int, list[_Cell]]:
    """The log as the database adds it up: one query, a row per activity, month, place and party."""
    occasions = Occasion.objects.carried_out(within=span).filter(activity__in=activities)
    if cutoff_on is not None:
        occasions = occasions.logged_by(cutoff_on)
    rows = (
        occasions.order_by()
        # The first seven letters of an ISO date: both databases do it natively, where
        # TruncMonth on SQLite calls Python for every row.
        .annotate(year_month=Substr(Cast("date", CharField()), 1, 7), in_term=IN_TERM)
        .values(
            "activity_id",
            "in_term",
            "year_month",
            "place__name",
            "party__short_name",
            "party_id",
        )
        .annotate(
            n=Count("id"),
            last_on=Max("date"),
            minutes_sum=Sum("minutes"),
            minutes_n=Count("minutes"),
            participants_sum=Sum("participants"),
            participants_n=Count("participants"),
        )
    )
    cells = defaultdict(list)
    for row in rows:
        year, month = row["year_month"].split("-")
        cells[row["activity_id"]].append(
            _Cell(
                in_term=row["in_term"],
                year=int(year),
                month=int(month),
                place=row["place__name"],
                party=row["party__short_name"],
                party_id=row["party_id"],
                occasions=row["n"],
                last_on=row["last_on"],
                minutes=row["minutes_sum"],
                with_minutes=row["minutes_n"],
                participants=row["participants_sum"],
                with_participants=row["participants_n"],
            )
        )
    return cells


def _tally_of(activities: list[Activity], cells: Mapping[int, list[_Cell]], span: Span) -> Tally:
    """What the activities' cells add up to, with the places that the plan names in vain.

    An activity of which some occasion has no place might have been there all the same: that is
    ingen uppgift, and not 0.
    """
    own = [cell for activity in activities for cell in cells[activity.pk]]
    reached = {cell.place for cell in own}
    unreached = {
        activity.place.name
        for activity in activities
        if activity.place
        and activity.status != Activity.Status.CANCELLED
        and all(cell.place for cell in cells[activity.pk])
    }
    return _tally(own, span, tuple(sorted(unreached - reached)))


def _tally(cells: list[_Cell], span: Span, unreached: tuple[str, ...]) -> Tally:
    months: Counter[tuple[int, int]] = Counter()
    places: dict[str | None, PlaceCount] = {}
    minutes, participants = Total(), Total()
    party_minutes: dict[str, Total] = defaultdict(Total)
    for cell in cells:
        months[cell.year, cell.month] += cell.occasions
        own_minutes = Total(cell.minutes, cell.occasions - cell.with_minutes)
        minutes += own_minutes
        party_minutes[cell.party] += own_minutes
        participants += Total(cell.participants, cell.occasions - cell.with_participants)
        seen = places.get(cell.place)
        places[cell.place] = PlaceCount(
            name=cell.place,
            count=cell.occasions + (seen.count if seen else 0),
            last_on=max(cell.last_on, seen.last_on) if seen else cell.last_on,
        )
    return Tally(
        occasions=sum(cell.occasions for cell in cells),
        outside_term=sum(cell.occasions for cell in cells if not cell.in_term),
        last_on=max((cell.last_on for cell in cells), default=None),
        minutes=minutes,
        participants=participants,
        months=tuple(MonthCount(*month, months[month]) for month in span.months()),
        places=tuple(
            sorted(
                places.values(), key=lambda place: (place.name is None, -place.count, place.name)
            )
        ),
        party_minutes=tuple(
            PartyMinutes(party, total) for party, total in sorted(party_minutes.items())
        ),
        unreached=unreached,
    )


def _target_progress(
    activity: Activity, cells: list[_Cell], term: Span, span: Span, on: date
) -> TargetProgress | None:
    """How the activity's target was met in the part of the span its promise runs (`term`).

    Which windows there are to count over is the rule of `followup.target_windows`. The level is
    never prorated: a promise for the year is a promise for the year. A window that has not
    begun is left out, one still running is Pågår until it is met, and an ended one that fell
    short is Ej nådd.
    """
    if activity.target_count is None or activity.status == Activity.Status.CANCELLED:
        return None
    counts: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        if cell.in_term:
            counts[cell.year, cell.month] += cell.occasions
    windows = []
    for label, inside in counted_windows(activity, term, span):
        if inside.starts_on > on:
            continue
        carried_out = sum(counts[month] for month in inside.months())
        if carried_out >= activity.target_count:
            state = TargetState.MET
        else:
            state = TargetState.ONGOING if inside.ends_on >= on else TargetState.NOT_MET
        windows.append(TargetWindow(label, inside, activity.target_count, carried_out, state))
    return TargetProgress(activity.target_label, tuple(windows))


_Figures = defaultdict[tuple[str, int], list[MetricFigure]]


def _metric_figures(
    promises: list[Promise],
    activities: list[Activity],
    goals: list[Goal],
    span: Span,
    on: date,
    cutoff_on: date | None = None,
) -> _Figures:
    """Every metric's figure by its own rule, in three queries, keyed by what it belongs to."""
    of_these = Q(activity__in=activities) | Q(promise__in=promises) | Q(goal__in=goals)
    figures = defaultdict(list)
    for metric, figure in metric_figures(Metric.objects.filter(of_these), span, on, cutoff_on):
        owner = (
            ("activity", metric.activity_id)
            if metric.activity_id
            else ("promise", metric.promise_id)
            if metric.promise_id
            else ("goal", metric.goal_id)
        )
        figures[owner].append(figure)
    return figures
