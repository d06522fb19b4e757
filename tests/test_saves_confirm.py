"""Every save leads on to a page of its own, and that page says what was done.

Each form of the portal is filled in with whatever it accepts and sent. A form that this can't fill
in stands in BY_HAND, and is tested with the rest of its page.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml.html import HtmlElement

from tests.html import Page
from tests.test_access import GET, PERSONAS, address, clients  # noqa: F401, the same portal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf", "today")]

WRITERS = ("coordinator", "administrator", "signatory")

# Refused here for what the made-up portal lacks or has already; their own tests save them.
BY_HAND = {
    "action_plan_add",  # an adopted lägesbild
    "action_plan_edit",
    "activity_add",  # an undertaking instead of a promise
    "agreement_edit",  # two parties ticked
    "new_agreement",
    "draft_edit",
    "agreement_draft",  # a step by its button
    "delegate",  # other days
    "invitation",  # a password
    "log_read_in",  # a file
    "meeting_close",  # a meeting whose day has come
    "plan_read_in",
    "review_start",  # a time nobody has reviewed
    "statement_add",  # a count or words, and the time they are of
    "calendar_feeds",  # answers at once: the key is shown there and never again
}


def filled_in(page: Page, *, wanted_only: bool) -> dict[str, str | list[str]]:
    """What is in the form, and something in each field where nothing is."""
    values = page.typed
    for control in page.form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        label = page.all(f"//label[@for='{control.get('id')}']//*[@class='optional']")
        if values.get(control.name) or (wanted_only and label):
            continue
        if value := something(control):
            values[control.name] = value
    return values


def something(control: HtmlElement) -> str:
    if control.name in {"about", "last_date"}:  # the day is known
        return ""
    match control.tag, control.get("type", "text"):
        case "select", _:
            return next((value for value in control.value_options if value), "")
        case "textarea", _:
            return "Det här är gjort."
        case _, "checkbox" | "radio":
            return control.get("value", "on")
        case _, "date":
            return timezone.localdate().isoformat()
        case _, "time":
            return "13:00"
        case _, "email":
            return "ny.ledamot@dorotea.test"
        case _, "text" | "number":
            return "3"
    return ""


def saved(client: Client, at: str) -> HttpResponse | None:
    """The answer to the page's form once it is accepted, else the last; None when it has none."""
    response = client.get(at)
    if response.status_code == 405:
        return client.post(at)
    if response.status_code == 302 or "text/html" not in response["Content-Type"]:
        return None  # a page that says why it can't be done now, or a file
    page = Page(response)
    if len(page.all("//main//form[@method='post']")) != 1:
        return None  # none, or a page of several: each has an address of its own
    for values in (
        page.typed,
        filled_in(page, wanted_only=True),
        filled_in(page, wanted_only=False),
    ):
        if (answer := client.post(at, values)).status_code != 200:
            break
    return answer


def test_every_save_leads_on_and_says_what_it_did(address, clients):  # noqa: F811
    silent, refused = set(), set()
    for name, statuses in GET.items():
        allowed = dict(zip(PERSONAS, statuses, strict=True))
        writer = next((who for who in WRITERS if allowed[who] in {200, 405}), None)
        if writer is None:
            continue
        client = clients[writer]
        with transaction.atomic():
            client.cookies.pop("messages", None)
            response = saved(client, address(name))
            if response is not None and response.status_code == 200:
                refused.add(name)
            if response is not None and response.status_code == 302:
                led_to = client.get(response.url, follow=True)
                silent |= set() if Page(led_to).messages else {name}
            transaction.set_rollback(True)  # what one form does, the next is not to meet
    assert (silent, refused) == (set(), BY_HAND)
