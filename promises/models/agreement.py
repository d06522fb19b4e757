"""The collaboration agreement (samverkansöverenskommelse), as signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count, dropwhile, takewhile
from typing import Self, TypeVar

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.models.member import Member
from promises.models.party import Party


def in_force(on: date | models.OuterRef, by: str = "") -> Q:
    """Of an agreement that applies on the date: `Agreement.status(on).is_in_force` in a query.

    `by` leads to the agreement from the row that is asked about, as "undertaking__agreement__".
    """
    runs_on = Q(**{f"{by}valid_to__gte": on}) | Q(**{f"{by}runs_until_further_notice": True})
    is_replaced = Q(
        **{f"{by}successor__valid_from__lte": on, f"{by}successor__is_draft": False},
    )
    has_begun = Q(**{f"{by}valid_from__lte": on, f"{by}is_draft": False})
    return has_begun & runs_on & ~is_replaced


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, member: Member) -> AgreementQuerySet:
        """The agreements the member's party has signed; an administrator sees every one."""
        return self._of(member).filter(is_draft=False)

    def drafts_visible_to(self, member: Member) -> AgreementQuerySet:
        """The drafts that the member's party is to sign; an administrator sees every one."""
        return self._of(member).filter(is_draft=True)

    def _of(self, member: Member) -> AgreementQuerySet:
        if member.role == member.Role.ADMINISTRATOR:
            return self
        return self.filter(parties=member.party_id)

    def in_force(self, on: date) -> AgreementQuerySet:
        """Those that apply on the date."""
        return self.filter(in_force(on))

    def current(self, on: date) -> Agreement | None:
        """The agreement that applies on the date; else the latest one there is. A draft is none."""
        signed = self.filter(is_draft=False).select_related("successor")
        agreements = list(signed.order_by("valid_from", "id"))
        applying = [agreement for agreement in agreements if agreement.status(on).is_in_force]
        found = applying or agreements
        return found[-1] if found else None


Row = TypeVar("Row", bound=models.Model)


class UnderAgreement(models.QuerySet[Row]):
    """Rows that stand under an agreement, which `agreement_by` leads to from each of them."""

    agreement_by = "agreement"

    def visible_to(self, member: Member) -> Self:
        """Those under an agreement that the member sees."""
        return self.filter(**{f"{self.agreement_by}__in": Agreement.objects.visible_to(member)})


class AgreementStatus(models.TextChoices):
    """Where an agreement stands on a date. It is derived, never stored."""

    DRAFT = "draft", "Utkast"
    COMING = "coming", "Kommande"
    IN_FORCE = "in_force", "Gäller"
    UNTIL_FURTHER_NOTICE = "until_further_notice", "Gäller tills vidare"
    REPLACED = "replaced", "Ersatt"
    ENDED = "ended", "Upphört"

    @property
    def is_in_force(self) -> bool:
        return self in {AgreementStatus.IN_FORCE, AgreementStatus.UNTIL_FURTHER_NOTICE}


class Agreement(models.Model):
    """A samverkansöverenskommelse: the words the parties signed, and the time they apply.

    The texts stand verbatim as in the signed document, in its order: letterhead, introduction,
    goals, foundations, undertakings, follow-up clause, time plan and signatories.

    One that is drafted here to follow another is a draft until every party has signed it: until
    then it applies on no day and replaces nothing. `presented_on` is the day it was put before
    the signatories; its words stand still from then. One that came signed, as a file, is no draft.
    """

    key = models.SlugField("nyckel", unique=True, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=300, validators=[no_personal_numbers])
    letterhead = models.TextField("brevhuvud", blank=True, validators=[no_personal_numbers])
    introduction = models.TextField("inledning", blank=True, validators=[no_personal_numbers])
    goals_introduction = models.TextField(
        "text före målen", blank=True, validators=[no_personal_numbers]
    )
    foundations = models.TextField(
        "strategiska förutsättningar", blank=True, validators=[no_personal_numbers]
    )
    undertakings_introduction = models.TextField(
        "text före åtagandena", blank=True, validators=[no_personal_numbers]
    )
    followup_clause = models.TextField("uppföljning", blank=True, validators=[no_personal_numbers])
    time_plan = models.TextField("tidsplan", blank=True, validators=[no_personal_numbers])

    parties = models.ManyToManyField(Party, verbose_name="parter", related_name="agreements")
    valid_from = models.DateField("gäller från och med")
    valid_to = models.DateField("gäller till och med")
    runs_until_further_notice = models.BooleanField(
        "förlängs tills vidare",
        default=False,
        help_text="Gäller även efter slutdatumet om ingen ny överenskommelse tecknas.",
    )
    followup_interval_years = models.PositiveSmallIntegerField("år mellan uppföljningar", default=2)
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    predecessor = models.OneToOneField(
        "self",
        verbose_name="föregående överenskommelse",
        related_name="successor",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        error_messages={"unique": "Den överenskommelsen har redan en efterträdare."},
    )
    is_draft = models.BooleanField("utkast", default=False, editable=False)
    presented_on = models.DateField(
        "framlagd för underskrift", null=True, blank=True, editable=False
    )
    # What the parties have settled besides the signed words: empty as long as nothing is.
    group_meetings_per_half_year = models.PositiveSmallIntegerField(
        "samverkansgruppens möten per halvår",
        null=True,
        blank=True,
        help_text="Den rytm ni är överens om. Åtagandet säger bara att gruppen träffas regelbundet.",
    )
    council_meetings_per_half_year = models.PositiveSmallIntegerField(
        "strategiska rådets möten per halvår", null=True, blank=True
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = AgreementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"], m2m_fields=[parties])

    class Meta:
        verbose_name = "samverkansöverenskommelse"
        verbose_name_plural = "samverkansöverenskommelser"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(valid_to__gte=F("valid_from")),
                violation_error_message="Slutdatumet ska inte ligga före startdatumet.",
            ),
            models.CheckConstraint(
                name="agreement_followup_interval",
                condition=Q(followup_interval_years__range=(1, 10)),
                violation_error_message="Ange mellan 1 och 10 år mellan uppföljningarna.",
            ),
            models.CheckConstraint(
                name="agreement_not_own_predecessor",
                condition=~Q(predecessor=F("id")),
                violation_error_message="En överenskommelse kan inte efterträda sig själv.",
            ),
            models.CheckConstraint(
                name="agreement_draft_follows_another",
                condition=Q(is_draft=False) | Q(predecessor__isnull=False),
                violation_error_message="Ett utkast följer på en annan överenskommelse.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreement_draft" if self.is_draft else "agreement_page", args=[self.pk])

    @property
    def draft(self) -> Agreement | None:
        """The one that is drafted to follow it, and that not every party has signed yet."""
        successor = getattr(self, "successor", None)
        return successor if successor and successor.is_draft else None

    @property
    def replaced_by(self) -> Agreement | None:
        """The one that replaces it from its first day: every party has signed it."""
        successor = getattr(self, "successor", None)
        return successor if successor and not successor.is_draft else None

    @property
    def line(self) -> list[int]:
        """Its key and that of the one it follows: what was done under that one has been done."""
        return [key for key in (self.pk, self.predecessor_id) if key]

    def awaits_signature_of(self) -> list[Party]:
        """The parties that have not signed it."""
        signed = self.signatories.values("party")
        return list(self.parties.exclude(pk__in=signed))

    def status(self, on: date) -> AgreementStatus:
        """Where the agreement stands on the date.

        A successor replaces it from the day the successor applies. Without one it runs on
        until further notice after `valid_to`, if the parties agreed so (Tidsplan).
        """
        successor = self.replaced_by
        if self.is_draft:
            return AgreementStatus.DRAFT
        if on < self.valid_from:
            return AgreementStatus.COMING
        if successor is not None and on >= successor.valid_from:
            return AgreementStatus.REPLACED
        if on <= self.valid_to:
            return AgreementStatus.IN_FORCE
        if self.runs_until_further_notice:
            return AgreementStatus.UNTIL_FURTHER_NOTICE
        return AgreementStatus.ENDED

    @property
    def last_day(self) -> date | None:
        """The last day on which it applies (Tidsplan), or None while it runs on until further
        notice: its own last day, or the one before a successor's first.
        """
        successor = self.replaced_by
        replaced = successor and successor.valid_from - timedelta(days=1)
        own = None if self.runs_until_further_notice else self.valid_to
        return min((day for day in (own, replaced) if day), default=None)

    @property
    def review_name(self) -> str:
        """What its review is called: a tvåårsuppföljning only where there are two years between."""
        return "tvåårsuppföljning" if self.followup_interval_years == 2 else "uppföljning"

    @property
    def review_interval(self) -> str:
        """How often its goals are followed up, as it is said: "2 års mellanrum"."""
        years = self.followup_interval_years
        return f"{'ett' if years == 1 else years} års mellanrum"

    def review_day(self, number: int) -> date:
        """The day by which its first (1), second … review is to be made, whatever has been done.

        The clause Uppföljning: "med två års mellanrum", counted from the day the agreement began
        to apply. From a 1 January they are calendar years, and the day is the last of one. Which
        of the days is the next one is told where the reviews are.
        """
        years = relativedelta(years=number * self.followup_interval_years)
        goes_by_calendar_years = (self.valid_from.month, self.valid_from.day) == (1, 1)
        return self.valid_from + years - timedelta(days=int(goes_by_calendar_years))

    def review_days(self, first: date, last: date) -> list[date]:
        """Every such day from the first to the last of the two. After it has ended there is none."""
        last = min(last, self.last_day or last)
        days = dropwhile(lambda day: day < first, map(self.review_day, count(1)))
        return list(takewhile(lambda day: day <= last, days))


class Followed(models.Model):
    """What stands under an agreement and may go on in the one that follows: as it is, or changed,
    with the earlier one as its `predecessor`. What ends there has an `ended_reason`.
    """

    predecessor = models.OneToOneField(
        "self",
        verbose_name="i den föregående överenskommelsen",
        related_name="successor",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    ended_reason = models.CharField(
        "skäl till att det avslutas",
        max_length=500,
        blank=True,
        editable=False,
        validators=[no_personal_numbers],
    )

    class Meta:
        abstract = True


class Goal(Followed):
    """A goal (mål) of the collaboration. It is judged by effect, on the goal's own scale."""

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="goals", on_delete=models.PROTECT
    )
    number = models.PositiveSmallIntegerField("nummer")
    wording = models.TextField("lydelse", validators=[no_personal_numbers])

    history = HistoricalRecords()

    class Meta:
        verbose_name = "mål"
        verbose_name_plural = "mål"
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="goal_number_once",
                violation_error_message="Överenskommelsen har redan ett mål med det numret.",
            )
        ]

    def __str__(self) -> str:
        return f"Mål {self.number}"

    def get_absolute_url(self) -> str:
        return f"{reverse('agreement_page', args=[self.agreement_id])}#mal-{self.number}"


class Undertaking(Followed):
    """An undertaking (åtagande) of one party, or of all together when `responsible` is empty.

    `evidence` says by what in the portal it is seen to be kept, besides its activities.
    """

    class Evidence(models.TextChoices):
        ACTIVITIES = "activities", "Aktiviteter"
        TIME = "time", "Avsatt tid"
        COORDINATOR = "coordinator", "En utsedd samordnare"
        MEETINGS = "meetings", "Samverkansgruppens möten"

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="undertakings",
        on_delete=models.PROTECT,
    )
    number = models.PositiveSmallIntegerField("nummer")
    wording = models.TextField("lydelse", validators=[no_personal_numbers])
    responsible = models.ForeignKey(
        Party,
        verbose_name="ansvarig part",
        related_name="undertakings",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text="Tomt betyder att parterna har åtagit sig det gemensamt.",
    )
    evidence = models.CharField(
        "visas av", max_length=20, choices=Evidence, default=Evidence.ACTIVITIES
    )

    history = HistoricalRecords()

    # Its page is made above this room: settings.ABSOLUTE_URL_OVERRIDES says where it lies.
    get_absolute_url: Callable[[], str]

    class Meta:
        verbose_name = "åtagande"
        verbose_name_plural = "åtaganden"
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="undertaking_number_once",
                violation_error_message="Överenskommelsen har redan ett åtagande med det numret.",
            )
        ]

    def __str__(self) -> str:
        return f"Åtagande {self.number}"

    @property
    def responsible_label(self) -> str:
        return self.responsible.short_name if self.responsible else "Gemensamt"


class Signatory(models.Model):
    """Somebody who signed (undertecknare) the agreement or a promise period, with the title held then.

    `signed_on` is empty when the document carries no date beside the signature.
    """

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="signatories",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    period = models.ForeignKey(
        "promises.PromisePeriod",
        verbose_name="löftesperiod",
        related_name="signatories",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    number = models.PositiveSmallIntegerField("ordning")
    name = models.CharField("namn", max_length=200, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=200, validators=[no_personal_numbers])
    party = models.ForeignKey(Party, verbose_name="part", on_delete=models.PROTECT)
    signed_on = models.DateField("undertecknad den", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "undertecknare"
        verbose_name_plural = "undertecknare"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="signatory_of_one_document",
                condition=Q(agreement__isnull=False, period__isnull=True)
                | Q(agreement__isnull=True, period__isnull=False),
                violation_error_message=(
                    "En underskrift hör till antingen överenskommelsen eller medborgarlöftet."
                ),
            ),
            models.UniqueConstraint(
                fields=["agreement", "number"], name="agreement_signatory_number_once"
            ),
            models.UniqueConstraint(
                fields=["period", "number"], name="period_signatory_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}"

    def clean(self) -> None:
        if (self.agreement is None) == (self.period is None):
            raise ValidationError("Välj antingen en överenskommelse eller en löftesperiod.")
