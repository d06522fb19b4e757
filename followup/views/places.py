"""Byklockan: how long ago each place was visited, and how often it is to be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followup.numbers.visits import place_clocks
from promises.access import Action, may, require, with_agreement
from promises.forms.places import PlaceForm
from promises.history import changes_of
from promises.models import Agreement, Place


@require_safe
@require(Action.READ)
@with_agreement
def clock(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Every place with its days since the last visible visit, the worst first."""
    today = timezone.localdate()
    return render(
        request,
        "followup/plan/place_clock.html",
        {
            "clocks": place_clocks(agreement, today),
            "today": today,
            "may_plan": may(request.user, Action.PLAN, today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    name = place.name  # as it stands, whatever is typed
    form = PlaceForm(request.POST or None, instance=place)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Platsen {place} är sparad.")
        return redirect("place_clock")
    context = {"form": form, "name": name, "changes": changes_of(place)}
    return render(request, "followup/plan/place_form.html", context)
