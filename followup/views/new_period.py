"""A new löftesperiod: the promises of the last one continued, changed or ended, in one step."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.new_period import NewPeriodForm
from followup.models import Assessment, Occasion
from followup.swedish import counted
from promises.access import Action, no_agreement, writes
from promises.models import Activity, Agreement, Promise, PromisePeriod


@writes(Action.PLAN)
def new_period(request: HttpRequest) -> HttpResponse:
    """Carry the promises of a period over. `?efter=` names it; else it is the last one there is."""
    earlier = _earlier(request)
    if earlier is None:
        return no_agreement(request)
    if successor := getattr(earlier, "successor", None):
        messages.info(request, f"Efter ”{earlier}” kommer den här löftesperioden.")
        return redirect(successor)
    today = timezone.localdate()
    promises = list(earlier.promises.prefetch_related("responsible"))
    proposals = _proposals(earlier)
    form = NewPeriodForm(
        request.POST or None,
        earlier=earlier,
        promises=promises,
        proposals={key: assessment.proposal for key, assessment in proposals.items()},
        member=request.user,
        today=today,
    )
    if request.method == "POST" and (period := form.save_or_explain()):
        messages.success(
            request, f"{period} är planerad med {_promises(period)}. Den ska undertecknas på nytt."
        )
        return redirect(period)
    counts = _occasion_counts(earlier)
    return render(
        request,
        "followup/plan/new_period.html",
        {
            "earlier": earlier,
            "joint": form,
            "rows": [
                (choice, counts.get(choice.promise.pk, 0), proposals.get(choice.promise.pk))
                for choice in form.choices
            ],
            "activities": _to_carry(earlier).count(),
        },
    )


def _earlier(request: HttpRequest) -> PromisePeriod | None:
    """The period to go on from."""
    visible = PromisePeriod.objects.visible_to(request.user).select_related(
        "agreement__successor", "successor"
    )
    if asked := request.GET.get("efter"):
        return get_object_or_404(visible, pk=asked if asked.isdigit() else 0)
    agreement = Agreement.objects.visible_to(request.user).current(timezone.localdate())
    of_agreement = visible.filter(agreement=agreement)
    return (of_agreement if of_agreement.exists() else visible).order_by("starts_on").last()


def _proposals(period: PromisePeriod) -> dict[int, Assessment]:
    """The latest review's assessment with a proposal, promise by promise."""
    assessments = (
        Assessment.objects.filter(promise__period=period)
        .exclude(proposal="")
        .select_related("review")
        .order_by("review__ends_on", "review__edition")
    )
    return {assessment.promise_id: assessment for assessment in assessments}


def _occasion_counts(period: PromisePeriod) -> dict[int, int]:
    """How many times something has been done, promise by promise."""
    return dict(
        Occasion.objects.carried_out()
        .filter(activity__promise__period=period)
        .order_by()
        .values_list("activity__promise")
        .annotate(Count("pk"))
    )


def _to_carry(period: PromisePeriod) -> QuerySet[Activity]:
    return Activity.objects.loggable().filter(promise__period=period)


def _promises(period: PromisePeriod) -> str:
    return counted(Promise.objects.filter(period=period).count(), "löfte", "löften")
