"""One promise: what was promised, what was done about it, what it led to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from followup.log.address import log_address, log_by_place
from followup.models import Occasion
from followup.numbers.agreement import agreement_progress
from followup.plan.red_thread import picture_behind
from followup.time.named_spans import choose, spans_of
from promises.access import Action, may, shows
from promises.history import changes_of
from promises.models import Promise


@shows(Action.READ)
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    promise = get_object_or_404(
        Promise.objects.visible_to(request.user)
        .select_related("period__agreement", "predecessor__period", "successor__period")
        .prefetch_related("responsible"),
        pk=pk,
    )
    today = timezone.localdate()
    period = promise.period
    spans = spans_of(period.agreement, [period], today)
    chosen = choose(spans, request.GET.get("period", f"period-{period.pk}"))
    progress = agreement_progress(period.agreement, chosen.span, today, promises=[promise])
    return render(
        request,
        "followup/plan/promise.html",
        {
            "promise": promise,
            "spans": spans,
            "chosen": chosen,
            "today": today,
            "problems": promise.problems.standing().filter(
                picture=picture_behind(period.agreement, period, today)
            ),
            "goals": promise.goals.order_by("number"),
            "may_link": may(request.user, Action.SITUATION, today),
            "progress": progress.of(promise),
            "log_address": log_address(chosen.span, lofte=promise.pk),
            "log_by_place": log_by_place(chosen.span, lofte=promise.pk),
            "changes": changes_of(promise, *promise.metrics.all()),
            "latest": Occasion.objects.of_promise(promise)
            .carried_out(within=chosen.span)
            .newest_first()
            .as_rows()[:10],
        },
    )
