"""A member's own days in the calendar they already use: what it says, and who may read it."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar, Event

from followup.models import CalendarFeed
from followup.plan.feed import SWEDISH_TIME, calendar_of
from promises.models import Activity, Member
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

TOKEN = "hemlig-nyckel"
ADDRESS = f"/kalender/{TOKEN}.ics"
SWEDEN = ZoneInfo("Europe/Stockholm")


@pytest.fixture(autouse=True)
def _no_guesses_yet():
    cache.clear()


@pytest.fixture
def feed(coordinator, today) -> CalendarFeed:
    return factories.CalendarFeedFactory(member=coordinator, token=TOKEN)


@pytest.fixture
def client(signed_in, coordinator, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def skoterkontroll(today, snowmobile_promise, coordinator) -> Activity:
    return factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll vid Hällan",
        responsible=coordinator.party,
        place=factories.PlaceFactory(name="Hällan"),
    )


def events(member: Member, on: date = date(2024, 5, 15)) -> dict[str, Event]:
    """What the member's calendar holds, read back from its bytes, by identity."""
    calendar = Calendar.from_ical(calendar_of(member, on))
    return {str(event["uid"]).split("@")[0]: event for event in calendar.events}


def summaries(member: Member) -> list[str]:
    return [str(event["summary"]) for event in events(member).values()]


# --- Meetings ------------------------------------------------------------------------------


def test_a_meeting_stands_at_its_hour_in_its_room(agreement, coordinator, today):
    meeting = factories.MeetingFactory(
        agreement=agreement,
        chair=coordinator,
        status="called",
        starts_at=time(9),
        ends_at=time(11, 30),
        location="Kommunhuset, rum Vojmån; vån 2",
    )
    event = events(coordinator)[f"meeting-{meeting.pk}"]
    assert event.decoded("dtstart") == datetime(2024, 6, 4, 9, tzinfo=SWEDEN)
    assert event.decoded("dtend") == datetime(2024, 6, 4, 11, 30, tzinfo=SWEDEN)
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert event["summary"] == "Möte i samverkansgruppen"
    assert event["location"] == "Kommunhuset, rum Vojmån; vån 2"
    assert event["status"] == "CONFIRMED"
    assert event["url"] == f"http://127.0.0.1:8000/moten/{meeting.pk}/"


def test_a_meeting_without_an_end_takes_an_hour_and_one_without_a_time_the_day(
    agreement, coordinator, today
):
    open_ended, undecided = (
        factories.MeetingFactory(agreement=agreement, chair=coordinator, starts_at=starts_at)
        for starts_at in (time(13), None)
    )
    found = events(coordinator)
    assert found[f"meeting-{open_ended.pk}"].decoded("dtend") == datetime(
        2024, 6, 4, 14, tzinfo=SWEDEN
    )
    assert found[f"meeting-{undecided.pk}"].decoded("dtstart") == date(2024, 6, 4)
    assert found[f"meeting-{undecided.pk}"].decoded("dtend") == date(2024, 6, 5)


def test_a_meeting_is_tentative_until_it_is_called_and_cancelled_when_it_is_called_off(
    agreement, coordinator, today
):
    reason = {"cancellation_reason": "Sjukdom"}
    statuses = {
        status: factories.MeetingFactory(
            agreement=agreement,
            chair=coordinator,
            status=status,
            kind="council",
            **(reason if status == "cancelled" else {}),
        )
        for status in ("planned", "called", "held", "cancelled")
    }
    found = events(coordinator)
    assert {
        status: str(found[f"meeting-{meeting.pk}"]["status"])
        for status, meeting in statuses.items()
    } == {
        "planned": "TENTATIVE",
        "called": "CONFIRMED",
        "held": "CONFIRMED",
        "cancelled": "CANCELLED",
    }


def test_a_changed_meeting_keeps_its_identity_and_counts_up(agreement, coordinator, today):
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    before = events(coordinator)[f"meeting-{meeting.pk}"]
    with time_machine.travel("2024-05-16T08:00:00+02:00", tick=False):
        meeting.version, meeting.date = 2, date(2024, 6, 5)
        meeting.save()
    after = events(coordinator)[f"meeting-{meeting.pk}"]
    assert (before["uid"], before["sequence"]) == (after["uid"], 0)
    assert after["sequence"] == 1
    assert before.decoded("dtstamp") == datetime(2024, 5, 15, 10, tzinfo=UTC)
    assert after.decoded("dtstamp") == datetime(2024, 5, 16, 6, tzinfo=UTC)


# --- Planned occasions: secret until they have been (OSL 18:1) ---------------------------------


def test_a_planned_occasion_says_the_day_and_nothing_else(coordinator, skoterkontroll, today):
    planned = factories.PlannedOccasionFactory(
        activity=skoterkontroll,
        place=skoterkontroll.place,
        responsible_member=coordinator,
        note="Börja vid bron",
    )
    event = events(coordinator)[f"plannedoccasion-{planned.pk}"]
    address = f"http://127.0.0.1:8000/aktiviteter/{skoterkontroll.pk}/#planerat"
    assert {name: event.decoded(name) for name in event} == {
        "UID": f"plannedoccasion-{planned.pk}@127.0.0.1",
        "SUMMARY": "Dorotea samverkan: planerat tillfälle",
        "URL": address,
        "DESCRIPTION": f"Läs mer i portalen: {address}",
        "DTSTAMP": datetime(2024, 5, 15, 10, tzinfo=UTC),
        "SEQUENCE": 0,
        "STATUS": "CONFIRMED",
        "CLASS": "PRIVATE",
        "DTSTART": date(2024, 6, 12),
        "DTEND": date(2024, 6, 13),
        "TRANSP": "TRANSPARENT",
    }
    written = calendar_of(coordinator, today).decode()
    for secret in ("Skoter", "Hällan", "bron", "Kontroll"):
        assert secret not in written.replace("Samverkan", "")


def test_ones_own_planned_occasions_are_those_in_ones_name_and_ones_partys_in_nobodys(
    coordinator, area_police, reader, skoterkontroll, snowmobile_promise, today
):
    gone = factories.MemberFactory(party=coordinator.party, is_active=False)
    polices = factories.ActivityFactory(
        promise=snowmobile_promise, responsible=area_police.party, responsible_member=area_police
    )
    of = {
        "named": factories.PlannedOccasionFactory(activity=polices, responsible_member=coordinator),
        "nobodys": factories.PlannedOccasionFactory(activity=skoterkontroll),
        "left behind": factories.PlannedOccasionFactory(
            activity=skoterkontroll, responsible_member=gone
        ),
        "the readers": factories.PlannedOccasionFactory(
            activity=skoterkontroll, responsible_member=reader
        ),
        "the polices": factories.PlannedOccasionFactory(activity=polices),
    }

    def seen_by(member: Member) -> set[str]:
        found = events(member)
        return {name for name, one in of.items() if f"plannedoccasion-{one.pk}" in found}

    assert seen_by(coordinator) == {"named", "nobodys", "left behind"}
    assert seen_by(area_police) == {"the polices"}
    assert seen_by(reader) == {"the readers"}


def test_a_cancelled_planned_occasion_is_taken_away_by_itself_or_with_its_activity(
    coordinator, skoterkontroll, today
):
    off = factories.PlannedOccasionFactory(activity=skoterkontroll)
    other = factories.ActivityFactory(promise=skoterkontroll.promise)
    with_activity = factories.PlannedOccasionFactory(activity=other)
    off.cancel(by=coordinator, reason="Töväder")
    other.status, other.cancellation_reason, other.version = "cancelled", "Ingen snö", 2
    other.save()
    found = events(coordinator)
    cancelled = [found[f"plannedoccasion-{one.pk}"] for one in (off, with_activity)]
    assert [(one["status"], one["sequence"]) for one in cancelled] == [("CANCELLED", 1)] * 2
    assert "Töväder" not in calendar_of(coordinator, today).decode()


# --- Tasks, deadlines, delegations --------------------------------------------------------------


def test_ones_own_open_tasks_stand_on_the_day_they_are_due(agreement, coordinator, reader, today):
    mine = factories.TaskFactory(agreement=agreement, owner=coordinator, title="Boka lokal")
    factories.TaskFactory(agreement=agreement, owner=reader, title="Någon annans")
    factories.TaskFactory(
        agreement=agreement, owner=coordinator, title="Klart", status="done", closed_on=today
    )
    tasks = {key: one for key, one in events(coordinator).items() if key.startswith("task")}
    assert [*tasks] == [f"task-{mine.pk}"]
    assert tasks[f"task-{mine.pk}"]["summary"] == "Uppdrag klart senast: Boka lokal"
    assert tasks[f"task-{mine.pk}"].decoded("dtstart") == date(2024, 6, 30)


def test_the_deadlines_say_whose_clock_they_go_by(coordinator, today):
    deadlines = {
        (event.decoded("dtstart"), str(event["summary"]))
        for key, event in events(coordinator).items()
        if key.startswith("deadline")
    }
    assert deadlines == {
        (
            date(2024, 12, 31),
            "Löftesperioden slutar: Medborgarlöfte 2023-2024 (Överenskommelsen)",
        ),
        (date(2025, 2, 27), "Uppföljningen av målen ska vara gjord (Överenskommelsen)"),
    }


def test_the_last_day_of_a_delegation_is_there_until_it_is_revoked(
    chief, coordinator, reader, today
):
    delegation = factories.DelegationFactory(signatory=chief, delegate=coordinator)
    said = "Sista dagen för delegationen från Kim Kommunchef till Sara Samordnare"
    for member in (chief, coordinator):
        event = events(member)[f"delegation-{delegation.pk}"]
        assert (event["summary"], event.decoded("dtstart")) == (said, date(2024, 5, 31))
    assert said not in summaries(reader)
    delegation.revoke(by=chief)
    assert said not in summaries(chief)


def test_nothing_of_another_agreement_is_there(stranger, agreement, coordinator, today):
    factories.MeetingFactory(agreement=agreement, chair=coordinator)
    assert not [key for key in events(stranger) if key.startswith("meeting")]
    ours = {str(event["url"]) for event in events(coordinator).values()}
    assert len(ours) == 3


def test_it_reaches_three_months_back_and_eighteen_ahead(agreement, coordinator, today):
    days = {
        date(2024, 2, 14): False,
        date(2024, 2, 15): True,
        date(2025, 11, 15): True,
        date(2025, 11, 16): False,
    }
    meetings = {
        day: factories.MeetingFactory(agreement=agreement, chair=coordinator, date=day)
        for day in days
    }
    found = events(coordinator)
    assert {day: f"meeting-{one.pk}" in found for day, one in meetings.items()} == days


# --- The file -------------------------------------------------------------------------------


@pytest.fixture
def full(agreement, coordinator, skoterkontroll, chief, today) -> bytes:
    factories.MeetingFactory(
        agreement=agreement,
        chair=coordinator,
        starts_at=time(9),
        location="Åsele, Ö; rum \\ tolv " + "å" * 80,
    )
    factories.PlannedOccasionFactory(activity=skoterkontroll)
    factories.TaskFactory(agreement=agreement, owner=coordinator, title="Å, ä; ö \\ " * 9)
    factories.DelegationFactory(signatory=chief, delegate=coordinator)
    return calendar_of(coordinator, today)


def test_it_keeps_to_the_form_of_rfc_5545(full):
    assert full.startswith(b"BEGIN:VCALENDAR\r\n")
    assert full.endswith(b"END:VCALENDAR\r\n")
    assert full.count(b"\n") == full.count(b"\r\n") == full.count(b"\r")
    for line in full.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # folded between characters, never within one
    unfolded = full.decode().replace("\r\n ", "")
    assert "LOCATION:Åsele\\, Ö\\; rum \\\\ tolv åååå" in unfolded
    head = unfolded.split("BEGIN:VTIMEZONE")[0].split("\r\n")
    assert sorted(head) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Dorotea kommun//Dorotea samverkan//SV",
            "CALSCALE:GREGORIAN",
            "NAME:Dorotea samverkan",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            "X-PUBLISHED-TTL:PT6H",
            "X-WR-CALNAME:Dorotea samverkan",
            "X-WR-TIMEZONE:Europe/Stockholm",
            "",
        ]
    )


def test_reading_it_back_and_writing_it_gives_the_same(full):
    calendar = Calendar.from_ical(full)
    assert calendar.to_ical() == full
    assert [event.errors for event in calendar.walk()] == [[] for _ in calendar.walk()]
    for event in calendar.events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL"} <= {*event}
    uids = [event["uid"] for event in calendar.events]
    assert len(uids) == len({*uids})


def test_the_same_days_give_the_same_bytes_whenever_they_are_asked_for(full, coordinator, today):
    with time_machine.travel("2024-05-15T23:30:00+02:00", tick=False):
        assert calendar_of(coordinator, today) == full


def test_its_time_zone_is_the_one_sweden_has():
    own = (
        Calendar.from_ical(f"BEGIN:VCALENDAR\n{SWEDISH_TIME}END:VCALENDAR\n")
        .timezones[0]
        .to_tz(lookup_tzid=False)
    )
    moment = datetime(2023, 1, 1, tzinfo=UTC)
    while moment.year < 2031:
        # Every change of the clocks falls on a whole hour.
        if moment.month in {3, 10}:
            local = moment.astimezone(SWEDEN).replace(tzinfo=None, fold=0)
            is_certain = (
                local.replace(tzinfo=SWEDEN).utcoffset()
                == local.replace(tzinfo=SWEDEN, fold=1).utcoffset()
            )
            if is_certain:
                expected = local.replace(tzinfo=SWEDEN).utcoffset()
                assert local.replace(tzinfo=own).utcoffset() == expected, local
        moment += timedelta(hours=1)


# --- The key --------------------------------------------------------------------------------


def test_a_calendar_program_reads_it_without_signing_in(feed):
    response = Client().get(ADDRESS)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in response.headers
    assert response["Referrer-Policy"] == "same-origin"
    assert response.content == calendar_of(feed.member, date(2024, 5, 15))


def test_it_is_not_sent_again_until_something_has_changed(feed, agreement):
    etag = Client().get(ADDRESS)["ETag"]
    unchanged = Client().get(ADDRESS, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    factories.MeetingFactory(agreement=agreement, chair=feed.member)
    assert Client().get(ADDRESS, headers={"If-None-Match": etag}).status_code == 200


def test_a_wrong_key_opens_nothing(feed):
    assert Client().get("/kalender/fel-nyckel.ics").status_code == 404
    assert Client().post(ADDRESS).status_code == 405


def test_the_key_dies_with_the_feed_or_with_the_account(feed, coordinator, chief):
    coordinator.is_active = False
    coordinator.save()
    assert Client().get(ADDRESS).status_code == 404
    coordinator.is_active = True
    coordinator.save()
    assert Client().get(ADDRESS).status_code == 200
    feed.revoke()
    assert Client().get(ADDRESS).status_code == 404


def test_an_example_accounts_key_opens_nothing_without_debug(feed, coordinator, settings):
    coordinator.is_example = True
    coordinator.save()
    settings.DEBUG = False
    assert Client().get(ADDRESS).status_code == 404
    settings.DEBUG = True
    assert Client().get(ADDRESS).status_code == 200


def test_who_guesses_is_stopped_and_who_knows_is_not(feed):
    guesses = [Client().get(f"/kalender/gissning-{n}.ics").status_code for n in range(22)]
    assert guesses == [404] * 20 + [429] * 2
    assert Client().get(ADDRESS).status_code == 200


def test_keys_stay_out_of_the_log(feed, capsys, monkeypatch):
    handler = logging.getLogger().handlers[0]
    [hide] = [one for one in handler.filters if type(one).__name__ == "HideKeys"]
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "%s: %s", ("Internal Server Error", ADDRESS), None
    )
    assert hide.filter(record)
    assert record.getMessage() == "Internal Server Error: /kalender/….ics"
    other = logging.LogRecord("x", logging.INFO, "", 1, "%d %%", (7,), None)
    assert hide.filter(other)
    assert other.getMessage() == "7 %"


# --- The page -------------------------------------------------------------------------------


def test_the_address_is_shown_once_and_works(client, coordinator):
    made = client.post("/konto/kalender/", {"name": "telefonen"})
    address = Page(made).text("//textarea")
    assert address.startswith("http://127.0.0.1:8000/kalender/")
    assert made["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    response = Client().get(urlsplit(address).path)
    assert (response.status_code, response["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8",
    )
    token = address.rsplit("/")[-1].removesuffix(".ics")
    assert len(token) == 43
    page = Page(client.get("/konto/kalender/"))
    assert page.rows() == [["telefonen", "15 maj 2024", "Återkalla telefonen"]]
    assert token not in page.text()
    stored = CalendarFeed.objects.values().get()
    assert token not in {*map(str, stored.values())}


def test_a_feed_needs_a_name_that_is_no_personal_number(client):
    for name in ("", "19121212-1212"):
        response = client.post("/konto/kalender/", {"name": name})
        assert Page(response).summary
    assert not CalendarFeed.objects.exists()


def test_one_feed_is_revoked_and_the_other_stays(client, feed, coordinator):
    other = factories.CalendarFeedFactory(member=coordinator, name="datorn", token="en-annan")
    asked = Page(client.get(f"/konto/kalender/{feed.pk}/aterkalla/"))
    assert asked.text("//h1") == "Återkalla ”telefonen”"
    assert Client().get(ADDRESS).status_code == 200
    page = Page(client.post(f"/konto/kalender/{feed.pk}/aterkalla/", follow=True))
    assert page.messages == ["Prenumerationen ”telefonen” är återkallad."]
    assert page.rows() == [["datorn", "15 maj 2024", "Återkalla datorn"]]
    assert Client().get(ADDRESS).status_code == 404
    assert Client().get("/kalender/en-annan.ics").status_code == 200
    assert client.post(f"/konto/kalender/{feed.pk}/aterkalla/").status_code == 404
    assert other.revoked_at is None


def test_nobody_revokes_somebody_elses_feed(signed_in, administrator, feed):
    response = signed_in(administrator).post(f"/konto/kalender/{feed.pk}/aterkalla/")
    assert response.status_code == 404
    assert CalendarFeed.objects.standing().get() == feed


def test_ten_feeds_are_as_many_as_anybody_needs(client, coordinator):
    factories.CalendarFeedFactory.create_batch(10, member=coordinator)
    response = client.post("/konto/kalender/", {"name": "en till"})
    assert "Du har redan 10 prenumerationer." in Page(response).text()
    coordinator.calendar_feeds.first().revoke()
    assert (
        "adress" in Page(client.post("/konto/kalender/", {"name": "en till"})).text("//h1").lower()
    )
