"""An activity belongs to the agreement of the promise or the undertaking that it is under."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from followup.models.locks import Refusal
from promises.models import Activity, Promise, PromisePeriod, Undertaking
from tests import factories

pytestmark = pytest.mark.django_db


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
