"""What had been written before the review got rows for its texts comes along to them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from followup.models import Reading, ReviewText

BEFORE = ("followup", "0003_lock_minutes")


@pytest.fixture
def older(transactional_db):
    """The models as they were; the database is brought up to date again afterwards."""
    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE])
    yield executor.loader.project_state([BEFORE]).apps
    migrate_to_the_latest()


def migrate_to_the_latest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_texts_and_readings_come_along(older):
    member = older.get_model("promises", "Member").objects.create(
        email="adam@dorotea.test", role="administrator"
    )
    agreement = older.get_model("promises", "Agreement").objects.create(
        key="dorotea", title="Samverkan", valid_from=date(2023, 1, 1), valid_to=date(2026, 12, 31)
    )
    older.get_model("followup", "Review").objects.create(
        agreement=agreement,
        starts_on=date(2023, 1, 1),
        ends_on=date(2024, 12, 31),
        cutoff_on=date(2025, 1, 31),
        created_by=member,
        summary="Åren var lugna.",
        decisions_needed="Bestäm nivån.",
    )
    goal = older.get_model("promises", "Goal").objects.create(
        agreement=agreement, number=1, wording="Tryggheten är hög."
    )
    metric = older.get_model("promises", "Metric").objects.create(goal=goal, name="Trygga")
    older.get_model("followup", "Reading").objects.create(
        metric=metric, date=date(2024, 10, 1), value=88
    )

    migrate_to_the_latest()

    written = {row.kind: row.text for row in ReviewText.objects.all()}
    assert written == dict.fromkeys(ReviewText.Kind.values, "") | {
        "summary": "Åren var lugna.",
        "decisions": "Bestäm nivån.",
    }
    assert Reading.objects.get().created_at == datetime(
        2024, 10, 1, 12, tzinfo=ZoneInfo("Europe/Stockholm")
    )
