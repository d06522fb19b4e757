"""The samverkansöverenskommelse, read on the screen: the one that applies, and the others."""

import unicodedata
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from promises.access import Action, may, shows, with_agreement
from promises.clocks import clocks_on
from promises.history import changes_of
from promises.models import Agreement, Party


@shows(Action.READ)
@with_agreement
def agreement(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The samverkansöverenskommelse that applies today."""
    return _agreement(request, agreement, is_current=True)


@shows(Action.READ)
def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Any agreement: the one that applies, one that has been replaced or one that is to come."""
    visible = Agreement.objects.visible_to(request.user)
    return _agreement(request, get_object_or_404(visible, pk=pk), is_current=False)


def _agreement(request: HttpRequest, agreement: Agreement, is_current: bool) -> HttpResponse:
    """Every sentence of the agreement, where it stands today, and the others there are."""
    today = timezone.localdate()
    document = document_of(agreement)
    rows = (*document["goals"], *document["undertakings"], *document["signatories"])
    others = Agreement.objects.visible_to(request.user).exclude(pk=agreement.pk)
    return render(
        request,
        "promises/agreement.html",
        document
        | {
            "agreement": agreement,
            "is_current": is_current,
            "status": agreement.status(today),
            "goals_clock": clocks_on(agreement, today).get("goals"),
            "others": [
                (other, other.status(today)) for other in others.select_related("successor")
            ],
            "draft": _draft_seen(request, agreement),
            "may_succeed": not hasattr(agreement, "successor")
            and may(request.user, Action.PLAN, today),
            "may_administer": may(request.user, Action.ADMINISTER, today),
            "changes": changes_of(agreement, *rows),
        },
    )


def _draft_seen(request: HttpRequest, agreement: Agreement) -> Agreement | None:
    """The draft of the one to follow it, to those who are to sign it."""
    drafts = Agreement.objects.drafts_visible_to(request.user)
    return drafts.filter(predecessor=agreement).first()


def document_of(agreement: Agreement) -> dict[str, object]:
    """Every sentence of the agreement, for `promises/agreement_document.html`."""
    parties = agreement.parties.all()
    return {
        "letterhead": _letterhead(agreement, parties),
        "goals": agreement.goals.prefetch_related("metrics"),
        "undertakings": agreement.undertakings.select_related("responsible"),
        "signatories": agreement.signatories.select_related("party"),
        "parties": parties,
    }


def _letterhead(agreement: Agreement, parties: Iterable[Party]) -> list[tuple[str, bool]]:
    """The lines of the letterhead, and whether each is a party's name in South Sami."""
    sami_names = {_letters(party.sami_name) for party in parties if party.sami_name}
    return [(line, _letters(line) in sami_names) for line in agreement.letterhead.splitlines()]


def _letters(name: str) -> str:
    """The bare letters: the signed document writes the Sami name without its ï."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().strip())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
