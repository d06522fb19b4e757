"""The municipal chief's five minutes: where every promise stands, and what it asks for today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.models import Review
from followup.numbers.agreement import agreement_progress
from followup.numbers.evidence import undertaking_evidence
from followup.overview.briefing import briefing
from followup.overview.lacks import agreement_lacks, promise_lacks, undertaking_lacks
from followup.time.named_spans import choose, spans_of
from promises.access import Action, may, require, with_agreement
from promises.models import Agreement


@require_safe
@require(Action.READ)
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


@require_safe
@require(Action.READ)
@with_agreement
def lacks(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """What lacks for the chosen time, promise by promise and undertaking by undertaking."""
    today = timezone.localdate()
    periods = list(agreement.periods.all())
    spans = spans_of(agreement, periods, today)
    chosen = choose(spans, request.GET.get("period"))
    progress = agreement_progress(agreement, chosen.span, today)
    evidence = undertaking_evidence(agreement, chosen.span, today)
    reviews = list(Review.objects.filter(agreement=agreement))
    return render(
        request,
        "followup/overview/lacks.html",
        {
            "spans": spans,
            "chosen": chosen,
            "agreement_lacks": list(agreement_lacks(agreement, periods, reviews, today)),
            "promise_lacks": list(promise_lacks(progress)),
            "undertaking_lacks": list(undertaking_lacks(evidence)),
        },
    )
