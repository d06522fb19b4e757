"""Personas and things most tests need: the real agreement, and people who meet it."""

from __future__ import annotations

import gc
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from types import SimpleNamespace

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client
from simple_history.manager import HistoryManager

from followup.paper import pdf
from promises.models import Agreement, Member, Party, Promise
from tests import everything, factories, snapshot
from tests.copies import QUICK_HASHERS, Copies, from_outside
from tests.faultless import Faultless, digest_of_files

# How long an example takes tells how loaded the machine is, and not whether the portal is right.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Playwright's synchronous API runs an event loop of its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Rubbish is looked for a hundred times less often than Python does by itself. A run has memory to
# spare, and most of what would be gone through time and again is there until the run ends.
gc.set_threshold(100_000, 50, 100)

# Each save asks a tracked model for its history's manager, whose class would be made anew.
HistoryManager.from_queryset = cache(HistoryManager.from_queryset)

CHECKED_BY = ("static/**/*", "requirements-dev.txt", "tests/html_checker/*", "tests/verapdf/*")

LONG_FIRST = {"tests": 0, "browser": 1}

# In the middle of the löftesperiod 2023–2024, and of the agreement.
TODAY = date(2024, 5, 15)


@pytest.fixture
def today():
    """Freeze the clock at TODAY, noon in Sweden."""
    with time_machine.travel("2024-05-15T12:00:00+02:00", tick=False):
        yield TODAY


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """The real hasher is slow by design, and not what is tested."""
    settings.PASSWORD_HASHERS = QUICK_HASHERS


@pytest.fixture(scope="module")
def quick_pdf() -> Iterator[None]:
    """Lay out no PDF, for modules that go through every address and read none of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_laid_out", lambda *_: SimpleNamespace(pages=["one"]))
        patch.setattr(pdf, "_written", lambda *_: b"%PDF")
        yield


@pytest.fixture
def faultless(pytestconfig, request) -> Faultless:
    """What this test, as it is written and with these checkers, has let pass before."""
    folder = request.path.parent.relative_to(settings.BASE_DIR)
    told = digest_of_files(*CHECKED_BY, f"{folder}/*.py")
    faultless = Faultless(pytestconfig.cache.mkdir("faultless"), told, request.node.nodeid)
    faultless.forget_the_oldest()
    return faultless


@pytest.fixture
def brief_pdf(monkeypatch) -> None:
    """Fill in what is printed, but lay out an empty page, for tests of what is around it.

    It is a real PDF with its own attachments, in a tenth of the time.
    """
    filled_in = pdf.html_of

    def emptied(*args) -> str:
        return re.sub("<body>.*</body>", "<body></body>", filled_in(*args), flags=re.DOTALL)

    monkeypatch.setattr(pdf, "html_of", emptied)


# --- What was agreed -----------------------------------------------------------------------


@pytest.fixture
def agreement(db) -> Agreement:
    """Dorotea's own agreement, as loaded from its file."""
    return snapshot.loaded_agreement()


@pytest.fixture(scope="module")
def module_db(copies, django_db_blocker) -> Iterator[None]:
    """Let a module's fixture put something in the database for all its tests.

    Each test's own changes are undone to there, and all of it after the last.
    """
    with django_db_blocker.unblock():
        yield
        copies.bring_tables()


@pytest.fixture(scope="module")
def example(copies, module_db) -> Agreement:
    """The example's two invented years, in the database for the tests of a module."""
    copies.bring_example()
    return Agreement.objects.get()


@pytest.fixture
def municipality(agreement) -> Party:
    return Party.objects.get(key="kommunen")


@pytest.fixture
def police(agreement) -> Party:
    return Party.objects.get(key="polisen")


@pytest.fixture
def snowmobile_promise(agreement) -> Promise:
    """The third promise, about Borgafjäll."""
    return Promise.objects.get(period__agreement=agreement, number=3)


@pytest.fixture
def one_of_each(snowmobile_promise, coordinator) -> Callable[[], None]:
    """Something of every kind that the administration shows, and one more each time it is called."""
    everything.add_one_of_each()
    return everything.add_one_of_each


# --- Personas ------------------------------------------------------------------------------


@pytest.fixture
def coordinator(municipality) -> Member:
    """The municipality's samordnare."""
    return factories.MemberFactory(
        email="samordnare@dorotea.test", name="Sara Samordnare", party=municipality
    )


@pytest.fixture
def area_police(police) -> Member:
    """The områdespolis, who coordinates on the police's side."""
    return factories.MemberFactory(
        email="polis@dorotea.test", name="Per Områdespolis", party=police
    )


@pytest.fixture
def chief(municipality) -> Member:
    """The kommunchef, who signs."""
    return factories.MemberFactory(
        email="chef@dorotea.test",
        name="Kim Kommunchef",
        party=municipality,
        role=Member.Role.SIGNATORY,
    )


@pytest.fixture
def deputy(police) -> Member:
    """The lokalpolisområdeschef, who signs for the police."""
    return factories.MemberFactory(
        name="Li Lokalpolischef", title="Chef", party=police, role=Member.Role.SIGNATORY
    )


@pytest.fixture
def reader(municipality) -> Member:
    return factories.MemberFactory(
        email="lasare@dorotea.test",
        name="Lena Läsare",
        party=municipality,
        role=Member.Role.READER,
    )


@pytest.fixture
def administrator(db) -> Member:
    return factories.MemberFactory(
        email="admin@dorotea.test",
        name="Adam Administratör",
        party=None,
        role=Member.Role.ADMINISTRATOR,
    )


@pytest.fixture
def stranger(agreement) -> Member:
    """A coordinator in another municipality, whose agreement is in the same portal."""
    elsewhere = factories.AgreementFactory()
    return factories.MemberFactory(
        email="samordnare@exempelby.test", name="Stina Främling", party=elsewhere.parties.first()
    )


@pytest.fixture
def signed_in():
    """A client signed in as the member it is called with."""

    def sign_in(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return sign_in


# --- Several connections at once ------------------------------------------------------------


@pytest.fixture
def shared_database(transactional_db, tmp_path) -> Iterator[None]:
    """A database for several connections: SQLite's in memory is not, so a file takes its place."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory = connections["default"]
    with sqlite3.connect(tmp_path / "db.sqlite3") as file:
        in_memory.connection.backup(file)
    file.close()
    name = in_memory.settings_dict["NAME"]
    in_memory.settings_dict["NAME"] = tmp_path / "db.sqlite3"
    del connections["default"]
    yield
    connections["default"].close()
    in_memory.settings_dict["NAME"] = name
    connections["default"] = in_memory


@pytest.fixture(scope="session")
def copied(pytestconfig) -> Iterator[tuple[Copies, ExitStack]]:
    """Asked for before the test database is made, so that it is copied rather than migrated."""
    copies = Copies(pytestconfig.cache.mkdir("databases"))
    with ExitStack() as while_made:
        while_made.enter_context(copies.instead_of_migrating())
        yield copies, while_made


@pytest.fixture(scope="session")
def copies(copied, django_db_setup) -> Copies:
    """What may be put in the test database at once."""
    return copied[0]


@pytest.fixture(scope="session")
def django_db_setup(copied, django_db_setup, django_db_blocker) -> Iterator[None]:
    """Let nobody be left in the database when it is dropped: PostgreSQL refuses that.

    A thread of the live server keeps its connection for as long as the browser keeps its own.
    """
    _, while_made = copied
    while_made.close()  # a test that migrates, migrates
    yield
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            # The new one is for Django to drop.
            from_outside(f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')


@pytest.fixture(autouse=True, scope="session")
def emptying_goes_before_keeping():
    """Let the runner empty tables whose rows are never deleted (`followup.models.locks.keep_rows`).

    On PostgreSQL it truncates, which no lock on rows sees. On SQLite it deletes: the locks are
    taken away for as long as that takes.
    """
    empty = DatabaseOperations.execute_sql_flush

    def empty_without_locks(self, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            locks = cursor.fetchall()
            for name, _ in locks:
                cursor.execute(f"DROP TRIGGER {name}")
            empty(self, statements)
            for _, lock in locks:
                cursor.execute(lock)

    DatabaseOperations.execute_sql_flush = empty_without_locks
    yield
    DatabaseOperations.execute_sql_flush = empty


# --- In which order ------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walks through all pages first, and then the browser: a worker that got one of these long
    files last would leave the others with nothing to do.
    """
    items.sort(key=lambda item: LONG_FIRST.get(item.path.parent.name, 2))


def pytest_collection_finish() -> None:
    """All modules and tests are there now, and will be: let no search for rubbish visit them."""
    gc.collect()
    gc.freeze()


# --- In CI nothing may pass by not running -------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped: {call.excinfo.value}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped while being collected"
    return report
