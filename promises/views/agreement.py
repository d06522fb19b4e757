"""The signed documents, read on the screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from promises.access import Action, require
from promises.models import Agreement, Promise, PromisePeriod


@require_safe
@require(Action.READ)
def agreement(request: HttpRequest) -> HttpResponse:
    """The samverkansöverenskommelse, every sentence of it, and where it stands today."""
    today = timezone.localdate()
    current = Agreement.objects.visible_to(request.user).current(today)
    if current is None:
        return render(request, "promises/no_agreement.html")
    return render(
        request,
        "promises/agreement.html",
        {
            "agreement": current,
            "status": current.status(today),
            "next_review_due": current.next_review_due(today),
            "goals": current.goals.all(),
            "undertakings": current.undertakings.select_related("responsible"),
            "signatories": current.signatories.select_related("party"),
            "parties": current.parties.all(),
        },
    )


@require_safe
@require(Action.READ)
def promises(request: HttpRequest) -> HttpResponse:
    """The medborgarlöfte of the current period, every sentence of it, and earlier periods."""
    today = timezone.localdate()
    periods = PromisePeriod.objects.filter(agreement__in=Agreement.objects.visible_to(request.user))
    period = periods.current(today)
    if period is None:
        return render(request, "promises/no_agreement.html")
    return render(
        request,
        "promises/promises.html",
        {
            "period": period,
            "is_running": period.covers(today),
            "promises": Promise.objects.with_parties().filter(period=period),
            "signatories": period.signatories.select_related("party"),
            "other_periods": periods.exclude(pk=period.pk),
        },
    )
