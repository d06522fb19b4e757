"""The colours of static/css/tokens.css: enough contrast, and as much in the dark as in the light."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")

GROUNDS = ("paper", "surface", "spruce-tint", "notice-tint", "error-tint")
# What is read, on what it stands (WCAG 1.4.3).
TEXT = {
    *product(("ink", "ink-soft"), GROUNDS),
    *product(("spruce", "spruce-strong"), ("paper", "surface", "spruce-tint", "notice-tint")),
    *product(("error",), ("paper", "surface", "error-tint")),
    *product(("on-spruce",), ("spruce", "spruce-strong")),
}
# What one has to see to find a control, its state or the focus (WCAG 1.4.11).
MARKS = {
    *product(("line-strong", "focus"), GROUNDS),
    ("spruce", "spruce-tint"),
    ("error", "error-tint"),
}
# How much the contrast of a pair may differ between the themes.
BALLPARK = 2


def theme(name: str) -> dict[str, str]:
    """The colours in the light; in the dark those that are redefined there instead."""
    light, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    colours = dict(COLOUR.findall(light))
    return colours | dict(COLOUR.findall(dark)) if name == "dark" else colours


def printed() -> dict[str, str]:
    return theme("light") | dict(COLOUR.findall((CSS / "print.css").read_text()))


def luminance(colour: str) -> float:
    """Relative luminance, by WCAG's own definition."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs: set[tuple[str, str]], colours: dict[str, str], least: float) -> dict:
    ratios = {(a, b): contrast(colours[a], colours[b]) for a, b in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


def test_the_formula_is_wcags():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_can_be_read(name):
    assert too_weak(TEXT, theme(name), 4.5) == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_mark_can_be_seen(name):
    assert too_weak(MARKS, theme(name), 3) == {}


def test_every_text_can_be_read_on_paper():
    assert too_weak({(a, b) for a, b in TEXT if b in {"paper", "surface"}}, printed(), 4.5) == {}


def test_the_dark_has_every_colour_and_about_the_same_contrast():
    light, dark = theme("light"), theme("dark")
    assert {name for name in light if light[name] == dark[name]} == set()
    apart = {
        (a, b): (round(contrast(light[a], light[b]), 1), round(contrast(dark[a], dark[b]), 1))
        for a, b in TEXT | MARKS
    }
    assert {pair: both for pair, both in apart.items() if max(both) / min(both) > BALLPARK} == {}
