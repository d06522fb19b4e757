"""Locks: what has been signed never changes, whoever tries and by whatever way.

A model says no in its own words (`LockedError`). Behind it the database says no, by triggers, to
what never asks the model: bulk updates, commands and SQL by hand. A migration lays them:

    LockRows("followup_meeting", when="OLD.locked_at IS NOT NULL", message=LOCKED),
    LockChildren(
        "followup_agendaitem", key="meeting_id", parent="followup_meeting",
        when="locked_at IS NOT NULL", message=LOCKED,
    ),

`KeepRows` refuses that rows are deleted, and `Refuse` whatever a rule in SQL on the rows says.
The test runner has to empty every table all the same: tests/conftest.py lets it.

SQLite drops a table's triggers when Django rebuilds the table, as most changes of a field do.
A later migration that alters a locked table, or the parent of one, lists the locks first with
`Unlock(…)` and lays them anew afterwards; the tests of each lock tell when it is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class LockedError(PermissionDenied):
    """What is to be changed has been signed. The message says so in Swedish; as a page it is 403."""


@contextmanager
def refused_in_words(*messages: str) -> Iterator[None]:
    """Turn the refusal of a lock with one of the messages into a LockedError.

    For what another has locked between our looking and our writing.
    """
    try:
        yield
    except IntegrityError as error:
        for message in messages:
            if message in str(error):
                raise LockedError(message) from error
        raise


class _Lock(Operation):
    """A trigger on each of the table's `events`, on SQLite and PostgreSQL alike."""

    reduces_to_sql = True
    reversible = True
    events: tuple[str, ...]

    def __init__(self, table: str, *, message: str) -> None:
        self.table, self.message = table, message

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: models know nothing of triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for event in self.events:
            for statement in self._statements(schema_editor, event):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for event in self.events:
            name = self._name(event)
            if schema_editor.connection.vendor == "sqlite":
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
            else:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {self.table}", params=None)
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)

    def describe(self) -> str:
        return f"Lock {self.table}"

    def _statements(self, schema_editor: BaseDatabaseSchemaEditor, event: str) -> Iterator[str]:
        name, message = self._name(event), self.message.replace("'", "''")
        if schema_editor.connection.vendor == "sqlite":
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} FOR EACH ROW "
                f"WHEN {self._condition(event)} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            return
        message = message.replace("%", "%%")
        row = "OLD" if event == "DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{self._wait(event)} IF {self._condition(event)} THEN RAISE EXCEPTION '{message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
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


class LockRows(_Lock):
    """Refuse changes of the table's rows that fulfil the condition, in SQL on OLD."""

    events = ("UPDATE",)

    def __init__(self, table: str, *, message: str, when: str = "TRUE") -> None:
        super().__init__(table, message=message)
        self.when = when

    def _condition(self, event: str) -> str:
        return f"({self.when})"


class LockChildren(_Lock):
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
        message: str,
        events: tuple[str, ...] = ("INSERT", "UPDATE"),
    ) -> None:
        super().__init__(table, message=message)
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


class Refuse(_Lock):
    """Refuse one event when a rule of its own holds, in SQL on NEW and OLD.

    `name` tells it from the other locks of the table. `hold` is a query for the rows the rule
    looks at: on PostgreSQL they are held, so that nobody changes them meanwhile.
    """

    def __init__(
        self, table: str, event: str, *, name: str, when: str, message: str, hold: str = ""
    ) -> None:
        super().__init__(table, message=message)
        self.events, self.name, self.when, self.hold = (event,), name, when, hold

    def _name(self, event: str) -> str:
        return f"{self.table}_{self.name}"

    def _condition(self, event: str) -> str:
        return f"({self.when})"

    def _wait(self, event: str) -> str:
        return f"PERFORM 1 FROM {self.hold} FOR SHARE;" if self.hold else ""


class Unlock(Operation):
    """Take a lock away, to be laid anew later in the same migration."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, lock: _Lock) -> None:
        self.lock = lock

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing: models know nothing of triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.lock.database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        self.lock.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Unlock {self.lock.table}"
