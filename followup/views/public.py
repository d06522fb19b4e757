"""The citizens' page: what was promised, what was done. No login, no internal matter."""

from functools import lru_cache

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Template
from django.template.loader import get_template
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from followup.public.promises import PublicPage, public_page


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
    page = public_page(timezone.localdate())
    if page is None:
        return render(request, "followup/public/nothing_yet.html")
    template = get_template("followup/public/public.html")
    if len(messages.get_messages(request)):  # somebody's own, such as that they have signed out
        return HttpResponse(template.render(_context(page), request))
    return HttpResponse(_as_written(page, template.template))


@lru_cache(maxsize=1)
def _as_written(page: PublicPage, template: Template) -> str:
    """The page for anyone, written once for as long as it says the same.

    It is read from the database each time, and what is kept is found by all that it says: a
    page that says anything else is another. So is one of an edited template.
    """
    return get_template("followup/public/public.html").render(_context(page))


def _context(page: PublicPage) -> dict[str, object]:
    return {"page": page, "has_examples": page.has_examples}
