"""Who may do what: the one table of roles and actions.

Reading also depends on the object: members see the agreements their party has signed
(`visible_to`), and a stranger to it gets 404. A member who may read but not act gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from promises.models import Agreement, Delegation, Member

Role = Member.Role


class Action(Enum):
    """What a member can want to do; the value is how it reads in Swedish."""

    READ = "läsa allt utom det interna"
    READ_INTERNAL = "läsa interna anteckningar"
    LOG = "logga, ändra och dra tillbaka tillfällen"
    PLAN = "planera aktiviteter, löftesperioder och nästa överenskommelse och sätta prognoser"
    MEET = "kalla till möten, föra protokoll och fördela uppdrag"
    SITUATION = "skriva lägesbild och åtgärdsplan"
    REVIEW = "skriva uppföljningen"
    SIGN = "skriva under uppföljningen och överenskommelsen"
    DELEGATE = "delegera undertecknandet"
    ADMINISTER = "sköta ledamöter, överenskommelse och inställningar"


COORDINATING = frozenset(
    {
        Action.READ,
        Action.READ_INTERNAL,
        Action.LOG,
        Action.PLAN,
        Action.MEET,
        Action.SITUATION,
        Action.REVIEW,
    }
)
ACCESS: dict[Role, frozenset[Action]] = {
    Role.READER: frozenset({Action.READ}),
    Role.COORDINATOR: COORDINATING,
    Role.SIGNATORY: frozenset(
        {Action.READ, Action.READ_INTERNAL, Action.REVIEW, Action.SIGN, Action.DELEGATE}
    ),
    Role.ADMINISTRATOR: COORDINATING | {Action.DELEGATE, Action.ADMINISTER},
}

# What a delegation (`promises.models.Delegation`) gives for its time, whatever role one has:
# the signatory's task, but not the right to hand it on.
DELEGATED = ACCESS[Role.SIGNATORY] - {Action.DELEGATE}


def may(member: Member, action: Action, on: date) -> bool:
    """Whether the member may take the action on the date.

    Asks the database for delegations only when the role does not settle it.
    """
    if not member.is_active:
        return False
    if action in ACCESS[Role(member.role)]:
        return True
    return action in DELEGATED and signs_for(member, on) is not None


def signs_for(member: Member, on: date) -> Member | None:
    """The signatory whose task the member may do on the date: themselves, or who delegated it."""
    if member.role == Role.SIGNATORY:
        return member
    delegation = (
        Delegation.objects.in_force(on)
        .filter(delegate=member, signatory__party=member.party_id)
        .select_related("signatory")
        .first()
    )
    return delegation and delegation.signatory


def may_delegate_for(member: Member, signatory: Member, on: date) -> bool:
    """Whether the member may hand on the signatory's task, and take it back.

    Signatories do it for themselves, administrators for anybody.
    """
    is_own = member == signatory and may(member, Action.DELEGATE, on)
    return is_own or may(member, Action.ADMINISTER, on)


def require(action: Action) -> Callable:
    """A view that only members who may take the action reach; others get 403.

    `LoginRequiredMiddleware` has already sent those without a session to sign in.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not may(request.user, action, timezone.localdate()):
                raise PermissionDenied(
                    f"Din roll, {request.user.get_role_display().lower()}, får inte "
                    f"{action.value}. Be en administratör om du behöver kunna det."
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def shows(action: Action) -> Callable:
    """A page that members who may take the action read."""
    return lambda view: require_safe(require(action)(view))


def writes(action: Action) -> Callable:
    """A form, or a question, that members who may take the action answer."""
    return lambda view: require_http_methods(["GET", "HEAD", "POST"])(require(action)(view))


def no_agreement(request: HttpRequest) -> HttpResponse:
    """The page in the place of one that has no agreement, or no löftesperiod, to tell of."""
    return render(request, "promises/no_agreement.html")


def not_found(request: HttpRequest) -> HttpResponse:
    raise Http404("Det finns ingen överenskommelse.")


def with_agreement(
    view: Callable[..., HttpResponse],
    without: Callable[[HttpRequest], HttpResponse] = no_agreement,
) -> Callable[..., HttpResponse]:
    """A view of the agreement that applies today for the member, handed in after the request.

    It stands below `shows` or `writes`. Without an agreement the page says why, and what to do about it.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        agreement = Agreement.objects.visible_to(request.user).current(timezone.localdate())
        if agreement is None:
            return without(request)
        return view(request, agreement, *args, **kwargs)

    return guarded


def with_agreement_or_404(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for a file or a form, to which only pages that have an agreement lead."""
    return with_agreement(view, without=not_found)
