"""Dorotea's agreement in the database, loaded for real once and copied back for every test.

Loading takes a hundred milliseconds, since every row is validated and gets its history. Most
tests only need it to be there.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from promises.agreement_file import DOROTEA
from promises.agreement_file.loading import load
from promises.agreement_file.reading import read
from promises.models import Agreement, Party, Place

_rows: dict[type[models.Model], list[models.Model]] = {}


def loaded_agreement() -> Agreement:
    """The agreement as `load` leaves it, history and all."""
    is_empty = not (Agreement.objects.exists() or Party.objects.exists() or Place.objects.exists())
    if is_empty and _rows:
        return _copied_back()
    agreement = load(read(DOROTEA.read_bytes())).agreement
    if is_empty:
        for model in apps.get_app_config("promises").get_models(include_auto_created=True):
            if model._meta.model_name not in OTHERS and (rows := list(model._base_manager.all())):
                _rows[model] = rows
    return agreement


# What a test may have made before it asked for the agreement.
OTHERS = {"member", "historicalmember"}


@transaction.atomic  # the rows refer to each other
def _copied_back() -> Agreement:
    now = timezone.now()
    for model, rows in _rows.items():
        for row in rows:
            if hasattr(row, "history_date"):
                row.history_date = now
        model._base_manager.bulk_create(rows)
    # The rows came with their keys: let the database number the next ones after them.
    if statements := connection.ops.sequence_reset_sql(no_style(), list(_rows)):
        with connection.cursor() as cursor:
            cursor.execute("; ".join(statements))
    return Agreement.objects.get()
