"""Metrics in the portal: what is measured, and readings that were not made at an occasion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from followup.models import Reading
from followup.numbers.agreement import agreement_progress
from followup.time.spans import Span
from promises.forms.base import STALE
from promises.models import Goal, Metric
from tests import factories
from tests.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def client(signed_in, coordinator) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def metric(snowmobile_promise) -> Metric:
    return factories.MetricFactory(
        activity=None,
        promise=snowmobile_promise,
        name="Olyckor",
        unit="olyckor",
        dimension="effect",
        rule="latest",
    )


@pytest.fixture
def fill_in(client):
    """Open a form, change some of it, and send it as a browser would."""

    def send(address: str, **changes: str):
        return client.post(address, Page(client.get(address)).typed | changes)

    return send


def test_a_goal_gets_an_indicator(fill_in, client, agreement):
    goal = Goal.objects.get(agreement=agreement, number=2)
    response = fill_in(
        f"/matetal/mal/{goal.pk}/nytt/",
        name="Trygga i centrum",
        dimension="effect",
        rule="share",
        baseline="81,5",
        target_value="85",
    )
    metric = goal.metrics.get()
    assert (metric.name, metric.baseline, metric.number) == ("Trygga i centrum", Decimal("81.5"), 1)
    assert Page(client.get(response.url)).facts["Utgångsvärde"] == "81,5"
    assert "Trygga i centrum" in Page(client.get(f"/matetal/mal/{goal.pk}/")).text()


def test_two_metrics_of_the_same_thing_have_different_names(fill_in, metric):
    page = Page(fill_in(f"/matetal/lofte/{metric.promise_id}/nytt/", name="olyckor"))
    assert page.errors == {"name": ["Det finns redan ett mätetal med det namnet här."]}
    assert page.typed["name"] == "olyckor"


def test_a_reading_counts_from_its_date(fill_in, client, metric, agreement):
    response = fill_in(
        f"/matetal/{metric.pk}/varde/", date="2024-04-30", value="2", source="Brå 2024"
    )
    assert Page(client.get(response.url)).rows() == [
        ["2024-04-30", "2", "Brå 2024", "Dra tillbaka värdet 2024-04-30"]
    ]
    progress = agreement_progress(agreement, YEAR, date(2024, 5, 15)).of(metric.promise)
    assert [figure.text for figure in progress.metrics] == ["2 olyckor"]


def test_a_share_needs_both_its_numbers(fill_in, metric):
    metric.rule = Metric.Rule.SHARE
    metric.save()
    page = Page(fill_in(f"/matetal/{metric.pk}/varde/", value="12"))
    assert page.errors == {"out_of": ["Ange hur många av."]}
    page = Page(fill_in(f"/matetal/{metric.pk}/varde/", value="12", out_of="10"))
    assert page.errors == {"value": ["Kan inte vara fler än det hela."]}
    fill_in(f"/matetal/{metric.pk}/varde/", value="9", out_of="10")
    assert Reading.objects.values_list("value", "out_of").get() == (9, 10)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"date": "2024-05-16"}, "Datumet ligger i framtiden."),
        ({"value": "-1"}, "Värdet ska vara 0 eller större."),
        ({"value": "många"}, "Skriv ett tal, till exempel 12,5."),
    ],
)
def test_a_faulty_reading_is_explained(typed, sentence, fill_in, metric):
    page = Page(fill_in(f"/matetal/{metric.pk}/varde/", **({"value": "2"} | typed)))
    assert list(page.errors.values()) == [[sentence]]
    assert not Reading.objects.exists()


def test_a_withdrawn_reading_counts_no_more_and_says_why(fill_in, client, metric, agreement):
    reading = factories.ReadingFactory(metric=metric)
    response = fill_in(f"/matvarden/{reading.pk}/dra-tillbaka/", reason="Fel år")
    page = Page(client.get(response.url))
    assert "Ingen uppgift än" in page.text()
    assert "Skäl Före: Tomt Efter: Fel år" in page.text("//section[@class='history']")
    progress = agreement_progress(agreement, YEAR, date(2024, 5, 15)).of(metric.promise)
    assert [figure.text for figure in progress.metrics] == ["Ingen uppgift"]


def test_a_personal_number_is_no_reason(fill_in, metric):
    reading = factories.ReadingFactory(metric=metric)
    page = Page(fill_in(f"/matvarden/{reading.pk}/dra-tillbaka/", reason="Avsåg 19121212-1212"))
    assert "personnummer" in page.errors["reason"][0]
    assert Reading.objects.standing().exists()


def test_what_an_activity_counts_is_entered_with_its_occasions(client, snowmobile_promise):
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    metric = factories.MetricFactory(activity=activity)
    assert client.get(f"/matetal/{metric.pk}/varde/").status_code == 404


def test_a_stale_change_is_shown_beside_ones_own(fill_in, client, metric):
    address = f"/matetal/{metric.pk}/andra/"
    mine = Page(client.get(address)).typed | {"name": "Mitt namn"}
    fill_in(address, name="Deras namn")
    page = Page(client.post(address, mine))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.rows("//table[contains(@class, 'conflict')]") == [
        ["Namn", "Deras namn", "Mitt namn"]
    ]
    client.post(address, page.typed)
    metric.refresh_from_db()
    assert (metric.name, metric.version) == ("Mitt namn", 3)


@pytest.mark.parametrize("kind", ["annat", "Lofte"])
def test_only_activities_promises_and_goals_are_measured(kind, client):
    assert client.get(f"/matetal/{kind}/1/").status_code == 404


def test_the_page_stands_behind_lagesbild_in_the_navigation(client, metric):
    page = Page(client.get(f"/matetal/{metric.pk}/"))
    labels = page.texts("//nav[@aria-label='Huvudmeny']//a[@aria-current='true']")
    assert labels == ["Lägesbild"]
