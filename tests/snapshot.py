"""Dorotea's agreement in the database, loaded for real once and copied back for every test.

Loading takes a hundred milliseconds, since every row is validated and gets its history. Most
tests only need it to be there.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from promises.agreement_file import DOROTEA
from promises.agreement_file.loading import load
from promises.agreement_file.reading import read
from promises.models import Agreement, Party, Place


@dataclass(frozen=True)
class Table:
    """The rows of a table, as the database takes them."""

    model: type[models.Model]
    fields: list[models.Field]
    rows: list[list[object]]

    @classmethod
    def of(cls, model: type[models.Model]) -> Table:
        fields = model._meta.local_concrete_fields
        rows = [
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
            for row in model._base_manager.all()
        ]
        return cls(model, fields, rows)

    def put_back(self, cursor: CursorWrapper) -> None:
        """Insert the rows. Those of a history are made now."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in self.fields)
        values = ", ".join(["%s"] * len(self.fields))
        cursor.executemany(
            f"INSERT INTO {quote(self.model._meta.db_table)} ({columns}) VALUES ({values})",
            [
                [
                    now if field.name == "history_date" else value
                    for field, value in zip(self.fields, row, strict=True)
                ]
                for row in self.rows
            ],
        )


_tables: list[Table] = []


def loaded_agreement() -> Agreement:
    """The agreement as `load` leaves it, history and all."""
    is_empty = not (Agreement.objects.exists() or Party.objects.exists() or Place.objects.exists())
    if is_empty and _tables:
        return _copied_back()
    agreement = load(read(DOROTEA.read_bytes())).agreement
    if is_empty:
        for model in apps.get_app_config("promises").get_models(include_auto_created=True):
            if model._meta.model_name not in OTHERS and (table := Table.of(model)).rows:
                _tables.append(table)
    return agreement


# What a test may have made before it asked for the agreement.
OTHERS = {"member", "historicalmember"}


@transaction.atomic  # the rows refer to each other
def _copied_back() -> Agreement:
    with connection.cursor() as cursor:
        for table in _tables:
            table.put_back(cursor)
        # They came with their keys: let the database number the next ones after them.
        tables = [table.model for table in _tables]
        if statements := connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute("; ".join(statements))
    return Agreement.objects.get()
