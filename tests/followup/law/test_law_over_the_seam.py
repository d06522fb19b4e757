"""The law's duties are the municipality's: what was done under one agreement is done under the next."""

from __future__ import annotations

from datetime import date

import pytest

from followup.law.findings import check_at
from followup.models import LawParagraph
from promises.models import Agreement
from tests import factories

pytestmark = pytest.mark.django_db

LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture
def done(agreement, coordinator, snowmobile_promise) -> None:
    """A note, a meeting of the council, a report to fullmäktige, and something citizens can read."""
    factories.LawNoteFactory(
        agreement=agreement, paragraph=LawParagraph.COOPERATION, noted_by=coordinator
    )
    factories.MeetingFactory(
        agreement=agreement,
        kind="council",
        status="held",
        date=date(2026, 10, 1),
        chair=coordinator,
    )
    factories.ReportFactory(
        agreement=agreement, kind="council", reported_on=date(2026, 11, 2), noted_by=coordinator
    )
    factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise),
        date=date(2024, 3, 1),
        party=coordinator.party,
        member=coordinator,
        public_sentence="Vi var ute.",
        is_published=True,
    )


@pytest.fixture
def following(agreement) -> Agreement:
    new = factories.AgreementFactory(
        predecessor=agreement,
        valid_from=FIRST,
        valid_to=date(2030, 12, 31),
        parties=agreement.parties.all(),
    )
    return Agreement.objects.get(pk=new.pk)


def shown(agreement: Agreement, on: date) -> dict[LawParagraph, tuple]:
    """What the council, the information, the leadership and the notes rest on."""
    found = {finding.paragraph: finding for finding in check_at(agreement, on).findings}
    return {
        paragraph: (found[paragraph].evidence, found[paragraph].note)
        for paragraph in (
            LawParagraph.COOPERATION,
            LawParagraph.COUNCIL,
            LawParagraph.INFORMATION,
            LawParagraph.LEADERSHIP,
        )
    }


@pytest.mark.usefixtures("done")
def test_nothing_that_has_been_done_is_missing_on_the_first_day_of_the_next(agreement, following):
    before = shown(agreement, LAST)
    assert [bool(evidence or note) for evidence, note in before.values()] == [True] * 4
    after = shown(following, FIRST)
    assert {key: [one.text for one in evidence] for key, (evidence, _) in after.items()} == {
        key: [one.text for one in evidence] for key, (evidence, _) in before.items()
    }
    assert after[LawParagraph.COOPERATION][1] == before[LawParagraph.COOPERATION][1]


@pytest.mark.usefixtures("done")
def test_a_note_of_its_own_goes_before_that_of_the_one_it_follows(following, coordinator):
    own = factories.LawNoteFactory(
        agreement=following, paragraph=LawParagraph.COOPERATION, noted_by=coordinator
    )
    assert shown(following, FIRST)[LawParagraph.COOPERATION][1] == own
