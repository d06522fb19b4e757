"""The minutes of a meeting: on the screen, as a PDF, and signed by the chair."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from followup.forms.meetings.closing import SignForm
from followup.meetings.minutes import (
    ALREADY_SIGNED,
    Signature,
    gaps_in,
    minutes_of,
    sign,
)
from followup.models import Meeting
from followup.paper.minutes import render_minutes
from followup.views.files import as_pdf
from followup.views.meeting import find
from promises.access import Action, shows, writes


@shows(Action.READ)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes on the screen, from the same contents as the PDF."""
    meeting = find(request, pk)
    contents = minutes_of(meeting)
    return render(
        request,
        "followup/meetings/minutes.html",
        {
            "meeting": meeting,
            "minutes": contents,
            "signature": _signature(meeting),
            "contents_sha256": contents.sha256,
            "gaps": gaps_in(contents),
            "may_sign": request.user == meeting.chair and _awaits_signature(meeting),
        },
    )


@shows(Action.READ)
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed document as it was stored, byte for byte; before that a draft that says so."""
    meeting = find(request, pk)
    if meeting.is_locked:
        document = bytes(meeting.document.pdf)
    else:
        document = render_minutes(minutes_of(meeting), signature=None)
    name = f"protokoll-{meeting.kind}-{meeting.date}{'' if meeting.is_locked else '-utkast'}.pdf"
    return as_pdf(document, name)


@writes(Action.READ)
def sign_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair reads the minutes, and signs what was read."""
    meeting = _to_sign(request, pk)
    if meeting.is_locked:
        messages.info(request, ALREADY_SIGNED)
        return redirect(meeting)
    contents = minutes_of(meeting)
    shown = contents.sha256
    form = SignForm(request.POST or None, initial={"contents_sha256": shown})
    if request.method == "POST" and form.is_valid():
        try:
            read = form.cleaned_data["contents_sha256"]
            sign(meeting, request.user, read, timezone.now(), render=render_minutes)
        except ValidationError as refused:
            if refused.message == ALREADY_SIGNED:
                messages.info(request, ALREADY_SIGNED)
                return redirect(meeting)
            form = SignForm({"contents_sha256": shown})
            form.is_valid()
            form.add_error(None, refused)
        else:
            messages.success(request, "Protokollet är justerat och låst.")
            return redirect(meeting)
    context = {
        "form": form,
        "meeting": meeting,
        "minutes": contents,
        "gaps": gaps_in(contents),
        "contents_sha256": shown,
    }
    return render(request, "followup/meetings/minutes_sign.html", context)


def _to_sign(request: HttpRequest, pk: int) -> Meeting:
    """A meeting that was held, for its chair; else 403, and why."""
    meeting = find(request, pk)
    if meeting.chair is None:
        raise PermissionDenied(
            "Det är inte noterat vem som ledde mötet. Den som anges som ordförande justerar "
            "protokollet."
        )
    if request.user != meeting.chair:
        raise PermissionDenied(
            f"Bara mötets ordförande, {meeting.chair.name}, kan justera protokollet."
        )
    if meeting.status != Meeting.Status.HELD:
        raise PermissionDenied(
            f"Mötet {date_format(meeting.date)} är inte genomfört, så det finns inget att justera."
        )
    return meeting


def _awaits_signature(meeting: Meeting) -> bool:
    return meeting.status == Meeting.Status.HELD and not meeting.is_locked


def _signature(meeting: Meeting) -> Signature | None:
    if not meeting.is_locked:
        return None
    document = meeting.document
    return Signature(document.name, document.title, document.signed_at)
