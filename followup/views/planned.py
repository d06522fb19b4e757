"""The plan's days: plan one or a row of them, move one, cancel one with its reason."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from followup.log.planned import is_carried_out, not_carried_out
from followup.swedish import days_in_words
from followup.views.month import day_asked_for
from promises.access import Action, writes
from promises.forms.planned import CancelPlannedForm, PlannedOccasionForm, RepeatedOccasionForm
from promises.models import Activity, Member, PlannedOccasion


@writes(Action.PLAN)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan an occasion of the activity, or a row of them at an even pace."""
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user)
        .loggable()
        .select_related("agreement", "promise__period", "undertaking", "responsible_member"),
        pk=pk,
    )
    form = RepeatedOccasionForm(
        request.POST or None,
        activity=activity,
        today=timezone.localdate(),
        initial=day_asked_for(request),
    )
    if request.method == "POST" and form.is_valid():
        planned = form.save_all()
        messages.success(request, _planned_in_words(planned))
        _remark_on_period(request, activity, planned)
        return redirect(f"{activity.get_absolute_url()}#planerat")
    return render(request, "followup/log/planned_form.html", {"form": form, "activity": activity})


@writes(Action.PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    planned = _open_planned(request.user, pk)
    form = PlannedOccasionForm(
        request.POST or None,
        instance=planned,
        activity=planned.activity,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Ändrat: planerat till {date_format(planned.date)}.")
        _remark_on_period(request, planned.activity, [planned])
        return redirect(f"{planned.activity.get_absolute_url()}#planerat")
    # The form has written what was typed on the object: the heading says what stands.
    standing = _open_planned(request.user, pk) if form.is_bound else planned
    context = {"form": form, "activity": planned.activity, "planned": standing}
    return render(request, "followup/log/planned_form.html", context)


@writes(Action.PLAN)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a planned occasion, with the reason; it stays in the plan as cancelled."""
    planned = _open_planned(request.user, pk)
    form = CancelPlannedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _cancel(planned, request.user, form.cleaned_data["reason"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"Inställt: {planned.activity}, {date_format(planned.date)}.")
            return redirect(f"{planned.activity.get_absolute_url()}#planerat")
    return render(request, "followup/log/planned_cancel.html", {"form": form, "planned": planned})


@transaction.atomic
def _cancel(planned: PlannedOccasion, by: Member, reason: str) -> None:
    """Cancel it, unless somebody has just logged it: of the two, one is first."""
    PlannedOccasion.objects.select_for_update().get(pk=planned.pk)
    if is_carried_out(planned):
        raise ValidationError(
            "Tillfället är loggat som genomfört. Dra tillbaka det i loggen först om det inte blev av."
        )
    planned.cancel(by=by, reason=reason)


def _open_planned(member: Member, pk: int) -> PlannedOccasion:
    """A planned occasion that still can be changed: neither cancelled nor carried out."""
    open_ones = not_carried_out(PlannedOccasion.objects.visible_to(member))
    return get_object_or_404(
        open_ones.select_related(
            "activity__agreement",
            "activity__promise__period",
            "activity__undertaking",
            "activity__responsible_member",
        ),
        pk=pk,
    )


def _planned_in_words(planned: list[PlannedOccasion]) -> str:
    first = date_format(planned[0].date)
    if len(planned) == 1:
        return f"Planerat: {planned[0].activity}, {first}."
    return (
        f"{len(planned)} tillfällen är planerade: {planned[0].activity}, "
        f"{first} – {date_format(planned[-1].date)}."
    )


def _remark_on_period(
    request: HttpRequest, activity: Activity, planned: list[PlannedOccasion]
) -> None:
    period = activity.promise and activity.promise.period
    outside = [one for one in planned if period and not period.covers(one.date)]
    if outside:
        messages.warning(
            request,
            f"{len(outside)} av {len(planned)} ligger utanför löftesperioden, som slutar "
            f"{date_format(period.ends_on)}. De räknas inte mot åtagandenivån."
            if len(planned) > 1
            else "Dagen ligger utanför löftesperioden "
            f"{days_in_words(period.starts_on, period.ends_on)}. Den räknas inte mot åtagandenivån.",
        )
