"""A place of byklockan: what it is called, and how often it is to be visited."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from promises.access import Action, writes
from promises.forms.places import PlaceForm
from promises.history import changes_of
from promises.models import Place


@writes(Action.PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    name = place.name  # as it stands, whatever is typed
    form = PlaceForm(request.POST or None, instance=place, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Platsen {place} är sparad.")
        return redirect(f"{reverse('overview')}#byklockan")
    context = {"form": form, "name": name, "changes": changes_of(place)}
    return render(request, "followup/plan/place_form.html", context)
