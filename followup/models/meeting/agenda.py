"""What a meeting consists of: the points of its agenda, who came, and what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.models.kept import KeptQuerySet
from followup.models.meeting.meeting import Meeting, OfMeeting
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Member, Party

NARRATIVE: list[Callable[[str], None]] = [text_of_at_most(limits.NARRATIVE), no_personal_numbers]


class AgendaItemQuerySet(KeptQuerySet["AgendaItem"]):
    def standing(self) -> AgendaItemQuerySet:
        """The agenda as it stands, in order."""
        return self.filter(withdrawn_at__isnull=True)


class AgendaItem(OfMeeting):
    """A punkt on the agenda: what it is about before the meeting, and what was said at it."""

    meeting = models.ForeignKey(
        Meeting, verbose_name="möte", related_name="items", on_delete=models.PROTECT
    )
    number = models.PositiveSmallIntegerField("nummer")
    title = models.CharField("rubrik", max_length=200, validators=[no_personal_numbers])
    background = models.TextField("underlag", blank=True, validators=NARRATIVE)
    notes = models.TextField("anteckningar", blank=True, validators=NARRATIVE)
    withdrawn_at = models.DateTimeField("struken", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects: ClassVar = AgendaItemQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "punkt"
        verbose_name_plural = "punkter"
        ordering = ["number", "id"]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @transaction.atomic
    def move(self, steps: int) -> None:
        """Move it up (a negative number) or down on the agenda; at either end it stays.

        Raises LockedError when the minutes have been signed.
        """
        Meeting.objects.select_for_update().get(pk=self.meeting_id)
        items = list(self.meeting.items.standing())
        place = items.index(self)
        items.insert(max(0, place + steps), items.pop(place))
        for number, item in enumerate(items, start=1):
            if item.number != number:
                item.number = number
                item.save(update_fields=["number"])


class Attendance(OfMeeting):
    """Whether a member, or a guest named by role, came to a meeting.

    `presence` is empty while nobody has noted it, which is not the same as absent.
    """

    class Presence(models.TextChoices):
        PRESENT = "present", "Närvarande"
        EXCUSED = "excused", "Anmält förhinder"
        ABSENT = "absent", "Frånvarande"

    meeting = models.ForeignKey(
        Meeting, verbose_name="möte", related_name="attendances", on_delete=models.PROTECT
    )
    member = models.ForeignKey(
        Member,
        verbose_name="ledamot",
        related_name="attendances",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    guest = models.CharField(
        "gäst",
        max_length=150,
        blank=True,
        help_text="Skriv rollen, till exempel ”Länsstyrelsens handläggare”.",
        validators=[no_personal_numbers],
    )
    party = models.ForeignKey(
        Party,
        verbose_name="part",
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    presence = models.CharField("närvaro", max_length=20, choices=Presence, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "närvaro"
        verbose_name_plural = "närvaro"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="attendance_of_member_or_guest",
                condition=Q(member__isnull=False, guest="") | Q(member__isnull=True) & ~Q(guest=""),
                violation_error_message="Välj en ledamot eller skriv gästens roll.",
            ),
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="attendance_once",
                violation_error_message="Ledamoten står redan på listan.",
            ),
        ]

    def __str__(self) -> str:
        return self.member.name if self.member else self.guest


class Decision(OfMeeting):
    """A decision (beslut) taken at a meeting, under one of its agenda items."""

    meeting = models.ForeignKey(
        Meeting, verbose_name="möte", related_name="decisions", on_delete=models.PROTECT
    )
    item = models.ForeignKey(
        AgendaItem, verbose_name="punkt", related_name="decisions", on_delete=models.PROTECT
    )
    wording = models.TextField(
        "beslut", validators=[text_of_at_most(limits.NOTE), no_personal_numbers]
    )
    withdrawn_at = models.DateTimeField("struket", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("noterat", default=timezone.now, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "beslut"
        verbose_name_plural = "beslut"
        ordering = ["item__number", "id"]

    def __str__(self) -> str:
        return self.wording
