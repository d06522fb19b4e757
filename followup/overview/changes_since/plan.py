"""Changes in the plan: activities added and cancelled, and how they are judged to go.

A prognosis leaves a date when somebody sets it. Those that the figures have moved by themselves
are found by computing them as they stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import DateField, Exists, F, OuterRef, QuerySet, Value
from django.urls import reverse

from followup.models import Forecast
from followup.numbers.forecasts import computed_as_of
from followup.numbers.targets import WindowForecast
from followup.overview.changes_since.change import (
    Change,
    ChangeKind,
    ChangeLine,
    LookBack,
    day_of,
    one_by_one,
    together,
)
from promises.models import Activity


def _added(back: LookBack) -> QuerySet[Activity]:
    added = back.activities.filter(created_at__gte=back.moment)
    return added.exclude(status=Activity.Status.CANCELLED)


def _cancelled(back: LookBack) -> QuerySet[Activity]:
    """Cancelled by now and not before: only the history knows when, so it is dated the first day."""
    as_cancelled = Activity.history.filter(id=OuterRef("pk"), status=Activity.Status.CANCELLED)
    return back.activities.filter(
        Exists(as_cancelled.filter(history_date__gte=back.moment)),
        ~Exists(as_cancelled.filter(history_date__lt=back.moment)),
        status=Activity.Status.CANCELLED,
    ).annotate(known_on=Value(back.since, output_field=DateField()))


def _set(back: LookBack) -> QuerySet[Forecast]:
    forecasts = Forecast.objects.filter(activity__in=back.activities)
    return forecasts.standing().filter(made_at__gte=back.moment)


def _withdrawn(back: LookBack) -> QuerySet[Forecast]:
    """One that was replaced is told of by the one that took its place."""
    replaced = Forecast.objects.standing().filter(activity=OuterRef("activity"))
    return Forecast.objects.filter(
        activity__in=back.activities, withdrawn_at__gte=back.moment, made_at__lt=back.moment
    ).exclude(Exists(replaced))


def moved_by_figures(
    forecasts: Iterable[WindowForecast], since: date, on: date
) -> Iterator[ChangeLine]:
    """The prognoses that the figures give another value than when the day began."""
    running = {one.activity.pk: one for one in forecasts}
    before = computed_as_of([one.activity for one in running.values()], since - timedelta(days=1))
    for key, then in before.items():
        now = running[key]
        if then.span == now.span and then.computed != now.computed:
            yield ChangeLine(
                ChangeKind.FORECAST_CHANGED,
                f"”{now.activity.title}” gick från {then.computed.label} till {now.computed.label}",
                now.activity.get_absolute_url(),
                on,
            )


PLAN_CHANGES = (
    Change(
        ChangeKind.ACTIVITY_ADDED,
        found=_added,
        on=day_of("created_at"),
        what=F("title"),
        told=together(
            "nya aktiviteter",
            lambda: reverse("activities"),
            alone=one_by_one(lambda row: f"Ny aktivitet: ”{row.what}”", "activity"),
        ),
    ),
    Change(
        ChangeKind.ACTIVITY_CANCELLED,
        found=_cancelled,
        on=F("known_on"),
        what=F("title"),
        told=one_by_one(lambda row: f"”{row.what}” ställdes in", "activity"),
    ),
    Change(
        ChangeKind.FORECAST_SET,
        found=_set,
        on=day_of("made_at"),
        thing="activity_id",
        what=F("activity__title"),
        how=F("value"),
        who="made_by_id",
        told=one_by_one(
            lambda row: f"”{row.what}” bedömdes till {Forecast.Value(row.how).label}", "activity"
        ),
    ),
    Change(
        ChangeKind.FORECAST_WITHDRAWN,
        found=_withdrawn,
        on=day_of("withdrawn_at"),
        thing="activity_id",
        what=F("activity__title"),
        who="withdrawn_by_id",
        told=one_by_one(lambda row: f"Bedömningen av ”{row.what}” togs tillbaka", "activity"),
    ),
)
