"""Who stands behind an agreement."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers


class PartyQuerySet(models.QuerySet["Party"]):
    def cooperating_with(self, party_id: int | None) -> PartyQuerySet:
        """The parties to every agreement that the party has signed, itself among them."""
        return self.filter(agreements__parties=party_id)


class Party(models.Model):
    """A party (part) to the agreement: the municipality, the police, or another signatory body.

    `name` is how the agreement names it; `short_name` ("Kommunen", "Polisen") is what tables
    and forms use. `sami_name` is set for a municipality in the South Sami administrative area
    (lag 2009:724) and is always marked up with `lang="sma"`.
    """

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "Kommun"
        POLICE = "police", "Polis"
        OTHER = "other", "Annan part"

    key = models.SlugField("nyckel", unique=True, validators=[no_personal_numbers])
    kind = models.CharField("slag", max_length=20, choices=Kind)
    name = models.CharField("namn", max_length=200, validators=[no_personal_numbers])
    short_name = models.CharField("kort namn", max_length=60, validators=[no_personal_numbers])
    sami_name = models.CharField(
        "sydsamiskt namn", max_length=200, blank=True, validators=[no_personal_numbers]
    )

    objects = PartyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "part"
        verbose_name_plural = "parter"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.short_name
