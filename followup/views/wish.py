"""Wishes: what has been asked for of an activity that is done on request, and how it was answered."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.wishes import WishForm
from followup.models import Wish
from promises.access import Action, writes
from promises.models import Activity


@writes(Action.LOG)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=pk)
    if not activity.takes_wishes:
        raise Http404("Aktiviteten görs inte på önskemål.")
    wish = Wish(activity=activity, noted_by=request.user)
    form = WishForm(request.POST or None, instance=wish, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Önskemålet från {wish.asked_by} är noterat.")
        return redirect(wish)
    return _form(request, form)


@writes(Action.LOG)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked for, and the answer to it."""
    standing = Wish.objects.visible_to(request.user).standing()
    wish = get_object_or_404(standing.select_related("activity", "met_by"), pk=pk)
    form = WishForm(request.POST or None, instance=wish, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Önskemålet är sparat: {wish.state.label.lower()}.")
        return redirect(wish)
    return _form(request, form)


def _form(request: HttpRequest, form: WishForm) -> HttpResponse:
    wish = form.instance
    context = {"form": form, "activity": wish.activity, "wish": wish if wish.pk else None}
    return render(request, "followup/plan/wish_form.html", context)
