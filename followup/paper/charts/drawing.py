"""What every chart is drawn with: the palettes, the size of its text, and its SVG template."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

FONT_SIZE = 12


@dataclass(frozen=True)
class Palette:
    """What a chart is drawn with: text, bars, faint lines and the font."""

    ink: str
    ink_soft: str
    bar: str
    line: str
    font: str


# The page's colours follow its theme, light or dark; paper has one.
SCREEN = Palette(
    ink="currentColor",
    ink_soft="var(--ink-soft)",
    bar="var(--spruce)",
    line="var(--line-strong)",
    font="inherit",
)
PRINT = Palette(ink="#1b2524", ink_soft="#4f5d5b", bar="#12504c", line="#8b8f88", font="Lato")


def coordinate(value: float) -> str:
    """A number as SVG reads it, whatever the language of the page."""
    return f"{value:.2f}"


def draw(template: str, palette: Palette, **context: object) -> SafeString:
    return render_to_string(template, context | {"palette": palette, "font_size": FONT_SIZE})
