"""The plan with what came of it: a list, and a page for each activity."""

from django.db.models import Count, F, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from followup.models import Occasion
from followup.progress import activity_progress
from followup.spans import whole_time_of
from promises.access import Action, require
from promises.models import Activity


@require_safe
@require(Action.READ)
def activities(request: HttpRequest) -> HttpResponse:
    """Every activity under its promise or undertaking, late ones marked."""
    today = timezone.localdate()
    standing = Q(occasions__withdrawn_at__isnull=True)
    plan = (
        Activity.objects.visible_to(request.user)
        .select_related("promise__period", "undertaking", "responsible", "place")
        .annotate(
            occasion_count=Count("occasions", filter=standing),
            last_on=Max("occasions__date", filter=standing),
        )
        .order_by(
            # PostgreSQL puts those without a promise first unless it is told.
            F("promise__period__starts_on").desc(nulls_last=True),
            "promise__number",
            "undertaking__number",
            "title",
            "id",
        )
    )
    return render(
        request,
        "followup/activities.html",
        {"plan": [(activity, activity.is_overdue(today)) for activity in plan]},
    )


@require_safe
@require(Action.READ)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related(
            "promise__period__agreement",
            "undertaking__agreement",
            "responsible",
            "responsible_member",
            "place",
        ),
        pk=pk,
    )
    today = timezone.localdate()
    span = whole_time_of(activity, today)
    return render(
        request,
        "followup/activity.html",
        {
            "activity": activity,
            "progress": activity_progress(activity, span, today),
            "span": span,
            "occasions": Occasion.objects.carried_out()
            .filter(activity=activity)
            .newest_first()
            .select_related("place", "party")[:20],
        },
    )
