"""Meetings: planned, called, called off, and run point by point."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.core import mail
from django.test import Client

from followup.models import Meeting, Task
from followup.models.locks import Refusal
from promises.forms.base import STALE
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def appointed(agreement, coordinator, reader) -> None:
    for member in (coordinator, reader):
        factories.AppointmentFactory(agreement=agreement, member=member)


@pytest.fixture
def meeting(agreement, coordinator, appointed) -> Meeting:
    """On 4 June 2024, with two points."""
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    for number, title in enumerate(("Uppdrag", "Övrigt"), start=1):
        factories.AgendaItemFactory(meeting=meeting, number=number, title=title)
    return meeting


@pytest.fixture
def send(client):
    """Open the form, type, send."""

    def send(address: str, **typed: str):
        return client.post(address, Page(client.get(address)).typed | typed)

    return send


def titles(meeting: Meeting) -> list[str]:
    return [item.title for item in meeting.items.standing()]


# --- The list ------------------------------------------------------------------------------


def test_the_group_and_the_council_are_kept_apart(client, agreement, coordinator):
    held = {"agreement": agreement, "chair": coordinator, "status": "held"}
    factories.MeetingFactory(**held, date=date(2024, 3, 19))
    factories.MeetingFactory(**held, date=date(2024, 4, 2), kind="council")
    assert "2 april 2024" not in Page(client.get("/moten/")).text()
    assert "19 mars 2024" not in Page(client.get("/moten/?slag=rad")).text()
    assert "2 april 2024" in Page(client.get("/moten/?slag=rad")).text()


def test_a_meeting_that_was_held_shows_who_came_and_where_its_minutes_stand(
    client, agreement, coordinator, reader
):
    meeting = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 19), status="held"
    )
    factories.AttendanceFactory(meeting=meeting, member=coordinator, presence="present")
    factories.AttendanceFactory(meeting=meeting, member=reader, presence="excused")
    factories.AttendanceFactory(meeting=meeting, member=None, guest="Rektor", presence="present")
    [row] = Page(client.get("/moten/")).rows("//table[contains(@class, 'meetings')]")
    assert row == [
        "19 mars 2024",
        "Genomfört",
        "1 av 2 närvarande",
        "Utkast protokoll 19 mars 2024",
    ]


def test_who_came_is_told_of_those_it_is_known_of(client, agreement, coordinator, reader):
    meeting = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 19), status="held"
    )
    own = factories.AttendanceFactory(meeting=meeting, member=coordinator)
    factories.AttendanceFactory(meeting=meeting, member=reader)

    def told() -> str:
        return Page(client.get("/moten/")).rows("//table[contains(@class, 'meetings')]")[0][2]

    assert told() == "Ingen uppgift"
    own.presence = "present"
    own.save()
    assert told() == "1 närvarande, ingen uppgift om 1"


def test_without_an_agreed_rhythm_the_page_says_where_it_is_set(
    client, administrator, signed_in, agreement
):
    assert "En administratör ställer in rytmen" in Page(client.get("/moten/")).text()
    page = Page(signed_in(administrator).get("/moten/"))
    assert len(page.all("//main//div[@class='notice']//a")) == 1


def test_the_rhythm_stands_half_year_by_half_year(client, agreement, coordinator):
    agreement.group_meetings_per_half_year = 1
    agreement.save()
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2023, 9, 19), status="held"
    )
    assert Page(client.get("/moten/")).rows() == [
        ["Våren 2023", "0", "1", "Ej nådd"],
        ["Hösten 2023", "1", "1", "Nådd"],
        ["Våren 2024", "0", "1", "Pågår"],
    ]


# --- Planning ------------------------------------------------------------------------------


def test_a_meeting_is_planned_with_an_agenda_and_a_roster(send, client, appointed, coordinator):
    response = send(
        "/moten/nytt/",
        date="2024-06-04",
        starts_at="13.00",
        ends_at="14:30",
        location="Kommunhuset",
        introduction="Välkomna!",
    )
    meeting = Meeting.objects.get()
    assert (meeting.kind, meeting.chair, meeting.status) == ("group", coordinator, "planned")
    assert (meeting.date, meeting.starts_at, meeting.ends_at) == (
        date(2024, 6, 4),
        time(13),
        time(14, 30),
    )
    assert (meeting.items.count(), meeting.attendances.count()) == (9, 2)
    assert Page(client.get(response.url)).messages == [
        "Mötet är upplagt. Dagordningen är ett utkast: ändra den fritt."
    ]


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"date": ""}, {"date": ["Fyll i det här."]}),
        ({"date": "1924-06-04"}, {"date": ["Kontrollera årtalet."]}),
        ({"starts_at": "ett"}, {"starts_at": ["Skriv ett klockslag, till exempel 13.00."]}),
    ],
)
def test_what_cannot_be_right_is_said_beside_the_field(send, typed, errors):
    page = Page(send("/moten/nytt/", **{"date": "2024-06-04", "location": "Kvar"} | typed))
    assert page.errors == errors
    assert page.typed["location"] == "Kvar"
    assert not Meeting.objects.exists()


def test_a_meeting_does_not_end_before_it_begins(send):
    page = Page(send("/moten/nytt/", date="2024-06-04", starts_at="13:00", ends_at="12:00"))
    assert page.summary == {"Mötet ska sluta efter att det har börjat.": ""}


def test_a_new_date_brings_in_those_appointed_by_then(send, meeting, agreement, chief):
    factories.AppointmentFactory(agreement=agreement, member=chief, starts_on=date(2024, 9, 1))
    send(f"/moten/{meeting.pk}/andra/", date="2024-09-10")
    assert chief.pk in meeting.attendances.values_list("member", flat=True)


def test_a_stale_change_is_refused_and_kept(client, meeting):
    address = f"/moten/{meeting.pk}/andra/"
    form = Page(client.get(address)).typed
    client.post(address, form | {"location": "Deras"})
    page = Page(client.post(address, form | {"location": "Min"}))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.typed["location"] == "Min"


# --- The agenda ----------------------------------------------------------------------------


def test_a_point_is_added_last(send, meeting):
    send(f"/moten/{meeting.pk}/punkt/", title="Skoterkväll", background="- Plats")
    assert titles(meeting) == ["Uppdrag", "Övrigt", "Skoterkväll"]


def test_a_personal_number_in_the_background_is_refused(send, meeting):
    page = Page(send(f"/moten/{meeting.pk}/punkt/", title="Ärende", background="19121212-1212"))
    assert "background" in page.errors
    assert titles(meeting) == ["Uppdrag", "Övrigt"]


@pytest.mark.parametrize(
    ("moved", "button", "order"),
    [
        (1, "upp", ["Övrigt", "Uppdrag"]),
        (0, "ned", ["Övrigt", "Uppdrag"]),
        (0, "upp", ["Uppdrag", "Övrigt"]),
        (1, "ned", ["Uppdrag", "Övrigt"]),
    ],
)
def test_a_point_is_moved_and_stays_at_either_end(send, meeting, moved, button, order):
    item = meeting.items.standing()[moved]
    send(f"/moten/{meeting.pk}/punkt/{item.pk}/", gor=button)
    assert titles(meeting) == order


def test_a_point_is_struck_and_taken_back_and_no_text_is_lost(send, meeting):
    item = meeting.items.standing()[0]
    address = f"/moten/{meeting.pk}/punkt/{item.pk}/"
    send(address, gor="stryk", background="Nyskrivet")
    assert titles(meeting) == ["Övrigt"]
    send(address, gor="ta-med")
    assert titles(meeting) == ["Uppdrag", "Övrigt"]
    item.refresh_from_db()
    assert item.background == "Nyskrivet"


def test_a_point_with_a_decision_is_not_struck(send, meeting):
    item = meeting.items.standing()[0]
    factories.DecisionFactory(item=item)
    page = Page(send(f"/moten/{meeting.pk}/punkt/{item.pk}/", gor="stryk"))
    assert [*page.summary] == [
        "Punkten har ett beslut eller ett uppdrag och kan inte strykas. Stryk beslutet eller "
        "avskriv uppdraget först."
    ]
    assert titles(meeting) == ["Uppdrag", "Övrigt"]


# --- The call ------------------------------------------------------------------------------


def test_the_call_goes_to_the_roster_with_the_agenda_and_no_background(
    client, meeting, coordinator, reader
):
    meeting.items.filter(number=1).update(background="Kontroll i Risbäck 12 juni.")
    meeting.starts_at = time(13)
    meeting.save()
    address = f"/moten/{meeting.pk}/kalla/"
    page = Page(client.get(address))
    recipients = [str(reader.pk), str(coordinator.pk)]
    client.post(address, {"recipients": recipients})
    [letter] = mail.outbox
    meeting.refresh_from_db()
    assert meeting.status == "called"
    assert meeting.called_at is not None
    assert letter.subject == "Kallelse: möte i samverkansgruppen 4 juni 2024"
    assert {*letter.to} == {"samordnare@dorotea.test", "lasare@dorotea.test"}
    assert letter.reply_to == ["samordnare@dorotea.test"]
    assert "Tid: 13.00\nOrdförande: Sara Samordnare\n\nDagordning\n1. Uppdrag\n2. Övrigt\n\n" in (
        letter.body
    )
    assert f"http://testserver/moten/{meeting.pk}/" in letter.body
    assert "Risbäck" not in letter.body
    assert letter.body.split() == page.text("//pre").split()


def test_a_call_can_be_sent_again_and_says_so(client, meeting, reader):
    for _ in range(2):
        client.post(f"/moten/{meeting.pk}/kalla/", {"recipients": [reader.pk]})
    assert [letter.subject for letter in mail.outbox] == [
        "Kallelse: möte i samverkansgruppen 4 juni 2024",
        "Ny kallelse: möte i samverkansgruppen 4 juni 2024",
    ]


def test_a_call_that_cannot_be_sent_says_so_and_changes_nothing(client, meeting, reader, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    page = Page(client.post(f"/moten/{meeting.pk}/kalla/", {"recipients": [reader.pk]}))
    assert [*page.summary] == [
        "E-postservern tog inte emot kallelsen. Inget har skickats, och mötet är som förut. "
        "Försök igen om en stund, eller kopiera texten och skicka den själv."
    ]
    meeting.refresh_from_db()
    assert (meeting.status, meeting.called_at) == ("planned", None)


def test_somebody_outside_the_roster_cannot_be_called(client, meeting, stranger):
    page = Page(client.post(f"/moten/{meeting.pk}/kalla/", {"recipients": [stranger.pk]}))
    assert page.errors == {"recipients": ["Välj något av alternativen i listan."]}
    assert mail.outbox == []


def test_without_a_roster_the_page_says_where_to_appoint_it(client, agreement, coordinator):
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    page = Page(client.get(f"/moten/{meeting.pk}/kalla/"))
    assert len(page.all("//main//a[@href='/loften/#ataganden']")) == 1


# --- Calling off ---------------------------------------------------------------------------


def test_a_meeting_is_called_off_with_a_reason(send, client, meeting):
    send(f"/moten/{meeting.pk}/stall-in/", reason="Ingen kan")
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancellation_reason) == ("cancelled", "Ingen kan")
    assert "Skäl: Ingen kan" in Page(client.get(f"/moten/{meeting.pk}/")).text()
    assert client.get(f"/moten/{meeting.pk}/motet/").status_code == 403


def test_a_meeting_that_was_held_is_not_called_off(client, agreement, coordinator):
    held = factories.MeetingFactory(agreement=agreement, chair=coordinator, status="held")
    assert client.get(f"/moten/{held.pk}/stall-in/").status_code == 403


# --- Running it ----------------------------------------------------------------------------


def test_attendance_is_noted_and_leads_to_the_first_point(
    send, meeting, coordinator, reader, agreement
):
    first = meeting.items.standing()[0]
    response = send(
        f"/moten/{meeting.pk}/motet/",
        **{
            f"member_{coordinator.pk}": "present",
            f"member_{reader.pk}": "excused",
            "guest_1": "Rektor",
            "vidare": str(first.pk),
        },
    )
    assert response.url == f"/moten/{meeting.pk}/motet/{first.pk}/"
    noted = {str(row): row.presence for row in meeting.attendances.all()}
    assert noted == {
        "Sara Samordnare": "present",
        "Lena Läsare": "excused",
        "Rektor": "present",
    }


def test_a_guest_can_be_renamed_and_more_can_be_added(send, client, meeting):
    address = f"/moten/{meeting.pk}/motet/"
    send(address, guest_1="Rektorn", guest_2="Fritidsledare")
    send(address, guest_1="Rektor", guest_3="Bibliotekarie")
    assert [row.guest for row in meeting.attendances.filter(member=None)] == [
        "Rektor",
        "Fritidsledare",
        "Bibliotekarie",
    ]
    page = Page(send(address, guest_1=""))
    assert page.errors == {"guest_1": ["En noterad gäst kan ändras men inte tas bort."]}


def test_a_point_takes_notes_a_decision_and_an_uppdrag_at_once(send, meeting, reader):
    item, following = meeting.items.standing()
    response = send(
        f"/moten/{meeting.pk}/motet/{item.pk}/",
        notes="Alla var överens.",
        decision="Gruppen ordnar en skoterkväll.",
        task_title="Boka lokal",
        task_owner=str(reader.pk),
        task_due_on="2024-08-30",
        vidare=str(following.pk),
    )
    item.refresh_from_db()
    task = Task.objects.get()
    assert response.url == f"/moten/{meeting.pk}/motet/{following.pk}/"
    assert item.notes == "Alla var överens."
    assert item.decisions.get().wording == "Gruppen ordnar en skoterkväll."
    assert (task.meeting, task.item, task.title, task.owner, task.due_on) == (
        meeting,
        item,
        "Boka lokal",
        reader,
        date(2024, 8, 30),
    )


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [
        ("", "motet/{item}/"),
        ("narvaro", "motet/"),
        ("avsluta", "avsluta/"),
        ("9999", "motet/{item}/"),
    ],
)
def test_each_button_saves_before_it_leads_on(send, meeting, button, leads_to):
    item = meeting.items.standing()[0]
    response = send(f"/moten/{meeting.pk}/motet/{item.pk}/", notes="Sagt.", vidare=button)
    assert response.url == f"/moten/{meeting.pk}/" + leads_to.format(item=item.pk)
    item.refresh_from_db()
    assert item.notes == "Sagt."


def test_half_an_uppdrag_is_asked_about_and_nothing_is_lost(send, meeting):
    item = meeting.items.standing()[0]
    page = Page(
        send(f"/moten/{meeting.pk}/motet/{item.pk}/", notes="Sagt.", task_title="Boka lokal")
    )
    assert page.errors == {
        "task_owner": ["Välj vem som gör det."],
        "task_due_on": ["Välj när det ska vara klart."],
    }
    assert (page.typed["notes"], page.typed["task_title"]) == ("Sagt.", "Boka lokal")
    assert not Task.objects.exists()


def test_an_uppdrag_is_not_due_before_the_meeting(send, meeting, reader):
    item = meeting.items.standing()[0]
    page = Page(
        send(
            f"/moten/{meeting.pk}/motet/{item.pk}/",
            task_title="Boka",
            task_owner=str(reader.pk),
            task_due_on="2024-06-03",
        )
    )
    assert page.errors == {"task_due_on": ["Datumet ligger före mötet."]}


def test_when_two_write_the_second_sees_both_texts_and_can_join_them(client, meeting):
    item = meeting.items.standing()[0]
    address = f"/moten/{meeting.pk}/motet/{item.pk}/"
    form = Page(client.get(address)).typed
    client.post(address, form | {"notes": "Deras."})
    page = Page(client.post(address, form | {"notes": "Mitt.", "decision": "Vi kör."}))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert "Deras." in page.text("//*[@class='error-summary']")
    assert page.typed["notes"] == "Mitt."
    client.post(address, page.typed | {"notes": "Deras. Mitt."})
    item.refresh_from_db()
    assert (item.notes, item.decisions.count()) == ("Deras. Mitt.", 1)


def test_a_double_tap_is_saved_once(client, meeting, reader):
    item = meeting.items.standing()[0]
    address = f"/moten/{meeting.pk}/motet/{item.pk}/"
    form = Page(client.get(address)).typed | {
        "notes": "Sagt.",
        "decision": "Vi kör.",
        "task_title": "Boka",
        "task_owner": str(reader.pk),
        "task_due_on": "2024-08-30",
    }
    assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert (item.decisions.count(), item.tasks.count()) == (1, 1)


def test_the_way_through_the_meeting_takes_no_script(client, meeting):
    first = meeting.items.standing()[0]
    page = Page(client.get(f"/moten/{meeting.pk}/motet/{first.pk}/"))
    assert page.texts("//nav[@aria-label='Mötets punkter']//button") == [
        "Närvaro",
        "1. Uppdrag",
        "2. Övrigt",
        "Avsluta mötet",
    ]
    # Enter in a field presses the first button of the form, and that one stays.
    assert page.texts("//main//form//button")[0] == "Spara"


def test_a_decision_is_mended_and_struck(send, meeting):
    decision = factories.DecisionFactory(item=meeting.items.standing()[0])
    address = f"/moten/{meeting.pk}/beslut/{decision.pk}/"
    send(address, wording="Gruppen ordnar två skoterkvällar.")
    decision.refresh_from_db()
    assert decision.wording == "Gruppen ordnar två skoterkvällar."
    send(address, gor="stryk")
    decision.refresh_from_db()
    assert decision.withdrawn_at is not None


def test_the_meeting_is_ended_and_has_then_been_held(send, client, meeting, today):
    meeting.date = today
    meeting.save()
    address = f"/moten/{meeting.pk}/avsluta/"
    assert "Närvaro är inte noterad" not in Page(client.get(address)).text()
    assert "Ingen närvaro är noterad." in Page(client.get(address)).text()
    response = send(address, ends_at="14.30")
    meeting.refresh_from_db()
    assert (meeting.status, meeting.ends_at) == ("held", time(14, 30))
    assert Page(client.get(response.url)).messages == [
        "Mötet är avslutat. Sara Samordnare justerar protokollet."
    ]


def test_a_meeting_of_a_day_to_come_is_not_ended(client, meeting):
    address = f"/moten/{meeting.pk}/avsluta/"
    reason = (
        "Mötet är den 4 juni 2024 och kan inte avslutas före den dagen. Har det redan hållits: "
        "ändra mötets datum först."
    )
    page = Page(client.get(address))
    assert reason in page.text()
    assert "Avsluta mötet" not in page.texts("//main//form//button")
    assert [*Page(client.post(address, {"version": meeting.version})).summary] == [reason]
    meeting.refresh_from_db()
    assert meeting.status == "planned"


def test_a_meeting_that_was_held_is_not_moved_to_a_day_to_come(send, meeting, today):
    meeting.date, meeting.status = today, "held"
    meeting.save()
    page = Page(send(f"/moten/{meeting.pk}/andra/", date="2024-05-16"))
    assert page.errors == {"date": ["Mötet är genomfört, och den dagen har inte varit än."]}


# --- A form that was open when the minutes were locked ---------------------------------------


def test_a_form_that_was_open_when_the_minutes_were_locked_keeps_its_text(client, meeting, today):
    item = meeting.items.standing()[0]
    addresses = {
        f"/moten/{meeting.pk}/andra/": {"location": "Mitt."},
        f"/moten/{meeting.pk}/punkt/": {"title": "Mitt."},
        f"/moten/{meeting.pk}/punkt/{item.pk}/": {"background": "Mitt."},
        f"/moten/{meeting.pk}/motet/": {"guest_1": "Mitt."},
        f"/moten/{meeting.pk}/motet/{item.pk}/": {"notes": "Mitt."},
    }
    forms = {address: Page(client.get(address)).typed for address in addresses}
    meeting.status, meeting.locked_at = "held", "2024-05-15T10:00:00Z"
    meeting.save()
    for address, typed in addresses.items():
        page = Page(client.post(address, forms[address] | typed))
        assert Refusal.MINUTES_SIGNED.label in page.summary, address
        assert "Mitt." in page.typed.values(), address
        assert client.get(address).status_code == 403, address
