"""What had been stored before there was a search becomes searchable with the migration."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from followup.models import Occasion, SearchEntry, SearchWord
from tests import factories


@pytest.mark.django_db
def test_what_was_stored_before_becomes_searchable():
    occasion = factories.OccasionFactory(done="Kontroll vid leden.", date=date(2024, 3, 12))
    SearchWord.objects.all().delete()
    SearchEntry.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert list(Occasion.objects.containing("kontroller led")) == [occasion]
    assert SearchEntry.objects.get(kind="occasion").date == date(2024, 3, 12)


@pytest.mark.django_db
def test_a_migration_later_on_leaves_what_is_searchable_alone():
    factories.OccasionFactory()
    before = list(SearchEntry.objects.values_list("pk", flat=True))
    call_command("migrate", verbosity=0)
    assert list(SearchEntry.objects.values_list("pk", flat=True)) == before
