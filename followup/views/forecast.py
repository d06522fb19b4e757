"""The prognosis of an activity's target: set by hand over what the figures say, and taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.forecast import ForecastForm
from followup.numbers.forecasts import forecasts
from promises.access import Action, writes
from promises.models import Activity


@writes(Action.PLAN)
def set_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related(
            "promise__period", "agreement__successor", "undertaking__agreement"
        ),
        pk=pk,
    )
    forecast = forecasts([activity], timezone.localdate()).get(activity.pk)
    if forecast is None:
        raise Http404("Aktiviteten har ingen åtagandenivå som löper i dag.")
    form = ForecastForm(request.POST or None, forecast=forecast, member=request.user)
    if request.method == "POST" and (saved := form.save_or_explain()):
        messages.success(request, f"Prognosen {saved.get_value_display()} är satt.")
        return redirect(activity)
    return render(
        request,
        "followup/numbers/forecast_form.html",
        {"form": form, "activity": activity, "forecast": forecast},
    )
