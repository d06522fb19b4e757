"""Röd tråd: on the screen, and as one printed sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from followup.paper.pdf import render_document
from followup.plan.red_thread import RedThread, picture_behind, red_thread
from followup.views.files import as_pdf
from promises.access import Action, may, no_agreement, shows, with_agreement, with_agreement_or_404
from promises.models import Agreement, PromisePeriod, SituationPicture, periods_in_line

MENDING = (Action.SITUATION, Action.PLAN)


@shows(Action.READ)
@with_agreement
def page(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The thread, promise by promise, with every hole marked and the way to where it is mended."""
    today = timezone.localdate()
    thread = _thread(request, agreement)
    if thread is None:
        return no_agreement(request)
    return render(
        request,
        "followup/plan/red_thread.html",
        {
            "thread": thread,
            "may_do": {action for action in MENDING if may(request.user, action, today)},
            "periods": periods_in_line(thread.agreement),
            "has_draft": SituationPicture.objects.in_line_with(thread.agreement).drafts().exists(),
        },
    )


@shows(Action.READ)
@with_agreement_or_404
def pdf(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    thread = _thread(request, agreement)
    if thread is None:
        raise Http404("Det finns ingen löftesperiod att skriva ut.")
    document = render_document("followup/plan/red_thread_print.html", {"thread": thread}, [])
    name = f"rod-trad-{thread.agreement.key}-{thread.period.starts_on}.pdf"
    return as_pdf(document, name)


def _thread(request: HttpRequest, agreement: Agreement) -> RedThread | None:
    """The thread of the period in the address, or else of the current one."""
    today = timezone.localdate()
    chosen = request.GET.get("period", "")
    periods = PromisePeriod.objects.in_line_with(agreement)
    period = periods.filter(pk=chosen).first() if chosen.isdecimal() else None
    period = period or periods.current(today)
    if period is None:
        return None
    return red_thread(agreement, period, picture_behind(agreement, period, today), today)
