"""The members: who they are, who comes and who goes, and who may do what."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from promises.access import ACCESS, DELEGATED, Action, may, may_delegate_for, shows, writes
from promises.forms.members import LeaveForm, MemberForm
from promises.history import changes_of
from promises.invitations import VALID_FOR, can_be_invited, invite
from promises.models import Member
from promises.views.delegations import delegations_of

logger = logging.getLogger(__name__)


@shows(Action.READ)
def members(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    everybody = Member.objects.visible_to(request.user).with_tasks_of_signatories(today)
    return render(
        request,
        "promises/members.html",
        {
            "present": [member for member in everybody if member.is_active],
            "gone": [member for member in everybody if not member.is_active],
            "may_administer": may(request.user, Action.ADMINISTER, today),
        },
    )


@shows(Action.READ)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Who the member is, what they answer for, and what of a signatory's task they do."""
    member, today = _member(request, pk), timezone.localdate()
    delegations = delegations_of(member, today, reader=request.user)
    may_hand_on = member.is_active and member.role == Member.Role.SIGNATORY
    return render(
        request,
        "promises/member.html",
        {
            "member": member,
            "logged": member.occasions.visible_to(request.user).carried_out().count(),
            "activities": member.activities.visible_to(request.user).select_related("place"),
            "appointments": member.appointments.visible_to(request.user).select_related("party"),
            "delegations": delegations,
            "may_administer": may(request.user, Action.ADMINISTER, today),
            "may_delegate": may_hand_on and may_delegate_for(request.user, member, today),
            "can_be_invited": can_be_invited(member),
            "changes": changes_of(member),
        },
    )


@writes(Action.ADMINISTER)
def invite_member(request: HttpRequest) -> HttpResponse:
    """A new member, who gets a letter with a link to choose a password by."""
    newcomer = Member()
    newcomer.set_unusable_password()
    form = MemberForm(request.POST or None, instance=newcomer, today=timezone.localdate())
    if request.method == "POST" and (member := form.save_or_explain()):
        _send_invitation(request, member)
        return redirect(member)
    return render(request, "promises/member_form.html", {"form": form})


@writes(Action.ADMINISTER)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    if not can_be_invited(member):
        raise PermissionDenied(
            f"{member} behöver ingen inbjudan. Den som har glömt sitt lösenord väljer ett nytt "
            "på inloggningssidan."
        )
    if request.method == "POST":
        _send_invitation(request, member)
        return redirect(member)
    return render(request, "promises/member_invite_again.html", {"member": member})


@writes(Action.ADMINISTER)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    form = MemberForm(request.POST or None, instance=member, today=timezone.localdate())
    if request.method == "POST" and form.save_or_explain():
        messages.success(request, f"Uppgifterna om {member} är sparade.")
        return redirect(member)
    # What is typed has reached the instance; the page is about the one who is stored.
    stored = form.before
    return render(request, "promises/member_form.html", {"form": form, "member": stored})


@writes(Action.ADMINISTER)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account of somebody who leaves, and let another take over what is in hand."""
    member, today = _member(request, pk, is_active=True), timezone.localdate()
    form = LeaveForm(request.POST or None, member=member, today=today)
    if request.method == "POST" and form.leave_or_explain(by=request.user):
        messages.success(
            request, f"{member} har slutat och kan inte längre logga in. Det loggade finns kvar."
        )
        return redirect(member)
    return render(
        request,
        "promises/member_leave.html",
        {"form": form, "member": member, "in_hand": member.in_hand(today)},
    )


@writes(Action.ADMINISTER)
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk, is_active=False)
    if request.method == "POST":
        try:
            member.come_back()
        except ValidationError as somebody_was_first:
            messages.warning(request, somebody_was_first.message)
        else:
            messages.success(request, f"{member} är tillbaka och kan logga in igen.")
        return redirect(member)
    return render(request, "promises/member_return.html", {"member": member})


@shows(Action.ADMINISTER)
def access_table(request: HttpRequest) -> HttpResponse:
    """The table of roles and actions, straight out of `promises.access`."""
    columns = [(role.label, allowed) for role, allowed in ACCESS.items()]
    columns.append(("Delegat", DELEGATED))
    rows = [
        (action, [(label, action in allowed) for label, allowed in columns]) for action in Action
    ]
    return render(
        request,
        "promises/access_table.html",
        {"rows": rows, "columns": [label for label, _ in columns]},
    )


def _member(request: HttpRequest, pk: int, **state: bool) -> Member:
    visible = Member.objects.visible_to(request.user).select_related("party")
    return get_object_or_404(visible, pk=pk, **state)


def _send_invitation(request: HttpRequest, member: Member) -> None:
    try:
        invite(member, by=request.user, request=request)
    except OSError:
        logger.exception("The invitation to member %s could not be sent", member.pk)
        messages.error(
            request,
            f"{member} är sparad, men brevet till {member.email} kunde inte skickas. Kontrollera "
            "adressen och välj Skicka inbjudan igen.",
        )
    else:
        messages.success(
            request,
            f"En inbjudan är skickad till {member.email}. Länken i brevet gäller i 14 dagar, till "
            f"och med {date_format(timezone.localdate() + VALID_FOR)}.",
        )
