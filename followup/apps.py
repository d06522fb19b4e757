from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class FollowupConfig(AppConfig):
    name = "followup"
    verbose_name = "Uppföljning"

    def ready(self) -> None:
        from followup.search import index

        index.connect()
        pre_migrate.connect(_lift_locks, sender=self)
        post_migrate.connect(_lay_locks, sender=self)
        post_migrate.connect(index.fill_when_empty, sender=self)


def _lift_locks(using: str, plan: list, **kwargs: Any) -> None:
    """SQLite can't rebuild a table that a trigger tells of."""
    from followup.models.locked import LOCKS
    from followup.models.locks import lift

    if plan and connections[using].vendor == "sqlite":
        lift(LOCKS, using)


def _lay_locks(using: str, **kwargs: Any) -> None:
    from followup.models.locked import LOCKS
    from followup.models.locks import lay

    tables = {model._meta.db_table for model in apps.get_models()}
    if tables <= set(connections[using].introspection.table_names()):  # not migrated back
        lay(LOCKS, using)
