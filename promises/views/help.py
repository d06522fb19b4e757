"""The handbook: how each task is done, in plain Swedish."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from promises.access import Action, may, shows
from promises.handbook import CHAPTERS, CONTENTS, needed_most, neighbours
from promises.models import Member


@shows(Action.READ)
def handbook(request: HttpRequest) -> HttpResponse:
    """The table of contents, with what the member's role needs most first."""
    role = Member.Role(request.user.role)
    return render(
        request,
        "help/handbook.html",
        {"role": role, "needed_most": needed_most(role), "contents": CONTENTS.items()},
    )


@shows(Action.READ)
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One task, step by step."""
    if slug not in CHAPTERS:
        raise Http404
    before, after = neighbours(CHAPTERS[slug])
    return render(
        request,
        CHAPTERS[slug].template,
        {
            "chapter": CHAPTERS[slug],
            "before": before,
            "after": after,
            "may_administer": may(request.user, Action.ADMINISTER, timezone.localdate()),
        },
    )
