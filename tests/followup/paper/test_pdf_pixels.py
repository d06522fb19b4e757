"""The review looks as somebody has approved that it should (tests/approved/).

Before that, proof that looking works: what breaks a page is seen, what another version of the
drawing libraries may do is not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PIL import Image

from followup.law.rows import Law
from followup.models import Review
from followup.paper import pdf
from followup.paper.review import render_review
from followup.review.contents import ReviewContents, SignatureRow, Texts
from followup.review.gathering import contents_of
from tests import pixels
from tests.life import shown

pytestmark = pytest.mark.django_db

PRINTED_ON = date(2025, 4, 10)
PROMISE = "Löfte 1: Tobak och alkohol bland unga"


@pytest.fixture(scope="module")
def contents(example) -> ReviewContents:
    """The example's review as it will be once both parties have signed it."""
    review = contents_of(Review.objects.get(), PRINTED_ON)
    signatures = tuple(
        SignatureRow(party.name, name, title, is_delegate, datetime(2025, 4, 9, 12, 0, tzinfo=UTC))
        for party, (name, title, is_delegate) in zip(
            review.parties,
            [("Kim Kommunchef", "Kommunchef", False), ("Pia Polis", "Kommunpolis", True)],
            strict=True,
        )
    )
    standing = replace(
        review.standing, status="adopted", status_label="Fastställd", signatures=signatures
    )
    return replace(review, standing=standing)


# --- Looking works -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def draw(contents) -> Callable[[str], list[Image.Image]]:
    """The two pages of a promise with its tables and its chart, with a style added."""
    promise = contents.promises[0]
    few = replace(promise, metrics=())
    short = replace(
        contents,
        promises=(few,),
        undertakings=(),
        goals=(),
        situation=None,
        deviations=(),
        texts=Texts(),
        law=Law(),
        gaps=(),
        log=(),
    )

    def drawn(style: str = "") -> list[Image.Image]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pdf, "render_to_string", _with_style(style))
            made = render_review(shown(short))
        first = pixels.page_of(made, PROMISE)
        return [pixels.picture(made, page) for page in (first, first + 1)]

    return drawn


def _with_style(style: str) -> Callable[[str, dict], str]:
    real = pdf.render_to_string
    return lambda template, context: real(template, context).replace(
        "</head>", f"<style>{style}</style></head>"
    )


@pytest.fixture(scope="module")
def both(draw) -> list[Image.Image]:
    """The two pages as they should be."""
    return draw()


@pytest.fixture(scope="module")
def sound(both) -> Image.Image:
    """The page with the chart, as it should be."""
    return both[1]


FAULTS = {
    "everything 3 mm to the right": "@page { margin-left: 29mm; margin-right: 19mm }",
    "the chart is gone": ".months-chart { visibility: hidden !important }",
    "the font was not found": "html { font-family: sans-serif !important }",
    "the font is another weight": "html { font-weight: 700 !important }",
    "the last column of a table is gone": (
        ".activities th:last-child, .activities td:last-child { visibility: hidden !important }"
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_page_is_seen(draw, both, fault):
    broken = draw(FAULTS[fault])

    differences = [pixels.difference(*pair) for pair in zip(broken, both, strict=True)]
    assert max(differences) > 1.5 * pixels.TOLERATED


def test_a_page_is_itself(draw, sound):
    assert pixels.difference(draw()[1], sound) == 0


def test_other_edges_of_the_letters_are_not_seen(sound):
    noise = random.Random(1)
    speckled = Image.new("L", sound.size)
    greys = [min(255, max(0, grey + noise.randint(-20, 20))) for grey in sound.tobytes()]
    speckled.putdata(greys)

    assert pixels.difference(speckled, sound) == 0


@pytest.mark.parametrize("dpi", [100, 200])
def test_drawing_at_another_size_is_not_seen(contents_pdf, dpi):
    page = pixels.page_of(contents_pdf, PROMISE) + 1

    assert pixels.difference(
        pixels.picture(contents_pdf, page, dpi), pixels.picture(contents_pdf, page)
    ) < (pixels.TOLERATED / 2)


def test_what_is_kept_in_few_greys_looks_the_same(sound):
    kept = sound.quantize(pixels.GREYS).convert("L")

    assert pixels.difference(kept, sound) == 0


def test_another_size_of_paper_is_wholly_different(sound):
    assert pixels.difference(sound.crop((0, 0, 100, 100)), sound) == 1


def test_a_page_that_does_not_look_approved_is_shown(sound, tmp_path, monkeypatch):
    monkeypatch.setattr(pixels, "APPROVE", False)
    monkeypatch.setattr(pixels, "APPROVED", tmp_path)
    monkeypatch.setattr(pixels.tempfile, "tempdir", str(tmp_path))
    sound.save(tmp_path / "sidan.png")
    blank = Image.new("L", sound.size, 255)

    with pytest.raises(pytest.fail.Exception) as failure:
        pixels.assert_looks_approved("sidan", blank)

    (folder,) = tmp_path.glob("pixels-*")
    assert str(folder) in str(failure.value)
    assert "make approve" in str(failure.value)
    assert sorted(file.name for file in folder.iterdir()) == [
        "sidan-actual.png",
        "sidan-approved.png",
        "sidan-difference.png",
    ]


# --- What is approved ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def contents_pdf(contents) -> bytes:
    return render_review(shown(contents))


APPROVED_PAGES = {
    "review-contents": ("Innehåll", 0),
    "review-summary": ("1 Sammanfattning", 0),
    "review-promise": (PROMISE, 0),
    "review-promise-figures": (PROMISE, 1),
    "review-cooperation": ("8 Samverkan", 0),
    "review-law": ("11 Lagkontroll", 0),
    "review-signatures": ("12 Underskrifter", 0),
    "review-log": ("Bilaga: Loggen", 0),
}


def test_the_cover_looks_approved(contents_pdf):
    pixels.assert_looks_approved("review-cover", pixels.picture(contents_pdf, 1))


@pytest.mark.parametrize("name", APPROVED_PAGES)
def test_the_page_looks_approved(contents_pdf, name):
    bookmark, after = APPROVED_PAGES[name]

    page = pixels.page_of(contents_pdf, bookmark) + after

    pixels.assert_looks_approved(name, pixels.picture(contents_pdf, page))


def test_the_approved_pictures_are_small():
    sizes = [file.stat().st_size for file in pixels.APPROVED.glob("*.png")]

    assert sum(sizes) < 1_000_000
