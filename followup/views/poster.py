"""The poster for the notice board: seen before it is printed, and as a file for anyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.public.poster import Poster, poster_of, render_poster
from followup.public.promises import public_period
from followup.views.files import as_pdf
from promises.access import Action, no_agreement, shows


@shows(Action.READ)
def poster(request: HttpRequest) -> HttpResponse:
    """The poster as it will be printed. What is on it is public already."""
    shown = _poster(request)
    if shown is None:
        return no_agreement(request)
    return render(request, "followup/public/poster.html", {"poster": shown})


@require_safe
@login_not_required
def pdf(request: HttpRequest) -> HttpResponse:
    """The poster for anyone to print and put up."""
    shown = _poster(request)
    if shown is None:
        raise Http404("Det finns inga löften att skriva ut.")
    return as_pdf(render_poster(shown), f"vi-lovade-vi-gjorde-{shown.on}.pdf")


def _poster(request: HttpRequest) -> Poster | None:
    """The poster of what stands on the citizens' page; None before there is anything on it."""
    today = timezone.localdate()
    period = public_period(today)
    if period is None:
        return None
    address = request.build_absolute_uri(reverse("public"))
    return poster_of(period.agreement, period, today, address)
