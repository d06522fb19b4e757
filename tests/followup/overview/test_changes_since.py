"""What has changed since a day: others' doing first, each line leading to what is behind it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from followup.numbers.forecasts import computed_as_of, forecasts
from followup.overview.changes import ChangeLine
from followup.overview.kinds_of_change import changes_since
from followup.overview.since import choose_since, ways_to_look_back
from promises.models import Activity
from tests import factories, life

pytestmark = pytest.mark.django_db

SINCE = date(2024, 5, 8)
ON = date(2024, 5, 15)
BEFORE = datetime(2024, 5, 7, 21, 59, tzinfo=UTC)  # a minute to midnight in Sweden
AFTER = datetime(2024, 5, 7, 22, 0, tzinfo=UTC)


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    with time_machine.travel("2024-01-02T12:00:00+01:00", tick=False):
        return factories.ActivityFactory(
            promise=snowmobile_promise,
            title="Skoterkontroll",
            target_count=12,
            target_per="year",
        )


def changes(member) -> list[ChangeLine]:
    activities = Activity.objects.visible_to(member).select_related(
        "promise__period", "undertaking__agreement"
    )
    return changes_since(member, SINCE, ON, forecasts(activities, ON).values())


def told(member) -> list[tuple[str, str]]:
    return [(one.sentence, one.address) for one in changes(member)]


# --- Since when ------------------------------------------------------------------------------


def test_at_the_first_visit_the_last_thirty_days_are_told(coordinator):
    ways = ways_to_look_back(coordinator, ON)
    assert [(way.key, way.label, way.heading, way.day) for way in ways] == [
        ("besok", "Första besöket", "De senaste 30 dagarna", date(2024, 4, 15)),
        ("7", "7 dagar", "De senaste 7 dagarna", date(2024, 5, 8)),
        ("30", "30 dagar", "De senaste 30 dagarna", date(2024, 4, 15)),
    ]


def test_later_it_is_since_the_visit_before_this_one(coordinator):
    coordinator.previous_login = AFTER
    ways = ways_to_look_back(coordinator, ON)
    assert (ways[0].heading, ways[0].day) == ("Sedan besöket 8 maj 2024", SINCE)
    assert choose_since(ways, None) == choose_since(ways, "365") == ways[0]
    assert choose_since(ways, "30") == ways[2]


# --- The log ---------------------------------------------------------------------------------


def test_nothing_has_changed_when_nothing_has(activity, coordinator):
    assert changes(coordinator) == []


def test_logged_occasions_are_counted_from_the_first_instant_of_the_day(
    activity, coordinator, area_police
):
    Activity.objects.update(target_count=None, target_per="")
    for member, at in [(area_police, BEFORE), (area_police, AFTER), (coordinator, AFTER)]:
        factories.OccasionFactory(
            activity=activity, party=member.party, member=member, created_at=at
        )
    address = "/tillfallen/?loggat_fran=2024-05-08"
    assert told(coordinator) == [("2 tillfällen loggade, 1 av dig", address)]
    assert told(area_police) == [("2 tillfällen loggade, 1 av dig", address)]


def test_ones_own_come_after_what_others_have_done(activity, coordinator, area_police, agreement):
    factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator, created_at=AFTER
    )
    task = factories.TaskFactory(
        agreement=agreement, owner=area_police, status="done", closed_on=SINCE, title="Boka buss"
    )
    own, others = (
        ("1 tillfälle loggat", "/tillfallen/?loggat_fran=2024-05-08"),
        ("Uppdraget ”Boka buss” är avslutat", task.get_absolute_url()),
    )
    assert told(coordinator) == [others, own]
    assert [one.is_own for one in changes(coordinator)] == [False, True]


def test_withdrawn_occasions_are_told_alone_or_together(activity, coordinator, area_police):
    first, second = (
        factories.OccasionFactory(
            activity=activity, party=coordinator.party, member=coordinator, created_at=BEFORE
        )
        for _ in range(2)
    )
    with time_machine.travel(AFTER, tick=False):
        first.withdraw(by=area_police, reason="Dubbelt")
    assert told(coordinator) == [
        ("Ett tillfälle av ”Skoterkontroll” drogs tillbaka", first.get_absolute_url())
    ]
    with time_machine.travel(AFTER, tick=False):
        second.withdraw(by=area_police, reason="Dubbelt")
    assert told(coordinator) == [("2 tillfällen drogs tillbaka", "/tillfallen/?tillbakadragna=on")]


# --- Reviews, meetings, decisions, tasks -----------------------------------------------------


@time_machine.travel("2024-05-10T12:00:00+02:00", tick=False)
def test_the_steps_of_a_review_are_told_the_weightiest_first(agreement, coordinator, chief):
    review = factories.ReviewFactory(
        agreement=agreement, created_by=coordinator, ends_on=date(2024, 4, 30)
    )
    life.hand_in(review)
    life.give_back(review)
    life.adopt(review)
    [police, municipality] = [
        signoff.name for signoff in review.submissions.open().get().signoffs.order_by("pk")
    ]
    assert police == municipality == "Lina Ledamot"
    assert {address for _, address in told(chief)} == {review.get_absolute_url()}
    assert [sentence for sentence, _ in told(chief)] == [
        "Uppföljningen till och med 30 april 2024 är fastställd",
        "Uppföljningen till och med 30 april 2024 återlämnades",
        "Uppföljningen till och med 30 april 2024 lämnades in",
        "Lina Ledamot skrev under uppföljningen till och med 30 april 2024",
        "Lina Ledamot skrev under uppföljningen till och med 30 april 2024",
    ]


def test_a_meeting_is_told_of_by_the_furthest_it_has_come(agreement, coordinator, chief):
    called = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, called_at=AFTER, status="called"
    )
    held = factories.MeetingFactory(
        agreement=agreement,
        chair=coordinator,
        date=SINCE,
        called_at=AFTER,
        status="held",
    )
    signed = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=SINCE, status="held"
    )
    item = factories.AgendaItemFactory(meeting=signed)
    for _ in range(2):
        factories.DecisionFactory(item=item, created_at=AFTER)
    factories.DecisionFactory(item=item, created_at=AFTER, withdrawn_at=AFTER)
    signed.locked_at = AFTER
    signed.save()
    assert told(chief) == [
        ("2 beslut på mötet 8 maj 2024", signed.get_absolute_url()),
        ("Protokollet från 8 maj 2024 justerades", signed.get_absolute_url()),
        ("Mötet 8 maj 2024 hölls", held.get_absolute_url()),
        ("Kallelse till mötet 4 juni 2024", called.get_absolute_url()),
    ]


def test_closed_tasks_are_told_together_when_they_are_several(agreement, coordinator, chief):
    for day in (7, 8, 9):
        factories.TaskFactory(
            agreement=agreement, owner=coordinator, status="done", closed_on=date(2024, 5, day)
        )
    assert told(chief) == [("2 uppdrag avslutade", "/uppdrag/?visa=klara")]


# --- The plan and the picture ----------------------------------------------------------------


def test_a_picture_a_plan_activities_and_readings_are_told(
    agreement, snowmobile_promise, chief, activity
):
    picture = factories.SituationPictureFactory(
        agreement=agreement, adopted_on=SINCE, adopting_body="Rådet"
    )
    plan = factories.ActionPlanFactory(
        picture=picture, period=snowmobile_promise.period, decided_on=SINCE
    )
    new = factories.ActivityFactory(promise=snowmobile_promise, title="Samtal", created_at=AFTER)
    metric = factories.MetricFactory(activity=None, promise=snowmobile_promise, name="Olyckor")
    for at in (BEFORE, AFTER, AFTER):
        factories.ReadingFactory(metric=metric, created_at=at)
    with time_machine.travel(AFTER, tick=False):
        activity.status, activity.cancellation_reason = "cancelled", "Snöbrist"
        activity.save()
    assert told(chief) == [
        ("Lägesbild antagen av Rådet", picture.get_absolute_url()),
        ("Åtgärdsplan beslutad av Kommunstyrelsen", plan.get_absolute_url()),
        ("”Skoterkontroll” ställdes in", activity.get_absolute_url()),
        ("Ny aktivitet: ”Samtal”", new.get_absolute_url()),
        ("”Olyckor”: 2 nya mätvärden", metric.get_absolute_url()),
    ]


def test_an_activity_cancelled_before_is_old_news_also_when_it_is_saved_again(activity, chief):
    with time_machine.travel(BEFORE, tick=False):
        activity.status, activity.cancellation_reason = "cancelled", "Snöbrist"
        activity.save()
    with time_machine.travel(AFTER, tick=False):
        activity.description = "Vid leden."
        activity.save()
    assert changes(chief) == []


# --- Prognoses -------------------------------------------------------------------------------


def test_a_prognosis_set_by_hand_or_taken_back_is_told(activity, coordinator, chief):
    forecast = factories.ForecastFactory(
        activity=activity, made_by=coordinator, value="off_track", made_at=AFTER
    )
    address = activity.get_absolute_url()
    assert told(chief) == [("”Skoterkontroll” bedömdes till Ur fas", address)]
    assert [one.is_own for one in changes(coordinator)] == [True]
    forecast.made_at = BEFORE
    forecast.save()
    assert changes(chief) == []
    with time_machine.travel(AFTER, tick=False):
        forecast.withdraw(by=coordinator, reason="Bokat.")
    assert told(chief) == [("Bedömningen av ”Skoterkontroll” togs tillbaka", address)]


def test_a_prognosis_that_the_figures_have_moved_is_told(activity, chief, area_police):
    for at in [BEFORE] * 2 + [AFTER] * 2:
        factories.OccasionFactory(
            activity=activity, party=area_police.party, member=area_police, created_at=at
        )
    assert told(chief) == [
        ("2 tillfällen loggade", "/tillfallen/?loggat_fran=2024-05-08"),
        ("”Skoterkontroll” gick från Risk till I fas", activity.get_absolute_url()),
    ]


def test_a_prognosis_is_computed_as_it_stood_when_the_day_ended(activity, coordinator, area_police):
    """What was logged, withdrawn, planned or cancelled later is as if it had not been."""
    day = date(2024, 5, 7)
    log = {"activity": activity, "party": area_police.party, "member": area_police}
    factories.OccasionFactory(**log, created_at=BEFORE)
    factories.OccasionFactory(**log, created_at=AFTER)
    withdrawn = factories.OccasionFactory(**log, created_at=BEFORE)
    gone = factories.OccasionFactory(**log, created_at=BEFORE)
    plan = {"activity": activity, "date": date(2024, 6, 12)}
    factories.PlannedOccasionFactory(**plan, created_at=BEFORE)
    factories.PlannedOccasionFactory(**plan, created_at=AFTER)
    cancelled = factories.PlannedOccasionFactory(**plan, created_at=BEFORE)
    past = factories.PlannedOccasionFactory(**plan | {"date": day}, created_at=BEFORE)
    factories.OccasionFactory(**log, planned=past, created_at=AFTER)
    with time_machine.travel(BEFORE, tick=False):
        gone.withdraw(by=coordinator, reason="Dubbelt")
    with time_machine.travel(AFTER, tick=False):
        withdrawn.withdraw(by=coordinator, reason="Dubbelt")
        cancelled.cancel(by=coordinator, reason="Snöbrist")

    as_it_stood = computed_as_of([activity], day)[activity.pk]
    now = forecasts([activity], day)[activity.pk]
    assert (as_it_stood.carried_out, as_it_stood.planned) == (2, 3)
    assert (now.carried_out, now.planned) == (3, 2)
    assert computed_as_of([], day) == {}


# --- All of it -------------------------------------------------------------------------------


def test_another_agreements_changes_are_not_told(activity, stranger, area_police, agreement):
    factories.OccasionFactory(
        activity=activity, party=area_police.party, member=area_police, created_at=AFTER
    )
    factories.TaskFactory(agreement=agreement, status="done", closed_on=SINCE)
    factories.MeetingFactory(agreement=agreement, date=SINCE, status="held")
    assert changes(stranger) == []


def test_it_takes_three_queries_however_much_has_changed(
    activity, agreement, coordinator, chief, django_assert_num_queries
):
    for _ in range(10):
        factories.OccasionFactory(activity=activity, created_at=AFTER)
        factories.TaskFactory(agreement=agreement, status="done", closed_on=SINCE)
        factories.MeetingFactory(agreement=agreement, date=SINCE, status="held")
    running = list(forecasts([activity], ON).values())
    with django_assert_num_queries(3):
        assert len(changes_since(chief, SINCE, ON, running)) == 13
