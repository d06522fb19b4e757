"""The municipal chief's five minutes: where every promise stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.attention import agreement_lacks, promise_lacks, undertaking_lacks
from followup.models import Occasion, Review
from followup.progress import agreement_progress, undertaking_evidence
from followup.spans import choose, spans_of
from promises.access import Action, require
from promises.models import Agreement


@require_safe
@require(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return render(request, "promises/no_agreement.html")
    periods = list(agreement.periods.all())
    reviews = list(Review.objects.filter(agreement=agreement))
    spans = spans_of(agreement, periods, today)
    chosen = choose(spans, request.GET.get("period"))
    progress = agreement_progress(agreement, chosen.span, today)
    return render(
        request,
        "followup/overview.html",
        {
            "agreement": agreement,
            "status": agreement.status(today),
            "next_review_due": agreement.next_review_due(today),
            "days_to_review": (agreement.next_review_due(today) - today).days,
            "spans": spans,
            "chosen": chosen,
            "today": today,
            "progress": progress,
            "latest": Occasion.objects.visible_to(request.user)
            .carried_out()
            .newest_first()
            .select_related("activity__promise", "activity__undertaking", "place")[:5],
            "agreement_lacks": list(agreement_lacks(agreement, periods, reviews, today)),
            "promise_lacks": list(promise_lacks(progress)),
            "undertaking_lacks": list(
                undertaking_lacks(undertaking_evidence(agreement, chosen.span, today))
            ),
        },
    )
