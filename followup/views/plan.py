"""The plan: activities under promises and undertakings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from promises.access import Action, writes
from promises.forms.plan import ActivityForm
from promises.models import Activity


@writes(Action.PLAN)
def add(request: HttpRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name) for name in ("promise", "undertaking")}
    initial = chosen | {"responsible": request.user.party_id}
    today = timezone.localdate()
    form = ActivityForm(request.POST or None, member=request.user, today=today, initial=initial)
    if request.method == "POST" and (activity := form.save_or_explain()):
        messages.success(request, f"Aktiviteten ”{activity}” är planerad.")
        return redirect(activity)
    return render(request, "followup/plan/activity_form.html", {"form": form})


@writes(Action.PLAN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    form = ActivityForm(request.POST or None, instance=activity, member=request.user, today=today)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Aktiviteten ”{activity}” är sparad.")
        return redirect(activity)
    return render(request, "followup/plan/activity_form.html", {"form": form, "activity": activity})
