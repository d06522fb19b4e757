"""The members of the collaboration group: the portal's users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import HistoricalRecords

from promises.integrity import no_personal_numbers
from promises.models.party import Party

ONLY_ADMINISTRATOR = (
    "Det här är den enda aktiva administratören. Gör någon annan till administratör först."
)


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, member: Member) -> MemberQuerySet:
        """The members of the parties to an agreement the member sees, and the administrators,
        whom anybody may have to ask. An administrator sees everybody.
        """
        if member.role == Member.Role.ADMINISTRATOR:
            return self
        parties = Party.objects.cooperating_with(member.party_id)
        return self.filter(
            Q(party__in=parties) | Q(role=Member.Role.ADMINISTRATOR) | Q(pk=member.pk)
        )

    def active(self) -> MemberQuerySet:
        return self.filter(is_active=True)

    def administrators(self) -> MemberQuerySet:
        """Those who can administer the portal today."""
        return self.active().filter(role=Member.Role.ADMINISTRATOR)

    def hold_administrators(self) -> None:
        """Let nobody else change who administers the portal until the transaction is over, so
        that two administrators can't take the role from each other at the same moment.
        """
        list(self.administrators().select_for_update().order_by("pk"))

    def with_tasks_of_signatories(self, on: date) -> MemberQuerySet:
        """With their party, and as `delegations_now` the delegations they hold on the date."""
        in_force = Delegation.objects.in_force(on).select_related("signatory")
        return self.select_related("party").prefetch_related(
            Prefetch("delegations_held", in_force, to_attr="delegations_now")
        )


# The plugin knows `from_queryset` of Django's plain manager only.
class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Member:
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """An administrator; `manage.py createsuperuser` makes the first one."""
        return self.create_user(email, password, role=Member.Role.ADMINISTRATOR, **fields)

    def get_by_natural_key(self, email: str) -> Member:
        return self.get(email__iexact=email)


class Member(AbstractBaseUser):
    """A ledamot: somebody with an account, from one of the parties, with one role.

    The role decides what the member may do (`promises.access`). A member who leaves is made
    inactive and never deleted: what they logged stays theirs.
    """

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", "Samordnare"
        SIGNATORY = "signatory", "Undertecknare"
        READER = "reader", "Läsare"
        ADMINISTRATOR = "administrator", "Administratör"

    class Status(models.TextChoices):
        """Where the member stands. It is derived, never stored."""

        ACTIVE = "active", "Aktiv"
        INVITED = "invited", "Inbjuden"
        NOT_INVITED = "not_invited", "Inte inbjuden"
        LEFT = "left", "Har slutat"

    email = models.EmailField(
        "e-postadress",
        unique=True,
        error_messages={"unique": "Det finns redan ett konto med den e-postadressen."},
    )
    name = models.CharField("namn", max_length=150, validators=[no_personal_numbers])
    title = models.CharField("titel", max_length=150, blank=True, validators=[no_personal_numbers])
    party = models.ForeignKey(
        Party,
        verbose_name="part",
        related_name="members",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    role = models.CharField("roll", max_length=20, choices=Role, default=Role.READER)
    is_active = models.BooleanField(
        "aktiv", default=True, help_text="Avmarkera när någon slutar. Det de har loggat finns kvar."
    )
    invited_at = models.DateTimeField("inbjuden", null=True, blank=True, editable=False)
    left_on = models.DateField("slutade den", null=True, blank=True, editable=False)
    # When the sign-in before the current one was: what came later is new to the member.
    previous_login = models.DateTimeField("inloggad dessförinnan", null=True, editable=False)
    version = models.PositiveIntegerField("version", default=1, editable=False)
    is_example = models.BooleanField("exempelkonto", default=False, editable=False)

    objects = MemberManager()
    history = HistoricalRecords(
        excluded_fields=["password", "last_login", "previous_login", "version"]
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "ledamot"
        verbose_name_plural = "ledamöter"
        ordering = ["name"]
        constraints = [
            # Unique in whatever case it is typed.
            models.CheckConstraint(
                name="member_email_in_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message="Skriv e-postadressen med små bokstäver.",
            ),
            models.CheckConstraint(
                name="member_party_for_role",
                condition=Q(role="administrator") | Q(party__isnull=False),
                violation_error_message="Alla utom administratörer behöver en part.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Save; a sign-in or a new password is no change of the member and leaves no history."""
        if {*(kwargs.get("update_fields") or ["everything"])} <= {
            "last_login",
            "previous_login",
            "password",
        }:
            self.skip_history_when_saving = True
        try:
            super().save(**kwargs)
        finally:
            self.__dict__.pop("skip_history_when_saving", None)

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.pk])

    def get_full_name(self) -> str:
        return self.name

    @property
    def status(self) -> Member.Status:
        if not self.is_active:
            return self.Status.LEFT
        if self.has_signed_in:
            return self.Status.ACTIVE
        if self.invited_at is not None:
            return self.Status.INVITED
        # An administrator may also have given the account a password by hand.
        return self.Status.ACTIVE if self.has_usable_password() else self.Status.NOT_INVITED

    @property
    def has_signed_in(self) -> bool:
        return self.last_login is not None

    def is_only_administrator(self) -> bool:
        """Whether nobody could administer the portal without this member."""
        administrators = Member.objects.administrators()
        return (
            administrators.filter(pk=self.pk).exists()
            and not administrators.exclude(pk=self.pk).exists()
        )

    def in_hand(self, on: date) -> InHand:
        """What the member has in hand on the date: not finished, running or still to come."""
        return InHand(
            activities=self.activities.unfinished(),
            planned_occasions=self.planned_occasions.standing()
            .filter(date__gte=on)
            .select_related("activity", "place"),
            tasks=self.tasks.open(),
            appointments=self.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)),
            delegations=Delegation.objects.concerning(self).standing(on).with_people(),
        )

    @transaction.atomic
    def leave(self, on: date, successor: Member | None, by: Member) -> None:
        """Leave the group: the account is closed, and `on` is the last day.

        What was logged stays as it is. The successor takes over the activities that are not
        finished, the occasions planned for `on` and later, and the open tasks; without one they
        stand in the member's name until somebody is chosen for each. Appointments end on the
        day, delegations are revoked.

        Raises ValidationError for the only administrator, for a member who has left already, a
        successor who can't take over, or an appointment that begins after the day.
        """
        Member.objects.hold_administrators()
        if self.is_only_administrator():
            raise ValidationError(ONLY_ADMINISTRATOR)
        if successor is not None and (successor.pk == self.pk or not successor.is_active):
            raise ValidationError("Välj någon annan, som är aktiv, att ta över.")
        self._claim(was_active=True, refusal=f"{self} har redan slutat.")
        in_hand = self.in_hand(on)
        for appointment in in_hand.appointments.select_for_update(of=("self",)):
            appointment.end(on)
        for delegation in in_hand.delegations:
            delegation.revoke(by=by)
        if successor is not None:
            _hand_over(in_hand.activities, "responsible_member", successor)
            _hand_over(in_hand.planned_occasions, "responsible_member", successor)
            _hand_over(in_hand.tasks, "owner", successor)
        self.is_active, self.left_on = False, on
        self.save()

    @transaction.atomic
    def come_back(self) -> None:
        """Open the account of a member who has left. What was handed over or ended stays so.

        Raises ValidationError when the member has not left.
        """
        self._claim(was_active=False, refusal=f"{self} har inte slutat.")
        self.is_active, self.left_on = True, None
        self.save()

    def _claim(self, *, was_active: bool, refusal: str) -> None:
        """Read the member afresh for one who comes or goes; of two at the same moment one may."""
        claimed = Member.objects.filter(pk=self.pk, is_active=was_active).update(
            version=F("version") + 1
        )
        if not claimed:
            raise ValidationError(refusal)
        self.refresh_from_db()

    # Django's admin asks these; administrators may use it, nobody else.

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


@dataclass(frozen=True)
class InHand:
    """What a member has in hand, and what a successor takes over or leaving puts an end to."""

    activities: models.QuerySet
    planned_occasions: models.QuerySet
    tasks: models.QuerySet
    appointments: models.QuerySet
    delegations: DelegationQuerySet


def _hand_over(rows: models.QuerySet, field: str, successor: Member) -> None:
    """Put the successor in charge, row by row so that it stands in the history of each.

    A form that is open on a row notices by its version.
    """
    for row in rows.select_for_update(of=("self",)):
        setattr(row, field, successor)
        row.version += 1
        row.save(update_fields=[field, "version"])


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, on: date) -> DelegationQuerySet:
        """Those that hold on the date, both ends included, and have not been revoked.

        None holds any longer once one of the two has left or changed party, or the signatory
        is one no more.
        """
        return self.standing(on).filter(
            starts_on__lte=on,
            signatory__is_active=True,
            signatory__role=Member.Role.SIGNATORY,
            signatory__party=F("delegate__party"),
            delegate__is_active=True,
        )

    def standing(self, on: date) -> DelegationQuerySet:
        """Those that run on the date or later and have not been revoked."""
        return self.filter(ends_on__gte=on, revoked_at__isnull=True)

    def concerning(self, member: Member) -> DelegationQuerySet:
        """Those the member has given or holds."""
        return self.filter(Q(signatory=member) | Q(delegate=member))

    def with_people(self) -> DelegationQuerySet:
        return self.select_related("signatory", "delegate")


class Delegation(models.Model):
    """A signatory's task in the hands of another member for a time.

    The clause Uppföljning: "alternativt delegerat ansvar för uppföljningen till annan i
    verksamheterna". The delegate is of the signatory's own party, so that nobody can come to
    sign for both. It is revoked, never deleted.
    """

    class Status(models.TextChoices):
        """Where the delegation stands on a date. It is derived, never stored."""

        COMING = "coming", "Kommande"
        IN_FORCE = "in_force", "Gäller"
        ENDED = "ended", "Upphört"
        REVOKED = "revoked", "Återkallad"

    signatory = models.ForeignKey(
        Member,
        verbose_name="undertecknare",
        related_name="delegations_given",
        on_delete=models.PROTECT,
    )
    delegate = models.ForeignKey(
        Member, verbose_name="delegat", related_name="delegations_held", on_delete=models.PROTECT
    )
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med")
    basis = models.CharField(
        "grund",
        max_length=200,
        blank=True,
        help_text="Till exempel diarienumret för delegationsbeslutet.",
        validators=[no_personal_numbers],
    )
    created_by = models.ForeignKey(
        Member, verbose_name="inlagd av", related_name="+", on_delete=models.PROTECT
    )
    created_at = models.DateTimeField("inlagd", default=timezone.now, editable=False)
    revoked_at = models.DateTimeField("återkallad", null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        Member,
        verbose_name="återkallad av",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
    )

    objects = DelegationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "delegation"
        verbose_name_plural = "delegationer"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="delegation_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Sista dagen ska inte ligga före första dagen.",
            ),
            models.CheckConstraint(
                name="delegation_to_somebody_else",
                condition=~Q(signatory=F("delegate")),
                violation_error_message="Välj någon annan än undertecknaren själv.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} för {self.signatory}"

    def clean(self) -> None:
        if self.signatory.role != Member.Role.SIGNATORY:
            raise ValidationError("Bara en undertecknare kan delegera uppdraget.")
        if self.delegate_id is None:
            return
        if self.delegate.party_id != self.signatory.party_id:
            raise ValidationError(
                {"delegate": "Välj någon från samma part: ingen skriver under för båda parterna."}
            )
        if self.starts_on and self.ends_on and (other := self._overlapping().first()):
            raise ValidationError(
                f"{other.delegate} har redan uppdraget {date_format(other.starts_on)} – "
                f"{date_format(other.ends_on)}. Återkalla den delegationen först, eller välj "
                "andra dagar."
            )

    def _overlapping(self) -> DelegationQuerySet:
        """The signatory's other delegations of the same days to somebody else."""
        return (
            Delegation.objects.filter(
                signatory=self.signatory,
                revoked_at__isnull=True,
                starts_on__lte=self.ends_on,
                ends_on__gte=self.starts_on,
            )
            .exclude(Q(pk=self.pk) | Q(delegate=self.delegate))
            .select_related("delegate")
        )

    def status(self, on: date) -> Delegation.Status:
        if self.revoked_at is not None:
            return self.Status.REVOKED
        if on > self.ends_on:
            return self.Status.ENDED
        return self.Status.COMING if on < self.starts_on else self.Status.IN_FORCE

    def revoke(self, by: Member) -> None:
        """Take the task back; the row stays. Raises ValidationError when it is done already."""
        claimed = Delegation.objects.filter(pk=self.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now(), revoked_by=by
        )
        if not claimed:
            raise ValidationError("Delegationen är redan återkallad.")
        self.refresh_from_db()
        self.save()  # so that it stands in the history
