"""The member's own account; django-allauth serves the pages below /konto/."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and the way to password and second factor. Any member may see their own."""
    return render(request, "promises/account.html")
