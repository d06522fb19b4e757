"""The plan with what came of it: a list, and a page for each activity."""

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from followup.forms.lists import ActivityFilter
from followup.log.address import log_address, log_by_place
from followup.log.planned import coming, with_state
from followup.models import Occasion
from followup.models.occasion import last_known_day
from followup.numbers.agreement import activity_progress
from followup.time.named_spans import whole_time_of
from promises.access import Action, may, shows
from promises.history import changes_of
from promises.models import Activity, PlannedOccasion


@shows(Action.READ)
def activities(request: HttpRequest) -> HttpResponse:
    """The plan as narrowed by the address, under promises and undertakings or in another order."""
    today = timezone.localdate()
    standing = Q(occasions__withdrawn_at__isnull=True)
    planned = coming(PlannedOccasion.objects.filter(activity=OuterRef("pk")), today)
    plan = (
        Activity.objects.visible_to(request.user)
        .select_related("promise__period", "undertaking", "responsible", "place")
        .annotate(
            occasion_count=Count("occasions", filter=standing),
            last_on=last_known_day("occasions__", among=standing),
            next_on=Subquery(planned.order_by("date").values("date")[:1]),
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
    narrowed = ActivityFilter(request.GET, queryset=plan, member=request.user, today=today)
    return render(
        request,
        "followup/plan/activities.html",
        {
            "filter": narrowed,
            "plan": [(activity, activity.is_overdue(today)) for activity in narrowed.qs],
            "is_grouped": not narrowed.order,
            "is_open": bool(narrowed.form.errors),
        },
    )


@shows(Action.READ)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related(
            "agreement__successor",
            "promise__period",
            "undertaking__agreement",
            "responsible",
            "responsible_member",
            "place",
        ),
        pk=pk,
    )
    today = timezone.localdate()
    span = whole_time_of(activity, today)
    progress = activity_progress(activity, span, today)
    wishes = []
    if activity.takes_wishes:
        wishes = list(activity.wishes.select_related("met_by").newest_first())
    planned = with_state(activity.planned_occasions.order_by("date", "id"), today)
    return render(
        request,
        "followup/plan/activity.html",
        {
            "activity": activity,
            "progress": progress,
            "span": span,
            "log_address": log_address(span, aktivitet=activity.pk),
            "log_by_place": log_by_place(span, aktivitet=activity.pk),
            "today": today,
            "wishes": [wish for wish in wishes if not wish.is_withdrawn],
            "may_plan": may(request.user, Action.PLAN, today),
            "open_days": [day for day in planned if day.is_open],
            "closed_days": [day for day in reversed(planned) if not day.is_open],
            "changes": changes_of(
                activity,
                *activity.metrics.all(),
                *activity.forecasts.all(),
                *wishes,
                *(day.planned for day in planned),
            ),
            "occasions": Occasion.objects.carried_out()
            .filter(activity=activity)
            .newest_first()
            .as_rows()[:20],
        },
    )
