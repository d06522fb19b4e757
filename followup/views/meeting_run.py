"""The running meeting: one person drives it on a projector, one point at a time.

Every button saves what is written before it leads on, also to the points at the side, so that
nothing is lost by going somewhere. It takes no script.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from followup.forms.meetings.closing import CloseForm
from followup.forms.meetings.running import AttendanceForm, RunItemForm
from followup.meetings.minutes import gaps_in, minutes_of
from followup.models import AgendaItem, Meeting
from followup.views.meeting import find_open
from promises.access import Action, writes

ATTENDANCE, CLOSE = "narvaro", "avsluta"


@writes(Action.MEET)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """First: who is there."""
    meeting = find_open(request, pk)
    form = AttendanceForm(request.POST or None, instance=meeting)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Närvaron är sparad.")
        return _lead_on(request, meeting)
    context = {"form": form, "meeting": meeting, "steps": _steps(meeting), "current": ATTENDANCE}
    return render(request, "followup/meetings/meeting_run.html", context)


@writes(Action.MEET)
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Then point by point: what was said, what was decided, who does what."""
    meeting = find_open(request, pk)
    items = list(meeting.items.standing())
    item = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item_pk)
    item.meeting = meeting
    form = RunItemForm(request.POST or None, instance=item, member=request.user)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Sparat: {item.title}.")
        return _lead_on(request, meeting, item)
    place = items.index(item) if item in items else 0
    return render(
        request,
        "followup/meetings/meeting_run_item.html",
        {
            "form": form,
            "meeting": meeting,
            "item": item,
            "number": place + 1,
            "steps": _steps(meeting),
            "current": str(item.pk),
            "previous": items[place - 1].pk if place else ATTENDANCE,
            "next": items[place + 1] if place + 1 < len(items) else None,
            "decisions": item.decisions.filter(withdrawn_at=None),
            "tasks": item.tasks.select_related("owner"),
        },
    )


@writes(Action.MEET)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Last: what was decided, and the end of the meeting."""
    meeting = find_open(request, pk)
    was_held = meeting.status == Meeting.Status.HELD
    initial = {} if was_held else {"ends_at": f"{timezone.localtime():%H:%M}"}
    form = CloseForm(
        request.POST or None, instance=meeting, today=timezone.localdate(), initial=initial
    )
    if request.method == "POST" and form.save_or_explain():
        signs = f" {meeting.chair.name} justerar protokollet." if meeting.chair else ""
        messages.success(request, f"Mötet är avslutat.{signs}")
        return redirect(meeting)
    minutes = minutes_of(meeting)
    return render(
        request,
        "followup/meetings/meeting_close.html",
        {
            "form": form,
            "meeting": meeting,
            "minutes": minutes,
            "gaps": gaps_in(minutes),
            "steps": _steps(meeting),
            "current": CLOSE,
        },
    )


def _steps(meeting: Meeting) -> list[tuple[str, str]]:
    """The way through the meeting: what each button sends, and what it says."""
    items = enumerate(meeting.items.standing(), start=1)
    points = [(str(item.pk), f"{number}. {item.title}") for number, item in items]
    return [(ATTENDANCE, "Närvaro"), *points, (CLOSE, "Avsluta mötet")]


def _lead_on(
    request: HttpRequest, meeting: Meeting, stay_at: AgendaItem | None = None
) -> HttpResponse:
    """To where the button leads, now that what was written has been saved."""
    asked = request.POST.get("vidare", "")
    addresses = {
        str(item.pk): reverse("meeting_run_item", args=[meeting.pk, item.pk])
        for item in meeting.items.standing()
    }
    addresses[ATTENDANCE] = reverse("meeting_run", args=[meeting.pk])
    addresses[CLOSE] = reverse("meeting_close", args=[meeting.pk])
    here = str(stay_at.pk) if stay_at else ATTENDANCE
    return redirect(addresses.get(asked) or addresses.get(here, addresses[ATTENDANCE]))
