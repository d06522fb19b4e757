"""WCAG 2.2 AA as far as a machine can tell, on a desktop in the light, with the whole example.

Parted from the phone so that two workers share the pages.
"""

from __future__ import annotations

import pytest

from tests.browser.every_page import (
    DESKTOP,
    NARROWEST,
    PHONE,
    Screen,
    axe,
    conflict,
    error_pages,
    faults_among,
    one_of_each_kind,
    spills,
    spills_with_large_text,
    spills_with_spaced_text,
    too_small_to_hit,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.usefixtures("quick_pdf"),
]


def at(size: dict[str, int], *checks):
    """The checks, in a window of the size."""

    def check(tab) -> list[str]:
        tab.set_viewport_size(size)
        return [fault for one in checks for fault in one(tab)]

    return check


def test_axe_finds_nothing_on_any_page_and_none_spills_however_it_is_enlarged(
    page, faultless, example, cast
):
    administrator, *_, reader, visitor = cast
    # How the other roles' pages look otherwise is looked at on the phone.
    sheets = [*one_of_each_kind([administrator, visitor]), *error_pages(reader)]
    page.emulate_media(color_scheme="light")

    faults = faults_among(
        sheets,
        page,
        faultless,
        at(DESKTOP, axe, too_small_to_hit, spills_with_large_text),
        at(PHONE, spills),
        at(NARROWEST, spills, spills_with_spaced_text),
    )

    assert faults == []


def test_a_conflict_shows_both_texts_and_is_accessible(page, example, coordinator):
    with Screen(page) as screen:
        screen.show(conflict(coordinator))
        row = page.get_by_role("alert").get_by_role("row").filter(has_text="Beskrivning")
        assert row.get_by_role("cell").all_inner_texts() == ["Deras text.", "Min text."]
        assert axe(page) == []
