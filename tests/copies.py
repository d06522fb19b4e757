"""Databases as they stand before a test, made once and copied from then on.

Migrating takes twenty seconds and loading the example six; a copy takes a few hundredths of one.
A copy is told by a digest of all that made it, so that it can be used again by the next run and
by every worker of it: a file that changes makes another. On SQLite copies are files in pytest's
cache, on PostgreSQL databases beside the one that is tested. The newest few are kept.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import time_machine
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.test import override_settings

from followup.example.loading import load_example
from tests import snapshot
from tests.faultless import digest_of_files

QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
KEPT = 6

# All that a migration may look at, and what is done when all have been (tests/test_copies.py).
OF_TABLES = (
    "*/migrations/*.py",
    "*/models/**/*.py",
    "*/apps.py",
    "promises/integrity.py",
    "dorotea_samverkan/settings.py",
    "requirements-dev.txt",
    "tests/copies.py",
)
OF_EXAMPLE = (*OF_TABLES, "promises/**/*.py", "followup/**/*.py", "*/**/*.toml")


class Copies:
    """The copies of one kind of database, in a folder that all workers share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def instead_of_migrating(self) -> Iterator[None]:
        """Let `migrate` put a copy in the database, when there is one."""
        migrate = Migrate.handle

        def copy_or_migrate(command: Migrate, *args: object, **options: object) -> None:
            def make() -> None:
                migrate(command, *args, **options)
                # Django makes the cache's table next. The copy has it too, or a test database
                # that is put back later would lack it.
                call_command("createcachetable", verbosity=0)

            self.bring("tables", OF_TABLES, make)

        with mock.patch.object(Migrate, "handle", copy_or_migrate):
            yield

    def bring_tables(self) -> None:
        """Empty tables, as they were migrated."""
        self.bring("tables", OF_TABLES, _unmade)

    def bring_example(self) -> None:
        """The agreement and the example's two invented years."""
        self.bring("example", OF_EXAMPLE, self._load_example)

    def bring(self, kind: str, made_of: tuple[str, ...], make: Callable[[], None]) -> None:
        """Put the copy of a kind in the database; the first to ask makes it."""
        name = f"{kind}-{digest_of_files(*made_of)[:16]}"
        store = _STORES[connection.vendor](self.folder)
        # One makes the copy while the others wait for it.
        with (self.folder / f"{kind}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not store.has(name):
                make()
                store.keep(name)
                return
        store.put_back(name)
        ContentType.objects.clear_cache()

    def _load_example(self) -> None:
        self.bring_tables()
        with (
            override_settings(DEBUG=True, PASSWORD_HASHERS=QUICK_HASHERS),
            time_machine.travel("2025-04-15T12:00:00+02:00", tick=False),
        ):
            snapshot.loaded_agreement()
            load_example()


def _unmade() -> None:
    raise LookupError("The tables are copied when the test database is made.")


# --- Where they are kept -----------------------------------------------------------------------


class _Files:
    """SQLite's: the database is in memory, and a copy of it a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        return self._file(name).exists()

    def keep(self, name: str) -> None:
        partly = self._file(f"{name}.part")
        partly.unlink(missing_ok=True)
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(partly)) as file:
            connection.connection.backup(file)
        partly.rename(self._file(name))
        for old in self._oldest_first("*.sqlite3")[:-KEPT]:
            old.unlink()

    def put_back(self, name: str) -> None:
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(self._file(name))) as file:
            file.backup(connection.connection)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def _oldest_first(self, pattern: str) -> list[Path]:
        return sorted(self.folder.glob(pattern), key=lambda file: file.stat().st_mtime)


class _Databases:
    """PostgreSQL's: a copy is a database to which nobody connects."""

    PREFIX = "test_copy_"

    def __init__(self, folder: Path) -> None:
        self.own = connection.settings_dict["NAME"]

    def has(self, name: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.PREFIX + name])
            return cursor.fetchone() is not None

    def keep(self, name: str) -> None:
        from_outside(f'CREATE DATABASE "{self.PREFIX}{name}" TEMPLATE "{self.own}"')
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid",
                [f"{self.PREFIX}%"],
            )
            old = [row[0] for row in cursor.fetchall()][:-KEPT]
        from_outside(*(f'DROP DATABASE "{name}"' for name in old))

    def put_back(self, name: str) -> None:
        from_outside(
            f'DROP DATABASE "{self.own}" WITH (FORCE)',
            f'CREATE DATABASE "{self.own}" TEMPLATE "{self.PREFIX}{name}"',
        )


def from_outside(*statements: str) -> None:
    """From another database on PostgreSQL, without ourselves in this one."""
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


_STORES = {"sqlite": _Files, "postgresql": _Databases}
