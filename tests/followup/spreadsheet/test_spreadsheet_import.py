"""A spreadsheet read into the log: every row as if it were typed in, or none at all."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.models import Occasion, Reading
from followup.paper.tables import guarded, unguarded
from followup.spreadsheet.cells import as_date, as_number
from promises.models import Activity, Metric, Place
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ADDRESS = "/tillfallen/las-in/"
HEADINGS = ("Datum", "Aktivitet", "Plats", "Part", "Vad som gjordes", "Deltagare")
GOOD = ("2024-03-12", "Skoterkontroll", "Borgafjäll", "Polisen", "Kontroll på leden", "14")


@pytest.fixture
def activity(snowmobile_promise, coordinator):
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def upload(client):
    """Send a file, as bytes or as rows of a CSV, and read the page that answers."""

    def send(content: bytes | list[tuple], name: str = "logg.csv", to: str = ADDRESS) -> Page:
        file = io.BytesIO(content if isinstance(content, bytes) else as_csv(content))
        file.name = name
        return Page(client.post(to, {"file": file}, follow=True))

    return send


@pytest.fixture
def press(client):
    """Press the page's one button, with its fields as they stand or as given."""

    def press(page: Page, **fields) -> Page:
        [button] = page.form.xpath(".//button")
        sent = {button.get("name"): button.get("value")} if button.get("name") else {}
        address = ADDRESS + page.form.get("action")
        return Page(client.post(address, page.typed | sent | fields, follow=True))

    return press


def as_csv(rows: list[tuple], delimiter: str = ";") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def as_xlsx(rows: list[tuple]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def faults(page: Page) -> list[list[str]]:
    return [[row.removeprefix("Rad "), *cells] for row, *cells in page.rows("//table[caption]")]


def exported(client) -> list[list[str]]:
    text = client.get("/tillfallen/logg.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


# --- New occasions ---------------------------------------------------------------------------


def test_a_sheet_is_looked_at_before_anything_is_saved(upload, press, activity):
    page = upload([HEADINGS, GOOD])
    assert page.facts == {
        "Nya": "1",
        "Ändras": "0",
        "Finns redan, oförändrade": "0",
        "Felaktiga": "0",
    }
    assert Occasion.objects.count() == 0

    page = press(page)
    assert page.messages == ["Inläst: 1 tillfälle lades till och 0 ändrades."]
    occasion = Occasion.objects.get()
    assert (occasion.date, occasion.activity, occasion.place.name, occasion.party.key) == (
        date(2024, 3, 12),
        activity,
        "Borgafjäll",
        "polisen",
    )
    assert (occasion.done, occasion.participants, occasion.minutes) == (
        "Kontroll på leden",
        14,
        None,
    )
    assert occasion.is_published is False
    assert occasion.history.get().history_change_reason == "Läst in från kalkylblad"


def test_the_same_sheet_once_more_changes_nothing(upload, press, activity):
    press(upload([HEADINGS, GOOD, GOOD]))  # two alike are two occasions
    page = upload([HEADINGS, GOOD, GOOD])
    assert page.text("//h1") == "Inget nytt i filen"
    assert (Occasion.objects.count(), Occasion.history.count()) == (2, 2)


def test_a_column_moved_and_another_format_is_still_the_same_sheet(upload, press, activity):
    press(upload([HEADINGS, GOOD]))
    rows = [tuple(reversed(HEADINGS)), (14, *reversed(GOOD[1:-1]), date(2024, 3, 12))]
    assert upload(as_xlsx(rows), "blad.xlsx").text("//h1") == "Inget nytt i filen"


def test_columns_of_ones_own_are_said_to_be_ours(upload, press, activity):
    rows = [("Dag", "Ort", "Hände", "Antal"), ("12/3 2024", "borgafjäll", "Hjälmkoll", "3")]
    page = upload(rows)
    assert page.text("//h1") == "Vad är kolumnerna?"
    assert {
        page.label(name): page.control(name).value for name in page.typed if "column" in name
    } == {
        "Dag (kolumn A)": "date",
        "Ort (kolumn B)": "place",
        "Hände (kolumn C)": "",
        "Antal (kolumn D)": "participants",
    }
    refused = press(page)
    assert refused.summary == {
        "Välj vilken kolumn som är ”Aktivitet”.": "",
        "Välj vilken kolumn som är ”Vad som gjordes”.": "",
    }
    press(press(page, column_2="done", activity=activity.pk))
    occasion = Occasion.objects.get()
    assert (occasion.date, occasion.place.name) == (date(2024, 3, 12), "Borgafjäll")
    assert (occasion.done, occasion.participants) == ("Hjälmkoll", 3)


def test_two_columns_cannot_be_the_same(upload, press, activity):
    page = upload([("A", "B", "C"), ("2024-03-12", "x", "y")])
    page = press(page, column_0="date", column_1="done", column_2="done", activity=activity.pk)
    assert page.errors == {"column_2": ["En annan kolumn är redan ”Vad som gjordes”."]}


def test_counters_are_read_by_their_name_with_a_decimal_comma(upload, press, activity):
    drivers = factories.MetricFactory(activity=activity, name="Förare", rule=Metric.Rule.MEAN)
    share = factories.MetricFactory(activity=activity, name="Hjälm", rule=Metric.Rule.SHARE)
    rows = [
        (*HEADINGS, "Förare", "Hjälm", "Hjälm (av)"),
        (*GOOD, "12,5", "0", "14"),
        (*GOOD, "", "", ""),
    ]
    press(upload(rows))
    assert set(Reading.objects.values_list("metric", "value", "out_of")) == {
        (drivers.pk, 12.5, None),
        (share.pk, 0, 14),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_common_kind_of_csv_is_understood(upload, press, activity, encoding, delimiter):
    content = as_csv([HEADINGS, GOOD], delimiter).decode().encode(encoding)
    press(upload(content))
    assert Occasion.objects.get().place.name == "Borgafjäll"


def test_hours_become_minutes(upload, press, activity):
    press(upload([(*HEADINGS, "Timmar"), (*GOOD, "1,5")]))
    assert Occasion.objects.get().minutes == 90


def test_a_new_place_is_added_only_when_it_is_asked_for(upload, press, activity):
    row = ("2024-03-12", "Skoterkontroll", "Dabbsjö", "Polisen", "Kontroll", "")
    page = upload([HEADINGS, row])
    assert "De här finns inte än: Dabbsjö." in page.text()
    assert "Kryssa för" in press(page).text()
    assert not Place.objects.filter(name="Dabbsjö").exists()
    press(page, **{"nya-platser": "on"})
    assert Occasion.objects.get().place.name == "Dabbsjö"


def test_rows_that_may_be_logged_already_are_remarked_on(upload, activity, coordinator):
    place = Place.objects.get(name="Borgafjäll")
    factories.OccasionFactory(
        activity=activity, place=place, party=coordinator.party, member=coordinator
    )
    assert "Kanske redan loggade." in upload([HEADINGS, GOOD]).text()


# --- Faults ----------------------------------------------------------------------------------


def test_every_faulty_row_and_column_is_named_and_nothing_is_saved(upload, press, activity, client):
    rows = [
        (*HEADINGS, "Publicerad", "Mening till medborgarna"),
        (*GOOD, "", ""),
        ("2024-13-12", *GOOD[1:], "", ""),
        ("2024-05-16", *GOOD[1:], "", ""),
        (GOOD[0], "Skoterkväll", *GOOD[2:], "", ""),
        (*GOOD[:3], "Tullen", *GOOD[4:], "", ""),
        (*GOOD[:4], "", "många", "", ""),
        (*GOOD, "Ja", ""),
        (*GOOD, "kanske", "Vi var ute."),
    ]
    page = upload(rows)
    assert page.text("//h1") == "Filen behöver rättas"
    assert faults(page) == [
        ["3", "Datum", "2024-13-12", "Det finns inget sådant datum. Skriv det som 2024-03-15."],
        [
            "4",
            "Datum",
            "2024-05-16",
            "Datumet ligger i framtiden. Ett tillfälle loggas när det har genomförts.",
        ],
        [
            "5",
            "Aktivitet",
            "Skoterkväll",
            "Det finns ingen aktivitet som heter så. Skriv som i planen, eller planera den först.",
        ],
        ["6", "Part", "Tullen", "Det finns ingen sådan part. Skriv Kommunen eller Polisen."],
        ["7", "Vad som gjordes", "Tomt", "Fyll i det här."],
        ["7", "Deltagare", "många", "Skriv ett heltal, till exempel 90."],
        [
            "8",
            "Mening till medborgarna",
            "Tomt",
            "Skriv meningen till medborgarna innan tillfället publiceras.",
        ],
        ["9", "Publicerad", "kanske", "Skriv Ja eller Nej."],
    ]
    assert page.all("//main//form") == []
    token = page.one("//main//a[starts-with(@href, '?fil=')]").get("href")
    client.post(ADDRESS + token, {"las-in": "ja"})
    assert Occasion.objects.count() == 0


def test_a_row_of_an_unknown_activity_tells_its_other_faults_too(upload, activity):
    page = upload([HEADINGS, ("2024-13-12", "Okänd", "Borgafjäll", "Tullen", "Kontroll", "x")])
    assert [row[:3] for row in faults(page)] == [
        ["2", "Aktivitet", "Okänd"],
        ["2", "Part", "Tullen"],
        ["2", "Datum", "2024-13-12"],
        ["2", "Deltagare", "x"],
    ]


def test_the_same_fault_is_told_once_with_all_its_rows(upload, activity):
    bad = (GOOD[0], "Okänd", *GOOD[2:])
    page = upload([HEADINGS, bad, bad, GOOD, bad])
    assert [row[0] for row in faults(page)] == ["2–3, 5"]


def test_a_personal_number_is_refused(upload, activity):
    page = upload([HEADINGS, (*GOOD[:4], "Föraren 19121212-1212 hade hjälm", "1")])
    [[row, column, _, message]] = faults(page)
    assert (row, column) == ("2", "Vad som gjordes")
    assert message.startswith("Texten innehåller ett personnummer")


def test_what_may_point_somebody_out_is_confirmed_once_for_the_file(upload, press, activity):
    rows = [HEADINGS, *((*GOOD[:4], f"Ring 070-174 06 0{n}", "1") for n in range(2))]
    page = upload(rows)
    assert "”070-174 06 00” ser ut som ett telefonnummer." in page.text()
    refused = press(page)
    assert "Inget är sparat. Rätta det som står nedan." in refused.text()
    assert Occasion.objects.count() == 0
    press(refused, **{"integrity-confirmed": "on"})
    assert Occasion.objects.count() == 2


def test_a_title_that_several_activities_have_is_told_apart(upload, activity):
    factories.ActivityFactory(promise=activity.promise, title="Skoterkontroll")
    [[_, column, _, message]] = faults(upload([HEADINGS, GOOD]))
    assert column == "Aktivitet"
    assert message.startswith("Flera aktiviteter heter så (Löfte 3, 2023–2024 och Löfte 3,")
    rows = [(*HEADINGS, "Aktivitets-id"), (*GOOD, activity.pk)]
    assert upload(rows).facts["Nya"] == "1"


def test_a_title_is_that_of_the_one_in_force_on_the_day(upload, press, activity):
    """Of two with the same name, when one has taken over from the other or has ended."""
    Activity.objects.update(in_force_to=date(2024, 6, 30))
    later = factories.ActivityFactory(
        promise=activity.promise,
        title="Skoterkontroll",
        predecessor=activity,
        in_force_from=date(2024, 1, 1),
    )
    days = ["2023-03-12", "2024-03-12"]

    press(upload([HEADINGS, *((day, *GOOD[1:]) for day in days)]))

    logged = Occasion.objects.order_by("date").values_list("activity", flat=True)
    assert list(logged) == [activity.pk, later.pk]


def test_nothing_is_read_into_somebody_elses_agreement(upload, activity, signed_in, stranger):
    file = io.BytesIO(as_csv([HEADINGS, GOOD]))
    file.name = "logg.csv"
    page = Page(signed_in(stranger).post(ADDRESS, {"file": file}))
    assert [row[1] for row in faults(page)] == ["Aktivitet"]


# --- The log's own file, changed -------------------------------------------------------------


@pytest.fixture
def occasion(activity, coordinator) -> Occasion:
    return factories.OccasionFactory(
        activity=activity,
        place=Place.objects.get(name="Borgafjäll"),
        party=coordinator.party,
        member=coordinator,
        done="Kontroll\r\nvid leden",
        internal_note="Fler på helgen",
        minutes=90,
    )


def changed(rows: list[list[str]], **cells: str) -> list[list[str]]:
    """The exported rows with the first occasion's cells changed, by heading."""
    row = [cells.get(heading, cell) for heading, cell in zip(rows[0], rows[1], strict=True)]
    return [rows[0], row, *rows[2:]]


def test_a_changed_cell_is_shown_before_and_after_and_only_it_is_changed(
    upload, press, client, occasion
):
    page = upload(changed(exported(client), Deltagare="0"))
    assert page.rows() == [["Rad 2: Skoterkontroll, 12 mars 2024", "Deltagare", "Tomt", "0"]]
    press(page)
    after = Occasion.objects.get()
    assert (after.participants, after.version) == (0, 2)
    assert (after.done, after.internal_note, after.minutes) == (
        "Kontroll\r\nvid leden",
        "Fler på helgen",
        90,
    )
    assert occasion.history.count() == 2


def test_what_somebody_changed_since_is_not_overwritten(upload, client, occasion):
    rows = changed(exported(client), Deltagare="7")
    Occasion.objects.filter(pk=occasion.pk).update(version=2, minutes=120)
    [[row, column, value, message]] = faults(upload(rows))
    assert (row, column, value) == ("2", "Version", "1")
    assert message.startswith("Tillfället har ändrats av någon annan sedan filen hämtades.")


def test_a_file_without_versions_adds_but_changes_nothing(upload, client, occasion):
    rows = [row[:-1] for row in changed(exported(client), Deltagare="7")]
    [[row, column, _, message]] = faults(upload(rows))
    assert (row, column) == ("2", "Id")
    assert message.startswith("Tillfället finns redan, med andra uppgifter.")


def test_an_activity_is_not_changed_by_a_cell(upload, client, occasion):
    other = factories.ActivityFactory(promise=occasion.activity.promise, title="Skoterkväll")
    rows = changed(exported(client), **{"Aktivitet": other.title, "Aktivitets-id": str(other.pk)})
    assert {row[1] for row in faults(upload(rows))} == {"Aktivitet", "Aktivitets-id"}


def test_the_outbox_of_a_phone_is_read_in_once(upload, press, activity):
    """What the phone kept has its own ids and no versions."""
    client_id = "3f0c2a52-5f0e-4a5e-9d2c-0d8f6a3b9c11"
    rows = [(*HEADINGS, "Id"), (*GOOD, client_id)]
    press(upload(rows))
    assert str(Occasion.objects.get().client_id) == client_id
    assert upload(rows).text("//h1") == "Inget nytt i filen"


def test_the_same_id_on_two_rows_is_a_fault(upload, activity):
    client_id = "3f0c2a52-5f0e-4a5e-9d2c-0d8f6a3b9c11"
    rows = [(*HEADINGS, "Id"), (*GOOD, client_id), (*GOOD, client_id), (*GOOD, "abc")]
    assert [row[:2] for row in faults(upload(rows))] == [["3", "Id"], ["4", "Id"]]


# --- Formulas --------------------------------------------------------------------------------

FORMULAS = ["=1+1", "\rx", "\tx", "@SUM(A1)", "+46", "-3", "'=1+1", "''@x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_and_every_text_comes_back(upload, client, occasion, text):
    Occasion.objects.filter(pk=occasion.pk).update(done=text)
    row = exported(client)[1]
    assert f"'{text}" in row
    workbook = client.get("/tillfallen/logg.xlsx").content
    cells = list(openpyxl.load_workbook(io.BytesIO(workbook)).active[2])
    assert [cell.data_type for cell in cells if cell.data_type == "f"] == []
    for address in ("/tillfallen/logg.xlsx", "/tillfallen/logg.csv"):
        page = upload(client.get(address).content, address)
        assert page.text("//h1") == "Inget nytt i filen"


@pytest.mark.parametrize("text", [*FORMULAS, "\tx", "\nx", "'", "'x", "x=1", ""])
def test_a_guarded_text_is_given_back(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text",
    ["2024-03-05", "20240305", "5/3 2024", "5.3.2024", "5/3-2024", "5 mars 2024", "den 5 mar 2024"],
)
def test_a_date_is_read_as_swedes_write_it(text):
    assert as_date(text) == "2024-03-05"


def test_what_is_no_date_stands_as_it_was():
    assert [as_date(text) for text in ("2024-02-30", "i mars", "")] == ["2024-02-30", "i mars", ""]


def test_a_number_is_read_with_comma_or_point():
    assert [as_number(text) for text in ("1 234,50", "1234.5", "7", "0", "sju")] == [
        "1234,5",
        "1234,5",
        "7",
        "0",
        "sju",
    ]


# --- Files that are something else -----------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A real workbook with one part more, or another in its place."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx([HEADINGS, GOOD]))) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        after.writestr(name, content)
    return file.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><sst>&a;</sst>'


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        pytest.param(b"", "Filen är tom.", id="empty"),
        pytest.param(b"\r\n;;\r\n", "Filen är tom.", id="only separators"),
        pytest.param(as_csv([HEADINGS]), "Filen har inga rader", id="only headings"),
        pytest.param(as_xlsx([HEADINGS]), "Filen har inga rader", id="only headings in xlsx"),
        pytest.param(as_csv([HEADINGS, *[GOOD] * 5001]), "Filen har mer än 5 000", id="5 001 rows"),
        pytest.param(b"PK\x03\x04 nothing", "Filen går inte att läsa", id="broken zip"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", "Filen går inte att läsa", id="picture"),
        pytest.param(zipped(a=b"b"), "Filen går inte att läsa", id="another zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "Filen är i Excels äldre", id="xls"),
        pytest.param(
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
            "Filen är i formatet OpenDocument",
            id="ods",
        ),
        pytest.param(with_part("xl/vbaProject.bin", b"x"), "Filen innehåller makron", id="xlsm"),
        pytest.param(
            with_part("xl/media/x.bin", b"\0" * 61 * 1024 * 1024), "Filen sväller", id="zip bomb"
        ),
        pytest.param(
            with_part("xl/sharedStrings.xml", ENTITIES), "Filen går inte att läsa", id="entities"
        ),
        pytest.param(
            with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
            "Filen går inte att läsa",
            id="broken sheet",
        ),
        pytest.param(b'a;b\n"c;d\n', "Filen går inte att läsa vid rad", id="loose quote"),
        pytest.param(b"x" * (5 * 1024 * 1024 + 1), "Filen är för stor.", id="too big"),
        pytest.param(b";".join([b"a"] * 101), "Filen har mer än 100 kolumner", id="columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(upload, content, beginning):
    [message] = upload(content).errors["file"]
    assert message.startswith(beginning)


def test_a_file_is_kept_an_hour_for_its_owner_alone(upload, signed_in, area_police, activity):
    page = upload([("När", "Vad hände"), ("2024-03-12", "x")])
    address = ADDRESS + page.form.get("action")
    response = signed_in(area_police).get(address, follow=True)
    assert Page(response).messages == [
        "Filen ligger inte kvar: den sparas högst en timme. Välj den igen."
    ]


def test_a_long_log_costs_the_database_no_more_than_a_short_one(client, activity, coordinator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/tillfallen/logg.xlsx")
        return len(captured)

    metric = factories.MetricFactory(activity=activity)

    def log(number: int) -> None:
        for _ in range(number):
            occasion = factories.OccasionFactory(
                activity=activity, party=coordinator.party, member=coordinator
            )
            factories.ReadingFactory(metric=metric, occasion=occasion)

    log(1)
    at_one = queries()
    log(29)
    assert queries() == at_one


def test_unchanged_rows_cost_no_query_each(upload, client, activity, coordinator):
    def queries(number: int) -> int:
        for _ in range(number):
            factories.OccasionFactory(
                activity=activity, party=coordinator.party, member=coordinator
            )
        content = client.get("/tillfallen/logg.csv").content
        with CaptureQueriesContext(connection) as captured:
            assert upload(content).text("//h1") == "Inget nytt i filen"
        return len(captured)

    assert queries(1) == queries(29)
