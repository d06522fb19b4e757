"""A database of version 0.1 becomes one of today, with all that was in it."""

from __future__ import annotations

import hashlib
import json
import lzma
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from followup.models.locked import LOCKS

# All of them, or what is migrated once would be migrated twice: those that have it are run first.
pytestmark = pytest.mark.django_db

GOLDEN = Path(settings.BASE_DIR) / "tests" / "golden"


def migrate(file: Path) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env={"DEBUG": "on", "DATABASE_URL": f"sqlite:///{file}"},
        check=True,
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """The golden portal of 0.1 after `manage.py migrate`, as a file of SQLite."""
    file = tmp_path_factory.mktemp("portal") / "portal.sqlite3"
    file.write_bytes(lzma.decompress((GOLDEN / "portal-0.1.sqlite3.xz").read_bytes()))
    migrate(file)
    with sqlite3.connect(file) as database:
        yield database
    database.close()


@pytest.fixture(scope="module")
def file_of(migrated) -> str:
    """Where the migrated portal lies."""
    return one(migrated, "SELECT file FROM pragma_database_list WHERE name = 'main'")


def one(database, statement: str) -> object:
    return database.execute(statement).fetchone()[0]


def test_every_row_is_there(migrated):
    stored = json.loads((GOLDEN / "rows.json").read_text())
    tables = {name: name.replace(".", "_").lower() for name in stored}

    assert {
        name: one(migrated, f"SELECT COUNT(*) FROM {table}") for name, table in tables.items()
    } == stored


def test_what_was_signed_is_as_it_was(migrated):
    contents = one(
        migrated,
        "SELECT contents FROM followup_submission s JOIN followup_review r ON r.id = s.review_id"
        " WHERE r.status = 'adopted' AND s.returned_at IS NULL",
    )
    assert contents == (GOLDEN / "review-2.json").read_bytes().decode()
    assert one(migrated, "SELECT pdf FROM followup_reviewdocument") == (
        (GOLDEN / "review-2.pdf").read_bytes()
    )
    minutes = one(migrated, "SELECT contents FROM followup_meetingdocument")
    assert minutes == (GOLDEN / "minutes-1.json").read_bytes().decode()
    for pdf, digest in migrated.execute("SELECT pdf, pdf_sha256 FROM followup_report"):
        assert hashlib.sha256(pdf).hexdigest() == digest


def test_every_lock_is_laid_and_holds(migrated):
    written = {lock.name: lock.trigger("sqlite").statements[0] for lock in LOCKS}
    laid = dict(migrated.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))

    assert laid == written
    for statement in (
        "UPDATE followup_reviewdocument SET pdf = 'x'",
        "UPDATE followup_meeting SET location = 'x'",
        "DELETE FROM followup_report",
        "DELETE FROM followup_occasion",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            migrated.execute(statement)
        migrated.rollback()  # and let others write


def test_every_activity_has_its_agreement_and_everything_is_found(migrated):
    assert one(migrated, "SELECT COUNT(*) FROM promises_activity WHERE agreement_id = 1") == 40
    assert one(
        migrated,
        "SELECT COUNT(*) FROM followup_searchentry WHERE kind = 'occasion' AND is_withdrawn = 0",
    ) == one(migrated, "SELECT COUNT(*) FROM followup_occasion WHERE withdrawn_at IS NULL")


READING = """
import hashlib, json, os, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "dorotea_samverkan.settings"
django.setup()
from django.test import Client
from promises.models import Member
client = Client(HTTP_HOST="localhost")
client.force_login(Member.objects.filter(role="reader", is_active=True).first())
answers = {}
for address in sys.argv[1:]:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    answers[address] = [answer.status_code, hashlib.sha256(body).hexdigest()]
print(json.dumps(answers))
"""
PAGES = ("/uppfoljning/1/forhandsvisning/", "/uppfoljning/1/", "/moten/1/protokoll/", "/rapporter/")
FILES = {"/uppfoljning/1/pdf/": "review-2.pdf", "/moten/1/protokoll.pdf": "minutes-1.pdf"}


def test_its_pages_are_read_and_its_files_are_the_bytes_that_were_signed(file_of):
    done = subprocess.run(
        [sys.executable, "-c", READING, *PAGES, *FILES],
        cwd=settings.BASE_DIR,
        env={"DEBUG": "on", "DATABASE_URL": f"sqlite:///{file_of}"},
        check=True,
        capture_output=True,
    )

    answers = json.loads(done.stdout)
    assert {address: answers[address][0] for address in PAGES} == dict.fromkeys(PAGES, 200)
    hashes = json.loads((GOLDEN / "hashes.json").read_text())
    assert {address: answers[address] for address in FILES} == {
        address: [200, hashes[name]] for address, name in FILES.items()
    }


@pytest.fixture
def new(tmp_path) -> Iterator[sqlite3.Connection]:
    """A database made by the migrations alone: on SQLite the one that all tests run in."""
    if connection.vendor == "sqlite":
        yield connection.connection
        return
    migrate(tmp_path / "new.sqlite3")
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as database:
        yield database


def test_a_new_database_has_the_same_tables(migrated, new):
    """Also after a later migration, what 0.1 had and what is made at once must not drift apart."""
    assert schema_of(new) == schema_of(migrated)


def schema_of(database) -> set[str]:
    """Every column, index and trigger of the two apps, whatever order they were made in."""
    tables = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name.startswith(("promises_", "followup_"))
    ]
    columns = {
        f"{table} {row[1:]}"
        for table in tables
        for row in database.execute(f"PRAGMA table_info({table})")
    }
    others = database.execute(
        "SELECT sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL"
        " AND (tbl_name LIKE 'promises%' OR tbl_name LIKE 'followup%')"
    )
    return columns | {sql for (sql,) in others}
