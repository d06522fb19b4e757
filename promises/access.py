"""Who may do what: the one table of roles and actions.

Reading also depends on the object: members see the agreements their party has signed
(`visible_to`), and a stranger to it gets 404. A member who may read but not act gets 403.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from promises.models import Member

Role = Member.Role


class Action(Enum):
    """What a member can want to do; the value is how it reads in Swedish."""

    READ = "läsa allt utom det interna"
    READ_INTERNAL = "läsa interna anteckningar"
    LOG = "logga, ändra och dra tillbaka tillfällen"
    PLAN = "planera aktiviteter"
    REVIEW = "skriva tvåårsuppföljningen"
    SIGN = "skriva under tvåårsuppföljningen"
    ADMINISTER = "sköta ledamöter, överenskommelse och inställningar"


ACCESS: dict[Role, frozenset[Action]] = {
    Role.READER: frozenset({Action.READ}),
    Role.COORDINATOR: frozenset(
        {Action.READ, Action.READ_INTERNAL, Action.LOG, Action.PLAN, Action.REVIEW}
    ),
    Role.SIGNATORY: frozenset({Action.READ, Action.READ_INTERNAL, Action.REVIEW, Action.SIGN}),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.READ,
            Action.READ_INTERNAL,
            Action.LOG,
            Action.PLAN,
            Action.REVIEW,
            Action.ADMINISTER,
        }
    ),
}


def may(member: Member, action: Action) -> bool:
    return member.is_active and action in ACCESS[Role(member.role)]


def require(action: Action) -> Callable:
    """A view that only members who may take the action reach; others get 403.

    `LoginRequiredMiddleware` has already sent those without a session to sign in.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not may(request.user, action):
                raise PermissionDenied(
                    f"Din roll, {request.user.get_role_display().lower()}, får inte "
                    f"{action.value}. Be en administratör om du behöver kunna det."
                )
            return view(request, *args, **kwargs)

        return guarded

    return decorate
