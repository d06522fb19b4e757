"""The forms of the sign-in pages: django-allauth's own, in the portal's words."""

from __future__ import annotations

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from promises.forms.base import PlainSwedish

# Label and help of every field on the sign-in pages.
WORDS = {
    "login": ("E-postadress", ""),
    "email": ("E-postadress", ""),
    "password": ("Lösenord", ""),
    "oldpassword": ("Nuvarande lösenord", ""),
    "password1": (
        "Nytt lösenord",
        "Minst 12 tecken. Några ord i följd är lätta att minnas och svåra att gissa.",
    ),
    "password2": ("Nytt lösenord en gång till", ""),
    "code": ("Kod", "De sex siffror som appen visar just nu."),
}


class AccountForm(PlainSwedish):
    """Mixin: our labels, no placeholders, and a summary that says what did not work."""

    template_name = "account/form.html"
    failure = "Det gick inte att spara"

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label, field.help_text = WORDS[name]
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"


class SignInForm(AccountForm, account.LoginForm):
    failure = "Det gick inte att logga in"


class ConfirmPasswordForm(AccountForm, account.ReauthenticateForm):
    failure = "Det gick inte att bekräfta"


class ChangePasswordForm(AccountForm, account.ChangePasswordForm):
    failure = "Lösenordet är inte bytt"


class SetPasswordForm(AccountForm, account.SetPasswordForm):
    failure = "Lösenordet är inte sparat"


class RequestNewPasswordForm(AccountForm, account.ResetPasswordForm):
    failure = "Det gick inte att skicka"


class NewPasswordForm(AccountForm, account.ResetPasswordKeyForm):
    failure = "Lösenordet är inte bytt"


class FirstPasswordForm(AccountForm, account.ResetPasswordKeyForm):
    """For somebody who was invited, `promises.invitations`."""

    failure = "Lösenordet är inte sparat"


class SignInCodeForm(AccountForm, mfa.AuthenticateForm):
    failure = "Det gick inte att logga in"


class ConfirmCodeForm(AccountForm, mfa.ReauthenticateForm):
    failure = "Det gick inte att bekräfta"


class ActivateAppForm(AccountForm, totp.ActivateTOTPForm):
    failure = "Tvåstegsinloggningen är inte på"
