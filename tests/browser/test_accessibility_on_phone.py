"""WCAG 2.2 AA as far as a machine can tell, on a phone in the dark, and nothing spills at 320 px.

Parted from the desktop so that two workers share the pages.
"""

from __future__ import annotations

import pytest

from tests.browser.every_page import (
    VISITOR_ADDRESSES,
    addresses_for,
    faults_on,
    load_example,
    spilling,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, NARROWEST = {"width": 390, "height": 844}, {"width": 320, "height": 640}


def test_axe_finds_nothing_and_nothing_spills(
    page, live_server, sign_in, agreement, settings, administrator
):
    load_example(settings)
    page.emulate_media(color_scheme="dark")

    def faults_at_both_sizes(address: str) -> list[str]:
        page.set_viewport_size(PHONE)
        faults = faults_on(page, live_server.url + address)
        page.set_viewport_size(NARROWEST)
        return faults + spilling(page)

    faults = [fault for address in VISITOR_ADDRESSES for fault in faults_at_both_sizes(address)]
    sign_in(administrator)
    for address in addresses_for(administrator):
        faults += faults_at_both_sizes(address)

    assert faults == []
