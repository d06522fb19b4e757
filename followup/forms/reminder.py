"""The form in which a member says which reminders they want."""

from __future__ import annotations

from django import forms

from followup.models import Reminder, ReminderSettings
from promises.forms.base import PlainSwedish
from promises.models import Member

KINDS = tuple(Reminder.Kind.values)  # the settings have a field named for each


class ReminderSettingsForm(PlainSwedish, forms.ModelForm):
    """A box for each kind. An empty form is an answer too: none of them."""

    class Meta:
        model = ReminderSettings
        fields = KINDS
        labels = {
            "late": "Försenade aktiviteter och planerade tillfällen som är dina",
            "task": "Uppdrag som du ansvarar för",
            "meeting": "Möten som du är kallad till, eller ska kalla till",
            "review": "Uppföljningen och lagens tider",
            "decision": "Beslut och underskrifter som väntar på dig",
        }
        help_texts = {
            "late": "När dagen har passerat utan att något är loggat.",
            "task": "En vecka innan, dagen efter, och sedan varje vecka tills uppdraget är avslutat.",
            "meeting": "En vecka och en dag innan. Som ordförande två veckor innan, om kallelsen "
            "inte är skickad.",
            "review": "När det är 180, 90, 30 och 7 dagar kvar, och när tiden har gått ut. Går till samordnare och "
            "undertecknare.",
            "decision": "När de börjar vänta, och sedan varje vecka.",
        }

    def __init__(self, *args, member: Member, **kwargs) -> None:
        stored = ReminderSettings.objects.filter(member=member).first()
        super().__init__(*args, instance=stored or ReminderSettings(member=member), **kwargs)

    def save_as_asked(self, what: str) -> bool:
        """Save the boxes, or with "inga" none of them. Returns whether any reminder is left."""
        self.full_clean()
        wanted = {kind: what != "inga" and self.cleaned_data[kind] for kind in KINDS}
        ReminderSettings.objects.update_or_create(member=self.instance.member, defaults=wanted)
        return any(wanted.values())
