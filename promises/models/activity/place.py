"""Where things are done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers


class Place(models.Model):
    """A place (plats) in the municipality: a village, the town centre or an area.

    `visit_within_days` is how long the parties mean to let pass between visible visits, from
    `interval_from` if that has a day, and the season the months in which that holds (Borgafjäll:
    the snowmobile months). Byklockan reads it.
    """

    class Kind(models.TextChoices):
        TOWN = "town", "Centralort"
        VILLAGE = "village", "By"
        AREA = "area", "Område"

    name = models.CharField("namn", max_length=100, unique=True, validators=[no_personal_numbers])
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.VILLAGE)
    visit_within_days = models.PositiveSmallIntegerField(
        "högst antal dagar mellan besök", null=True, blank=True
    )
    interval_from = models.DateField("gäller från och med", null=True, blank=True)
    season_from = models.PositiveSmallIntegerField("säsongens första månad", null=True, blank=True)
    season_to = models.PositiveSmallIntegerField("säsongens sista månad", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "plats"
        verbose_name_plural = "platser"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="place_season_months",
                condition=Q(season_from__isnull=True, season_to__isnull=True)
                | Q(
                    season_from__isnull=False,
                    season_to__isnull=False,
                    season_from__range=(1, 12),
                    season_to__range=(1, 12),
                ),
                violation_error_message="En säsong behöver både en första och en sista månad.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
