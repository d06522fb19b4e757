"""The signed documents, read on the screen: those that apply, and those before and after them."""

import unicodedata
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from promises.access import Action, may, no_agreement, require, with_agreement
from promises.history import changes_of
from promises.models import Agreement, Party, Promise, PromisePeriod


@require_safe
@require(Action.READ)
@with_agreement
def agreement(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The samverkansöverenskommelse that applies today."""
    return _agreement(request, agreement, is_current=True)


@require_safe
@require(Action.READ)
def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Any agreement: the one that applies, one that has been replaced or one that is to come."""
    visible = Agreement.objects.visible_to(request.user)
    return _agreement(request, get_object_or_404(visible, pk=pk), is_current=False)


def _agreement(request: HttpRequest, agreement: Agreement, is_current: bool) -> HttpResponse:
    """Every sentence of the agreement, where it stands today, and the others there are."""
    today = timezone.localdate()
    parties = agreement.parties.all()
    goals = agreement.goals.all()
    undertakings = agreement.undertakings.select_related("responsible")
    signatories = agreement.signatories.select_related("party")
    others = Agreement.objects.visible_to(request.user).exclude(pk=agreement.pk)
    return render(
        request,
        "promises/agreement.html",
        {
            "agreement": agreement,
            "is_current": is_current,
            "letterhead": _letterhead(agreement, parties),
            "status": agreement.status(today),
            "next_review_due": agreement.next_review_due(today),
            "goals": goals,
            "undertakings": undertakings,
            "signatories": signatories,
            "parties": parties,
            "others": [
                (other, other.status(today)) for other in others.select_related("successor")
            ],
            "may_administer": may(request.user, Action.ADMINISTER, today),
            "changes": changes_of(agreement, *goals, *undertakings, *signatories),
        },
    )


@require_safe
@require(Action.READ)
def promises(request: HttpRequest) -> HttpResponse:
    """The medborgarlöfte of the current period."""
    visible = PromisePeriod.objects.visible_to(request.user)
    current = visible.current(timezone.localdate())
    if current is None:
        return no_agreement(request)
    return _period(request, current, is_current=True)


@require_safe
@require(Action.READ)
def period(request: HttpRequest, pk: int) -> HttpResponse:
    """The medborgarlöfte of any period: the current one, an earlier or a coming."""
    visible = PromisePeriod.objects.visible_to(request.user)
    return _period(request, get_object_or_404(visible, pk=pk), is_current=False)


def _period(request: HttpRequest, period: PromisePeriod, is_current: bool) -> HttpResponse:
    """Every sentence of the medborgarlöfte, what became of each promise, and other periods."""
    today = timezone.localdate()
    promises = (
        Promise.objects.with_parties()
        .filter(period=period)
        .select_related("predecessor__period", "successor__period")
    )
    signatories = period.signatories.select_related("party")
    others = list(
        PromisePeriod.objects.visible_to(request.user).exclude(pk=period.pk).order_by("-starts_on")
    )
    return render(
        request,
        "promises/promises.html",
        {
            "period": period,
            "is_current": is_current,
            "is_running": period.covers(today),
            "is_coming": today < period.starts_on,
            "next_period": next((one for one in others if one.predecessor_id == period.pk), None),
            "promises": promises,
            "signatories": signatories,
            "other_periods": others,
            "may_plan": may(request.user, Action.PLAN, today),
            "may_administer": may(request.user, Action.ADMINISTER, today),
            "changes": changes_of(period, *promises, *signatories),
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
