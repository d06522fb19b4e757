"""The report as a file: archivable, readable with a screen reader, and always the same bytes.

That it is PDF/A-3a and PDF/UA-1 through and through is for a validator to say; the rest is what a
reader would notice.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import pickle
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.db import transaction
from django.test import override_settings

from followup.law.rows import Law
from followup.models import Review
from followup.paper import pdf
from followup.paper import review as paper
from followup.paper.report_tables import FIGURES_HEADER, figures_csv, log_csv
from followup.review.contents import (
    AssessedSection,
    Difference,
    LogRow,
    ReviewContents,
    SignatureRow,
)
from followup.review.gathering import contents_of
from followup.templatetags.figures import measured
from tests import pixels
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    OccasionFactory,
    PartyFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReviewFactory,
)
from tests.html import Page
from tests.life import shown
from tests.printed import attachments_of, bookmarks_of, pages_of
from tests.verapdf import faults_of, written

pytestmark = pytest.mark.django_db

SWEDEN = ZoneInfo("Europe/Stockholm")
PRINTED_ON = date(2025, 4, 10)
EXAMPLE = "EXEMPEL – inte en verklig uppföljning"
PROMISE = "Löfte 1: Tobak och alkohol bland unga"


def render_review(contents: ReviewContents) -> bytes:
    """The review as it would be printed: by way of its text."""
    return paper.render_review(shown(contents))


def filled_in(contents: ReviewContents) -> Page:
    """What is printed, before it is laid out."""
    review = shown(contents)
    context = {"contents": review, "contents_sha256": review.sha256}
    return Page.of_text(pdf.html_of("followup/review/review_print.html", context))


# --- Reports, made once for every test -------------------------------------------------


@pytest.fixture(scope="module")
def scratch_database(django_db_setup, django_db_blocker):
    """Run something in a database that forgets it afterwards."""

    def run(something):
        with (
            django_db_blocker.unblock(),
            override_settings(
                DEBUG=True,
                PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            ),
            transaction.atomic(),
        ):
            result = something()
            transaction.set_rollback(True)
        return result

    return run


@pytest.fixture(scope="module")
def example(copies, django_db_blocker) -> ReviewContents:
    """The example's review of two years, as it will be once both parties have signed it.

    It prints the first 45 of its 197 occasions: that is four pages of them.
    """
    with django_db_blocker.unblock():
        copies.bring_example()
        contents = contents_of(Review.objects.get(), PRINTED_ON)
        copies.bring_tables()
    signed_at = datetime(2025, 4, 9, 12, 0, tzinfo=UTC)
    kommunen, polisen = (party.name for party in contents.parties)
    signatures = (
        SignatureRow(kommunen, "Kim Kommunchef", "Kommunchef", False, signed_at),
        SignatureRow(polisen, "Pia Polis", "Kommunpolis", True, signed_at),
    )
    return adopted(replace(contents, log=contents.log[:45]), signatures)


def adopted(contents: ReviewContents, signatures: tuple[SignatureRow, ...]) -> ReviewContents:
    standing = replace(
        contents.standing, status="adopted", status_label="Fastställd", signatures=signatures
    )
    return replace(contents, standing=standing)


@pytest.fixture(scope="module")
def example_pdf(example) -> bytes:
    return render_review(example)


@pytest.fixture(scope="module")
def pages(example_pdf) -> list[str]:
    """The example's text, page by page, in the order in which it is read."""
    return pages_of(example_pdf)


@pytest.fixture(scope="module")
def bookmarks(example_pdf) -> dict[str, int]:
    return bookmarks_of(example_pdf)


@pytest.fixture(scope="module")
def file(example_pdf) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(example_pdf)) as opened:
        yield opened


@pytest.fixture(scope="module")
def small(scratch_database) -> ReviewContents:
    """A review with one occasion and hardly a word written."""

    def write() -> ReviewContents:
        party = PartyFactory(name="Dorotea kommun", sami_name="Kraapohken tjïelte")
        agreement = AgreementFactory(parties=[party])
        promise = PromiseFactory(period=PromisePeriodFactory(agreement=agreement), number=1)
        activity = ActivityFactory(promise=promise, title="Kontroll")
        OccasionFactory(activity=activity, party=party, created_at=datetime.now(SWEDEN))
        review = ReviewFactory(agreement=agreement, cutoff_on=date(2100, 1, 1))
        return contents_of(review, PRINTED_ON)

    return scratch_database(write)


@pytest.fixture(scope="module")
def small_pdf(small) -> bytes:
    return render_review(small)


def in_one_line(text: str) -> str:
    return " ".join(text.split())


# --- What it says of itself ----------------------------------------------------------------


def test_the_validator_finds_no_fault_with_a_signed_example_nor_with_a_draft_of_hardly_anything(
    example_pdf, small_pdf, faultless, tmp_path
):
    changed = faultless.unknown_of({"underskriven": example_pdf, "utkast": small_pdf})
    assert not changed or faults_of(*written(changed, tmp_path)) == []
    faultless.add_all(changed)


def test_it_is_tagged_in_swedish_and_shows_its_title(file):
    assert file.Root.MarkInfo.Marked
    assert file.Root.Lang == "sv"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert file.docinfo.Title == "Tvåårsuppföljning 2023-02-27 – 2025-02-27, Dorotea kommun"
    assert file.docinfo.Author == "Dorotea kommun, Polisen i Södra Lappland"


def test_it_says_that_it_is_both_pdf_a_and_pdf_ua(file):
    with file.open_metadata() as metadata:
        said = {name: metadata[name] for name in ("pdfaid:part", "pdfaid:conformance")}
        said["pdfuaid:part"] = metadata["{http://www.aiim.org/pdfua/ns/id/}part"]

    assert said == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def test_its_bookmarks_are_its_headings_in_order(bookmarks):
    assert list(bookmarks) == [
        "Innehåll",
        "1 Sammanfattning",
        "2 Underlag och metod",
        "3 Parternas åtaganden",
        *[f"  Åtagande {number}" for number in range(1, 6)],
        "4 Måluppfyllelse",
        *[f"  Mål {number}" for number in range(1, 4)],
        "5 Löftena",
        f"  {PROMISE}",
        "  Löfte 2: Inbrott och bedrägerier",
        "  Löfte 3: Skoterkörning i Borgafjäll",
        "  Löfte 4: Trafikmiljön i centrala Dorotea",
        "  Löfte 5: Synlig polis i byarna",
        "6 Lägesbild",
        "7 Medborgardialog och återkoppling",
        "8 Samverkan",
        "9 Avvikelser",
        "10 Slutsatser och förslag",
        "11 Lagkontroll",
        "12 Underskrifter",
        "Bilaga: Loggen",
    ]


def test_the_table_of_contents_names_the_pages_where_things_stand(bookmarks, pages):
    printed = re.findall(r"^(?:\d+ )?(.+?) (\d+)$", pages[1], flags=re.MULTILINE)

    standing = {
        re.sub(r"^ *(\d+ )?", "", title): page
        for title, page in bookmarks.items()
        if not re.match(r"Innehåll|  (Åtagande|Mål) \d", title)
    }
    assert {title: int(page) for title, page in printed if title in standing} == standing
    for title, page in standing.items():
        assert title in pages[page - 1]


def test_the_summary_is_a_page_of_its_own(bookmarks, pages):
    summary = in_one_line(pages[bookmarks["1 Sammanfattning"] - 1])

    assert bookmarks["2 Underlag och metod"] == bookmarks["1 Sammanfattning"] + 1
    assert "Beslut som behövs" in summary
    assert "Löfte 5 Synlig polis i byarna" in summary


@pytest.mark.parametrize("chapter", ["11 Lagkontroll", "12 Underskrifter"])
def test_a_chapter_to_be_shown_alone_is_one_page(bookmarks, chapter):
    titles = list(bookmarks)
    following = titles[titles.index(chapter) + 1]

    assert bookmarks[following] == bookmarks[chapter] + 1


def test_every_page_after_the_cover_has_its_number(pages):
    numbered = [re.findall(r"sida (\d+) av (\d+)", page) for page in pages]

    total = str(len(pages))
    assert numbered == [[], *[[(str(page), total)] for page in range(2, len(pages) + 1)]]


# --- What a screen reader meets ------------------------------------------------------------


@pytest.fixture(scope="module")
def elements(file) -> list[pikepdf.Dictionary]:
    return list(structure(file.Root.StructTreeRoot))


def structure(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Every structure element under one, in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from structure(kid)


def test_every_heading_cell_says_whether_it_heads_a_column_or_a_row(elements):
    scopes = [str(one.A.Scope) for one in elements if one.S == "/TH"]

    assert set(scopes) == {"/Column", "/Row"}


def test_the_only_pictures_that_are_read_out_are_the_charts(example, elements):
    read_out = [str(one.Alt) for one in elements if one.S == "/Figure"]

    expected = series_of(*example.undertakings, *example.goals)
    for promise in example.promises:
        expected += [
            f"Tillfällen per månad, {promise.label}",
            f"Tillfällen per plats, {promise.label}",
        ]
        expected += series_of(promise)
    assert sorted(read_out) == sorted(expected)


def series_of(*sections: AssessedSection) -> list[str]:
    """The titles of the charts over time that the sections' metrics have."""
    return [
        f"{row.figure.name} över tiden"
        for section in sections
        for row in section.metrics
        if row.figure.is_compared
    ]


def test_headings_never_skip_a_level(elements):
    levels = [int(str(one.S)[2]) for one in elements if re.fullmatch(r"/H\d", str(one.S))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_the_sami_name_is_marked_as_south_sami(elements):
    assert [str(one.Lang) for one in elements if "/Lang" in one] == ["sma"]


# --- What it looks like: tests/approved/ -----------------------------------------------------

APPROVED_PAGES = {
    "review-contents": ("Innehåll", 0),
    "review-summary": ("1 Sammanfattning", 0),
    "review-promise": (f"  {PROMISE}", 0),
    "review-promise-figures": (f"  {PROMISE}", 1),
    "review-cooperation": ("8 Samverkan", 0),
    "review-law": ("11 Lagkontroll", 0),
    "review-signatures": ("12 Underskrifter", 0),
    "review-log": ("Bilaga: Loggen", 0),
}


def test_the_cover_looks_approved(example_pdf):
    pixels.assert_looks_approved("review-cover", pixels.picture(example_pdf, 1))


@pytest.mark.parametrize("name", APPROVED_PAGES)
def test_the_page_looks_approved(example_pdf, bookmarks, name):
    bookmark, after = APPROVED_PAGES[name]

    pixels.assert_looks_approved(name, pixels.picture(example_pdf, bookmarks[bookmark] + after))


# --- What it says --------------------------------------------------------------------------


def test_swedish_and_south_sami_letters_come_out_right(pages):
    assert "Kraapohken tjïelte" in pages[0]
    assert "Tvåårsuppföljning" in pages[0]
    assert any("Parternas åtaganden" in page for page in pages[3:])


def test_every_occasion_of_the_log_stands_in_the_appendix_in_order(example, pages, bookmarks):
    appendix = " ".join(pages[bookmarks["Bilaga: Loggen"] - 1 :])

    # Lines break after hyphens too, so that spaces say nothing.
    unspaced = "".join(appendix.split())
    position = 0
    for row in example.log:
        for said in (row.date.isoformat(), row.activity, row.done, row.outcome):
            found = unspaced.find("".join(said.split()), position)
            assert found >= 0, (row, said)
            position = found
    dated = re.findall(r"\b20\d\d-\d\d-\d\d (?:Löfte|Åtagande) \d", appendix)
    assert len(dated) == len(example.log) == 45


def test_an_example_is_marked_on_the_cover_and_on_every_page(pages):
    assert [page.count(EXAMPLE) for page in pages] == [1] * len(pages)


def test_so_is_a_draft(small_pdf):
    pages = pages_of(small_pdf)

    assert [page.count("UTKAST") for page in pages] == [1] * len(pages)


@pytest.mark.parametrize(
    ("status", "is_example", "mark"),
    [
        ("draft", True, [f"UTKAST · {EXAMPLE}"]),
        ("draft", False, ["UTKAST"]),
        ("submitted", False, ["UTKAST"]),
        ("adopted", True, [EXAMPLE]),
        ("adopted", False, []),
    ],
)
def test_whatever_is_not_adopted_or_not_real_is_marked(small, status, is_example, mark):
    standing = replace(small.standing, status=status)

    page = filled_in(replace(small, is_example=is_example, standing=standing))

    assert page.texts("//*[@class='cover-flag']") == mark


def test_an_adopted_review_says_who_signed(small):
    at = datetime(2025, 4, 3, 23, 30, tzinfo=UTC)
    signature = SignatureRow("Dorotea kommun", "Kim Kommunchef", "Kommunchef", True, at)

    page = filled_in(adopted(small, (signature,)))

    cover = page.text("//section[@class='cover']")
    assert "Läge Fastställd den 4 april 2025" in cover
    assert (
        "Fastställd av Kim Kommunchef, Kommunchef, på delegation, Dorotea kommun Framtagen" in cover
    )
    signed = page.text("//section[@id='underskrifter']")
    assert "Namn Kim Kommunchef Titel Kommunchef, på delegation" in signed
    assert "Undertecknad i portalen den 4 april 2025 kl. 01.30" in signed


def test_a_review_with_nothing_in_it_says_so(small):
    nothing = replace(
        small, promises=(), undertakings=(), goals=(), log=(), gaps=(), law=Law((), ())
    )

    text = filled_in(nothing).text("//body")

    assert "Sammanfattning saknas." in text
    assert "Inget medborgarlöfte gällde under perioden." in text
    assert "Inget tillfälle är loggat i perioden." in text
    assert "Inget känt saknas." in text
    assert "Ingen lägesbild var antagen på brytdatumet." in text
    assert "Ingen medborgardialog från perioden finns i lägesbildens underlag." in text
    assert "Ingen rapport är noterad som lämnad under perioden." in text
    assert "Slutsatser saknas." in text
    assert "Lagkontrollen är inte gjord." in text


def test_what_came_too_late_is_told_apart_from_what_is_counted(small):
    (counted,) = small.log
    late = replace(counted, activity="Sen kontroll", logged_on=date(2025, 4, 1))
    before = replace(counted, activity="Förra periodens kontroll")
    deviations = replace(small.deviations, late=(late,))

    page = filled_in(replace(small, deviations=deviations, late_before=(before,)))

    next_time, last_time = re.search(
        r"Sent registrerade: kommer i nästa uppföljning (.*?) "
        r"Från förra perioden, sent registrerade (.*)",
        page.text("//section[@id='avvikelser']"),
    ).groups()
    assert "Sen kontroll" in next_time
    assert "räknas inte i den här uppföljningen" in next_time
    assert "Förra periodens kontroll" in last_time
    assert "räknas inte i den här periodens siffror" in last_time


def test_the_second_version_says_what_it_changed_and_the_first_does_not(small):
    difference = Difference("Löfte 1, bedömning", "Uppfyllt", "Delvis uppfyllt")

    first = filled_in(small)
    second = filled_in(replace(small, edition=2, differences=(difference,)))

    assert second.texts("//h2")[1:4] == [
        "Sammanfattning",
        "Ändrat sedan förra versionen",
        "Underlag och metod",
    ]
    assert "Ändrat sedan förra versionen" in second.texts("//h2[@class='unnumbered']")
    assert "Löfte 1, bedömning Uppfyllt Delvis uppfyllt" in second.text("//body")
    assert "Ändrat sedan" not in first.text("//body")


@pytest.mark.parametrize("part", ["summary", "situation", "dialogue", "cooperation"])
def test_every_text_of_the_review_is_printed(example, pages, part):
    unspaced = "".join("".join(pages).split())

    first_line = getattr(example.texts, part).strip().splitlines()[0]

    assert "".join(first_line.split())[:60] in unspaced


def test_what_people_write_is_never_markup(small):
    summary = '<script>x</script> <img src="file:///etc/hostname"> & å'
    written = replace(small, texts=replace(small.texts, summary=summary))

    page = filled_in(written)

    assert page.all("//script | //img") == []
    assert '<script>x</script> <img src="file:///etc/hostname"> & å' in page.text("//body")


# --- What it carries -----------------------------------------------------------------------


def test_every_font_is_lato_and_embedded(file):
    fonts = [
        one
        for one in file.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"
    ]
    descriptors = [one.FontDescriptor for one in fonts if "/DescendantFonts" not in one]

    assert {str(one.Subtype) for one in fonts} == {"/Type0", "/CIDFontType2"}
    assert all("/FontFile2" in one for one in descriptors)
    assert all("Lato" in str(one.FontName) for one in descriptors)


@pytest.fixture(scope="module")
def attached(example_pdf) -> dict[str, bytes]:
    return attachments_of(example_pdf)


def test_the_log_and_the_signed_contents_are_attached(example, attached):
    assert attached == {
        "logg.csv": log_csv(example.log).encode(),
        "nyckeltal.csv": figures_csv(example).encode(),
        "uppfoljning.json": shown(example).text.encode(),
    }


def test_attachments_are_data_and_listed_once(file):
    assert [(str(one.UF), str(one.AFRelationship)) for one in file.Root.AF] == [
        ("logg.csv", "/Data"),
        ("nyckeltal.csv", "/Data"),
        ("uppfoljning.json", "/Data"),
    ]


def test_the_printed_checksum_is_that_of_the_attached_contents(example, attached, pages):
    printed = re.findall(r"\b[0-9a-f]{64}\b", " ".join(pages))

    digest = hashlib.sha256(attached["uppfoljning.json"]).hexdigest()
    assert printed == [shown(example).sha256] == [digest]


def test_the_log_as_a_table_reads_back_as_it_was(example):
    text = log_csv(example.log)

    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert text[0] == "\ufeff"
    assert header == [
        "Datum",
        "Hör till",
        "Aktivitet",
        "Plats",
        "Part",
        "Tid (minuter)",
        "Deltagare",
        "Vad som gjordes",
        "Vad det gav",
    ]
    assert rows == [
        [
            row.date.isoformat(),
            row.under,
            row.activity,
            row.place,
            row.party,
            "" if row.minutes is None else str(row.minutes),
            "" if row.participants is None else str(row.participants),
            row.done,
            row.outcome,
        ]
        for row in example.log
    ]


def test_every_figure_of_the_report_stands_in_its_table(example):
    header, *rows = csv.reader(
        io.StringIO(figures_csv(example).removeprefix("\ufeff")), delimiter=";"
    )
    promise = example.promises[0]
    of_promise = [row for row in rows if row[0] == promise.label]

    assert tuple(header) == FIGURES_HEADER
    assert {len(row) for row in rows} == {len(FIGURES_HEADER)}
    assert [row[-1] for row in of_promise if row[2] in {"Utförande", "Effekt"}] == [
        row.figure.text for row in promise.metrics
    ]
    assert [row[8] for row in of_promise if row[2] == "Åtagandenivå"] == [
        str(window.carried_out)
        for one in measured(promise.activities)
        for window in one.target.windows
    ]
    assert [(row[1], row[8]) for row in of_promise if row[1] and row[3] == "Tillfällen"] == [
        (row.title, str(row.occasions)) for row in promise.activities
    ]
    assert rows[0] == [
        *("Hela perioden", "", "Summa", "Tillfällen", "Summa", "", "", ""),
        *("197", "tillfällen", "", "", "197", "2025-02-25", "197 tillfällen"),
    ]


def test_in_the_table_unknown_is_empty_and_a_share_keeps_its_counts(example):
    _, *rows = csv.reader(io.StringIO(figures_csv(example)), delimiter=";")
    figures = {(row[0], row[3]): row for row in rows}

    assert figures["Löfte 1", "Debutålder för alkohol"][6:] == [
        *("", "16", "", "år", "", "", "0", "", "Ingen uppgift"),
    ]
    assert figures["Mål 2", "Känner sig trygga utomhus på kvällen"][6:] == [
        *("88", "88", "88,3162", "%", "257", "291", "1", "2024-10-31", "257 av 291 (88 %)"),
    ]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("field", ["activity", "place", "party", "done", "outcome"])
def test_no_text_in_the_table_can_be_a_formula(small, first, field):
    (row,) = small.log
    formula = f'{first}HYPERLINK("x")'

    cells = only_row(replace(row, **{field: formula}))

    assert [cell for cell in cells if "HYPERLINK" in cell] == [f"'{formula}"]


def test_an_ordinary_text_is_left_as_it_is(small):
    (row,) = small.log

    assert "5 + 5 = 10; ”så” @" in only_row(replace(row, done="5 + 5 = 10; ”så” @"))


def only_row(row: LogRow) -> list[str]:
    _, cells = csv.reader(io.StringIO(log_csv((row,)), newline=""), delimiter=";")
    return cells


# --- How it is made ------------------------------------------------------------------------


def test_another_day_of_printing_gives_other_bytes(small, small_pdf):
    later = replace(small, standing=replace(small.standing, printed_on=date(2025, 4, 11)))

    assert render_review(later) != small_pdf


RENDER_ELSEWHERE = """
import pickle, sys
import django
django.setup()
from followup.paper.review import render_review
from followup.review.text import text_of
from followup.archive.reviews import read_review
contents = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(render_review(read_review(text_of(contents), contents.standing)))
"""


def test_another_process_gives_the_same_bytes_and_leaves_nothing_behind(small, small_pdf, tmp_path):
    other = subprocess.run(
        [sys.executable, "-c", RENDER_ELSEWHERE],
        input=pickle.dumps(small),
        capture_output=True,
        cwd=pdf.settings.BASE_DIR,
        env=os.environ | {"TMPDIR": str(tmp_path), "PYTHONHASHSEED": "7"},
        check=False,
    )

    assert other.stderr.decode() == ""
    assert other.stdout == small_pdf
    assert list(tmp_path.iterdir()) == []


def test_the_same_contents_give_the_same_bytes_and_nothing_is_fetched_from_a_network(
    small, small_pdf, monkeypatch
):
    def refuse(*args):
        raise AssertionError("The report reached for the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    pdf._look.cache_clear()

    assert render_review(small) == small_pdf


@pytest.mark.parametrize("asset", ["borta.svg", "https://example.test/bild.svg"])
def test_an_asset_that_is_missing_or_elsewhere_stops_the_report(
    small, asset, tmp_path, monkeypatch
):
    from weasyprint.urls import FatalURLFetchingError

    (tmp_path / "document.css").write_text(f'.cover {{ background: url("{asset}") }}', "utf-8")
    (tmp_path / "review.css").touch()
    monkeypatch.setattr(pdf, "STYLESHEETS", tmp_path)
    pdf._look.cache_clear()

    try:
        with pytest.raises(FatalURLFetchingError):
            render_review(small)
    finally:
        pdf._look.cache_clear()
