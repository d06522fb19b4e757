"""The member's own account, and how it is opened; django-allauth serves the rest of /konto/."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from promises.account_forms import FirstPasswordForm
from promises.invitations import invited_by_link, open_account
from promises.views.delegations import delegations_of


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, and the way to password and second factor. Any member may see their own."""
    delegations = delegations_of(request.user, timezone.localdate(), reader=request.user)
    return render(request, "promises/account.html", {"delegations": delegations})


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Choose the first password, by the link in the invitation. It is used up by that alone."""
    member = invited_by_link(uidb36, key)
    form = FirstPasswordForm(request.POST or None, user=member)
    if member and request.method == "POST" and form.is_valid():
        if open_account(member, form.cleaned_data["password1"]):
            logout(request)  # should somebody else be signed in on the same computer
            messages.success(request, "Lösenordet är valt. Nu kan du logga in med det.")
            return redirect("account_login")
        member = None
    if member is None:
        return render(request, "promises/invitation_dead.html", status=410)
    return render(request, "promises/invitation.html", {"form": form, "member": member})
