"""Targets (åtagandenivåer): how often an activity is to be carried out, now and before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from promises.known import MONTH_NAMES


def months_in_words(first: int, last: int) -> str:
    """Such as "februari–april", or the one month it is."""
    names = MONTH_NAMES[first - 1], MONTH_NAMES[last - 1]
    return "–".join(dict.fromkeys(names))


WITHOUT_COUNT = ("on_request", "not_stated")
"""What a target may be per without having a number."""


class TargetFields(models.Model):
    """The number of occasions the parties aim at: `target_count` for every `target_per`.

    "2 per säsong" with a season of February to April means two occasions each winter. "1 per
    månad" is a floor for every month; in average over the year a busy month makes up for a quiet
    one. Two have no number: on request it is as many as are asked for, and what the parties have left
    unstated on purpose is counted but not measured against anything, as is what nobody has set a
    target for yet.
    """

    class TargetPer(models.TextChoices):
        YEAR = "year", "år"
        HALF_YEAR = "half_year", "halvår"
        QUARTER = "quarter", "kvartal"
        MONTH = "month", "månad"
        MONTH_IN_AVERAGE = "month_in_average", "månad, i snitt över året"
        SEASON = "season", "säsong"
        PERIOD = "period", "hela löftesperioden"
        ON_REQUEST = "on_request", "önskemål som kommer in"
        NOT_STATED = "not_stated", "inte särskilt angivet"

    target_count = models.PositiveSmallIntegerField("antal tillfällen", null=True, blank=True)
    target_per = models.CharField("per", max_length=20, choices=TargetPer, blank=True)
    season_from = models.PositiveSmallIntegerField("säsongens första månad", null=True, blank=True)
    season_to = models.PositiveSmallIntegerField("säsongens sista månad", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_target_whole",
                condition=Q(target_count__isnull=True, target_per__in=("", *WITHOUT_COUNT))
                | Q(target_count__isnull=False, target_count__gte=1)
                & ~Q(target_per__in=("", *WITHOUT_COUNT)),
                violation_error_message=(
                    "Åtagandenivån behöver både ett antal (minst 1) och per vad det räknas. På "
                    "önskemål och inte särskilt angivet har inget antal."
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_season_months",
                condition=Q(
                    target_per="season",
                    season_from__range=(1, 12),
                    season_to__range=(1, 12),
                    season_from__isnull=False,
                    season_to__isnull=False,
                )
                | ~Q(target_per="season") & Q(season_from__isnull=True, season_to__isnull=True),
                violation_error_message=(
                    "En säsong behöver en första och en sista månad, och bara en säsong har det."
                ),
            ),
        ]

    @property
    def is_measured(self) -> bool:
        """Whether what is done is measured against it."""
        return self.target_count is not None or self.target_per == self.TargetPer.ON_REQUEST

    @property
    def target_label(self) -> str:
        """The target in words, such as "2 per säsong (februari–april)"; empty without one."""
        if self.target_per == self.TargetPer.ON_REQUEST:
            return "På önskemål"
        if self.target_per == self.TargetPer.NOT_STATED:
            return "Inte särskilt angivet"
        if self.target_count is None:
            return ""
        if self.target_per == self.TargetPer.PERIOD:
            return f"{self.target_count} under perioden"
        label = f"{self.target_count} per {self.get_target_per_display()}"
        if self.season_from and self.season_to:
            label += f" ({months_in_words(self.season_from, self.season_to)})"
        return label


TARGET_FIELDS = tuple(field.name for field in TargetFields._meta.local_fields)


class FormerTarget(TargetFields):
    """The target an activity had, or that it had none, until it was changed.

    It holds from the day after the former one before it ended, or from the activity's first day,
    to `until`. What was promised then is judged by what was promised then.
    """

    activity = models.ForeignKey(
        "promises.Activity",
        verbose_name="aktivitet",
        related_name="former_targets",
        on_delete=models.PROTECT,
    )
    until = models.DateField("gällde till och med")

    class Meta(TargetFields.Meta):
        verbose_name = "tidigare åtagandenivå"
        verbose_name_plural = "tidigare åtagandenivåer"
        ordering = ["until"]
        constraints = [
            *TargetFields.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "until"],
                name="formertarget_one_a_day",
                violation_error_message="Åtagandenivån har redan ändrats den dagen.",
            ),
        ]

    def __str__(self) -> str:
        return self.target_label or "ingen åtagandenivå"
