"""The municipal chief's five minutes: where every promise stands, and what it asks for today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from followup.overview.briefing import briefing
from followup.overview.lacks import all_that_lacks
from followup.time.named_spans import choose, spans_of
from promises.access import Action, may, shows, with_agreement
from promises.models import Agreement, periods_in_line


@shows(Action.READ)
@with_agreement
def overview(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Everything that matters today, on one screen and one printed sheet."""
    today = timezone.localdate()
    told = briefing(
        request.user,
        agreement,
        today,
        span=request.GET.get("period"),
        party=request.GET.get("part"),
        since=request.GET.get("sedan"),
    )
    return render(
        request,
        "followup/overview/overview.html",
        {
            "agreement": agreement,
            "today": today,
            "briefing": told,
            "figures": told.figures,
            "may_plan": may(request.user, Action.PLAN, today),
        },
    )


@shows(Action.READ)
@with_agreement
def lacks(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Det som saknas: all that lacks for the chosen time, and where it is mended."""
    today = timezone.localdate()
    spans = spans_of(agreement, periods_in_line(agreement), today)
    chosen = choose(spans, request.GET.get("period"))
    sections = all_that_lacks(agreement, chosen.span, today)
    return render(
        request,
        "followup/overview/lacks.html",
        {
            "spans": spans,
            "chosen": chosen,
            "sections": sections,
            "count": sum(len(lacks) for section in sections for _, lacks in section.kinds),
            "may_do": {action for action in Action if may(request.user, action, today)},
        },
    )
