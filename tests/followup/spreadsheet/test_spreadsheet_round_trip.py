"""The example's log and plan as files: out, in again and out, the same to the last byte."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.test import Client

from followup.models import Occasion, Reading
from promises.models import Activity, Agreement, Member, PlannedOccasion
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

LOG_FILES = ("/tillfallen/logg.xlsx?tillbakadragna=on", "/tillfallen/logg.csv?tillbakadragna=on")
PLAN_FILES = ("/aktiviteter/plan.xlsx", "/aktiviteter/plan.csv", "/aktiviteter/aktiviteter.csv")


@pytest.fixture
def client(example) -> Client:
    with time_machine.travel("2025-04-15T12:00:00+02:00", tick=False):
        client = Client()
        client.force_login(member_of(example, "coordinator"))
        yield client


def member_of(agreement: Agreement, role: str) -> Member:
    """The example's own accounts are let in only where it is tried out."""
    return factories.MemberFactory(party=agreement.parties.get(key="kommunen"), role=role)


def read_in(client: Client, address: str, content: bytes, name: str) -> Page:
    file = io.BytesIO(content)
    file.name = name
    return Page(client.post(address, {"file": file}))


def history() -> list[int]:
    models = (Occasion, Reading, Activity, PlannedOccasion)
    return [model.history.count() for model in models]


@pytest.mark.parametrize("address", LOG_FILES + PLAN_FILES)
def test_out_and_in_and_out_gives_the_same_bytes_and_changes_nothing(client, address):
    before, rows = client.get(address), history()
    to = "/tillfallen/las-in/" if "tillfallen" in address else "/aktiviteter/las-in/"
    page = read_in(client, to, before.content, address.split("?")[0])
    assert page.text("//h1") == "Inget nytt i filen"
    assert client.get(address).content == before.content
    assert history() == rows


def test_rows_without_their_ids_are_new_once_and_there_already_the_next_time(client):
    """The same log as somebody else's sheet: every cell means the same when it comes back."""
    sheet = rows_of(client.get("/tillfallen/logg.xlsx").content)
    names = {"Id", "Version", "Loggat av", "Loggat"}
    kept = [n for n, heading in enumerate(sheet[0]) if heading not in names]
    foreign = as_file([[row[n] for n in kept] for row in sheet])
    count = Occasion.objects.count()
    for expected in (len(sheet) - 1, 0):
        page = read_in(client, "/tillfallen/las-in/", foreign, "blad.xlsx")
        assert page.facts["Nya"] == str(expected)
        if expected:
            done = client.post(
                "/tillfallen/las-in/" + page.form.get("action"), page.typed | {"las-in": "ja"}
            )
            assert done.url == "/tillfallen/"
    assert Occasion.objects.count() == count + len(sheet) - 1
    told = {
        tuple(row[n] for n in kept) for row in rows_of(client.get("/tillfallen/logg.xlsx").content)
    }
    assert told == {tuple(row[n] for n in kept) for row in sheet}


def test_the_workbook_has_dates_and_numbers_and_a_heading_that_stays(client):
    workbook = openpyxl.load_workbook(io.BytesIO(client.get("/tillfallen/logg.xlsx").content))
    sheet = workbook["Logg"]
    heading = {cell.value: cell.column for cell in sheet[1]}
    first = Occasion.objects.carried_out().newest_first().first()
    day = sheet.cell(2, heading["Datum"])
    assert (day.value.date(), day.number_format) == (first.date, "yyyy-mm-dd")
    assert sheet.cell(2, heading["Tid (minuter)"]).value == first.minutes
    assert sheet.cell(2, heading["Vad som gjordes"]).value == first.done
    assert (sheet.freeze_panes, sheet.auto_filter.ref is not None) == ("A2", True)
    assert workbook.properties.title == "Logg"


def test_the_csv_is_as_a_swedish_excel_wants_it(client):
    text = client.get("/tillfallen/logg.csv").content.decode()
    first = Occasion.objects.carried_out().newest_first().first()
    assert text.startswith("\ufeffDatum;Hör till;Aktivitet;Plats;Part;Tid (minuter);Deltagare;")
    assert text.splitlines()[1].startswith(f"{first.date:%Y-%m-%d};")
    assert "\r\n" in text
    assert "Mening till medborgarna" in text


def test_the_file_holds_what_the_address_asks_for(client):
    place = Occasion.objects.exclude(place=None).first().place
    sheet = rows_of(client.get("/tillfallen/logg.xlsx", {"plats": place.pk}).content)
    column = sheet[0].index("Plats")
    assert {row[column] for row in sheet[1:]} == {place.name}
    assert len(sheet) - 1 == Occasion.objects.carried_out().filter(place=place).count()


def test_an_empty_counter_is_not_zero(client):
    sheet = rows_of(client.get("/tillfallen/logg.xlsx").content)
    counted = sheet[0].index("Förare kontrollerade")
    has_none = {
        row[counted] for row in sheet[1:] if row[sheet[0].index("Aktivitet")] == "Seniordag"
    }
    assert has_none <= {None}
    readings = Reading.objects.standing().filter(metric__name="Förare kontrollerade")
    assert sum(row[counted] or 0 for row in sheet[1:]) == sum(r.value for r in readings)


def test_a_reader_may_take_the_log_away_but_not_the_internal_notes(example):
    with time_machine.travel(date(2025, 4, 15), tick=False):
        client = Client()
        client.force_login(member_of(example, "reader"))
        for address in ("/tillfallen/logg.xlsx", "/tillfallen/logg.csv"):
            response = client.get(address)
            assert response.status_code == 200
        assert "Intern anteckning" not in response.content.decode()
        assert client.get("/tillfallen/las-in/").status_code == 403


def rows_of(content: bytes) -> list[list[object]]:
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in workbook.worksheets[0].iter_rows(values_only=True)]


def as_file(rows: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()
