"""Which reminders a member wants by e-mail."""

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followup.forms.reminder import ReminderSettingsForm


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The member's own choice; every letter links here."""
    # No box at all is an answer, so it is not for the contents to say whether there is one.
    sent = request.POST if request.method == "POST" else None
    form = ReminderSettingsForm(sent, member=request.user)
    if request.method == "POST":
        is_any = form.save_as_asked(request.POST.get("gor", ""))
        said = "Ditt val är sparat." if is_any else "Du får inga påminnelser längre."
        messages.success(request, said)
        return redirect("reminder_settings")
    last = request.user.reminders.aggregate(last=Max("sent_at"))["last"]
    return render(
        request, "followup/reminders/reminder_settings.html", {"form": form, "last_sent_at": last}
    )
