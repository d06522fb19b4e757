"""/verifiera/: anybody may ask whether a document is one that was adopted or handed over."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from followup.models import Review, ReviewDocument
from promises.models import Member
from tests import factories, life
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "/verifiera/"
ADOPTED_AT = datetime(2025, 3, 10, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
UNKNOWN = "Nej, den här kontrollsumman är okänd"


@pytest.fixture
def review(agreement, coordinator) -> Review:
    return factories.ReviewFactory(
        agreement=agreement, created_by=coordinator, registry_number="KS 2025:1"
    )


@pytest.fixture
def document(review, municipality, police) -> ReviewDocument:
    """Adopted by the kommunchef, and by a delegate for the police."""
    submission = life.hand_in(review, ADOPTED_AT)
    for party, title, is_delegate in (
        (municipality, "Kommunchef", False),
        (police, "Gruppchef", True),
    ):
        signatory = factories.MemberFactory(
            name="Hemlig Person", title=title, party=party, role=Member.Role.SIGNATORY
        )
        life.sign(submission, signatory, is_delegate=is_delegate, signed_at=ADOPTED_AT)
    return life.seal(submission)


def asked(checksum: str) -> Page:
    """The answer, as somebody who is not a member reads it."""
    return Page(Client().get(ADDRESS, {"kontrollsumma": checksum}))


def answer(checksum: str) -> str:
    return asked(checksum).text("//section[@role='status']/h2")


def told(checksum: str) -> dict[str, str]:
    rows = asked(checksum).all("//section[@role='status']//dl/div")
    return {text_of(row[0]): text_of(row[1]) for row in rows}


def test_an_adopted_document_is_recognised_by_its_file(document):
    assert answer(document.pdf_sha256) == "Ja, det är den fastställda handlingen"
    assert told(document.pdf_sha256) == {
        "Handling": "Tvåårsuppföljning 1 januari 2023 – 31 december 2024, version 1",
        "Överenskommelse": document.submission.review.agreement.title,
        "Diarienummer": "KS 2025:1",
        "Fastställd": "10 mars 2025",
        "Av": "Kommunchef, Dorotea kommun Gruppchef, Polisen i Södra Lappland (på delegation)",
    }


def test_and_by_the_hash_on_its_signature_page(document):
    checksum = document.submission.contents_sha256

    assert (
        answer(checksum) == "Ja, det är kontrollsumman för innehållet i en fastställd uppföljning"
    )


def test_nobody_is_named(document):
    page = asked(document.pdf_sha256)

    assert "Hemlig" not in page.text("//body")


def test_a_changed_file_is_unknown(document):
    changed = bytes(document.pdf) + b" "

    assert answer(hashlib.sha256(changed).hexdigest()) == UNKNOWN


@pytest.mark.parametrize("status", ["submitted", "returned"])
def test_what_is_not_adopted_is_as_unknown_as_anything_else(review, status):
    life.bring(review, status)

    assert answer(review.submissions.get().contents_sha256) == UNKNOWN


def test_what_was_returned_before_the_adopted_contents_is_unknown(review):
    life.bring(review, "returned")
    returned = review.submissions.get().contents_sha256
    factories.ReviewTextFactory(review=review, text="Omskriven.")
    life.adopt(review)

    assert answer(returned) == UNKNOWN


def test_a_corrected_version_says_which_one_holds(document, review):
    correction = factories.ReviewFactory(
        agreement=review.agreement, edition=2, corrects=review, created_by=review.created_by
    )
    assert "rättats" not in asked(document.pdf_sha256).text("//section[@role='status']")
    life.adopt(correction)

    assert "Den har rättats: version 2 är den som gäller." in asked(document.pdf_sha256).text(
        "//section[@role='status']"
    )


def test_a_report_that_was_handed_over_is_recognised():
    report = factories.ReportFactory()

    assert answer(report.pdf_sha256) == "Ja, det är en rapport som har lämnats"
    assert told(report.pdf_sha256)["Lämnad till"] == "Kommunfullmäktige 12 februari 2024"


def test_a_withdrawn_report_says_so():
    report = factories.ReportFactory()
    report.withdraw(report.noted_by, "Fel år.")

    assert answer(report.pdf_sha256) == "Det är en rapport som har dragits tillbaka"


def test_a_checksum_may_be_pasted_with_spaces_and_capitals(document):
    digest = document.pdf_sha256.upper()
    pasted = " ".join(digest[n : n + 8] for n in range(0, 64, 8))

    assert answer(f" {pasted}\n") == "Ja, det är den fastställda handlingen"


@pytest.mark.parametrize("checksum", ["abc", "g" * 64, "0" * 63, "'; DROP TABLE"])
def test_what_is_no_checksum_is_told_beside_the_field_and_kept(checksum):
    page = asked(checksum)

    assert page.text("//*[@class='errorlist']") == (
        "En kontrollsumma har 64 tecken: siffror och bokstäverna a–f. "
        "Kontrollera att hela följde med."
    )
    assert page.one("//input[@name='kontrollsumma']").get("value") == checksum
    assert page.all("//section[@role='status']") == []


def test_before_anything_is_asked_nothing_is_answered():
    page = Page(Client().get(ADDRESS))

    assert page.all("//section[@role='status']") == []
    assert page.all("//*[@class='errorlist']") == []


def test_a_question_costs_a_handful_of_queries(document, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        Client().get(ADDRESS, {"kontrollsumma": document.pdf_sha256})
