"""Locks: what has been signed never changes, whoever tries and by whatever way.

A model says no in its own words (`LockedError`). Behind it the database says no, by triggers, to
what never asks the model: bulk updates, commands and SQL by hand. `followup.models.locked` lists
them:

    LockRows(
        "followup_meeting", when="OLD.locked_at IS NOT NULL", refusal=Refusal.MINUTES_SIGNED
    ),
    LockChildren(
        "followup_agendaitem", key="meeting_id", parent="followup_meeting",
        when="locked_at IS NOT NULL", refusal=Refusal.MINUTES_SIGNED,
    ),

`KeepRows` refuses that rows are deleted, `Refuse` whatever a rule in SQL on the rows says, and
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
    WITHDRAWN_FOR_GOOD = (
        "withdrawn_for_good",
        "Det som har dragits tillbaka kan inte tas fram igen.",
    )
    HISTORY_KEPT = "history_kept", "Det står kvar vem som gjorde ändringen."
    OTHER_AGREEMENT = (
        "other_agreement",
        "Aktiviteten hör till samma överenskommelse som sitt löfte eller åtagande.",
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
    """A trigger on each of the table's `events`, on SQLite and PostgreSQL alike."""

    events: tuple[str, ...]

    def __init__(self, table: str, *, refusal: str) -> None:
        self.table, self.refusal = table, refusal

    def triggers(self, vendor: str) -> Iterator[Trigger]:
        for event in self.events:
            yield Trigger(self._name(event), self.table, tuple(self._statements(vendor, event)))

    def _statements(self, vendor: str, event: str) -> Iterator[str]:
        name = self._name(event)
        if vendor == "sqlite":
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} FOR EACH ROW "
                f"WHEN {self._condition(event)} BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
            )
            return
        row = "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{self._wait(event)} IF {self._condition(event)} THEN RAISE EXCEPTION "
            f"'{self.refusal}' USING ERRCODE = 'integrity_constraint_violation', "
            f"CONSTRAINT = '{self.refusal}'; END IF; RETURN {row}; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )

    def _name(self, event: str) -> str:
        return f"{self.table}_{event.lower()}_lock"

    def _condition(self, event: str) -> str:
        raise NotImplementedError

    def _wait(self, event: str) -> str:
        """What PostgreSQL does before it asks whether the row is locked."""
        return ""


class LockRows(Lock):
    """Refuse changes of the table's rows that fulfil the condition, in SQL on OLD."""

    events = ("UPDATE",)

    def __init__(self, table: str, *, refusal: str, when: str = "TRUE") -> None:
        super().__init__(table, refusal=refusal)
        self.when = when

    def _condition(self, event: str) -> str:
        return f"({self.when})"


class LockChildren(Lock):
    """Refuse new and changed rows under a parent that fulfils the condition, in SQL on its columns.

    `key` is the column that points at the parent. A row can be moved neither from nor to it.
    """

    def __init__(
        self,
        table: str,
        *,
        key: str,
        parent: str,
        when: str,
        refusal: str,
        events: tuple[str, ...] = ("INSERT", "UPDATE"),
    ) -> None:
        super().__init__(table, refusal=refusal)
        self.key, self.parent, self.when, self.events = key, parent, when, events

    def _condition(self, event: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM {self.parent} WHERE {self._parents(event)} AND ({self.when}))"
        )

    def _wait(self, event: str) -> str:
        # Somebody may be locking the parent at this moment: let them finish, and then look.
        return f"PERFORM 1 FROM {self.parent} WHERE {self._parents(event)} FOR SHARE;"

    def _parents(self, event: str) -> str:
        rows = {"INSERT": ["NEW"], "UPDATE": ["NEW", "OLD"], "DELETE": ["OLD"]}[event]
        return f"id IN ({', '.join(f'{row}.{self.key}' for row in rows)})"


class KeepRows(LockRows):
    """Refuse that the table's rows are deleted, all of them or those that fulfil the condition."""

    events = ("DELETE",)


class Refuse(Lock):
    """Refuse one event when a rule of its own holds, in SQL on NEW and OLD.

    `name` tells it from the other locks of the table. `hold` is a query for the rows the rule
    looks at: on PostgreSQL they are held, so that nobody changes them meanwhile.
    """

    def __init__(
        self, table: str, event: str, *, name: str, when: str, refusal: str, hold: str = ""
    ) -> None:
        super().__init__(table, refusal=refusal)
        self.events, self.name, self.when, self.hold = (event,), name, when, hold

    def _name(self, event: str) -> str:
        return f"{self.table}_{self.name}"

    def _condition(self, event: str) -> str:
        return f"({self.when})"

    def _wait(self, event: str) -> str:
        return f"PERFORM 1 FROM {self.hold} FOR SHARE;" if self.hold else ""


class Follow(Lock):
    """Do something in another table after an event: statements in SQL on NEW and OLD."""

    def __init__(self, table: str, event: str, *, name: str, then: tuple[str, ...]) -> None:
        super().__init__(table, refusal="")
        self.events, self.name, self.then = (event,), name, then

    def _statements(self, vendor: str, event: str) -> Iterator[str]:
        name, then = self._name(event), " ".join(f"{statement};" for statement in self.then)
        trigger = f"CREATE TRIGGER {name} AFTER {event} ON {self.table} FOR EACH ROW"
        if vendor == "sqlite":
            yield f"{trigger} BEGIN {then} END"
            return
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {then} RETURN NULL; END $$"
        )
        yield f"{trigger} EXECUTE FUNCTION {name}()"

    def _name(self, event: str) -> str:
        return f"{self.table}_{self.name}"


# --- Laying them -----------------------------------------------------------------------------


def lay(locks: Iterable[Lock], using: str) -> None:
    """Lay those that are not laid as they are written; a trigger of the same name gives way."""
    connection = connections[using]
    laid = _laid(connection)
    with transaction.atomic(using), connection.cursor() as cursor:
        for lock in locks:
            for trigger in lock.triggers(connection.vendor):
                if trigger.is_in(laid):
                    continue
                if trigger.name in laid:
                    cursor.execute(_lifting(connection, trigger.name, trigger.table))
                for statement in trigger.statements:
                    cursor.execute(statement)


def lift(locks: Iterable[Lock], using: str) -> None:
    """Take those away that are laid."""
    connection = connections[using]
    laid = _laid(connection)
    with connection.cursor() as cursor:
        for lock in locks:
            for trigger in lock.triggers(connection.vendor):
                if trigger.name in laid:
                    cursor.execute(_lifting(connection, trigger.name, trigger.table))


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


def _lifting(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    on = "" if connection.vendor == "sqlite" else f" ON {table}"
    return f"DROP TRIGGER {name}{on}"
