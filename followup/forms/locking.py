"""What the forms over something that is locked when it is signed share."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.db import models

from followup.models.locks import LockedError, Refusal, refused_in_words
from promises.forms.base import VersionedForm


class OpenForm(VersionedForm):
    """A form that comes back with its text, and says why, when what it is over has been locked."""

    refusal: ClassVar[Refusal]

    @property
    def is_open(self) -> bool:
        raise NotImplementedError

    def clean(self) -> dict:
        if not self.is_open:
            raise forms.ValidationError(self.refusal.label)
        return super().clean()

    def save_or_explain(self) -> models.Model | None:
        """Save, or put the reason on the form and return None."""
        try:
            with refused_in_words(self.refusal):
                return super().save_or_explain()
        except LockedError as locked:
            self.add_error(None, str(locked))
            return None
