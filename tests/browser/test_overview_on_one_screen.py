"""Five minutes: what matters on the overview is on one laptop screen, and on one printed sheet."""

from __future__ import annotations

import pytest

from tests.printed import pages_of, text_of_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAPTOP = {"width": 1280, "height": 800}
SECTIONS = ["vantar", "loften", "risker", "tidsfrister", "andrat"]
BOTTOMS = """ids => Object.fromEntries(ids.map(id => [
    id, document.querySelector(`[aria-labelledby=${id}]`).getBoundingClientRect().bottom]))"""


@pytest.mark.parametrize("who", ["samordnare", "kommunchef"])
def test_what_matters_is_on_one_laptop_screen_and_one_printed_sheet(
    who, page, live_server, sign_in, people
):
    page.set_viewport_size(LAPTOP)
    sign_in(people[who])
    page.goto(f"{live_server.url}/oversikt/?sedan=30")

    bottoms = page.evaluate(BOTTOMS, SECTIONS)
    assert list(bottoms) == SECTIONS
    assert {key: bottom for key, bottom in bottoms.items() if bottom > LAPTOP["height"]} == {}

    printed = page.pdf(prefer_css_page_size=True)
    assert len(pages_of(printed)) == 1
    text = text_of_pdf(printed)
    for heading in ("Väntar på dig", "Löften", "Risker", "Nästa tidsfrister", "30 dagarna"):
        assert heading in text
