"""The minutes: drawn up from the meeting, printed, signed by the chair, and then as they were."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from followup.archive.minutes import read_minutes
from followup.archive.record import Record
from followup.meetings.minutes import (
    CHANGED,
    AttendanceRow,
    Minutes,
    MinutesParty,
    Paragraph,
    Signature,
    TaskRow,
    gaps_in,
    minutes_of,
    text_of,
)
from followup.models import Meeting, MeetingDocument
from followup.paper.minutes import render_minutes
from tests import factories
from tests.followup.paper.test_pdf import structure
from tests.html import Page
from tests.printed import pages_of, text_of_pdf

pytestmark = pytest.mark.django_db

SIGNED_AT = datetime(2024, 6, 5, 9, 30, tzinfo=ZoneInfo("Europe/Stockholm"))

MINUTES = Minutes(
    kind="Samverkansgruppen",
    agreement="Samverkansöverenskommelse för Dorotea",
    parties=(MinutesParty("Dorotea kommun", "Kraapohken tjïelte"), MinutesParty("Polisen", "")),
    date=date(2024, 6, 4),
    starts_at=time(13),
    ends_at=None,
    location="Kommunhuset",
    chair="Sara Samordnare",
    chair_title="Samordnare",
    secretary="",
    registry_number="",
    is_example=False,
    attendance=(
        AttendanceRow("Sara", "Samordnare", "Kommunen", False, "present", "Närvarande"),
        AttendanceRow("Rektor", "", "", True, "present", "Närvarande"),
    ),
    paragraphs=(
        Paragraph(1, "Öppnande", "", (), ()),
        Paragraph(
            2,
            "Skotrar",
            "Läget:\n\n- lugnt",
            ("Vi ordnar en skoterkväll.",),
            (TaskRow("Boka lokal", "Lena Läsare", date(2024, 8, 30)),),
        ),
    ),
)
SHOWN = read_minutes(text_of(MINUTES))


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def meeting(agreement, coordinator, reader) -> Meeting:
    """Held on 14 May 2024, with a decision and an uppdrag."""
    meeting = factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 5, 14), status="held"
    )
    factories.AttendanceFactory(meeting=meeting, member=coordinator, presence="present")
    item = factories.AgendaItemFactory(
        meeting=meeting, number=4, title="Skotrar", background="Hemligt", notes="Lugnt."
    )
    factories.AgendaItemFactory(meeting=meeting, number=1, withdrawn_at=SIGNED_AT, title="Struken")
    factories.DecisionFactory(item=item, wording="Vi kör.")
    factories.DecisionFactory(item=item, wording="Struket", withdrawn_at=SIGNED_AT)
    task = {"agreement": agreement, "meeting": meeting, "item": item, "owner": reader}
    factories.TaskFactory(**task, title="Boka lokal")
    factories.TaskFactory(**task, status="dropped", closing_note="Fel", closed_on=meeting.date)
    return meeting


@pytest.fixture
def quick_pdf(monkeypatch) -> None:
    """Where the PDF is not what is tested."""
    monkeypatch.setattr(
        "followup.views.minutes.render_minutes", lambda minutes, signature: b"%PDF-prov"
    )


# --- What they say -------------------------------------------------------------------------


def test_they_are_drawn_up_from_what_stands(meeting):
    minutes = minutes_of(meeting)
    task = {"title": "Boka lokal", "owner": "Lena Läsare", "due_on": date(2024, 6, 30)}
    said = {"number": 1, "title": "Skotrar", "notes": "Lugnt.", "decisions": ("Vi kör.",)}
    assert minutes.paragraphs == (Record(said | {"tasks": (Record(task),)}),)
    assert [(row.name, row.presence_label) for row in minutes.attendance] == [
        ("Sara Samordnare", "Närvarande")
    ]
    # The background may tell of planned controls, and stays where it was.
    assert "Hemligt" not in minutes.text


def test_who_has_left_the_roster_without_having_been_noted_is_no_part_of_them(meeting, reader):
    factories.AttendanceFactory(meeting=meeting, member=reader)
    assert len(minutes_of(meeting).attendance) == 1


def test_a_title_is_the_one_held_on_the_day(meeting, agreement, coordinator):
    factories.AppointmentFactory(agreement=agreement, member=coordinator, title="Projektledare")
    assert minutes_of(meeting).attendance[0].title == "Projektledare"


def test_what_lacks_is_said(meeting, agreement, reader):
    factories.AppointmentFactory(agreement=agreement, member=reader)
    factories.AttendanceFactory(meeting=meeting, member=reader)
    assert gaps_in(minutes_of(meeting)) == ["Närvaro är inte noterad för Lena Läsare."]


def test_their_canonical_form_is_read_back_to_the_same():
    assert SHOWN.date == MINUTES.date
    assert SHOWN.paragraphs[1].tasks[0].due_on == date(2024, 8, 30)
    assert [row.name for row in SHOWN.present] == ["Sara", "Rektor"]
    assert SHOWN.text.startswith('{"agreement":"Samverkansöverenskommelse för Dorotea"')


# --- On paper ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed_pdf() -> bytes:
    return render_minutes(SHOWN, Signature("Sara Samordnare", "Samordnare", SIGNED_AT))


@pytest.fixture(scope="module")
def text(signed_pdf) -> str:
    return text_of_pdf(signed_pdf)


def test_the_pdf_says_who_decided_what_and_who_signed(text):
    for words in (
        "Samverkansgruppen, 4 juni 2024",
        "§ 2 Skotrar",
        "Beslut Vi ordnar en skoterkväll.",
        "2 Boka lokal Lena Läsare 2024-08-30",
        "I portalen den 5 juni 2024 kl. 09.30",
        SHOWN.sha256,
    ):
        assert words in text
    assert "UTKAST" not in text


def test_a_draft_says_that_it_is_one(client, meeting):
    response = client.get(f"/moten/{meeting.pk}/protokoll.pdf")
    draft = pages_of(response.content)[0]
    assert "UTKAST" in draft
    assert response["Content-Disposition"] == (
        'inline; filename="protokoll-group-2024-05-14-utkast.pdf"'
    )


def test_the_pdf_is_tagged_archivable_and_carries_its_contents(signed_pdf):
    with pikepdf.open(io.BytesIO(signed_pdf)) as file:
        with file.open_metadata() as metadata:
            said = [metadata["pdfaid:part"], metadata["pdfaid:conformance"]]
            said.append(metadata["{http://www.aiim.org/pdfua/ns/id/}part"])
        elements = list(structure(file.Root.StructTreeRoot))
        languages = [str(one.Lang) for one in elements if "/Lang" in one]
        headings = [str(one.S) for one in elements if str(one.S)[:2] == "/H"]
        scopes = {str(one.A.Scope) for one in elements if one.S == "/TH"}
        attached = file.attachments["protokoll.json"].get_file().read_bytes().decode()
    assert said == ["3", "A", "1"]
    assert languages == ["sma"]
    assert headings == ["/H1", *["/H2"] * 5]
    assert scopes == {"/Column", "/Row"}
    assert attached == SHOWN.text


def test_the_same_minutes_give_the_same_bytes(signed_pdf):
    again = render_minutes(SHOWN, Signature("Sara Samordnare", "Samordnare", SIGNED_AT))
    assert again == signed_pdf


def test_the_screen_says_what_the_pdf_says(client, meeting):
    page = Page(client.get(f"/moten/{meeting.pk}/protokoll/"))
    assert page.texts("//article//h2") == ["Närvaro", "§ 1 Skotrar", "Uppdrag", "Justering"]
    assert minutes_of(meeting).sha256 in page.text("//article")


# --- The signature -------------------------------------------------------------------------


def sign(client: Client, meeting: Meeting, **typed: str) -> HttpResponse:
    address = f"/moten/{meeting.pk}/justera/"
    return client.post(address, Page(client.get(address)).typed | {"has_read": "on"} | typed)


def test_the_chair_signs_and_the_stored_pdf_is_served_from_then_on(client, meeting, coordinator):
    shown = minutes_of(meeting).sha256
    response = sign(client, meeting)
    document = MeetingDocument.objects.get()
    meeting.refresh_from_db()
    assert response.url == f"/moten/{meeting.pk}/"
    assert meeting.is_locked
    assert (document.signed_by, document.name) == (coordinator, "Sara Samordnare")
    assert document.contents_sha256 == shown
    assert hashlib.sha256(document.contents.encode()).hexdigest() == shown
    assert document.pdf_sha256 == hashlib.sha256(bytes(document.pdf)).hexdigest()
    for _ in range(2):
        served = client.get(f"/moten/{meeting.pk}/protokoll.pdf")
        assert served.content == bytes(document.pdf)
    assert served["Content-Disposition"] == 'inline; filename="protokoll-group-2024-05-14.pdf"'


@pytest.mark.usefixtures("quick_pdf")
def test_signed_minutes_do_not_move_with_names_and_uppdrag(client, meeting, coordinator, reader):
    sign(client, meeting)
    coordinator.name, coordinator.title = "Sara Nygift", "Chef"
    coordinator.save()
    meeting.tasks.update(title="Något annat")
    page = Page(client.get(f"/moten/{meeting.pk}/protokoll/")).text("//article")
    assert "Sara Samordnare" in page
    assert "Boka lokal" in page
    assert "Nygift" not in page


@pytest.mark.parametrize("persona", ["reader", "chief", "administrator", "area_police"])
def test_nobody_but_the_chair_signs(persona, request, signed_in, meeting, today):
    client = signed_in(request.getfixturevalue(persona))
    response = client.post(f"/moten/{meeting.pk}/justera/", {"has_read": "on"})
    assert response.status_code == 403
    assert "Bara mötets ordförande, Sara Samordnare, kan justera" in response.content.decode()


@pytest.mark.usefixtures("quick_pdf")
def test_a_chair_signs_whatever_the_role(reader, signed_in, meeting, today):
    meeting.chair = reader
    meeting.save()
    sign(signed_in(reader), meeting)
    assert MeetingDocument.objects.get().signed_by == reader


def test_a_meeting_that_was_not_held_is_not_signed(client, agreement, coordinator):
    meeting = factories.MeetingFactory(agreement=agreement, chair=coordinator)
    assert client.get(f"/moten/{meeting.pk}/justera/").status_code == 403


def test_the_chair_says_that_it_has_been_read(client, meeting):
    page = Page(sign(client, meeting, has_read=""))
    assert page.errors == {"has_read": ["Kryssa i rutan när du har läst protokollet."]}
    assert not MeetingDocument.objects.exists()


def test_minutes_that_changed_while_being_read_are_read_again(client, meeting):
    address = f"/moten/{meeting.pk}/justera/"
    form = Page(client.get(address)).typed | {"has_read": "on"}
    item = meeting.items.get(title="Skotrar")
    item.notes = "Inte lugnt."
    item.save()
    page = Page(client.post(address, form))
    assert CHANGED in page.summary
    assert "Inte lugnt." in page.text("//article")
    assert page.typed["contents_sha256"] == minutes_of(meeting).sha256
    assert not MeetingDocument.objects.exists()


@pytest.mark.usefixtures("quick_pdf")
def test_a_second_signature_is_told_of_the_first(client, meeting):
    sign(client, meeting)
    response = client.post(f"/moten/{meeting.pk}/justera/", {"has_read": "on"}, follow=True)
    assert Page(response).messages[-1] == "Protokollet är redan justerat."
    assert MeetingDocument.objects.count() == 1


# --- Two at the same moment ----------------------------------------------------------------


def at_the_same_moment(*actions: Callable[[], HttpResponse]) -> list[HttpResponse]:
    """Run each action in a thread with a database connection of its own."""
    ready = threading.Barrier(len(actions))
    responses = []

    def run(action: Callable[[], HttpResponse]) -> None:
        try:
            ready.wait()
            responses.append(action())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return responses


@pytest.mark.usefixtures("shared_database", "quick_pdf")
@pytest.mark.django_db(transaction=True)
def test_of_two_signatures_at_the_same_moment_there_is_one_document(client, meeting):
    address = f"/moten/{meeting.pk}/justera/"
    form = Page(client.get(address)).typed | {"has_read": "on"}
    responses = at_the_same_moment(*[lambda: client.post(address, form)] * 3)
    assert [response.status_code for response in responses] == [302] * 3
    assert MeetingDocument.objects.count() == 1
    assert Meeting.objects.get().is_locked


@pytest.mark.usefixtures("shared_database", "quick_pdf")
@pytest.mark.django_db(transaction=True)
def test_a_note_written_at_the_moment_of_signing_is_signed_or_refused(client, meeting):
    item = meeting.items.get(title="Skotrar")
    signing, noting = f"/moten/{meeting.pk}/justera/", f"/moten/{meeting.pk}/motet/{item.pk}/"
    to_sign = Page(client.get(signing)).typed | {"has_read": "on"}
    to_note = Page(client.get(noting)).typed | {"notes": "I sista stund."}
    at_the_same_moment(lambda: client.post(signing, to_sign), lambda: client.post(noting, to_note))
    item.refresh_from_db()
    if document := MeetingDocument.objects.first():
        assert read_minutes(document.contents).paragraphs[0].notes == item.notes == "Lugnt."
    else:
        assert item.notes == "I sista stund."
