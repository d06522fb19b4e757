"""What it has all led to, on one page: the effects of the goals and of the promises."""

from __future__ import annotations

import pytest

from promises.models import Metric
from tests import factories
from tests.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EFFECT = Metric.Dimension.EFFECT


def test_goals_come_first_then_promises_and_what_is_only_done_is_not_there(
    agreement, snowmobile_promise, coordinator, signed_in
):
    goal = agreement.goals.get(number=1)
    accidents = factories.MetricFactory(
        activity=None, promise=snowmobile_promise, name="Skoterolyckor", dimension=EFFECT
    )
    factories.MetricFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise), name="Förare"
    )
    crimes = factories.MetricFactory(activity=None, goal=goal, name="Brott", dimension=EFFECT)

    page = Page(signed_in(coordinator).get("/matetal/"))

    assert page.texts("//main//h2") == [str(goal), str(snowmobile_promise)]
    links = [link.get("href") for link in page.all("//main//td/..//a")]
    assert links == [crimes.get_absolute_url(), accidents.get_absolute_url()]


def test_a_figure_nobody_has_read_is_no_figure(agreement, coordinator, signed_in):
    factories.MetricFactory(activity=None, goal=agreement.goals.get(number=1), dimension=EFFECT)

    page = Page(signed_in(coordinator).get("/matetal/"))

    assert page.texts("//td[@data-label='Värde']") == ["Ingen uppgift"]


def test_without_any_it_says_where_they_are_made(agreement, coordinator, signed_in):
    page = Page(signed_in(coordinator).get("/matetal/"))

    assert page.texts("//main//h2") == ["Ingen effekt mäts än"]
