"""What is counted or measured, and how its readings become one figure."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.models.activity.activity import Activity
from promises.models.agreement import Agreement, Goal
from promises.models.member import Member
from promises.models.promise import Promise


class MetricQuerySet(models.QuerySet["Metric"]):
    def visible_to(self, member: Member) -> MetricQuerySet:
        agreements = Agreement.objects.visible_to(member)
        return self.filter(
            Q(promise__period__agreement__in=agreements)
            | Q(goal__agreement__in=agreements)
            | Q(activity__in=Activity.objects.visible_to(member))
        )

    def effects_of(self, agreement: Agreement) -> MetricQuerySet:
        """What shows whether the agreement leads anywhere: the effects of its goals and promises."""
        of_it = Q(goal__agreement=agreement) | Q(promise__period__agreement=agreement)
        return self.filter(of_it, dimension=Metric.Dimension.EFFECT)


class Metric(models.Model):
    """A metric (mätetal): something counted or measured, of an activity, a promise or a goal.

    `rule` says how its readings become one figure for a period:
    sum (förare kontrollerade), latest (grannsamverkansområden), mean (medelhastighet) or share
    (n of m: utan anmärkning av kontrollerade). `dimension` keeps what was done (utförande)
    apart from effect (effekt): they stand side by side and are never added up. Nobody lacks a
    reading for a time before `in_force_from`; without it, it has been read all along.
    """

    class Dimension(models.TextChoices):
        DONE = "done", "Utförande"
        EFFECT = "effect", "Effekt"

    class Rule(models.TextChoices):
        SUM = "sum", "Summa"
        LATEST = "latest", "Senaste värdet"
        MEAN = "mean", "Medelvärde"
        SHARE = "share", "Andel (n av m)"

    activity = models.ForeignKey(
        Activity,
        verbose_name="aktivitet",
        related_name="metrics",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    promise = models.ForeignKey(
        Promise,
        verbose_name="löfte",
        related_name="metrics",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    goal = models.ForeignKey(
        Goal,
        verbose_name="mål",
        related_name="metrics",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    number = models.PositiveSmallIntegerField("ordning", default=1)
    name = models.CharField("namn", max_length=120, validators=[no_personal_numbers])
    unit = models.CharField("enhet", max_length=40, blank=True, validators=[no_personal_numbers])
    dimension = models.CharField("slag", max_length=10, choices=Dimension, default=Dimension.DONE)
    rule = models.CharField("räkneregel", max_length=10, choices=Rule, default=Rule.SUM)
    in_force_from = models.DateField("räknas från och med", null=True, blank=True)
    baseline = models.DecimalField(
        "utgångsvärde", max_digits=12, decimal_places=2, null=True, blank=True
    )
    target_value = models.DecimalField(
        "målvärde", max_digits=12, decimal_places=2, null=True, blank=True
    )
    lower_is_better = models.BooleanField("lägre är bättre", default=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = MetricQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    # Its page is made above this room: settings.ABSOLUTE_URL_OVERRIDES says where it lies.
    get_absolute_url: Callable[[], str]

    class Meta:
        verbose_name = "mätetal"
        verbose_name_plural = "mätetal"
        ordering = ["number", "id"]
        constraints = [
            models.CheckConstraint(
                name="metric_of_one_thing",
                condition=Q(activity__isnull=False, promise__isnull=True, goal__isnull=True)
                | Q(activity__isnull=True, promise__isnull=False, goal__isnull=True)
                | Q(activity__isnull=True, promise__isnull=True, goal__isnull=False),
                violation_error_message="Ett mätetal hör till en aktivitet, ett löfte eller ett mål.",
            ),
            models.UniqueConstraint(
                fields=["activity", "name"],
                name="metric_name_once_in_activity",
                violation_error_message="Aktiviteten har redan ett mätetal med det namnet.",
            ),
            models.UniqueConstraint(
                fields=["promise", "name"],
                name="metric_name_once_in_promise",
                violation_error_message="Löftet har redan ett mätetal med det namnet.",
            ),
            models.UniqueConstraint(
                fields=["goal", "name"],
                name="metric_name_once_in_goal",
                violation_error_message="Målet har redan ett mätetal med det namnet.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def measured(self) -> Activity | Promise | Goal:
        """What the metric is of."""
        measured = self.activity or self.promise or self.goal
        assert measured is not None, "the constraint metric_of_one_thing"
        return measured
