"""The reports beside the review: the same numbers, files that hold, and a log that never changes."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from followup.law.year_report import year_due
from followup.models import Occasion, Report
from followup.models.locks import LockedError, Refusal
from followup.reports.contents import digest, report_contents
from followup.reports.kinds import KINDS
from followup.time.spans import Span
from tests import factories
from tests.html import Page
from tests.printed import text_of_pdf

pytestmark = pytest.mark.django_db

YEAR = Span(date(2024, 1, 1), date(2024, 12, 31))
PERIOD = Span(date(2023, 1, 1), date(2024, 12, 31))
AGREEMENT = Span(date(2023, 2, 27), date(2025, 4, 15))
CUTOFF = date(2025, 4, 15)


# --- On the screen -------------------------------------------------------------------------


def open_page(client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    return Page(response)


@pytest.fixture
def logged(snowmobile_promise, coordinator) -> Occasion:
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    return factories.OccasionFactory(
        activity=activity,
        party=coordinator.party,
        member=coordinator,
        date=date(2023, 9, 2),
        minutes=90,
        created_at="2023-09-02T12:00:00+02:00",
    )


def test_a_number_leads_to_the_occasions_behind_it(logged, reader, signed_in, today):
    client = signed_in(reader)
    page = open_page(client, "/rapporter/fullmaktige/")
    [total, of_promise] = page.all("//article//a[starts-with(@href, '/tillfallen/')]")
    assert (total.text, of_promise.text) == ("1", "1")
    for link in (total, of_promise):
        shown = open_page(client, link.get("href"))
        assert shown.text("//p[@role='status']").startswith("1 tillfälle")


def test_when_nobody_chooses_it_is_the_latest_half_year_there_is_something_in_and_the_year_due(
    logged, reader, signed_in, today
):
    client = signed_in(reader)
    chosen = "//select[@name='period']/option[@selected]"
    for slug, label in (
        ("fullmaktige", "Andra halvåret 2023"),
        ("arsrapport", "År 2023"),
    ):
        assert open_page(client, f"/rapporter/{slug}/").text(chosen) == label


def test_a_year_can_be_asked_for_by_its_number(logged, reader, signed_in, today):
    page = open_page(signed_in(reader), "/rapporter/arsrapport/?ar=2024")
    assert page.text("//h1") == "Årsrapport 2024"


OWN = "/rapporter/fullmaktige/?period=egna"


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        (OWN, ["Skriv ett datum.", "Skriv ett datum."]),
        (
            f"{OWN}&fran=2024-04-01&till=2024-03-01",
            ["Slutdatumet ska inte ligga före startdatumet."],
        ),
        (
            f"{OWN}&fran=1024-04-01&till=2024-03-01",
            ["Välj en dag mellan 1 januari 2023 och 31 december 2024."],
        ),
        (
            "/rapporter/fullmaktige/?brytdatum=2024-05-16",
            ["Brytdatumet kan inte ligga i framtiden."],
        ),
        (
            "/rapporter/arsrapport/?ar=2024&brytdatum=2023-12-31",
            ["Brytdatumet ska inte ligga före tidens första dag."],
        ),
        ("/rapporter/arsrapport/?ar=1999", ["Välj något av alternativen i listan."]),
    ],
)
def test_a_time_that_cannot_be_reported_on_is_explained(
    address, errors, agreement, reader, signed_in, today
):
    client = signed_in(reader)
    page = open_page(client, address)
    assert page.texts("//ul[@class='errorlist']/li") == errors
    assert page.all("//article") == []
    path, query = address.split("?")
    assert client.get(f"{path}pdf/?{query}").status_code == 404


def test_there_is_no_other_kind(agreement, reader, signed_in):
    assert signed_in(reader).get("/rapporter/hemlig/").status_code == 404


def test_the_page_and_the_file_say_the_same(logged, reader, signed_in, today):
    client = signed_in(reader)
    page = open_page(client, "/rapporter/fullmaktige/")
    document = client.get(page.one("//a[normalize-space()='Öppna PDF']").get("href")).content
    assert text_of_pdf(document).count("1 tillfälle, 2 tim") == 1
    assert page.text("//article").count("1 tillfälle, 2 tim") == 1


# --- When one is due -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "handed_over", "year", "is_late"),
    [
        (date(2025, 1, 10), [], 2024, False),
        (date(2025, 2, 15), [], 2024, False),
        (date(2025, 2, 16), [], 2024, True),
        (date(2025, 2, 16), [2024], 2025, False),
        (date(2025, 1, 10), [2024], 2024, False),
        (date(2025, 11, 1), [], 2025, False),
    ],
)
def test_the_year_report_is_due_when_lansstyrelsen_writes_its_own(
    on, handed_over, year, is_late, agreement
):
    reports = [
        Report(kind="annual", starts_on=date(y, 1, 1), ends_on=date(y, 12, 31)) for y in handed_over
    ]
    due = year_due(agreement, reports, on)
    assert (due.year, due.due_on, due.is_late) == (year, date(year + 1, 2, 15), is_late)
    assert due.ready_by == date(year + 1, 1, 31)


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2022, 5, 1), 2023),
        (date(2023, 5, 1), 2023),
        (date(2026, 11, 1), 2026),
        (date(2027, 6, 30), 2026),
        (date(2027, 7, 1), None),
    ],
)
def test_no_year_report_is_asked_for_of_a_year_without_the_agreement(on, year, agreement):
    agreement.runs_until_further_notice = False
    due = year_due(agreement, [], on)
    assert (due and due.year) == year


@pytest.mark.parametrize("day", ["2024-02-15", "2024-06-30", "2024-07-01", "2025-01-10"])
def test_the_year_report_asked_for_is_the_one_offered(day, agreement, reader, signed_in):
    with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
        asked = year_due(agreement, [], date.fromisoformat(day))
        page = open_page(signed_in(reader), "/rapporter/arsrapport/")
    assert page.text("//h1") == f"Årsrapport {asked.year}"


# --- Handing over --------------------------------------------------------------------------

NOTE = "/rapporter/fullmaktige/lamnad/?period=ar-2023&brytdatum=2024-05-15"
ANSWER = {"body": "Kommunfullmäktige", "reported_on": "2024-05-14", "registry_number": "KS 2024:7"}


@pytest.fixture
def hand_over(logged, coordinator, signed_in, today, brief_pdf):
    """Note the report on 2023 as handed over, as a browser would."""
    client = signed_in(coordinator)

    def send(**changed):
        opened = open_page(client, NOTE).typed
        return client.post(NOTE, opened | ANSWER | changed)

    return send


def test_the_very_file_is_kept(hand_over, coordinator, agreement, reader, signed_in):
    shown = signed_in(reader).get(NOTE.replace("lamnad", "pdf")).content
    assert hand_over().status_code == 302

    [report] = Report.objects.all()
    assert bytes(report.pdf) == shown
    assert report.pdf_sha256 == hashlib.sha256(shown).hexdigest()
    assert report.is_intact
    assert (report.kind, report.starts_on, report.ends_on) == (
        "council",
        date(2023, 1, 1),
        date(2023, 12, 31),
    )
    assert (report.body, report.registry_number) == ("Kommunfullmäktige", "KS 2024:7")
    assert report.noted_by == coordinator
    assert signed_in(reader).get(f"/rapporter/{report.pk}/pdf/").content == shown


def test_what_was_handed_over_stands_although_the_log_moves_on(
    hand_over, logged, reader, signed_in
):
    hand_over()
    [report] = Report.objects.all()
    before = bytes(report.pdf)
    factories.OccasionFactory(activity=logged.activity, date=date(2023, 10, 1))
    assert signed_in(reader).get(f"/rapporter/{report.pk}/pdf/").content == before


def test_a_report_that_has_changed_since_it_was_read_is_not_noted(
    hand_over, logged, coordinator, signed_in
):
    client = signed_in(coordinator)
    opened = open_page(client, NOTE).typed
    logged.withdraw(by=coordinator, reason="Loggat två gånger")

    page = Page(client.post(NOTE, opened | ANSWER))

    assert Report.objects.count() == 0
    [sentence] = page.summary
    assert sentence.startswith("Loggen har ändrats sedan du öppnade sidan")
    # Sent once more it is noted: its writer has been told.
    assert client.post(NOTE, page.typed).status_code == 302
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("2024-05-16", "Dagen har inte varit än. Anteckna rapporten efteråt."),
        ("2022-12-31", "Dagen ligger före den tid som rapporten handlar om."),
    ],
)
def test_a_day_that_cannot_be_is_refused(hand_over, day, error):
    page = Page(hand_over(reported_on=day))
    assert page.errors == {"reported_on": [error]}
    assert Report.objects.count() == 0


def test_handing_it_over_again_the_same_day_gives_the_same_file(hand_over):
    hand_over(reported_on="2024-05-15")
    hand_over(reported_on="2024-05-15", body="Länsstyrelsen")
    first, second = Report.objects.all()
    assert first.pdf_sha256 == second.pdf_sha256


def test_the_next_report_tells_when_the_last_was_handed_over(agreement, coordinator):
    factories.ReportFactory(agreement=agreement, noted_by=coordinator, registry_number="KS 1")
    report = report_contents(KINDS["fullmaktige"], agreement, YEAR, date(2024, 5, 15))
    [row] = report.earlier
    assert (row.body, row.reported_on) == ("Kommunfullmäktige", date(2024, 2, 12))
    assert report_contents(KINDS["arsrapport"], agreement, YEAR, date(2024, 5, 15)).earlier == ()


def test_the_digest_tells_contents_apart(logged, agreement, coordinator):
    before = digest(report_contents(KINDS["fullmaktige"], agreement, PERIOD, date(2024, 5, 15)))
    again = digest(report_contents(KINDS["fullmaktige"], agreement, PERIOD, date(2024, 5, 15)))
    logged.withdraw(by=coordinator, reason="Loggat två gånger")
    after = digest(report_contents(KINDS["fullmaktige"], agreement, PERIOD, date(2024, 5, 15)))
    assert before == again != after


# --- It never changes ----------------------------------------------------------------------

CHANGES = {
    "body": "Någon annan",
    "reported_on": date(2024, 3, 1),
    "registry_number": "Annat",
    "pdf": b"%PDF other",
    "pdf_sha256": "0" * 64,
    "kind": "annual",
    "starts_on": date(2022, 1, 1),
}


@pytest.fixture
def report(agreement, coordinator) -> Report:
    return factories.ReportFactory(agreement=agreement, noted_by=coordinator)


@pytest.mark.parametrize("name", CHANGES)
def test_a_handed_over_report_refuses_to_change(report, name):
    setattr(report, name, CHANGES[name])
    with pytest.raises(LockedError, match=Refusal.REPORTED.label), transaction.atomic():
        report.save()


@pytest.mark.parametrize("name", CHANGES)
def test_a_bulk_update_is_refused_by_the_database(report, name):
    with pytest.raises(IntegrityError, match=Refusal.REPORTED), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**{name: CHANGES[name]})
    setattr(report, name, CHANGES[name])
    with pytest.raises(IntegrityError, match=Refusal.REPORTED), transaction.atomic():
        Report.objects.bulk_update([report], [name])


def test_it_is_withdrawn_with_a_reason_and_stays(report, coordinator, signed_in):
    client = signed_in(coordinator)
    address = f"/rapporter/{report.pk}/dra-tillbaka/"
    assert list(Page(client.post(address, {"reason": ""})).errors) == ["reason"]

    with time_machine.travel("2024-05-20T12:00:00+02:00", tick=False):
        response = client.post(address, {"reason": "Fel mottagare"}, follow=True)

    page = Page(response)
    assert (
        page.text("//div[@class='notice warning']") == "Tillbakadragen 20 maj 2024. Fel mottagare"
    )
    report.refresh_from_db()
    assert (report.withdrawal_reason, bytes(report.pdf)) == ("Fel mottagare", b"%PDF")
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": "Igen"}).status_code == 404
    report.refresh_from_db()
    assert report.withdrawal_reason == "Fel mottagare"


def test_a_personal_number_is_refused_as_a_reason(report, coordinator, signed_in):
    address = f"/rapporter/{report.pk}/dra-tillbaka/"
    page = Page(signed_in(coordinator).post(address, {"reason": "Gäller 19811228-9874"}))
    assert list(page.errors) == ["reason"]
    report.refresh_from_db()
    assert report.withdrawn_at is None


@pytest.mark.parametrize("address", ["", "pdf/", "lamnad/"])
def test_the_status_report_has_given_way_to_the_overview(address, agreement, reader, signed_in):
    response = signed_in(reader).get(f"/rapporter/lagesrapport/{address}?period=ar-2024")
    assert (response.status_code, response.url) == (301, "/oversikt/?period=ar-2024")


def test_a_status_report_that_was_handed_over_stays(agreement, coordinator, signed_in, today):
    report = factories.ReportFactory(agreement=agreement, noted_by=coordinator, kind="status")
    client = signed_in(coordinator)
    listed = open_page(client, "/rapporter/")
    assert listed.texts("//ul[@class='report-kinds']//h3") == [
        "Årsrapport",
        "Rapport till kommunfullmäktige",
    ]
    assert listed.rows()[0][0].startswith("Lägesrapport")
    page = open_page(client, report.get_absolute_url())
    assert page.text("//h1") == "Lägesrapport"
    file = client.get(page.one("//a[normalize-space()='Öppna PDF']").get("href"))
    assert file.content == b"%PDF"
    assert "lagesrapport-2023-01-01-2023-12-31.pdf" in file.headers["Content-Disposition"]
    client.post(f"/rapporter/{report.pk}/dra-tillbaka/", {"reason": "Fel dag"})
    report.refresh_from_db()
    assert report.withdrawal_reason == "Fel dag"


def test_the_log_of_reports_shows_what_was_handed_over_and_when(report, reader, signed_in, today):
    page = open_page(signed_in(reader), "/rapporter/")
    assert page.rows() == [
        [
            "Rapport till kommunfullmäktige 1 januari 2023 – 31 december 2023",
            "12 februari 2024",
            "Kommunfullmäktige",
            "–",
            "Lämnad",
        ]
    ]
