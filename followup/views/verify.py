"""Verifiera: anybody may ask whether a document is the one the parties adopted."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followup.archive.verification import recognised
from followup.forms.review_life import VerifyForm


@require_safe
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """What a SHA-256 belongs to. The file itself is read in the browser and stays there."""
    form = VerifyForm(request.GET or None)
    is_asked = form.is_bound and form.is_valid()
    return render(
        request,
        "followup/archive/verify.html",
        {
            "form": form,
            "is_asked": is_asked,
            "sha256": form.cleaned_data["kontrollsumma"] if is_asked else "",
            "document": recognised(form.cleaned_data["kontrollsumma"]) if is_asked else None,
        },
    )
