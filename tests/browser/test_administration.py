"""The administration, WCAG 2.2 AA as far as a machine can tell.

Django makes these pages, so what is tried is what the portal does to them: which fields they
have, and the style sheet that comes after Django's own.
"""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from promises.models import Member
from tests.browser.every_page import (
    DESKTOP,
    PHONE,
    Sheet,
    axe,
    faults_among,
    spills,
    too_small_to_hit,
    with_new_parts,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def sheets_of_the_administration(member: Member) -> list[Sheet]:
    """Every page below /admin/: of each kind of object its list, a form, an empty one, a history."""
    client = Client()
    client.force_login(member)
    addresses = [
        reverse("admin:index"),
        reverse("admin:app_list", args=["promises"]),
        reverse("admin:password_change"),
    ]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pk = model.objects.first().pk
        addresses += [reverse(f"{name}_{page}") for page in ("changelist", "add")]
        addresses += [reverse(f"{name}_{page}", args=[pk]) for page in ("change", "history")]
    answers = [Sheet(address, client.get(address)) for address in addresses]
    return [sheet for sheet in answers if sheet.response.status_code == 200]


def sent_empty(sheets: list[Sheet], member: Member) -> list[Sheet]:
    """Each form for a new object, as it comes back when nothing was filled in."""
    client = Client()
    client.force_login(member)
    forms = [sheet.name for sheet in sheets if sheet.name.endswith("/add/")]
    return [Sheet(f"{form} (skickat tomt)", client.post(form)) for form in forms]


def test_axe_finds_nothing_on_any_page_of_the_administration(
    page, faultless, one_of_each, administrator
):
    sheets = sheets_of_the_administration(administrator)
    sheets = with_new_parts([*sheets, *sent_empty(sheets, administrator)], set())
    small = [sheet for sheet in sheets if "/member/" in sheet.name or "/agreement/" in sheet.name]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)
    faults = faults_among(sheets, page, faultless, axe, too_small_to_hit, spills)

    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    faults += faults_among(small, page, faultless, axe, too_small_to_hit, spills)

    assert faults == []
