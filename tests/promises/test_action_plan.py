"""The åtgärdsplan: the decision, its clock, and its measures problem by problem."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from promises.action_plan import measures_of
from promises.models import ActionPlan
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(agreement, coordinator):
    return factories.SituationPictureFactory(
        agreement=agreement,
        edition=1,
        created_by=coordinator,
        adopted_on=date(2024, 2, 6),
        adopting_body="Kommunstyrelsen",
    )


@pytest.fixture
def draft(agreement, coordinator):
    """A picture whose rows can still be written; a plan of it is laid out in the same way."""
    return factories.SituationPictureFactory(agreement=agreement, edition=2, created_by=coordinator)


@pytest.fixture
def plan(draft, snowmobile_promise) -> ActionPlan:
    return factories.ActionPlanFactory(picture=draft, period=snowmobile_promise.period)


@pytest.fixture
def client(coordinator, signed_in, today):
    return signed_in(coordinator)


def test_without_an_adopted_picture_the_list_says_where_to_begin(client, agreement):
    page = Page(client.get("/lagesbild/"))
    assert page.texts("//section[@aria-labelledby='atgardsplan']//div[@class='empty']") == [
        "Ingen åtgärdsplan är beslutad än Den grundas på en antagen lägesbild, så börja där."
    ]


def test_a_decision_is_entered(client, picture, snowmobile_promise):
    response = client.post(
        "/atgardsplan/ny/",
        {
            "picture": picture.pk,
            "period": snowmobile_promise.period_id,
            "decided_on": "2024-03-14",
            "deciding_body": "Kommunstyrelsen",
            "registry_number": "KS 2024/118",
        },
    )
    plan = ActionPlan.objects.get()
    assert response.url == f"/atgardsplan/{plan.pk}/"
    assert (plan.decided_on, plan.registry_number) == (date(2024, 3, 14), "KS 2024/118")


@pytest.mark.parametrize(
    ("decided_on", "is_good"),
    [("2024-05-15", True), ("2024-05-16", False), ("2024-02-06", True), ("2024-02-05", False)],
)
def test_the_decision_lies_between_the_adoption_and_today(
    client, picture, snowmobile_promise, decided_on, is_good
):
    response = client.post(
        "/atgardsplan/ny/",
        {
            "picture": picture.pk,
            "period": snowmobile_promise.period_id,
            "decided_on": decided_on,
            "deciding_body": "Kommunstyrelsen",
        },
    )
    assert (response.status_code == 302) == is_good


def test_a_plan_rests_on_an_adopted_picture_that_is_ones_own(client, draft, picture):
    elsewhere = factories.SituationPictureFactory(
        adopted_on=date(2024, 2, 6), adopting_body="Kommunstyrelsen"
    )
    page = Page(client.get("/atgardsplan/ny/"))
    offered = {option.get("value") for option in page.all("//select[@name='picture']/option")}
    assert offered == {"", str(picture.pk)}
    assert str(elsewhere.pk) not in offered


def test_the_list_tells_the_laws_clock(client, plan):
    facts = Page(client.get("/lagesbild/")).texts(
        "//section[@aria-labelledby='atgardsplan']//dl/div"
    )
    assert facts[1] == "Lagens klocka: följs upp senast 20 februari 2026 646 dagar kvar"


def test_the_measures_stand_under_problem_and_promise(plan, draft, snowmobile_promise, today):
    answered = factories.ProblemFactory(picture=draft, title="Buller", priority=1)
    again = factories.ProblemFactory(picture=draft, title="Olyckor", priority=2)
    factories.ProblemFactory(picture=draft, title="Dieselstölder", priority=3)
    for problem in (answered, again):
        problem.promises.add(snowmobile_promise)
    early, late = (
        factories.ActivityFactory(
            promise=snowmobile_promise,
            title=title,
            created_at=datetime(2024, 2, day, 12, tzinfo=UTC),
        )
        for title, day in (("A", 20), ("B", 21))
    )
    problems, others = measures_of(plan, today)
    assert [problem.title for problem, _ in problems] == [
        "Buller",
        "Olyckor",
        "Dieselstölder",
    ]
    first, second, unanswered = [answers for _, answers in problems]
    assert [(activity, is_later) for activity, _, is_later in first[0].measures] == [
        (early, False),
        (late, True),
    ]
    assert [answer.is_repeated for row in (first, second) for answer in row] == [
        False,
        True,
    ]
    assert unanswered == []
    assert [answer.promise.number for answer in others] == [1, 2, 4, 5]


def test_the_page_marks_what_came_after_the_decision_and_what_lacks(
    client, plan, draft, snowmobile_promise
):
    factories.ProblemFactory(picture=draft, title="Dieselstölder")
    problem = factories.ProblemFactory(picture=draft, title="Buller")
    problem.promises.add(snowmobile_promise)
    factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkväll")
    page = Page(client.get(plan.get_absolute_url()))
    assert page.rows()[0][0] == "Skoterkväll Tillkommen efter beslutet"
    assert "Inget löfte svarar mot problemet" in page.text()


def test_a_stale_plan_is_not_saved_over_another(client, picture, snowmobile_promise):
    plan = factories.ActionPlanFactory(picture=picture, period=snowmobile_promise.period)
    address = f"/atgardsplan/{plan.pk}/andra/"
    form = Page(client.get(address)).typed
    client.post(address, form | {"note": "Deras."})
    response = client.post(address, form | {"note": "Min."})
    plan.refresh_from_db()
    assert (response.status_code, plan.note) == (200, "Deras.")
