"""The prognosis of a promise (Löftesprognos): will the target be met by the end of its window?

The rule, for the one window of an activity's target that runs on the day asked about:

    R  required: the target's count
    C  carried out: occasions so far that the window holds all the days of
    P  planned: planned occasions that stand, have not come off, and are dated from today to the
       window's last day
    M  missing: R − C − P, what is neither done nor planned
    T  the days of the window, as far as the promise or the agreement is in force
    L  the days left, today and the last day included: on the last day there is 1 day left

I fas (on track) when any of these holds:
    1. the level is reached (C ≥ R), or enough is planned (M ≤ 0);
    2. the pace now needed is at most 1.25 times the promised one (M / L ≤ 1.25 R / T);
    3. no more is missing than an even pace gives in the days left, counted in whole occasions
       (M ≤ R L / T rounded up), there are at least four weeks for each (L / M ≥ 28), and the last
       quarter of the window has not begun (L ≥ T / 4).
Ur fas (off track) when more than double the promised pace is needed (M / L > 2 R / T), and more
    than one occasion a fortnight (L / M < 14).
Risk (at risk) in between.

The third condition is there because occasions come whole. By pace alone, an inspection promised
once a year would be at risk from the middle of March, and two of three such promises most of the
time: nobody heeds a word that is always there. From the last quarter on, what is missing should
stand in the plan: planning it makes the promise I fas again.
The floor of one occasion a fortnight keeps a single missed occasion in a long window from being
called hopeless while there is still time for it.

"The pace kept so far" is information and no part of the rule: C / days gone × T, rounded down,
told from when a quarter of the window has gone; before that it says nothing.

There is nothing to forecast for an activity that is cancelled or carried out, nor for a target
"per period" under an agreement that runs on without an end. Windows that are too short to be
counted (`followup.time.windows`) have no prognosis either.

A coordinator may know what the figures do not show: a `Forecast` set by hand stands in front of
what is computed here, with its reason and beside the computed value, never instead of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils.formats import date_format

from followup.log.planned import coming
from followup.models import Forecast, Occasion
from followup.models.occasion import end_of, held_whole_by
from followup.numbers.targets import WindowForecast
from followup.swedish import counted
from followup.time.spans import Span
from followup.time.terms import targets_of, term_of
from followup.time.windows import Window, counted_windows
from promises.models import Activity, PlannedOccasion

FORTNIGHT = 14
FOUR_WEEKS = 28
# Further ahead than the longest window that a calendar has: a season of twelve months.
AHEAD = timedelta(days=400)


def forecasts(activities: Iterable[Activity], on: date) -> dict[int, WindowForecast]:
    """The prognosis of each activity with a target that runs on the date, by primary key.

    Takes at most five queries however many they are. The activities come
    with their löftesperiod or agreement loaded.
    """
    windows = _running_windows(activities, on)
    if not windows:
        return {}
    carried_out = Occasion.objects.carried_out()
    planned = coming(PlannedOccasion.objects.all(), on)
    return _forecasts(windows, carried_out, planned, _overrides(windows), on)


def computed_as_of(activities: Iterable[Activity], day: date) -> dict[int, WindowForecast]:
    """What the figures said when the day ended, of what had been logged and planned by then.

    As `forecasts`, without what was set by hand. The activities are as they are now.
    """
    windows = _running_windows(activities, day)
    if not windows:
        return {}
    moment = end_of(day)
    stood = Occasion.objects.logged_by(day).filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=moment)
    )
    planned = PlannedOccasion.objects.filter(
        Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=moment),
        created_at__lt=moment,
        date__gte=day,
    ).exclude(Exists(stood.filter(planned=OuterRef("pk"))))
    return _forecasts(windows, stood, planned, {}, day)


def outlook(
    *, required: int, carried_out: int, planned: int, days: int, days_left: int
) -> Forecast.Value:
    """The rule of this module, in whole numbers all through."""
    missing = required - carried_out - planned
    if missing <= 0:
        return Forecast.Value.ON_TRACK
    if 4 * missing * days <= 5 * required * days_left:
        return Forecast.Value.ON_TRACK
    at_even_pace = -(-required * days_left // days)
    if (
        missing <= at_even_pace
        and days_left >= FOUR_WEEKS * missing
        and 4 * days_left >= days  # the last quarter has not begun
    ):
        return Forecast.Value.ON_TRACK
    if missing * days > 2 * required * days_left and days_left < FORTNIGHT * missing:
        return Forecast.Value.OFF_TRACK
    return Forecast.Value.AT_RISK


def running_window(activity: Activity, on: date) -> Window | None:
    """The window of the activity's target that the date lies in, if one is to be met."""
    unfinished = {Activity.Status.PLANNED, Activity.Status.ONGOING}
    if activity.target_count is None or activity.status not in unfinished:
        return None
    *_, (target, term) = targets_of(activity, term_of(activity))
    near = term.overlap(Span(term.starts_on, on + AHEAD))
    if target.target_per == Activity.TargetPer.PERIOD:
        if term.ends_on == date.max:
            return None
        near = term
    return next((one for one in counted_windows(target, term, near) if one.inside.covers(on)), None)


_Windows = dict[Activity, Window]


def _running_windows(activities: Iterable[Activity], on: date) -> _Windows:
    activities = list(activities)
    prefetch_related_objects(activities, "agreement__successor", "former_targets")
    return {activity: window for activity in activities if (window := running_window(activity, on))}


def _in_windows(windows: _Windows, condition: Callable[[Span], Q]) -> Q:
    """The condition for each window, of those activities that share it."""
    sharing: dict[Span, list[Activity]] = defaultdict(list)
    for activity, window in windows.items():
        sharing[window.inside].append(activity)
    return reduce(or_, (Q(activity__in=some) & condition(span) for span, some in sharing.items()))


def _counts(rows: QuerySet) -> dict[int, int]:
    """How many there are of each activity, by its primary key."""
    counts = rows.order_by().values("activity_id").annotate(n=Count("id"))
    return dict(counts.values_list("activity_id", "n"))


def _overrides(windows: _Windows) -> dict[int, Forecast]:
    of_window = _in_windows(
        windows, lambda span: Q(window_starts_on=span.starts_on, window_ends_on=span.ends_on)
    )
    standing = Forecast.objects.standing().filter(of_window).select_related("made_by")
    return {forecast.activity_id: forecast for forecast in standing}


def _forecasts(
    windows: _Windows,
    occasions: QuerySet[Occasion],
    planned: QuerySet[PlannedOccasion],
    overrides: dict[int, Forecast],
    on: date,
) -> dict[int, WindowForecast]:
    within = _in_windows(windows, held_whole_by)
    until_the_end = _in_windows(windows, lambda span: Q(date__lte=span.ends_on))
    carried_out = _counts(occasions.filter(within))
    to_come = _counts(planned.filter(until_the_end))
    return {
        activity.pk: _forecast(
            activity,
            window,
            carried_out.get(activity.pk, 0),
            to_come.get(activity.pk, 0),
            overrides.get(activity.pk),
            on,
        )
        for activity, window in windows.items()
    }


def _forecast(
    activity: Activity,
    window: Window,
    carried_out: int,
    planned: int,
    override: Forecast | None,
    on: date,
) -> WindowForecast:
    span, required = window.inside, window.required
    days_left = (span.ends_on - on).days + 1
    return WindowForecast(
        activity=activity,
        label=window.label,
        span=span,
        required=required,
        carried_out=carried_out,
        planned=planned,
        computed=outlook(
            required=required,
            carried_out=carried_out,
            planned=planned,
            days=span.days,
            days_left=days_left,
        ),
        sentence=_what_remains(required - carried_out, planned, span.ends_on, on),
        pace_sentence=_pace(required, carried_out, span.days, (on - span.starts_on).days + 1),
        override=override,
    )


def _what_remains(missing: int, planned: int, ends_on: date, on: date) -> str:
    """What has to be done, such as "2 tillfällen till senast den 30 april, varav 1 är planerat."."""
    if missing <= 0:
        return "Åtagandenivån är nådd."
    if planned >= missing:
        if missing == 1:
            return "Det som fattas är planerat."
        return f"De {missing} som fattas är planerade."
    occasions = counted(missing, "tillfälle", "tillfällen")
    last_day = date_format(ends_on, "j F" if ends_on.year == on.year else "j F Y")
    sentence = f"{occasions} till senast den {last_day}"
    if planned:
        sentence += f", varav {counted(planned, 'är planerat', 'är planerade')}"
    return f"{sentence}."


def _pace(required: int, carried_out: int, days: int, days_gone: int) -> str:
    """What the pace kept so far would give; empty when that says nothing."""
    if carried_out >= required or 4 * days_gone < days:
        return ""
    projected = carried_out * days // days_gone
    return f"I den takt som har hållits blir det {projected} av {required}."
