"""The meetings: list them, plan one, call to it, call it off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from followup.forms.lists import MeetingFilter
from followup.forms.meetings.closing import DecisionForm
from followup.forms.meetings.past import PastMeetingForm
from followup.forms.meetings.planning import AgendaItemForm, CallForm, CancelForm, MeetingForm
from followup.meetings.call import call_to, send
from followup.meetings.minutes import minutes_of
from followup.models import AgendaItem, Attendance, Meeting
from followup.models.locks import Refusal
from followup.models.meeting.meeting import MeetingQuerySet
from followup.numbers.meetings import meeting_rhythm
from followup.swedish import counted
from followup.time.spans import Span
from promises.access import Action, may, shows, with_agreement, writes
from promises.history import changes_of
from promises.models import Agreement, Appointment, Member, Undertaking

PAGE_SIZE = 20
KINDS = {"grupp": Meeting.Kind.GROUP, "rad": Meeting.Kind.COUNCIL}


@shows(Action.READ)
@with_agreement
def meetings(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The meetings of the group, or of the council: never the two together."""
    today = timezone.localdate()
    key = request.GET.get("slag") if request.GET.get("slag") in KINDS else "grupp"
    kind = KINDS[key]
    own = Meeting.objects.filter(agreement=agreement, kind=kind)
    narrowed = MeetingFilter(request.GET, queryset=own, member=request.user)
    span = Span(agreement.valid_from, today.replace(month=12, day=31))
    return render(
        request,
        "followup/meetings/meetings.html",
        {
            "agreement": agreement,
            "kind": kind,
            "key": key,
            "has_council": Appointment.objects.of_council(agreement).exists(),
            "rhythm": meeting_rhythm(agreement, kind, span, today),
            "undertaking": agreement.undertakings.filter(
                evidence=Undertaking.Evidence.MEETINGS
            ).first(),
            "filter": narrowed,
            "coming": narrowed.qs.filter(status__in=["planned", "called"]).order_by("date", "id"),
            "page": _page(request, narrowed.qs.filter(status__in=["held", "cancelled"])),
            "today": today,
            "may_meet": may(request.user, Action.MEET, today),
            "may_administer": may(request.user, Action.ADMINISTER, today),
        },
    )


@writes(Action.MEET)
@with_agreement
def add(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Plan a meeting; its agenda is drafted at once."""
    today = timezone.localdate()
    meeting = Meeting(agreement=agreement, created_by=request.user)
    initial = {
        "kind": KINDS.get(request.GET.get("slag"), Meeting.Kind.GROUP),
        "chair": request.user.pk,
    }
    form = MeetingForm(
        request.POST or None, instance=meeting, agreement=agreement, today=today, initial=initial
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Mötet är upplagt. Dagordningen är ett utkast: ändra den fritt.")
        return redirect(meeting)
    return render(request, "followup/meetings/meeting_form.html", {"form": form})


@writes(Action.MEET)
@with_agreement
def add_past(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Note a meeting that has been held: the day, who was there if known, what was decided."""
    meeting = Meeting(agreement=agreement, created_by=request.user)
    initial = {"kind": KINDS.get(request.GET.get("slag"), Meeting.Kind.GROUP)}
    form = PastMeetingForm(
        request.POST or None,
        instance=meeting,
        agreement=agreement,
        today=timezone.localdate(),
        initial=initial,
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Mötet är noterat och räknas som genomfört.")
        return redirect(meeting)
    return render(request, "followup/meetings/meeting_past_form.html", {"form": form})


@shows(Action.READ)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, today = find(request, pk), timezone.localdate()
    items = list(meeting.items.all())
    decisions = list(meeting.decisions.select_related("item"))
    attendances = list(meeting.attendances.select_related("member"))
    may_meet = may(request.user, Action.MEET, today)
    return render(
        request,
        "followup/meetings/meeting.html",
        {
            "meeting": meeting,
            "minutes": minutes_of(meeting),
            "items": [item for item in items if not item.is_withdrawn],
            "struck": [item for item in items if item.is_withdrawn],
            "tasks": [
                (task, task.is_overdue(today)) for task in meeting.tasks.select_related("owner")
            ],
            "decisions": [decision for decision in decisions if not decision.withdrawn_at],
            "may_change": may_meet and meeting.is_open,
            "may_sign": request.user == meeting.chair,
            "today": today,
            "changes": changes_of(meeting, *items, *decisions, *attendances),
        },
    )


@writes(Action.MEET)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find_open(request, pk)
    form = MeetingForm(
        request.POST or None,
        instance=meeting,
        agreement=meeting.agreement,
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Ändringen är sparad.")
        if meeting.status == Meeting.Status.CALLED and form.changed_data:
            messages.warning(request, "Kallelsen har redan gått ut. Skicka den gärna igen.")
        return redirect(meeting)
    return render(
        request, "followup/meetings/meeting_form.html", {"form": form, "meeting": meeting}
    )


@writes(Action.MEET)
def add_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One more point, last on the agenda."""
    meeting = find_open(request, pk)
    last = meeting.items.aggregate(last=Max("number"))["last"] or 0
    form = AgendaItemForm(
        request.POST or None, instance=AgendaItem(meeting=meeting, number=last + 1)
    )
    if request.method == "POST" and (item := form.save_or_explain()):
        messages.success(request, f"”{item.title}” står sist på dagordningen.")
        return redirect(f"{meeting.get_absolute_url()}#dagordning")
    return render(
        request, "followup/meetings/agenda_item_form.html", {"form": form, "meeting": meeting}
    )


@writes(Action.MEET)
def edit_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Change a point, move it, strike it or take it back in."""
    meeting = find_open(request, pk)
    item = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item_pk)
    form = AgendaItemForm(request.POST or None, instance=item)
    if request.method == "POST":
        was_struck = item.is_withdrawn
        if form.save_as_asked(request.POST.get("gor", ""), timezone.now()):
            said = {(False, True): "struken", (True, False): "med på dagordningen igen"}
            what = said.get((was_struck, item.is_withdrawn), "sparad")
            messages.success(request, f"”{item.title}” är {what}.")
            return redirect(f"{meeting.get_absolute_url()}#dagordning")
    context = {"form": form, "meeting": meeting, "item": item}
    return render(request, "followup/meetings/agenda_item_form.html", context)


@writes(Action.MEET)
def edit_decision(request: HttpRequest, pk: int, decision_pk: int) -> HttpResponse:
    """Mend a decision as it was written down, or strike it."""
    meeting = find_open(request, pk)
    decision = get_object_or_404(
        meeting.decisions.filter(withdrawn_at=None).select_related("item", "meeting"),
        pk=decision_pk,
    )
    form = DecisionForm(request.POST or None, instance=decision)
    if request.method == "POST" and form.is_valid():
        is_struck = request.POST.get("gor") == DecisionForm.STRIKE
        decision.withdrawn_at = timezone.now() if is_struck else None
        form.save()
        messages.success(request, "Beslutet är struket." if is_struck else "Beslutet är ändrat.")
        return redirect(f"{meeting.get_absolute_url()}#beslut")
    context = {"form": form, "meeting": meeting, "decision": decision}
    return render(request, "followup/meetings/decision_form.html", context)


@writes(Action.MEET)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the call as it will be read, and send it to the roster."""
    meeting = find_coming(request, pk)
    call = call_to(meeting, request.build_absolute_uri(meeting.get_absolute_url()))
    form = CallForm(request.POST or None, members=_called(meeting))
    if request.method == "POST" and form.is_valid():
        recipients = form.cleaned_data["recipients"]
        try:
            send(call, recipients, by=request.user)
        except OSError:
            form.add_error(
                None,
                "E-postservern tog inte emot kallelsen. Inget har skickats, och mötet är som "
                "förut. Försök igen om en stund, eller kopiera texten och skicka den själv.",
            )
        else:
            meeting.mark_called(timezone.now())
            people = counted(len(recipients), "person", "personer")
            messages.success(request, f"Kallelsen är skickad till {people}.")
            return redirect(meeting)
    context = {"form": form, "meeting": meeting, "call": call}
    return render(request, "followup/meetings/meeting_call.html", context)


@writes(Action.MEET)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = find_coming(request, pk)
    form = CancelForm(request.POST or None, instance=meeting)
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, "Mötet är inställt. Tala om det för dem som är kallade.")
        return redirect(meeting)
    return render(
        request, "followup/meetings/meeting_cancel.html", {"form": form, "meeting": meeting}
    )


# --- A meeting for the views that need one ------------------------------------------------------


def find(request: HttpRequest, pk: int) -> Meeting:
    """A meeting the member may see. Raises 404 for any other."""
    return get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related(
            "agreement", "chair", "secretary", "created_by", "document"
        ),
        pk=pk,
    )


def find_open(request: HttpRequest, pk: int) -> Meeting:
    """A meeting that may still be changed; else 403, and why.

    A form that was open when the minutes were locked comes back with its text and says so itself.
    """
    meeting = find(request, pk)
    if meeting.status == Meeting.Status.CANCELLED:
        raise PermissionDenied("Mötet är inställt och kan inte ändras.")
    if meeting.is_locked and request.method != "POST":
        raise PermissionDenied(Refusal.MINUTES_SIGNED.label)
    return meeting


def find_coming(request: HttpRequest, pk: int) -> Meeting:
    """A meeting that has neither been held nor cancelled; else 403, and why."""
    meeting = find_open(request, pk)
    if not meeting.is_coming:
        raise PermissionDenied("Mötet är redan genomfört.")
    return meeting


def _called(meeting: Meeting):
    """Those on the roster who have an open account."""
    return Member.objects.filter(pk__in=meeting.roster().values("member"), is_active=True).order_by(
        "name"
    )


def _page(request: HttpRequest, earlier: MeetingQuerySet):
    """A page of the meetings that are over, with how many came of those on the list."""
    on_list = Q(attendances__member__isnull=False)
    here = on_list & Q(attendances__presence=Attendance.Presence.PRESENT)
    counted = earlier.annotate(
        noted=Count("attendances", filter=on_list & ~Q(attendances__presence="")),
        unnoted=Count("attendances", filter=on_list & Q(attendances__presence="")),
        present=Count("attendances", filter=here),
    )
    return Paginator(counted.order_by("-date", "-id"), PAGE_SIZE).get_page(request.GET.get("sida"))
