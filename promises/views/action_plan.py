"""The åtgärdsplan: the decision, and the measures that follow from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from promises.access import Action, may, shows, writes
from promises.action_plan import measures_of
from promises.clocks import clocks_on
from promises.forms.situation.action_plan import ActionPlanForm
from promises.history import changes_of
from promises.models import ActionPlan


@shows(Action.READ)
def action_plan(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    plan = get_object_or_404(
        ActionPlan.objects.visible_to(request.user).select_related("picture__agreement", "period"),
        pk=pk,
    )
    problems, others = measures_of(plan, today)
    agreement = plan.picture.agreement
    decided = ActionPlan.objects.filter(picture__agreement=agreement, decided_on__lte=today)
    clock = clocks_on(agreement, today).get("plan")
    return render(
        request,
        "promises/action_plan.html",
        {
            "plan": plan,
            "problems": problems,
            "others": others,
            "is_replaced": plan != decided.first(),
            "clock": clock,
            "days_late": (today - clock.due_on).days if clock else 0,
            "may_write": may(request.user, Action.SITUATION, today),
            "changes": changes_of(plan),
        },
    )


@writes(Action.SITUATION)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Change a plan, or write a new one."""
    plan = pk and get_object_or_404(ActionPlan.objects.visible_to(request.user), pk=pk)
    form = ActionPlanForm(
        request.POST or None, instance=plan, member=request.user, today=timezone.localdate()
    )
    if request.method == "POST" and (saved := form.save_or_explain()):
        messages.success(request, "Åtgärdsplanen är sparad.")
        return redirect(saved)
    return render(request, "promises/action_plan_form.html", {"form": form, "plan": plan})
