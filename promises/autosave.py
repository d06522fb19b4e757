"""Autosave: what a form answers the browser that saves it while its writer is still writing.

static/js/autosave.js sends the form to its own address and asks for JSON. The answer says that
the form is saved and at which version, what is wrong with it, or that somebody else saved first.
Nobody else's text is ever overwritten, and nothing is changed that the form refuses.
"""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from promises.forms.base import VersionedForm

WANTED = "application/json"


def is_sent_by_script(request: HttpRequest) -> bool:
    """Whether a script of ours sends the form on its own, and not its writer by the button."""
    return request.method == "POST" and request.headers.get("Accept") == WANTED


def autosaved(form: VersionedForm) -> JsonResponse:
    """Save the form, and say how it went."""
    if saved := form.save_or_explain():
        return _saved(saved.version)
    if form.conflict is None:
        errors = {form.add_prefix(name): list(found) for name, found in form.errors.items()}
        return JsonResponse({"errors": errors, "asks": form.only_asks}, status=422)
    if form.conflict.clashes:
        return JsonResponse({"conflict": True}, status=409)
    # The very same text is stored already, as when an answer was lost on its way.
    return _saved(form.data[form.add_prefix("version")])


def _saved(version: int) -> JsonResponse:
    return JsonResponse({"version": version, "saved_at": f"{timezone.localtime():%H.%M}"})
