"""A new löftesperiod out of the one before it: what comes along, what stays, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from promises.carry_over import Choice, NewPromise, carry_over
from promises.models import Activity, Agreement, Problem, Promise, PromisePeriod
from tests import factories

pytestmark = pytest.mark.django_db

CONTINUED, CHANGED, ENDED = (
    Promise.Carried.CONTINUED,
    Promise.Carried.CHANGED,
    Promise.Carried.ENDED,
)


@pytest.fixture
def earlier(agreement) -> PromisePeriod:
    return agreement.periods.get()


def next_period(earlier: PromisePeriod, **values) -> PromisePeriod:
    return PromisePeriod(
        **{
            "agreement": earlier.agreement,
            "title": "Medborgarlöfte 2027–2028",
            "starts_on": date(2027, 1, 1),
            "ends_on": date(2028, 12, 31),
            **values,
        }
    )


def choices(earlier: PromisePeriod, **differing: Choice) -> list[Choice]:
    """Every promise continues, but for those named by their number, as `n3`."""
    return [
        differing.get(f"n{promise.number}", Choice(promise=promise, carried=CONTINUED))
        for promise in earlier.promises.all()
    ]


def ended(promise: Promise, reason: str = "Det är gjort.") -> Choice:
    return Choice(promise=promise, carried=ENDED, reason=reason)


# --- The promises --------------------------------------------------------------------------------


def test_a_promise_that_continues_keeps_its_words_parties_and_goals(earlier, snowmobile_promise):
    goal = earlier.agreement.goals.get(number=2)
    snowmobile_promise.goals.set([goal])

    period = carry_over(earlier, new=next_period(earlier), choices=choices(earlier))

    carried = period.promises.get(number=3)
    assert (carried.topic, carried.wording) == (
        snowmobile_promise.topic,
        snowmobile_promise.wording,
    )
    assert {party.key for party in carried.responsible.all()} == {"kommunen", "polisen"}
    assert list(carried.goals.all()) == [goal]
    assert carried.predecessor == snowmobile_promise
    assert (period.predecessor, period.agreement) == (earlier, earlier.agreement)


def test_promises_are_numbered_anew_without_those_that_end(earlier):
    first, second = earlier.promises.all()[:2]
    changed = Choice(
        promise=second,
        carried=CHANGED,
        topic="Bedrägerier",
        wording="Vi ska möta alla äldre.",
        reason="Inbrotten är få.",
    )
    new = NewPromise(
        topic="Skolväg",
        wording="Vi ska ses vid skolan.",
        responsible=[earlier.agreement.parties.first()],
        goals=[earlier.agreement.goals.first()],
    )

    period = carry_over(
        earlier,
        new=next_period(earlier),
        choices=choices(earlier, n1=ended(first), n2=changed),
        added=[new],
    )

    assert [
        (promise.number, promise.topic, promise.predecessor and promise.predecessor.number)
        for promise in period.promises.all()
    ] == [
        (1, "Bedrägerier", 2),
        (2, "Skoterkörning i Borgafjäll", 3),
        (3, "Trafikmiljön i centrala Dorotea", 4),
        (4, "Synlig polis i byarna", 5),
        (5, "Skolväg", None),
    ]
    assert period.promises.get(number=1).wording == "Vi ska möta alla äldre."
    assert [goal.number for goal in period.promises.get(number=5).goals.all()] == [1]


def test_the_earlier_promises_say_what_became_of_them_and_are_otherwise_untouched(earlier):
    before = {row.pk: (row.number, row.topic, row.wording) for row in earlier.promises.all()}
    first = earlier.promises.get(number=1)

    carry_over(
        earlier, new=next_period(earlier), choices=choices(earlier, n1=ended(first, "Lagen räcker"))
    )

    assert {
        row.pk: (row.number, row.topic, row.wording) for row in earlier.promises.all()
    } == before
    assert [(row.carried, row.carried_reason) for row in earlier.promises.all()] == [
        ("end", "Lagen räcker"),
        *[("continue", "")] * 4,
    ]
    assert first.history.first().carried_reason == "Lagen räcker"


# --- What belongs to them ------------------------------------------------------------------------


def test_activities_come_along_as_planned_ones_without_dates(earlier, snowmobile_promise, police):
    gone = factories.MemberFactory(party=police, is_active=False)
    old = factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        description="Vid leden.",
        responsible=police,
        responsible_member=gone,
        place=factories.PlaceFactory(),
        planned_from=date(2024, 2, 1),
        planned_to=date(2024, 4, 30),
        target_count=2,
        target_per="season",
        season_from=2,
        season_to=4,
        status=Activity.Status.CARRIED_OUT,
        is_example=True,
    )
    metric = factories.MetricFactory(activity=old, baseline=Decimal("87.5"))
    factories.ReadingFactory(metric=metric)

    period = carry_over(
        earlier, new=next_period(earlier), choices=choices(earlier), with_activities=True
    )

    new = period.promises.get(number=3).activities.get()
    for name in (
        *("title", "kind", "description", "responsible", "place", "target_count", "target_per"),
        *("season_from", "season_to", "is_example"),
    ):
        assert getattr(new, name) == getattr(old, name), name
    assert (new.status, new.planned_from, new.planned_to) == (Activity.Status.PLANNED, None, None)
    assert new.responsible_member is None
    assert new.predecessor == old
    assert [(row.name, row.baseline) for row in new.metrics.all()] == [
        (metric.name, Decimal("87.5"))
    ]
    assert new.metrics.get().readings.count() == 0


def test_a_responsible_member_who_is_still_active_stays(earlier, snowmobile_promise, coordinator):
    factories.ActivityFactory(promise=snowmobile_promise, responsible_member=coordinator)

    period = carry_over(
        earlier, new=next_period(earlier), choices=choices(earlier), with_activities=True
    )

    assert Activity.objects.get(promise__period=period).responsible_member == coordinator


def test_cancelled_activities_and_those_of_ended_promises_stay_behind(earlier, snowmobile_promise):
    factories.ActivityFactory(
        promise=snowmobile_promise, status="cancelled", cancellation_reason="Ingen snö"
    )
    first = earlier.promises.get(number=1)
    factories.ActivityFactory(promise=first)

    period = carry_over(
        earlier,
        new=next_period(earlier),
        choices=choices(earlier, n1=ended(first)),
        with_activities=True,
    )

    assert not Activity.objects.filter(promise__period=period).exists()


def test_without_being_asked_no_activity_comes_along(earlier, snowmobile_promise):
    factories.ActivityFactory(promise=snowmobile_promise)

    period = carry_over(earlier, new=next_period(earlier), choices=choices(earlier))

    assert not Activity.objects.filter(promise__period=period).exists()


def test_metrics_of_a_promise_come_along_with_their_baseline(earlier, snowmobile_promise):
    factories.MetricFactory(
        activity=None, promise=snowmobile_promise, name="Olyckor", dimension="effect", baseline=7
    )

    period = carry_over(earlier, new=next_period(earlier), choices=choices(earlier))

    metric = period.promises.get(number=3).metrics.get()
    assert (metric.name, metric.dimension, metric.baseline) == ("Olyckor", "effect", 7)


def test_the_problems_of_the_current_picture_and_of_the_draft_are_answered_still(
    earlier, snowmobile_promise, coordinator
):
    def problem(edition: int, adopted_on: date | None) -> Problem:
        picture = factories.SituationPictureFactory(
            agreement=earlier.agreement, edition=edition, created_by=coordinator
        )
        row = factories.ProblemFactory(picture=picture)
        row.promises.set([snowmobile_promise])
        if adopted_on:
            picture.adopted_on, picture.adopting_body = adopted_on, "Kommunstyrelsen"
            picture.save()
        return row

    replaced = problem(1, date(2023, 1, 1))
    current = problem(2, date(2024, 1, 1))
    draft = problem(3, None)

    period = carry_over(earlier, new=next_period(earlier), choices=choices(earlier))

    successor = period.promises.get(number=3)
    answered = {row: set(row.promises.all()) for row in (replaced, current, draft)}
    assert answered == {
        replaced: {snowmobile_promise},
        current: {snowmobile_promise, successor},
        draft: {snowmobile_promise, successor},
    }
    current.refresh_from_db()
    assert current.version == 2  # a form open on the problem would drop the new promise


# --- Under the agreement that follows ------------------------------------------------------------


def test_goals_of_a_promise_become_those_of_the_agreement_that_follows(
    earlier, agreement, snowmobile_promise
):
    snowmobile_promise.goals.set(agreement.goals.filter(number=2))
    made = factories.AgreementFactory(
        predecessor=agreement, valid_from=date(2027, 1, 1), valid_to=date(2030, 12, 31)
    )
    factories.GoalFactory(agreement=made, number=2)

    period = carry_over(earlier, new=next_period(earlier, agreement=made), choices=choices(earlier))

    [goal] = period.promises.get(number=3).goals.all()
    assert (goal.number, goal.agreement) == (2, made)


def test_a_goal_that_has_changed_its_number_is_found_by_what_it_was(
    earlier, agreement, snowmobile_promise
):
    second = agreement.goals.get(number=2)
    snowmobile_promise.goals.set([second])
    made = factories.AgreementFactory(
        predecessor=agreement, valid_from=date(2027, 1, 1), valid_to=date(2030, 12, 31)
    )
    factories.GoalFactory(agreement=made, number=1, predecessor=second)
    factories.GoalFactory(agreement=made, number=2)

    period = carry_over(earlier, new=next_period(earlier, agreement=made), choices=choices(earlier))

    assert [goal.number for goal in period.promises.get(number=3).goals.all()] == [1]


def test_a_coming_agreement_that_is_there_already_gets_the_period(earlier, agreement):
    made = factories.AgreementFactory(
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )

    period = carry_over(earlier, new=next_period(earlier, agreement=made), choices=choices(earlier))

    assert period.agreement == made


# --- What is refused -----------------------------------------------------------------------------


def refused(earlier: PromisePeriod, **values) -> dict | list:
    """What is said, once it is seen that nothing was saved."""
    before = (PromisePeriod.objects.count(), Promise.objects.count(), Agreement.objects.count())
    arguments = {"new": next_period(earlier), "choices": choices(earlier), **values}
    with pytest.raises(ValidationError) as error:
        carry_over(earlier, **arguments)
    assert before == (
        PromisePeriod.objects.count(),
        Promise.objects.count(),
        Agreement.objects.count(),
    )
    assert not earlier.promises.exclude(carried="").exists()
    return getattr(error.value, "message_dict", error.value.messages)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2023, 1, 1)])
def test_a_period_that_does_not_begin_later_is_refused(day, earlier):
    assert refused(earlier, new=next_period(earlier, starts_on=day)) == {
        "starts_on": ["Den nya löftesperioden ska börja efter att den förra började."]
    }


def test_a_period_may_begin_before_the_earlier_one_has_ended(earlier):
    new = next_period(earlier, starts_on=date(2023, 1, 2))

    assert carry_over(earlier, new=new, choices=choices(earlier)).pk


def test_a_promise_ends_only_with_a_reason(earlier):
    first = earlier.promises.get(number=1)
    assert refused(earlier, choices=choices(earlier, n1=ended(first, " "))) == [
        "Skriv varför löfte 1 avslutas."
    ]


def test_a_changed_promise_needs_words(earlier):
    changed = Choice(promise=earlier.promises.get(number=1), carried=CHANGED, topic="Tobak")
    assert refused(earlier, choices=choices(earlier, n1=changed)) == ["Skriv hur löfte 1 lyder nu."]


def test_no_promise_is_forgotten_and_none_is_chosen_twice(earlier):
    sentence = ["Välj vad som händer med vart och ett av löftena."]
    assert refused(earlier, choices=choices(earlier)[1:]) == sentence
    assert refused(earlier, choices=[*choices(earlier), choices(earlier)[0]]) == sentence


def test_a_period_without_promises_is_refused(earlier):
    all_end = [ended(promise) for promise in earlier.promises.all()]
    assert refused(earlier, choices=all_end) == ["En löftesperiod behöver minst ett löfte."]


def test_a_personal_number_is_refused(earlier):
    changed = Choice(
        promise=earlier.promises.get(number=1),
        carried=CHANGED,
        topic="Tobak",
        wording="Föraren 19811218-9876 ska sluta.",
    )
    [said] = refused(earlier, choices=choices(earlier, n1=changed))["wording"]
    assert said.startswith("Texten innehåller ett personnummer") or "personnummer" in said


def test_a_period_is_followed_by_one_only(earlier):
    carry_over(earlier, new=next_period(earlier), choices=choices(earlier))
    with pytest.raises(ValidationError) as error:
        carry_over(
            earlier,
            new=next_period(earlier, starts_on=date(2027, 2, 1)),
            choices=choices(earlier),
        )
    assert error.value.messages == [
        "Någon annan hann före: efter ”Medborgarlöfte 2023-2024” kommer redan "
        "”Medborgarlöfte 2027–2028”. Inget har sparats från dig."
    ]


def test_a_form_open_on_the_earlier_period_is_stale_afterwards(earlier):
    carry_over(earlier, new=next_period(earlier), choices=choices(earlier))
    version = earlier.version
    earlier.refresh_from_db()
    assert earlier.version == version + 1
