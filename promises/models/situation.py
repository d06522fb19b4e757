"""The lägesbild: what the problems are, how we know, and what was decided to do about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models.agreement import Agreement, UnderAgreement
from promises.models.member import Member
from promises.models.promise import Promise, PromisePeriod

NARRATIVE: list[Callable[[str], None]] = [text_of_at_most(limits.NARRATIVE), no_personal_numbers]
NOTE: list[Callable[[str], None]] = [text_of_at_most(limits.NOTE), no_personal_numbers]

# Of what the law asks for, the parts that are texts.
PARTS = {"extent", "consequences", "other_information", "analysis"}

ADOPTED = "Lägesbilden är antagen och kan inte ändras. Börja en ny utgåva för att uppdatera den."


class SituationPictureQuerySet(UnderAgreement["SituationPicture"]):
    def in_line_with(self, agreement: Agreement) -> SituationPictureQuerySet:
        """Those of the agreement and of the one it follows: a picture lasts over the seam."""
        return self.filter(Q(agreement=agreement) | Q(agreement__successor=agreement))

    def latest_first(self) -> SituationPictureQuerySet:
        """By edition, those of the agreement that applies before those of the one it followed."""
        return self.order_by("-agreement__valid_from", "-edition")

    def current(self) -> SituationPicture | None:
        """The latest adopted picture; while none is adopted, the latest draft."""
        return self.adopted().latest_first().first() or self.latest_first().first()

    def adopted(self) -> SituationPictureQuerySet:
        return self.filter(adopted_on__isnull=False)

    def drafts(self) -> SituationPictureQuerySet:
        return self.filter(adopted_on__isnull=True)

    def with_parts(self) -> SituationPictureQuerySet:
        """With its standing sources and problems, their causes and the promises that answer."""
        return self.select_related("agreement").prefetch_related(
            models.Prefetch("sources", Source.objects.standing()),
            models.Prefetch("problems", Problem.objects.standing().with_links()),
        )


class SituationPicture(models.Model):
    """A lägesbild: one edition of the municipality's and the police's common picture.

    Its parts are those of lag (2023:196) 4 §: a survey of the extent and the consequences of
    crime (kartläggning), other information, and an analysis. It is updated at least every second
    year (6 §): an adopted picture is not changed, the next edition begins as a copy of it.
    """

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="pictures", on_delete=models.PROTECT
    )
    edition = models.PositiveSmallIntegerField("utgåva", default=1, editable=False)
    dated_on = models.DateField("datum")
    extent = models.TextField("kartläggning: omfattning", blank=True, validators=NARRATIVE)
    consequences = models.TextField("kartläggning: konsekvenser", blank=True, validators=NARRATIVE)
    other_information = models.TextField("annan information", blank=True, validators=NARRATIVE)
    analysis = models.TextField("analys", blank=True, validators=NARRATIVE)
    adopted_on = models.DateField("antagen den", null=True, blank=True, editable=False)
    adopting_body = models.CharField(
        "antagen av", max_length=150, blank=True, editable=False, validators=[no_personal_numbers]
    )
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, editable=False, validators=[no_personal_numbers]
    )
    created_by = models.ForeignKey(
        Member, verbose_name="påbörjad av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("påbörjad", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = SituationPictureQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "lägesbild"
        verbose_name_plural = "lägesbilder"
        ordering = ["-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "edition"],
                name="picture_edition_once",
                violation_error_message="Den utgåvan av lägesbilden finns redan.",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(adopted_on__isnull=True),
                name="picture_one_draft",
                violation_error_message="Det finns redan ett utkast till lägesbild.",
            ),
            models.CheckConstraint(
                name="picture_adopted_by_somebody",
                condition=Q(adopted_on__isnull=True) | ~Q(adopting_body=""),
                violation_error_message="Skriv vem som har antagit lägesbilden.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lägesbild {self.dated_on:%Y}, utgåva {self.edition}"

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save. Raises ValidationError once the picture has been adopted."""
        if self.pk:
            _hold_open(self.pk)
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("situation_picture", args=[self.pk])

    @property
    def is_adopted(self) -> bool:
        return self.adopted_on is not None

    def lacks(self) -> list[str]:
        """What the law asks for and the picture does not have yet (lag 2023:196 4 §), in words."""
        lacks = [
            str(part.verbose_name)
            for part in self._meta.fields
            if part.name in PARTS and not getattr(self, part.name).strip()
        ]
        if not self.sources.standing().exists():
            lacks.append("minst ett underlag")
        if not self.problems.standing().exists():
            lacks.append("minst ett problem")
        return lacks


def _hold_open(*pictures: int) -> None:
    """Keep the pictures from being adopted until the transaction ends.

    Raises ValidationError when one of them has been adopted already.
    """
    rows = SituationPicture.objects.select_for_update().filter(pk__in=pictures).order_by("pk")
    if any(row.is_adopted for row in rows):
        raise ValidationError(ADOPTED)


def _pictures_of(row: Source | Problem) -> set[int]:
    """The picture the row is about to belong to, and the one it is stored under."""
    stored = type(row).objects.filter(pk=row.pk).values_list("picture_id", flat=True)
    return {row.picture_id, *stored}


class StrikableQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those that have not been struck out."""
        return self.filter(withdrawn_at__isnull=True)

    def struck(self) -> Self:
        return self.filter(withdrawn_at__isnull=False)


class ProblemQuerySet(StrikableQuerySet):
    def with_links(self) -> ProblemQuerySet:
        """With their causes, and the promises that answer them."""
        return self.prefetch_related(
            models.Prefetch("causes", Cause.objects.standing()),
            models.Prefetch("promises", Promise.objects.select_related("period")),
            models.Prefetch("sources", Source.objects.standing()),
        )


class Source(models.Model):
    """An underlag: what a lägesbild builds on, with its date and what it says in short.

    No answers of individuals and nothing the police hold secret is copied here: a summary, and
    where the source itself is kept.
    """

    class Kind(models.TextChoices):
        CITIZEN_DIALOGUE = "citizen_dialogue", "Medborgardialog"
        STAFF_DIALOGUE = "staff_dialogue", "Medarbetardialog"
        SURVEY = "survey", "Enkät"
        STATISTICS = "statistics", "Statistik"
        POLICE = "police", "Polisens underlag"
        OTHER = "other", "Annat underlag"

    picture = models.ForeignKey(
        SituationPicture, verbose_name="lägesbild", related_name="sources", on_delete=models.PROTECT
    )
    kind = models.CharField("slag", max_length=20, choices=Kind)
    title = models.CharField("rubrik", max_length=150, validators=[no_personal_numbers])
    dated_on = models.DateField("datum")
    summary = models.TextField("sammanfattning", validators=NOTE)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    withdrawn_at = models.DateTimeField("struket", null=True, blank=True, editable=False)

    objects = StrikableQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "underlag"
        verbose_name_plural = "underlag"
        ordering = ["-dated_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save. Raises ValidationError once its picture has been adopted."""
        _hold_open(*_pictures_of(self))
        super().save(**kwargs)


class Problem(models.Model):
    """A problem in a lägesbild, with how far it reaches, what it leads to and how it is ranked.

    `promises` are the promises that answer it: the first link of the röda tråden.
    """

    class Priority(models.IntegerChoices):
        HIGH = 1, "Hög"
        MEDIUM = 2, "Medel"
        LOW = 3, "Låg"

    picture = models.ForeignKey(
        SituationPicture,
        verbose_name="lägesbild",
        related_name="problems",
        on_delete=models.PROTECT,
    )
    title = models.CharField("problem", max_length=150, validators=[no_personal_numbers])
    extent = models.TextField("omfattning", blank=True, validators=NOTE)
    consequences = models.TextField("konsekvenser", blank=True, validators=NOTE)
    priority = models.PositiveSmallIntegerField(
        "prioritet", choices=Priority, default=Priority.MEDIUM
    )
    sources = models.ManyToManyField(
        Source, verbose_name="underlag", related_name="problems", blank=True
    )
    promises = models.ManyToManyField(
        Promise,
        verbose_name="löften som svarar mot problemet",
        related_name="problems",
        blank=True,
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)
    withdrawn_at = models.DateTimeField("struket", null=True, blank=True, editable=False)

    objects = ProblemQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"], m2m_fields=[sources, promises])

    class Meta:
        verbose_name = "problem"
        verbose_name_plural = "problem"
        ordering = ["priority", "title", "id"]
        constraints = [
            models.CheckConstraint(
                name="problem_priority",
                condition=Q(priority__range=(1, 3)),
                violation_error_message="Välj hög, medel eller låg prioritet.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save. Raises ValidationError once its picture has been adopted."""
        _hold_open(*_pictures_of(self))
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        """Where it is read: its place on the page of its lägesbild."""
        return f"{reverse('situation_picture', args=[self.picture_id])}#problem-{self.pk}"


class Cause(models.Model):
    """A cause (orsak) of a problem: in the situation, or social (Brå's two kinds of prevention)."""

    class Kind(models.TextChoices):
        SITUATIONAL = "situational", "Situationell"
        SOCIAL = "social", "Social"

    problem = models.ForeignKey(
        Problem, verbose_name="problem", related_name="causes", on_delete=models.PROTECT
    )
    kind = models.CharField("slag", max_length=20, choices=Kind)
    wording = models.CharField("orsak", max_length=300, validators=[no_personal_numbers])
    withdrawn_at = models.DateTimeField("struken", null=True, blank=True, editable=False)

    objects = StrikableQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "orsak"
        verbose_name_plural = "orsaker"
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.wording

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save. Raises ValidationError once its problem's picture has been adopted."""
        stored = Problem.objects.filter(Q(pk=self.problem_id) | Q(causes__in=[self.pk]))
        _hold_open(*stored.values_list("picture_id", flat=True))
        super().save(**kwargs)


class ActionPlanQuerySet(UnderAgreement["ActionPlan"]):
    agreement_by = "picture__agreement"


class ActionPlan(models.Model):
    """An åtgärdsplan (lag 2023:196 5 §): the decision on what to do, on the ground of a lägesbild.

    Its measures are the activities of the period's promises. Followed up at least every second
    year (6 §).
    """

    picture = models.ForeignKey(
        SituationPicture, verbose_name="lägesbild", related_name="plans", on_delete=models.PROTECT
    )
    period = models.ForeignKey(
        PromisePeriod, verbose_name="löftesperiod", related_name="plans", on_delete=models.PROTECT
    )
    decided_on = models.DateField("beslutad den")
    deciding_body = models.CharField(
        "beslutad av", max_length=150, validators=[no_personal_numbers]
    )
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    note = models.TextField("anteckning", blank=True, validators=NOTE)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = ActionPlanQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "åtgärdsplan"
        verbose_name_plural = "åtgärdsplaner"
        ordering = ["-decided_on", "-id"]

    def __str__(self) -> str:
        return f"Åtgärdsplan, beslutad {self.decided_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("action_plan", args=[self.pk])
