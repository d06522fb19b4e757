"""What is to be done about a promise or an undertaking, where and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models.activity.place import Place
from promises.models.activity.target import TargetFields
from promises.models.agreement import Agreement, UnderAgreement, Undertaking
from promises.models.agreement import in_force as agreement_in_force
from promises.models.member import Member
from promises.models.party import Party
from promises.models.promise import Promise
from promises.models.promise import in_force as period_in_force


def in_force_itself(on: date | models.OuterRef | F | Func, by: str = "") -> Q:
    """Of an activity whose own first and last day, as far as it has any, hold the date.

    `by` leads to the activity from the row that is asked about, as "activity__".
    """
    begun = Q(**{f"{by}in_force_from": None}) | Q(**{f"{by}in_force_from__lte": on})
    return begun & (Q(**{f"{by}in_force_to": None}) | Q(**{f"{by}in_force_to__gte": on}))


class ActivityQuerySet(UnderAgreement["Activity"]):
    def of_agreement(self, agreement: Agreement) -> ActivityQuerySet:
        return self.filter(agreement=agreement)

    def falling_to(self, member: Member) -> ActivityQuerySet:
        """Those that somebody waits for the member to see to: in their own name and, for a
        coordinator, those in nobody's that their party answers for, alone or with all the others.
        """
        if member.role != Member.Role.COORDINATOR:
            return self.filter(responsible_member=member)
        unnamed = Q(responsible_member__isnull=True) | Q(responsible_member__is_active=False)
        of_party = Q(responsible=member.party_id) | Q(responsible__isnull=True)
        return self.filter(Q(responsible_member=member) | (unnamed & of_party))

    def loggable(self) -> ActivityQuerySet:
        """Activities an occasion can be logged on: all but the cancelled ones."""
        return self.exclude(status=Activity.Status.CANCELLED)

    def in_force(self, on: date | models.OuterRef) -> ActivityQuerySet:
        """Those that what is done on the date is done for: in force themselves, of a promise whose
        löftesperiod is in force then, or of an undertaking whose agreement is.
        """
        return self.filter(
            period_in_force(on, by="promise__period__")
            | agreement_in_force(on, by="undertaking__agreement__"),
            in_force_itself(on),
        )

    def unfinished(self) -> ActivityQuerySet:
        """Those that are neither done nor cancelled."""
        return self.filter(status__in=[Activity.Status.PLANNED, Activity.Status.ONGOING])

    def overdue(self, on: date) -> ActivityQuerySet:
        """Försenade: the planned end has passed and the activity is neither done nor cancelled."""
        return self.unfinished().filter(planned_to__lt=on)


class Activity(TargetFields):
    """An activity (aktivitet) planned under a promise or an undertaking.

    `agreement` is that of its promise or undertaking; the database refuses any other.
    Nobody is judged by it for a day before `in_force_from` or after `in_force_to`: one that came
    with the promise or the undertaking has neither, and is in force as long as that is. The
    target (åtagandenivå) is what holds now, and since the last of its `former_targets` ended.
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", "Tillsyn"
        # Not the same as supervision: a test purchase may not ground sanctions
        # (2010:1622 9 kap. 15 a–b §§; 2018:2088 7 kap. 22–23 §§).
        TEST_PURCHASE = "test_purchase", "Kontrollköp"
        CONTROL = "control", "Kontroll"
        PRESENCE = "presence", "Närvaro"
        INFORMATION = "information", "Information"
        EDUCATION = "education", "Utbildning"
        DIALOGUE = "dialogue", "Dialog"
        CAMPAIGN = "campaign", "Kampanj"
        MEASUREMENT = "measurement", "Mätning"
        COORDINATION = "coordination", "Samordning"
        OTHER = "other", "Annat"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planerad"
        ONGOING = "ongoing", "Pågående"
        CARRIED_OUT = "carried_out", "Genomförd"
        CANCELLED = "cancelled", "Inställd"

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="activities",
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    promise = models.ForeignKey(
        Promise,
        verbose_name="löfte",
        related_name="activities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    undertaking = models.ForeignKey(
        Undertaking,
        verbose_name="åtagande",
        related_name="activities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    title = models.CharField("rubrik", max_length=120, validators=[no_personal_numbers])
    kind = models.CharField("slag", max_length=20, choices=Kind, default=Kind.OTHER)
    description = models.TextField(
        "beskrivning", blank=True, validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    responsible = models.ForeignKey(
        Party,
        verbose_name="ansvarig part",
        related_name="activities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    responsible_member = models.ForeignKey(
        Member,
        verbose_name="ansvarig person",
        related_name="activities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    place = models.ForeignKey(
        Place,
        verbose_name="plats",
        related_name="activities",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    planned_from = models.DateField("planerad från och med", null=True, blank=True)
    planned_to = models.DateField("planerad till och med", null=True, blank=True)
    in_force_from = models.DateField("gäller från och med", null=True, blank=True)
    in_force_to = models.DateField("gäller till och med", null=True, blank=True)
    status = models.CharField("läge", max_length=20, choices=Status, default=Status.PLANNED)
    cancellation_reason = models.CharField(
        "skäl till att den ställs in", max_length=500, blank=True, validators=[no_personal_numbers]
    )
    predecessor = models.ForeignKey(
        "self",
        verbose_name="tidigare års aktivitet",
        related_name="successors",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    created_at = models.DateTimeField("planerad den", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["agreement", "version"])

    # Its page is made above this room: settings.ABSOLUTE_URL_OVERRIDES says where it lies.
    get_absolute_url: Callable[[], str]

    class Meta:
        verbose_name = "aktivitet"
        verbose_name_plural = "aktiviteter"
        ordering = ["title", "id"]
        indexes = [
            models.Index(fields=["promise", "title", "id"], name="activity_promise_title"),
            models.Index(fields=["undertaking", "title", "id"], name="activity_undertaking_title"),
            models.Index(fields=["status", "planned_to"], name="activity_status_planned_to"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_under_promise_or_undertaking",
                condition=Q(promise__isnull=False, undertaking__isnull=True)
                | Q(promise__isnull=True, undertaking__isnull=False),
                violation_error_message=(
                    "En aktivitet hör till antingen ett löfte eller ett åtagande."
                ),
            ),
            *TargetFields.Meta.constraints,
            models.CheckConstraint(
                name="activity_planned_dates_in_order",
                condition=Q(planned_from__isnull=True)
                | Q(planned_to__isnull=True)
                | Q(planned_to__gte=F("planned_from")),
                violation_error_message="Planerat slut ska inte ligga före planerad start.",
            ),
            models.CheckConstraint(
                name="activity_in_force_dates_in_order",
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_to__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                violation_error_message="Sista dagen ska inte ligga före den första.",
            ),
            models.CheckConstraint(
                name="activity_cancelled_with_reason",
                condition=~Q(status="cancelled") | ~Q(cancellation_reason=""),
                violation_error_message="Skriv varför aktiviteten ställs in.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        """Save, under the agreement that its promise or undertaking belongs to."""
        if self.promise:
            self.agreement_id = self.promise.period.agreement_id
        elif self.undertaking:
            self.agreement_id = self.undertaking.agreement_id
        super().save(**kwargs)

    def keep_former_target(self, former: dict[str, Any], day: date) -> None:
        """Keep what the target was, by field, until the day before the one it was changed on.

        Of two changes on a day, and of one before the activity was in force, the last holds.
        """
        until = day - timedelta(days=1)
        begun = self.in_force_from is None or self.in_force_from <= until
        if begun and not self.former_targets.filter(until__gte=until).exists():
            self.former_targets.create(until=until, **former)

    def clean(self) -> None:
        if self.status == self.Status.CANCELLED and not self.cancellation_reason.strip():
            raise ValidationError({"cancellation_reason": "Skriv varför aktiviteten ställs in."})

    def is_overdue(self, on: date) -> bool:
        """Försenad, the single-object twin of `ActivityQuerySet.overdue`."""
        return (
            self.planned_to is not None
            and self.planned_to < on
            and self.status in {self.Status.PLANNED, self.Status.ONGOING}
        )

    def in_its_place(self, on: date) -> Activity | None:
        """The activity of its line that is in force on the date: itself, the one it took over
        from, or the one that has taken over from it. None where none is.
        """
        line, earlier = [self.pk], self.predecessor
        while earlier:
            line.append(earlier.pk)
            earlier = earlier.predecessor
        later = [self.pk]
        while later := list(
            Activity.objects.filter(predecessor__in=later).values_list("pk", flat=True)
        ):
            line += later
        in_force = Activity.objects.filter(pk__in=line).loggable().in_force(on)
        return in_force.select_related("promise__period", "undertaking").order_by("-pk").first()

    @property
    def takes_wishes(self) -> bool:
        """Whether it is done on request, or was until its target changed."""
        per = {self.target_per, *(former.target_per for former in self.former_targets.all())}
        return Activity.TargetPer.ON_REQUEST in per

    @property
    def answers_to(self) -> Promise | Undertaking:
        """The promise or undertaking the activity is planned under."""
        answered = self.promise or self.undertaking
        assert answered is not None, "the constraint activity_under_promise_or_undertaking"
        return answered
