"""What is logged is kept: no one deletes it or its history, and it outlives what it hangs on."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError, RestrictedError

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
from tests import factories, snapshot
from tests.everything import add_one_of_each
from tests.refusal import sql

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]

KEPT = [model for model in apps.get_app_config("followup").get_models() if issubclass(model, Kept)]
WITH_HISTORY = [model for model in KEPT if hasattr(model, "history")]
WITHDRAWABLE = [model for model in KEPT if issubclass(model, Withdrawable)]


@pytest.fixture(scope="module")
def portal(module_db) -> None:
    """Everything that is kept, also about an undertaking and a goal."""
    agreement = snapshot.loaded_agreement()
    add_one_of_each()
    review = factories.ReviewFactory(agreement=agreement)
    undertaking, goal = agreement.undertakings.first(), agreement.goals.first()
    factories.AssessmentFactory(review=review, promise=None, undertaking=undertaking)
    factories.AssessmentFactory(review=review, promise=None, goal=goal)
    factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=None, undertaking=undertaking)
    )
    factories.ForecastFactory()


@pytest.fixture
def member() -> Member:
    return Member.objects.first()


def delete_all_by_sql(model: type[Model]) -> None:
    """Delete every row, and look at the foreign keys at once instead of at the commit."""
    sql(f"DELETE FROM {model._meta.db_table}")
    connection.check_constraints()


def test_what_is_logged_is_among_what_is_kept():
    names = {model.__name__ for model in KEPT}
    assert names >= {"Occasion", "Reading", "Meeting", "Review", "Report", "LawNote", "Forecast"}


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_nothing_kept_is_deleted(model):
    row = model.objects.first()

    with pytest.raises(LockedError, match=Refusal.KEPT.label):
        row.delete()
    with pytest.raises(LockedError, match=Refusal.KEPT.label):
        model.objects.all().delete()
    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        sql(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", WITH_HISTORY, ids=lambda model: model.__name__)
def test_nor_is_its_history_or_the_name_in_it(model, member):
    rows = model.history.all()
    rows.update(history_user=member)

    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError, match=Refusal.KEPT), transaction.atomic():
        sql(f"DELETE FROM {model.history.model._meta.db_table}")
    with pytest.raises(IntegrityError, match=Refusal.HISTORY_KEPT), transaction.atomic():
        rows.update(history_user=None)


@pytest.mark.parametrize("model", WITHDRAWABLE, ids=lambda model: model.__name__)
def test_it_is_withdrawn_once_for_a_reason_that_stands_in_its_history(model, member):
    thing = model.objects.first()
    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="Skriv varför"):
            thing.withdraw(member, reason)

    thing.withdraw(member, " Fel dag. ")

    with pytest.raises(ValidationError, match="Någon annan har redan dragit tillbaka"):
        model.objects.get(pk=thing.pk).withdraw(member, "En gång till.")
    last = model.history.filter(id=thing.pk).first()
    for row in (model.objects.get(pk=thing.pk), last):
        assert row.withdrawn_at is not None
        assert (row.withdrawn_by, row.withdrawal_reason) == (member, "Fel dag.")


# --- What it hangs on ------------------------------------------------------------------------

ABOVE = [Agreement, PromisePeriod, Promise, Undertaking, Goal, Party, Member, Place, Activity]


def everything_kept() -> dict[str, list[dict[str, object]]]:
    models = [*KEPT, *(model.history.model for model in WITH_HISTORY)]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


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
