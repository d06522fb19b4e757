"""The lists of activities, meetings and tasks, narrowed and in the order that the address asks for."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from followup.models import Occasion
from promises.models import Activity, Place
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def rows(client):
    """The first words of each row that the address lists."""

    def read(path: str, **address) -> list[str]:
        return Page(client.get(path, address)).texts("//main//table/tbody/tr/th/a")

    return read


# --- Activities ------------------------------------------------------------------------------


@pytest.fixture
def activities(snowmobile_promise, agreement, coordinator, police) -> dict[str, Activity]:
    control = factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Örtkontroll",
        responsible=police,
        planned_to=date(2024, 4, 30),
    )
    evening = factories.ActivityFactory(
        promise=snowmobile_promise,
        title="Skoterkväll",
        kind=Activity.Kind.INFORMATION,
        responsible=coordinator.party,
        responsible_member=coordinator,
    )
    meeting = factories.ActivityFactory(
        promise=None, undertaking=agreement.undertakings.get(number=5), title="Samverkansmöte"
    )
    factories.PlannedOccasionFactory(activity=meeting, date=date(2024, 9, 1))
    return {"control": control, "evening": evening, "meeting": meeting}


@pytest.fixture
def plan(activities, coordinator, police) -> dict[str, Activity]:
    for name, day in (("control", 2), ("evening", 9)):
        factories.OccasionFactory(
            activity=activities[name], date=date(2024, 4, day), party=police, member=coordinator
        )
    return activities


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ({}, ["Skoterkväll", "Örtkontroll", "Samverkansmöte"]),
        ({"slag": "information"}, ["Skoterkväll"]),
        ({"lage": "planned"}, ["Samverkansmöte"]),
        ({"sena": "on"}, ["Örtkontroll"]),
        ({"ordning": "rubrik"}, ["Samverkansmöte", "Skoterkväll", "Örtkontroll"]),
        ({"ordning": "senast"}, ["Skoterkväll", "Örtkontroll", "Samverkansmöte"]),
        ({"ordning": "langesen"}, ["Samverkansmöte", "Örtkontroll", "Skoterkväll"]),
        ({"ordning": "nasta", "lage": "planned"}, ["Samverkansmöte"]),
    ],
)
def test_activities_are_narrowed_and_put_in_order(address, titles, rows, plan):
    assert rows("/aktiviteter/", **address) == titles


def test_activities_of_a_promise_an_undertaking_a_party_or_a_person(
    rows, plan, police, coordinator
):
    of = {
        "lofte": plan["evening"].promise_id,
        "atagande": plan["meeting"].undertaking_id,
        "part": police.pk,
        "ansvarig": coordinator.pk,
    }
    found = {name: rows("/aktiviteter/", **{name: key}) for name, key in of.items()}
    assert found == {
        "lofte": ["Skoterkväll", "Örtkontroll"],
        "atagande": ["Samverkansmöte"],
        "part": ["Örtkontroll"],
        "ansvarig": ["Skoterkväll"],
    }


def test_what_was_chosen_is_told_in_words_with_a_way_out(client, plan, police):
    page = Page(client.get("/aktiviteter/", {"part": police.pk, "slag": "control", "sena": "on"}))
    assert page.text("//p[@class='chosen']") == (
        f"Urval: Ansvarig part: {police} · Slag: Kontroll · Visa bara försenade. Rensa filter"
    )
    assert page.one("//p[@class='chosen']/a").get("href") == "/aktiviteter/"
    assert page.text("//p[@role='status']") == "1 aktivitet i urvalet"


def test_no_activity_in_the_choice_says_so(client, plan):
    page = Page(client.get("/aktiviteter/?slag=campaign"))
    assert page.text("//*[@class='empty']/h2") == "Ingen aktivitet stämmer med urvalet"


@pytest.mark.parametrize("name", ["lofte", "part", "ansvarig", "slag", "lage", "ordning"])
def test_a_choice_there_is_not_is_explained_beside_its_field(name, client, plan):
    page = Page(client.get("/aktiviteter/", {name: "finns inte"}))
    assert page.texts(f"//*[@id='id_{name}_error']/li") == ["Välj något av alternativen i listan."]
    assert page.all("//tbody") == []


# --- The log's orders ------------------------------------------------------------------------


@pytest.fixture
def log(activities, coordinator) -> dict[str, Occasion]:
    def logged(name: str, day: int, place: str, at: int) -> Occasion:
        return factories.OccasionFactory(
            activity=activities[name],
            date=date(2024, 3, day),
            place=Place.objects.get_or_create(name=place)[0],
            party=coordinator.party,
            member=coordinator,
            created_at=datetime(2024, 4, at, 9, tzinfo=ZoneInfo("Europe/Stockholm")),
        )

    return {
        "first": logged("control", 1, "Ängesdal", 3),
        "second": logged("evening", 2, "Åkerby", 1),
        "third": logged("evening", 3, "Borgafjäll", 2),
    }


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("", ["third", "second", "first"]),
        ("aldst", ["first", "second", "third"]),
        ("loggat", ["first", "third", "second"]),
        ("aktivitet", ["third", "second", "first"]),
        ("plats", ["third", "second", "first"]),
    ],
)
def test_the_log_in_every_order(order, names, client, log):
    by_address = {occasion.get_absolute_url(): name for name, occasion in log.items()}
    page = Page(client.get("/tillfallen/", {"ordning": order}))
    links = page.all("//tbody//th/a")
    assert [by_address[link.get("href")] for link in links] == names


@pytest.mark.parametrize("order", ["", "aldst", "loggat"])
def test_in_every_order_by_index_pages_turn_forward_and_back(order, client, log, monkeypatch):
    monkeypatch.setattr("followup.views.log.PAGE_SIZE", 2)
    whole = [link.get("href") for link in _links(client, f"?ordning={order}&till=2024-03-31")]
    first = Page(client.get(f"/tillfallen/?ordning={order}"))
    after = first.one("//nav[@class='pagination']/a[@rel='next']").get("href")
    second = Page(client.get(f"/tillfallen/{after}"))
    before = second.one("//nav[@class='pagination']/a[@rel='prev']").get("href")
    back = Page(client.get(f"/tillfallen/{before}"))
    pages = [[link.get("href") for link in page.all("//tbody//th/a")] for page in (first, second)]
    assert [len(page) for page in pages] == [2, 1]
    assert pages[0] == whole
    assert len({*pages[0], *pages[1]}) == 3
    assert [link.get("href") for link in back.all("//tbody//th/a")] == pages[0]


def _links(client, query: str) -> list:
    return Page(client.get(f"/tillfallen/{query}")).all("//tbody//th/a")


def test_by_name_only_the_latest_stand_and_the_page_says_so(client, log, monkeypatch):
    monkeypatch.setattr("followup.log.order.LATEST", 2)
    monkeypatch.setattr("followup.views.log.LATEST", 2)
    page = Page(client.get("/tillfallen/?ordning=plats"))
    assert len(page.all("//tbody/tr")) == 2
    assert "Här står de 2 senaste i urvalet." in page.text("//main")


@pytest.mark.parametrize("position", ["2024-03-12.17", "2024-03-12T09:00:00.17", "nyss.1"])
def test_a_moment_that_is_none_is_not_found(position, client, log):
    address = {"ordning": "loggat", "efter": position}
    assert client.get("/tillfallen/", address).status_code == 404


# --- Meetings --------------------------------------------------------------------------------


@pytest.fixture
def meetings(agreement, coordinator, area_police) -> None:
    def meet(month: int, **values) -> None:
        values = {"chair": area_police, "status": "held"} | values
        meeting = factories.MeetingFactory(agreement=agreement, date=date(2024, month, 1), **values)
        if month == 3:
            factories.AttendanceFactory(meeting=meeting, member=coordinator)

    meet(2)
    meet(3)
    meet(4, chair=coordinator)
    meet(5, status="cancelled", cancellation_reason="Snö")
    meet(6, status="planned")


@pytest.mark.parametrize(
    ("address", "days"),
    [
        ({}, ["1 juni 2024", "1 maj 2024", "1 april 2024", "1 mars 2024", "1 februari 2024"]),
        ({"visa": "mina"}, ["1 april 2024", "1 mars 2024"]),
        ({"visa": "installda"}, ["1 maj 2024"]),
        (
            {"visa": "ojusterade"},
            ["1 juni 2024", "1 april 2024", "1 mars 2024", "1 februari 2024"],
        ),
        ({"fran": "2024-03-01", "till": "2024-04-30"}, ["1 april 2024", "1 mars 2024"]),
    ],
)
def test_meetings_are_narrowed(address, days, client, meetings):
    page = Page(client.get("/moten/", address))
    assert page.texts("//table[contains(@class, 'meetings')]/tbody/tr/th/a") == days


def test_the_councils_meetings_are_narrowed_apart(client, meetings):
    page = Page(client.get("/moten/?slag=rad&visa=mina"))
    assert page.one("//main//form//input[@name='slag']").get("value") == "rad"
    assert page.one("//p[@class='chosen']/a").get("href") == "?slag=rad"


# --- Tasks -----------------------------------------------------------------------------------


@pytest.fixture
def tasks(agreement, coordinator, area_police) -> None:
    for title, owner, due in (
        ("Sen", area_police, date(2024, 5, 1)),
        ("Min", coordinator, date(2024, 6, 1)),
        ("Deras", area_police, date(2024, 7, 1)),
    ):
        factories.TaskFactory(agreement=agreement, owner=owner, title=title, due_on=due)


def test_tasks_are_narrowed_to_the_late_and_to_somebodys(rows, tasks, area_police):
    assert rows("/uppdrag/") == ["Sen", "Min", "Deras"]
    assert rows("/uppdrag/", visa="mina") == ["Min"]
    assert rows("/uppdrag/", visa="sena") == ["Sen"]
    assert rows("/uppdrag/", ansvarig=area_police.pk) == ["Sen", "Deras"]
    assert rows("/uppdrag/", ansvarig=area_police.pk, visa="sena") == ["Sen"]


def test_the_tabs_keep_whose_tasks_were_chosen(client, tasks, area_police):
    page = Page(client.get("/uppdrag/", {"ansvarig": area_police.pk, "visa": "sena"}))
    ways = [link.get("href") for link in page.all("//nav[@aria-label='Vilka uppdrag']//a")]
    assert ways == [
        f"?ansvarig={area_police.pk}",
        *(f"?ansvarig={area_police.pk}&visa={key}" for key in ("mina", "sena", "klara", "alla")),
    ]
