"""Pages as they look: a PDF's pages as pictures, compared with pictures somebody has approved.

Compared are the mean greys of blocks of 3 × 3 mm after a slight blur: another version of Pango
or FreeType draws the same letters with other edges, while a column that is gone, a font that
was not found or a margin that has moved changes whole blocks.
`tests/followup/paper/test_pdf_pixels.py` proves both.

A page that is meant to look otherwise is approved with `make approve`; look at the pictures
before you commit them.
"""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
from functools import reduce
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

APPROVED = Path(__file__).with_name("approved")
APPROVE = os.environ.get("APPROVE") == "1"
"""Set by `make approve`: the pictures are written, not compared."""

DPI = 50
DRAWN = 150
"""Drawn larger than compared: a thin line is then as light as it is on paper."""

BLOCK = 6
"""The side of a block in pixels: 3 mm."""

BLUR = 1
GREYS = 16
"""Pictures are kept in so many greys; more would only make the files larger."""

NUDGES = (-1, 0, 1)
"""How many pixels a page may lie off: half a millimetre."""

PAPER = 250
"""A block lighter than this is not printed on."""

DIFFERENT = 12
"""How much the mean grey (0–255) of a block may move before it counts as different."""

TOLERATED = 0.015
"""How large a share of a page's printed blocks may be different."""


def picture(pdf: bytes, page: int, dpi: int = DRAWN) -> Image.Image:
    """A page (from 1) as a picture in grey, drawn at `dpi` and made smaller."""
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    whole = Image.open(io.BytesIO(drawn.stdout)).convert("L")
    return whole.resize([round(side * DPI / dpi) for side in whole.size], Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of the printed blocks that look different, from 0 to 1."""
    if one.size != other.size:
        return 1.0
    first = _blocks(one)
    # Half a millimetre this way or that is a matter of rounding: the nearest look counts.
    looks = [_blocks(ImageChops.offset(other, x, y)) for x in NUDGES for y in NUDGES]
    nearest = reduce(ImageChops.darker, (ImageChops.difference(first, look) for look in looks))
    differs = nearest.point(lambda by: 255 * (by > DIFFERENT))
    printed = ImageChops.darker(first, _blocks(other)).point(lambda grey: 255 * (grey < PAPER))
    return _count(differs) / max(_count(printed), 1)


def _blocks(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(BLUR)).reduce(BLOCK)


def _count(mask: Image.Image) -> int:
    return mask.histogram()[255]


def assert_looks_approved(name: str, actual: Image.Image) -> None:
    """Hold a page against its approved picture, or approve it when that is asked for."""
    file = APPROVED / f"{name}.png"
    if APPROVE:
        APPROVED.mkdir(exist_ok=True)
        actual.quantize(GREYS).save(file, optimize=True)
        return
    if not file.exists():
        pytest.fail(f"{name} has no approved picture. Run `make approve` and look at it.")
    approved = Image.open(file).convert("L")
    share = difference(actual, approved)
    if share > TOLERATED:
        folder = _show(name, actual, approved)
        pytest.fail(
            f"{name} does not look as approved: {share:.0%} of the page is different. "
            f"Look in {folder}. If it is meant to look so, run `make approve`."
        )


def _show(name: str, actual: Image.Image, approved: Image.Image) -> Path:
    """Write the page, the approved one and where they differ, for somebody to look at."""
    folder = Path(tempfile.mkdtemp(prefix="pixels-"))
    actual.save(folder / f"{name}-actual.png")
    approved.save(folder / f"{name}-approved.png")
    if actual.size == approved.size:
        unlike = ImageChops.difference(actual, approved)
        ImageChops.invert(unlike).save(folder / f"{name}-difference.png")
    return folder
