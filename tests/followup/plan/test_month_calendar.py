"""The calendar: a month of what is planned and done, and a day of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.formats import date_format

from followup.plan.month import month_of
from followup.time.red_days import red_days
from promises.models import Agreement
from tests import factories
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def skoter(snowmobile_promise, coordinator):
    return factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", responsible=coordinator.party
    )


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def shown(client):
    """What stands in a month: the day and each of its entries, as they are read."""

    def show(month: str, **address) -> list[tuple[str, str]]:
        page = Page(client.get("/kalender/", {"manad": month, **address}))
        return [
            (cell.xpath(".//time/@datetime")[0], text_of(entry))
            for cell in page.all("//table//td[.//ul]")
            for entry in cell.xpath(".//li")
        ]

    return show


# --- Red days --------------------------------------------------------------------------------


def test_the_red_days_are_those_of_the_law():
    assert red_days(2024) == {
        date(2024, 1, 1): "Nyårsdagen",
        date(2024, 1, 6): "Trettondedag jul",
        date(2024, 3, 29): "Långfredagen",
        date(2024, 3, 31): "Påskdagen",
        date(2024, 4, 1): "Annandag påsk",
        date(2024, 5, 1): "Första maj",
        date(2024, 5, 9): "Kristi himmelsfärdsdag",
        date(2024, 5, 19): "Pingstdagen",
        date(2024, 6, 6): "Sveriges nationaldag",
        date(2024, 6, 22): "Midsommardagen",
        date(2024, 11, 2): "Alla helgons dag",
        date(2024, 12, 25): "Juldagen",
        date(2024, 12, 26): "Annandag jul",
    }


@pytest.mark.parametrize(
    ("year", "midsummer", "saints"),
    [(2020, 20, (10, 31)), (2026, 20, (10, 31)), (2027, 26, (11, 6))],
)
def test_midsummer_and_all_saints_are_saturdays(year, midsummer, saints):
    names = {name: day for day, name in red_days(year).items()}
    assert names["Midsommardagen"] == date(year, 6, midsummer)
    assert names["Alla helgons dag"] == date(year, *saints)


# --- The month -------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_are_numbered_by_iso(agreement, today):
    month = month_of(agreement, date(2021, 1, 1), today)
    assert [int(date_format(week[0].date, "W")) for week in month.weeks] == [53, 1, 2, 3, 4]
    assert month.weeks[0][0].date == date(2020, 12, 28)
    assert [day.is_within for day in month.weeks[0]] == [False] * 4 + [True] * 3
    assert (month.label, month.previous, month.next) == (
        "Januari 2021",
        date(2020, 12, 1),
        date(2021, 2, 1),
    )


def test_sundays_and_holidays_are_red(agreement, today):
    month = month_of(agreement, date(2024, 5, 1), today)
    red = [day.date.day for week in month.weeks for day in week if day.is_within and day.is_red]
    assert red == [1, 5, 9, 12, 19, 26]


def test_a_month_shows_what_is_planned_done_met_due_and_ending(
    shown, skoter, agreement, coordinator
):
    factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 20))
    factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 3))
    factories.OccasionFactory(
        activity=skoter, date=date(2024, 5, 4), party=coordinator.party, member=coordinator
    )
    factories.MeetingFactory(agreement=agreement, chair=coordinator, date=date(2024, 5, 21))
    factories.TaskFactory(
        agreement=agreement, owner=coordinator, title="Boka lokal", due_on=date(2024, 5, 2)
    )
    assert shown("2024-05") == [
        ("2024-05-02", "Boka lokal Försenat Sara Samordnare"),
        ("2024-05-03", "Skoterkontroll Försenat"),
        ("2024-05-04", "Skoterkontroll Genomfört"),
        ("2024-05-20", "Skoterkontroll Planerat"),
        ("2024-05-21", "Möte i samverkansgruppen Planerat"),
    ]
    assert ("2024-12-31", "Löftesperioden slutar: Medborgarlöfte 2023-2024 Tidsfrist") in shown(
        "2024-12"
    )


def test_a_planned_occasion_that_was_carried_out_stands_on_the_day_it_was_done(
    shown, skoter, coordinator
):
    planned = factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 3))
    factories.OccasionFactory(
        activity=skoter,
        planned=planned,
        date=date(2024, 5, 4),
        party=coordinator.party,
        member=coordinator,
    )
    assert shown("2024-05") == [("2024-05-04", "Skoterkontroll Genomfört")]


def test_a_party_sees_its_own_and_what_the_parties_do_together(
    shown, skoter, agreement, coordinator, police
):
    theirs = factories.ActivityFactory(
        promise=skoter.promise, title="Trafikkontroll", responsible=police
    )
    for activity in (skoter, theirs):
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 20))
    factories.MeetingFactory(agreement=agreement, chair=coordinator, date=date(2024, 5, 21))
    assert shown("2024-05", part=police.pk) == [
        ("2024-05-20", "Trafikkontroll Planerat"),
        ("2024-05-21", "Möte i samverkansgruppen Planerat"),
    ]


def test_under_a_promise_stand_only_its_own_occasions(shown, skoter, agreement, coordinator):
    factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 20))
    factories.MeetingFactory(agreement=agreement, chair=coordinator, date=date(2024, 5, 21))
    assert shown("2024-05", lofte=skoter.promise_id) == [("2024-05-20", "Skoterkontroll Planerat")]


def test_a_day_with_much_on_it_leads_to_the_rest(shown, skoter):
    for _ in range(8):
        factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 20))
    assert [entry for _, entry in shown("2024-05")] == [
        *["Skoterkontroll Planerat"] * 6,
        "2 till 20 maj",
    ]


def test_without_an_address_it_is_this_month_and_today_is_marked(client):
    page = Page(client.get("/kalender/"))
    assert page.text("//h2") == "Maj 2024"
    assert page.text("//td[contains(@class, 'today')]") == "onsdag 15 maj i dag"


@pytest.mark.parametrize("month", ["2024-13", "maj", "1999-12", "2100-01", "2024", "\0"])
def test_a_month_there_is_not_is_not_found(month, client):
    assert client.get("/kalender/", {"manad": month}).status_code == 404


def test_a_choice_there_is_not_is_explained(client):
    page = Page(client.get("/kalender/?part=abc"))
    assert page.texts("//*[@id='id_part_error']/li") == ["Välj något av alternativen i listan."]


def test_without_an_agreement_there_is_no_calendar(signed_in, db):
    Agreement.objects.all().delete()
    page = Page(signed_in(factories.MemberFactory(role="administrator")).get("/kalender/"))
    assert not page.all("//table")


# --- A day -----------------------------------------------------------------------------------


def actions(page: Page) -> list[str]:
    return [link.get("href") for link in page.all("//td[@class='row-actions']//a")]


def test_a_day_to_come_can_be_planned_on_and_a_day_gone_logged_on(client, skoter):
    plan, log = f"/aktiviteter/{skoter.pk}/planera/", f"/logga/{skoter.pk}/"
    assert actions(Page(client.get("/kalender/dag/?dag=2024-05-20"))) == [
        f"{plan}?datum=2024-05-20"
    ]
    assert actions(Page(client.get("/kalender/dag/?dag=2024-05-10"))) == [f"{log}?datum=2024-05-10"]
    assert actions(Page(client.get("/kalender/dag/"))) == [
        f"{log}?datum=2024-05-15",
        f"{plan}?datum=2024-05-15",
    ]


def test_the_forms_begin_with_the_day(client, skoter):
    for address in (f"/aktiviteter/{skoter.pk}/planera/", f"/logga/{skoter.pk}/"):
        page = Page(client.get(address, {"datum": "2024-05-10"}))
        assert page.one("//input[@name='date']").get("value") == "2024-05-10"
        assert client.get(address, {"datum": "igår"}).status_code == 404


def test_a_reader_sees_the_day_and_can_do_nothing_on_it(signed_in, reader, skoter, today):
    factories.PlannedOccasionFactory(activity=skoter, date=date(2024, 5, 20))
    page = Page(signed_in(reader).get("/kalender/dag/?dag=2024-05-20"))
    assert page.rows() == [["Skoterkontroll", "Planerat", "Planerat tillfälle", ""]]
    assert actions(page) == []
