"""A signed record outlives the code: today's classes may change, what was signed does not."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sys
import typing
from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from django.urls import reverse

from followup.archive.minutes import read_minutes
from followup.archive.reviews import FORMAT, read_review
from followup.meetings.minutes import Minutes
from followup.models import Meeting, Review
from followup.paper.review import printed, render_review
from followup.review.contents import ReviewContents, SignatureRow, Standing
from followup.review.gathering import contents_of
from followup.review.life import contents_shown, sign
from followup.review.text import text_of
from promises.models import Member
from tests import factories, golden_portal
from tests.html import Page
from tests.printed import attachments_of, text_of_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# What a standing consists of comes after what is signed: it is read from the signatures' rows.
NOT_SIGNED = {Standing, SignatureRow}
STANDING = Standing("adopted", "Fastställd", date(2026, 11, 25), ())


def classes_in(kind: type) -> set[type]:
    """The dataclass and every one that its fields hold, however deep."""
    found, queue = set(), [kind]
    while queue:
        one = queue.pop()
        if dataclasses.is_dataclass(one) and one not in found and one not in NOT_SIGNED:
            found.add(one)
            queue += typing.get_type_hints(one).values()
        queue += typing.get_args(one)
    return found


REVIEW_CLASSES, MINUTES_CLASSES = classes_in(ReviewContents), classes_in(Minutes)


def add_one_without_a_default(fields: list) -> list:
    return [("new_fact", str), *fields]


def add_one_with_a_default(fields: list) -> list:
    return [*fields, ("new_fact", str, dataclasses.field(default="nytt"))]


def remove_the_first(fields: list) -> list:
    return fields[1:]


def rename_the_first(fields: list) -> list:
    return [(f"new_{fields[0][0]}", *fields[0][1:]), *fields[1:]]


CHANGES = [add_one_without_a_default, add_one_with_a_default, remove_the_first, rename_the_first]


@pytest.fixture(params=CHANGES, ids=lambda change: change.__name__)
def tomorrow(request, monkeypatch) -> Callable[[], None]:
    """Changes every class that a review or minutes are made of, wherever it is used."""
    return partial(_change_classes, request.param, monkeypatch)


@pytest.fixture
def tomorrows_classes(tomorrow) -> None:
    tomorrow()


def _change_classes(change: Callable[[list], list], monkeypatch) -> None:
    for kind in REVIEW_CLASSES | MINUTES_CLASSES:
        fields = [(field.name, field.type) for field in dataclasses.fields(kind)]
        changed = dataclasses.make_dataclass(
            kind.__name__, change(fields), frozen=True, kw_only=True
        )
        for name, module in list(sys.modules.items()):
            if name.startswith("followup"):
                for attribute, value in list(vars(module).items()):
                    if value is kind:
                        monkeypatch.setattr(module, attribute, changed)


@pytest.fixture
def adopted(agreement, coordinator) -> Review:
    return golden_portal.adopted_review(agreement, coordinator, "review-2")


@pytest.fixture
def meeting(agreement, coordinator) -> Meeting:
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    return golden_portal.signed_minutes(meeting)


# --- Whatever becomes of the classes ---------------------------------------------------------


def test_the_contents_are_made_of_classes_that_can_change():
    assert len(REVIEW_CLASSES) > 25
    assert len(MINUTES_CLASSES) == 5


def article(client, address: str) -> str:
    return Page(client.get(address)).text("//article")


@pytest.fixture
def seen(adopted, meeting, reader, signed_in) -> dict[str, object]:
    """What a reader sees and gets of the signed records with today's classes."""
    return _seen(adopted, meeting, signed_in(reader))


def _seen(review: Review, meeting: Meeting, client) -> dict[str, object]:
    pages = {
        name: article(client, reverse(name, args=[pk]))
        for name, pk in (("review_preview", review.pk), ("minutes", meeting.pk))
    }
    files = {
        name: client.get(reverse(name, args=[pk])).content
        for name, pk in (("review_pdf", review.pk), ("minutes_pdf", meeting.pk))
    }
    return pages | files


def test_an_adopted_review_and_signed_minutes_stay_as_they_were(
    seen, tomorrow, adopted, meeting, reader, signed_in
):
    tomorrow()

    assert _seen(adopted, meeting, signed_in(reader)) == seen
    shown = contents_shown(adopted, date(2026, 11, 25))
    assert shown.text == golden_portal.text("review-2.json")
    assert shown.sha256 == hashlib.sha256(golden_portal.file("review-2.json")).hexdigest()


def test_the_change_is_one_that_whoever_reads_by_the_classes_would_feel(
    agreement, coordinator, tomorrow
):
    draft = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    before = text_of(contents_of(draft, date(2025, 3, 1)))

    tomorrow()

    try:
        after = text_of(contents_of(draft, date(2025, 3, 1)))
    except (TypeError, AttributeError, ValueError):
        return
    assert after != before


@pytest.mark.usefixtures("tomorrows_classes")
def test_what_was_handed_in_before_is_signed_and_attached_as_it_was_stored(
    agreement, municipality, police, coordinator
):
    review = golden_portal.submitted_review(agreement, coordinator, "review-2-submitted.json")
    stored = review.submissions.get()
    texts = []

    def render(contents) -> bytes:
        texts.append(contents.text)
        return b"%PDF"

    for party in (municipality, police):
        chief = factories.MemberFactory(party=party, role=Member.Role.SIGNATORY)
        sign(review, chief, stored.contents_sha256, golden_portal.SIGNED_AT, render=render)

    assert review.status == Review.Status.ADOPTED
    assert texts == [golden_portal.text("review-2-submitted.json")]


@pytest.mark.usefixtures("tomorrows_classes")
def test_a_noted_report_is_the_file_that_was_handed_over(agreement, reader, signed_in):
    report = golden_portal.noted_report(agreement, reader)

    response = signed_in(reader).get(reverse("report_file", args=[report.pk]))

    assert response.content == golden_portal.file("report-annual.pdf")


# --- Every format there has been -------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["review-1", "review-2", "review-2-submitted", "review-3", "review-4"]
)
def test_every_format_is_read_and_shown(name, agreement, coordinator, signed_in):
    review = golden_portal.submitted_review(agreement, coordinator, f"{name}.json")
    shown = contents_shown(review, date(2026, 11, 25))
    stored = json.loads(shown.text)

    assert shown.tally.occasions == stored["tally"]["occasions"]
    page = article(signed_in(coordinator), reverse("review_preview", args=[review.pk]))
    for promise in stored["promises"]:
        assert promise["topic"] in page


@pytest.mark.usefixtures("brief_pdf")
@pytest.mark.parametrize(
    "name", ["review-1", "review-2", "review-2-submitted", "review-3", "review-4"]
)
def test_every_format_is_printed_with_its_own_text(name, agreement, coordinator):
    review = golden_portal.submitted_review(agreement, coordinator, f"{name}.json")

    made = render_review(contents_shown(review, date(2026, 11, 25)))

    assert attachments_of(made)["uppfoljning.json"] == golden_portal.file(f"{name}.json")


def test_the_oldest_format_is_laid_out_like_any_other():
    whole = json.loads(golden_portal.text("review-1.json"))
    some = {part: whole[part][:1] for part in ("log", "promises", "undertakings", "goals")}

    made = render_review(read_review(json.dumps(whole | some), STANDING))

    printed = text_of_pdf(made)
    assert whole["promises"][0]["topic"] in printed
    assert whole["log"][0]["activity"] in printed.partition("Bilaga: Loggen Alla")[2]


def test_an_adopted_review_is_printed_from_what_is_stored(adopted):
    assert printed(adopted, date(2040, 1, 1)) == golden_portal.file("review-2.pdf")


def test_format_2_is_retold_in_the_words_it_was_shown_in(agreement, coordinator, signed_in):
    """Every figure and every mark, as version 0.1 showed them on the page."""
    review = golden_portal.adopted_review(agreement, coordinator, "review-2")
    golden = Page.of_text(golden_portal.text("review-2.html"))

    page = Page(signed_in(coordinator).get(reverse("review_preview", args=[review.pk])))

    tables = "//article//table[not(contains(@class, 'cover-facts'))]"
    told = [table for table in page.texts(tables) if "Underskrift" not in table]
    assert told == [table for table in golden.texts(tables) if "Underskrift" not in table]


def test_minutes_are_told_as_they_were(meeting, reader, signed_in):
    golden = Page.of_text(golden_portal.text("minutes-1.html"))
    stored = json.loads(golden_portal.text("minutes-1.json"))

    minutes = read_minutes(golden_portal.text("minutes-1.json"))

    assert [one.title for one in minutes.paragraphs] == [
        one["title"] for one in stored["paragraphs"]
    ]
    page = Page(signed_in(reader).get(reverse("minutes", args=[meeting.pk])))
    assert page.texts("//article//tr") == golden.texts("//article//tr")


def test_what_is_written_today_is_read_by_todays_reader(review_text):
    assert json.loads(review_text)["format"] == FORMAT
    assert read_review(review_text, STANDING).text == review_text


@pytest.fixture
def review_text(agreement, coordinator) -> str:
    draft = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    return text_of(contents_of(draft, date(2025, 3, 1)))


@pytest.mark.parametrize("read", [read_minutes, lambda text: read_review(text, STANDING)])
def test_a_format_that_was_never_written_is_refused(read):
    with pytest.raises(ValueError, match="No reader knows format 99"):
        read('{"format":99}')


def test_what_was_signed_does_not_change_in_memory_either():
    minutes = read_minutes(golden_portal.text("minutes-1.json"))

    with pytest.raises(AttributeError):
        minutes.chair = "Någon annan"
    with pytest.raises(AttributeError):
        del minutes.chair
