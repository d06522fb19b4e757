"""What is logged is kept: no one deletes it or its history, and it outlives what it hangs on."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, RestrictedError

from followup.models import Occasion, SearchEntry, SearchWord
from followup.models.kept import Kept, Withdrawable
from followup.models.locks import LockedError, Refusal
from promises.models import (
    Activity,
    Agreement,
    Goal,
    Member,
    Party,
    Place,
    Promise,
    PromisePeriod,
    Undertaking,
)
from tests import factories

pytestmark = pytest.mark.django_db

KEPT = [model for model in apps.get_app_config("followup").get_models() if issubclass(model, Kept)]
WITH_HISTORY = [model for model in KEPT if hasattr(model, "history")]
WITHDRAWABLE = [model for model in KEPT if issubclass(model, Withdrawable)]


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def delete_all_by_sql(model: type[Model]) -> None:
    """Delete every row, and look at the foreign keys at once instead of at the commit."""
    sql(f"DELETE FROM {model._meta.db_table}")
    connection.check_constraints()


def test_what_is_logged_is_among_what_is_kept():
    names = {model.__name__ for model in KEPT}
    assert names >= {"Occasion", "Reading", "Meeting", "Review", "Report", "LawNote", "Forecast"}


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_nothing_kept_is_deleted(model):
    if not model.objects.exists():
        factories.ForecastFactory()
    row = model.objects.first()

    with pytest.raises(LockedError, match=Refusal.KEPT.label):
        row.delete()
    with pytest.raises(LockedError, match=Refusal.KEPT.label):
        model.objects.all().delete()
    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        sql(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("model", WITH_HISTORY, ids=lambda model: model.__name__)
def test_nor_is_its_history_or_the_name_in_it(model, coordinator):
    if not model.objects.exists():
        factories.ForecastFactory()
    rows = model.history.all()
    rows.update(history_user=coordinator)

    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        sql(f"DELETE FROM {model.history.model._meta.db_table}")
    with pytest.raises(IntegrityError, match=Refusal.HISTORY_KEPT), transaction.atomic():
        rows.update(history_user=None)


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize("model", WITHDRAWABLE, ids=lambda model: model.__name__)
def test_it_is_withdrawn_once_for_a_reason_that_stands_in_its_history(model, coordinator):
    thing = model.objects.first() or factories.ForecastFactory()
    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="Skriv varför"):
            thing.withdraw(coordinator, reason)

    thing.withdraw(coordinator, " Fel dag. ")

    with pytest.raises(ValidationError, match="Någon annan har redan dragit tillbaka"):
        model.objects.get(pk=thing.pk).withdraw(coordinator, "En gång till.")
    last = model.history.filter(id=thing.pk).first()
    for row in (model.objects.get(pk=thing.pk), last):
        assert row.withdrawn_at is not None
        assert (row.withdrawn_by, row.withdrawal_reason) == (coordinator, "Fel dag.")


# --- What it hangs on ------------------------------------------------------------------------

ABOVE = [Agreement, PromisePeriod, Promise, Undertaking, Goal, Party, Member, Place, Activity]


def everything_kept() -> dict[str, list[dict[str, object]]]:
    models = [*KEPT, *(model.history.model for model in WITH_HISTORY)]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def portal(one_of_each) -> None:
    """Everything that is kept, also about an undertaking and a goal."""
    undertaking, goal = Undertaking.objects.first(), Goal.objects.first()
    review = factories.ReviewFactory(agreement=goal.agreement)
    factories.AssessmentFactory(review=review, promise=None, undertaking=undertaking)
    factories.AssessmentFactory(review=review, promise=None, goal=goal)
    factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=None, undertaking=undertaking)
    )
    factories.ForecastFactory()


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("model", ABOVE, ids=lambda model: model.__name__)
def test_deleting_what_it_hangs_on_takes_nothing_kept_away(model):
    before = everything_kept()

    for row in model.objects.all():
        try:
            with transaction.atomic():
                row.delete()
                connection.check_constraints()
        except (ProtectedError, RestrictedError, IntegrityError, LockedError):
            continue
        assert everything_kept() == before, row
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_all_by_sql(model)

    assert everything_kept() == before


# --- What is searched ------------------------------------------------------------------------


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


# --- The agreement of an activity ------------------------------------------------------------


def test_an_activity_has_the_agreement_of_its_promise_or_undertaking(agreement):
    promise, undertaking = Promise.objects.first(), Undertaking.objects.first()
    activity = factories.ActivityFactory(promise=promise)
    other = factories.ActivityFactory(promise=None, undertaking=undertaking)

    assert (activity.agreement, other.agreement) == (agreement, agreement)


def test_the_database_lets_it_have_no_other(agreement):
    elsewhere = factories.AgreementFactory()
    activity = factories.ActivityFactory(promise=Promise.objects.first())
    under = factories.ActivityFactory(promise=None, undertaking=Undertaking.objects.first())
    refused = pytest.raises(IntegrityError, match=Refusal.OTHER_AGREEMENT)

    for one in (activity, under):
        with refused, transaction.atomic():
            Activity.objects.filter(pk=one.pk).update(agreement=elsewhere)
    with refused, transaction.atomic():
        PromisePeriod.objects.filter(promises=activity.promise).update(agreement=elsewhere)
    with refused, transaction.atomic():
        Undertaking.objects.filter(pk=under.undertaking_id).update(agreement=elsewhere)
    with refused, transaction.atomic():
        Promise.objects.filter(pk=activity.promise_id).update(
            period=factories.PromiseFactory().period
        )
    activity.pk, activity.agreement = None, elsewhere
    with refused, transaction.atomic():
        Activity.objects.bulk_create([activity])
