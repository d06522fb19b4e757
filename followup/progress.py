"""Where the portal's numbers are computed, once, for page, PDF, spreadsheet and public site.

`agreement_progress` reads the log of an agreement for a span of days and returns frozen
dataclasses, in a constant number of queries. What was done (utförande) and what it led to
(effekt) stand side by side and are never added up. `None` means ingen uppgift, which is not 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from django.db.models import (
    Avg,
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from followup.models import Occasion, Reading
from promises.models import (
    Activity,
    Agreement,
    Goal,
    Metric,
    Promise,
    PromisePeriod,
    Undertaking,
)

# A target window counts when at least this share of its days lies inside what is asked about:
# nobody is held to a whole winter of which two days were within the agreement.
COUNTED_SHARE = Fraction(2, 3)

# With fewer than this many in the whole, a share is given as counts and not as a percentage.
SMALL_NUMBER = 20

MONTH_ABBREVIATIONS = [
    "jan",
    "feb",
    "mars",
    "apr",
    "maj",
    "juni",
    "juli",
    "aug",
    "sep",
    "okt",
    "nov",
    "dec",
]


class Span(NamedTuple):
    """A stretch of days, both ends included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return max(0, (self.ends_on - self.starts_on).days + 1)

    def overlap(self, other: Span) -> Span:
        """The days in both; `days` is 0 when there are none."""
        return Span(max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on))

    def months(self) -> Iterator[tuple[int, int]]:
        """Every (year, month) that the span touches, in order."""
        year, month = self.starts_on.year, self.starts_on.month
        while (year, month) <= (self.ends_on.year, self.ends_on.month):
            yield year, month
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


# --- What comes out ------------------------------------------------------------------------


class TargetState(Enum):
    MET = "met"
    NOT_MET = "not_met"
    ONGOING = "ongoing"

    @property
    def label(self) -> str:
        return {"met": "Nådd", "not_met": "Ej nådd", "ongoing": "Pågår"}[self.value]


@dataclass(frozen=True)
class Total:
    """A sum over occasions, and how many of them had no figure to add.

    `known` is None when no occasion had one.
    """

    known: int | None = None
    unknown_occasions: int = 0

    def __add__(self, other: Total) -> Total:
        figures = [total.known for total in (self, other) if total.known is not None]
        return Total(
            sum(figures) if figures else None, self.unknown_occasions + other.unknown_occasions
        )


@dataclass(frozen=True)
class MonthCount:
    year: int
    month: int
    count: int

    @property
    def label(self) -> str:
        return f"{MONTH_ABBREVIATIONS[self.month - 1]} {self.year}"


@dataclass(frozen=True)
class PlaceCount:
    """Occasions at a place and the day of the last one; `name` is None where none was noted."""

    name: str | None
    count: int
    last_on: date


@dataclass(frozen=True)
class PartyMinutes:
    party: str
    minutes: Total


@dataclass(frozen=True)
class TargetWindow:
    """One stretch a target is counted over: a year, a half-year, a season …"""

    label: str
    span: Span
    required: int
    carried_out: int
    state: TargetState


@dataclass(frozen=True)
class TargetProgress:
    """An activity's target (åtagandenivå) and how it was met, window by window.

    `windows` is empty when nothing asked about is long enough to be measured.
    """

    label: str
    windows: tuple[TargetWindow, ...]

    @property
    def required(self) -> int:
        return sum(window.required for window in self.windows)

    @property
    def carried_out(self) -> int:
        return sum(window.carried_out for window in self.windows)

    @property
    def windows_met(self) -> int:
        return sum(window.state is TargetState.MET for window in self.windows)

    @property
    def state(self) -> TargetState | None:
        """Met when every window is; not met as soon as a window has ended short."""
        states = {window.state for window in self.windows}
        if not states:
            return None
        if TargetState.NOT_MET in states:
            return TargetState.NOT_MET
        return TargetState.ONGOING if TargetState.ONGOING in states else TargetState.MET


@dataclass(frozen=True)
class MetricFigure:
    """A metric's figure for the span, by its own rule.

    `value` is None when there is no reading (ingen uppgift). For a share `value` is the
    percentage, and `part` and `whole` are n and m.
    """

    name: str
    unit: str
    dimension: str
    rule: str
    value: Decimal | None
    part: Decimal | None
    whole: Decimal | None
    readings: int
    latest_on: date | None
    baseline: Decimal | None
    target_value: Decimal | None
    lower_is_better: bool

    @property
    def is_effect(self) -> bool:
        return self.dimension == Metric.Dimension.EFFECT

    @property
    def text(self) -> str:
        """The figure as it is printed everywhere, such as "44 av 52 (85 %)" or "312 förare"."""
        if self.value is None:
            return "Ingen uppgift"
        if self.rule == Metric.Rule.SHARE:
            counts = f"{format_number(self.part)} av {format_number(self.whole)}"
            if self.whole < SMALL_NUMBER:
                return counts
            return f"{counts} ({format_number(self.value, decimals=0)} %)"
        return f"{format_number(self.value)} {self.unit}".rstrip()

    @property
    def target_text(self) -> str:
        return self._bound(self.target_value)

    @property
    def baseline_text(self) -> str:
        return self._bound(self.baseline)

    def _bound(self, value: Decimal | None) -> str:
        if value is None:
            return ""
        unit = "%" if self.rule == Metric.Rule.SHARE else self.unit
        return f"{format_number(value)} {unit}".rstrip()

    @property
    def is_target_reached(self) -> bool | None:
        """Against the target value; None without a reading or without a target value."""
        if self.value is None or self.target_value is None:
            return None
        if self.lower_is_better:
            return self.value <= self.target_value
        return self.value >= self.target_value


@dataclass(frozen=True)
class Tally:
    """What a heap of occasions adds up to.

    `outside_term` of them are dated outside the löftesperiod they are logged under; they are
    counted here but never towards a target.
    """

    occasions: int
    outside_term: int
    last_on: date | None
    minutes: Total
    participants: Total
    months: tuple[MonthCount, ...]
    places: tuple[PlaceCount, ...]
    party_minutes: tuple[PartyMinutes, ...]

    @property
    def places_reached(self) -> int:
        return sum(place.name is not None for place in self.places)


@dataclass(frozen=True)
class ActivityProgress:
    activity: Activity
    tally: Tally
    target: TargetProgress | None
    metrics: tuple[MetricFigure, ...]
    is_overdue: bool


class WithActivities:
    """What a promise and an undertaking have in common: activities and what they add up to."""

    activities: tuple[ActivityProgress, ...]
    tally: Tally

    @property
    def targets(self) -> tuple[TargetProgress, ...]:
        """The targets that could be measured."""
        return tuple(
            activity.target
            for activity in self.activities
            if activity.target is not None and activity.target.windows
        )

    @property
    def targets_met(self) -> int:
        return sum(target.state is TargetState.MET for target in self.targets)

    @property
    def required(self) -> int:
        return sum(target.required for target in self.targets)

    @property
    def carried_out_towards_targets(self) -> int:
        return sum(target.carried_out for target in self.targets)

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

    `tally` is over everything logged under the agreement in the span.
    """

    agreement: Agreement
    span: Span
    on: date
    promises: tuple[PromiseProgress, ...]
    undertakings: tuple[UndertakingProgress, ...]
    goals: tuple[GoalProgress, ...]
    tally: Tally

    def of(self, thing: Promise | Undertaking | Goal):
        """The progress of one promise, undertaking or goal. Raises KeyError for a stranger."""
        return self._by_thing[type(thing), thing.pk]

    _by_thing: dict = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_thing = {(Promise, p.promise.pk): p for p in self.promises}
        by_thing |= {(Undertaking, u.undertaking.pk): u for u in self.undertakings}
        by_thing |= {(Goal, g.goal.pk): g for g in self.goals}
        object.__setattr__(self, "_by_thing", by_thing)


# --- How it is computed --------------------------------------------------------------------


def agreement_progress(
    agreement: Agreement,
    span: Span,
    on: date,
    *,
    cutoff_on: date | None = None,
    promises: Iterable[Promise] | None = None,
) -> Progress:
    """The agreement's numbers for the span.

    `on` decides which target windows have ended. With `cutoff_on` only what was logged by the
    end of that day counts (a review's brytdatum). `promises` are those to report on; without
    it, the promises of every löftesperiod that overlaps the span.
    """
    if promises is None:
        promises = Promise.objects.with_parties().filter(
            period__in=PromisePeriod.objects.filter(
                agreement=agreement, starts_on__lte=span.ends_on, ends_on__gte=span.starts_on
            )
        )
    promises = list(promises)
    undertakings = list(agreement.undertakings.select_related("responsible"))
    goals = list(agreement.goals.all())
    activities = list(
        Activity.objects.filter(Q(promise__in=promises) | Q(undertaking__in=undertakings))
        .select_related("responsible", "responsible_member", "place")
        .order_by("title", "id")
    )
    cells = _cells(activities, span, cutoff_on)
    figures = _metric_figures(promises, activities, goals, span, cutoff_on)

    def activity_progress(activity: Activity, term: Span) -> ActivityProgress:
        own = cells[activity.pk]
        return ActivityProgress(
            activity=activity,
            tally=_tally(own, span),
            target=_target_progress(activity, own, term, span, on),
            metrics=tuple(figures["activity", activity.pk]),
            is_overdue=activity.is_overdue(on),
        )

    by_promise, by_undertaking = defaultdict(list), defaultdict(list)
    for activity in activities:
        if activity.promise_id:
            by_promise[activity.promise_id].append(activity)
        else:
            by_undertaking[activity.undertaking_id].append(activity)

    return Progress(
        agreement=agreement,
        span=span,
        on=on,
        promises=tuple(
            PromiseProgress(
                promise=promise,
                activities=tuple(
                    activity_progress(
                        activity, Span(promise.period.starts_on, promise.period.ends_on)
                    )
                    for activity in by_promise[promise.pk]
                ),
                tally=_tally(
                    [cell for activity in by_promise[promise.pk] for cell in cells[activity.pk]],
                    span,
                ),
                metrics=tuple(figures["promise", promise.pk]),
            )
            for promise in promises
        ),
        undertakings=tuple(
            UndertakingProgress(
                undertaking=undertaking,
                activities=tuple(
                    activity_progress(activity, Span(agreement.valid_from, span.ends_on))
                    for activity in by_undertaking[undertaking.pk]
                ),
                tally=_tally(
                    [
                        cell
                        for activity in by_undertaking[undertaking.pk]
                        for cell in cells[activity.pk]
                    ],
                    span,
                ),
            )
            for undertaking in undertakings
        ),
        goals=tuple(
            GoalProgress(goal=goal, metrics=tuple(figures["goal", goal.pk])) for goal in goals
        ),
        tally=_tally([cell for own in cells.values() for cell in own], span),
    )


class _Cell(NamedTuple):
    """The occasions of one activity in one month, at one place, by one party.

    `in_term` tells those dated while the promise (or the agreement) ran from those outside.
    """

    in_term: bool
    year: int
    month: int
    place: str | None
    party: str
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
    When(activity__undertaking__agreement__valid_from__lte=F("date"), then=True),
    default=False,
    output_field=BooleanField(),
)


def _cells(
    activities: list[Activity], span: Span, cutoff_on: date | None
) -> defaultdict[int, list[_Cell]]:
    """The log as the database adds it up: one query, a row per activity, month, place and party."""
    occasions = Occasion.objects.carried_out(within=span).filter(activity__in=activities)
    if cutoff_on is not None:
        occasions = occasions.filter(created_at__lt=_end_of(cutoff_on))
    rows = (
        occasions.order_by()
        # The first seven letters of an ISO date: both databases do it natively, where
        # TruncMonth on SQLite calls Python for every row.
        .annotate(year_month=Substr(Cast("date", CharField()), 1, 7), in_term=IN_TERM)
        .values("activity_id", "in_term", "year_month", "place__name", "party__short_name")
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
                occasions=row["n"],
                last_on=row["last_on"],
                minutes=row["minutes_sum"],
                with_minutes=row["minutes_n"],
                participants=row["participants_sum"],
                with_participants=row["participants_n"],
            )
        )
    return cells


def _tally(cells: list[_Cell], span: Span) -> Tally:
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
    )


def _target_progress(
    activity: Activity, cells: list[_Cell], term: Span, span: Span, on: date
) -> TargetProgress | None:
    """How the activity's target was met in the part of the span its promise runs (`term`).

    A window counts when at least COUNTED_SHARE of its days lie inside both, and it has begun.
    The level is never prorated: a promise for the year is a promise for the year. A window
    still running is Pågår until it is met; an ended one that fell short is Ej nådd.
    """
    if activity.target_count is None or activity.status == Activity.Status.CANCELLED:
        return None
    asked = term.overlap(span)
    counts: Counter[tuple[int, int]] = Counter()
    for cell in cells:
        if cell.in_term:
            counts[cell.year, cell.month] += cell.occasions
    windows = []
    for label, whole in _calendar_windows(activity, term, asked):
        inside = whole.overlap(asked)
        if inside.days < whole.days * COUNTED_SHARE or inside.starts_on > on:
            continue
        carried_out = sum(counts[month] for month in inside.months())
        if carried_out >= activity.target_count:
            state = TargetState.MET
        else:
            state = TargetState.ONGOING if inside.ends_on >= on else TargetState.NOT_MET
        windows.append(TargetWindow(label, inside, activity.target_count, carried_out, state))
    return TargetProgress(activity.target_label, tuple(windows))


def _calendar_windows(activity: Activity, term: Span, asked: Span) -> Iterator[tuple[str, Span]]:
    """The whole calendar windows of the activity's target that touch the days asked about."""
    if asked.days == 0:
        return
    per = Activity.TargetPer(activity.target_per)
    if per == Activity.TargetPer.PERIOD:
        yield "Hela perioden", term
        return
    months_each = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}.get(per)
    for year in range(asked.starts_on.year - 1, asked.ends_on.year + 1):
        if per == Activity.TargetPer.SEASON:
            last_year = year + (activity.season_to < activity.season_from)
            starts = [(activity.season_from, last_year, activity.season_to)]
        else:
            starts = [(month, year, month + months_each - 1) for month in range(1, 13, months_each)]
        for first_month, last_year, last_month in starts:
            window = Span(date(year, first_month, 1), _last_day(last_year, last_month))
            if window.overlap(asked).days > 0:
                yield _window_label(per, window), window


def _window_label(per: Activity.TargetPer, window: Span) -> str:
    first = window.starts_on
    if per == Activity.TargetPer.HALF_YEAR:
        return f"{'Våren' if first.month == 1 else 'Hösten'} {first.year}"
    if per == Activity.TargetPer.QUARTER:
        return f"Kvartal {(first.month + 2) // 3} {first.year}"
    if per == Activity.TargetPer.MONTH:
        return f"{MONTH_ABBREVIATIONS[first.month - 1].capitalize()} {first.year}"
    if per == Activity.TargetPer.SEASON:
        last = window.ends_on
        years = f"{first.year}" if first.year == last.year else f"{first.year}/{last:%y}"
        return f"Säsongen {years}"
    return str(first.year)


def _last_day(year: int, month: int) -> date:
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return following - timedelta(days=1)


def _metric_figures(
    promises: list[Promise],
    activities: list[Activity],
    goals: list[Goal],
    span: Span,
    cutoff_on: date | None,
) -> defaultdict[tuple[str, int], list[MetricFigure]]:
    """Every metric's figure by its own rule, in one query, keyed by what it belongs to."""
    standing = Q(readings__date__range=span) & (
        Q(readings__occasion__isnull=True) | Q(readings__occasion__withdrawn_at__isnull=True)
    )
    latest = Reading.objects.standing().filter(metric=OuterRef("pk"), date__range=span)
    if cutoff_on is not None:
        logged_in_time = Q(occasion__isnull=True) | Q(occasion__created_at__lt=_end_of(cutoff_on))
        latest = latest.filter(logged_in_time)
        standing &= Q(readings__occasion__isnull=True) | Q(
            readings__occasion__created_at__lt=_end_of(cutoff_on)
        )
    metrics = (
        Metric.objects.filter(
            Q(activity__in=activities) | Q(promise__in=promises) | Q(goal__in=goals)
        )
        .annotate(
            total=Sum("readings__value", filter=standing),
            whole=Sum("readings__out_of", filter=standing),
            mean=Avg("readings__value", filter=standing),
            n=Count("readings__id", filter=standing),
            latest_on=Max("readings__date", filter=standing),
            latest_value=Subquery(latest.order_by("-date", "-id").values("value")[:1]),
        )
        .order_by("number", "id")
    )
    figures = defaultdict(list)
    for metric in metrics:
        owner = (
            ("activity", metric.activity_id)
            if metric.activity_id
            else ("promise", metric.promise_id)
            if metric.promise_id
            else ("goal", metric.goal_id)
        )
        figures[owner].append(_figure(metric))
    return figures


def _figure(metric: Metric) -> MetricFigure:
    if not metric.n:
        value = None
    elif metric.rule == Metric.Rule.SHARE:
        value = metric.total * 100 / metric.whole if metric.whole else None
    else:
        value = {
            Metric.Rule.SUM: metric.total,
            Metric.Rule.LATEST: metric.latest_value,
            Metric.Rule.MEAN: metric.mean,
        }[Metric.Rule(metric.rule)]
    is_share = metric.rule == Metric.Rule.SHARE
    return MetricFigure(
        name=metric.name,
        unit=metric.unit,
        dimension=metric.dimension,
        rule=metric.rule,
        value=None if value is None else _round(Decimal(value), 1),
        part=metric.total if is_share else None,
        whole=metric.whole if is_share else None,
        readings=metric.n,
        latest_on=metric.latest_on,
        baseline=metric.baseline,
        target_value=metric.target_value,
        lower_is_better=metric.lower_is_better,
    )


def _end_of(day: date) -> datetime:
    """The first instant after the day, in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _round(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Decimal | int, decimals: int = 1) -> str:
    """A number in Swedish: decimal comma, a no-break space between thousands, no idle zeros."""
    rounded = _round(Decimal(value), decimals)
    text = f"{rounded:,f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text
