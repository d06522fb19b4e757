"""Where a review stands, and who has signed it: what comes after its contents."""

from __future__ import annotations

from datetime import date

from followup.models import Review, Signoff
from followup.review.contents import SignatureRow, Standing
from promises.models import Party


def standing_of(review: Review, on: date) -> Standing:
    """Where the review stands, with a row for each party to sign on."""
    signoffs = Signoff.objects.filter(submission__review=review, voided_at=None)
    signed = {signoff.party_id: signoff for signoff in signoffs}
    return Standing(
        status=review.status,
        status_label=review.get_status_display(),
        printed_on=on,
        signatures=tuple(
            _signature_row(party, signed.get(party.pk)) for party in review.agreement.parties.all()
        ),
    )


def _signature_row(party: Party, signoff: Signoff | None) -> SignatureRow:
    if signoff is None:
        return SignatureRow(party.name)
    return SignatureRow(
        party.name, signoff.name, signoff.title, signoff.is_delegate, signoff.signed_at
    )
