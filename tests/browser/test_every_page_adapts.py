"""Each kind of part as its reader has asked for it: with less motion, in forced colours, on paper;
and without a jump while it is put up.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page as Tab

from tests.browser.every_page import (
    DESKTOP,
    faults_among,
    sheets_for,
    spills,
    with_new_parts,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.usefixtures("quick_pdf", "today"),
]

# A4 between print.css's margins, at 96 dots to the inch.
SHEET_OF_PAPER = {"width": 657, "height": 977}

# Told by the browser before the page is put up, and asked when it is.
WATCH_FOR_JUMPS = """
    window.jumps = [];
    new PerformanceObserver(list => window.jumps.push(...list.getEntries().map(e => e.value)))
        .observe({type: "layout-shift", buffered: true});
"""

MOVES = """() => [...document.querySelectorAll("*")].filter(e => {
    const style = getComputedStyle(e);
    return [style.transitionDuration, style.animationDuration]
        .some(times => times.split(", ").some(time => parseFloat(time) > 0))
        || style.scrollBehavior === "smooth";
}).map(e => `moves: ${e.outerHTML.slice(0, 120)}`)"""

UNSIZED = """() => [...document.querySelectorAll("img, svg")]
    .filter(e => e.matches("img") ? !(e.getAttribute("width") && e.getAttribute("height"))
        : !e.getAttribute("viewBox"))
    .map(e => `no size of its own: ${e.outerHTML.slice(0, 120)}`)"""

FOR_THE_SCREEN = """() => [...document.querySelectorAll(
    "nav, button, .button, input:not([type=hidden]), select, textarea, .skip, .menu, .screen-only"
)].filter(e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length)
    .filter(e => !e.closest("form[method=post]"))
    .map(e => `for the screen: ${e.outerHTML.slice(0, 120)}`)"""

# A button or a field that nothing draws a line around can't be told from text.
UNDRAWN = """() => [...document.querySelectorAll("button, .button, input, select, textarea")]
    .filter(e => e.checkVisibility() && !e.matches("[type=checkbox], [type=radio], [type=file], .plain"))
    .filter(e => getComputedStyle(e).borderTopStyle === "none" || !parseFloat(getComputedStyle(e).borderTopWidth))
    .map(e => `no line around it: ${e.outerHTML.slice(0, 120)}`)"""


def moves(tab: Tab) -> list[str]:
    tab.emulate_media(reduced_motion="reduce")
    faults = tab.evaluate(MOVES)
    tab.emulate_media(reduced_motion="no-preference")
    return faults


def jumps(tab: Tab) -> list[str]:
    """What moves after it was seen: less than a thousandth of the window can't be."""
    total = sum(tab.evaluate("window.jumps"))
    return [f"jumps by {total:.3f}"] if total >= 0.001 else []


def unsized(tab: Tab) -> list[str]:
    return tab.evaluate(UNSIZED)


def undrawn_in_forced_colours(tab: Tab) -> list[str]:
    tab.emulate_media(forced_colors="active")
    faults = tab.evaluate(UNDRAWN)
    tab.emulate_media(forced_colors="none")
    return faults


def unclean_on_paper(tab: Tab) -> list[str]:
    """What is only for the screen, or does not fit the width of a sheet."""
    tab.set_viewport_size(SHEET_OF_PAPER)
    tab.emulate_media(media="print")
    faults = tab.evaluate(FOR_THE_SCREEN) + spills(tab)
    tab.emulate_media(media="screen")
    tab.set_viewport_size(DESKTOP)
    return faults


def test_every_kind_of_part_adapts_to_its_reader(page, faultless, filled, cast):
    administrator, *_, visitor = cast
    sheets = with_new_parts([*sheets_for(administrator), *sheets_for(visitor)], set())
    page.add_init_script(WATCH_FOR_JUMPS)
    page.set_viewport_size(DESKTOP)

    # As on a first visit, when the style sheets and scripts are yet to come.
    faults = faults_among(
        sheets,
        page,
        faultless,
        jumps,
        unsized,
        moves,
        undrawn_in_forced_colours,
        unclean_on_paper,
        keeps=False,
    )
    # A busy machine may draw a page before it has read all of it: a page that jumps does so again.
    for _ in range(2):
        again = [s for s in sheets if any(fault.startswith(f"{s.name}: jumps") for fault in faults)]
        faults = [fault for fault in faults if ": jumps" not in fault]
        faults += faults_among(again, page, faultless, jumps, keeps=False)

    assert faults == []
