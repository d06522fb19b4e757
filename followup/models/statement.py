"""What a party states of an undertaking: told as a statement with its source, and never counted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from followup.models.occasion import end_of
from followup.swedish import counted
from promises import limits
from promises.integrity import no_personal_numbers
from promises.known import KnownBy, when_in_words
from promises.limits import number_of_at_most
from promises.models import Member, Party, Undertaking


class StatementQuerySet(KeptQuerySet["Statement"]):
    def standing(self) -> StatementQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def of_some_of(self, span: tuple[date, date]) -> StatementQuerySet:
        """Those of a time that the two dates, both included, hold some of."""
        return self.filter(date__lte=span[1], last_date__gte=span[0])

    def logged_by(self, day: date) -> StatementQuerySet:
        return self.filter(created_at__lt=end_of(day))


class Statement(Withdrawable):
    """A uppgift from a party of how an undertaking was kept, such as "polisen har bidragit med tid".

    Of an undertaking that is shown by meetings it says how many there were (`meetings`), of
    another it is in the party's own words (`wording`). It is told beside what is noted and
    logged, with its source, and is never added to it: nobody knows which of them it counts.
    """

    called = "uppgiften"

    undertaking = models.ForeignKey(
        Undertaking, verbose_name="åtagande", related_name="statements", on_delete=models.PROTECT
    )
    party = models.ForeignKey(
        Party,
        verbose_name="part",
        related_name="statements",
        on_delete=models.PROTECT,
        help_text="Den som lämnar uppgiften.",
    )
    date = models.DateField("första dagen")
    last_date = models.DateField("sista dagen")
    known_by = models.CharField("känt som", max_length=6, choices=KnownBy, editable=False)
    meetings = models.PositiveSmallIntegerField(
        "antal möten",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), number_of_at_most(limits.MEETINGS)],
    )
    wording = models.CharField(
        "uppgift", max_length=500, blank=True, validators=[no_personal_numbers]
    )
    source = models.CharField(
        "källa",
        max_length=300,
        validators=[no_personal_numbers],
        help_text="Var det står, till exempel Kommunens uppföljning av 2023.",
    )
    noted_by = models.ForeignKey(
        Member, verbose_name="noterat av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("noterat", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = StatementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "uppgift från en part"
        verbose_name_plural = "uppgifter från parterna"
        ordering = ["-date", "id"]
        constraints = [
            models.CheckConstraint(
                name="statement_of_meetings_or_in_words",
                condition=Q(meetings__isnull=False, meetings__gte=1, wording="")
                | Q(meetings=None) & ~Q(wording=""),
                violation_error_message="Skriv antalet möten eller uppgiften.",
            ),
            models.CheckConstraint(
                name="statement_with_its_source",
                condition=~Q(source=""),
                violation_error_message="Skriv var uppgiften står.",
            ),
            models.CheckConstraint(
                name="statement_ends_after_start",
                condition=Q(last_date__gte=F("date")),
                violation_error_message="Sista dagen ska vara efter den första.",
            ),
            models.UniqueConstraint(
                fields=["undertaking", "party", "date", "last_date"],
                condition=Q(withdrawn_at__isnull=True),
                name="statement_once_per_party_and_time",
                violation_error_message="Parten har redan lämnat en uppgift om den tiden.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party}, {when_in_words(self)}: {self.said}"

    def get_absolute_url(self) -> str:
        return f"{reverse('undertaking', args=[self.undertaking_id])}#uppgifter"

    @property
    def said(self) -> str:
        """What is stated, in a sentence."""
        if self.meetings is None:
            return self.wording
        return f"Samverkansgruppen träffades {counted(self.meetings, 'gång', 'gånger')}."

    @property
    def in_words(self) -> str:
        """The whole of it, so that nobody takes it for what is noted or counted."""
        said = self.said.rstrip(".")
        return (
            f"Uppgift från {self.party.short_name}, {when_in_words(self)}: {said}. "
            f"Källa: {self.source.rstrip('.')}."
        )
