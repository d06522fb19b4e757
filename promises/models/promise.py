"""The citizen promise (medborgarlöfte): a period and the promises made for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.models.agreement import Agreement, Goal, Signatory, UnderAgreement
from promises.models.party import Party


def in_force(on: date | OuterRef, by: str = "") -> Q:
    """Of a löftesperiod whose promises are worked on, on the date.

    It covers the date, and none that follows on it does: where two overlap, the new one has taken
    over from its first day. `by` leads to the period from the row that is asked about, as
    "promise__period__".
    """
    is_taken_over = Q(
        **{f"{by}successor__starts_on__lte": on, f"{by}successor__ends_on__gte": on},
    )
    return Q(**{f"{by}starts_on__lte": on, f"{by}ends_on__gte": on}) & ~is_taken_over


class PromisePeriodQuerySet(UnderAgreement["PromisePeriod"]):
    def in_force(self, on: date) -> PromisePeriodQuerySet:
        """Those whose promises are worked on, on the date: none in a gap between two."""
        return self.filter(in_force(on))

    def to_plan(self, on: date) -> PromisePeriodQuerySet:
        """Those that are planned for on the date: in force or to come; else the last there was."""
        ahead = self.filter(in_force(on) | Q(starts_on__gt=on))
        if ahead.exists():
            return ahead
        latest = self.current(on)
        return self.filter(pk=latest.pk) if latest else self.none()

    def signed(self, on: date) -> PromisePeriodQuerySet:
        """Those that every party of the agreement had signed by the date: the promises are given.

        A signature counts from the day that stands beside it. Nobody knows from which day one
        without a date counts, so it does not.
        """
        own = Signatory.objects.filter(period=OuterRef("pk"))
        theirs = Signatory.objects.filter(period=OuterRef(OuterRef("pk")), party=OuterRef("pk"))
        has_not_signed = Party.objects.filter(agreements=OuterRef("agreement_id")).exclude(
            Exists(theirs.filter(signed_on__lte=on))
        )
        awaited = own.filter(Q(signed_on__isnull=True) | Q(signed_on__gt=on))
        return self.filter(Exists(own), ~Exists(has_not_signed), ~Exists(awaited))

    def in_line_with(self, agreement: Agreement) -> PromisePeriodQuerySet:
        """The periods of the agreement and of the one it replaces: its own may be yet to begin."""
        return self.filter(Q(agreement=agreement) | Q(agreement__successor=agreement))

    def current(self, on: date) -> PromisePeriod | None:
        """The period that runs on the date; else the latest that has begun; else the first."""
        periods = list(self.order_by("starts_on", "id"))
        begun = [period for period in periods if period.starts_on <= on]
        running = [period for period in begun if period.ends_on >= on]
        found = running or begun or periods[:1]
        return found[-1] if found else None


class PromisePeriod(models.Model):
    """A löftesperiod: the medborgarlöfte of some years. It may be of any length.

    The texts stand verbatim as in the signed document.
    """

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="periods",
        on_delete=models.PROTECT,
    )
    title = models.CharField("titel", max_length=200, validators=[no_personal_numbers])
    letterhead = models.CharField(
        "rubrik under titeln", max_length=200, blank=True, validators=[no_personal_numbers]
    )
    introduction = models.TextField("inledning", blank=True, validators=[no_personal_numbers])
    basis = models.TextField("underlag", blank=True, validators=[no_personal_numbers])
    starts_on = models.DateField("första dag")
    ends_on = models.DateField("sista dag")
    predecessor = models.OneToOneField(
        "self",
        verbose_name="föregående löftesperiod",
        related_name="successor",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        error_messages={"unique": "Den löftesperioden har redan en efterträdare."},
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = PromisePeriodQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    # Its page is made above this room: settings.ABSOLUTE_URL_OVERRIDES says where it lies.
    get_absolute_url: Callable[[], str]

    class Meta:
        verbose_name = "löftesperiod"
        verbose_name_plural = "löftesperioder"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="period_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Sista dagen ska inte ligga före första dagen.",
            ),
            models.CheckConstraint(
                name="period_not_own_predecessor",
                condition=~Q(predecessor=F("id")),
                violation_error_message="En löftesperiod kan inte efterträda sig själv.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "starts_on"],
                name="period_start_once",
                violation_error_message=(
                    "Överenskommelsen har redan en löftesperiod som börjar den dagen."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def awaits_signature_of(self, on: date) -> list[Party]:
        """The parties that have not signed it by the date, as `PromisePeriodQuerySet.signed` asks."""
        days: dict[int, list[bool]] = {party.pk: [] for party in self.agreement.parties.all()}
        for party, signed_on in self.signatories.values_list("party", "signed_on"):
            days.setdefault(party, []).append(signed_on is not None and signed_on <= on)
        awaited = {party for party, signed in days.items() if not signed or not all(signed)}
        return list(Party.objects.filter(pk__in=awaited))


def periods_in_line(agreement: Agreement) -> list[PromisePeriod]:
    """Those of `PromisePeriodQuerySet.in_line_with`, for an agreement that has its own at hand: the
    earlier one's last may run over the seam.
    """
    periods = [*agreement.periods.all()]
    if agreement.predecessor:
        periods += agreement.predecessor.periods.select_related("agreement")
    return periods


class PromiseQuerySet(UnderAgreement["Promise"]):
    agreement_by = "period__agreement"

    def with_parties(self) -> PromiseQuerySet:
        return self.select_related("period").prefetch_related("responsible")


class Promise(models.Model):
    """A promise (löfte) to the citizens. `wording` is verbatim; `topic` is the portal's short
    name for it, for headings and tables.

    `goals` are those of the agreement it is to contribute to. When its period is followed by a
    new one it is carried over: continued or changed into its `successor`, or ended (`carried`).
    """

    class Carried(models.TextChoices):
        CONTINUED = "continue", "Fortsätter"
        CHANGED = "change", "Ändras"
        ENDED = "end", "Avslutas"

    period = models.ForeignKey(
        PromisePeriod,
        verbose_name="löftesperiod",
        related_name="promises",
        on_delete=models.PROTECT,
    )
    number = models.PositiveSmallIntegerField("nummer")
    topic = models.CharField("kort rubrik", max_length=80, validators=[no_personal_numbers])
    wording = models.TextField("lydelse", validators=[no_personal_numbers])
    responsible = models.ManyToManyField(
        Party, verbose_name="ansvariga parter", related_name="promises"
    )
    goals = models.ManyToManyField(
        Goal, verbose_name="mål som löftet bidrar till", related_name="promises", blank=True
    )
    predecessor = models.OneToOneField(
        "self",
        verbose_name="föregående löfte",
        related_name="successor",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    carried = models.CharField(
        "vid nästa löftesperiod", max_length=10, choices=Carried, blank=True, editable=False
    )
    carried_reason = models.CharField(
        "skäl", max_length=500, blank=True, editable=False, validators=[no_personal_numbers]
    )

    objects = PromiseQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[responsible, goals])

    # Its page is made above this room: settings.ABSOLUTE_URL_OVERRIDES says where it lies.
    get_absolute_url: Callable[[], str]

    class Meta:
        verbose_name = "löfte"
        verbose_name_plural = "löften"
        ordering = ["period", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "number"],
                name="promise_number_once",
                violation_error_message="Löftesperioden har redan ett löfte med det numret.",
            )
        ]

    def __str__(self) -> str:
        return f"Löfte {self.number}: {self.topic}"
