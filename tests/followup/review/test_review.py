"""The review's own rules: its days, and its assessments on their scales."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from followup.models import Assessment, Review
from promises.models import Goal, Member, Promise, Undertaking
from tests import life
from tests.factories import (
    AgreementFactory,
    GoalFactory,
    MemberFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReviewFactory,
    UndertakingFactory,
)
from tests.refusal import constraint_broken_by, refusal_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    """Of 2023 and 2024, with 2025-01-31 as its cut-off."""
    return ReviewFactory()


@pytest.fixture
def member() -> Member:
    return MemberFactory()


# --- Its days -----------------------------------------------------------------------------


def test_a_review_does_not_end_before_it_begins(review):
    review.ends_on = date(2022, 12, 31)

    assert refusal_of(review) == ["Slutdatumet ska inte ligga före startdatumet."]


def test_a_review_may_be_of_a_single_day(review):
    review.starts_on = review.ends_on = review.cutoff_on

    review.full_clean()
    review.save()


def test_the_log_is_not_closed_before_the_period_has_ended(review):
    review.cutoff_on = date(2024, 12, 30)
    assert refusal_of(review) == ["Brytdatumet ska inte ligga före periodens slut."]

    review.cutoff_on = date(2024, 12, 31)
    review.full_clean()
    review.save()


def test_a_period_is_reviewed_once_in_each_edition(review, member):
    again = ReviewFactory.build(agreement=review.agreement, created_by=member)
    assert refusal_of(again) == ["Det finns redan en uppföljning av den perioden."]

    life.adopt(review)
    again.edition, again.corrects = 2, review
    again.full_clean()
    again.save()


def test_two_agreements_may_be_reviewed_for_the_same_period(review):
    assert ReviewFactory().starts_on == review.starts_on


@pytest.mark.parametrize(
    ("status", "is_open"),
    [("draft", True), ("returned", True), ("submitted", False), ("adopted", False)],
)
def test_a_review_is_open_as_a_draft_and_when_it_has_been_returned(status, is_open):
    assert Review(status=status).is_open is is_open


def test_the_statuses_are_told_in_swedish():
    assert Review.Status.labels == ["Utkast", "Inlämnad", "Återlämnad", "Fastställd"]


def test_a_member_sees_the_reviews_of_the_agreements_of_their_party(review):
    ours = MemberFactory(party=review.agreement.parties.first())
    theirs = MemberFactory(party=AgreementFactory().parties.first())

    assert list(Review.objects.visible_to(ours)) == [review]
    assert list(Review.objects.visible_to(theirs)) == []


# --- Its promises -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_reviewed"),
    [
        (date(2021, 1, 1), date(2022, 12, 31), False),
        (date(2021, 1, 1), date(2023, 1, 1), True),
        (date(2023, 6, 1), date(2023, 6, 30), True),
        (date(2020, 1, 1), date(2029, 12, 31), True),
        (date(2024, 12, 31), date(2026, 12, 31), True),
        (date(2025, 1, 1), date(2026, 12, 31), False),
    ],
)
def test_a_review_is_of_the_promises_whose_period_touches_it(
    review, starts_on, ends_on, is_reviewed
):
    period = PromisePeriodFactory(agreement=review.agreement, starts_on=starts_on, ends_on=ends_on)
    promise = PromiseFactory(period=period)

    assert list(review.promises()) == ([promise] if is_reviewed else [])


def test_a_review_is_not_of_the_promises_of_another_agreement(review):
    PromiseFactory()

    assert list(review.promises()) == []


# --- Assessments --------------------------------------------------------------------------


@pytest.fixture
def goal(review) -> Goal:
    return GoalFactory(agreement=review.agreement)


@pytest.fixture
def undertaking(review) -> Undertaking:
    return UndertakingFactory(agreement=review.agreement)


@pytest.fixture
def promise(review) -> Promise:
    return PromiseFactory(period=PromisePeriodFactory(agreement=review.agreement))


@pytest.fixture
def assess(review, member):
    """An assessment with a reason, a person and a date, not yet saved."""

    def assessment(**values) -> Assessment:
        judged = {
            "rationale": "Loggen visar det.",
            "assessed_by": member,
            "assessed_on": date(2025, 2, 10),
        }
        return Assessment(review=review, **judged | values)

    return assessment


@pytest.mark.parametrize(
    "things", [(), ("goal", "promise"), ("goal", "undertaking"), ("goal", "undertaking", "promise")]
)
def test_an_assessment_is_of_one_thing(assess, request, things):
    assessment = assess(**{thing: request.getfixturevalue(thing) for thing in things})

    assert refusal_of(assessment) == ["En bedömning gäller ett mål, ett åtagande eller ett löfte."]


@pytest.mark.parametrize(
    ("thing", "name"),
    [("goal", "Mål"), ("undertaking", "Åtagande"), ("promise", "Löfte")],
)
def test_a_thing_is_assessed_once_in_a_review(assess, request, thing, name):
    assessed = {thing: request.getfixturevalue(thing)}
    assess(**assessed).save()

    assert refusal_of(assess(**assessed)) == [
        f"Bedömning med samma Uppföljning och {name} finns redan."
    ]


@pytest.mark.parametrize("thing", ["goal", "undertaking", "promise"])
def test_a_thing_is_assessed_again_in_the_next_review(review, assess, request, thing):
    assessed = {thing: request.getfixturevalue(thing)}
    assess(**assessed).save()

    again = assess(**assessed)
    again.review = ReviewFactory(
        agreement=review.agreement, starts_on=date(2025, 1, 1), ends_on=date(2025, 1, 31)
    )

    again.full_clean()
    again.save()


KEPT = ["fulfilled", "partly_fulfilled", "not_fulfilled", "cannot_assess"]
ACHIEVED = ["achieved", "partly_achieved", "not_achieved", "cannot_assess"]


@pytest.mark.parametrize(
    ("thing", "scale"), [("goal", ACHIEVED), ("undertaking", KEPT), ("promise", KEPT)]
)
def test_everything_is_judged_on_its_own_scale_only(assess, request, thing, scale):
    assessment = assess(**{thing: request.getfixturevalue(thing)})
    assert [value.value for value in assessment.scale] == scale

    for value in Assessment.Value.values:
        assessment.value = value
        if value in scale:
            assessment.full_clean()
            assessment.save()
        else:
            assert refusal_of(assessment) == ["Bedömningen ligger inte på rätt skala."]


def test_the_scales_are_told_in_swedish():
    assert [value.label for value in Assessment.GOAL_SCALE] == [
        "Uppnått",
        "Delvis uppnått",
        "Ej uppnått",
        "Kan inte bedömas",
    ]
    assert [value.label for value in Assessment.PROMISE_SCALE] == [
        "Uppfyllt",
        "Delvis uppfyllt",
        "Ej uppfyllt",
        "Kan inte bedömas",
    ]


def test_a_goal_has_a_trend(assess, goal):
    assessment = assess(goal=goal, value="achieved", trend="unchanged")

    assessment.full_clean()
    assessment.save()


@pytest.mark.parametrize("thing", ["undertaking", "promise"])
def test_only_a_goal_has_a_trend(assess, request, thing):
    assessment = assess(
        **{thing: request.getfixturevalue(thing)}, value="fulfilled", trend="better"
    )

    assert refusal_of(assessment) == ["Bedömningen ligger inte på rätt skala."]


def test_a_judgement_has_a_reason(assess, promise):
    assessment = assess(promise=promise, value="fulfilled", rationale="")

    assert refusal_of(assessment) == [
        "Skriv en motivering: vad bedömningen grundar sig på.",
    ]
    assert constraint_broken_by(assessment) == ["En bedömning behöver en motivering."]


def test_a_reason_of_spaces_is_no_reason(assess, promise):
    with pytest.raises(ValidationError) as refused:
        assess(promise=promise, value="fulfilled", rationale=" \n ").full_clean()

    assert refused.value.message_dict == {
        "rationale": ["Skriv en motivering: vad bedömningen grundar sig på."]
    }


@pytest.mark.parametrize("lacking", ["assessed_by", "assessed_on"])
def test_a_judgement_has_a_person_and_a_date(assess, promise, lacking):
    assessment = assess(promise=promise, value="fulfilled", **{lacking: None})

    assert refusal_of(assessment) == ["En bedömning behöver en motivering."]


def test_an_assessment_without_a_value_is_missing_and_needs_nothing(review, promise):
    assessment = Assessment(review=review, promise=promise)

    assessment.full_clean()
    assessment.save()
    assert assessment.is_missing


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        ("goal", "Bedömning av mål 1"),
        ("undertaking", "Bedömning av åtagande 1"),
        ("promise", "Bedömning av löfte 1: skoterkörning"),
    ],
)
def test_an_assessment_names_what_is_assessed(request, thing, text):
    assessed = request.getfixturevalue(thing)
    assessed.number = 1

    assessment = Assessment(**{thing: assessed})

    assert (assessment.assessed, str(assessment)) == (assessed, text)
