"""The calendar: a month of what is planned and done, and a day of it."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from followup.forms.lists import MonthFilter
from followup.models import Occasion
from followup.plan.month import FIRST, LAST, entries_of, month_of
from followup.time.red_days import red_days
from followup.time.spans import Span
from promises.access import Action, may, shows, with_agreement
from promises.models import Activity, Agreement


@shows(Action.READ)
@with_agreement
def month(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """A month with its weeks, whole or as narrowed to a party or a promise."""
    today = timezone.localdate()
    asked = request.GET.get("manad")
    first = _day(f"{asked}-01") if asked else today.replace(day=1)
    narrowed = MonthFilter(request.GET, queryset=Occasion.objects.none(), member=request.user)
    shown = month_of(agreement, first, today, party=narrowed.party, promise=narrowed.promise)
    return render(
        request,
        "followup/plan/month.html",
        {"month": shown, "filter": narrowed, "today": today, "this_month": today.replace(day=1)},
    )


@shows(Action.READ)
@with_agreement
def day(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Everything on a day, and for those who may: plan or log something on it."""
    today = timezone.localdate()
    day = _day(request.GET.get("dag") or today.isoformat())
    activities = Activity.objects.visible_to(request.user).loggable().in_force(day)
    return render(
        request,
        "followup/plan/day.html",
        {
            "day": day,
            "holiday": red_days(day.year).get(day, ""),
            "entries": entries_of(agreement, Span(day, day), today),
            "activities": activities.select_related("promise", "undertaking").order_by(
                "promise__number", "undertaking__number", "title", "id"
            ),
            "may_plan_on": day >= today and may(request.user, Action.PLAN, today),
            "may_log_on": day <= today and may(request.user, Action.LOG, today),
        },
    )


def day_asked_for(request: HttpRequest) -> dict[str, date]:
    """What a form begins with when it was opened from a day of the calendar."""
    asked = request.GET.get("datum")
    return {"date": _day(asked)} if asked else {}


def _day(iso: str) -> date:
    """The day an address names, within what the calendar shows. Raises Http404 for any other."""
    try:
        day = date.fromisoformat(iso)
    except ValueError as error:
        raise Http404("Adressen pekar inte på någon dag.") from error
    if not FIRST <= day <= LAST or iso != day.isoformat():
        raise Http404("Kalendern visar åren 2000–2099.")
    return day
