"""WCAG 2.2 AA as far as a machine can tell, on a phone in the dark.

Parted from the desktop so that two workers share the pages, and with a little of everything
instead of the whole example: colours and sizes are the same in the second row as in the first,
and on the second page with the same kinds of parts.
"""

from __future__ import annotations

import pytest

from tests.browser.every_page import (
    PHONE,
    axe,
    faults_among,
    faulty_forms_among,
    one_of_each_kind,
    too_small_for_a_finger,
    too_small_to_hit,
    with_new_parts,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.usefixtures("quick_pdf", "today"),
]


def test_axe_finds_nothing_on_any_kind_of_part_nor_on_a_faulty_form(page, faultless, filled, cast):
    administrator, *_ = cast
    sheets = one_of_each_kind(cast)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)

    # How each page as a whole is built is looked at on the desktop.
    sheets = with_new_parts([*sheets, *faulty_forms_among(sheets, administrator)], set())
    faults = faults_among(sheets, page, faultless, axe, too_small_to_hit, too_small_for_a_finger)

    assert faults == []
