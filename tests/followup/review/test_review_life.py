"""The life of a review, step by step in the portal: handed in, returned, signed, corrected.

That the steps cannot be walked around is in test_review_lock.py, and what becomes of two at the same
moment in test_review_races.py.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from followup.archive.canonical import sha256_of
from followup.models import Occasion, Review, ReviewDocument, Signoff, Submission
from followup.models.locks import Refusal, lift, lock_rows
from followup.paper.review import printed
from followup.review import life as life_of_reviews
from followup.review import text as signed
from followup.review.gathering import contents_of
from followup.review.life import (
    CHANGED,
    CORRECTED,
    CUTOFF_AHEAD,
    MAY_NOT_SIGN,
    NO_NOTE,
    NOT_ADOPTED,
    NOT_OPEN,
    NOT_SUBMITTED,
    PARTY_SIGNED,
    SAME_PERSON,
    contents_shown,
    correct,
    send_back,
    submit,
)
from promises.models import Agreement, Member
from tests import factories, life, snapshot
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")
TODAY = date(2025, 3, 10)
NOW = datetime(2025, 3, 10, 12, 0, tzinfo=SWEDEN)


@pytest.fixture(autouse=True)
def afterwards():
    """The period and the cut-off lie behind."""
    with time_machine.travel(NOW, tick=False):
        yield


def made_of(contents) -> bytes:
    """Stands in for the PDF: what it would be made of."""
    signers = [row.name for row in contents.standing.signatures]
    told = {"status": contents.standing.status, "sha": contents.sha256, "by": signers}
    return f"%PDF {json.dumps(told)}".encode()


sign = partial(life_of_reviews.sign, render=made_of)


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """A document that says what it is made of. What the real one holds is in test_pdf.py."""

    monkeypatch.setattr("followup.views.review_life.render_review", made_of)


@pytest.fixture(scope="module")
def agreement(module_db) -> Agreement:
    return snapshot.loaded_agreement()


@pytest.fixture(scope="module")
def coordinator(agreement) -> Member:
    return factories.MemberFactory(name="Sara Samordnare", party=agreement.parties.first())


@pytest.fixture(scope="module")
def written(agreement, coordinator) -> Review:
    """Of 2023 and 2024, written and judged all through."""
    with time_machine.travel(NOW, tick=False):
        return life.written(agreement, coordinator, TODAY)


@pytest.fixture
def review(written) -> Review:
    return fresh(written)


@pytest.fixture
def submission(review, coordinator) -> Submission:
    return submit(review, coordinator, shown(review), NOW)


def shown(review: Review) -> str:
    return sha256_of(signed.text_of(contents_of(Review.objects.get(pk=review.pk), TODAY)))


def status(review: Review) -> str:
    return Review.objects.get(pk=review.pk).status


def fresh(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def refused(action, *arguments) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        action(*arguments)
    return refusal.value.messages


# --- Handed in -----------------------------------------------------------------------------


def test_handing_in_freezes_what_was_shown(review, coordinator):
    before = shown(review)

    submission = submit(review, coordinator, before, NOW)

    assert (submission.contents_sha256, submission.is_intact) == (before, True)
    assert status(review) == "submitted"


def test_the_log_moves_on_but_what_is_handed_in_stays(review, submission, snowmobile_promise):
    before = contents_shown(fresh(review), TODAY)
    factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise),
        created_at=datetime(2024, 3, 13, tzinfo=SWEDEN),
    )
    Occasion.objects.update(done="Ändrat efteråt.")

    assert contents_shown(fresh(review), TODAY) == before
    assert contents_of(fresh(review), TODAY) != before


def test_what_has_changed_since_it_was_shown_is_not_handed_in(review, coordinator):
    before = shown(review)
    review.texts.update(text="Någon skrev om den.")

    assert refused(submit, review, coordinator, before, NOW) == [CHANGED]
    assert status(review) == "draft"


def test_a_review_is_handed_in_once(review, submission, coordinator):
    assert refused(submit, review, coordinator, submission.contents_sha256, NOW) == [NOT_OPEN]


def test_without_a_summary_or_a_judgement_it_is_not_handed_in(review, coordinator, agreement):
    review.texts.update(text="")
    review.assessments.filter(goal__number=1).update(value="")

    assert refused(submit, review, coordinator, shown(review), NOW) == [
        "Sammanfattning saknas.",
        "Mål 1 saknar bedömning.",
    ]


def test_it_is_handed_in_when_the_log_has_been_closed_for_it(review, coordinator):
    on_the_day = datetime(2025, 1, 31, 23, 59, tzinfo=SWEDEN)
    day_after = datetime(2025, 2, 1, 0, 0, tzinfo=SWEDEN)

    assert refused(submit, review, coordinator, shown(review), on_the_day) == [CUTOFF_AHEAD]
    assert submit(review, coordinator, shown(review), day_after)


def test_the_page_says_what_stands_in_the_way_and_keeps_the_button_away(
    review, coordinator, signed_in
):
    review.texts.update(text="")

    page = Page(signed_in(coordinator).get(reverse("review_preview", args=[review.pk])))

    assert [text_of(item) for item in page.all("//*[@class='notice warning']//li")] == [
        "Sammanfattning saknas."
    ]
    assert page.all("//main//form//button") == []


def test_a_coordinator_hands_it_in_on_its_page(review, coordinator, signed_in):
    client, address = signed_in(coordinator), reverse("review_preview", args=[review.pk])
    page = Page(client.get(address))
    assert page.one("//a[normalize-space()='Till inlämningen']").get("href") == "#lamna-in"

    sent = client.post(address, page.typed, follow=True)

    assert Page(sent).messages == ["Uppföljningen är inlämnad. Nu kan parterna skriva under."]
    assert review.submissions.get().submitted_by == coordinator


def test_what_was_changed_meanwhile_is_read_again_before_it_is_handed_in(
    review, coordinator, signed_in
):
    client, address = signed_in(coordinator), reverse("review_preview", args=[review.pk])
    typed = Page(client.get(address)).typed
    review.texts.update(text="Någon skrev om den.")

    again = Page(client.post(address, typed, follow=True))

    assert again.messages == [CHANGED]
    assert "Någon skrev om den." in again.text("//article")
    assert status(review) == "draft"


def test_a_reader_reads_all_of_it_and_neither_hands_it_in_nor_signs(
    review, coordinator, reader, signed_in
):
    client, address = signed_in(reader), reverse("review_preview", args=[review.pk])
    assert Page(client.get(address)).all("//main//form") == []
    assert client.post(address, {"step": "submit"}).status_code == 403
    submit(review, coordinator, shown(review), NOW)

    assert Page(client.get(address)).all("//main//form") == []
    assert client.post(address, {"step": "sign"}).status_code == 403
    assert status(review) == "submitted"


@pytest.mark.parametrize("old", ["lamna-in", "skriv-under"])
def test_where_it_was_handed_in_and_signed_before_leads_to_where_it_is_read(
    old, review, reader, signed_in
):
    response = signed_in(reader).get(f"/uppfoljning/{review.pk}/{old}/")
    assert (response.status_code, response.url) == (
        301,
        reverse("review_preview", args=[review.pk]),
    )


# --- Returned ------------------------------------------------------------------------------


def test_a_returned_review_can_be_changed_and_its_signatures_are_void(
    review, submission, chief, deputy
):
    sign(review, chief, submission.contents_sha256, NOW)

    send_back(review, deputy, "Skriv om byarna.", NOW)

    assert status(review) == "returned"
    assert [signoff.voided_at for signoff in submission.signoffs.all()] == [NOW]
    assert review.texts.update(text="Med byarna.") == 1


def test_it_is_returned_with_a_note(review, submission, deputy):
    assert refused(send_back, review, deputy, " ", NOW) == [NO_NOTE]
    assert status(review) == "submitted"


def test_a_personal_number_in_the_note_is_refused(review, submission, deputy):
    refused(send_back, review, deputy, "Nämn inte 19121212-1212.", NOW)
    assert status(review) == "submitted"


def test_what_is_not_handed_in_is_not_returned(review, deputy):
    assert refused(send_back, review, deputy, "Skriv om.", NOW) == [NOT_SUBMITTED]


def test_the_note_is_read_on_the_reviews_page(review, submission, deputy, coordinator, signed_in):
    signed_in(deputy).post(
        reverse("review_return", args=[review.pk]), {"return_note": "Skriv om byarna."}
    )

    page = Page(signed_in(coordinator).get(review.get_absolute_url()))

    assert page.text("//section[@class='life']//*[@class='notice warning']") == (
        "Återlämnad 10 mars 2025 av Li Lokalpolischef: Skriv om byarna."
    )


def test_handed_in_again_it_is_signed_anew_by_both(review, submission, chief, deputy, coordinator):
    sign(review, chief, submission.contents_sha256, NOW)
    send_back(review, deputy, "Skriv om byarna.", NOW)
    review.texts.update(text="Med byarna.")
    again = submit(review, coordinator, shown(review), NOW)

    assert refused(sign, review, chief, submission.contents_sha256, NOW) == [CHANGED]
    sign(review, chief, again.contents_sha256, NOW)
    assert status(review) == "submitted"
    sign(review, deputy, again.contents_sha256, NOW)
    assert status(review) == "adopted"
    assert Signoff.objects.count() == 3


# --- Signed --------------------------------------------------------------------------------


def test_it_is_adopted_when_each_party_has_signed(review, submission, chief, deputy):
    sign(review, chief, submission.contents_sha256, NOW)
    assert (status(review), ReviewDocument.objects.count()) == ("submitted", 0)

    sign(review, deputy, submission.contents_sha256, NOW)

    document = ReviewDocument.objects.get()
    assert status(review) == "adopted"
    assert (
        bytes(document.pdf)
        == (
            "%PDF "
            + json.dumps(
                {
                    "status": "adopted",
                    "sha": submission.contents_sha256,
                    "by": ["Kim Kommunchef", "Li Lokalpolischef"],
                }
            )
        ).encode()
    )
    assert document.is_intact


def test_the_stored_file_is_what_is_printed_from_then_on(
    review, submission, chief, deputy, monkeypatch, signed_in
):
    for signatory in (chief, deputy):
        sign(review, signatory, submission.contents_sha256, NOW)
    monkeypatch.setattr("followup.paper.review.render_review", None)

    stored = bytes(ReviewDocument.objects.get().pdf)

    assert printed(fresh(review), date(2030, 1, 1)) == stored
    assert signed_in(chief).get(reverse("review_pdf", args=[review.pk])).content == stored


def test_a_signatory_signs_what_they_have_read_on_its_page(
    review, submission, chief, deputy, signed_in
):
    address = reverse("review_preview", args=[review.pk])
    client = signed_in(chief)
    page = Page(client.get(address))
    assert page.one("//a[normalize-space()='Till underskriften']").get("href") == "#skriv-under"
    form = page.typed
    assert form["contents_sha256"] == submission.contents_sha256

    unread = Page(client.post(address, form))
    assert unread.summary == {
        "Jag har läst uppföljningen och skriver under den: "
        "Kryssa i rutan när du har läst uppföljningen.": "has_read"
    }
    first = Page(client.post(address, form | {"has_read": "on"}, follow=True))
    assert first.messages == [
        "Du har skrivit under. Uppföljningen är fastställd när även den andra parten har gjort det."
    ]
    last = Page(signed_in(deputy).post(address, form | {"has_read": "on"}, follow=True))
    assert last.messages == [
        "Du har skrivit under. Båda parterna har skrivit under: uppföljningen är fastställd."
    ]


def test_a_party_signs_once(review, submission, chief, municipality):
    sign(review, chief, submission.contents_sha256, NOW)
    other = factories.MemberFactory(party=municipality, role=Member.Role.SIGNATORY)

    assert refused(sign, review, other, submission.contents_sha256, NOW) == [
        PARTY_SIGNED.format(party="Dorotea kommun")
    ]


def test_a_person_who_has_changed_party_does_not_sign_for_both(review, submission, chief, police):
    sign(review, chief, submission.contents_sha256, NOW)
    chief.party = police
    chief.save()

    assert refused(sign, review, chief, submission.contents_sha256, NOW) == [SAME_PERSON]


def test_a_coordinator_does_not_sign(review, submission, coordinator, signed_in):
    assert refused(sign, review, coordinator, submission.contents_sha256, NOW) == [MAY_NOT_SIGN]
    client, address = signed_in(coordinator), reverse("review_preview", args=[review.pk])
    assert Page(client.get(address)).all("//main//form") == []
    typed = {"step": "sign", "has_read": "on", "contents_sha256": submission.contents_sha256}
    assert client.post(address, typed).status_code == 403
    assert not submission.signoffs.exists()


def test_whoever_has_signed_is_not_asked_again(review, submission, chief, deputy, signed_in):
    sign(review, chief, submission.contents_sha256, NOW)
    address = reverse("review_preview", args=[review.pk])
    assert Page(signed_in(chief).get(address)).all("//main//form") == []
    assert len(Page(signed_in(deputy).get(address)).all("//main//form")) == 1


def test_what_is_returned_while_it_is_read_is_not_signed(
    review, submission, chief, deputy, signed_in
):
    client, address = signed_in(chief), reverse("review_preview", args=[review.pk])
    typed = Page(client.get(address)).typed | {"has_read": "on"}
    send_back(review, deputy, "Skriv om byarna.", NOW)

    told = Page(client.post(address, typed, follow=True))

    assert told.messages == [NOT_SUBMITTED]
    assert not submission.signoffs.exists()


def test_what_is_handed_in_anew_while_it_is_read_is_read_again(
    review, submission, chief, deputy, coordinator, signed_in
):
    client, address = signed_in(chief), reverse("review_preview", args=[review.pk])
    typed = Page(client.get(address)).typed | {"has_read": "on"}
    send_back(review, deputy, "Skriv om byarna.", NOW)
    review.texts.update(text="Med byarna.")
    again = submit(review, coordinator, shown(review), NOW)

    page = Page(client.post(address, typed))

    assert CHANGED in page.summary
    assert "Med byarna." in page.text("//article")
    assert page.typed["contents_sha256"] == again.contents_sha256
    assert page.control("has_read").get("checked") is None
    assert not again.signoffs.exists()


def test_a_delegate_signs_as_a_delegate(review, submission, chief, coordinator):
    factories.DelegationFactory(
        signatory=chief, delegate=coordinator, starts_on=TODAY, ends_on=TODAY
    )

    signoff = sign(review, coordinator, submission.contents_sha256, NOW)

    assert (signoff.name, signoff.is_delegate) == ("Sara Samordnare", True)
    row = contents_shown(fresh(review), TODAY).standing.signatures[0]
    assert (row.name, row.is_delegate) == ("Sara Samordnare", True)


def test_a_delegation_that_has_ended_gives_nothing(review, submission, chief, coordinator):
    factories.DelegationFactory(
        signatory=chief, delegate=coordinator, starts_on="2025-03-01", ends_on="2025-03-09"
    )

    assert refused(sign, review, coordinator, submission.contents_sha256, NOW) == [MAY_NOT_SIGN]


def test_a_signature_is_of_what_was_shown(review, submission, chief):
    assert refused(sign, review, chief, "0" * 64, NOW) == [CHANGED]


def test_a_draft_is_not_signed(review, chief):
    assert refused(sign, review, chief, "0" * 64, NOW) == [NOT_SUBMITTED]


# --- Corrected -----------------------------------------------------------------------------


@pytest.fixture
def adopted(review, submission, chief, deputy) -> Review:
    for signatory in (chief, deputy):
        sign(review, signatory, submission.contents_sha256, NOW)
    return fresh(review)


def test_a_correction_is_the_next_version_and_begins_as_a_copy(adopted, coordinator):
    correction = correct(adopted, coordinator)

    assert (correction.edition, correction.corrects, correction.status) == (2, adopted, "draft")
    assert [text.text for text in correction.texts.all()] == ["Åren var lugna."]
    assert correction.assessments.count() == adopted.assessments.count() == 13
    assert contents_of(correction, TODAY).differences == ()


def test_a_correction_says_what_differs(adopted, coordinator, snowmobile_promise):
    correction = correct(adopted, coordinator)
    correction.texts.update(text="Åren var ganska lugna.")
    correction.assessments.filter(promise=snowmobile_promise).update(value="partly_fulfilled")
    Review.objects.filter(pk=correction.pk).update(registry_number="KS 2025:9")

    told = contents_of(fresh(correction), TODAY).differences

    assert [(one.where, one.before, one.after) for one in told] == [
        ("Diarienummer", "KS 2025:1", "KS 2025:9"),
        ("Sammanfattning", "Åren var lugna.", "Åren var ganska lugna."),
        ("Löfte 3, bedömning", "Uppfyllt", "Delvis uppfyllt"),
    ]


def test_of_a_long_text_only_the_paragraphs_that_differ_are_told(review, coordinator):
    texts = review.texts.filter(kind="summary")
    texts.update(text="Åren var lugna.\n\nByarna fick besök.\n\nVi fortsätter.")
    life.adopt(review)
    correction = correct(fresh(review), coordinator)
    correction.texts.update(text="Åren var lugna.\r\n\r\nByarna fick få besök.\n\nVi fortsätter.")

    (told,) = contents_of(correction, TODAY).differences

    assert (told.before, told.after) == ("Byarna fick besök.", "Byarna fick få besök.")


def test_an_occasion_that_was_withdrawn_since_is_told(
    review, coordinator, chief, deputy, snowmobile_promise
):
    occasion = factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll"),
        party=coordinator.party,
        created_at=datetime(2024, 3, 13, tzinfo=SWEDEN),
    )
    submission = submit(review, coordinator, shown(review), NOW)
    for signatory in (chief, deputy):
        sign(review, signatory, submission.contents_sha256, NOW)
    correction = correct(fresh(review), coordinator)
    occasion.withdraw(coordinator, "Dubblett.")

    told = {
        one.where: (one.before, one.after) for one in contents_of(correction, TODAY).differences
    }

    assert told["Genomförda tillfällen"] == ("1", "0")
    assert told["Tillfälle 12 mars 2024, Skoterkontroll"] == (
        "Kommunen. Kontroll vid leden",
        "–",
    )
    assert told["Tillbakadraget tillfälle 12 mars 2024, Skoterkontroll"] == (
        "–",
        "Kommunen. Kontroll vid leden. Dubblett",
    )


def test_only_an_adopted_review_is_corrected(review, coordinator):
    assert refused(correct, review, coordinator) == [NOT_ADOPTED]


def test_a_version_is_corrected_once(adopted, coordinator):
    correct(adopted, coordinator)

    assert refused(correct, adopted, coordinator) == [CORRECTED]


def test_a_correction_is_signed_like_any_review_and_the_first_version_stays(
    adopted, coordinator, chief, deputy
):
    correction = correct(adopted, coordinator)
    correction.texts.update(text="Rättat.")
    submission = submit(correction, coordinator, shown(correction), NOW)
    for signatory in (chief, deputy):
        sign(correction, signatory, submission.contents_sha256, NOW)

    assert [(one.edition, one.status) for one in Review.objects.order_by("edition")] == [
        (1, "adopted"),
        (2, "adopted"),
    ]
    assert contents_shown(adopted, TODAY).texts.summary == "Åren var lugna."
    assert contents_shown(fresh(correction), TODAY).texts.summary == "Rättat."


# --- Tampered with -------------------------------------------------------------------------


def test_the_page_warns_when_the_stored_document_is_not_what_was_adopted(
    adopted, coordinator, signed_in
):
    """Somebody with the database's own keys has taken the lock away first."""
    page = Page(signed_in(coordinator).get(adopted.get_absolute_url()))
    assert page.all("//*[@role='alert']") == []
    lift([lock_rows("followup_reviewdocument", refusal=Refusal.ADOPTED_FOR_GOOD)], "default")
    ReviewDocument.objects.update(pdf=b"%PDF annan")

    page = Page(signed_in(coordinator).get(adopted.get_absolute_url()))

    assert page.text("//*[@role='alert']").startswith(
        "Den lagrade handlingen stämmer inte med sin kontrollsumma."
    )
