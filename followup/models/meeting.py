"""The meetings of the samverkansgrupp and of the strategic council, and what came out of them."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from followup.locks import LockedError, refused_in_words
from followup.models.kept import Kept, KeptQuerySet
from promises import limits
from promises.integrity import no_personal_numbers
from promises.limits import text_of_at_most
from promises.models import Agreement, Appointment, Member, Party
from promises.models.appointment import AppointmentQuerySet

NARRATIVE = [text_of_at_most(limits.NARRATIVE), no_personal_numbers]

# The triggers of migration 0003 say the same.
LOCKED = "Protokollet är justerat och låst. Inget i mötet kan ändras längre."


class OfMeeting(Kept):
    """What belongs to a meeting, and is locked and kept with its minutes."""

    class Meta(Kept.Meta):
        abstract = True

    def save(self, **kwargs) -> None:
        """Save. Raises LockedError when the minutes have been signed."""
        _refuse_if_locked(self.meeting_id)
        with refused_in_words(LOCKED):
            super().save(**kwargs)


def _refuse_if_locked(meeting_id: int | None) -> None:
    if Meeting.objects.filter(pk=meeting_id, locked_at__isnull=False).exists():
        raise LockedError(LOCKED)


class MeetingQuerySet(KeptQuerySet):
    def visible_to(self, member: Member) -> MeetingQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))

    def held(self) -> MeetingQuerySet:
        return self.filter(status=Meeting.Status.HELD)


class Meeting(Kept):
    """A samverkansmöte: of the local samverkansgrupp (åtagande 5), or of the strategic council
    that the municipality leads (lag 2023:196 10 §). The two are never counted together.

    Once the chair has signed the minutes they are locked (`locked_at`, `MeetingDocument`).
    """

    class Kind(models.TextChoices):
        GROUP = "group", "Samverkansgruppen"
        COUNCIL = "council", "Strategiska rådet"

    class Status(models.TextChoices):
        PLANNED = "planned", "Planerat"
        CALLED = "called", "Kallat"
        HELD = "held", "Genomfört"
        CANCELLED = "cancelled", "Inställt"

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="meetings", on_delete=models.PROTECT
    )
    kind = models.CharField("möte i", max_length=20, choices=Kind, default=Kind.GROUP)
    date = models.DateField("datum")
    starts_at = models.TimeField("börjar", null=True, blank=True)
    ends_at = models.TimeField("slutar", null=True, blank=True)
    location = models.CharField(
        "lokal", max_length=200, blank=True, validators=[no_personal_numbers]
    )
    chair = models.ForeignKey(
        Member, verbose_name="ordförande", related_name="chaired_meetings", on_delete=models.PROTECT
    )
    secretary = models.ForeignKey(
        Member,
        verbose_name="sekreterare",
        related_name="+",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    introduction = models.TextField(
        "text i kallelsen",
        blank=True,
        validators=[text_of_at_most(limits.NOTE), no_personal_numbers],
    )
    registry_number = models.CharField(
        "diarienummer", max_length=60, blank=True, validators=[no_personal_numbers]
    )
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.PLANNED, editable=False
    )
    cancellation_reason = models.CharField(
        "skäl", max_length=500, blank=True, editable=False, validators=[no_personal_numbers]
    )
    called_at = models.DateTimeField("kallelsen skickad", null=True, blank=True, editable=False)
    locked_at = models.DateTimeField("protokollet låst", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        Member, verbose_name="upplagt av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("upplagt", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "möte"
        verbose_name_plural = "möten"
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(fields=["agreement", "kind", "-date", "-id"], name="meeting_kind_newest")
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_cancelled_with_reason",
                condition=~Q(status="cancelled") | ~Q(cancellation_reason=""),
                violation_error_message="Skriv varför mötet ställs in.",
            ),
            models.CheckConstraint(
                name="meeting_locked_when_held",
                condition=Q(locked_at__isnull=True) | Q(status="held"),
                violation_error_message="Bara ett genomfört mötes protokoll kan låsas.",
            ),
            models.CheckConstraint(
                name="meeting_times_in_order",
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                violation_error_message="Mötet ska sluta efter att det har börjat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.date:%Y-%m-%d}"

    def save(self, **kwargs) -> None:
        """Save. Raises LockedError when the minutes have been signed already."""
        _refuse_if_locked(self.pk)
        with refused_in_words(LOCKED):
            super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    @property
    def is_open(self) -> bool:
        """Whether anything in it may still be changed."""
        return not self.is_locked and self.status != self.Status.CANCELLED

    @property
    def is_coming(self) -> bool:
        """Whether it has neither been held nor cancelled."""
        return self.status in {self.Status.PLANNED, self.Status.CALLED}

    @transaction.atomic
    def mark_called(self, at: datetime) -> None:
        """Note that the call has gone out, however the meeting was changed meanwhile."""
        Meeting.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db()
        self.called_at = at
        if self.status == self.Status.PLANNED:
            self.status = self.Status.CALLED
        self.save()

    def roster(self) -> AppointmentQuerySet:
        """Those appointed to the group or the council on the day of the meeting."""
        return (
            Appointment.objects.filter(agreement=self.agreement_id, function=self.kind)
            .in_force(self.date)
            .select_related("member", "party")
        )

    def standing_items(self) -> list[AgendaItem]:
        """The agenda as it stands, in order."""
        return list(self.items.filter(withdrawn_at__isnull=True))


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
        items = self.meeting.standing_items()
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


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, member: Member) -> TaskQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(member))

    def open(self) -> TaskQuerySet:
        return self.filter(status=Task.Status.OPEN)

    def overdue(self, on: date) -> TaskQuerySet:
        return self.open().filter(due_on__lt=on)

    def open_first(self) -> TaskQuerySet:
        """The open ones by their date, then those closed, the last one first."""
        return self.order_by(F("closed_on").desc(nulls_first=True), "due_on", "id")


class Task(models.Model):
    """An uppdrag: what somebody took upon themselves to do, by when, usually at a meeting.

    It lives on after the minutes have been locked, and is closed as done or as dropped with the
    reason for it.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Öppet"
        DONE = "done", "Klart"
        DROPPED = "dropped", "Avskrivet"

    agreement = models.ForeignKey(
        Agreement, verbose_name="överenskommelse", related_name="tasks", on_delete=models.PROTECT
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name="möte",
        related_name="tasks",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    item = models.ForeignKey(
        AgendaItem,
        verbose_name="punkt",
        related_name="tasks",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    title = models.CharField("uppdrag", max_length=200, validators=[no_personal_numbers])
    owner = models.ForeignKey(
        Member, verbose_name="ansvarig", related_name="tasks", on_delete=models.PROTECT
    )
    due_on = models.DateField("klart senast")
    status = models.CharField(
        "läge", max_length=20, choices=Status, default=Status.OPEN, editable=False
    )
    closing_note = models.CharField(
        "hur det gick", max_length=500, blank=True, validators=[no_personal_numbers]
    )
    closed_on = models.DateField("avslutat den", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        Member, verbose_name="noterat av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("noterat", default=timezone.now, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempel", default=False, editable=False)

    objects = TaskQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "uppdrag"
        verbose_name_plural = "uppdrag"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["agreement", "status", "due_on", "id"], name="task_status_due"),
            models.Index(fields=["owner", "status", "due_on", "id"], name="task_owner_due"),
        ]
        constraints = [
            models.CheckConstraint(
                name="task_closed_on_a_day",
                condition=Q(status="open", closed_on__isnull=True)
                | ~Q(status="open") & Q(closed_on__isnull=False),
                violation_error_message="Ett avslutat uppdrag har ett datum.",
            ),
            models.CheckConstraint(
                name="task_dropped_with_reason",
                condition=~Q(status="dropped") | ~Q(closing_note=""),
                violation_error_message="Skriv varför uppdraget avskrivs.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("task", args=[self.pk])

    def clean(self) -> None:
        if self.status == self.Status.DROPPED and not self.closing_note.strip():
            raise ValidationError({"closing_note": "Skriv varför uppdraget avskrivs."})

    def is_overdue(self, on: date) -> bool:
        """The single-object twin of `TaskQuerySet.overdue`."""
        return self.status == self.Status.OPEN and self.due_on < on


class MeetingDocument(Kept):
    """The signed minutes as an archival document: the frozen contents, the PDF and both hashes.

    The chair's name and title are copied, since people change titles and leave.
    """

    meeting = models.OneToOneField(
        Meeting, verbose_name="möte", related_name="document", on_delete=models.PROTECT
    )
    signed_by = models.ForeignKey(
        Member, verbose_name="justerat av", related_name="+", on_delete=models.PROTECT
    )
    name = models.CharField("namn", max_length=150, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=150, blank=True, validators=[no_personal_numbers])
    signed_at = models.DateTimeField("justerat", default=timezone.now)
    contents = models.TextField("innehåll (kanonisk JSON)")
    contents_sha256 = models.CharField("innehållets SHA-256", max_length=64)
    pdf = models.BinaryField("PDF")
    pdf_sha256 = models.CharField("PDF-filens SHA-256", max_length=64, unique=True)

    class Meta:
        verbose_name = "justerat protokoll"
        verbose_name_plural = "justerade protokoll"

    def __str__(self) -> str:
        return f"Protokoll: {self.meeting}"

    def save(self, **kwargs) -> None:
        """Save it once. Raises LockedError the second time."""
        if not self._state.adding:
            raise LockedError("Ett justerat protokoll ändras aldrig.")
        super().save(**kwargs)
