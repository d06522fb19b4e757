"""Metrics and their readings: what is measured, of what, and what was read."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.metrics import ReadingForm
from followup.numbers.metric_figures import metric_figures
from followup.numbers.metrics import MetricFigure
from followup.time.named_spans import time_measured
from followup.time.terms import term_of_agreement
from promises.access import Action, may, shows, with_agreement, writes
from promises.forms.metrics import MetricForm
from promises.history import changes_of
from promises.models import Activity, Agreement, Goal, Metric, Promise


@shows(Action.READ)
@with_agreement
def effects(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """What it has all led to: every goal's and promise's effects, over the agreement so far."""
    today = timezone.localdate()
    asked = Metric.objects.effects_of(agreement).select_related("goal", "promise__period")
    span = term_of_agreement(agreement, today)
    figures = metric_figures(asked, span, today)
    return render(
        request, "followup/numbers/effects.html", {"of": _by_measured(figures), "span": span}
    )


def _by_measured(
    figures: list[tuple[Metric, MetricFigure]],
) -> dict[Goal | Promise, list[tuple[Metric, MetricFigure]]]:
    """The goals' first, then the promises', the latest period's before earlier ones'."""
    of: dict[Goal | Promise, list[tuple[Metric, MetricFigure]]] = defaultdict(list)
    for metric, figure in figures:
        of[metric.goal or metric.promise].append((metric, figure))
    return dict(sorted(of.items(), key=lambda entry: _goals_first(entry[0])))


def _goals_first(measured: Goal | Promise) -> tuple[int, ...]:
    if isinstance(measured, Goal):
        return 0, measured.number
    return 1, -measured.period.starts_on.toordinal(), measured.number


@shows(Action.READ)
def metrics(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What is measured of an activity, a promise or a goal."""
    measured = _measured(request, kind, pk)
    return render(
        request,
        "followup/numbers/metrics.html",
        {
            "measured": measured,
            "kind": kind,
            "metrics": measured.metrics.all(),
            "may_plan": may(request.user, Action.PLAN, timezone.localdate()),
        },
    )


@writes(Action.PLAN)
def add(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    measured = _measured(request, kind, pk)
    form = MetricForm(request.POST or None, of=measured, today=timezone.localdate())
    if request.method == "POST" and (metric := form.save_or_explain()):
        messages.success(request, f"Mätetalet ”{metric}” är tillagt.")
        return redirect(metric)
    return render(
        request,
        "followup/numbers/metric_form.html",
        {"form": form, "measured": measured, "kind": kind},
    )


@shows(Action.READ)
def metric(request: HttpRequest, pk: int) -> HttpResponse:
    metric = _metric(request, pk)
    today = timezone.localdate()
    readings = metric.readings.select_related("occasion").order_by("-date", "-id")
    span = time_measured(metric, today)
    [(_, figure)] = metric_figures(Metric.objects.filter(pk=metric.pk), span, today)
    return render(
        request,
        "followup/numbers/metric.html",
        {
            "metric": metric,
            "kind": _kind_of(metric),
            "figure": figure,
            "span": span,
            "readings": readings.standing(),
            "may_plan": may(request.user, Action.PLAN, today),
            "may_read_in": may(request.user, Action.LOG, today) and metric.activity is None,
            "changes": changes_of(metric, *readings.filter(occasion=None)),
        },
    )


@writes(Action.PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    metric = _metric(request, pk)
    form = MetricForm(
        request.POST or None, instance=metric, of=metric.measured, today=timezone.localdate()
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Mätetalet ”{metric}” är sparat.")
        return redirect(metric)
    return render(
        request,
        "followup/numbers/metric_form.html",
        {"form": form, "metric": metric, "measured": metric.measured, "kind": _kind_of(metric)},
    )


@writes(Action.LOG)
def add_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """A value read elsewhere. What an activity's metrics count is entered with its occasions."""
    metric = _metric(request, pk)
    if metric.activity:
        raise Http404("En aktivitets mätetal fylls i när ett tillfälle loggas.")
    today = timezone.localdate()
    form = ReadingForm(request.POST or None, metric=metric, today=today, initial={"date": today})
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Mätvärdet är sparat.")
        return redirect(metric)
    return render(request, "followup/numbers/reading_form.html", {"form": form, "metric": metric})


KINDS = {"aktivitet": Activity, "lofte": Promise, "mal": Goal}


def _measured(request: HttpRequest, kind: str, pk: int) -> Activity | Promise | Goal:
    if kind not in KINDS:
        raise Http404("Mätetal finns för aktiviteter, löften och mål.")
    if kind == "mal":
        goals = Goal.objects.filter(agreement__in=Agreement.objects.visible_to(request.user))
        return get_object_or_404(goals, pk=pk)
    return get_object_or_404(KINDS[kind].objects.visible_to(request.user), pk=pk)


def _kind_of(metric: Metric) -> str:
    return next(kind for kind, model in KINDS.items() if isinstance(metric.measured, model))


def _metric(request: HttpRequest, pk: int) -> Metric:
    return get_object_or_404(
        Metric.objects.visible_to(request.user).select_related(
            "activity__agreement",
            "activity__promise__period",
            "activity__undertaking",
            "promise__period__agreement",
            "goal__agreement",
        ),
        pk=pk,
    )
