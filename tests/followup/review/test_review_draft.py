"""A new review, drafted from the log: it says what the log says, and judges nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from followup.models import Assessment, Review, ReviewText
from followup.review.draft import DRAFTED, start_review
from followup.review.gathering import contents_of
from promises.models import Agreement, Member, Metric, Promise
from tests.factories import (
    ActivityFactory,
    AgendaItemFactory,
    AgreementFactory,
    AttendanceFactory,
    DecisionFactory,
    GoalFactory,
    MeetingFactory,
    MemberFactory,
    MetricFactory,
    OccasionFactory,
    ProblemFactory,
    PromiseFactory,
    PromisePeriodFactory,
    ReadingFactory,
    ReviewFactory,
    SituationPictureFactory,
    SourceFactory,
    TaskFactory,
    UndertakingFactory,
)

pytestmark = pytest.mark.django_db

IN_TIME = datetime(2025, 1, 31, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
TOO_LATE = datetime(2025, 2, 1, 0, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture
def agreement() -> Agreement:
    return AgreementFactory()


@pytest.fixture
def promise(agreement) -> Promise:
    return PromiseFactory(period=PromisePeriodFactory(agreement=agreement), number=3)


@pytest.fixture
def member() -> Member:
    return MemberFactory()


@pytest.fixture
def start(agreement, member):
    """Start a review of 2023 and 2024 with 2025-01-31 as its cut-off."""

    def start_of_agreement() -> Review:
        return start_review(ReviewFactory.build(agreement=agreement, created_by=None), by=member)

    return start_of_agreement


@pytest.fixture
def log(agreement):
    def log_occasion(activity, day: date = date(2024, 3, 12), **values):
        return OccasionFactory(
            **{"activity": activity, "date": day, "created_at": IN_TIME} | values
        )

    return log_occasion


def text(review: Review, kind: str) -> str:
    return review.texts.get(kind=kind).text


def rationale(review: Review, **assessed) -> str:
    return review.assessments.get(**assessed).rationale


def test_a_draft_is_saved_with_who_began_it(start, member):
    review = start()

    review.refresh_from_db()
    assert (review.status, review.created_by) == (Review.Status.DRAFT, member)


def test_every_goal_undertaking_and_promise_is_there_to_be_assessed(agreement, promise, start):
    goals = [GoalFactory(agreement=agreement) for _ in range(3)]
    undertakings = [UndertakingFactory(agreement=agreement) for _ in range(2)]
    GoalFactory(), UndertakingFactory(), PromiseFactory()

    review = start()

    assessments = list(review.assessments.all())
    assert [one.assessed for one in assessments] == [*goals, *undertakings, promise]
    assert all(one.is_missing for one in assessments)
    assert {(one.trend, one.proposal, one.assessed_by) for one in assessments} == {("", "", None)}


def test_the_method_says_what_the_review_is_built_on(start):
    assert text(start(), "method") == (
        "Uppföljningen bygger på samverkansgruppens logg för tiden 1 januari 2023"
        " – 31 december 2024. Det som hade loggats senast 31 januari 2025 är medräknat."
    )


def test_the_summary_counts_the_log_and_the_targets_met(agreement, promise, start, log):
    control = ActivityFactory(promise=promise, target_count=1, target_per="period")
    ActivityFactory(promise=promise, target_count=1, target_per="year")
    meetings = ActivityFactory(promise=None, undertaking=UndertakingFactory(agreement=agreement))
    PromiseFactory(period=promise.period, number=4)
    log(control)
    log(meetings)

    assert text(start(), "summary") == (
        "Under perioden loggades 2 tillfällen, varav 1 under åtagandena."
        " 1 av 2 åtagandenivåer nåddes."
        " Löfte 3: ett tillfälle. Löfte 4: inga tillfällen."
    )


def test_the_summary_says_nothing_of_targets_when_there_are_none(promise, start, log):
    log(ActivityFactory(promise=promise))

    assert (
        text(start(), "summary") == "Under perioden loggades ett tillfälle. Löfte 3: ett tillfälle."
    )


def test_what_only_people_can_say_is_left_empty(start):
    review = start()

    empty = set(review.texts.filter(text="").values_list("kind", flat=True))
    assert empty == {*ReviewText.Kind.values} - DRAFTED | {"situation"}


def test_the_situation_says_what_the_picture_ranks_and_what_no_promise_answers(
    agreement, promise, start, member
):
    picture = SituationPictureFactory(agreement=agreement, edition=1, created_by=member)
    ProblemFactory(picture=picture, title="Bedrägerier", priority=1).promises.add(promise)
    ProblemFactory(picture=picture, title="Dieselstölder", priority=2)
    picture.adopting_body, picture.adopted_on = "Kommunstyrelsen", date(2024, 2, 6)
    picture.save()

    assert text(start(), "situation") == (
        f"{picture} antogs 6 februari 2024 av Kommunstyrelsen. Den tar upp 2 problem.\n\n"
        "- Prioritet hög: Bedrägerier\n- Prioritet medel: Dieselstölder\n\n"
        "Inget löfte i perioden svarar mot: Dieselstölder."
    )


def test_the_dialogue_says_what_was_heard_and_told(agreement, promise, start, log, member):
    picture = SituationPictureFactory(agreement=agreement, edition=1, created_by=member)
    SourceFactory(picture=picture)
    picture.adopting_body, picture.adopted_on = "Kommunstyrelsen", date(2024, 2, 6)
    picture.save()
    log(ActivityFactory(promise=promise), public_sentence="Vi var ute.", is_published=True)

    assert text(start(), "dialogue") == (
        "Det här hörde vi:\n\n"
        "- Medborgardialog i Risbäck, 14 november 2023: Skoterkörningen oroar.\n\n"
        "Det här berättade vi: portalens öppna sida visar ett tillfälle ur perioden."
    )


def test_the_dialogue_says_so_when_nobody_was_asked(start):
    assert text(start(), "dialogue") == (
        "Ingen medborgardialog finns i lägesbildens underlag för perioden.\n\n"
        "Det här berättade vi: portalens öppna sida visar inga tillfällen ur perioden."
    )


def test_the_cooperation_says_who_met_and_how_often(agreement, promise, start, log, member):
    party = agreement.parties.first()
    meeting = MeetingFactory(agreement=agreement, chair=member, status="held")
    AttendanceFactory(
        meeting=meeting, member=MemberFactory(party=party), presence="present", party=party
    )
    DecisionFactory(item=AgendaItemFactory(meeting=meeting))
    TaskFactory(agreement=agreement, meeting=meeting, owner=member)
    log(ActivityFactory(promise=promise), party=party, minutes=90)

    drafted = text(start(), "cooperation")

    assert "våren 2024 ett möte" in drafted
    assert drafted.endswith(
        "Närvaro i samverkansgruppen: Kommunen 1 av 1 möte; Polisen ingen uppgift.\n\n"
        "På mötena togs ett beslut och gavs ett uppdrag, varav 0 klara.\n\n"
        "Loggad tid: Kommunen 1\N{NO-BREAK SPACE}tim 30\N{NO-BREAK SPACE}min."
    )


def test_the_deviations_say_what_the_log_shows_and_give_no_cause(promise, start, log, member):
    ActivityFactory(promise=promise, title="Skoterkontroll", target_count=1, target_per="year")
    ActivityFactory(
        promise=promise, title="Skoterkväll", status="cancelled", cancellation_reason="Ingen snö."
    )
    ActivityFactory(promise=promise, title="Skyltning", planned_to=date(2024, 10, 31))
    activity = ActivityFactory(promise=promise)
    log(activity).withdraw(by=member, reason="Dubblett.")
    log(activity, created_at=TOO_LATE)

    assert text(start(), "deviations") == (
        "Åtagandenivån nåddes inte:\n\n"
        "- Skoterkontroll (1 per år): 2023 (0 av 1), 2024 (0 av 1)\n\n"
        "Inställt:\n\n- Skoterkväll: Ingen snö\n\n"
        "Försenat:\n\n- Skyltning, skulle ha varit klart 31 oktober 2024\n\n"
        "Räknas inte: ett tillfälle som drogs tillbaka och ett tillfälle som loggades efter"
        " brytdatumet."
    )


def test_without_deviations_the_draft_says_so(start):
    assert text(start(), "deviations") == "Loggen visar inga avvikelser."


def test_the_evidence_of_a_promise_is_its_occasions_and_targets(promise, start, log):
    control = ActivityFactory(
        promise=promise, title="Skoterkontroll", target_count=2, target_per="year"
    )
    ActivityFactory(promise=promise, title="Samtal")
    log(control, date(2023, 3, 7))
    log(control, date(2024, 3, 12))

    assert rationale(start(), promise=promise) == (
        "2 tillfällen, det senaste 12 mars 2024."
        " Skoterkontroll: 2 av 4 tillfällen (2 per år, ej nådd)."
    )


def test_the_occasions_of_an_undertaking_that_they_show_are_its_evidence(agreement, start, log):
    undertaking = UndertakingFactory(agreement=agreement)
    log(ActivityFactory(promise=None, undertaking=undertaking))

    assert rationale(start(), undertaking=undertaking) == (
        "1 tillfälle genomfört, senast 12 mars 2024."
    )


def test_the_evidence_of_an_undertaking_is_of_its_own_kind(agreement, start, member):
    undertaking = UndertakingFactory(agreement=agreement, evidence="meetings")
    MeetingFactory(agreement=agreement, chair=member, date=date(2024, 3, 19), status="held")

    review = start()

    assert rationale(review, undertaking=undertaking) == "1 möte genomfört, senast 19 mars 2024."
    gaps = [gap.sentence for gap in contents_of(review, date(2025, 1, 10)).gaps]
    assert not [sentence for sentence in gaps if sentence.startswith(f"{undertaking}:")]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((90, 150), "4\N{NO-BREAK SPACE}tim"),
        ((20, 0), "20\N{NO-BREAK SPACE}min"),
        ((60, 90), "2\N{NO-BREAK SPACE}tim 30\N{NO-BREAK SPACE}min"),
        ((60, None), "1\N{NO-BREAK SPACE}tim (ett tillfälle saknar uppgift)"),
        ((60, None, None), "1\N{NO-BREAK SPACE}tim (2 tillfällen saknar uppgift)"),
    ],
)
def test_logged_time_is_told_with_what_is_not_known_of_it(promise, start, log, minutes, told):
    activity = ActivityFactory(promise=promise)
    for one in minutes:
        log(activity, minutes=one)

    assert rationale(start(), promise=promise) == (
        f"{len(minutes)} tillfällen, det senaste 12 mars 2024. Loggad tid: {told}."
    )


def test_the_unit_of_a_metric_keeps_its_capitals(agreement, start):
    goal = GoalFactory(agreement=agreement)
    metric = MetricFactory(activity=None, goal=goal, name="Prov", unit="LAU-prov")
    ReadingFactory(metric=metric, created_at=IN_TIME)

    assert rationale(start(), goal=goal) == "Prov: 14 LAU-prov."


def test_a_plan_without_occasions_is_said_to_have_none(promise, start):
    ActivityFactory(promise=promise)

    assert rationale(start(), promise=promise) == "Inga tillfällen."


def test_a_promise_without_a_plan_has_no_evidence(promise, start):
    assert rationale(start(), promise=promise) == ""


def test_the_evidence_of_a_goal_is_its_metrics(agreement, start):
    goal = GoalFactory(agreement=agreement)
    crimes = MetricFactory(
        activity=None, goal=goal, number=1, name="Anmälda brott", unit="brott", rule="latest"
    )
    MetricFactory(activity=None, goal=goal, number=2, name="Oro", rule=Metric.Rule.SHARE)
    ReadingFactory(metric=crimes, value=41, created_at=IN_TIME)

    assert rationale(start(), goal=goal) == "Anmälda brott: 41 brott. Oro: ingen uppgift."


def test_what_was_logged_after_the_cutoff_is_not_in_the_draft(promise, start, log):
    activity = ActivityFactory(promise=promise)
    log(activity, date(2024, 3, 12), created_at=IN_TIME)
    log(activity, date(2024, 12, 30), created_at=TOO_LATE)

    review = start()

    assert rationale(review, promise=promise) == "Ett tillfälle, det senaste 12 mars 2024."
    assert (
        text(review, "summary") == "Under perioden loggades ett tillfälle. Löfte 3: ett tillfälle."
    )


def test_a_withdrawn_occasion_is_not_in_the_draft(promise, start, log, member):
    log(ActivityFactory(promise=promise)).withdraw(by=member, reason="Dubblett.")

    assert rationale(start(), promise=promise) == "Inga tillfällen."


def test_a_review_that_cannot_be_started_leaves_nothing_behind(promise, start):
    review = start()

    with pytest.raises(IntegrityError):
        start()

    assert list(Review.objects.all()) == [review]
    assert [one.assessed for one in Assessment.objects.all()] == [promise]
