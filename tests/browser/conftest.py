"""A real Chromium (Debian's) against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from promises.models import Member, Party
from tests import factories
from tests.browser.every_page import PORTAL
from tests.browser.turns import Turnstile
from tests.faultless import Faultless
from tests.test_pages import fill_the_portal

# Milliseconds: a loaded machine is given the time it takes.
expect.set_options(timeout=20_000)

PASSWORD = "lösenord-för-prov"  # as tests.factories gives every member


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        # Chromium without its own windows and menus, which would be drawn anew for every test.
        "executable_path": "/usr/bin/chromium-headless-shell",
        "args": [
            # As root, and without calling home.
            "--no-sandbox",
            "--disable-quic",
            "--disable-background-networking",
            f"--host-resolver-rules=MAP {PORTAL} 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture(autouse=True, scope="session")
def turnstile() -> Iterator[Turnstile]:
    turnstile = Turnstile()
    with turnstile.before_every_request():
        yield turnstile


@pytest.fixture(autouse=True)
def one_at_a_time(turnstile) -> Iterator[None]:
    """From before the browser has a page until it has none, and the database is still there."""
    with turnstile.open():
        yield


@pytest.fixture
def faultless(faultless, browser) -> Faultless:
    """What this test has let pass in this browser."""
    return faultless.by(browser.version)


@pytest.fixture
def sign_in(page, live_server):
    """Give the browser a member's session. Tests about signing in use the form (`by_form`)."""

    def as_member(member: Member) -> None:
        client = Client()
        client.force_login(member)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])

    return as_member


@pytest.fixture
def by_form(live_server):
    """Sign a member in through the form, as anybody would, who has not just done it many times."""
    cache.clear()

    def sign_in(page: Page, member: Member) -> None:
        page.goto(f"{live_server.url}/konto/login/")
        page.get_by_label("E-postadress").fill(member.email)
        page.get_by_label("Lösenord").fill(PASSWORD)
        page.get_by_role("button", name="Logga in").click()
        page.wait_for_url("**/oversikt/")

    return sign_in


@pytest.fixture
def people(transactional_db, copies) -> dict[str, Member]:
    """The example's accounts, by the first part of their address, with `sign_in`'s password and
    no longer for show.
    """
    copies.bring_example()
    people = {member.email.partition("@")[0]: member for member in Member.objects.all()}
    for member in people.values():
        member.set_password(PASSWORD)
        member.is_example = False
        member.save()
    return people


@pytest.fixture
def cast(db) -> list[Member | None]:
    """One of each role at the municipality, the most entitled first, and a visitor."""
    municipality = Party.objects.get(key="kommunen")
    roles = ("administrator", "coordinator", "signatory", "reader")
    return [*(factories.MemberFactory(party=municipality, role=role) for role in roles), None]


@pytest.fixture
def filled(db) -> None:
    """A little of everything in the portal."""
    fill_the_portal()
