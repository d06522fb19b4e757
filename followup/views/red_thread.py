"""Röd tråd: on the screen, and as one printed sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.paper.pdf import render_document
from followup.plan.red_thread import RedThread, grouped, picture_behind, red_thread
from followup.views.files import as_pdf
from promises.access import Action, may, require
from promises.models import Agreement

MENDING = (Action.SITUATION, Action.PLAN)


@require_safe
@require(Action.READ)
def page(request: HttpRequest) -> HttpResponse:
    """The thread, promise by promise, with every hole and the way to where it is mended."""
    today = timezone.localdate()
    thread = _thread(request)
    if thread is None:
        return render(request, "promises/no_agreement.html")
    return render(
        request,
        "followup/plan/red_thread.html",
        {
            "thread": thread,
            "groups": list(grouped(thread.holes)),
            "may_do": {action for action in MENDING if may(request.user, action, today)},
            "periods": thread.agreement.periods.all(),
            "has_draft": thread.agreement.pictures.drafts().exists(),
        },
    )


@require_safe
@require(Action.READ)
def pdf(request: HttpRequest) -> HttpResponse:
    thread = _thread(request)
    if thread is None:
        raise Http404("Det finns ingen löftesperiod att skriva ut.")
    document = render_document("followup/plan/red_thread_print.html", {"thread": thread}, [])
    name = f"rod-trad-{thread.agreement.key}-{thread.period.starts_on}.pdf"
    return as_pdf(document, name)


def _thread(request: HttpRequest) -> RedThread | None:
    """The thread of the period in the address, or else of the current one."""
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return None
    chosen = request.GET.get("period", "")
    period = agreement.periods.filter(pk=chosen).first() if chosen.isdecimal() else None
    period = period or agreement.periods.current(today)
    if period is None:
        return None
    return red_thread(agreement, period, picture_behind(agreement, period, today), today)
