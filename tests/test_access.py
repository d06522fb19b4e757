"""Who reaches which address: every URL of the portal × every persona → status.

A URL that is missing from the table fails the first test, so that nobody can add a page
without saying who may see it.
"""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from promises.models import Activity, Promise
from tests import factories

PERSONAS = ("visitor", "reader", "signatory", "coordinator", "administrator", "stranger")

# 302 for a visitor is the way to sign in. A stranger (a coordinator of another agreement in
# the same portal) gets 404 for what is not theirs, and reaches lists that show only their own.
#                              visitor reader signatory coordinator administrator stranger
GET = {
    "public": (200, 302, 302, 302, 302, 302),
    "health": (200, 200, 200, 200, 200, 200),
    "account": (302, 200, 200, 200, 200, 200),
    "overview": (302, 200, 200, 200, 200, 200),
    "agreement": (302, 200, 200, 200, 200, 200),
    "promises": (302, 200, 200, 200, 200, 200),
    "promise": (302, 200, 200, 200, 200, 404),
    "activities": (302, 200, 200, 200, 200, 200),
    "activity": (302, 200, 200, 200, 200, 404),
    "activity_add": (302, 403, 403, 200, 200, 200),
    "activity_edit": (302, 403, 403, 200, 200, 404),
    "log": (302, 403, 403, 200, 200, 200),
    "log_occasion": (302, 403, 403, 200, 200, 404),
    "log_new_activity": (302, 403, 403, 200, 200, 404),
    "occasions": (302, 200, 200, 200, 200, 200),
    "occasion": (302, 200, 200, 200, 200, 404),
    "occasion_edit": (302, 403, 403, 200, 200, 404),
    "occasion_withdraw": (302, 403, 403, 200, 200, 404),
    "reviews": (302, 200, 200, 200, 200, 200),
    "review_start": (302, 403, 200, 200, 200, 200),
    "review": (302, 200, 200, 200, 200, 404),
    "review_texts": (302, 403, 200, 200, 200, 404),
    "assess": (302, 403, 200, 200, 200, 404),
    "review_preview": (302, 200, 200, 200, 200, 404),
    "review_pdf": (302, 200, 200, 200, 200, 404),
}

# Writing with an empty form: 200 is the form again with its errors. GET-only pages say 405.
POST = {
    name: statuses
    for name, statuses in GET.items()
    if name
    in {
        "activity_add",
        "activity_edit",
        "log_occasion",
        "log_new_activity",
        "occasion_edit",
        "occasion_withdraw",
        "review_start",
        "review_texts",
        "assess",
    }
}

# Sign-in and administration are tested on their own, in test_sign_in.py and test_admin.py.
ELSEWHERE = {"account_", "mfa_", "admin:"}


@pytest.fixture
def address(agreement, coordinator, snowmobile_promise):
    """From the name of a URL to an address of it in Dorotea's part of the portal."""
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    assessment = factories.AssessmentFactory(review=review, promise=snowmobile_promise)
    arguments = {
        "promise": [snowmobile_promise.pk],
        "log_new_activity": [snowmobile_promise.pk],
        "activity": [activity.pk],
        "activity_edit": [activity.pk],
        "log_occasion": [activity.pk],
        "occasion": [occasion.pk],
        "occasion_edit": [occasion.pk],
        "occasion_withdraw": [occasion.pk],
        "review": [review.pk],
        "review_texts": [review.pk],
        "review_preview": [review.pk],
        "review_pdf": [review.pk],
        "assess": [review.pk, assessment.pk],
    }
    return lambda name: reverse(name, args=arguments.get(name, []))


@pytest.fixture
def clients(signed_in, reader, chief, coordinator, administrator, stranger):
    return {
        "visitor": Client(),
        "reader": signed_in(reader),
        "signatory": signed_in(chief),
        "coordinator": signed_in(coordinator),
        "administrator": signed_in(administrator),
        "stranger": signed_in(stranger),
    }


def url_names(resolver=None, namespace="") -> set[str]:
    names = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= url_names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            names.add(f"{namespace}{pattern.name}")
    return names


def test_every_address_stands_in_the_table():
    admin.autodiscover()
    ours = {name for name in url_names() if not any(name.startswith(e) for e in ELSEWHERE)}
    assert ours == set(GET)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_reading_as_every_persona(name, address, clients, today):
    statuses = tuple(clients[persona].get(address(name)).status_code for persona in PERSONAS)
    assert statuses == GET[name]


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_writing_as_every_persona(name, address, clients, today):
    expected = POST.get(name)
    statuses = tuple(clients[persona].post(address(name)).status_code for persona in PERSONAS)
    if expected:
        assert statuses == expected
    else:
        assert not [status for status in statuses if status not in {302, 403, 404, 405}]


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_and_back(address):
    response = Client().get(address("occasions"))
    assert response.url == "/konto/login/?next=/tillfallen/"


@pytest.mark.django_db
def test_a_stranger_sees_nothing_of_another_agreement_in_any_list(address, clients, today):
    for name in ("activities", "occasions", "log", "reviews"):
        page = clients["stranger"].get(address(name)).content.decode()
        assert Activity.objects.get().title not in page, name


@pytest.mark.django_db
def test_refusals_say_why_in_swedish(address, clients):
    response = clients["reader"].get(address("log"))
    assert "Din roll, läsare, får inte logga" in response.content.decode()


@pytest.mark.django_db
def test_a_stranger_cannot_plan_under_a_promise_that_is_not_theirs(address, clients):
    promise = Promise.objects.get(number=3)
    response = clients["stranger"].post(
        address("activity_add"), {"title": "Intrång", "kind": "other", "promise": promise.pk}
    )
    assert response.context["form"].errors["promise"] == ["Välj något av alternativen i listan."]
