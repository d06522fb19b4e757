"""The biennial review in the browser: started, written, assessed, and closed when adopted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from followup.models import Assessment, Review
from followup.models.locks import Refusal
from promises.forms.base import STALE
from promises.models import Agreement, Member, Promise
from tests import factories, life, snapshot
from tests.html import Page

pytestmark = pytest.mark.django_db

NOT_IN_THE_LIST = "Välj något av alternativen i listan."
TOO_LONG = "Texten är för lång: 100000 tecken. Högst 10000 får plats. Korta den eller dela upp den."


TWO_YEARS = {"ends_on": "2025-02-27", "cutoff_on": "2025-02-27"}


@pytest.fixture(scope="module")
def agreement(module_db) -> Agreement:
    return snapshot.loaded_agreement()


@pytest.fixture(scope="module")
def coordinator(agreement) -> Member:
    return factories.MemberFactory(name="Sara Samordnare", party=agreement.parties.first())


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


def filled_in(client: Client, address: str, **typed: str) -> HttpResponse:
    """Open the form, type, send."""
    return client.post(address, Page(client.get(address)).typed | typed)


@pytest.fixture
def fill_in(client) -> Callable[..., HttpResponse]:
    return partial(filled_in, client)


@pytest.fixture(scope="module")
def started(agreement, coordinator) -> Client:
    """The browser in which a review of the first two years was begun, ahead of their end and on a
    log of one occasion.
    """
    client = Client()
    with time_machine.travel("2024-05-15T12:00:00+02:00", tick=False):
        skoter = factories.ActivityFactory(
            promise=Promise.objects.get(number=3),
            title="Skoterkontroll",
            target_count=2,
            target_per="year",
        )
        factories.OccasionFactory(
            activity=skoter, party=coordinator.party, member=coordinator, minutes=90
        )
        client.force_login(coordinator)
        filled_in(client, "/uppfoljning/ny/", **TWO_YEARS)
    return client


@pytest.fixture
def review(started) -> Review:
    return Review.objects.get()


def assessment_of(review: Review, **thing) -> str:
    """The address where the goal, undertaking or promise with the number is assessed."""
    [(kind, number)] = thing.items()
    assessment = review.assessments.get(**{f"{kind}__number": number})
    return f"{review.get_absolute_url()}bedomning/{assessment.pk}/"


# --- Starting ------------------------------------------------------------------------------


def test_a_review_is_started_with_a_draft_and_everything_to_assess(
    review, started, coordinator, today
):
    assert (review.starts_on, review.ends_on, review.cutoff_on) == (
        *(date(2023, 2, 27), date(2025, 2, 27), date(2025, 2, 27)),
    )
    assert (review.status, review.edition, review.created_by) == ("draft", 1, coordinator)
    texts = dict(review.texts.values_list("kind", "text"))
    assert texts["summary"].startswith("Under perioden loggades ett tillfälle.")
    assert texts["method"].startswith("Uppföljningen bygger på samverkansgruppens logg")

    page = Page(started.get(review.get_absolute_url()))
    assert page.messages == ["Uppföljningen är påbörjad. Utkastet är skrivet ur loggen."]
    assert page.facts["Genomförda tillfällen"] == "1"
    assert page.facts["Bedömt"] == "0 av 13"
    for section, number in (("undertakings", 5), ("goals", 3), ("promises", 5)):
        judged = Page(started.get(f"{review.get_absolute_url()}avsnitt/{section}/"))
        assert len(judged.all("//section[@class='judged']")) == number


def test_the_draft_gives_the_facts_and_no_judgement(review):
    drafted = review.assessments.get(promise__number=3)
    assert drafted.rationale == (
        "Ett tillfälle, det senaste 12 mars 2024. Skoterkontroll: 1 av 4 tillfällen"
        " (2 per år, ej nådd). Loggad tid: 1\N{NO-BREAK SPACE}tim 30\N{NO-BREAK SPACE}min."
    )
    assert set(review.assessments.values_list("value", flat=True)) == {""}


def test_the_same_period_is_not_reviewed_twice(review, fill_in):
    page = Page(fill_in("/uppfoljning/ny/", **TWO_YEARS))
    assert page.errors == {"starts_on": ["Det finns redan en uppföljning av den perioden."]}
    assert Review.objects.count() == 1


def test_days_that_another_review_covers_are_not_reviewed_again(review, fill_in):
    page = Page(
        fill_in(
            "/uppfoljning/ny/",
            starts_on="2025-02-27",
            ends_on="2026-12-31",
            cutoff_on="2026-12-31",
        )
    )
    assert page.errors == {
        "starts_on": [
            "Perioden går in i den som redan följs upp: 27 februari 2023 – 27 februari 2025."
        ]
    }
    assert Review.objects.count() == 1


def test_the_day_after_the_last_review_is_the_first_of_the_next(review, fill_in):
    fill_in(
        "/uppfoljning/ny/", starts_on="2025-02-28", ends_on="2027-02-27", cutoff_on="2027-02-27"
    )
    assert Review.objects.count() == 2


# --- The list ------------------------------------------------------------------------------


def test_reviews_are_listed_with_where_they_stand(review, client):
    review.registry_number = "KS 2024/17"
    review.save()
    page = Page(client.get("/uppfoljning/"))
    assert page.rows() == [
        [
            *("27 februari 2023 – 27 februari 2025", "Utkast", "1", "KS 2024/17"),
            "Öppna PDF för 27 februari 2023 – 27 februari 2025",
        ]
    ]
    assert page.text("//*[@class='page-head']//p") == (
        "Målen ska följas upp med 2 års mellanrum. Nästa gång senast 27 februari 2025."
    )


# --- Assessing -----------------------------------------------------------------------------


def scale(page: Page, name: str) -> list[str]:
    return [radio.get("value") for radio in page.form.xpath(f".//input[@name='{name}']")]


def test_each_thing_is_judged_on_its_own_scale(review, client):
    goal = Page(client.get(assessment_of(review, goal=1)))
    assert scale(goal, "value") == ["achieved", "partly_achieved", "not_achieved", "cannot_assess"]
    assert scale(goal, "trend") == ["better", "unchanged", "worse"]
    for thing in ({"promise": 3}, {"undertaking": 5}):
        page = Page(client.get(assessment_of(review, **thing)))
        assert scale(page, "value") == [
            *("fulfilled", "partly_fulfilled", "not_fulfilled", "cannot_assess")
        ]
        assert scale(page, "trend") == []


def test_the_figures_stand_beside_the_judgement(review, client):
    page = Page(client.get(assessment_of(review, promise=3)))
    evidence = page.text("//section[@aria-labelledby='underlag']")
    assert evidence.startswith(
        "Vad loggen säger 1 tillfälle, senast 12 mars 2024. Tid: 1 tim 30 min."
    )
    assert page.rows("//section//table") == [["Skoterkontroll", "1", "Ej nådd 1 av 4, 2 per år"]]


def test_without_anything_logged_the_evidence_says_so(review, client):
    page = Page(client.get(assessment_of(review, promise=1)))
    assert page.text("//section[@aria-labelledby='underlag']") == (
        "Vad loggen säger 0 tillfällen. Tid: Ingen uppgift. Loggen har inget underlag. Siffrorna"
        " gäller 27 februari 2023 – 27 februari 2025, det som hade loggats 27 februari 2025."
    )


def test_an_assessment_has_a_person_and_a_day(review, fill_in, client, coordinator):
    address = assessment_of(review, promise=3)
    response = fill_in(
        address,
        value="partly_fulfilled",
        rationale="En kontroll av fyra.",
        obstacles="Ont om snö.",
        lessons="Planera om.",
        proposal="change",
    )
    saved = review.assessments.get(promise__number=3)
    place = f"{review.get_absolute_url()}avsnitt/promises/"
    assert response.url == f"{place}#bedomning-{saved.pk}"
    assert (saved.value, saved.rationale, saved.proposal) == (
        *("partly_fulfilled", "En kontroll av fyra.", "change"),
    )
    assert (saved.assessed_by, saved.assessed_on) == (coordinator, date(2024, 5, 15))
    page = Page(client.get(place))
    assert page.messages == ["Bedömningen av löfte 3 är sparad."]
    judged = page.text(f"//section[@id='bedomning-{saved.pk}']")
    assert "Delvis uppfyllt · Förslag: ändra En kontroll av fyra." in judged
    assert "Bedömt 15 maj 2024 av Sara Samordnare." in judged
    assert Page(client.get(review.get_absolute_url())).facts["Bedömt"] == "1 av 13"


@pytest.mark.parametrize(
    ("thing", "value"),
    [({"promise": 3}, "achieved"), ({"undertaking": 1}, "achieved"), ({"goal": 1}, "fulfilled")],
    ids=str,
)
def test_a_value_from_another_scale_is_refused(thing, value, review, fill_in):
    page = Page(fill_in(assessment_of(review, **thing), value=value, rationale="Därför."))
    assert page.errors == {"value": [NOT_IN_THE_LIST]}
    assert set(Assessment.objects.values_list("value", flat=True)) == {""}


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"rationale": "Därför."}, {"value": "Välj ett steg på skalan."}),
        (
            {"value": "fulfilled", "rationale": ""},
            {"rationale": "Skriv en motivering: vad bedömningen grundar sig på."},
        ),
        (
            {"value": "fulfilled", "rationale": " \n "},
            {"rationale": "Skriv en motivering: vad bedömningen grundar sig på."},
        ),
        ({"value": "fulfilled", "rationale": "å" * 100_000}, {"rationale": TOO_LONG}),
        (
            {"value": "fulfilled", "rationale": "Därför.", "lessons": "ö" * 100_000},
            {"lessons": TOO_LONG},
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_faulty_assessment_is_explained_and_nothing_typed_is_lost(typed, faults, review, fill_in):
    page = Page(fill_in(assessment_of(review, promise=3), obstacles="Ont om snö.", **typed))
    assert page.errors == {name: [sentence] for name, sentence in faults.items()}
    assert list(page.summary.values()) == list(faults)
    assert {name: page.typed[name] for name in typed} == typed
    assert page.typed["obstacles"] == "Ont om snö."
    assert review.assessments.get(promise__number=3).value == ""


def test_a_stale_assessment_is_refused_and_keeps_what_was_typed(review, fill_in, client):
    address = assessment_of(review, goal=2)
    mine = Page(client.get(address)).typed
    mine |= {"value": "achieved", "trend": "unchanged", "rationale": "Min motivering."}
    fill_in(address, value="not_achieved", rationale="Deras motivering.")
    page = Page(client.post(address, mine))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.typed["rationale"] == "Min motivering."
    assert page.typed["value"] == "achieved"
    saved = review.assessments.get(goal__number=2)
    assert (saved.value, saved.rationale) == ("not_achieved", "Deras motivering.")


def test_an_assessment_is_found_only_in_its_own_review(review, client, agreement, coordinator):
    other = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    assessment = review.assessments.first()
    assert client.get(f"/uppfoljning/{other.pk}/bedomning/{assessment.pk}/").status_code == 404


# --- The texts -----------------------------------------------------------------------------


def text_of_kind(review: Review, kind: str) -> str:
    """The address where the text of that kind is written."""
    return f"{review.get_absolute_url()}text/{kind}/"


def test_a_text_is_saved_and_shown_in_its_section(review, fill_in, client):
    response = fill_in(text_of_kind(review, "summary"), text="Tryggheten är hög.\n\nSnön kom sent.")
    assert response.url == f"{review.get_absolute_url()}avsnitt/summary/#text-summary"
    page = Page(client.get(response.url))
    assert page.messages == ["Sparat: Sammanfattning."]
    assert page.one("//*[@id='id_summary_text']").text.strip() == (
        "Tryggheten är hög.\r\n\r\nSnön kom sent.".replace("\r\n", "\n")
    )


def test_the_registry_number_is_written_on_the_cover(review, fill_in, client):
    response = fill_in(f"{review.get_absolute_url()}forsattsblad/", registry_number="KS 2025/17")
    page = Page(client.get(response.url))
    assert page.messages == ["Försättsbladet är sparat."]
    assert "Diarienummer KS 2025/17" in page.text()


def test_a_text_that_is_too_long_is_kept_in_the_form(review, fill_in):
    text = "å" * 100_000
    page = Page(fill_in(text_of_kind(review, "conclusions"), text=text))
    assert page.errors == {"text": [TOO_LONG]}
    assert page.typed["text"] == text
    assert review.texts.get(kind="conclusions").text == ""


def test_a_stale_text_is_refused_and_keeps_what_was_typed(review, fill_in, client):
    address = text_of_kind(review, "summary")
    mine = Page(client.get(address)).typed | {"text": "Min sammanfattning."}
    fill_in(address, text="Deras sammanfattning.")
    page = Page(client.post(address, mine))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.typed["text"] == "Min sammanfattning."
    assert review.texts.get(kind="summary").text == "Deras sammanfattning."


def test_two_texts_of_a_review_do_not_stand_in_each_others_way(review, fill_in, client):
    address = text_of_kind(review, "summary")
    mine = Page(client.get(address)).typed | {"text": "Min sammanfattning."}
    fill_in(text_of_kind(review, "decisions"), text="- Fortsätt 2027")
    assert client.post(address, mine).status_code == 302
    assert review.texts.get(kind="summary").text == "Min sammanfattning."


def test_html_in_a_text_is_shown_and_never_obeyed(review, fill_in, client, signed_in, reader):
    text = "<script>alert(1)</script> & <b>fet</b>"
    fill_in(text_of_kind(review, "summary"), text=text)
    page = Page(signed_in(reader).get(f"{review.get_absolute_url()}avsnitt/summary/"))
    assert page.texts("//*[@class='document']")[0] == text
    assert not page.all("//main//script")


# --- Open and closed -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [Review.Status.SUBMITTED, Review.Status.ADOPTED])
def test_a_review_that_is_handed_in_cannot_be_written(status, review, client):
    addresses = [text_of_kind(review, "summary"), f"{review.get_absolute_url()}forsattsblad/"]
    assess = assessment_of(review, promise=3)
    typed = {"value": "fulfilled", "rationale": "Nej.", "text": "Nej.", "registry_number": "Nej."}
    life.bring(review, status)
    before = stored(review)
    for address in addresses:
        assert client.get(address).status_code == 403
    for address in (*addresses, assess):
        page = Page(client.post(address, typed | {"version": "1"}))
        assert page.summary == {Refusal.REVIEW_CLOSED.label: ""}
        assert "Nej." in page.typed.values()
    assert stored(review) == before
    assert not Page(client.get(assess)).all("//main//form")
    section = Page(client.get(f"{review.get_absolute_url()}avsnitt/summary/"))
    assert not section.all("//main//textarea")


def stored(review: Review) -> list:
    texts, assessments = review.texts.order_by("pk"), review.assessments.order_by("pk")
    return [Review.objects.values().get(), *texts.values(), *assessments.values()]


def test_a_returned_review_can_be_written_again(review, client):
    life.bring(review, Review.Status.RETURNED)
    assert client.get(text_of_kind(review, "summary")).status_code == 200


@pytest.mark.usefixtures("brief_pdf")
def test_the_pdf_is_a_pdf_with_a_name_that_says_what_it_is(review, client):
    response = client.get(f"{review.get_absolute_url()}pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'inline; filename="uppfoljning-2023-02-27-2025-02-27-version-1-utkast.pdf"'
    )
    assert response.content.startswith(b"%PDF-")
