"""Sign-in, under /konto/: the pages of django-allauth that the portal has.

They are listed one by one because the rest must not be reachable: a member's e-mail address is
changed by an administrator, so that it stands in one place (`Member.email`), and nobody signs up
or signs in through another service. The names are those allauth itself looks up; the forms are
ours (settings.ACCOUNT_FORMS, settings.MFA_FORMS).
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path, reverse_lazy

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("logout/", views.LogoutView.as_view(), name="account_logout"),
    path("inactive/", views.AccountInactiveView.as_view(), name="account_inactive"),
    path("signup/", views.SignupView.as_view(), name="account_signup"),
    path("reauthenticate/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("password/change/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("password/set/", views.PasswordSetView.as_view(), name="account_set_password"),
    path("password/reset/", views.PasswordResetView.as_view(), name="account_reset_password"),
    path(
        "password/reset/done/",
        views.PasswordResetDoneView.as_view(),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.PasswordResetFromKeyView.as_view(success_url=reverse_lazy("account_login")),
        name="account_reset_password_from_key",
    ),
    path("2fa/", mfa.IndexView.as_view(), name="mfa_index"),
    path("2fa/authenticate/", mfa.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.ReauthenticateView.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/",
        recovery_codes.ViewRecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        recovery_codes.GenerateRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery_codes.DownloadRecoveryCodesView.as_view(),
        name="mfa_download_recovery_codes",
    ),
]
