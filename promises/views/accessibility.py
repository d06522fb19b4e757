"""Tillgänglighet: the statement, and what people say about it."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from promises.accessibility import ASSESSED_ON, UPDATED_ON, own_page, tell_administrators
from promises.forms.accessibility import TOO_MANY, AccessibilityFeedbackForm


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
