"""The citizens' page: what was promised, what was done. No login, no internal matter."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from followup.public_promises import public_promises
from promises.models import Agreement, PromisePeriod


@require_safe
@login_not_required
@cache_control(no_cache=True)
@conditional_page
def public(request: HttpRequest) -> HttpResponse:
    """Promises and published occasions for anyone; a member is sent to the overview.

    A browser that has the page asks whether it still stands, every time: what has been withdrawn
    is never shown again out of a cache.
    """
    if request.user.is_authenticated:
        return redirect("overview")
    today = timezone.localdate()
    agreement = Agreement.objects.current(today)
    period = agreement and PromisePeriod.objects.in_line_with(agreement).current(today)
    if period is None:
        return render(request, "public/nothing_yet.html")
    promises = public_promises(period)
    return render(
        request,
        "public/public.html",
        {
            "agreement": agreement,
            "goals": agreement.goals.all(),
            "period": period,
            "is_running": period.covers(today),
            "promises": promises,
            "has_examples": any(promise.has_examples for promise in promises),
        },
    )
