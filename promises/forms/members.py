"""Forms for the members: who they are, what they leave behind, and who does a signatory's task."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from promises.forms.base import PlainSwedish, VersionedForm
from promises.models import Delegation, Member
from promises.models.member import ONLY_ADMINISTRATOR


class MemberForm(VersionedForm):
    """Who a member is. The one who is invited gets no password: they choose it themselves."""

    class Meta:
        model = Member
        fields = ("name", "title", "email", "party", "role")
        help_texts = {
            "title": "Till exempel områdespolis eller kommunchef.",
            "email": "Med den loggar ledamoten in. Andra ledamöter ser den, aldrig invånarna.",
            "party": "Bara en administratör kan vara utan part.",
            "role": "Rollen avgör vad ledamoten får göra, och parten vilka överenskommelser "
            "ledamoten ser.",
        }

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.before = Member.objects.filter(pk=self.instance.pk).first()
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["party"].is_plainly_optional = True  # its help text says for whom

    def clean_email(self) -> str:
        """The address in lower case. Says so when it is that of somebody who can come back."""
        email = self.cleaned_data["email"].lower()
        left = Member.objects.filter(email=email, is_active=False).exclude(pk=self.instance.pk)
        if member := left.first():
            raise ValidationError(
                f"{member} har slutat men har kvar sitt konto med den e-postadressen. Öppna "
                "ledamotens sida och välj Återkom."
            )
        return email

    def clean(self) -> dict:
        cleaned = super().clean()
        role, party = cleaned.get("role"), cleaned.get("party")
        if role and role != Member.Role.ADMINISTRATOR and not (party or self.has_error("party")):
            self.add_error("party", "Välj en part. Alla utom administratörer behöver en.")
        if self.before is None:
            return cleaned
        if role != Member.Role.ADMINISTRATOR and self.before.is_only_administrator():
            self.add_error("role", ONLY_ADMINISTRATOR)
        self._keep_delegations(role, party)
        return cleaned

    def _keep_delegations(self, role: str | None, party) -> None:
        """Let no running delegation lose its ground: its two people are of the same party."""
        was_signatory = self.before.role == Member.Role.SIGNATORY
        if self.before.party == party and not (was_signatory and role != self.before.role):
            return
        standing = Delegation.objects.concerning(self.before).standing(self.today)
        if delegation := standing.with_people().first():
            self.add_error(
                "party" if self.before.party != party else "role",
                f"En delegation löper till och med {date_format(delegation.ends_on)}: "
                f"{delegation}. Återkalla den först.",
            )

    @transaction.atomic
    def save_or_explain(self) -> Member | None:
        """Save, or put the reason on the form and return None."""
        Member.objects.hold_administrators()
        try:
            with transaction.atomic():
                return super().save_or_explain()
        except IntegrityError:  # somebody else was first with the address
            self.add_error("email", Member._meta.get_field("email").error_messages["unique"])
            return None


class LeaveForm(PlainSwedish, forms.Form):
    """The last day, and who takes over."""

    left_on = forms.DateField(
        label="Sista dagen",
        help_text="Kontot stängs genast, så dagen kan inte ligga framåt i tiden.",
    )
    successor = forms.ModelChoiceField(
        Member.objects.none(),
        label="Vem tar över?",
        required=False,
        help_text="Tar över aktiviteter som inte är klara, planerade tillfällen och öppna "
        "uppdrag. Utan efterträdare står de kvar på ledamoten tills någon väljs för var och en.",
    )

    def __init__(self, *args, member: Member, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"left_on": today}, **kwargs)
        self.member = member
        self.fields["left_on"].validators.append(
            MaxValueValidator(
                today,
                "Dagen har inte varit än. Avsluta ledamoten den dagen, eller skriv dagens datum.",
            )
        )
        # Of the same party, so that what is taken over is in an agreement the successor sees.
        colleagues = Member.objects.active().exclude(pk=member.pk)
        self.fields["successor"].queryset = (
            colleagues.filter(party=member.party) if member.party else colleagues
        )

    def leave_or_explain(self, by: Member) -> bool:
        """Let the member leave, or put the reason why not on the form."""
        if not self.is_valid():
            return False
        try:
            self.member.leave(self.cleaned_data["left_on"], self.cleaned_data["successor"], by=by)
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True


class DelegationForm(PlainSwedish, forms.ModelForm):
    """The task of the instance's signatory, in the hands of another of the party for a time."""

    class Meta:
        model = Delegation
        fields = ("delegate", "starts_on", "ends_on", "basis")
        labels = {"delegate": "Vem får uppdraget?", "basis": "Grund för delegationen"}

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.signatory = self.instance.signatory
        self.fields["ends_on"].validators.append(
            MinValueValidator(today, "Sista dagen har redan varit. Välj i dag eller senare.")
        )
        self.fields["delegate"].queryset = (
            Member.objects.active().filter(party=self.signatory.party).exclude(pk=self.signatory.pk)
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        self.refuse_disorder("starts_on", "ends_on")
        return cleaned

    @transaction.atomic
    def save_or_explain(self) -> Delegation | None:
        """Save, or put the reason on the form and return None.

        The signatory's row is held meanwhile, so that of two delegations of the same days to
        different people one sees the other.
        """
        list(Member.objects.select_for_update().filter(pk=self.signatory.pk))
        return self.save() if self.is_valid() else None
