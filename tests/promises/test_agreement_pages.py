"""The signed documents on the screen: every sentence of them, and where they stand today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import time_machine

from tests import factories
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

# The two documents as the customer handed them over, kept word for word.
SOURCES = Path(__file__).parents[1] / "sources"
AGREEMENT = SOURCES / "samverkansoverenskommelse-2023-2026.md"
PROMISES = SOURCES / "medborgarlofte-2023-2024.md"

MARKERS = re.compile(r"^(#+|-)\s+|\*\*")
SENTENCE_ENDS = re.compile(r"(?<=[.:])\s+")


def sentences(document: Path) -> list[str]:
    """Every sentence, heading, list item and name in the document, without Markdown's markers."""
    lines = [MARKERS.sub("", line).strip() for line in document.read_text().splitlines()]
    return [sentence for line in lines if line for sentence in SENTENCE_ENDS.split(line)]


def section_headings(document: Path) -> list[str]:
    return re.findall(r"^##+ (.+)$", document.read_text(), flags=re.MULTILINE)


@pytest.fixture
def read(signed_in, reader, today):
    return lambda address: Page(signed_in(reader).get(address))


def test_the_documents_are_parsed_whole():
    assert len(sentences(AGREEMENT)) == 35
    assert len(sentences(PROMISES)) == 18


@pytest.mark.parametrize(
    ("document", "address"), [(AGREEMENT, "/overenskommelse/"), (PROMISES, "/loften/")]
)
def test_every_sentence_of_the_signed_document_is_on_its_page(document, address, read):
    text = read(address).text()
    assert [sentence for sentence in sentences(document) if sentence not in text] == []


def test_the_sections_of_the_agreement_are_headings_in_the_documents_order(read):
    headings = read("/overenskommelse/").texts("//article//h2")
    # The portal adds two: the document has a list of undertakings, and signatures, without one.
    headings.remove("Åtaganden")
    headings.remove("Undertecknat av")
    assert headings == section_headings(AGREEMENT)


def test_the_titles_of_the_documents_are_the_headings_of_their_pages(read):
    assert read("/overenskommelse/").text("//h1") == (
        "Samverkansöverenskommelse 2023–2026 mellan Lokalpolisområde Södra Lappland"
        " och Dorotea kommun"
    )
    assert read("/loften/").text("//h1") == "Medborgarlöfte 2023-2024"


def test_goals_and_undertakings_stand_in_order_with_an_address_of_their_own(read):
    page = read("/overenskommelse/")
    assert [item.get("id") for item in page.all("//article/ol/li")] == [
        *("mal-1", "mal-2", "mal-3"),
        *("atagande-1", "atagande-2", "atagande-3", "atagande-4", "atagande-5"),
    ]
    assert page.text("//*[@id='mal-2']") == "Tryggheten i kommunen ska fortsatt vara hög"
    assert page.text("//*[@id='atagande-5']").endswith("insatserna. (Gemensamt, åtagande 5)")


def test_the_promises_stand_in_order_with_those_who_answer_for_them(read):
    promises = read("/loften/").texts("//ol[@class='promises']/li")
    assert len(promises) == 5
    assert promises[4] == (
        "5 Synlig polis i byarna Polisen ska vara synlig och närvarande i byar genom"
        " trafikkontroller. Ansvarar: Polisen i Södra Lappland"
    )
    assert promises[0].endswith("Ansvarar: Dorotea kommun och Polisen i Södra Lappland")


@pytest.mark.parametrize("address", ["/overenskommelse/", "/loften/"])
def test_the_sami_name_is_marked_up_as_south_sami_wherever_it_stands(address, read):
    for text in read(address).root.xpath("//body//text()[contains(., 'Kraapohken')]"):
        element = text.getparent()
        assert element.get("lang") == "sma", text_of(element.getparent())


def test_the_letterhead_stands_as_it_was_signed(read):
    letterhead = read("/overenskommelse/").one("//*[@class='letterhead']")
    assert text_of(letterhead) == "Dorotea kommun Kraapohken tjielte"


def test_a_signature_without_a_date_says_so(read):
    signatures = "//ul[@class='signatures']/li"
    assert read("/overenskommelse/").texts(signatures) == [
        "Daniel Westerberg Tf. Lokalpolisområdeschef Södra Lappland Handlingen anger inget datum",
        "Olli Joenvärää Kommunchef Handlingen anger inget datum",
    ]
    assert read("/loften/").texts(signatures) == [
        "Daniel Westerberg Tf Lokalpolisområdeschef 2023-02-27",
        "Olli Joenvärää Kommunchef 2023-02-27",
    ]


@pytest.mark.parametrize(
    ("day", "status", "next_review"),
    [
        ("2023-02-26", "Kommande", "senast 27 februari 2025"),
        ("2025-02-27", "Gäller", "senast 27 februari 2025"),
        ("2025-02-28", "Gäller", "senast 27 februari 2025 Försenad"),
        ("2026-12-31", "Gäller", "senast 27 februari 2025 Försenad"),
        ("2027-01-01", "Gäller tills vidare", "senast 27 februari 2025 Försenad"),
    ],
)
def test_where_the_agreement_stands_on_a_day(day, status, next_review, signed_in, reader):
    with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
        facts = Page(signed_in(reader).get("/overenskommelse/")).facts
    assert facts == {
        "Läge i dag": status,
        "Gäller": "27 februari 2023 – 31 december 2026",
        "Nästa uppföljning": next_review,
        "Parter": "Dorotea kommun (Kraapohken tjïelte) Polisen i Södra Lappland",
    }


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2024-12-31", "Gäller 1 januari 2023 – 31 december 2024"),
        (
            "2025-01-01",
            "Gällde 1 januari 2023 – 31 december 2024. Ingen ny löftesperiod har börjat.",
        ),
    ],
)
def test_a_period_that_has_run_out_says_so(day, sentence, signed_in, reader):
    with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
        page = Page(signed_in(reader).get("/loften/"))
    assert page.text("//*[@class='eyebrow']") == sentence


def test_another_period_is_mentioned_below(read, agreement):
    factories.PromisePeriodFactory(
        agreement=agreement,
        title="Medborgarlöfte 2021–2022",
        starts_on="2021-01-01",
        ends_on="2022-12-31",
    )
    page = read("/loften/")
    assert page.text("//h1") == "Medborgarlöfte 2023-2024"
    assert page.texts("//main/ul/li") == [
        "Medborgarlöfte 2021–2022 (1 januari 2021 – 31 december 2022)"
    ]


@pytest.mark.parametrize(
    "address", ["/overenskommelse/", "/loften/", "/oversikt/", "/uppfoljning/"]
)
def test_without_an_agreement_the_page_says_what_to_do(address, administrator, signed_in):
    page = Page(signed_in(administrator).get(address))
    assert page.text("//h1") == "Ingen överenskommelse att visa"
    assert page.texts("//main//a[@href='/kom-igang/']") == ["Kom igång med portalen"]
