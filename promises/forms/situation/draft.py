"""What the forms over a draft of the lägesbild share."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from promises.forms.base import VersionedForm

NOT_YET = "Datumet ligger i framtiden. Skriv det när beslutet är fattat."


class DraftForm(VersionedForm):
    """A form over part of a draft: says so on the form when the draft is adopted meanwhile."""

    def save_or_explain(self) -> models.Model | None:
        try:
            return super().save_or_explain()
        except ValidationError as refused:
            self.add_error(None, refused)
            return None


class StrikeForm(DraftForm):
    """A form over a row of a draft, which can be struck out of it and taken back again."""

    is_struck = forms.BooleanField(required=False)
    strike_label = ""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["is_struck"].label = self.strike_label
            self.fields["is_struck"].initial = self.instance.withdrawn_at is not None
            self.fields[
                "is_struck"
            ].help_text = (
                "Raden hör då inte längre till lägesbilden, men finns kvar och kan tas tillbaka."
            )
        else:
            del self.fields["is_struck"]

    def save(self, commit: bool = True) -> models.Model:
        self.instance.withdrawn_at = _struck_at(
            self.instance.withdrawn_at, self.cleaned_data.get("is_struck", False)
        )
        return super().save(commit)


def _struck_at(earlier, is_struck: bool):
    return (earlier or timezone.now()) if is_struck else None
