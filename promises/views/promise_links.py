"""What a promise is linked to in the röda tråden: the problems it answers, and its goals."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from promises.access import Action, writes
from promises.forms.situation.action_plan import PromiseLinksForm
from promises.models import Promise


@writes(Action.SITUATION)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    promise = get_object_or_404(
        Promise.objects.visible_to(request.user).select_related("period__agreement"), pk=pk
    )
    form = PromiseLinksForm(request.POST or None, instance=promise)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"Kopplingarna för löfte {promise.number} är sparade.")
        return redirect(promise)
    return render(request, "promises/promise_links.html", {"form": form, "promise": promise})
