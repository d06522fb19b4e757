"""Röd tråd: every kind of hole, none when the thread is whole, and what page and sheet say."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest

from followup.paper.pdf import render_document
from followup.plan.red_thread import HoleKind, picture_behind, red_thread
from promises.models import Activity
from tests import factories
from tests.html import Page, text_of
from tests.printed import text_of_pdf

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)


@pytest.fixture
def whole(today, municipality, police):
    """A thread with one of each link and no hole: what the tests below cut."""
    agreement = factories.AgreementFactory(
        parties=[municipality, police], valid_from=date(2023, 3, 1)
    )
    period = factories.PromisePeriodFactory(agreement=agreement)
    goal = factories.GoalFactory(agreement=agreement, number=1)
    factories.MetricFactory(activity=None, goal=goal, name="Olyckor")
    promise = factories.PromiseFactory(period=period, number=3, topic="Skoterkörning")
    promise.goals.add(goal)
    activity = factories.ActivityFactory(
        promise=promise, title="Skoterkontroll", target_count=2, target_per="year"
    )
    metric = factories.MetricFactory(activity=activity, name="Förare")
    occasion = factories.OccasionFactory(activity=activity)
    factories.ReadingFactory(metric=metric, occasion=occasion, value=14)
    picture = factories.SituationPictureFactory(agreement=agreement, edition=1)
    problem = factories.ProblemFactory(picture=picture, title="Buller")
    problem.promises.add(promise)
    factories.CauseFactory(problem=problem)
    return agreement, period, picture


def thread_of(whole, picture=...):
    agreement, period, own = whole
    return red_thread(agreement, period, own if picture is ... else picture, ON)


def holes(whole) -> list[tuple[HoleKind, str]]:
    return [(hole.kind, hole.sentence) for hole in thread_of(whole).holes]


def test_a_whole_thread_has_no_holes_and_the_logs_own_figures(whole):
    thread = thread_of(whole)
    [promise] = thread.promises
    [activity] = promise.activities
    assert thread.holes == thread.unanswered == thread.loose_goals == ()
    assert [link.problem.title for link in promise.problems] == ["Buller"]
    assert promise.problems[0].causes == ("Leden går genom byn (situationell)",)
    assert (activity.occasions, [metric.text for metric in activity.metrics]) == (1, ["14 förare"])
    assert [link.goal.number for link in promise.goals] == [1]


def test_a_problem_without_a_cause(whole):
    cause = whole[2].problems.get().causes.get()
    cause.withdrawn_at = cause.problem.picture.created_at
    cause.save()
    assert holes(whole) == [(HoleKind.PROBLEM_WITHOUT_CAUSE, "Problemet ”Buller” saknar orsak.")]


def test_a_problem_without_a_promise(whole):
    problem = factories.ProblemFactory(picture=whole[2], title="Dieselstölder")
    factories.CauseFactory(problem=problem)
    assert holes(whole) == [
        (HoleKind.PROBLEM_WITHOUT_PROMISE, "Inget löfte svarar mot problemet ”Dieselstölder”.")
    ]
    assert [link.problem for link in thread_of(whole).unanswered] == [problem]


def test_a_problem_answered_only_in_another_period_has_no_promise(whole):
    agreement, _, picture = whole
    other = factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    problem = factories.ProblemFactory(picture=picture, title="Dieselstölder")
    factories.CauseFactory(problem=problem)
    problem.promises.add(factories.PromiseFactory(period=other))
    assert [kind for kind, _ in holes(whole)] == [HoleKind.PROBLEM_WITHOUT_PROMISE]


def test_a_struck_problem_is_no_hole(whole):
    factories.ProblemFactory(picture=whole[2], withdrawn_at=whole[2].created_at)
    assert holes(whole) == []


@pytest.fixture
def bare(whole):
    """One promise more, with nothing on either side of it."""
    return factories.PromiseFactory(period=whole[1], number=4, topic="Trafik")


def test_a_promise_without_problem_activity_and_goal(whole, bare):
    assert holes(whole) == [
        (
            HoleKind.PROMISE_WITHOUT_PROBLEM,
            "Löfte 4: Trafik svarar inte mot något problem i lägesbilden.",
        ),
        (HoleKind.PROMISE_WITHOUT_ACTIVITY, "Löfte 4: Trafik har ingen planerad aktivitet."),
        (HoleKind.PROMISE_WITHOUT_GOAL, "Löfte 4: Trafik bidrar inte till något mål."),
    ]


def test_a_cancelled_activity_asks_for_nothing_and_plans_nothing(whole):
    activity = Activity.objects.get()
    factories.ActivityFactory(
        promise=activity.promise, status="cancelled", cancellation_reason="Ingen snö"
    )
    assert holes(whole) == []
    activity.status, activity.cancellation_reason = "cancelled", "Ingen snö"
    activity.save()
    assert [kind for kind, _ in holes(whole)] == [HoleKind.PROMISE_WITHOUT_ACTIVITY]


def test_an_activity_without_target_and_without_metric_is_named_for_each(whole):
    factories.ActivityFactory(promise=Activity.objects.get().promise, title="Skoterkväll")
    assert holes(whole) == [
        (
            HoleKind.ACTIVITY_WITHOUT_TARGET,
            "Aktiviteten ”Skoterkväll” (löfte 3) saknar åtagandenivå.",
        ),
        (HoleKind.ACTIVITY_WITHOUT_METRIC, "Aktiviteten ”Skoterkväll” (löfte 3) saknar mätetal."),
    ]


def test_a_goal_without_a_metric_and_without_promise(whole):
    factories.GoalFactory(agreement=whole[0], number=2)
    assert holes(whole) == [
        (
            HoleKind.GOAL_WITHOUT_METRIC,
            "Mål 2 saknar mätetal: inget visar om det nås.",
        ),
        (HoleKind.GOAL_WITHOUT_PROMISE, "Inget löfte bidrar till mål 2."),
    ]


def test_without_a_picture_every_promise_lacks_its_problem(whole):
    thread = thread_of(whole, picture=None)
    assert [hole.kind for hole in thread.holes] == [HoleKind.PROMISE_WITHOUT_PROBLEM]


def test_a_hole_is_counted_once_though_two_promises_share_the_problem(whole, bare):
    problem = factories.ProblemFactory(picture=whole[2], title="Olyckor")
    problem.promises.add(bare, Activity.objects.get().promise)
    kinds = [kind for kind, _ in holes(whole)]
    assert kinds.count(HoleKind.PROBLEM_WITHOUT_CAUSE) == 1


# --- Which picture -------------------------------------------------------------------------


def test_an_earlier_period_is_held_against_the_picture_of_its_own_plan(whole):
    agreement, period, picture = whole
    picture.adopted_on, picture.adopting_body = date(2023, 2, 1), "Kommunstyrelsen"
    picture.save()
    newer = factories.SituationPictureFactory(
        agreement=agreement,
        edition=2,
        adopted_on=date(2024, 2, 1),
        adopting_body="Kommunstyrelsen",
    )
    factories.ActionPlanFactory(picture=picture, period=period)
    assert picture_behind(agreement, period, ON) == newer
    factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    assert picture_behind(agreement, period, date(2025, 3, 1)) == picture


# --- The page ------------------------------------------------------------------------------


def test_the_page_counts_the_holes_and_leads_to_where_they_are_mended(
    whole, bare, coordinator, signed_in
):
    page = Page(signed_in(coordinator).get(f"/rod-trad/?period={whole[1].pk}"))
    assert page.facts["Saknas i tråden"] == "3 saker"
    missing = page.one(f"//dd/a[@href='/oversikt/saknas/?period=period-{whole[1].pk}']")
    assert text_of(missing) == "3 saker"
    assert [link.get("href") for link in page.all("//p[@class='hole']/a")] == [
        f"/loften/{bare.pk}/koppla/",
        f"/aktiviteter/ny/?promise={bare.pk}",
        f"/loften/{bare.pk}/koppla/",
    ]
    assert page.texts("//p[@class='hole']/span") == [
        "Inget problem i lägesbilden",
        "Ingen aktivitet är planerad",
        "Inget mål är valt",
    ]


def test_a_reader_sees_the_holes_without_the_links(whole, bare, reader, signed_in):
    page = Page(signed_in(reader).get("/rod-trad/"))
    assert len(page.all("//p[@class='hole']")) == 3
    assert page.all("//p[@class='hole']/a") == []


def test_what_the_thread_lacks_is_told_on_the_page_of_all_that_lacks(
    whole, bare, coordinator, reader, signed_in
):
    """By kind, each thing once: that no activity is planned is told under the promise."""
    where = "//section[h2='Från problem till mål']"
    page = Page(signed_in(coordinator).get("/oversikt/saknas/"))
    assert page.texts(f"{where}//h3") == [
        "Inget problem i lägesbilden (1)",
        "Inget mål är valt (1)",
    ]
    assert (
        page.texts(f"{where}//li/a")
        == page.texts(f"{where}//li")
        == [
            "Löfte 4: Trafik svarar inte mot något problem i lägesbilden.",
            "Löfte 4: Trafik bidrar inte till något mål.",
        ]
    )
    assert "Löfte 4: ingen aktivitet är planerad." in page.texts("//section[h2='Löften']//li")
    may_mend_nothing = Page(signed_in(reader).get("/oversikt/saknas/"))
    assert may_mend_nothing.texts(f"{where}//li") == page.texts(f"{where}//li")
    assert may_mend_nothing.all(f"{where}//li/a") == []


def test_metrics_and_targets_are_mended_where_they_are_written(whole):
    activity = factories.ActivityFactory(promise=Activity.objects.get().promise)
    goal = factories.GoalFactory(agreement=whole[0], number=2)
    assert [hole.address for hole in thread_of(whole).holes] == [
        f"/aktiviteter/{activity.pk}/andra/",
        f"/matetal/aktivitet/{activity.pk}/nytt/",
        f"/matetal/mal/{goal.pk}/nytt/",
        "/loften/",
    ]


def test_a_problem_of_an_adopted_picture_is_mended_in_the_next_edition(whole):
    picture = whole[2]
    factories.ProblemFactory(picture=picture, title="Dieselstölder")
    picture.adopted_on, picture.adopting_body = date(2024, 2, 6), "Kommunstyrelsen"
    picture.save()
    assert {hole.address for hole in thread_of(whole).holes} == {"/lagesbild/ny/"}


def test_a_period_that_is_not_there_gives_the_current_one(whole, coordinator, signed_in):
    for asked in ("0", "x", "99999999999999999999"):
        page = Page(signed_in(coordinator).get(f"/rod-trad/?period={asked}"))
        assert page.text("//select[@name='period']/option[@selected]") == "2023–2024"


# --- The sheet -----------------------------------------------------------------------------


def test_the_sheet_is_one_landscape_page_with_every_link_and_hole(whole, bare):
    factories.ProblemFactory(picture=whole[2], title="Dieselstölder")
    document = render_document(
        "followup/plan/red_thread_print.html", {"thread": thread_of(whole)}, []
    )
    with pikepdf.open(io.BytesIO(document)) as read, read.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        [page] = read.pages
        left, bottom, right, top = page.mediabox
        assert right - left > top - bottom
    text = text_of_pdf(document)
    for words in (
        "Problem Orsak Löfte Aktivitet Mätetal Mål",
        "Skoterkontroll. 2 per år, 1 tillfälle",
        "Förare: 14 förare",
        "Inget löfte svarar mot problemet",
        "Ingen aktivitet är planerad",
    ):
        assert words in text
