"""Who is appointed to what under an agreement, from when and to when."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.known import VAGUE, Known, KnownBy, when_in_words
from promises.models.agreement import Agreement, UnderAgreement, Undertaking
from promises.models.member import Member
from promises.models.party import Party


class AppointmentQuerySet(UnderAgreement["Appointment"]):
    def in_force(self, on: date) -> AppointmentQuerySet:
        """Those that hold on the date, both ends included."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        )

    def of_council(self, agreement: Agreement) -> AppointmentQuerySet:
        """Those to the agreement's strategic council; it is out of sight until it has a member."""
        return self.filter(agreement=agreement, function=Appointment.Function.COUNCIL)

    def evidence_for(self, undertaking: Undertaking) -> AppointmentQuerySet:
        """Those that show that the undertaking is kept; see `functions_for`."""
        appointments = self.filter(
            agreement=undertaking.agreement_id, function__in=functions_for(undertaking)
        )
        is_one_partys = undertaking.evidence == Undertaking.Evidence.COORDINATOR
        if is_one_partys and undertaking.responsible_id:
            return appointments.filter(party=undertaking.responsible_id)
        return appointments


class Appointment(models.Model):
    """A förordnande: a member appointed to a function under the agreement, for a time.

    It is the evidence for the undertakings to appoint somebody (the police's samordnare or
    områdespolis, the municipality's tjänsteperson), and the roster of the samverkansgrupp and of
    the strategic council (lag 2023:196 10 §). `party` and `title` are as they were then, since
    people change both. It ends with a date and is never deleted.

    `starts_on` is empty when nobody knows the first day. It is then taken to have held on every
    day up to the last: no day before it is noted is told as one without anybody appointed. Known
    by its month, season or year alone, it is taken to have held from the first day of that.
    """

    class Function(models.TextChoices):
        COORDINATOR = "coordinator", "Partens samordnare"
        GROUP = "group", "Ledamot i samverkansgruppen"
        COUNCIL = "council", "Ledamot i strategiska rådet"

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="appointments",
        on_delete=models.PROTECT,
    )
    function = models.CharField("funktion", max_length=20, choices=Function)
    member = models.ForeignKey(
        Member, verbose_name="ledamot", related_name="appointments", on_delete=models.PROTECT
    )
    party = models.ForeignKey(
        Party, verbose_name="part", related_name="appointments", on_delete=models.PROTECT
    )
    title = models.CharField(
        "titel",
        max_length=150,
        blank=True,
        help_text="Till exempel områdespolis.",
        validators=[no_personal_numbers],
    )
    starts_on = models.DateField("från och med", null=True, blank=True)
    known_by = models.CharField(
        "känt som", max_length=6, choices=KnownBy, default=KnownBy.DAY, editable=False
    )
    ends_on = models.DateField("till och med", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = AppointmentQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "förordnande"
        verbose_name_plural = "förordnanden"
        ordering = [F("starts_on").asc(nulls_first=True), "id"]
        indexes = [
            models.Index(
                fields=["agreement", "function", "starts_on"], name="appointment_function_start"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_known_by_what_it_starts_on",
                condition=Q(known_by=KnownBy.DAY) | Q(known_by__in=VAGUE, starts_on__isnull=False),
                violation_error_message="Skriv sedan vilken månad, årstid eller vilket år.",
            ),
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="Sista dagen ska inte ligga före första dagen.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.get_function_display().lower()}"

    def end(self, on: date) -> None:
        """Make `on` its last day. Raises ValidationError when it begins later than that."""
        if self.starts_on and self.starts_on > on:
            raise ValidationError(
                f"{self.member} är förordnad till {self.get_function_display().lower()} från och "
                f"med {date_format(self.starts_on)}, alltså efter den dagen. Ge det förordnandet "
                "till någon annan först."
            )
        self.ends_on = on
        self.version += 1
        self.save(update_fields=["ends_on", "version"])

    def holds(self, on: date) -> bool:
        """The single-object twin of `AppointmentQuerySet.in_force`."""
        has_begun = self.starts_on is None or self.starts_on <= on
        return has_begun and (self.ends_on is None or self.ends_on >= on)

    @property
    def first_day(self) -> str:
        """The first day in words, as "sedan" or "från och med" it."""
        if self.starts_on is None:
            return "okänd dag"
        return when_in_words(Known(self.starts_on, None, self.known_by))

    @property
    def is_from_a_known_day(self) -> bool:
        return self.starts_on is not None and self.known_by == KnownBy.DAY


def functions_for(undertaking: Undertaking) -> tuple[Appointment.Function, ...]:
    """What a member can be appointed to as evidence for the undertaking; nothing for most kinds.

    The strategic council is led by the municipality beside the group (lag 2023:196 10 §), and
    has its roster with the group's, apart from it.
    """
    return {
        Undertaking.Evidence.COORDINATOR: (Appointment.Function.COORDINATOR,),
        Undertaking.Evidence.MEETINGS: (Appointment.Function.GROUP, Appointment.Function.COUNCIL),
    }.get(Undertaking.Evidence(undertaking.evidence), ())
