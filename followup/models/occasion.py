"""The log: each time an activity was carried out, and what was counted or measured then."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Substr
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from followup.models.search import SearchEntry
from promises import limits
from promises.history import in_words
from promises.integrity import no_personal_numbers
from promises.known import VAGUE, KnownBy, when_in_words
from promises.limits import number_of_at_most, text_of_at_most
from promises.models import (
    Activity,
    Agreement,
    Member,
    Metric,
    Party,
    Place,
    PlannedOccasion,
    Promise,
    Undertaking,
)
from promises.models.promise import PromiseQuerySet


def end_of(day: date) -> datetime:
    """The first instant after the day, in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def start_of(day: date) -> datetime:
    """The first instant of the day, in the portal's time zone."""
    return end_of(day - timedelta(days=1))


# What a table of occasions shows of each, and what it can be in order of.
IN_A_ROW = (
    "pk",
    "date",
    "last_date",
    "known_by",
    "created_at",
    "activity__title",
    "activity__promise__number",
    "activity__undertaking__number",
    "place__name",
    "party__short_name",
    "done",
    "minutes",
    "participants",
    "withdrawn_at",
)


# The last day an occasion may have been carried out, in the database.
LAST_DAY = Coalesce(F("last_date"), F("date"))


def letters_of(day: Any, number: int) -> Substr:
    """The first letters of the day in ISO, such as its month: both databases do it natively,
    where TruncMonth on SQLite calls Python for every row.
    """
    return Substr(Cast(day, CharField()), 1, number)


def _same_letters(number: int) -> Exact:
    return Exact(letters_of("date", number), letters_of("last_date", number))


def last_known_day(by: str = "", among: Q | None = None) -> Max:
    """The last day on which one of the occasions is known to have been carried out.

    One that is known by its month, season or year has no such day. `by` leads to the occasions
    from the row that is asked about, and `among` says which of them to ask.
    """
    known = ~Q(**{f"{by}known_by__in": VAGUE})
    day = Coalesce(f"{by}last_date", f"{by}date")
    return Max(day, filter=among & known if among else known)


def held_whole_by(span: tuple[date, date]) -> Q:
    """Of an occasion that can't have been carried out on a day outside the two dates."""
    return Q(date__range=span) & (Q(last_date=None) | Q(last_date__lte=span[1]))


class OccasionQuerySet(KeptQuerySet["Occasion"]):
    def carried_out(self, within: tuple[date, date] | None = None) -> OccasionQuerySet:
        """Occasions that stand (not withdrawn), within the two dates, both included.

        One of several days, or known by its month, season or year, is within when its first day
        is: it counts once, whatever stretches the time is told in, and in one of them.
        """
        occasions = self.filter(withdrawn_at__isnull=True)
        return occasions.filter(date__range=within) if within else occasions

    def logged_by(self, day: date) -> OccasionQuerySet:
        """Occasions that had been logged when the day ended, as a report's cut-off asks."""
        return self.filter(created_at__lt=end_of(day))

    def logged_since(self, day: date) -> OccasionQuerySet:
        """Occasions logged on the day or later, whenever they were carried out."""
        return self.filter(created_at__gte=start_of(day))

    def visible_to(self, member: Member) -> OccasionQuerySet:
        # A condition on each row and not a join: the log is read in its own order, by index.
        visible = Activity.objects.visible_to(member).filter(pk=OuterRef("activity_id"))
        return self.filter(Exists(visible))

    def of_agreement(self, agreement: Agreement) -> OccasionQuerySet:
        return self.filter(activity__agreement=agreement)

    def in_line_with(self, agreement: Agreement) -> OccasionQuerySet:
        """Those of the agreement and of the one it follows."""
        return self.filter(activity__agreement__in=agreement.line)

    def of_promise(self, promise: Promise) -> OccasionQuerySet:
        return self.filter(activity__promise=promise)

    def of_undertaking(self, undertaking: Undertaking) -> OccasionQuerySet:
        return self.filter(activity__undertaking=undertaking)

    def published(self) -> OccasionQuerySet:
        """What citizens may read: published, standing, with a public sentence."""
        return self.carried_out().filter(is_published=True).exclude(public_sentence="")

    def containing(self, text: str) -> OccasionQuerySet:
        """Occasions that hold every word of the text, as the search finds them."""
        if not text.strip():
            return self
        entries = SearchEntry.objects.filter(kind=SearchEntry.Kind.OCCASION)
        found = entries.containing(text)
        if found.begins_with_few:
            return self.filter(pk__in=found.values("object_id"))
        return self.filter(Exists(found.filter(object_id=OuterRef("pk"))))

    def newest_first(self) -> OccasionQuerySet:
        return self.order_by("-date", "-id")

    def with_everything(self) -> OccasionQuerySet:
        """For lists that name the activity, promise, place, party and member of each."""
        return self.select_related(
            "activity__promise__period", "activity__undertaking", "place", "party", "member"
        )

    def as_rows(self) -> QuerySet[Occasion, Any]:
        """For tables: each as the plain values that a row shows, and what the query adds to it.

        A model with all that it belongs to, seven of them for each row, takes twice the time.
        """
        return self.values_list(*IN_A_ROW, *self.query.annotations, named=True)


def promises_to_report(agreement: Agreement, within: tuple[date, date]) -> PromiseQuerySet:
    """The promises a report on the two dates, and those between, has to tell of.

    Those of every löftesperiod that overlaps them, and those with an occasion carried out then
    all the same: what is logged after its period has run out must not fall out of the numbers.
    A period of the agreement that this one follows may run over the seam, or be logged on after it.
    """
    starts_on, ends_on = within
    carried_out = Occasion.objects.carried_out(within).filter(activity__promise=OuterRef("pk"))
    in_line = Q(period__agreement=agreement) | Q(period__agreement__successor=agreement)
    return Promise.objects.filter(in_line).filter(
        Q(period__starts_on__lte=ends_on, period__ends_on__gte=starts_on) | Exists(carried_out)
    )


class Occasion(Withdrawable):
    """A tillfälle: one time an activity was carried out.

    `done` says what was done and `outcome` what it gave. `internal_note` never leaves the group;
    `public_sentence` is what citizens read once the occasion is published. `minutes` and
    `participants` are empty when nobody knows, which is not the same as 0.
    An occasion is never deleted: it is withdrawn with a reason and counts no more.

    `date` is the day, or the first of several (`last_date`). One known by its month, season or
    year alone has the first and the last day on which it may have been carried out, which are
    those of the month, season or year on which its activity was in force.
    """

    called = "tillfället"
    as_withdrawn: ClassVar = {"is_published": False}

    activity = models.ForeignKey(
        Activity, verbose_name="aktivitet", related_name="occasions", on_delete=models.PROTECT
    )
    planned = models.ForeignKey(
        PlannedOccasion,
        verbose_name="planerat tillfälle",
        related_name="occasions",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )
    date = models.DateField("datum")
    last_date = models.DateField("sista dag", null=True, blank=True)
    known_by = models.CharField(
        "känt som", max_length=6, choices=KnownBy, default=KnownBy.DAY, editable=False
    )
    place = models.ForeignKey(
        Place,
        verbose_name="plats",
        related_name="occasions",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    party = models.ForeignKey(
        Party,
        verbose_name="part",
        related_name="occasions",
        on_delete=models.PROTECT,
        help_text="Den part som genomförde tillfället.",
    )
    member = models.ForeignKey(
        Member, verbose_name="loggat av", related_name="occasions", on_delete=models.PROTECT
    )
    minutes = models.PositiveIntegerField(
        "tid i minuter",
        null=True,
        blank=True,
        validators=[number_of_at_most(limits.MINUTES)],
        help_text="Partens sammanlagda arbetstid.",
    )
    participants = models.PositiveIntegerField(
        "deltagare", null=True, blank=True, validators=[number_of_at_most(limits.PARTICIPANTS)]
    )
    done = models.TextField(
        "vad som gjordes", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    outcome = models.TextField(
        "vad det gav", blank=True, validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    internal_note = models.TextField(
        "intern anteckning",
        blank=True,
        validators=[text_of_at_most(limits.NOTE), no_personal_numbers],
    )
    public_sentence = models.CharField(
        "mening till medborgarna", max_length=300, blank=True, validators=[no_personal_numbers]
    )
    is_published = models.BooleanField("publicerad", default=False)
    client_id = models.UUIDField("klientens id", default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    created_at = models.DateTimeField("loggat", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("ändrat", auto_now=True)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = OccasionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "updated_at", "client_id"])

    class Meta:
        verbose_name = "tillfälle"
        verbose_name_plural = "tillfällen"
        ordering = ["-date", "-id"]
        # The log is read newest first, whole or filtered: every filter has an index that also
        # holds the order, with the key last so that a page can begin anywhere.
        indexes = [
            models.Index(fields=["-date", "-id"], name="occasion_newest"),
            models.Index(fields=["activity", "-date", "-id"], name="occasion_activity_newest"),
            models.Index(fields=["place", "-date", "-id"], name="occasion_place_newest"),
            models.Index(fields=["party", "-date", "-id"], name="occasion_party_newest"),
            models.Index(fields=["-created_at", "-id"], name="occasion_last_logged"),
            models.Index(
                fields=["-date", "-id"],
                name="occasion_published_newest",
                condition=Q(is_published=True, withdrawn_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["planned"],
                condition=Q(withdrawn_at__isnull=True),
                name="occasion_once_as_planned",
                violation_error_message="Det planerade tillfället är redan loggat.",
            ),
            models.CheckConstraint(
                name="occasion_last_day_as_known",
                condition=Q(known_by=KnownBy.DAY, last_date=None)
                | Q(last_date__isnull=False, known_by=KnownBy.DAYS, last_date__gt=F("date"))
                | Q(last_date__isnull=False, known_by__in=VAGUE, last_date__gte=F("date")),
                violation_error_message="Sista dagen ska vara efter den första.",
            ),
            models.CheckConstraint(
                name="occasion_within_month_or_year",
                condition=(~Q(known_by=KnownBy.MONTH) | _same_letters(7))
                & (~Q(known_by=KnownBy.YEAR) | _same_letters(4)),
                violation_error_message="Dagarna ska vara i samma månad eller år.",
            ),
            models.CheckConstraint(
                name="occasion_minutes_reasonable",
                condition=Q(minutes__isnull=True) | Q(minutes__range=(0, limits.MINUTES)),
                violation_error_message="Tiden ska vara mellan 0 och 10 000 minuter.",
            ),
            models.CheckConstraint(
                name="occasion_participants_reasonable",
                condition=Q(participants__isnull=True)
                | Q(participants__range=(0, limits.PARTICIPANTS)),
                violation_error_message="Antalet deltagare ska vara mellan 0 och 10 000.",
            ),
            models.CheckConstraint(
                name="occasion_says_what_was_done",
                condition=~Q(done=""),
                violation_error_message="Skriv kort vad som gjordes.",
            ),
            models.CheckConstraint(
                name="occasion_published_with_sentence",
                condition=Q(is_published=False) | ~Q(public_sentence=""),
                violation_error_message=(
                    "Skriv meningen till medborgarna innan tillfället publiceras."
                ),
            ),
            models.CheckConstraint(
                name="occasion_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                violation_error_message="Skriv varför tillfället dras tillbaka.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {when_in_words(self, 'Y-m-d')}"

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save, and start the activity when this is its first."""
        super().save(**kwargs)
        planned = Activity.objects.select_for_update().filter(
            pk=self.activity_id, status=Activity.Status.PLANNED
        )
        if activity := planned.first():
            activity.status = Activity.Status.ONGOING
            activity.save(update_fields=["status"])

    def get_absolute_url(self) -> str:
        return reverse("occasion", args=[self.pk])

    def clean(self) -> None:
        if self.is_published and not self.public_sentence.strip():
            raise ValidationError(
                {"public_sentence": "Skriv meningen till medborgarna innan tillfället publiceras."}
            )

    @property
    def is_outside_period(self) -> bool:
        """Outside the löftesperiod it is logged under, all of it or some. Allowed, but remarked on."""
        promise = self.activity.promise
        days = (self.date, self.last_date or self.date)
        return promise is not None and not all(map(promise.period.covers, days))


class ReadingQuerySet(KeptQuerySet["Reading"]):
    def standing(self) -> ReadingQuerySet:
        """Readings that count: neither withdrawn nor of a withdrawn occasion."""
        return self.filter(
            Q(occasion__isnull=True) | Q(occasion__withdrawn_at__isnull=True),
            withdrawn_at__isnull=True,
        )


class Reading(Withdrawable):
    """A mätvärde: the value of a metric on a date, counted at an occasion or read elsewhere.

    For a share (n of m) `value` is n and `out_of` is m. No reading means nobody knows
    (ingen uppgift); a reading of 0 means none. One that is emptied is withdrawn, not deleted.
    """

    called = "mätvärdet"

    metric = models.ForeignKey(
        Metric, verbose_name="mätetal", related_name="readings", on_delete=models.PROTECT
    )
    occasion = models.ForeignKey(
        Occasion,
        verbose_name="tillfälle",
        related_name="readings",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    date = models.DateField("datum")
    value = models.DecimalField(
        "värde",
        max_digits=12,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0), message="Värdet ska vara 0 eller större.")],
    )
    out_of = models.DecimalField("av", max_digits=12, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField("inlagt", default=timezone.now, editable=False)
    source = models.CharField("källa", max_length=200, blank=True, validators=[no_personal_numbers])

    objects: ClassVar = ReadingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mätvärde"
        verbose_name_plural = "mätvärden"
        ordering = ["date", "id"]
        indexes = [models.Index(fields=["metric", "date"], name="reading_metric_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "occasion"],
                name="reading_once_per_occasion",
                violation_error_message="Mätetalet har redan ett värde för tillfället.",
            ),
            models.CheckConstraint(
                name="reading_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="Värdet ska vara 0 eller större.",
            ),
            models.CheckConstraint(
                name="reading_share_within_whole",
                condition=Q(out_of__isnull=True) | Q(out_of__gte=F("value")),
                violation_error_message="Andelen kan inte vara större än det hela.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {in_words(self.value)}"

    def clean(self) -> None:
        is_share = self.metric.rule == Metric.Rule.SHARE
        if is_share and self.out_of is None:
            raise ValidationError({"out_of": "Ange hur många av."})
        if not is_share and self.out_of is not None:
            raise ValidationError({"out_of": "Bara en andel har ett antal av."})
