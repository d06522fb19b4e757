"""The first-run guide: what an administrator does before the portal is of use to anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from followup.overview.first_steps import first_steps as steps_for
from promises.access import Action, shows


@shows(Action.ADMINISTER)
def first_steps(request: HttpRequest) -> HttpResponse:
    """The steps, and the one to take next."""
    steps = steps_for(request.user, timezone.localdate())
    remaining = [step for step in steps if not step.is_done]
    context = {
        "steps": steps,
        "next_step": next(iter(remaining), None),
        "taken": len(steps) - len(remaining),
    }
    return render(request, "followup/overview/first_steps.html", context)
