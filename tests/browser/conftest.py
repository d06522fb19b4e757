"""A real Chromium (Debian's) against a real server."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        # As root, and without calling home.
        "args": ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture
def sign_in(page, live_server):
    """Sign a member in through the form, as anybody would."""

    def as_member(member):
        page.goto(f"{live_server.url}/konto/login/")
        page.get_by_label("E-postadress").fill(member.email)
        page.get_by_label("Lösenord").fill("lösenord-för-prov")
        page.get_by_role("button", name="Logga in").click()
        page.wait_for_url("**/oversikt/")

    return as_member
