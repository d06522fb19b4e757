"""The log: pick an activity, note an occasion, find it again, mend it, take it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.log.move import MoveForm
from followup.forms.log.narrowing import OccasionFilter
from followup.forms.log.occasion import OccasionForm
from followup.log.choices import Choice, choices_for, last_time, place_of_the_day
from followup.log.order import BY_NAME, LATEST, log_page
from followup.models import Occasion, Review
from followup.models.review import marked_when_late
from followup.swedish import days_in_words
from followup.time.spans import Span
from followup.views.month import day_asked_for
from followup.views.outbox import answer_to_outbox, logged_in_words, remarks_on
from promises.access import Action, may, shows, writes
from promises.autosave import is_sent_by_script
from promises.forms.plan import QuickActivityForm
from promises.history import changes_of
from promises.models import Activity, PlannedOccasion, Promise

OFTEN_ASKED = {"sok", "lofte", "plats"}
PAGE_SIZE = 30
MOVED_TOO_LATE = (
    "Tillfället står i uppföljningen {review}, som är inlämnad. Då kan det inte flyttas längre."
)
COUNTED_UP_TO = 1000


@shows(Action.LOG)
def pick(request: HttpRequest) -> HttpResponse:
    """First step of logging: which activity? What is planned now comes first, then those used last.

    `?datum=` names the day it was done on, when that was not today.
    """
    today = timezone.localdate()
    day = min(day_asked_for(request).get("date", today), today)
    return render(
        request,
        "followup/log/pick.html",
        {
            "choices": choices_for(request.user, day),
            "today": today,
            "another_day": day if day != today else None,
            "may_plan": may(request.user, Action.PLAN, today),
        },
    )


@writes(Action.LOG)
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Second step: what was done, where, when. Also what the browser's outbox sends on its own."""
    activity = _loggable_activity(request, pk)
    planned = _planned_to_log(request, activity)
    today, last = timezone.localdate(), last_time(activity)
    form = OccasionForm(
        request.POST or None,
        activity=activity,
        member=request.user,
        today=today,
        planned=planned,
        here=place_of_the_day(request.user, today),
        like=last if "samma" in request.GET else None,
    )
    form.initial |= day_asked_for(request)
    if is_sent_by_script(request):
        return answer_to_outbox(form)
    if request.method == "POST" and (occasion := form.save_or_explain()):
        messages.success(request, logged_in_words(occasion))
        _remark_on_date(request, occasion)
        return redirect("log") if "nasta" in request.POST else redirect(occasion)
    context = {"form": form, "choice": Choice(activity, last), "planned": planned}
    return render(request, "followup/log/occasion_form.html", context | {"activity": activity})


@writes(Action.LOG)
def add_activity(request: HttpRequest, promise_pk: int) -> HttpResponse:
    """An activity that was missing, added in the middle of logging; then on to the occasion."""
    promise = get_object_or_404(Promise.objects.visible_to(request.user), pk=promise_pk)
    activity = Activity(
        promise=promise, responsible=request.user.party, in_force_from=timezone.localdate()
    )
    form = QuickActivityForm(request.POST or None, instance=activity)
    if request.method == "POST" and form.is_valid():
        activity = form.save()
        messages.success(
            request, f"Aktiviteten ”{activity}” finns nu under löfte {promise.number}."
        )
        return redirect("log_occasion", activity.pk)
    return render(request, "followup/log/new_activity.html", {"form": form, "promise": promise})


@shows(Action.READ)
def occasions(request: HttpRequest) -> HttpResponse:
    """The log as narrowed by the address and in its order, newest first unless another is asked for."""
    visible = Occasion.objects.visible_to(request.user)
    narrowed = OccasionFilter(request.GET, queryset=visible, member=request.user)
    count = narrowed.qs.order_by()[: COUNTED_UP_TO + 1].count()
    return render(
        request,
        "followup/log/occasions.html",
        {
            "filter": narrowed,
            "page": log_page(marked_when_late(narrowed.qs), narrowed.order, request.GET, PAGE_SIZE),
            "count": min(count, COUNTED_UP_TO),
            "is_more": count > COUNTED_UP_TO,
            "is_narrowed": bool(narrowed.chosen),
            # Those that few use stand apart, and are shown when one of them is chosen.
            "is_more_chosen": bool((narrowed.chosen | {*narrowed.form.errors}) - OFTEN_ASKED),
            "latest": LATEST if narrowed.order in BY_NAME and count > LATEST else None,
        },
    )


@shows(Action.READ)
def occasion(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = get_object_or_404(
        Occasion.objects.visible_to(request.user).with_everything().select_related("withdrawn_by"),
        pk=pk,
    )
    readings = occasion.readings.select_related("metric").order_by("metric__number")
    may_read_internal = may(request.user, Action.READ_INTERNAL, timezone.localdate())
    hidden = frozenset() if may_read_internal else frozenset({"internal_note"})
    return render(
        request,
        "followup/log/occasion.html",
        {
            "occasion": occasion,
            "readings": readings.standing(),
            "missed": Review.objects.missed_by(occasion),
            "may_move": Review.objects.holding(occasion) is None,
            "may_read_internal": may_read_internal,
            "changes": changes_of(occasion, *readings, hidden=hidden),
        },
    )


@writes(Action.LOG)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    occasion = _standing_occasion(request, pk)
    form = OccasionForm(
        request.POST or None,
        instance=occasion,
        activity=occasion.activity,
        member=request.user,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Ändringen är sparad.")
        _remark_on_date(request, occasion)
        return redirect(occasion)
    return render(
        request,
        "followup/log/occasion_form.html",
        {"form": form, "activity": occasion.activity, "occasion": occasion},
    )


@writes(Action.LOG)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another activity, in force on the day: `?datum=` when the day was wrong as well."""
    occasion = _standing_occasion(request, pk)
    if review := Review.objects.holding(occasion):
        messages.error(request, MOVED_TOO_LATE.format(review=days_in_words(*Span.of(review))))
        return redirect(occasion)
    form = MoveForm(
        request.POST or None,
        instance=occasion,
        member=request.user,
        today=timezone.localdate(),
        initial=day_asked_for(request),
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, form.moved_in_words)
        _remark_on_date(request, occasion)
        return redirect(occasion)
    context = {"form": form, "occasion": Occasion.objects.with_everything().get(pk=pk)}
    return render(request, "followup/log/occasion_move.html", context)


def _loggable_activity(request: HttpRequest, pk: int) -> Activity:
    return get_object_or_404(
        Activity.objects.visible_to(request.user)
        .loggable()
        .select_related("agreement", "promise__period", "undertaking", "place"),
        pk=pk,
    )


def _planned_to_log(request: HttpRequest, activity: Activity) -> PlannedOccasion | None:
    """The planned occasion of the activity that the address names, if it names one."""
    key = request.GET.get("planerat")
    if not key:
        return None
    if not key.isdecimal():
        raise Http404("Adressen pekar inte på något planerat tillfälle.")
    return get_object_or_404(activity.planned_occasions, pk=key)


def _standing_occasion(request: HttpRequest, pk: int) -> Occasion:
    return get_object_or_404(
        Occasion.objects.visible_to(request.user)
        .carried_out()
        .select_related(
            "activity__agreement", "activity__promise__period", "activity__undertaking"
        ),
        pk=pk,
    )


def _remark_on_date(request: HttpRequest, occasion: Occasion) -> None:
    for remark in remarks_on(occasion):
        messages.warning(request, remark)
