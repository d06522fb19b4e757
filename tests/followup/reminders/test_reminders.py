"""Reminders: what is told to whom and when, each thing once, in one letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from followup.models import Meeting, Reminder, ReminderSettings
from followup.reminders.due import due_for
from followup.reminders.post import send_reminders
from promises.models import Activity, Member
from tests import factories, life
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

TODAY = date(2024, 5, 15)


def told(member: Member, on: date = TODAY) -> list[str]:
    """The sentences the member is to have been told by the date."""
    return [notice.sentence for notice in due_for(member, on)]


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days_when_told(member: Member, first: date, last: date, about: str) -> list[date]:
    """The days on which something new about it would be in a letter, with a run every morning."""
    return days_when_told_of(member, every_day(first, last), about)


def days_when_told_of(member: Member, mornings: list[date], about: str) -> list[date]:
    """The mornings on which something new about it would be in a letter."""
    seen, found = set(), []
    for day in mornings:
        keys = {one.key for one in due_for(member, day) if one.key.startswith(about)} - seen
        if keys:
            found.append(day)
            seen |= keys
    return found


@pytest.fixture
def skoterkontroll(snowmobile_promise, coordinator) -> Activity:
    """Of the municipality's, and in nobody's name."""
    return factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll vid Hällan",
        responsible=coordinator.party,
        place=factories.PlaceFactory(name="Hällan"),
    )


# --- What is late --------------------------------------------------------------------------


def test_a_planned_occasion_that_passed_is_told_without_saying_what_where_or_when(
    coordinator, skoterkontroll
):
    for day in (13, 14):
        factories.PlannedOccasionFactory(activity=skoterkontroll, date=date(2024, 5, day))
    factories.PlannedOccasionFactory(activity=skoterkontroll, date=TODAY)
    [notice] = due_for(coordinator, TODAY)
    assert notice.sentence == "Löfte 3: 2 planerade tillfällen har passerat utan att loggas."
    assert notice.path == f"/aktiviteter/{skoterkontroll.pk}/#planerat"
    assert told(coordinator, date(2024, 5, 14)) == [
        "Löfte 3: ett planerat tillfälle har passerat utan att loggas."
    ]
    assert told(coordinator, date(2024, 5, 13)) == []


def test_what_is_logged_or_cancelled_is_not_late(coordinator, skoterkontroll):
    logged, cancelled = (
        factories.PlannedOccasionFactory(activity=skoterkontroll, date=date(2024, 5, 1))
        for _ in range(2)
    )
    factories.OccasionFactory(activity=skoterkontroll, member=coordinator, planned=logged)
    cancelled.cancel(by=coordinator, reason="Töväder")
    assert told(coordinator) == []


def test_the_late_one_is_told_to_whom_it_falls(
    coordinator, area_police, chief, reader, skoterkontroll, snowmobile_promise
):
    gone = factories.MemberFactory(party=coordinator.party, is_active=False)
    joint = factories.ActivityFactory(promise=snowmobile_promise)
    days = {"date": date(2024, 5, 1)}

    def who(activity: Activity, responsible_member: Member | None) -> list[str]:
        one = factories.PlannedOccasionFactory(
            activity=activity, responsible_member=responsible_member, **days
        )
        names = [m.name for m in (coordinator, area_police, chief, reader) if told(m)]
        one.cancel(by=coordinator, reason="Klart")
        return names

    assert who(skoterkontroll, area_police) == ["Per Områdespolis"]
    assert who(skoterkontroll, None) == ["Sara Samordnare"]
    assert who(skoterkontroll, gone) == ["Sara Samordnare"]
    assert who(joint, None) == ["Sara Samordnare", "Per Områdespolis"]
    # A reader could do nothing about it.
    assert who(skoterkontroll, reader) == []


def test_an_activity_past_its_planned_end_is_told_to_the_responsible(
    coordinator, area_police, agreement
):
    factories.ActivityFactory(
        promise=None,
        undertaking=agreement.undertakings.get(number=2),
        planned_to=date(2024, 5, 14),
        responsible=coordinator.party,
        responsible_member=area_police,
    )
    assert told(area_police) == ["Åtagande 2: en aktivitet skulle ha varit klar."]
    assert told(coordinator) == []
    assert told(area_police, date(2024, 5, 14)) == []


def test_the_late_ones_are_told_once_and_again_only_with_one_more(coordinator, skoterkontroll):
    for day in (date(2024, 5, 1), date(2024, 5, 20)):
        factories.PlannedOccasionFactory(activity=skoterkontroll, date=day)
    assert days_when_told(coordinator, date(2024, 5, 1), date(2024, 6, 15), "late-") == [
        date(2024, 5, 2),
        date(2024, 5, 21),
    ]


# --- Tasks ---------------------------------------------------------------------------------


def test_a_task_is_told_a_week_ahead_the_day_after_and_then_every_week(agreement, reader):
    factories.TaskFactory(agreement=agreement, owner=reader, title="Boka lokal")
    assert days_when_told(reader, date(2024, 6, 1), date(2024, 7, 20), "task") == [
        date(2024, 6, 23),
        date(2024, 7, 1),
        date(2024, 7, 8),
        date(2024, 7, 15),
    ]
    assert told(reader, date(2024, 6, 23)) == [
        "Uppdraget ”Boka lokal” ska vara klart 30 juni 2024."
    ]
    assert told(reader, date(2024, 7, 8)) == [
        "Uppdraget ”Boka lokal” skulle ha varit klart 30 juni 2024."
    ]


def test_a_closed_task_or_somebody_elses_is_not_told(agreement, reader, coordinator):
    task = factories.TaskFactory(agreement=agreement, owner=reader)
    assert told(coordinator, date(2024, 6, 30)) == []
    task.status, task.closed_on = "done", date(2024, 6, 1)
    task.save()
    assert told(reader, date(2024, 6, 30)) == []


def test_a_morning_that_was_missed_is_made_up_for(agreement, reader):
    factories.TaskFactory(agreement=agreement, owner=reader)
    assert days_when_told(reader, date(2024, 6, 26), date(2024, 6, 30), "task") == [
        date(2024, 6, 26)
    ]


# --- Meetings ------------------------------------------------------------------------------


@pytest.fixture
def called(agreement, coordinator) -> Meeting:
    """A meeting of the group on 4 June, called to on 15 May."""
    return factories.MeetingFactory(
        agreement=agreement,
        chair=coordinator,
        status="called",
        called_at=datetime(2024, 5, 15, 9, tzinfo=ZoneInfo("Europe/Stockholm")),
    )


def test_those_called_are_told_a_week_and_a_day_before(
    called, coordinator, area_police, reader, agreement
):
    factories.AppointmentFactory(agreement=agreement, member=area_police)
    factories.AppointmentFactory(agreement=agreement, member=reader, function="council")
    for member in (coordinator, area_police):
        assert days_when_told(member, date(2024, 5, 15), date(2024, 6, 10), "meeting") == [
            date(2024, 5, 28),
            date(2024, 6, 3),
        ]
    assert told(area_police, date(2024, 5, 28)) == [
        "Mötet i samverkansgruppen 4 juni 2024 är om 7 dagar."
    ]
    assert told(area_police, date(2024, 6, 3)) == [
        "Mötet i samverkansgruppen 4 juni 2024 är i morgon."
    ]
    assert told(reader, date(2024, 6, 3)) == []


def test_a_call_as_fresh_as_that_is_enough(called, coordinator):
    called.called_at = datetime(2024, 5, 30, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
    called.save()
    assert days_when_told(coordinator, date(2024, 5, 15), date(2024, 6, 4), "meeting") == [
        date(2024, 6, 3)
    ]


def test_a_meeting_moved_to_another_day_is_told_anew(called, coordinator):
    before = {one.key for one in due_for(coordinator, date(2024, 6, 3))}
    called.date = date(2024, 6, 5)
    called.save()
    assert before.isdisjoint(one.key for one in due_for(coordinator, date(2024, 6, 3)))


def test_whose_appointment_has_ended_by_the_meeting_is_not_told(called, area_police, agreement):
    factories.AppointmentFactory(agreement=agreement, member=area_police, ends_on=date(2024, 5, 31))
    assert told(area_police, date(2024, 5, 28)) == []


def test_the_chair_is_told_of_a_meeting_within_a_fortnight_that_nobody_is_called_to(
    agreement, coordinator, area_police
):
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    assert days_when_told(coordinator, TODAY, date(2024, 6, 4), "call") == [date(2024, 5, 21)]
    assert told(coordinator, date(2024, 5, 21)) == [
        "Mötet i samverkansgruppen 4 juni 2024 är om 14 dagar, och kallelsen är inte skickad."
    ]
    assert told(area_police, date(2024, 5, 21)) == []
    meeting.status, meeting.cancellation_reason = "cancelled", "Sjukdom"
    meeting.save()
    assert told(coordinator, date(2024, 5, 21)) == []


# --- The two clocks ------------------------------------------------------------------------


def test_the_review_is_told_at_180_90_30_and_7_days(coordinator, chief, area_police):
    steps = [date(2024, 8, 31), date(2024, 11, 29), date(2025, 1, 28), date(2025, 2, 20)]
    assert days_when_told(chief, TODAY, date(2025, 2, 27), "reviews") == steps
    # To the others too, on the same days: asked each morning near them and otherwise once a week,
    # since what is told one morning is so until something else takes over.
    near = {step + timedelta(days=n) for step in steps for n in (-1, 0, 1)}
    mornings = sorted({*every_day(TODAY, date(2025, 2, 27))[::7], *near})
    for member in (coordinator, area_police):
        assert days_when_told_of(member, mornings, "reviews") == steps
    assert told(chief, date(2024, 11, 29)) == [
        "Målen följs upp senast 27 februari 2025, om 90 dagar (Överenskommelsen)."
    ]


def test_a_clock_that_has_run_out_is_told_once_more(chief):
    assert days_when_told(chief, date(2025, 2, 21), date(2025, 6, 1), "reviews") == [
        date(2025, 2, 21),
        date(2025, 2, 28),
    ]
    assert told(chief, date(2025, 6, 1)) == [
        "Målen följs upp: det skulle ha varit gjort senast 27 februari 2025 (Överenskommelsen)."
    ]


def test_the_laws_clocks_are_told_likewise_by_their_own_name(agreement, chief):
    picture = factories.SituationPictureFactory(
        agreement=agreement, adopting_body="Kommunstyrelsen", adopted_on=date(2022, 6, 14)
    )
    factories.ActionPlanFactory(
        picture=picture, period=agreement.periods.get(), decided_on=date(2022, 8, 13)
    )
    assert told(chief) == [
        "Lägesbilden uppdateras senast 14 juni 2024, om 30 dagar (Lag (2023:196) 6 §).",
        "Åtgärdsplanen följs upp senast 13 augusti 2024, om 90 dagar (Lag (2023:196) 6 §).",
    ]


def test_readers_and_administrators_are_not_told_of_the_clocks_but_a_delegate_is(
    reader, administrator, chief
):
    day = date(2025, 2, 20)
    assert told(reader, day) == told(administrator, day) == []
    factories.DelegationFactory(
        signatory=chief, delegate=reader, starts_on=day, ends_on=date(2025, 3, 1)
    )
    assert told(reader, day) == [
        "Målen följs upp senast 27 februari 2025, om 7 dagar (Överenskommelsen)."
    ]


def test_an_adopted_review_stops_its_clock(today, agreement, chief, coordinator):
    factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 10),
        cutoff_on=date(2025, 2, 10),
        status="adopted",
    )
    assert told(chief, date(2025, 2, 20)) == []


def test_an_agreement_that_no_longer_applies_has_no_clock(agreement, chief):
    agreement.valid_to, agreement.runs_until_further_notice = date(2024, 12, 31), False
    agreement.save()
    assert told(chief, date(2025, 2, 20)) == []


# --- Decisions -----------------------------------------------------------------------------


def test_a_decision_is_told_at_once_and_then_every_week(agreement, coordinator, chief, today):
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    assert told(chief) == []
    life.bring(review, "submitted")
    [notice] = due_for(chief, today)
    assert (notice.kind, notice.path) == ("decision", f"/uppfoljning/{review.pk}/forhandsvisning/")
    send_reminders(today)
    assert notice.key in chief.reminders.values_list("key", flat=True)
    assert days_when_told(chief, date(2024, 5, 15), date(2024, 6, 5), "review-to-sign") == [
        date(2024, 5, 15),
        date(2024, 5, 22),
        date(2024, 5, 29),
        date(2024, 6, 5),
    ]


# --- Whose -----------------------------------------------------------------------------------


def test_nothing_of_another_agreement_is_told(
    stranger, coordinator, skoterkontroll, snowmobile_promise, called
):
    factories.PlannedOccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise), date=date(2024, 5, 1)
    )
    assert told(coordinator) != []
    assert told(stranger) == []


def test_only_those_who_can_open_the_portal_get_letters(agreement, coordinator, settings, today):
    settings.DEBUG = False
    invited = factories.MemberFactory(party=coordinator.party, invited_at=timezone.now())
    invited.set_unusable_password()
    invited.save()
    gone = factories.MemberFactory(party=coordinator.party, is_active=False)
    example = factories.MemberFactory(party=coordinator.party, is_example=True)
    for member in (coordinator, invited, gone, example):
        factories.TaskFactory(agreement=agreement, owner=member, due_on=today)
    send_reminders(today)
    assert [letter.to for letter in mail.outbox] == [[coordinator.email]]


# --- The letter ----------------------------------------------------------------------------


@pytest.fixture
def much(agreement, coordinator, skoterkontroll, called, today) -> None:
    """One of several kinds for the coordinator, as of 28 May."""
    factories.PlannedOccasionFactory(activity=skoterkontroll, date=date(2024, 5, 1))
    factories.TaskFactory(
        agreement=agreement,
        owner=coordinator,
        title="Boka <lokal> & kaffe",
        due_on=date(2024, 6, 1),
    )


MUCH_ON = date(2024, 5, 28)


def test_one_letter_holds_everything_under_headings(much, coordinator, skoterkontroll, called):
    send_reminders(MUCH_ON)
    [letter] = mail.outbox
    task = coordinator.tasks.get()
    assert letter.to == ["samordnare@dorotea.test"]
    assert letter.subject == "Dorotea samverkan: 3 saker väntar på dig"
    assert (
        letter.body
        == f"""\
Hej Sara Samordnare!

3 saker väntar på dig i Dorotea samverkan.

FÖRSENAT

- Löfte 3: ett planerat tillfälle har passerat utan att loggas.
  http://127.0.0.1:8000/aktiviteter/{skoterkontroll.pk}/#planerat

DINA UPPDRAG

- Uppdraget ”Boka <lokal> & kaffe” ska vara klart 1 juni 2024.
  http://127.0.0.1:8000/uppdrag/{task.pk}/

MÖTEN

- Mötet i samverkansgruppen 4 juni 2024 är om 7 dagar.
  http://127.0.0.1:8000/moten/{called.pk}/

Allt som väntar finns på din översikt:
http://127.0.0.1:8000/oversikt/

Det som är hemligt står bara i portalen, bakom inloggningen.

Vill du ha färre påminnelser, eller inga? Välj själv:
http://127.0.0.1:8000/konto/paminnelser/

Dorotea samverkan
Dorotea kommun och Polisen i Södra Lappland"""
    )


def test_the_html_says_the_same_and_needs_nothing_from_elsewhere(much, coordinator):
    send_reminders(MUCH_ON)
    [letter] = mail.outbox
    [(html, kind)] = letter.alternatives
    page = Page(type("Response", (), {"content": html.encode()}))
    assert kind == "text/html"
    assert page.root.get("lang") == "sv"
    assert page.texts("//h1 | //h2") == [
        "3 saker väntar på dig i Dorotea samverkan",
        "Försenat",
        "Dina uppdrag",
        "Möten",
    ]
    lines = page.all("//li/a")
    assert [line.text for line in lines] == [
        line.removeprefix("- ") for line in letter.body.split("\n") if line.startswith("- ")
    ]
    for link in page.all("//a/@href"):
        assert link.startswith("http://127.0.0.1:8000/")
        assert link in letter.body
    assert page.all("//img | //script | //link | //*[@style] | //*[@src]") == []


def test_a_mail_program_can_offer_the_way_out_but_not_take_it(much):
    send_reminders(MUCH_ON)
    [letter] = mail.outbox
    headers = letter.message()
    assert headers["List-Unsubscribe"] == "<http://127.0.0.1:8000/konto/paminnelser/>"
    assert headers["List-Unsubscribe-Post"] is None
    assert headers["Auto-Submitted"] == "auto-generated"


def test_a_single_thing_is_counted_in_the_singular(agreement, reader, today):
    factories.TaskFactory(agreement=agreement, owner=reader, due_on=today)
    send_reminders(today)
    assert mail.outbox[0].subject == "Dorotea samverkan: 1 sak väntar på dig"


# --- Safe to run twice -----------------------------------------------------------------------


@pytest.fixture
def three_tasks(agreement, coordinator, chief, reader, today) -> list[Member]:
    """Three members with a task each, due today."""
    members = [coordinator, chief, reader]
    for member in members:
        factories.TaskFactory(agreement=agreement, owner=member, due_on=today)
    return members


class FullBox(BaseEmailBackend):
    """A post office that takes every letter but the kommunchef's, and remembers its openings."""

    opened, sent, refusing = 0, [], True

    def __init__(self, *args, **kwargs) -> None:
        super().__init__()
        self.is_open = False

    def open(self):
        if self.is_open:
            return False
        type(self).opened += 1
        self.is_open = True
        return True

    def close(self):
        self.is_open = False

    def send_messages(self, messages):
        assert self.is_open
        for message in messages:
            if self.refusing and message.to == ["chef@dorotea.test"]:
                raise SMTPRecipientsRefused({message.to[0]: (552, b"Mailbox full")})
            self.sent.append(message.to[0])
        return len(messages)


@pytest.fixture
def post(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.FullBox"
    monkeypatch.setattr(FullBox, "sent", [])
    monkeypatch.setattr(FullBox, "opened", 0)
    monkeypatch.setattr(FullBox, "refusing", True)
    return FullBox


def test_a_second_run_sends_nothing(three_tasks, today):
    assert len(send_reminders(today).sent) == 3
    assert send_reminders(today).sent == []
    assert len(mail.outbox) == 3


def test_all_letters_leave_through_one_connection(three_tasks, post, today):
    post.refusing = False
    send_reminders(today)
    assert (len(post.sent), post.opened) == (3, 1)


def test_one_letter_that_fails_does_not_stop_the_others_and_is_tried_again(
    three_tasks, post, today
):
    first = send_reminders(today)
    assert post.sent == ["samordnare@dorotea.test", "lasare@dorotea.test"]
    assert [one.address for one in first.failed] == ["chef@dorotea.test"]
    assert "Mailbox full" in first.failed[0].reason
    failed = Reminder.objects.get(member__email="chef@dorotea.test")
    assert (failed.attempted_at, failed.sent_at) == (None, None)
    post.refusing = False
    second = send_reminders(today)
    assert (len(second.sent), second.failed) == (1, [])
    assert post.sent[2:] == ["chef@dorotea.test"]
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_a_fault_of_our_own_does_not_stop_the_others_either(three_tasks, chief, today, monkeypatch):
    def faulty(member: Member, on: date):
        if member == chief:
            raise ZeroDivisionError("division by zero")
        return due_for(member, on)

    monkeypatch.setattr("followup.reminders.post.due_for", faulty)
    outcome = send_reminders(today)
    assert len(outcome.sent) == 2
    assert [(one.address, one.reason) for one in outcome.failed] == [
        ("chef@dorotea.test", "division by zero")
    ]


def test_a_letter_under_way_is_left_alone_and_taken_over_after_an_hour(agreement, reader, today):
    """As when the run before died between the claim and the letter."""
    task = factories.TaskFactory(agreement=agreement, owner=reader, due_on=today)
    reminder = factories.ReminderFactory(
        member=reader,
        key=f"task-{task.pk}-20240515-before",
        attempted_at=timezone.now() - timedelta(minutes=59),
    )
    assert send_reminders(today).sent == []
    reminder.attempted_at -= timedelta(minutes=2)
    reminder.save()
    assert len(send_reminders(today).sent) == 1
    reminder.refresh_from_db()
    assert reminder.sent_at == timezone.now()


def test_two_runs_at_the_same_moment_send_each_letter_once(
    shared_database, three_tasks, coordinator, agreement, today
):
    for _ in range(5):
        factories.TaskFactory(agreement=agreement, owner=coordinator, due_on=today)
    outcomes = at_the_same_moment(*[lambda: send_reminders(today)] * 4)
    assert [outcome.failed for outcome in outcomes] == [[]] * 4
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "chef@dorotea.test",
        "lasare@dorotea.test",
        "samordnare@dorotea.test",
    ]
    assert sorted(letter.subject for letter in mail.outbox) == [
        "Dorotea samverkan: 1 sak väntar på dig",
        "Dorotea samverkan: 1 sak väntar på dig",
        "Dorotea samverkan: 6 saker väntar på dig",
    ]
    assert Reminder.objects.filter(sent_at__isnull=False).count() == 8


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(
    transactional_db, three_tasks, today, settings, monkeypatch
):
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    monkeypatch.setattr(Watching, "was_atomic", [])
    send_reminders(today)
    assert Watching.was_atomic == [False, False, False]


class Watching(BaseEmailBackend):
    """A post office that notes whether the database was held meanwhile."""

    was_atomic: list[bool] = []

    def send_messages(self, messages):
        from django.db import connection

        self.was_atomic.append(connection.in_atomic_block)
        return len(messages)


# --- The command ---------------------------------------------------------------------------


def test_the_command_says_what_was_sent_to_how_many(three_tasks, capsys, today):
    call_command("send_reminders")
    assert capsys.readouterr().out == "15 maj 2024: 3 brev är skickade (uppdrag: 3).\n"
    call_command("send_reminders")
    assert capsys.readouterr().out == "15 maj 2024: inga brev att skicka.\n"


def test_the_command_fails_aloud_when_a_letter_did(three_tasks, post, capsys, today):
    with pytest.raises(CommandError) as failure:
        call_command("send_reminders")
    assert str(failure.value) == "1 brev kunde inte skickas. Nästa körning försöker igen."
    written = capsys.readouterr()
    assert written.out == "15 maj 2024: 2 brev är skickade (uppdrag: 2).\n"
    assert written.err.splitlines()[-1] == (
        "Till chef@dorotea.test gick det inte att skicka: "
        "{'chef@dorotea.test': (552, b'Mailbox full')}"
    )


def test_a_dry_run_sends_and_stores_nothing(three_tasks, coordinator, capsys, today):
    call_command("send_reminders", "--dry-run")
    assert capsys.readouterr().out.splitlines() == [
        "samordnare@dorotea.test: uppdrag: 1",
        "chef@dorotea.test: uppdrag: 1",
        "lasare@dorotea.test: uppdrag: 1",
        "15 maj 2024: 3 brev skulle skickas. Inget är skickat.",
    ]
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)
    call_command("send_reminders")
    capsys.readouterr()
    call_command("send_reminders", "--dry-run")
    assert capsys.readouterr().out == "15 maj 2024: 0 brev skulle skickas. Inget är skickat.\n"


def test_another_day_can_be_asked_for(agreement, reader, capsys, today):
    factories.TaskFactory(agreement=agreement, owner=reader)
    call_command("send_reminders", "--date", "2024-06-23")
    assert capsys.readouterr().out == "23 juni 2024: 1 brev är skickat (uppdrag: 1).\n"


# --- The settings --------------------------------------------------------------------------


def test_what_is_turned_off_is_not_sent(much, coordinator):
    factories.ReminderSettingsFactory(member=coordinator, task=False, meeting=False)
    send_reminders(MUCH_ON)
    assert [letter.subject for letter in mail.outbox] == ["Dorotea samverkan: 1 sak väntar på dig"]
    assert [*Reminder.objects.values_list("kind", flat=True)] == ["late"]


def test_everybody_starts_with_all_of_them_on(signed_in, reader, today):
    page = Page(signed_in(reader).get("/konto/paminnelser/"))
    assert [box.get("name") for box in page.all("//main//input[@checked]")] == [
        "late",
        "task",
        "meeting",
        "review",
        "decision",
    ]
    assert "Inget brev har skickats till dig än." in page.text()
    assert not ReminderSettings.objects.exists()


def test_the_choice_is_saved_for_oneself_alone(signed_in, reader, coordinator, today):
    typed = {"task": "on", "decision": "on"}
    page = Page(signed_in(reader).post("/konto/paminnelser/", typed, follow=True))
    assert page.messages == ["Ditt val är sparat."]
    assert [box.get("name") for box in page.all("//main//input[@checked]")] == ["task", "decision"]
    assert ReminderSettings.objects.get().member == reader
    everything = signed_in(coordinator).get("/konto/paminnelser/")
    assert len(Page(everything).all("//main//input[@checked]")) == 5


def test_all_are_turned_off_with_one_button_whatever_is_ticked(signed_in, reader, today):
    typed = {"task": "on", "gor": "inga"}
    page = Page(signed_in(reader).post("/konto/paminnelser/", typed, follow=True))
    assert page.messages == ["Du får inga påminnelser längre."]
    assert page.all("//main//input[@checked]") == []


def test_no_box_at_all_is_an_answer_too(signed_in, reader, today):
    page = Page(signed_in(reader).post("/konto/paminnelser/", {}, follow=True))
    assert page.messages == ["Du får inga påminnelser längre."]


def test_the_page_says_when_the_last_letter_went(signed_in, three_tasks, reader, today):
    send_reminders(today)
    page = Page(signed_in(reader).get("/konto/paminnelser/"))
    assert "Det senaste brevet skickades 15 maj 2024 klockan 12.00." in page.text()


def test_ones_own_account_leads_to_both_pages(signed_in, reader, today):
    links = Page(signed_in(reader).get("/konto/")).all("//main//a/@href")
    assert {"/konto/kalender/", "/konto/paminnelser/"} <= {*links}
