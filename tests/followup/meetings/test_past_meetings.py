"""A meeting that was held before anybody wrote of it in the portal."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError
from django.test import Client

from followup.models import Meeting
from followup.numbers.evidence import undertaking_evidence
from followup.time.spans import Span
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

ADDRESS = "/moten/tidigare/"
TODAY = date(2024, 5, 15)


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def note(client):
    """Note a meeting on the one page, of 7 March 2023 unless another day is said."""

    def note(**typed: object):
        return client.post(ADDRESS, {"date": "2023-03-07"} | typed)

    return note


def presence_at(meeting: Meeting) -> dict[str, str]:
    return {str(row): row.presence for row in meeting.attendances.all()}


def test_its_day_is_enough_and_the_rest_is_told_as_unknown(note, client, agreement, coordinator):
    factories.AppointmentFactory(agreement=agreement, member=coordinator)
    response = note()
    meeting = Meeting.objects.get()
    assert (meeting.status, meeting.kind, meeting.chair) == ("held", "group", None)
    assert presence_at(meeting) == {"Sara Samordnare": ""}
    assert not meeting.items.exists()
    page = Page(client.get(response.url))
    assert page.messages == ["Mötet är noterat och räknas som genomfört."]
    assert page.text("//dt[.='Ordförande']/following-sibling::dd") == "Ingen uppgift"
    assert client.get(f"/moten/{meeting.pk}/protokoll/").status_code == 200


def test_who_was_there_is_noted_and_nothing_is_said_of_the_others(
    note, agreement, coordinator, reader, area_police
):
    for member in (coordinator, reader):
        factories.AppointmentFactory(agreement=agreement, member=member)
    note(present=[coordinator.pk, area_police.pk])
    assert presence_at(Meeting.objects.get()) == {
        "Sara Samordnare": "present",
        "Lena Läsare": "",
        "Per Områdespolis": "present",
    }


def test_each_paragraph_is_a_decision(note, coordinator):
    note(decisions="Gruppen ordnar\r\nen skoterkväll.\r\n\r\n \r\nNästa möte är i maj.\r\n")
    meeting = Meeting.objects.get()
    assert [(one.item.title, one.wording) for one in meeting.decisions.all()] == [
        ("Beslut på mötet", "Gruppen ordnar\nen skoterkväll."),
        ("Beslut på mötet", "Nästa möte är i maj."),
    ]


def test_it_is_found_from_the_list_and_counts_for_the_undertaking(note, client, agreement):
    assert len(Page(client.get("/moten/")).all(f"//main//a[starts-with(@href, '{ADDRESS}')]")) == 1
    note()
    [row] = Page(client.get("/moten/")).rows("//table[contains(@class, 'meetings')]")
    assert row[:3] == ["7 mars 2023", "Genomfört", "Ingen uppgift"]
    fifth = undertaking_evidence(agreement, Span(date(2023, 2, 27), TODAY), TODAY)[4]
    assert fifth.sentence == "1 möte genomfört, senast 7 mars 2023."


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"date": ""}, {"date": ["Fyll i det här."]}),
        (
            {"date": "2024-05-16"},
            {"date": ["Den dagen har inte varit än. Lägg upp mötet som nytt."]},
        ),
        ({"date": "1923-03-07"}, {"date": ["Kontrollera årtalet."]}),
    ],
)
def test_what_cannot_be_right_is_said_beside_the_field(note, typed, errors):
    assert Page(note(**typed)).errors == errors
    assert not Meeting.objects.exists()


def test_a_personal_number_in_a_decision_is_refused(note):
    page = Page(note(decisions="Vi talar med 850709-9805."))
    assert list(page.errors) == ["decisions"]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("status", "what_then"),
    [("held", "Ändra det i stället."), ("called", "Öppna det och avsluta det i stället.")],
)
def test_the_same_meeting_is_not_noted_twice(note, agreement, status, what_then):
    factories.MeetingFactory(agreement=agreement, date=date(2023, 3, 7), status=status)
    assert Page(note()).errors == {"date": [f"Mötet 7 mars 2023 finns redan. {what_then}"]}


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_is_saved_once(note):
    responses = at_the_same_moment(*[note] * 2)
    assert sorted(response.status_code for response in responses) == [200, 302]
    assert Meeting.objects.count() == 1


def test_a_council_that_met_is_noted_as_the_council(note, client, agreement, chief):
    assert "kind" not in Page(client.get(ADDRESS)).typed
    factories.AppointmentFactory(agreement=agreement, member=chief, function="council")
    assert Page(client.get(f"{ADDRESS}?slag=rad")).typed["kind"] == "council"
    note(kind="council")
    assert Meeting.objects.get().kind == "council"


def test_nobody_signs_minutes_of_a_meeting_whose_chair_is_unknown(note, client):
    note()
    meeting = Meeting.objects.get()
    response = client.get(f"/moten/{meeting.pk}/justera/")
    assert response.status_code == 403
    assert "Det är inte noterat vem som ledde mötet." in Page(response).text()


def test_a_meeting_to_come_has_a_chair(agreement, coordinator):
    with pytest.raises(IntegrityError):
        factories.MeetingFactory(agreement=agreement, chair=None, created_by=coordinator)
