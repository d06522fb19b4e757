"""A spreadsheet read into the plan: activities and their days, all of it or nothing."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from promises.models import Activity, Place, PlannedOccasion
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ADDRESS = "/aktiviteter/las-in/"
DAYS = ("Datum", "Aktivitet", "Plats", "Ansvarig person", "Anteckning")
ACTIVITIES = ("Hör till", "Aktivitet", "Slag", "Antal tillfällen", "Per", "Säsongens första månad")


@pytest.fixture
def activity(snowmobile_promise, coordinator):
    return factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkontroll",
        place=Place.objects.get(name="Borgafjäll"),
    )


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def upload(client):
    def send(**sheets: list[tuple]) -> Page:
        file = io.BytesIO(workbook(sheets))
        file.name = "plan.xlsx"
        return Page(client.post(ADDRESS, {"file": file}, follow=True))

    return send


@pytest.fixture
def press(client):
    def press(page: Page, **fields) -> Page:
        address = ADDRESS + page.form.get("action")
        return Page(client.post(address, page.typed | {"las-in": "ja"} | fields, follow=True))

    return press


def workbook(sheets: dict[str, list[tuple]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def faults(page: Page) -> list[list[str]]:
    return page.rows("//table[caption]")


def rows_of(content: bytes, sheet: str) -> list[list[object]]:
    found = openpyxl.load_workbook(io.BytesIO(content))[sheet]
    return [list(row) for row in found.iter_rows(values_only=True)]


def test_days_are_planned_once(upload, press, activity, coordinator):
    rows = [
        DAYS,
        (date(2024, 12, 5), "Skoterkontroll", "borgafjäll", "Sara Samordnare", "Boka skotrar"),
        (date(2024, 12, 6), "skoterkontroll", None, None, None),
        (date(2024, 12, 6), "skoterkontroll", None, None, None),
    ]
    page = upload(Blad1=rows)
    assert page.facts["Nya"] == "2"
    assert PlannedOccasion.objects.count() == 0
    assert press(page).messages == ["Inläst: 2 rader lades till och 0 ändrades."]
    assert list(
        PlannedOccasion.objects.values_list("date", "place__name", "responsible_member", "note")
    ) == [
        (date(2024, 12, 5), "Borgafjäll", coordinator.pk, "Boka skotrar"),
        (date(2024, 12, 6), None, None, ""),
    ]
    assert upload(Blad1=rows).text("//h1") == "Inget nytt i filen"


def test_a_day_that_was_cancelled_is_not_planned_anew(upload, press, activity, coordinator):
    rows = [DAYS[:2], (date(2024, 12, 5), "Skoterkontroll")]
    press(upload(Blad1=rows))
    PlannedOccasion.objects.get().cancel(by=coordinator, reason="Ingen snö")
    assert upload(Blad1=rows).text("//h1") == "Inget nytt i filen"


def test_without_a_column_of_places_an_activity_keeps_to_its_own(upload, press, activity):
    press(upload(Blad1=[DAYS[:2], (date(2024, 12, 5), "Skoterkontroll")]))
    assert PlannedOccasion.objects.get().place == activity.place


def test_an_activity_and_its_days_come_in_one_file(upload, press, agreement):
    sheets = {
        "Planerade tillfällen": [DAYS[:3], (date(2024, 12, 5), "Skoterkväll", "Dabbsjö")],
        "Aktiviteter": [
            ACTIVITIES,
            ("Löfte 3, 2023–2024", "Skoterkväll", "Dialog", 2, "år", None),
        ],
    }
    page = upload(**sheets)
    assert [len(table) for table in (Activity.objects.all(), PlannedOccasion.objects.all())] == [
        0,
        0,
    ]
    assert "De här finns inte än: Dabbsjö." in page.text()
    press(page)
    assert not Place.objects.filter(name="Dabbsjö").exists()
    press(page, **{"nya-platser": "on"})
    planned = PlannedOccasion.objects.get()
    assert (planned.activity.title, planned.activity.kind) == ("Skoterkväll", "dialogue")
    assert (planned.activity.target_count, planned.activity.target_per) == (2, "year")
    assert planned.place.name == "Dabbsjö"
    assert upload(**sheets).text("//h1") == "Inget nytt i filen"


def test_every_fault_is_named_by_sheet_row_and_column(upload, activity):
    page = upload(
        Aktiviteter=[
            ACTIVITIES,
            ("Löfte 9", "Skoterkväll", "Dialog", None, None, None),
            ("Löfte 3, 2023–2024", "Skoterkväll", "Fest", None, None, None),
            ("Löfte 3, 2023–2024", "Skoterskola", "Dialog", 2, "säsong", "februari"),
        ],
        Dagar=[
            DAYS,
            (date(2024, 5, 1), "Skoterkontroll", None, None, None),
            (date(2024, 12, 5), "Okänd", None, None, None),
            (date(2024, 12, 5), "Skoterkontroll", None, "Okänd", None),
        ],
    )
    assert [row[:3] for row in faults(page)] == [
        ["Aktiviteter, rad 2", "Hör till", "Löfte 9"],
        ["Aktiviteter, rad 3", "Slag", "Fest"],
        ["Aktiviteter, rad 4", "Säsongens sista månad", "Tomt"],
        ["Dagar, rad 2", "Datum", "2024-05-01"],
        ["Dagar, rad 3", "Aktivitet", "Okänd"],
        ["Dagar, rad 4", "Ansvarig person", "Okänd"],
    ]
    assert (Activity.objects.count(), PlannedOccasion.objects.count()) == (1, 0)


def changed(client, sheet: str, **cells: object) -> dict[str, list[list[object]]]:
    """The plan's own file with cells of a sheet's first row changed, by heading."""
    content = client.get("/aktiviteter/plan.xlsx").content
    rows = rows_of(content, sheet)
    row = [cells.get(heading, cell) for heading, cell in zip(rows[0], rows[1], strict=True)]
    return {sheet: [rows[0], row, *rows[2:]]}


def test_a_changed_row_is_shown_and_saved(upload, press, client, activity):
    factories.PlannedOccasionFactory(activity=activity, place=activity.place)
    page = upload(**changed(client, "Planerade tillfällen", Datum=date(2024, 12, 24)))
    assert [row[1:] for row in page.rows()] == [["Datum", "2024-06-12", "2024-12-24"]]
    press(page)
    planned = PlannedOccasion.objects.get()
    assert (planned.date, planned.place, planned.version) == (date(2024, 12, 24), activity.place, 2)

    page = upload(**changed(client, "Aktiviteter", Aktivitet="Skoterkontroll på leden"))
    assert [row[1:] for row in page.rows()] == [
        ["Aktivitet", "Skoterkontroll", "Skoterkontroll på leden"]
    ]
    press(page)
    after = Activity.objects.get()
    assert (after.title, after.promise, after.place) == (
        "Skoterkontroll på leden",
        activity.promise,
        activity.place,
    )


def test_what_somebody_changed_since_is_not_overwritten(upload, client, activity):
    factories.PlannedOccasionFactory(activity=activity)
    sheets = changed(client, "Planerade tillfällen", Anteckning="Boka skotrar")
    PlannedOccasion.objects.update(version=2)
    assert [row[1] for row in faults(upload(**sheets))] == ["Version"]


def test_what_is_cancelled_is_not_changed(upload, client, activity, coordinator):
    planned = factories.PlannedOccasionFactory(activity=activity)
    planned.cancel(by=coordinator, reason="Ingen snö")
    sheets = changed(client, "Planerade tillfällen", Anteckning="Boka skotrar")
    [[_, column, _, message]] = faults(upload(**sheets))
    assert (column, message) == ("Id", "Det är inställt eller redan genomfört och kan inte ändras.")


def test_a_stranger_plans_nothing_here(activity, signed_in, stranger, today):
    file = io.BytesIO(workbook({"A": [DAYS[:2], (date(2024, 12, 5), "Skoterkontroll")]}))
    file.name = "plan.xlsx"
    page = Page(signed_in(stranger).post(ADDRESS, {"file": file}))
    assert [row[1] for row in faults(page)] == ["Aktivitet"]
