"""Forms for the steps in a review's life: sign it, return it, verify the document."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError

from followup.models import Submission
from promises.forms.base import PlainSwedish


class SignForm(PlainSwedish, forms.Form):
    """A signatory's word that what was shown has been read, bound to its hash."""

    contents_sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    has_read = forms.BooleanField(
        label="Jag har läst uppföljningen och skriver under den",
        error_messages={"required": "Kryssa i rutan när du har läst uppföljningen."},
    )


class ReturnForm(PlainSwedish, forms.ModelForm):
    """Why a submission is returned."""

    class Meta:
        model = Submission
        fields = ("return_note",)
        labels = {"return_note": "Vad behöver ändras?"}
        help_texts = {"return_note": "Samordnarna läser det här när de skriver om uppföljningen."}
        error_messages = {"return_note": {"required": "Skriv varför den återlämnas."}}
        widgets = {"return_note": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["return_note"].required = True


class VerifyForm(PlainSwedish, forms.Form):
    """A SHA-256 as it is pasted from a signature page or another program, spaces and all."""

    kontrollsumma = forms.CharField(
        label="Kontrollsumma (SHA-256)",
        max_length=200,
        help_text="64 tecken, siffror och bokstäverna a–f. Den står på underskriftssidan.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_kontrollsumma(self) -> str:
        digest = re.sub(r"[\s:-]", "", self.cleaned_data["kontrollsumma"]).lower()
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ValidationError(
                "En kontrollsumma har 64 tecken: siffror och bokstäverna a–f. "
                "Kontrollera att hela följde med."
            )
        return digest
