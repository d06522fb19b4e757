"""Planen: the medborgarlöfte with its promises, the undertakings, and what is done for each."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from followup.numbers.evidence import undertaking_evidence
from followup.time.named_spans import choose, spans_of
from promises.access import Action, may, no_agreement, shows
from promises.history import changes_of
from promises.models import Activity, Agreement, Promise, PromisePeriod, periods_in_line

ACTIVITIES = Prefetch("activities", Activity.objects.order_by("title", "id"))


@shows(Action.READ)
def promises(request: HttpRequest) -> HttpResponse:
    """The medborgarlöfte of the current period, and the undertakings of the agreement."""
    today = timezone.localdate()
    current = PromisePeriod.objects.visible_to(request.user).current(today)
    if current is None:
        return no_agreement(request)
    agreement = Agreement.objects.visible_to(request.user).current(today) or current.agreement
    spans = spans_of(agreement, periods_in_line(agreement), today)
    chosen = choose(spans, request.GET.get("period", "avtalet"))
    evidence = undertaking_evidence(agreement, chosen.span, today)
    undertakings = agreement.undertakings.prefetch_related(ACTIVITIES).in_bulk()
    of_agreement = {
        "agreement": agreement,
        "undertakings": [(one, undertakings[one.undertaking.pk]) for one in evidence],
        "lacking": sum(not one.is_evident for one in evidence),
        "spans": spans,
        "chosen": chosen,
    }
    return render(request, "followup/plan/promises.html", _period(request, current) | of_agreement)


@shows(Action.READ)
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """The medborgarlöfte of any period: the current one, an earlier or a coming."""
    visible = PromisePeriod.objects.visible_to(request.user)
    context = _period(request, get_object_or_404(visible, pk=pk))
    return render(request, "followup/plan/promises.html", context)


def _period(request: HttpRequest, period: PromisePeriod) -> dict[str, object]:
    """Every sentence of the medborgarlöfte, what became of each promise, and other periods."""
    today = timezone.localdate()
    promises = (
        Promise.objects.with_parties()
        .filter(period=period)
        .select_related("predecessor__period", "successor__period")
        .prefetch_related(ACTIVITIES)
    )
    signatories = period.signatories.select_related("party")
    others = list(
        PromisePeriod.objects.visible_to(request.user).exclude(pk=period.pk).order_by("-starts_on")
    )
    return {
        "period": period,
        "is_running": period.covers(today),
        "is_coming": today < period.starts_on,
        "next_period": next((one for one in others if one.predecessor_id == period.pk), None),
        "promises": promises,
        "signatories": signatories,
        "to_sign": period.awaits_signature_of(today),
        "other_periods": others,
        "may_plan": may(request.user, Action.PLAN, today),
        "may_administer": may(request.user, Action.ADMINISTER, today),
        "changes": changes_of(period, *promises, *signatories),
    }
