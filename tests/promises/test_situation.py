"""The lägesbild: its editions, writing a draft, adopting it, and that it then stands."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from promises.models import Cause, Problem, SituationPicture, Source
from promises.models.situation import ADOPTED
from promises.situation_draft import start_picture
from promises.views.situation import ONE_DRAFT
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

TEXTS = {
    "extent": "Stölder.",
    "consequences": "Oro.",
    "other_information": "Långa avstånd.",
    "analysis": "Färre tillfällen.",
}


@pytest.fixture
def draft(agreement, coordinator) -> SituationPicture:
    """A draft with everything the law asks for."""
    picture = factories.SituationPictureFactory(
        agreement=agreement, edition=1, created_by=coordinator, **TEXTS
    )
    source = factories.SourceFactory(picture=picture)
    problem = factories.ProblemFactory(picture=picture, title="Vårdslös skoterkörning", priority=1)
    factories.CauseFactory(problem=problem)
    problem.sources.add(source)
    return picture


@pytest.fixture
def adopted(draft) -> SituationPicture:
    draft.adopted_on, draft.adopting_body = date(2024, 2, 6), "Kommunstyrelsen"
    draft.registry_number = "KS 2024/17"
    draft.save()
    return draft


@pytest.fixture
def client(coordinator, signed_in, today):
    return signed_in(coordinator)


def send(client, address: str, **typed):
    """Open the form, type, send; None stands for a box that is not ticked."""
    values = Page(client.get(address)).typed | typed
    return client.post(address, {name: v for name, v in values.items() if v is not None})


# --- Reading -------------------------------------------------------------------------------


def test_without_a_picture_the_page_says_how_to_begin(client, agreement):
    page = Page(client.get("/lagesbild/"))
    assert page.text("//div[@class='empty']//a") == "Börja den första"


def test_the_parts_stand_in_the_laws_order(client, adopted):
    page = Page(client.get("/lagesbild/"))
    assert page.texts("//main//h2") == [
        "Kartläggning",
        "Annan information",
        "Analys",
        "Problem",
        "Underlag",
        "Utgåvor",
        "Åtgärdsplan",
    ]


def test_the_two_clocks_are_named_and_kept_apart(client, adopted):
    facts = Page(client.get("/lagesbild/")).facts
    assert facts["Lagens klocka: uppdateras"] == "senast 6 februari 2026 632 dagar kvar"
    assert facts["Överenskommelsens klocka: målen följs upp"] == "senast 27 februari 2025"


@pytest.mark.parametrize(
    ("adopted_on", "clock"),
    [
        (date(2022, 5, 15), "senast 15 maj 2024 0 dagar kvar"),
        (date(2022, 5, 14), "senast 14 maj 2024 Försenad 1 dag sen"),
    ],
)
def test_the_law_gives_two_years_and_the_last_day_counts(client, draft, adopted_on, clock):
    draft.adopted_on, draft.adopting_body = adopted_on, "Kommunstyrelsen"
    draft.save()
    assert Page(client.get("/lagesbild/")).facts["Lagens klocka: uppdateras"] == clock


def test_a_draft_that_nobody_has_adopted_is_shown_as_a_draft(client, draft):
    page = Page(client.get("/lagesbild/"))
    assert page.facts["Lagens klocka: uppdateras"] == "Ingen antagen än"
    assert page.text("//div[contains(@class, 'notice')]") == (
        "Det här är ett utkast som inte är antaget. Ingen lägesbild gäller än."
    )


def test_the_adopted_edition_applies_until_the_draft_is_adopted(client, adopted, coordinator):
    start_picture(adopted.agreement, by=coordinator, on=date(2024, 5, 1))
    page = Page(client.get("/lagesbild/"))
    assert page.facts["Gällande lägesbild"] == "Utgåva 1 beskriver läget 31 januari 2024"
    editions = page.rows("//h2[.='Utgåvor']/following-sibling::div[1]//table")
    assert [row[:2] for row in editions] == [["Utgåva 2", "Utkast"], ["Utgåva 1", "Antagen"]]


# --- The next edition ----------------------------------------------------------------------


def test_the_next_edition_is_a_copy_with_every_link(client, adopted, snowmobile_promise, today):
    problem = adopted.problems.get()
    problem.promises.add(snowmobile_promise)
    response = client.post("/lagesbild/ny/")
    new = SituationPicture.objects.get(adopted_on=None)
    assert response.url == f"/lagesbild/{new.pk}/"
    assert (new.edition, new.dated_on) == (2, today)
    assert {name: getattr(new, name) for name in TEXTS} == TEXTS
    copy = new.problems.get()
    assert (copy.title, copy.priority) == (problem.title, problem.priority)
    assert [cause.wording for cause in copy.causes.all()] == ["Leden går genom byn"]
    assert list(copy.promises.all()) == [snowmobile_promise]
    assert list(copy.sources.all()) == [new.sources.get()]
    assert new.sources.get() != adopted.sources.get()


def test_what_was_struck_out_is_not_copied(draft, coordinator):
    for row in (*draft.sources.all(), *draft.problems.all()):
        row.withdrawn_at = draft.created_at
        row.save()
    draft.adopted_on, draft.adopting_body = date(2024, 2, 6), "Kommunstyrelsen"
    draft.save()
    new = start_picture(draft.agreement, by=coordinator, on=date(2024, 5, 1))
    assert (new.sources.count(), new.problems.count()) == (0, 0)


def test_there_is_one_draft_at_a_time(client, draft):
    page = Page(client.get("/lagesbild/ny/"))
    assert page.all("//main//form") == []
    response = client.post("/lagesbild/ny/", follow=True)
    assert Page(response).messages == [ONE_DRAFT]
    assert SituationPicture.objects.count() == 1


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_the_same_moment_one_gets_the_draft(client, agreement):
    responses = at_the_same_moment(*[lambda: client.post("/lagesbild/ny/")] * 2)
    draft = SituationPicture.objects.get()
    assert {response.url for response in responses} == {"/lagesbild/", f"/lagesbild/{draft.pk}/"}


# --- Writing the draft ---------------------------------------------------------------------


def test_the_texts_are_written(client, draft):
    response = send(client, f"/lagesbild/{draft.pk}/andra/", analysis="Ny analys.")
    assert response.url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert (draft.analysis, draft.version) == ("Ny analys.", 2)


def test_a_personal_number_is_refused_and_the_text_is_kept(client, draft):
    response = send(client, f"/lagesbild/{draft.pk}/andra/", analysis="Om 19811218-9876.")
    page = Page(response)
    assert list(page.errors) == ["analysis"]
    assert page.typed["analysis"] == "Om 19811218-9876."


def test_a_stale_text_is_not_saved_over_another(client, draft):
    form = Page(client.get(f"/lagesbild/{draft.pk}/andra/")).typed
    send(client, f"/lagesbild/{draft.pk}/andra/", analysis="Deras.")
    response = client.post(f"/lagesbild/{draft.pk}/andra/", form | {"analysis": "Min."})
    draft.refresh_from_db()
    assert response.status_code == 200
    assert draft.analysis == "Deras."
    assert Page(response).typed["analysis"] == "Min."


def test_a_source_is_added_struck_and_taken_back(client, draft):
    send(
        client,
        f"/lagesbild/{draft.pk}/underlag/ny/",
        kind="survey",
        title="Enkät",
        dated_on="2024-03-01",
        summary="Trygghet.",
    )
    source = Source.objects.get(title="Enkät")
    address = f"/lagesbild/{draft.pk}/underlag/{source.pk}/"
    send(client, address, is_struck="on")
    page = Page(client.get(draft.get_absolute_url()))
    assert "Enkät" not in page.text("//table[contains(@class, 'sources')]")
    assert page.text("//h2[.='Struket ur utkastet']/following-sibling::ul") == "Underlag: Enkät"
    send(client, address, is_struck=None)
    source.refresh_from_db()
    assert source.withdrawn_at is None


def test_a_problem_is_added_with_causes_sources_and_promises(client, draft, snowmobile_promise):
    source = draft.sources.get()
    response = client.post(
        f"/lagesbild/{draft.pk}/problem/nytt/",
        {
            "title": "Buller",
            "priority": "2",
            "new_cause_1": "Leden är nära",
            "new_cause_1_kind": "situational",
            "new_cause_2": "Okunskap",
            "new_cause_2_kind": "social",
            "sources": [source.pk],
            "promises": [snowmobile_promise.pk],
        },
    )
    assert response.url == f"/lagesbild/{draft.pk}/#problem"
    problem = Problem.objects.get(title="Buller")
    assert [(cause.wording, cause.kind) for cause in problem.causes.all()] == [
        ("Leden är nära", "situational"),
        ("Okunskap", "social"),
    ]
    assert (list(problem.sources.all()), list(problem.promises.all())) == (
        [source],
        [snowmobile_promise],
    )


def test_a_cause_is_changed_struck_and_never_deleted(client, draft):
    problem = draft.problems.get()
    cause, other = problem.causes.get(), factories.CauseFactory(problem=problem)
    send(
        client,
        f"/lagesbild/{draft.pk}/problem/{problem.pk}/",
        **{f"cause_{cause.pk}": "Leden är smal", f"cause_{other.pk}_struck": "on"},
    )
    assert [cause.wording for cause in problem.causes.standing()] == ["Leden är smal"]
    assert list(problem.causes.struck()) == [other]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"new_cause_1": "Mörkt"}, {"new_cause_1_kind"}),
        ({"new_cause_1_kind": "social"}, {"new_cause_1"}),
        ({"new_cause_1": "Om 19811218-9876", "new_cause_1_kind": "social"}, {"new_cause_1"}),
    ],
)
def test_half_a_cause_or_a_personal_number_in_it_is_refused(client, draft, typed, errors):
    problem = draft.problems.get()
    response = send(client, f"/lagesbild/{draft.pk}/problem/{problem.pk}/", **typed)
    assert set(Page(response).errors) == errors
    assert Cause.objects.count() == 1


def test_a_cause_added_by_another_meanwhile_is_left_as_it_is(client, draft):
    problem = draft.problems.get()
    form = Page(client.get(f"/lagesbild/{draft.pk}/problem/{problem.pk}/")).typed
    theirs = factories.CauseFactory(problem=problem, wording="Deras")
    client.post(f"/lagesbild/{draft.pk}/problem/{problem.pk}/", form | {"title": "Buller"})
    theirs.refresh_from_db()
    assert (theirs.wording, theirs.withdrawn_at) == ("Deras", None)


def test_only_promises_of_this_and_coming_periods_and_those_linked_can_be_chosen(
    client, draft, snowmobile_promise
):
    earlier = factories.PromisePeriodFactory(
        agreement=draft.agreement, starts_on=date(2019, 1, 1), ends_on=date(2020, 12, 31)
    )
    coming = factories.PromisePeriodFactory(
        agreement=draft.agreement, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    linked, unlinked = (factories.PromiseFactory(period=earlier) for _ in range(2))
    new = factories.PromiseFactory(period=coming)
    problem = draft.problems.get()
    problem.promises.add(linked)
    page = Page(client.get(f"/lagesbild/{draft.pk}/problem/{problem.pk}/"))
    offered = {box.get("value") for box in page.all("//input[@name='promises']")}
    assert {str(new.pk), str(linked.pk), str(snowmobile_promise.pk)} <= offered
    assert str(unlinked.pk) not in offered


# --- Adopting ------------------------------------------------------------------------------


def test_adopting_locks_the_picture(client, draft):
    response = send(
        client,
        f"/lagesbild/{draft.pk}/anta/",
        adopting_body="Kommunstyrelsen",
        adopted_on="2024-05-14",
        registry_number="KS 2024/17",
    )
    assert response.url == draft.get_absolute_url()
    draft.refresh_from_db()
    assert (draft.adopting_body, draft.adopted_on, draft.registry_number) == (
        "Kommunstyrelsen",
        date(2024, 5, 14),
        "KS 2024/17",
    )


@pytest.mark.parametrize(
    ("adopted_on", "is_good"),
    [("2024-05-15", True), ("2024-05-16", False), ("2024-01-31", True), ("2024-01-30", False)],
)
def test_the_day_of_adoption_lies_between_the_pictures_own_date_and_today(
    client, draft, adopted_on, is_good
):
    response = send(
        client,
        f"/lagesbild/{draft.pk}/anta/",
        adopting_body="Kommunstyrelsen",
        adopted_on=adopted_on,
        registry_number="KS 2024/17",
    )
    assert (response.status_code == 302) == is_good


def test_what_lacks_is_named_and_nothing_is_adopted(client, agreement, coordinator):
    picture = factories.SituationPictureFactory(agreement=agreement, created_by=coordinator)
    lacks = [
        "kartläggning: omfattning",
        "kartläggning: konsekvenser",
        "annan information",
        "analys",
        "minst ett underlag",
        "minst ett problem",
    ]
    page = Page(client.get(f"/lagesbild/{picture.pk}/anta/"))
    assert page.texts("//div[contains(@class, 'notice')]//li") == lacks
    assert page.all("//main//form") == []
    response = client.post(
        f"/lagesbild/{picture.pk}/anta/",
        {
            "adopting_body": "Kommunstyrelsen",
            "adopted_on": "2024-05-14",
            "registry_number": "KS 2024/17",
            "version": "1",
        },
    )
    assert list(Page(response).summary) == [f"Lägesbilden saknar {lack}." for lack in lacks]
    picture.refresh_from_db()
    assert not picture.is_adopted


def test_an_adopted_picture_is_edited_by_no_form(client, adopted):
    root = f"/lagesbild/{adopted.pk}"
    for address in (
        f"{root}/andra/",
        f"{root}/anta/",
        f"{root}/underlag/ny/",
        f"{root}/underlag/{adopted.sources.get().pk}/",
        f"{root}/problem/nytt/",
        f"{root}/problem/{adopted.problems.get().pk}/",
    ):
        response = client.post(address, {"title": "Nytt"})
        assert response.status_code == 403, address
        assert ADOPTED in Page(response).text()


def test_an_adopted_picture_and_its_rows_refuse_every_save(adopted):
    problem, source = adopted.problems.get(), adopted.sources.get()
    rows = [
        adopted,
        source,
        problem,
        problem.causes.get(),
        Source(
            picture=adopted, kind="survey", title="Ny", dated_on=date(2024, 3, 1), summary="Ny."
        ),
        Problem(picture=adopted, title="Nytt"),
        Cause(problem=problem, kind="social", wording="Ny"),
    ]
    for row in rows:
        with pytest.raises(ValidationError, match="Lägesbilden är antagen"):
            row.save()


def test_a_row_cannot_be_moved_out_of_an_adopted_picture(adopted, coordinator):
    draft = start_picture(adopted.agreement, by=coordinator, on=date(2024, 5, 1))
    source, cause = adopted.sources.get(), adopted.problems.get().causes.get()
    source.picture, cause.problem = draft, draft.problems.get()
    for row in (source, cause):
        with pytest.raises(ValidationError):
            row.save()


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_what_is_adopted_has_what_the_law_asks_for_even_if_it_is_struck_that_moment(client, draft):
    source = draft.sources.get()
    strike = f"/lagesbild/{draft.pk}/underlag/{source.pk}/"
    adopt = f"/lagesbild/{draft.pk}/anta/"
    struck = Page(client.get(strike)).typed | {"is_struck": "on"}
    decision = Page(client.get(adopt)).typed | {
        "adopting_body": "Kommunstyrelsen",
        "adopted_on": "2024-05-14",
        "registry_number": "KS 2024/17",
    }
    at_the_same_moment(lambda: client.post(strike, struck), lambda: client.post(adopt, decision))
    draft.refresh_from_db()
    assert draft.is_adopted == draft.sources.standing().exists()


def test_the_database_allows_one_draft(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SituationPictureFactory(agreement=draft.agreement, edition=7)


# --- Links ---------------------------------------------------------------------------------


def test_a_promise_is_given_its_goals(client, snowmobile_promise, agreement):
    goals = list(agreement.goals.filter(number__in=[1, 2]))
    address = f"/loften/{snowmobile_promise.pk}/koppla/"
    response = client.post(address, {"goals": [goal.pk for goal in goals], "opened_at": ""})
    assert response.url == snowmobile_promise.get_absolute_url()
    assert list(snowmobile_promise.goals.order_by("number")) == goals


def test_goals_that_somebody_changed_meanwhile_are_not_overwritten(
    client, snowmobile_promise, agreement
):
    first, second = agreement.goals.order_by("number")[:2]
    snowmobile_promise.goals.add(first)
    address = f"/loften/{snowmobile_promise.pk}/koppla/"
    response = client.post(address, {"goals": [second.pk], "opened_at": ""})
    assert len(Page(response).summary) == 1
    assert list(snowmobile_promise.goals.all()) == [first]


def test_a_promise_answers_problems_also_of_an_adopted_picture(
    client, snowmobile_promise, agreement
):
    picture = factories.SituationPictureFactory(agreement=agreement)
    answered, other = (factories.ProblemFactory(picture=picture) for _ in range(2))
    other.promises.add(snowmobile_promise)
    SituationPicture.objects.filter(pk=picture.pk).update(
        adopted_on=date(2024, 2, 1), adopting_body="Kommunstyrelsen"
    )
    goal = agreement.goals.first()
    address = f"/loften/{snowmobile_promise.pk}/koppla/"
    form = Page(client.get(address)).typed
    client.post(address, form | {"problems": [answered.pk], "goals": [goal.pk]})
    assert list(snowmobile_promise.problems.all()) == [answered]
    # Both links stand in the history of the problem they belong to.
    assert [row.history_type for row in answered.history.all()] == ["~", "+"]
    assert other.history.count() == 3
