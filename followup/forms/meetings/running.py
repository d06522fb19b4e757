"""During the meeting: who is there, and what is said and decided point by point."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.db.models import QuerySet

from followup.forms.meetings.base import OpenMeetingForm, colleagues
from followup.models import AgendaItem, Attendance, Decision, Meeting, Task
from promises.models import Member

GUESTS_AT_A_TIME = 2


class AttendanceForm(OpenMeetingForm):
    """Who is there: a choice for each on the roster, and guests named by role."""

    class Meta:
        model = Meeting
        fields = ()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.instance.attendances.select_related("member", "party"))
        self.rows = [row for row in rows if row.member] + self._not_listed(rows)
        self.guests = [row for row in rows if not row.member]
        for row in self.rows:
            party = f", {row.party}" if row.party else ""
            field = forms.ChoiceField(
                label=f"{row.member.name}{party}",
                choices=Attendance.Presence.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=row.presence,
            )
            field.is_plainly_optional = True
            self.fields[f"member_{row.member_id}"] = field
        empty = [Attendance(meeting=self.instance) for _ in range(GUESTS_AT_A_TIME)]
        self.guests += empty
        for number, row in enumerate(self.guests, start=1):
            self._add_guest(number, row)

    def _not_listed(self, rows: list[Attendance]) -> list[Attendance]:
        """New rows for those appointed after the meeting was planned."""
        listed = {row.member_id for row in rows}
        return [
            Attendance(meeting=self.instance, member=one.member, party=one.party)
            for one in {one.member_id: one for one in self.instance.roster()}.values()
            if one.member_id not in listed
        ]

    def _add_guest(self, number: int, row: Attendance) -> None:
        guest = Attendance._meta.get_field("guest").formfield(
            label=f"Gäst {number}", required=False, help_text=""
        )
        guest.is_plainly_optional = True
        guest.initial = row.guest
        self.fields[f"guest_{number}"] = guest

    @property
    def choices(self) -> list[forms.BoundField]:
        return [self[f"member_{row.member_id}"] for row in self.rows]

    @property
    def guest_fields(self) -> list[forms.BoundField]:
        return [self[f"guest_{number}"] for number, _ in enumerate(self.guests, start=1)]

    def clean(self) -> dict:
        cleaned = super().clean()
        for number, row in enumerate(self.guests, start=1):
            name = f"guest_{number}"
            if row.pk and not cleaned.get(name) and not self.has_error(name):
                self.add_error(name, "En noterad gäst kan ändras men inte tas bort.")
        return cleaned

    def stored_values(self, stored: Meeting) -> dict[str, object]:
        """The presence that is noted now, for whoever was second to note it."""
        noted = dict(stored.attendances.values_list("member", "presence"))
        presences = {f"member_{row.member_id}": noted.get(row.member_id, "") for row in self.rows}
        return presences | {f"guest_{n}": row.guest for n, row in enumerate(self.guests, start=1)}

    def _read(self, name: str, value: object) -> str:
        return dict(Attendance.Presence.choices).get(value, value or "Inte noterad")

    @transaction.atomic
    def save(self, commit: bool = True) -> Meeting:
        meeting = super().save(commit)
        for row in self.rows:
            row.presence = self.cleaned_data[f"member_{row.member_id}"]
            self._save_changed(row)
        for number, row in enumerate(self.guests, start=1):
            row.guest = self.cleaned_data[f"guest_{number}"]
            row.presence = Attendance.Presence.PRESENT
            if row.guest:
                self._save_changed(row)
        return meeting

    def _save_changed(self, row: Attendance) -> None:
        stored = row.pk and Attendance.objects.get(pk=row.pk)
        if not stored or (stored.presence, stored.guest) != (row.presence, row.guest):
            row.save()


class RunItemForm(OpenMeetingForm):
    """What is said at one point, and at once a decision and an uppdrag, if there is one."""

    decision = Decision._meta.get_field("wording").formfield(
        label="Nytt beslut", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    task_title = Task._meta.get_field("title").formfield(
        label="Nytt uppdrag", required=False, help_text="Vad ska göras?"
    )
    task_owner = forms.ModelChoiceField(
        label="Ansvarig", queryset=Member.objects.none(), required=False
    )
    task_due_on = forms.DateField(label="Klart senast", required=False)

    class Meta:
        model = AgendaItem
        fields = ("notes",)
        widgets = {"notes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args, member: Member, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        self.fields["task_owner"].queryset = colleagues(self.meeting.agreement)
        for field in self.fields.values():
            field.is_plainly_optional = True

    def clean(self) -> dict:
        cleaned = super().clean()
        names = ("task_title", "task_owner", "task_due_on")
        if any(cleaned.get(name) for name in names):
            for name, lack in zip(
                names,
                (
                    "Skriv vad som ska göras.",
                    "Välj vem som gör det.",
                    "Välj när det ska vara klart.",
                ),
                strict=True,
            ):
                if not cleaned.get(name) and not self.has_error(name):
                    self.add_error(name, lack)
        due_on = cleaned.get("task_due_on")
        if due_on and due_on < self.meeting.date:
            self.add_error("task_due_on", "Datumet ligger före mötet.")
        return cleaned

    def save_or_explain(self) -> AgendaItem | None:
        """Save, or put the reason on the form and return None. A form sent twice is saved once."""
        if item := super().save_or_explain():
            return item
        if self.conflict:
            stored = AgendaItem.objects.get(pk=self.instance.pk)
            return stored if self._says_the_same_as(stored) else None
        return None

    def stored_values(self, stored: AgendaItem) -> dict[str, object]:
        # A decision or an uppdrag in the form is new, whatever the other has saved.
        return super().stored_values(stored) | {"decision": "", "task_title": ""}

    def _says_the_same_as(self, stored: AgendaItem) -> bool:
        return (
            self.cleaned_data.get("notes") == stored.notes
            and (not self.cleaned_data.get("decision") or self._decided().exists())
            and (not self.cleaned_data.get("task_title") or self._given().exists())
            and self.cleaned_data.get("version") is not None
        )

    def _decided(self) -> QuerySet[Decision]:
        """The decision that the form gives, if it has been given already."""
        return self.instance.decisions.filter(
            wording=self.cleaned_data["decision"], withdrawn_at=None
        )

    def _given(self) -> QuerySet[Task]:
        """The uppdrag that the form gives, if it has been given already."""
        return self.instance.tasks.filter(
            title=self.cleaned_data["task_title"],
            owner=self.cleaned_data["task_owner"],
            due_on=self.cleaned_data["task_due_on"],
        )

    @transaction.atomic
    def save(self, commit: bool = True) -> AgendaItem:
        item = super().save(commit)
        if self.cleaned_data["decision"] and not self._decided().exists():
            Decision.objects.create(
                meeting=self.meeting, item=item, wording=self.cleaned_data["decision"]
            )
        if self.cleaned_data["task_title"] and not self._given().exists():
            Task.objects.create(
                agreement=self.meeting.agreement,
                meeting=self.meeting,
                item=item,
                title=self.cleaned_data["task_title"],
                owner=self.cleaned_data["task_owner"],
                due_on=self.cleaned_data["task_due_on"],
                created_by=self.member,
                is_example=self.meeting.is_example,
            )
        return item
