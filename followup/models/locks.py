"""Locks: what has been signed never changes, whoever tries and by whatever way.

A model says no in its own words (`LockedError`). Behind it the database says no, by triggers, to
what never asks the model: bulk updates, commands and SQL by hand. `followup.models.locked` lists
them:

    lock_rows(
        "followup_meeting", when="OLD.locked_at IS NOT NULL", refusal=Refusal.MINUTES_SIGNED
    ),
    *lock_children(
        "followup_agendaitem", key="meeting_id", parent="followup_meeting",
        when="locked_at IS NOT NULL", refusal=Refusal.MINUTES_SIGNED,
    ),

`keep_rows` refuses that rows are deleted, `Refuse` whatever a rule in SQL on the rows says, and
`Follow` lets one table follow what happens in another. The database gives the name of the
refusal; `Refusal` says it in words. The test runner has to empty every table all the same:
tests/conftest.py lets it.

They are laid after every `migrate`, where they are not as they are written here. No migration has
to know of them: on SQLite, which can't rebuild a table that a trigger tells of, they are lifted
first. One that fails there leaves them lifted until `migrate` has run to its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class Refusal(models.TextChoices):
    """What the database refuses: the name its triggers give, and what a reader is told."""

    KEPT = "kept", "Det här bevaras och tas aldrig bort."
    MINUTES_SIGNED = (
        "minutes_signed",
        "Protokollet är justerat och låst. Inget i mötet kan ändras längre.",
    )
    MINUTES_KEPT = "minutes_kept", "Ett justerat protokoll ändras aldrig."
    REVIEW_CLOSED = (
        "review_closed",
        "Uppföljningen är inlämnad eller fastställd, och kan inte ändras.",
    )
    REVIEW_LIFE = "review_life", "Uppföljningen kan inte gå till det läget nu."
    SUBMISSION_FROZEN = "submission_frozen", "Det som har lämnats in ändras aldrig."
    NOT_THESE_CONTENTS = (
        "not_these_contents",
        "Underskriften gäller inte det innehåll som är inlämnat, eller fel part.",
    )
    SIGNED_FOR_GOOD = "signed_for_good", "En underskrift ändras aldrig."
    ADOPTED_FOR_GOOD = "adopted_for_good", "En fastställd handling ändras aldrig."
    PARTIES_HELD = (
        "parties_held",
        "Parterna kan inte ändras medan en uppföljning väntar på underskrift.",
    )
    REPORTED = (
        "reported",
        "En rapport som har lämnats ändras aldrig. Dra tillbaka den om den var fel.",
    )
    HISTORY_KEPT = "history_kept", "Det står kvar vem som gjorde ändringen."
    OTHER_AGREEMENT = (
        "other_agreement",
        "Aktiviteten hör till samma överenskommelse som sitt löfte eller åtagande.",
    )
    AGREEMENT_PRESENTED = (
        "agreement_presented",
        "Överenskommelsen är framlagd för underskrift, och kan inte ändras. Ta tillbaka den först.",
    )
    AGREEMENT_LIFE = (
        "agreement_life",
        "En överenskommelse är ett utkast tills varje part har skrivit under det som är framlagt.",
    )
    FOUND_NOWHERE = "found_nowhere", "Det som kan sökas ska finnas."

    @classmethod
    def of(cls, error: IntegrityError) -> Refusal | None:
        """The refusal that the database answered with, or None when it was something else."""
        diagnosis = getattr(error.__cause__, "diag", None)  # psycopg's
        name = diagnosis.constraint_name if diagnosis else str(error)
        return cls(name) if name in cls.values else None


class LockedError(PermissionDenied):
    """What is to be changed has been signed. The message says so in Swedish; as a page it is 403."""


@contextmanager
def refused_in_words(*refusals: Refusal) -> Iterator[None]:
    """Turn one of the refusals into a LockedError that says it.

    For what another has locked between our looking and our writing.
    """
    try:
        yield
    except IntegrityError as error:
        refusal = Refusal.of(error)
        if refusal not in refusals:
            raise
        raise LockedError(refusal.label) from error


class Trigger(NamedTuple):
    name: str
    table: str
    statements: tuple[str, ...]

    def is_in(self, laid: dict[str, str]) -> bool:
        """Whether the database has it word for word; PostgreSQL tells its function's body."""
        made = self.statements[0]
        return laid.get(self.name) == (made.split("$$")[1] if "$$" in made else made)


class Lock:
    """A trigger on one event of the table's rows, on SQLite and PostgreSQL alike.

    `name` tells it from the other locks of the table.
    """

    def __init__(self, table: str, event: str, *, name: str) -> None:
        self.table, self.event, self.name = table, event, f"{table}_{name}"

    def trigger(self, vendor: str) -> Trigger:
        return Trigger(self.name, self.table, tuple(self._statements(vendor)))

    def _statements(self, vendor: str) -> Iterator[str]:
        raise NotImplementedError


class Refuse(Lock):
    """Refuse the event when a rule holds, in SQL on NEW and OLD.

    `hold` is a query for the rows the rule looks at: on PostgreSQL they are held, so that nobody
    changes them meanwhile, and whoever is changing them at this moment is waited for.
    """

    def __init__(
        self, table: str, event: str, *, name: str, refusal: str, when: str = "TRUE", hold: str = ""
    ) -> None:
        super().__init__(table, event, name=name)
        self.refusal, self.when, self.hold = refusal, when, hold

    def _statements(self, vendor: str) -> Iterator[str]:
        trigger = f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            yield (f"{trigger} WHEN ({self.when}) BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END")
            return
        hold = f"PERFORM 1 FROM {self.hold} FOR SHARE;" if self.hold else ""
        row = "OLD" if self.event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{hold} IF ({self.when}) THEN RAISE EXCEPTION "
            f"'{self.refusal}' USING ERRCODE = 'integrity_constraint_violation', "
            f"CONSTRAINT = '{self.refusal}'; END IF; RETURN {row}; END $$"
        )
        yield f"{trigger} EXECUTE FUNCTION {self.name}()"


def lock_rows(table: str, *, refusal: str, when: str = "TRUE") -> Refuse:
    """Refuse changes of the table's rows that fulfil the condition, in SQL on OLD."""
    return Refuse(table, "UPDATE", name="update_lock", refusal=refusal, when=when)


def keep_rows(table: str, *, refusal: str) -> Refuse:
    """Refuse that the table's rows are deleted."""
    return Refuse(table, "DELETE", name="delete_lock", refusal=refusal)


def lock_children(
    table: str, *, key: str, parent: str, when: str, refusal: str
) -> tuple[Refuse, Refuse]:
    """Refuse new and changed rows under a parent that fulfils the condition, in SQL on its columns.

    `key` is the column that points at the parent. A row can be moved neither from nor to it.
    """

    def refuse(event: str, *keys: str) -> Refuse:
        parents = f"{parent} WHERE id IN ({', '.join(keys)})"
        return Refuse(
            table,
            event,
            name=f"{event.lower()}_lock",
            refusal=refusal,
            when=f"EXISTS (SELECT 1 FROM {parents} AND ({when}))",
            hold=parents,
        )

    return refuse("INSERT", f"NEW.{key}"), refuse("UPDATE", f"NEW.{key}", f"OLD.{key}")


class Follow(Lock):
    """Do something in another table after an event: statements in SQL on NEW and OLD."""

    def __init__(self, table: str, event: str, *, name: str, then: tuple[str, ...]) -> None:
        super().__init__(table, event, name=name)
        self.then = " ".join(f"{statement};" for statement in then)

    def _statements(self, vendor: str) -> Iterator[str]:
        trigger = f"CREATE TRIGGER {self.name} AFTER {self.event} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            yield f"{trigger} BEGIN {self.then} END"
            return
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {self.then} RETURN NULL; END $$"
        )
        yield f"{trigger} EXECUTE FUNCTION {self.name}()"


# --- Laying them -----------------------------------------------------------------------------


def lay(locks: Iterable[Lock], using: str) -> None:
    """Lay those that are not laid as they are written; a trigger of the same name gives way."""
    connection = connections[using]
    laid = _laid(connection)
    with transaction.atomic(using), connection.cursor() as cursor:
        for trigger in [lock.trigger(connection.vendor) for lock in locks]:
            if trigger.is_in(laid):
                continue
            if trigger.name in laid:
                cursor.execute(_lifting(connection, trigger))
            for statement in trigger.statements:
                cursor.execute(statement)


def lift(locks: Iterable[Lock], using: str) -> None:
    """Take those away that are laid."""
    connection = connections[using]
    laid = _laid(connection)
    with connection.cursor() as cursor:
        for lock in locks:
            if lock.name in laid:
                cursor.execute(_lifting(connection, lock))


def _laid(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers that are in the database, by name, as they were made."""
    asked = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT t.tgname, p.prosrc FROM pg_trigger t"
        " JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return dict(cursor.fetchall())


def _lifting(connection: BaseDatabaseWrapper, laid: Lock | Trigger) -> str:
    on = "" if connection.vendor == "sqlite" else f" ON {laid.table}"
    return f"DROP TRIGGER {laid.name}{on}"
