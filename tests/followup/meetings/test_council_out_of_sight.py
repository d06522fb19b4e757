"""The strategic council is out of sight until it has a member."""

from __future__ import annotations

import pytest

from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def names_the_council(agreement, administrator, coordinator, signed_in, today):
    """The pages, of those where it has a place, that name the council."""
    undertaking = agreement.undertakings.get(evidence="meetings")

    def named() -> set[str]:
        pages = {
            "/moten/": coordinator,
            "/moten/nytt/": coordinator,
            undertaking.get_absolute_url(): coordinator,
            f"/overenskommelse/{agreement.pk}/andra/": administrator,
        }
        return {
            address
            for address, member in pages.items()
            if "trategiska råd" in Page(signed_in(member).get(address)).text("//main")
        }

    return named


def test_without_a_member_it_is_not_named(names_the_council):
    assert names_the_council() == set()


def test_with_a_member_it_has_its_place(names_the_council, agreement, chief):
    factories.AppointmentFactory(agreement=agreement, member=chief, function="council")
    assert len(names_the_council()) == 4


def test_its_first_member_is_appointed_under_the_undertaking_to_meet(
    agreement, coordinator, signed_in, today
):
    undertaking = agreement.undertakings.get(evidence="meetings")
    page = Page(signed_in(coordinator).get(f"/ataganden/{undertaking.pk}/utse/"))
    assert "Ledamot i strategiska rådet" in page.texts("//select[@name='function']/option")
