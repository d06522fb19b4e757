"""A new meeting's agenda, drafted from what the portal knows."""

from __future__ import annotations

from datetime import date

import pytest

from followup.meetings.agenda import LINES, draft_agenda, set_up
from followup.models import Meeting
from promises.integrity import refusal
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2024, 5, 15)


@pytest.fixture
def meeting(agreement, coordinator) -> Meeting:
    """Not saved yet, on 4 June 2024."""
    return Meeting(
        agreement=agreement, date=date(2024, 6, 4), chair=coordinator, created_by=coordinator
    )


def drafted(meeting: Meeting) -> dict[str, list[str]]:
    return {item.title: item.background.splitlines() for item in draft_agenda(meeting, TODAY)}


def test_the_standing_points_are_there_in_order(meeting):
    items = draft_agenda(meeting, TODAY)
    assert [(item.number, item.title) for item in items] == [
        (1, "Mötet öppnas och dagordningen godkänns"),
        (2, "Föregående protokoll"),
        (3, "Uppdrag"),
        (4, "Försenade aktiviteter"),
        (5, "Planerade tillfällen"),
        (6, "Löftenas läge"),
        (7, "Frister"),
        (8, "Övrigt"),
        (9, "Nästa möte"),
    ]


def test_the_council_is_not_told_of_single_occasions(meeting):
    meeting.kind = Meeting.Kind.COUNCIL
    assert "Planerade tillfällen" not in drafted(meeting)


def test_an_empty_portal_is_said_to_be_empty(meeting):
    agenda = drafted(meeting)
    assert agenda["Föregående protokoll"] == ["Det finns inget tidigare möte i portalen."]
    assert agenda["Uppdrag"] == ["Inget uppdrag är öppet."]
    assert agenda["Försenade aktiviteter"] == ["Ingen aktivitet är försenad."]
    assert agenda["Planerade tillfällen"] == [
        "Inget tillfälle är planerat till och med 16 juli 2024."
    ]


def test_the_previous_meeting_of_the_same_kind_is_told_of(meeting, agreement, coordinator):
    held = {"agreement": agreement, "chair": coordinator, "status": "held"}
    factories.MeetingFactory(**held, date=date(2024, 4, 2), kind="council")
    factories.MeetingFactory(**held, date=date(2024, 1, 9))
    previous = factories.MeetingFactory(**held, date=date(2024, 3, 19))
    item = factories.AgendaItemFactory(meeting=previous)
    factories.DecisionFactory(item=item, wording="Gruppen ordnar\nen skoterkväll.")
    factories.DecisionFactory(item=item, withdrawn_at="2024-03-20T12:00:00Z")
    assert drafted(meeting)["Föregående protokoll"] == [
        "Mötet hölls 19 mars 2024. Protokollet är inte justerat än.",
        "",
        "Beslut:",
        "",
        "- Gruppen ordnar en skoterkväll.",
    ]


def test_open_tasks_are_named_with_owner_and_date_and_late_ones_said(
    meeting, agreement, coordinator
):
    task = {"agreement": agreement, "owner": coordinator}
    factories.TaskFactory(**task, title="Boka lokal", due_on=date(2024, 5, 14))
    factories.TaskFactory(**task, title="Bjuda in", due_on=TODAY)
    factories.TaskFactory(**task, status="done", closed_on=TODAY)
    assert drafted(meeting)["Uppdrag"] == [
        "- Boka lokal: Sara Samordnare, klart senast 14 maj 2024. Försenat.",
        "- Bjuda in: Sara Samordnare, klart senast 15 maj 2024.",
    ]


def test_late_activities_are_named_with_what_they_are_under(meeting, snowmobile_promise):
    factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", planned_to=date(2024, 4, 30)
    )
    factories.ActivityFactory(promise=snowmobile_promise, planned_to=TODAY)
    assert drafted(meeting)["Försenade aktiviteter"] == [
        "- Skoterkontroll (löfte 3): skulle vara klar 30 april 2024."
    ]


def test_occasions_planned_for_the_coming_weeks_are_named(meeting, snowmobile_promise, coordinator):
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkväll")
    days = [date(2024, 6, 3), date(2024, 6, 4), date(2024, 7, 16), date(2024, 7, 17)]
    for day in days:
        factories.PlannedOccasionFactory(activity=activity, date=day)
    called_off = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 6, 20))
    called_off.cancel(by=coordinator, reason="Töväder")
    assert drafted(meeting)["Planerade tillfällen"] == [
        "- 4 juni 2024: Skoterkväll (löfte 3).",
        "- 16 juli 2024: Skoterkväll (löfte 3).",
    ]


def test_each_promise_has_its_standing(meeting, snowmobile_promise, coordinator):
    activity = factories.ActivityFactory(
        promise=snowmobile_promise, target_count=1, target_per="year"
    )
    factories.OccasionFactory(activity=activity, party=coordinator.party, member=coordinator)
    standing = drafted(meeting)["Löftenas läge"]
    assert standing[0] == "Medborgarlöfte 2023-2024:"
    assert len(standing) == 2 + 5
    assert standing[4].endswith(": 1 tillfälle, senast 12 mars 2024. Åtagandenivåer: 0 av 1 nådda.")


def test_the_deadlines_are_those_after_the_meeting(meeting):
    assert drafted(meeting)["Frister"] == [
        "- Nästa uppföljning av målen ska vara klar 27 februari 2025.",
        "- Medborgarlöfte 2023-2024 gäller till och med 31 december 2024.",
        "- Överenskommelsen gäller till och med 31 december 2026, sedan tills vidare.",
    ]


def test_the_rhythm_is_reminded_of_under_the_next_meeting(meeting, agreement):
    assert drafted(meeting)["Nästa möte"] == []
    agreement.group_meetings_per_half_year = 2
    assert drafted(meeting)["Nästa möte"] == [
        "Ni har kommit överens om 2 möten per halvår. Våren 2024: 0 hittills, utan det här mötet."
    ]


def test_a_long_list_is_cut_and_says_so(meeting, agreement, coordinator):
    for _ in range(LINES + 2):
        factories.TaskFactory(agreement=agreement, owner=coordinator)
    lines = drafted(meeting)["Uppdrag"]
    assert (len(lines), lines[-1]) == (LINES + 1, "- och 2 till")


def test_another_agreements_things_stay_out(meeting, stranger):
    elsewhere = stranger.party.agreements.get()
    factories.TaskFactory(agreement=elsewhere, owner=stranger)
    promise = factories.PromiseFactory(period__agreement=elsewhere)
    late = factories.ActivityFactory(promise=promise, planned_to=date(2024, 1, 1))
    factories.PlannedOccasionFactory(activity=late)
    agenda = drafted(meeting)
    assert agenda["Uppdrag"] == ["Inget uppdrag är öppet."]
    assert agenda["Försenade aktiviteter"] == ["Ingen aktivitet är försenad."]
    assert len(agenda["Planerade tillfällen"]) == 1


def test_the_draft_passes_the_integrity_guard(meeting):
    for item in draft_agenda(meeting, TODAY):
        assert refusal(item.background) == ""


def test_a_new_meeting_lists_those_appointed_on_its_day(meeting, agreement, coordinator, reader):
    appointed = {"agreement": agreement, "member": coordinator}
    factories.AppointmentFactory(**appointed, ends_on=date(2024, 6, 4))
    factories.AppointmentFactory(**appointed, starts_on=date(2024, 6, 4))
    factories.AppointmentFactory(**appointed | {"member": reader}, ends_on=date(2024, 6, 3))
    factories.AppointmentFactory(**appointed | {"member": reader}, function="council")
    set_up(meeting, TODAY)
    assert [(row.member, row.party, row.presence) for row in meeting.attendances.all()] == [
        (coordinator, coordinator.party, "")
    ]
    assert meeting.items.count() == 9
