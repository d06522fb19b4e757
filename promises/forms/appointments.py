"""Forms for who is appointed to what."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format

from promises.forms.base import LIKELY_YEAR, VersionedForm
from promises.known import NO_SUCH_TIME, VAGUE, KnownBy, read_when
from promises.models import Agreement, Appointment, Member, Undertaking
from promises.models.appointment import functions_for

DAY_UNKNOWN = "Lämna tomt om ni inte vet sedan vilken dag."
VAGUE_START = "Till exempel maj 2023, hösten 2023 eller 2023. Lämna tomt om ni vet dagen."
ONE_OR_THE_OTHER = "Skriv antingen dagen eller månaden, årstiden eller året. Töm det andra."
OWN_TITLE = "Till exempel områdespolis. Lämna tomt för den titel som ledamoten har i portalen."


class MemberChoiceField(forms.ModelChoiceField):
    """The members by name and party: in a group of several parties that tells who is who."""

    def label_from_instance(self, member: Member) -> str:
        return f"{member.name} ({member.party.short_name})"


class AppointmentForm(VersionedForm):
    """What the two forms of an appointment share: the days, and nobody appointed twice."""

    about = forms.CharField(
        label="Eller sedan månad, årstid eller år",
        max_length=40,
        required=False,
        help_text=VAGUE_START,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].validators.append(LIKELY_YEAR)
        self.initial |= _start_shown(self.instance)

    def stored_values(self, stored: Appointment) -> dict[str, object]:
        return super().stored_values(stored) | {"about": _start_shown(stored)["about"]}

    def clean(self) -> dict:
        cleaned = super().clean()
        self._clean_start(cleaned)
        self.refuse_disorder("starts_on", "ends_on")
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        member = cleaned.get("member") or (self.instance.member_id and self.instance.member)
        function = cleaned.get("function") or self.instance.function
        if member and function and not (self.has_error("starts_on") or self.has_error("ends_on")):
            self._refuse_twice(member, function, starts_on, ends_on)
        return cleaned

    def _clean_start(self, cleaned: dict) -> None:
        """The first day as far as it is known: by its day, its month, season or year, or not."""
        if not (about := cleaned.get("about")):
            self.instance.known_by = KnownBy.DAY
        elif cleaned.get("starts_on"):
            self.add_error("about", ONE_OR_THE_OTHER)
        elif not (known := read_when(about)) or known.known_by not in VAGUE:
            self.add_error("about", NO_SUCH_TIME)
        elif known.date < LIKELY_YEAR.limit_value:
            self.add_error("about", LIKELY_YEAR.message)
        else:
            cleaned["starts_on"], self.instance.known_by = known.date, known.known_by

    def _refuse_twice(
        self, member: Member, function: str, starts_on: date | None, ends_on: date | None
    ) -> None:
        same_time = Q()
        if starts_on:
            same_time &= Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
        if ends_on:
            same_time &= Q(starts_on__isnull=True) | Q(starts_on__lte=ends_on)
        other = (
            Appointment.objects.filter(
                agreement=self.instance.agreement, member=member, function=function
            )
            .filter(same_time)
            .exclude(pk=self.instance.pk)
            .first()
        )
        if other:
            days = f"från och med {other.first_day}"
            if other.ends_on:
                days += f" till och med {date_format(other.ends_on)}"
            self.add_error("starts_on", f"{member.name} är redan utsedd till samma sak {days}.")

    @transaction.atomic
    def save_or_explain(self) -> Appointment | None:
        """As of every versioned form; two who appoint the same member take turns."""
        Agreement.objects.select_for_update().get(pk=self.instance.agreement_id)
        return super().save_or_explain()


def _start_shown(appointment: Appointment) -> dict[str, object]:
    if appointment.known_by in VAGUE:
        return {"starts_on": None, "about": appointment.first_day}
    return {"starts_on": appointment.starts_on, "about": ""}


class AppointForm(AppointmentForm):
    """Appoint a member to a function that is evidence for the undertaking."""

    member = MemberChoiceField(Member.objects.none(), label="Ledamot")
    function = forms.ChoiceField(label="Utses till")

    class Meta:
        model = Appointment
        fields = ("function", "member", "title", "starts_on", "about")
        help_texts = {"title": OWN_TITLE, "starts_on": DAY_UNKNOWN}

    def __init__(self, *args, undertaking: Undertaking, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agreement = undertaking.agreement
        functions = functions_for(undertaking)
        self.instance.function = functions[0]
        if len(functions) == 1:
            del self.fields["function"]
        else:
            self.fields["function"].choices = [(one.value, one.label) for one in functions]
        members = Member.objects.filter(is_active=True).select_related("party")
        if undertaking.responsible:
            members = members.filter(party=undertaking.responsible)
        else:
            members = members.filter(party__in=undertaking.agreement.parties.all())
        self.fields["member"].queryset = members

    def save(self, commit: bool = True) -> Appointment:
        """Save it with the party, and if need be the title, that the member has now."""
        self.instance.party = self.instance.member.party
        self.instance.title = self.instance.title or self.instance.member.title
        return super().save(commit)


class ChangeAppointmentForm(AppointmentForm):
    """Mend an appointment, or end it by setting its last day."""

    class Meta:
        model = Appointment
        fields = ("title", "starts_on", "about", "ends_on")
        labels = {"ends_on": "Sista dagen"}
        help_texts = {
            "title": "Till exempel områdespolis.",
            "starts_on": DAY_UNKNOWN,
            "ends_on": "Fyll i när förordnandet är slut. Lämna tomt så länge det gäller.",
        }
