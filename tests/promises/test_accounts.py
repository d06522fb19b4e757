"""Signing in: who may, and who is stopped although the password is right."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from promises.accounts import EXAMPLE_ACCOUNT_REFUSED, MemberBackend
from promises.models import Member, Party

pytestmark = pytest.mark.django_db

PASSWORD = "ett-riktigt-langt-losenord"


@pytest.fixture(autouse=True)
def _quick_hashing(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False


def member(**fields) -> Member:
    municipality = Party.objects.create(key="kommunen", kind=Party.Kind.MUNICIPALITY)
    return Member.objects.create_user(
        "laila@example.test", PASSWORD, name="Laila Läsare", party=municipality, **fields
    )


def sign_in(client):
    return client.post(
        reverse("account_login"), {"login": "laila@example.test", "password": PASSWORD}
    )


def test_a_member_signs_in_and_comes_to_the_overview(client):
    laila = member()

    response = sign_in(client)

    assert response.url == reverse("overview")
    assert client.session["_auth_user_id"] == str(laila.pk)


def test_an_example_account_signs_in_on_a_developers_machine(client, settings):
    settings.DEBUG = True
    laila = member(is_example=True)

    response = sign_in(client)

    assert response.url == reverse("overview")
    assert client.session["_auth_user_id"] == str(laila.pk)


def test_an_example_account_is_refused_in_production_and_told_why(client, settings):
    settings.DEBUG = False
    member(is_example=True)

    response = sign_in(client)

    assert response.url == reverse("account_login")
    assert [str(m) for m in get_messages(response.wsgi_request)] == [EXAMPLE_ACCOUNT_REFUSED]
    assert "_auth_user_id" not in client.session


def test_an_inactive_member_is_refused(client):
    member(is_active=False)

    response = sign_in(client)

    assert response.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_the_backend_refuses_an_example_account_in_production(rf, settings):
    settings.DEBUG = False
    member(is_example=True)

    assert (
        MemberBackend().authenticate(rf.post("/"), email="laila@example.test", password=PASSWORD)
        is None
    )


def test_a_session_of_an_example_account_ends_when_debug_is_turned_off(settings):
    laila = member(is_example=True)

    settings.DEBUG = True
    assert MemberBackend().get_user(laila.pk) == laila

    settings.DEBUG = False
    assert MemberBackend().get_user(laila.pk) is None
