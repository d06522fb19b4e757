"""The review's workspace: how far each section has come, what is said of it, what was said last."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client

from followup.models import Assessment, Review, ReviewComment, Section
from followup.review.draft import start_review
from followup.review.last_review import last_assessment
from promises.history import changes_of
from tests import factories, life
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def review(agreement, coordinator, today) -> Review:
    return begin(agreement, coordinator, date(2023, 2, 27), date(2025, 2, 27))


def begin(agreement, by, starts_on: date, ends_on: date) -> Review:
    review = factories.ReviewFactory.build(
        agreement=agreement,
        created_by=None,
        starts_on=starts_on,
        ends_on=ends_on,
        cutoff_on=ends_on,
    )
    return start_review(review, by=by)


@pytest.fixture
def client(signed_in, coordinator) -> Client:
    return signed_in(coordinator)


def section(review: Review, name: str) -> str:
    return f"{review.get_absolute_url()}avsnitt/{name}/"


def address_of(assessment: Assessment) -> str:
    return f"{assessment.review.get_absolute_url()}bedomning/{assessment.pk}/"


# --- The list of sections -------------------------------------------------------------------


def test_every_section_is_there_in_order_with_how_far_it_has_come(review, client):
    rows = {row[0]: row[1:] for row in listed(review, client)}
    assert list(rows) == [one.heading for one in Section]
    assert rows["Försättsblad"] == ["Saknas 1", "Diarienummer saknas.", "–"]
    assert rows["4 Måluppfyllelse"][0] == "Måste fyllas i"
    assert rows["9 Avvikelser"] == ["Klart", "–", "–"]
    assert rows["12 Underskrifter"] == ["0 av 2 parter", "–", "–"]


def listed(review: Review, client: Client) -> list[list[str]]:
    table = Page(client.get(review.get_absolute_url())).one("//table[contains(@class, 'review-s')]")
    return [[text_of(cell) for cell in row] for row in table.xpath("./tbody/tr")]


def test_what_has_to_be_filled_comes_first(review, client):
    [row] = [row for row in listed(review, client) if row[0] == "5 Löftena"]
    assert row[2].startswith("Löfte 1 saknar bedömning. Löfte 2 saknar bedömning.")
    gaps = Page(client.get(section(review, "promises"))).texts("//*[@id='saknas']//li")
    assert gaps[:5] == [f"Löfte {number} saknar bedömning." for number in range(1, 6)]
    assert all(gap.endswith("(kan vänta)") for gap in gaps[5:])


def test_open_comments_are_counted_on_their_section(review, client, coordinator):
    for _ in range(2):
        factories.ReviewCommentFactory(review=review, section="law", member=coordinator)
    [row] = [row for row in listed(review, client) if row[0] == "11 Lagkontroll"]
    assert row[3] == "2"


# --- The sections ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", Section.values)
def test_each_section_leads_to_the_one_before_and_the_one_after(name, review, client):
    page = Page(client.get(section(review, name)))
    turning = page.texts("//nav[@class='turning']/a")
    place = Section(name).number
    beside = [one for one in Section if abs(one.number - place) == 1]
    assert [text.split(": ")[1] for text in turning] == [one.heading for one in beside]
    assert page.text("//h1") == Section(name).label


def test_a_section_that_is_not_there_is_not_found(review, client):
    assert client.get(section(review, "finns-inte")).status_code == 404


def test_a_reader_reads_and_cannot_write(review, signed_in, reader):
    page = Page(signed_in(reader).get(section(review, "summary")))
    assert not page.all("//main//form")
    assert not page.all("//script[contains(@src, 'autosave')]")
    assert page.texts("//main//h2")[:2] == ["Sammanfattning", "Beslut som behövs"]


def test_the_fresh_draft_stands_beside_the_text_and_never_replaces_it(
    review, client, coordinator, snowmobile_promise
):
    text = review.texts.get(kind="summary")
    text.text = "Min egen text."
    text.save()
    factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise),
        party=coordinator.party,
        member=coordinator,
    )
    page = Page(client.get(f"{review.get_absolute_url()}text/summary/"))
    assert page.text("//*[@class='draft']").startswith("Under perioden loggades ett tillfälle.")
    assert page.typed["text"] == "Min egen text."
    assert review.texts.get(kind="summary").text == "Min egen text."


def test_what_only_people_can_say_has_no_draft(review, client):
    page = Page(client.get(f"{review.get_absolute_url()}text/conclusions/"))
    assert "Loggen ger inget utkast till den." in page.text()


# --- Comments --------------------------------------------------------------------------------


def test_either_party_comments_and_the_other_deals_with_it(
    review, client, signed_in, area_police, coordinator
):
    police = signed_in(area_police)
    response = police.post(section(review, "law") + "kommentera/", {"text": "Nämn rådet."})
    assert response.url == section(review, "law") + "#kommentarer"
    shown = Page(client.get(response.url)).text("//*[@id='kommentarer']")
    assert "Per Områdespolis, Polisen · 15 maj 2024 kl. 12.00 Nämn rådet." in shown

    comment = ReviewComment.objects.get()
    client.post(f"{review.get_absolute_url()}kommentarer/{comment.pk}/atgardad/")
    comment.refresh_from_db()
    assert comment.resolved_by == coordinator
    shown = Page(client.get(response.url)).text("//*[@id='kommentarer']")
    assert "Åtgärdad 15 maj 2024 av Sara Samordnare" in shown
    assert "Markera" not in shown


def test_an_assessment_has_comments_of_its_own(review, client, coordinator):
    assessment = review.assessments.get(promise__number=3)
    client.post(address_of(assessment) + "kommentera/", {"text": "Och skyltarna?"})
    comment = ReviewComment.objects.get()
    assert (comment.assessment, comment.section) == (assessment, "promises")
    assert "Och skyltarna?" in Page(client.get(address_of(assessment))).text()
    page = Page(client.get(section(review, "promises")))
    assert "Inga kommentarer." in page.text("//*[@id='kommentarer']")
    assert "Öppna kommentarer: 1" in page.text(f"//*[@id='bedomning-{assessment.pk}']")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Fyll i det här."),
        ("Föraren 19121212-1212.", "Texten innehåller ett personnummer"),
    ],
)
def test_a_comment_that_is_refused_comes_back(typed, says, review, client):
    page = Page(client.post(section(review, "law") + "kommentera/", {"text": typed, "x": "y"}))
    assert page.errors["text"][0].startswith(says)
    assert page.typed["text"] == typed
    assert not ReviewComment.objects.exists()


def test_comments_are_written_until_the_review_is_adopted(review, client, coordinator):
    factories.ReviewCommentFactory(review=review, section="law", member=coordinator)
    life.bring(review, Review.Status.SUBMITTED)
    address = section(review, "law") + "kommentera/"
    assert client.post(address, {"text": "Ser bra ut."}).status_code == 302
    submission = review.submissions.open().get()
    for party in review.agreement.parties.all():
        life.sign(submission, factories.MemberFactory(party=party, role="signatory"))
    life.seal(submission)

    assert client.post(address, {"text": "För sent."}).status_code == 403
    comment = ReviewComment.objects.first()
    resolve = f"{review.get_absolute_url()}kommentarer/{comment.pk}/atgardad/"
    assert client.post(resolve).status_code == 403
    assert ReviewComment.objects.filter(resolved_at=None).count() == 2


# --- What was said last ------------------------------------------------------------------------


@pytest.fixture
def earlier(review) -> Review:
    """The review, adopted with a judgement of promise 3 and of goal 1."""
    for thing in ({"promise__number": 3}, {"goal__number": 1}):
        assessment = review.assessments.get(**thing)
        assessment.value = "fulfilled" if "promise__number" in thing else "achieved"
        assessment.rationale = "Alla kontroller gjordes."
        assessment.assessed_by, assessment.assessed_on = review.created_by, date(2025, 3, 1)
        assessment.save()
    life.bring(review, Review.Status.ADOPTED)
    return review


@pytest.fixture
def later(earlier, agreement, coordinator) -> Review:
    return begin(agreement, coordinator, date(2025, 2, 28), date(2027, 2, 27))


def test_the_last_judgement_stands_beside_this_one(later, client):
    page = Page(client.get(address_of(later.assessments.get(goal__number=1))))
    assert page.text("//*[@aria-labelledby='forra']") == (
        "Förra uppföljningen Uppnått Alla kontroller gjordes. Bedömt 1 mars 2025 av"
        " Sara Samordnare, i uppföljningen 27 februari 2023 – 27 februari 2025."
    )


def test_a_promise_is_known_again_in_the_next_period(
    earlier, agreement, coordinator, snowmobile_promise
):
    period = factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    same = {"period": period, "topic": "Skoter"}
    carried = factories.PromiseFactory(
        number=1, wording="Ändrad lydelse.", predecessor=snowmobile_promise, **same
    )
    again = factories.PromiseFactory(number=3, wording=snowmobile_promise.wording, **same)
    new = factories.PromiseFactory(number=4, wording="Ett nytt löfte.", **same)
    later = begin(agreement, coordinator, date(2025, 2, 28), date(2027, 2, 27))

    found = {
        promise: last_assessment(later.assessments.get(promise=promise))
        for promise in (carried, again, new)
    }

    judged = earlier.assessments.get(promise=snowmobile_promise)
    assert (found[carried].assessment, found[carried].had_other_wording) == (judged, True)
    assert (found[again].assessment, found[again].had_other_wording) == (judged, False)
    assert (found[new].review, found[new].assessment) == (earlier, None)


def test_it_is_said_when_there_is_nothing_to_compare_with(review, later, client):
    first = Page(client.get(address_of(review.assessments.get(goal__number=2))))
    assert first.text("//*[@aria-labelledby='forra']") == (
        "Förra uppföljningen Det finns ingen tidigare fastställd uppföljning att jämföra med."
    )
    second = Page(client.get(address_of(later.assessments.get(goal__number=2))))
    assert second.text("//*[@aria-labelledby='forra']") == (
        "Förra uppföljningen Det här bedömdes inte i uppföljningen"
        " 27 februari 2023 – 27 februari 2025."
    )


# --- Autosave: what the server answers ------------------------------------------------------------


def test_an_autosave_answers_with_the_next_version(review, client):
    address = f"{review.get_absolute_url()}text/conclusions/"
    response = client.post(address, {"text": "Fast tid.", "version": "1"}, **JSON)
    assert (response.status_code, response.json()) == (200, {"version": 2, "saved_at": "12.00"})
    assert review.texts.get(kind="conclusions").text == "Fast tid."


def test_an_autosave_never_overwrites_and_says_so(review, client):
    address = f"{review.get_absolute_url()}text/conclusions/"
    client.post(address, {"text": "Deras.", "version": "1"}, **JSON)
    response = client.post(address, {"text": "Min.", "version": "1"}, **JSON)
    assert (response.status_code, response.json()) == (409, {"conflict": True})
    assert review.texts.get(kind="conclusions").text == "Deras."


def test_an_answer_that_was_lost_is_no_conflict(review, client):
    address = f"{review.get_absolute_url()}text/conclusions/"
    typed = {"text": "Samma text.", "version": "1"}
    first = client.post(address, typed, **JSON)
    assert client.post(address, typed, **JSON).json() == first.json()


def test_an_autosave_that_is_refused_says_why(review, client):
    address = f"{review.get_absolute_url()}text/conclusions/"
    response = client.post(address, {"text": "19121212-1212", "version": "1"}, **JSON)
    assert response.status_code == 422
    [sentence] = response.json()["errors"]["text"]
    assert sentence.startswith("Texten innehåller ett personnummer")
    asking = client.post(address, {"text": "Ring 070-174 06 05.", "version": "1"}, **JSON)
    assert asking.json()["asks"] is True
    assert review.texts.get(kind="conclusions").text == ""


def test_an_autosave_in_a_review_just_handed_in_is_refused_in_words(review, client):
    life.bring(review, Review.Status.SUBMITTED)
    address = f"{review.get_absolute_url()}text/conclusions/"
    response = client.post(address, {"text": "Ett ord till.", "version": "1"}, **JSON)
    assert response.json()["errors"] == {
        "__all__": ["Uppföljningen är inlämnad eller fastställd, och kan inte ändras."]
    }


# --- The history ----------------------------------------------------------------------------------


def test_a_text_written_in_one_sitting_is_one_change(review, client, signed_in, area_police):
    address = f"{review.get_absolute_url()}text/conclusions/"

    def save(sender: Client, text: str, minute: int) -> None:
        with time_machine.travel(f"2024-05-15T13:{minute:02}:00+02:00", tick=False):
            version = review.texts.get(kind="conclusions").version
            sender.post(address, {"text": text, "version": version}, **JSON)

    for minute, text in enumerate(("A", "A b", "A b c")):
        save(client, text, minute)
    save(signed_in(area_police), "A b c d", 5)
    save(client, "A b c d e", 6)
    save(client, "A b c d e f", 30)

    changes = changes_of(review.texts.get(kind="conclusions"), by_sitting=True)
    assert [
        (change.by, change.fields[0].before, change.fields[0].after) for change in changes[:-1]
    ] == [
        ("Sara Samordnare", "A b c d e", "A b c d e f"),
        ("Sara Samordnare", "A b c d", "A b c d e"),
        ("Per Områdespolis", "A b c", "A b c d"),
        ("Sara Samordnare", "Tomt", "A b c"),
    ]
    assert len(changes_of(review.texts.get(kind="conclusions"))) == 7


def test_what_was_changed_and_changed_back_is_no_change(review):
    text = review.texts.get(kind="conclusions")
    for written in ("Ett infall.", ""):
        text.text = written
        text.save()
    assert [change.verb for change in changes_of(text, by_sitting=True)] == ["Lades till"]
