"""The members of the collaboration group: the portal's users."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from promises.integrity import no_personal_numbers
from promises.models.agreement import Party


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> Member:
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email: str, password: str | None = None, **fields) -> Member:
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
    is_example = models.BooleanField("exempelkonto", default=False, editable=False)

    objects = MemberManager()

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

    def get_full_name(self) -> str:
        return self.name

    # Django's admin asks these; administrators may use it, nobody else.

    @property
    def is_staff(self) -> bool:
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
