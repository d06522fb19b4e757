"""Calendar feeds: what a calendar program reads, and the page where a member hands out keys to it."""

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from followup.forms.calendar_feed import CalendarFeedForm
from followup.models import CalendarFeed
from followup.plan.feed import calendar_of, feed_address
from promises.accounts import may_sign_in


@login_not_required
@require_safe
@cache_control(private=True, no_cache=True)
@conditional_page
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself, for a program that can't sign in: the key in the address stands for that."""
    feed = CalendarFeed.objects.with_token(token)
    if feed is None or not may_sign_in(feed.member):
        return _refuse(request)
    return HttpResponse(
        calendar_of(feed.member, timezone.localdate()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="dorotea-samverkan.ics"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def feeds(request: HttpRequest) -> HttpResponse:
    """The member's own feeds. A new one's address is in the answer to its form and never again."""
    form = CalendarFeedForm(request.POST or None, member=request.user)
    if request.method == "POST" and form.is_valid():
        feed, token = form.save()
        messages.success(request, f"Prenumerationen ”{feed}” är skapad.")
        context = {"feed": feed, "address": feed_address(token)}
        return render(request, "followup/plan/calendar_feed_made.html", context)
    standing = request.user.calendar_feeds.standing()
    return render(request, "followup/plan/calendar_feeds.html", {"form": form, "feeds": standing})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(request.user.calendar_feeds.standing(), pk=pk)
    if request.method == "POST":
        feed.revoke()
        messages.success(request, f"Prenumerationen ”{feed}” är återkallad.")
        return redirect("calendar_feeds")
    return render(request, "followup/plan/calendar_feed_revoke.html", {"feed": feed})


def _refuse(request: HttpRequest) -> HttpResponse:
    """404; after many wrong keys 429, for a while, to that address on the net.

    allauth's public twin of `consume` counts no GET.
    """
    if not ratelimit.consume(
        request, app="allauth.account", action="calendar_feed", limit_get=True
    ):
        return ratelimit.respond_429(request)
    raise Http404("Ingen kalender har den adressen.")
