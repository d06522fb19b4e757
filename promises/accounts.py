"""How sign-in (django-allauth, under /konto/) is fitted to the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "E-postadressen eller lösenordet stämmer inte.",
        "enter_current_password": "Det är inte ditt nuvarande lösenord.",
        "incorrect_password": "Lösenordet stämmer inte.",
        "rate_limited": "Det blev för många försök. Vänta fem minuter och försök igen.",
        "too_many_login_attempts": "Det blev för många försök. Vänta fem minuter och försök igen.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

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


def remember_previous_login(sender: type[Member], user: Member, **kwargs) -> None:
    """Keep when the member was here before, as a sign-in begins a new visit."""
    user.previous_login = user.last_login
    user.save(update_fields=["previous_login"])
