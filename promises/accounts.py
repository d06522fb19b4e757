"""How sign-in (django-allauth, under /konto/) is fitted to the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from promises.models import Member

EXAMPLE_ACCOUNT_REFUSED = (
    "Exempelkontona fungerar bara när portalen körs på en utvecklares egen dator. "
    "Be administratören om ett eget konto."
)


def may_sign_in(member: Member) -> bool:
    """Whether the account may be used here.

    The example accounts share a password that stands in the source code, so they open
    nothing unless DEBUG is on. An inactive account opens nothing anywhere.
    """
    return member.is_active and (settings.DEBUG or not member.is_example)


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: members are invited by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Member, **kwargs) -> HttpResponse | None:
        """Stop an example account at the last gate that every way of signing in passes."""
        response = super().pre_login(request, user, **kwargs)
        if response is None and not may_sign_in(user):
            messages.error(request, EXAMPLE_ACCOUNT_REFUSED)
            response = redirect("account_login")
        return response


class MemberBackend(AuthenticationBackend):
    """The same refusal where allauth is not asked: the admin's sign-in and running sessions."""

    def user_can_authenticate(self, user: Member) -> bool:
        return may_sign_in(user)


def display_name(member: Member) -> str:
    return member.name
