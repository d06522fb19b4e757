"""The example's reports as files: how many pages, how they are read, and the same numbers."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pikepdf
import pytest

from followup.meetings.minutes import minutes_of
from followup.models import Occasion
from followup.numbers.agreement import agreement_progress
from followup.numbers.targets import TargetState
from followup.paper.minutes import render_minutes
from followup.paper.pdf import render_document
from followup.paper.report_tables import figures_csv
from followup.paper.year_wheel import render_year_wheel
from followup.plan.red_thread import picture_behind, red_thread
from followup.plan.year import year_plan
from followup.public.poster import Poster, poster_of, render_poster
from followup.reports.contents import report_contents
from followup.reports.kinds import KINDS
from followup.reports.printing import render_report
from followup.time.spans import Span
from promises.models import Agreement
from tests import pixels
from tests.printed import attachments_of, pages_of, text_of_pdf
from tests.verapdf import faults_of, written

pytestmark = pytest.mark.django_db

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
AGREEMENT = Span(date(2023, 2, 27), date(2025, 4, 15))
CUTOFF = date(2025, 4, 15)
ON = date(2024, 12, 1)
ADDRESS = "https://samverkan.example.se/"


# --- The example's reports, made once ------------------------------------------------------


@pytest.fixture(scope="module")
def made(example, django_db_blocker) -> dict[str, bytes]:
    """Each kind of report on the example, the longest one for fullmäktige, and the other files."""
    spans = {"arsrapport": YEAR, "fullmaktige": YEAR}
    with django_db_blocker.unblock():
        files = {
            slug: render_report(report_contents(KINDS[slug], example, span, CUTOFF))
            for slug, span in spans.items()
        }
        longest = report_contents(KINDS["fullmaktige"], example, AGREEMENT, CUTOFF)
        files["fullmaktige, allt"] = render_report(longest)
        files["anslag"] = render_poster(poster_for(example))
        plan = year_plan(example, 2024, date(2024, 5, 15))
        files["arshjul"] = render_year_wheel(example, plan, None)
        meeting = example.meetings.filter(status="held", date__lte=ON).latest("date")
        files["protokoll"] = render_minutes(minutes_of(meeting), signature=None)
        period = example.periods.get()
        thread = red_thread(example, period, picture_behind(example, period, ON), ON)
        files["rod-trad"] = render_document(
            "followup/plan/red_thread_print.html", {"thread": thread}, []
        )
    return files


def test_the_validator_finds_no_fault_with_any(made, faultless, tmp_path):
    changed = faultless.unknown_of(made)
    assert not changed or faults_of(*written(changed, tmp_path)) == []
    faultless.add_all(changed)


APPROVED_PAGES = {
    "report-council": ("fullmaktige", 1),
    "report-promise": ("arsrapport", 4),
    "poster": ("anslag", 1),
    "year-wheel": ("arshjul", 1),
    "minutes": ("protokoll", 1),
    "red-thread": ("rod-trad", 1),
}


@pytest.mark.parametrize("name", APPROVED_PAGES)
def test_the_page_looks_approved(made, name):
    """As somebody has approved that it should: see test_pdf_pixels.py."""
    document, page = APPROVED_PAGES[name]
    pixels.assert_looks_approved(name, pixels.picture(made[document], page))


def test_the_report_for_the_council_has_two_pages_at_most(made):
    assert len(pages_of(made["fullmaktige"])) == 2
    assert len(pages_of(made["fullmaktige, allt"])) == 2


def test_the_year_report_has_a_page_for_each_promise(made):
    pages = pages_of(made["arsrapport"])
    of_promises = [page for page in pages if "Gjort mot åtagandenivån" in page]
    headings = [re.search(r"Löfte \d(?=:)", page)[0] for page in of_promises]
    assert headings == [f"Löfte {number}" for number in range(1, 6)]


@pytest.mark.parametrize("slug", KINDS)
def test_a_report_is_tagged_in_swedish_and_says_that_it_is_pdf_a_and_pdf_ua(made, slug):
    with pikepdf.open(io.BytesIO(made[slug])) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "sv"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("slug", KINDS)
def test_a_report_says_its_cut_off_and_that_the_example_is_invented(made, slug):
    text = text_of_pdf(made[slug])
    assert "15 april 2025" in text
    assert "EXEMPEL" in text


@pytest.mark.parametrize("slug", KINDS)
def test_the_figures_go_with_the_file_and_the_log_does_not(made, slug):
    assert list(attachments_of(made[slug])) == ["nyckeltal.csv"]


def test_the_same_contents_give_the_same_bytes(example, made):
    again = report_contents(KINDS["fullmaktige"], example, YEAR, CUTOFF)
    assert render_report(again) == made["fullmaktige"]


def test_what_is_handed_out_tells_none_of_what_was_written_in_the_log(example, made):
    told = text_of_pdf(made["fullmaktige"])
    occasions = Occasion.objects.of_agreement(example).filter(date__range=YEAR)
    assert [one.done for one in occasions if one.done in told] == []


# --- The same numbers as everywhere --------------------------------------------------------


@pytest.mark.parametrize("slug", KINDS)
def test_its_numbers_are_those_of_progress(example, slug):
    report = report_contents(KINDS[slug], example, YEAR, CUTOFF)
    progress = agreement_progress(example, YEAR, CUTOFF, cutoff_on=CUTOFF)

    assert report.period.tally == progress.tally
    assert {line.promise.id: line.promise.tally for line in report.lines} == {
        one.promise.pk: one.tally for one in progress.promises
    }
    assert {line.promise.id: (line.targets, line.targets_met) for line in report.lines} == {
        one.promise.pk: (len(one.targets), one.targets_met) for one in progress.promises
    }
    assert any(line.targets_met for line in report.lines)


def test_an_effect_without_a_reading_is_named_and_never_zero(example):
    lines = report_contents(KINDS["fullmaktige"], example, YEAR, CUTOFF).lines
    assert lines[0].without_effect == ("Debutålder för alkohol",)
    assert all(row.figure.readings for line in lines for row in line.effects)


@pytest.mark.parametrize("slug", KINDS)
def test_the_figures_follow_as_the_table_that_the_review_has(example, made, slug):
    period = report_contents(KINDS[slug], example, YEAR, CUTOFF).period
    attached = attachments_of(made[slug])["nyckeltal.csv"]
    assert attached.decode() == figures_csv(period)
    rows = list(csv.DictReader(io.StringIO(figures_csv(period).lstrip("\ufeff")), delimiter=";"))
    told = {(row["Hör till"], row["Aktivitet"], row["Namn"]): row["I text"] for row in rows}
    first = period.promises[0]
    assert told["Löfte 1", "", "Tillfällen"] == f"{first.tally.occasions} tillfällen"
    assert told["Löfte 1", "", "Debutålder för alkohol"] == "Ingen uppgift"


def test_what_is_logged_after_the_cut_off_does_not_count(example):
    early = report_contents(KINDS["arsrapport"], example, YEAR, date(2024, 6, 30))
    late = report_contents(KINDS["arsrapport"], example, YEAR, CUTOFF)
    assert early.period.tally.occasions < late.period.tally.occasions
    assert (early.is_unfinished, late.is_unfinished) == (True, False)
    states = {target.state for row in early.period.promises[0].activities if (target := row.target)}
    assert TargetState.ONGOING in states


# --- Årshjulet on paper --------------------------------------------------------------------


def test_the_year_wheel_is_printed_with_its_table(example, made):
    plan = year_plan(example, 2024, date(2024, 5, 15))
    document = made["arshjul"]
    text = text_of_pdf(document)
    assert len(pages_of(document)) == 2
    assert [entry.what for entry in plan.entries if entry.what not in text] == []
    assert render_year_wheel(example, plan, None) == document


# --- The poster ----------------------------------------------------------------------------


def poster_for(agreement: Agreement) -> Poster:
    return poster_of(agreement, agreement.periods.get(), ON, ADDRESS)


def test_the_poster_is_one_page_with_every_promise_and_both_names(example):
    document = render_poster(poster_for(example))
    text = text_of_pdf(document)
    assert len(pages_of(document)) == 1
    for promise in example.periods.get().promises.all():
        assert promise.topic in text
    for words in ("Dorotea kommun", "Kraapohken tjïelte", "1 december 2024", "EXEMPEL"):
        assert words in text
    assert ADDRESS in text.replace(" ", "")  # it is read in two pieces


def test_the_poster_is_tagged_in_swedish_and_the_sami_name_in_south_sami(example):
    with pikepdf.open(io.BytesIO(render_poster(poster_for(example)))) as document:
        assert str(document.Root.Lang) == "sv"
        assert document.Root.MarkInfo.Marked
        languages = [
            str(thing.Lang)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary)
            and thing.get("/S") == "/Span"
            and "/Lang" in thing
        ]
        assert languages == ["sma"]
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")


def test_the_same_poster_is_the_same_bytes(example):
    first = render_poster(poster_for(example))
    render_poster.cache_clear()
    assert render_poster(poster_for(example)) == first


def test_the_counts_of_the_poster_are_those_of_progress(example):
    period = example.periods.get()
    span = Span(period.starts_on, ON)
    progress = agreement_progress(example, span, ON, cutoff_on=ON)
    assert [one.occasions for one in poster_for(example).promises] == [
        one.tally.occasions for one in progress.promises
    ]
