"""Uppdrag: given, changed and closed, and by whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from followup.models import Task
from promises.forms.base import STALE
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def task(agreement, reader) -> Task:
    """The reader's, due in time."""
    return factories.TaskFactory(agreement=agreement, owner=reader, title="Boka lokal")


def titles(client: Client, address: str) -> list[str]:
    return [row[0] for row in Page(client.get(address)).rows()]


@pytest.fixture
def several(agreement, coordinator, reader) -> None:
    given = {"agreement": agreement}
    factories.TaskFactory(**given, owner=reader, title="Sen", due_on=date(2024, 5, 14))
    factories.TaskFactory(**given, owner=coordinator, title="I dag", due_on=date(2024, 5, 15))
    factories.TaskFactory(**given, owner=reader, title="Snart", due_on=date(2024, 6, 1))
    for day, title, status in ((1, "Klart", "done"), (3, "Avskrivet", "dropped")):
        factories.TaskFactory(
            **given,
            owner=coordinator,
            title=title,
            status=status,
            closed_on=date(2024, 5, day),
            closing_note="Inte längre aktuellt",
            due_on=date(2024, 4, 1),
        )


def test_the_open_ones_come_by_date_and_the_late_one_is_marked(client, several):
    page = Page(client.get("/uppdrag/"))
    assert [row[:4] for row in page.rows()] == [
        ["Sen", "Lena Läsare", "2024-05-14", "Försenat"],
        ["I dag", "Sara Samordnare (du)", "2024-05-15", "Öppet"],
        ["Snart", "Lena Läsare", "2024-06-01", "Öppet"],
    ]
    assert "1 uppdrag är försenat." in page.text()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("mina", ["I dag"]),
        ("klara", ["Avskrivet", "Klart"]),
        ("alla", ["Sen", "I dag", "Snart", "Avskrivet", "Klart"]),
        ("annat", ["Sen", "I dag", "Snart"]),
    ],
)
def test_the_list_can_be_narrowed(client, several, shown, expected):
    assert titles(client, f"/uppdrag/?visa={shown}") == expected


def test_an_empty_list_says_what_to_do(client):
    assert Page(client.get("/uppdrag/?visa=mina")).text("//h2") == "Du har inget öppet uppdrag"


def test_an_uppdrag_is_given(client, coordinator, reader, agreement):
    form = Page(client.get("/uppdrag/nytt/")).typed
    typed = {"title": "Bjud in skoterklubben", "owner": str(reader.pk), "due_on": "2024-08-30"}
    response = client.post("/uppdrag/nytt/", form | typed)
    task = Task.objects.get()
    assert (task.agreement, task.owner, task.created_by, task.due_on, task.status) == (
        agreement,
        reader,
        coordinator,
        date(2024, 8, 30),
        "open",
    )
    assert Page(client.get(response.url)).messages == [
        "Uppdraget är noterat. Lena Läsare ansvarar för det."
    ]


def test_nobody_outside_the_parties_can_be_given_one(client, stranger):
    form = Page(client.get("/uppdrag/nytt/")).typed
    typed = {"title": "Intrång", "owner": str(stranger.pk), "due_on": "2024-08-30"}
    page = Page(client.post("/uppdrag/nytt/", form | typed))
    assert page.errors == {"owner": ["Välj något av alternativen i listan."]}
    assert page.typed["title"] == "Intrång"


def test_a_personal_number_is_refused(client, reader):
    form = Page(client.get("/uppdrag/nytt/")).typed
    typed = {"title": "Ring 19121212-1212", "owner": str(reader.pk), "due_on": "2024-08-30"}
    assert "title" in Page(client.post("/uppdrag/nytt/", form | typed)).errors
    assert not Task.objects.exists()


def test_a_stale_change_is_refused_and_kept(client, task):
    address = f"/uppdrag/{task.pk}/andra/"
    form = Page(client.get(address)).typed
    client.post(address, form | {"title": "Deras"})
    page = Page(client.post(address, form | {"title": "Min"}))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.typed["title"] == "Min"
    assert Task.objects.get().title == "Deras"


# --- Closing -------------------------------------------------------------------------------


def close(client: Client, task: Task, **typed: str):
    address = f"/uppdrag/{task.pk}/avsluta/"
    return client.post(address, Page(client.get(address)).typed | typed)


def test_the_owner_closes_it_though_a_reader(reader, signed_in, task, today):
    response = close(signed_in(reader), task, outcome="done", closing_note="Biblioteket.")
    task.refresh_from_db()
    assert response.status_code == 302
    assert (task.status, task.closed_on, task.closing_note, task.version) == (
        "done",
        today,
        "Biblioteket.",
        2,
    )


def test_whoever_keeps_the_minutes_may_close_it(client, task):
    close(client, task, outcome="done")
    task.refresh_from_db()
    assert task.status == "done"


def test_nobody_else_may(chief, signed_in, task, today):
    response = signed_in(chief).get(f"/uppdrag/{task.pk}/avsluta/")
    assert response.status_code == 403
    assert "Bara den som ansvarar för uppdraget, Lena Läsare" in response.content.decode()


def test_the_owner_sees_the_button_and_another_reader_does_not(reader, chief, signed_in, task):
    link = f"//a[@href='/uppdrag/{task.pk}/avsluta/']"
    assert len(Page(signed_in(reader).get(f"/uppdrag/{task.pk}/")).all(link)) == 1
    assert Page(signed_in(chief).get(f"/uppdrag/{task.pk}/")).all(link) == []


def test_to_drop_it_takes_a_reason(client, task):
    page = Page(close(client, task, outcome="dropped", closing_note=" "))
    assert page.errors == {"closing_note": ["Skriv varför uppdraget avskrivs."]}
    task.refresh_from_db()
    assert task.status == "open"
    close(client, task, outcome="dropped", closing_note="Mötet ställdes in.")
    task.refresh_from_db()
    assert (task.status, task.closing_note) == ("dropped", "Mötet ställdes in.")


def test_the_outcome_has_to_be_chosen(client, task):
    assert Page(close(client, task)).errors == {
        "outcome": ["Välj om uppdraget är klart eller avskrivs."]
    }


@pytest.mark.parametrize("page", ["avsluta", "andra"])
def test_a_closed_one_is_not_changed(client, task, page):
    close(client, task, outcome="done")
    response = client.get(f"/uppdrag/{task.pk}/{page}/")
    assert response.status_code == 403
    assert "Uppdraget är avslutat och kan inte ändras." in response.content.decode()
