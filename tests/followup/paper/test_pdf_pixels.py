"""Proof that looking at pages works (tests/pixels.py): what breaks a page is seen, what another
version of the drawing libraries may do is not.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from lxml import html
from PIL import Image

from followup.models import Review
from followup.paper import pdf
from followup.review.gathering import contents_of
from tests import pixels
from tests.life import shown

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def draw(example) -> Callable[[str], bytes]:
    """Two pages and a bit about the example's first promise, with a style added."""
    contents = shown(contents_of(Review.objects.get(), date(2025, 4, 10)))
    page = html.document_fromstring(
        pdf.html_of("followup/review/review_print.html", {"contents": contents})
    )
    [promise] = page.xpath(f"//section[@id='lofte-{contents.promises[0].id}']")
    page.find("body")[:] = [promise]

    def drawn(style: str = "") -> bytes:
        styled = html.tostring(page, encoding="unicode").replace(
            "</head>", f"<style>{style}</style></head>"
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pdf, "html_of", lambda *_: styled)
            return pdf.render_document("followup/review/review_print.html", {}, [])

    return drawn


def pictures(document: bytes) -> list[Image.Image]:
    """The page with the tables and the page with the chart."""
    return [pixels.picture(document, page) for page in (1, 2)]


@pytest.fixture(scope="module")
def document(draw) -> bytes:
    """The pages as they should be."""
    return draw()


@pytest.fixture(scope="module")
def both(document) -> list[Image.Image]:
    return pictures(document)


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
    broken = pictures(draw(FAULTS[fault]))

    differences = [pixels.difference(*pair) for pair in zip(broken, both, strict=True)]
    assert max(differences) > 1.5 * pixels.TOLERATED


def test_a_page_is_itself(draw, both):
    assert list(map(pixels.difference, pictures(draw()), both)) == [0, 0]


def test_other_edges_of_the_letters_are_not_seen(sound):
    noise = random.Random(1)
    speckled = Image.new("L", sound.size)
    greys = [min(255, max(0, grey + noise.randint(-20, 20))) for grey in sound.tobytes()]
    speckled.putdata(greys)

    assert pixels.difference(speckled, sound) == 0


@pytest.mark.parametrize("dpi", [100, 200])
def test_drawing_at_another_size_is_not_seen(document, sound, dpi):
    assert pixels.difference(pixels.picture(document, 2, dpi), sound) < pixels.TOLERATED / 2


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


def test_the_approved_pictures_are_small():
    sizes = [file.stat().st_size for file in pixels.APPROVED.glob("*.png")]

    assert sum(sizes) < 1_000_000
