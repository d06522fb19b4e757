"""Tillgänglighet: the statement, what people say about it, and what becomes of that."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from promises.access import Action, require
from promises.accessibility import ASSESSED_ON, UPDATED_ON, own_page, tell_administrators
from promises.forms.accessibility import TOO_MANY, AccessibilityFeedbackForm
from promises.models import AccessibilityFeedback

HANDLED_SHOWN = 50


@require_safe
@login_not_required
def statement(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (DOS-lagen 13 §), after Digg's model."""
    came_from = own_page(request.headers.get("Referer", ""), request.get_host())
    dates = {"assessed_on": ASSESSED_ON, "updated_on": UPDATED_ON}
    return render(request, "promises/accessibility.html", {**dates, "came_from": came_from})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def feedback(request: HttpRequest) -> HttpResponse:
    """Say what does not work. Stored first, so that no fault of the post loses it."""
    asked_about = own_page(request.GET.get("sida", ""), request.get_host())
    form = AccessibilityFeedbackForm(request.POST or None, initial={"page": asked_about})
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="accessibility_feedback"):
            form.add_error(None, TOO_MANY)
        else:
            if not form.is_from_a_machine:
                tell_administrators(form.save())
            messages.success(request, _thanks(form.cleaned_data["email"]))
            return redirect("accessibility")
    return render(request, "promises/accessibility_feedback.html", {"form": form})


def _thanks(email: str) -> str:
    answer = f" Svaret skickas till {email}." if email else ""
    return (
        "Tack! Din synpunkt är sparad och har gått till portalens administratörer. De läser den "
        f"och rättar det de kan.{answer}"
    )


@require_safe
@require(Action.ADMINISTER)
def feedback_list(request: HttpRequest) -> HttpResponse:
    """What people have said: the open first, then the latest that were handled."""
    handled = AccessibilityFeedback.objects.handled().select_related("handled_by")
    return render(
        request,
        "promises/accessibility_feedback_list.html",
        {
            "waiting": list(AccessibilityFeedback.objects.open().order_by("created_at", "id")),
            "handled": list(handled.order_by("-handled_at", "-id")[:HANDLED_SHOWN]),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.ADMINISTER)
def handle_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as handled, which also erases the address of the one who wrote."""
    feedback = get_object_or_404(AccessibilityFeedback, pk=pk)
    if request.method == "POST":
        if feedback.handle(by=request.user):
            messages.success(request, "Synpunkten är markerad som hanterad.")
        else:
            messages.warning(request, "Synpunkten var redan hanterad.")
        return redirect("accessibility_feedback_list")
    return render(request, "promises/accessibility_feedback_handle.html", {"feedback": feedback})
