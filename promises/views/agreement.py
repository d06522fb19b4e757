"""The signed documents, read on the screen."""

import unicodedata
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from promises.access import Action, require
from promises.models import Agreement, Party, Promise, PromisePeriod


@require_safe
@require(Action.READ)
def agreement(request: HttpRequest) -> HttpResponse:
    """The samverkansöverenskommelse, every sentence of it, and where it stands today."""
    today = timezone.localdate()
    current = Agreement.objects.visible_to(request.user).current(today)
    if current is None:
        return render(request, "promises/no_agreement.html")
    parties = current.parties.all()
    return render(
        request,
        "promises/agreement.html",
        {
            "agreement": current,
            "letterhead": _letterhead(current, parties),
            "status": current.status(today),
            "next_review_due": current.next_review_due(today),
            "goals": current.goals.all(),
            "undertakings": current.undertakings.select_related("responsible"),
            "signatories": current.signatories.select_related("party"),
            "parties": parties,
        },
    )


@require_safe
@require(Action.READ)
def promises(request: HttpRequest) -> HttpResponse:
    """The medborgarlöfte of the current period, every sentence of it, and earlier periods."""
    today = timezone.localdate()
    periods = PromisePeriod.objects.filter(agreement__in=Agreement.objects.visible_to(request.user))
    period = periods.current(today)
    if period is None:
        return render(request, "promises/no_agreement.html")
    return render(
        request,
        "promises/promises.html",
        {
            "period": period,
            "is_running": period.covers(today),
            "promises": Promise.objects.with_parties().filter(period=period),
            "signatories": period.signatories.select_related("party"),
            "other_periods": periods.exclude(pk=period.pk),
        },
    )


def _letterhead(agreement: Agreement, parties: Iterable[Party]) -> list[tuple[str, bool]]:
    """The lines of the letterhead, and whether each is a party's name in South Sami."""
    sami_names = {_letters(party.sami_name) for party in parties if party.sami_name}
    return [(line, _letters(line) in sami_names) for line in agreement.letterhead.splitlines()]


def _letters(name: str) -> str:
    """The bare letters: the signed document writes the Sami name without its ï."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().strip())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
