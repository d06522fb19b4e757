"""What is noted by hand in the Lagkontroll, where the portal itself holds no evidence."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet, Withdrawable
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Member


class LawParagraph(models.IntegerChoices):
    """The paragraphs of lag (2023:196) that the Lagkontroll goes through."""

    SITUATION_PICTURE = 4, "4 §"
    ACTION_PLAN = 5, "5 §"
    UPDATE = 6, "6 §"
    COOPERATION = 7, "7 §"
    AGREEMENTS = 8, "8 §"
    AGREEMENT_CONTENTS = 9, "9 §"
    COUNCIL = 10, "10 §"
    COORDINATION = 11, "11 §"
    INFORMATION = 12, "12 §"
    LEADERSHIP = 13, "13 §"


class LawNoteQuerySet(KeptQuerySet["LawNote"]):
    def standing(self) -> LawNoteQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class LawNote(Withdrawable):
    """A paragraph noted by hand as met, or as not applying, with the reason.

    For what is done outside the portal, such as a council that keeps its minutes elsewhere.
    One that no longer holds is withdrawn; a paragraph has one that stands.
    """

    called = "anteckningen"

    class Value(models.TextChoices):
        MET = "met", "Uppfyllt, visas på annat håll"
        NOT_APPLICABLE = "not_applicable", "Gäller inte oss"

    agreement = models.ForeignKey(
        Agreement,
        verbose_name="överenskommelse",
        related_name="law_notes",
        on_delete=models.PROTECT,
    )
    paragraph = models.PositiveSmallIntegerField("paragraf", choices=LawParagraph)
    value = models.CharField("läge", max_length=20, choices=Value)
    rationale = models.TextField(
        "motivering", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    noted_by = models.ForeignKey(
        Member, verbose_name="noterat av", related_name="+", on_delete=models.PROTECT
    )
    noted_on = models.DateField("noterat den")
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects: ClassVar = LawNoteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "anteckning i lagkontrollen"
        verbose_name_plural = "anteckningar i lagkontrollen"
        ordering = ["paragraph", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "paragraph"],
                condition=Q(withdrawn_at__isnull=True),
                name="lawnote_one_per_paragraph",
                violation_error_message="Paragrafen har redan en anteckning.",
            ),
            models.CheckConstraint(
                name="lawnote_with_reason",
                condition=~Q(rationale=""),
                violation_error_message="Skriv en motivering.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lag (2023:196) {self.get_paragraph_display()}"

    def get_absolute_url(self) -> str:
        return f"{reverse('law_check')}#paragraf-{self.paragraph}"
