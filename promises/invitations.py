"""Invitations: the letter by which a new member opens their account."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int, int_to_base36

from promises.accounts import may_sign_in
from promises.models import Member

VALID_FOR = timedelta(days=14)


class InvitationTokenGenerator(PasswordResetTokenGenerator):
    """The key in an invitation's link: good for VALID_FOR from the invitation, and once.

    It dies when a password is chosen, the address is changed, the member is invited again or the
    account is closed.
    """

    key_salt = "promises.invitations.InvitationTokenGenerator"

    def make_token(self, member: Member) -> str:
        return self._token(member, self.secret)

    def check_token(self, member: Member, token: str) -> bool:
        # Django's own holds every token to the time limit of a forgotten password.
        if not is_open(member):
            return False
        return any(
            constant_time_compare(self._token(member, secret), token)
            for secret in (self.secret, *self.secret_fallbacks)
        )

    def _token(self, member: Member, secret: str) -> str:
        return self._make_token_with_timestamp(member, int(member.invited_at.timestamp()), secret)

    def _make_hash_value(self, member: Member, timestamp: int) -> str:
        state = super()._make_hash_value(member, timestamp)
        return f"{state}{member.invited_at.timestamp()}"


_tokens = InvitationTokenGenerator()


def is_open(member: Member) -> bool:
    """Whether the member has been invited and can still choose a password by the link."""
    return (
        member.invited_at is not None
        and may_sign_in(member)
        and timezone.now() < member.invited_at + VALID_FOR
    )


def can_be_invited(member: Member) -> bool:
    """Whether an invitation is of use: those who have signed in ask for a new password instead."""
    return member.status in {Member.Status.INVITED, Member.Status.NOT_INVITED}


def invite(member: Member, by: Member, request: HttpRequest) -> None:
    """Send the letter with a new link; the links of earlier letters die.

    Raises OSError, as every fault of the post does, when the letter can't be sent. The
    invitation then stands as it did before.
    """
    earlier, member.invited_at = member.invited_at, timezone.now()
    path = reverse("invitation", args=[int_to_base36(member.pk), _tokens.make_token(member)])
    context = {
        "member": member,
        "by": by,
        "link": request.build_absolute_uri(path),
        "valid_to": member.invited_at + VALID_FOR,
    }
    try:
        EmailMessage(
            subject="Dorotea samverkan: Du är inbjuden",
            body=render_to_string("promises/invitation_letter.txt", context).strip(),
            to=[member.email],
            reply_to=[by.email],
        ).send()
    except OSError:
        member.invited_at = earlier
        raise
    member.save(update_fields=["invited_at"])


def invited_by_link(uidb36: str, key: str) -> Member | None:
    """The member whose account the link opens; None for one that is used, too old or made up."""
    try:
        member = Member.objects.select_related("party").get(pk=base36_to_int(uidb36))
    except (ValueError, OverflowError, Member.DoesNotExist):
        return None
    return member if _tokens.check_token(member, key) else None


def open_account(member: Member, password: str) -> bool:
    """Store the first password, and tell whether it was: of two who use a link at once, one may."""
    return bool(
        Member.objects.filter(pk=member.pk, password=member.password).update(
            password=make_password(password)
        )
    )
