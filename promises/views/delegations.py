"""A signatory's task in somebody else's hands for a time: handed on, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format

from promises.access import Action, may_delegate_for, writes
from promises.forms.members import DelegationForm
from promises.models import Delegation, Member


@dataclass(frozen=True)
class DelegationRow:
    """A delegation as a page shows it; `is_held` is for the member the page is about."""

    delegation: Delegation
    status: Delegation.Status
    is_held: bool
    may_revoke: bool


def delegations_of(member: Member, today: date, reader: Member) -> list[DelegationRow]:
    """What the member has delegated and what is delegated to them, for the reader of a page."""
    running = {Delegation.Status.COMING, Delegation.Status.IN_FORCE}
    return [
        DelegationRow(
            delegation,
            status := delegation.status(today),
            is_held=status in running and delegation.delegate == member,
            may_revoke=status in running and may_delegate_for(reader, delegation.signatory, today),
        )
        for delegation in Delegation.objects.concerning(member).with_people()
    ]


@writes(Action.DELEGATE)
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand on the task of the signatory, for a time, within the party."""
    signatories = Member.objects.visible_to(request.user).active()
    signatory = get_object_or_404(signatories, pk=pk, role=Member.Role.SIGNATORY)
    today = timezone.localdate()
    _stop_others(request.user, signatory)
    new = Delegation(signatory=signatory, created_by=request.user)
    form = DelegationForm(
        request.POST or None, instance=new, today=today, initial={"starts_on": today}
    )
    if request.method == "POST" and (delegation := form.save_or_explain()):
        messages.success(
            request,
            f"{delegation.delegate} har uppdraget från {signatory} "
            f"{date_format(delegation.starts_on)} – {date_format(delegation.ends_on)}.",
        )
        return redirect(signatory)
    return render(request, "promises/delegate.html", {"form": form, "signatory": signatory})


@writes(Action.DELEGATE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    theirs = Delegation.objects.filter(signatory__in=Member.objects.visible_to(request.user))
    delegation = get_object_or_404(theirs.standing(today).with_people(), pk=pk)
    _stop_others(request.user, delegation.signatory)
    if request.method == "POST":
        try:
            delegation.revoke(by=request.user)
        except ValidationError as somebody_was_first:
            messages.warning(request, somebody_was_first.message)
        else:
            messages.success(request, f"Delegationen till {delegation.delegate} är återkallad.")
        return redirect(delegation.signatory)
    return render(request, "promises/delegation_revoke.html", {"delegation": delegation})


def _stop_others(member: Member, signatory: Member) -> None:
    if not may_delegate_for(member, signatory, timezone.localdate()):
        raise PermissionDenied(
            f"Bara {signatory} själv eller en administratör delegerar det uppdraget."
        )
