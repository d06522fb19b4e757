"""The form by which anybody says what they could not read or use."""

from __future__ import annotations

from django import forms

from promises.forms.base import PlainSwedish
from promises.models import AccessibilityFeedback

TOO_MANY = (
    "Det har kommit många synpunkter på kort tid, så portalen tar emot färre just nu. Din text "
    "står kvar. Vänta tio minuter och skicka den igen."
)


class AccessibilityFeedbackForm(PlainSwedish, forms.ModelForm):
    """What the hindrance was, where, and an address for the answer."""

    # Hidden from people, so that only a machine fills it in.
    website = forms.CharField(label="Lämna det här fältet tomt", required=False)

    class Meta:
        model = AccessibilityFeedback
        fields = ("message", "page", "email")
        labels = {
            "message": "Vad är det som inte fungerar, eller vad behöver du?",
            "page": "Vilken sida gäller det?",
            "email": "Din e-postadress, om du vill ha svar",
        }
        error_messages = {"email": {"invalid": "Skriv adressen som namn@exempel.se."}}
        help_texts = {
            "message": "Berätta gärna vad du försökte göra och vilket hjälpmedel du använder. Du "
            "kan också be om att få något i en form som fungerar för dig. Skriv inget som "
            "pekar ut någon annan.",
            "page": "Sidans adress eller rubrik.",
            "email": "Adressen används bara till svaret. Den raderas ur portalen när synpunkten "
            "är hanterad.",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.cleaned_data["website"])
