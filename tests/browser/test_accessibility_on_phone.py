"""WCAG 2.2 AA as far as a machine can tell, on a phone in the dark.

Parted from the desktop so that two workers share the pages, and with a little of everything
instead of the whole example: colours and sizes are the same in the second row as in the first.
"""

from __future__ import annotations

import pytest

from tests.browser.every_page import VISITOR_ADDRESSES, addresses_for, faults_on
from tests.test_pages import fill_the_portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("quick_pdf"),
]


def test_axe_finds_nothing_on_any_page(page, live_server, sign_in, administrator):
    fill_the_portal()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    faults = [
        fault
        for address in VISITOR_ADDRESSES
        for fault in faults_on(page, live_server.url + address)
    ]

    sign_in(administrator)
    for address in addresses_for(administrator):
        faults += faults_on(page, live_server.url + address)

    assert faults == []
