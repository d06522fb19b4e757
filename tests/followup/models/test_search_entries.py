"""What is searched follows what it tells of, whichever way that is changed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from followup.models import Occasion, SearchEntry, SearchWord
from followup.models.locks import Refusal
from tests import factories
from tests.refusal import sql

pytestmark = pytest.mark.django_db


def found() -> set[tuple[str, int]]:
    return set(SearchEntry.objects.standing().values_list("kind", "object_id"))


@pytest.mark.parametrize("way", ["model", "bulk", "sql"])
def test_what_is_gone_is_found_no_more(way):
    activity = factories.ActivityFactory()
    task = factories.TaskFactory()
    assert {("activity", activity.pk), ("task", task.pk)} <= found()

    for thing in (activity, task):
        match way:
            case "model":
                thing.delete()
            case "bulk":
                rows = type(thing).objects.filter(pk=thing.pk)
                rows._raw_delete(rows.db)
            case "sql":
                sql(f"DELETE FROM {thing._meta.db_table} WHERE id = %s", thing.pk or 0)

    assert not {kind for kind, _ in found()} & {"activity", "task"}
    assert SearchWord.objects.exclude(entry__in=SearchEntry.objects.all()).count() == 0


@pytest.mark.parametrize("way", ["bulk", "sql"])
def test_what_is_withdrawn_another_way_is_not_found_as_standing(way, coordinator):
    occasion = factories.OccasionFactory()
    decision = factories.DecisionFactory()
    at = "2024-05-15 10:00:00+00:00"

    if way == "bulk":
        Occasion.objects.update(
            withdrawn_at=at, withdrawn_by=coordinator, withdrawal_reason="Dubbelt"
        )
        type(decision).objects.update(withdrawn_at=at)
    else:
        sql(
            "UPDATE followup_occasion SET withdrawn_at = %s, withdrawn_by_id = %s,"
            " withdrawal_reason = 'Dubbelt'",
            at,
            coordinator.pk,
        )
        sql("UPDATE followup_decision SET withdrawn_at = %s", at)

    assert not {("occasion", occasion.pk), ("decision", decision.pk)} & found()


def test_nothing_is_found_that_is_not_there():
    entry = SearchEntry.objects.get(object_id=factories.OccasionFactory().pk, kind="occasion")

    with pytest.raises(IntegrityError, match=Refusal.FOUND_NOWHERE), transaction.atomic():
        SearchEntry.objects.filter(pk=entry.pk).update(object_id=10**6)
    entry.pk, entry.object_id = None, 10**6
    with pytest.raises(IntegrityError, match=Refusal.FOUND_NOWHERE), transaction.atomic():
        SearchEntry.objects.bulk_create([entry])
