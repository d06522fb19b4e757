"""What waits for a member: decisions first, then tasks and late occasions."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from followup.models import Review
from followup.overview.waiting import Waiting, WaitingKind, waiting_for
from promises.models import Activity, Agreement
from tests import factories, life

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)


@pytest.fixture
def review(agreement, coordinator) -> Review:
    return factories.ReviewFactory(agreement=agreement, created_by=coordinator)


def keys(member, agreement, on: date = ON) -> list[str]:
    return [one.key for one in waiting_for(member, agreement, on)]


# --- A review to sign, or to change ----------------------------------------------------------


def test_nothing_waits_for_anybody_at_first(agreement, coordinator, chief, reader, administrator):
    for member in (coordinator, chief, reader, administrator):
        assert waiting_for(member, agreement, ON) == []


def test_a_submitted_review_waits_for_each_signatory_and_nobody_else(
    review, agreement, chief, coordinator, reader, administrator
):
    submission = life.hand_in(review)
    assert waiting_for(chief, agreement, ON) == [
        Waiting(
            key=f"review-to-sign-{submission.pk}",
            kind=WaitingKind.REVIEW_TO_SIGN,
            sentence="Uppföljningen 1 januari 2023 – 31 december 2024 väntar på din underskrift.",
            address=reverse("review_preview", args=[review.pk]),
        )
    ]
    for member in (coordinator, reader, administrator):
        assert keys(member, agreement) == []


def test_it_waits_no_more_once_the_party_has_signed(review, agreement, chief, area_police, police):
    submission = life.hand_in(review)
    other = factories.MemberFactory(party=police, role="signatory")
    life.sign(submission, chief)
    assert keys(chief, agreement) == []
    assert keys(other, agreement) == [f"review-to-sign-{submission.pk}"]


def test_a_delegate_has_it_waiting_while_the_delegation_holds(review, agreement, chief, reader):
    factories.DelegationFactory(signatory=chief, delegate=reader)
    submission = life.hand_in(review)
    assert keys(reader, agreement, date(2024, 5, 31)) == [f"review-to-sign-{submission.pk}"]
    assert keys(reader, agreement, date(2024, 6, 1)) == []


def test_a_review_handed_in_again_is_a_new_thing_to_sign(review, agreement, chief):
    first = life.hand_in(review)
    life.give_back(review)
    second = life.hand_in(review)
    assert first.pk != second.pk
    assert keys(chief, agreement) == [f"review-to-sign-{second.pk}"]


def test_a_returned_review_waits_for_the_coordinators(
    review, agreement, coordinator, area_police, chief, reader
):
    life.bring(review, Review.Status.RETURNED)
    for member in (coordinator, area_police):
        [one] = waiting_for(member, agreement, ON)
        assert (one.kind, one.sentence, one.address, one.is_decision) == (
            WaitingKind.REVIEW_RETURNED,
            "Uppföljningen 1 januari 2023 – 31 december 2024 är återlämnad och ska ändras.",
            review.get_absolute_url(),
            True,
        )
    assert keys(chief, agreement) == keys(reader, agreement) == []


def test_a_review_returned_again_is_something_new_to_be_told_of(review, agreement, coordinator):
    life.bring(review, Review.Status.RETURNED)
    first = keys(coordinator, agreement)
    assert keys(coordinator, agreement, date(2024, 5, 16)) == first
    life.hand_in(review)
    life.give_back(review)
    review.refresh_from_db()
    assert keys(coordinator, agreement) == [f"review-returned-{review.pk}-{review.version}"]


# --- Minutes ---------------------------------------------------------------------------------


def test_minutes_wait_for_the_chair_alone_when_the_meeting_has_been_held(
    agreement, coordinator, area_police
):
    meeting = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, secretary=area_police, date=date(2024, 3, 19)
    )
    assert keys(coordinator, agreement) == []
    meeting.status = "held"
    meeting.save()
    [one] = waiting_for(coordinator, agreement, ON)
    assert (one.sentence, one.address) == (
        "Protokollet från mötet 19 mars 2024 väntar på att du justerar det.",
        reverse("minutes_sign", args=[meeting.pk]),
    )
    assert keys(area_police, agreement) == []


# --- Tasks and late occasions ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "sentence", "is_overdue"),
    [
        (date(2024, 6, 30), "Uppdraget ”Boka lokal” ska vara klart 30 juni 2024.", False),
        (date(2024, 7, 1), "Uppdraget ”Boka lokal” skulle ha varit klart 30 juni 2024.", True),
    ],
)
def test_an_open_task_waits_for_its_owner(on, sentence, is_overdue, agreement, reader, coordinator):
    task = factories.TaskFactory(agreement=agreement, owner=reader, title="Boka lokal")
    assert waiting_for(reader, agreement, on) == [
        Waiting(
            key=f"task-{task.pk}",
            kind=WaitingKind.TASK,
            sentence=sentence,
            address=task.get_absolute_url(),
            due_on=date(2024, 6, 30),
            is_overdue=is_overdue,
        )
    ]
    assert keys(coordinator, agreement, on) == []


@pytest.mark.parametrize("by_name", [True, False])
def test_a_planned_occasion_waits_from_the_day_after(
    by_name, agreement, snowmobile_promise, coordinator, area_police
):
    activity = factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        responsible_member=area_police if by_name else coordinator,
    )
    planned = factories.PlannedOccasionFactory(
        activity=activity,
        date=date(2024, 5, 14),
        responsible_member=coordinator if by_name else None,
    )
    assert keys(coordinator, agreement, date(2024, 5, 14)) == []
    [one] = waiting_for(coordinator, agreement, ON)
    assert (one.key, one.sentence, one.address, one.due_on, one.is_overdue) == (
        f"late-occasion-{planned.pk}",
        "”Skoterkontroll” skulle ha genomförts 14 maj 2024. Logga det, flytta det eller ställ in det.",
        f"{activity.get_absolute_url()}#planerat",
        date(2024, 5, 14),
        True,
    )
    assert keys(area_police, agreement) == []


def test_a_late_occasion_in_nobodys_name_waits_for_the_coordinators_whose_party_answers_for_it(
    agreement, snowmobile_promise, coordinator, area_police, police, reader
):
    polices = factories.ActivityFactory(promise=snowmobile_promise, responsible=police)
    planned = factories.PlannedOccasionFactory(activity=polices, date=date(2024, 5, 14))
    assert keys(area_police, agreement) == [f"late-occasion-{planned.pk}"]
    assert keys(coordinator, agreement) == keys(reader, agreement) == []


def test_what_one_who_has_left_was_to_carry_out_waits_for_who_answers_for_the_activity(
    agreement, snowmobile_promise, coordinator, area_police
):
    gone = factories.MemberFactory(party=coordinator.party, is_active=False)
    activity = factories.ActivityFactory(promise=snowmobile_promise, responsible_member=area_police)
    planned = factories.PlannedOccasionFactory(
        activity=activity, date=date(2024, 5, 14), responsible_member=gone
    )
    assert keys(area_police, agreement) == [f"late-occasion-{planned.pk}"]
    assert keys(coordinator, agreement) == []


def test_what_is_logged_or_cancelled_waits_no_more(agreement, snowmobile_promise, coordinator):
    activity = factories.ActivityFactory(promise=snowmobile_promise, responsible_member=coordinator)
    logged, cancelled = (
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, day))
        for day in (2, 3)
    )
    factories.OccasionFactory(activity=activity, planned=logged, date=date(2024, 5, 2))
    cancelled.cancel(by=coordinator, reason="Snöbrist")
    assert keys(coordinator, agreement) == []


def test_one_who_may_not_log_is_not_asked_to(agreement, snowmobile_promise, reader):
    activity = factories.ActivityFactory(promise=snowmobile_promise, responsible_member=reader)
    factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 2))
    assert keys(reader, agreement) == []


# --- All of it -------------------------------------------------------------------------------


def test_decisions_come_first_and_then_the_nearest_day(
    review, agreement, coordinator, snowmobile_promise
):
    factories.TaskFactory(agreement=agreement, owner=coordinator, due_on=date(2024, 5, 20))
    activity = factories.ActivityFactory(promise=snowmobile_promise, responsible_member=coordinator)
    factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 2))
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 19), status="held"
    )
    life.bring(review, Review.Status.RETURNED)
    assert [one.kind for one in waiting_for(coordinator, agreement, ON)] == [
        WaitingKind.REVIEW_RETURNED,
        WaitingKind.MINUTES_TO_SIGN,
        WaitingKind.LATE_OCCASION,
        WaitingKind.TASK,
    ]


def test_another_agreements_waits_elsewhere(agreement, coordinator, stranger):
    elsewhere = factories.AgreementFactory()
    factories.TaskFactory(agreement=elsewhere, owner=coordinator)
    factories.MeetingFactory(agreement=elsewhere, chair=coordinator, status="held")
    activity = factories.ActivityFactory(
        promise=factories.PromiseFactory(period__agreement=elsewhere),
        responsible_member=coordinator,
    )
    factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 2))
    factories.ReviewFactory(agreement=elsewhere, created_by=coordinator, status="returned")
    assert keys(coordinator, agreement) == []
    assert len(keys(coordinator, elsewhere)) == 4


def test_it_takes_as_many_queries_however_much_waits(
    agreement, coordinator, snowmobile_promise, django_assert_num_queries
):
    activity = factories.ActivityFactory(
        promise=snowmobile_promise, responsible_member=coordinator, kind=Activity.Kind.OTHER
    )
    for _ in range(10):
        factories.TaskFactory(agreement=agreement, owner=coordinator)
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 2))
        factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    agreement = Agreement.objects.visible_to(coordinator).current(ON)  # as the page has it
    with django_assert_num_queries(5):
        assert len(waiting_for(coordinator, agreement, ON)) == 30
