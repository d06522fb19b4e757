"""The municipal chief's five minutes: where every promise stands, and what it asks for today."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.attention import agreement_lacks, promise_lacks, undertaking_lacks
from followup.briefing import briefing
from followup.changes_since import choose_since, ways_to_look_back
from followup.models import Review
from followup.models.occasion import promises_to_report
from followup.progress import agreement_progress, undertaking_evidence
from followup.promise_rows import log_address, promise_rows
from followup.spans import choose, spans_of
from promises.access import Action, may, require
from promises.models import Agreement, Party


@require_safe
@require(Action.READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that matters today, on one screen and one printed sheet."""
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return render(request, "promises/no_agreement.html")
    prefetch_related_objects([agreement], "periods", "parties")
    spans = spans_of(agreement, agreement.periods.all(), today)
    chosen = choose(spans, request.GET.get("period"))
    party = _chosen_party(agreement, request.GET.get("part"))
    progress = agreement_progress(
        agreement,
        chosen.span,
        today,
        promises=promises_to_report(agreement, chosen.span).select_related("period"),
        party=party,
        with_effects=False,
    )
    ways = ways_to_look_back(request.user, today)
    since = choose_since(ways, request.GET.get("sedan"))
    reviews = list(Review.objects.filter(agreement=agreement))
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
            "party": party,
            "today": today,
            "progress": progress,
            "rows": promise_rows(progress),
            "log_address": log_address(progress),
            "ways": ways,
            "since": since,
            "may_plan": may(request.user, Action.PLAN, today),
            "briefing": briefing(request.user, agreement, today, since, reviews, progress),
        },
    )


@require_safe
@require(Action.READ)
def lacks(request: HttpRequest) -> HttpResponse:
    """What lacks for the chosen time, promise by promise and undertaking by undertaking."""
    today = timezone.localdate()
    agreement = Agreement.objects.visible_to(request.user).current(today)
    if agreement is None:
        return render(request, "promises/no_agreement.html")
    periods = list(agreement.periods.all())
    spans = spans_of(agreement, periods, today)
    chosen = choose(spans, request.GET.get("period"))
    progress = agreement_progress(agreement, chosen.span, today)
    evidence = undertaking_evidence(agreement, chosen.span, today)
    reviews = list(Review.objects.filter(agreement=agreement))
    return render(
        request,
        "followup/lacks.html",
        {
            "spans": spans,
            "chosen": chosen,
            "agreement_lacks": list(agreement_lacks(agreement, periods, reviews, today)),
            "promise_lacks": list(promise_lacks(progress)),
            "undertaking_lacks": list(undertaking_lacks(evidence)),
        },
    )


def _chosen_party(agreement: Agreement, key: str | None) -> Party | None:
    """The party with the key; None, which is all of them, when nobody asks for one of these."""
    return next((party for party in agreement.parties.all() if str(party.pk) == key), None)
