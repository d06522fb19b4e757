"""One address of every page there is, found by following links, and what axe says of it."""

from __future__ import annotations

import io
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from followup.models import Occasion
from promises.models import Activity, Member
from tests.html import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # the rest would be counted and sent in vain
}
VISITOR_ADDRESSES = ["/", "/konto/login/", "/konto/password/reset/", "/finns-inte/"]
SIGNED_OUT_BY = {"account_logout"}


def load_example(settings) -> None:
    settings.DEBUG = True
    call_command("load_example", stdout=io.StringIO())
    settings.DEBUG = False


def addresses_for(member: Member) -> list[str]:
    """An address of every page that links lead the member to, and some in a state of their own."""
    client = Client()
    client.force_login(member)
    seen, found, queue = {"overview"}, [], [reverse("overview")]
    while queue:
        address = queue.pop(0)
        response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        found.append(address)
        for link in Page(response).all("//a[@href]"):
            linked = urljoin(address, urldefrag(link.get("href")).url)
            if (name := _page_name(linked)) and name not in seen:
                seen.add(name)
                queue.append(linked)
    return [*found, *_in_a_state_of_their_own()]


def _page_name(address: str) -> str:
    """The name of the portal's own page at the address; empty for anything else."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    is_ours = not name.startswith("admin:") and name not in SIGNED_OUT_BY
    return name if is_ours and not address.endswith(("pdf", "pdf/", "fil/")) else ""


def _in_a_state_of_their_own() -> list[str]:
    withdrawn = Occasion.objects.exclude(withdrawn_at=None).first()
    cancelled = Activity.objects.filter(status="cancelled").first()
    return [
        reverse("occasion", args=[withdrawn.pk]),
        reverse("activity", args=[cancelled.pk]),
        reverse("occasions") + "?lofte=3&fran=2024-02-30",
        reverse("account_change_password"),
        "/finns-inte/",
    ]


def faults_on(page, address: str) -> list[str]:
    """What axe objects to on the page, and whether it spills sideways."""
    page.goto(address)
    found = spilling(page)
    return found + [
        f"{page.url}: {violation['id']}: {node['html'][:120]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
        for node in violation["nodes"]
    ]


def spilling(page) -> list[str]:
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        return [f"{page.url}: wider than the window"]
    return []
