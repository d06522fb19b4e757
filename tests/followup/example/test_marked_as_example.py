"""That the example is invented is said once on every page, and not on every row."""

from __future__ import annotations

import pytest

from promises.models import Member, Party
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def real_account(example) -> Member:
    return factories.MemberFactory(
        party=Party.objects.get(key="kommunen"), role=Member.Role.COORDINATOR
    )


@pytest.mark.parametrize("address", ["/oversikt/", "/aktiviteter/", "/tillfallen/", "/moten/"])
def test_it_is_said_once_on_a_page_also_to_a_real_account(client, settings, real_account, address):
    settings.DEBUG = True
    client.force_login(real_account)
    [strip] = Page(client.get(address)).texts("//*[@class='tag'][text()='Exempel']/ancestor::aside")
    assert strip.startswith("Exempel Tillfällen, uppföljning och konton här är påhittade.")
