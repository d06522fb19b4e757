"""The form that takes back what should not have been noted."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from followup.models.kept import Withdrawable
from promises.forms.base import PlainSwedish
from promises.models import Member


class WithdrawForm(PlainSwedish, forms.Form):
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, thing: Withdrawable, afterwards: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing
        self.fields["reason"].label = f"Varför dras {thing.called} tillbaka?"
        self.fields["reason"].help_text = afterwards

    def withdraw_or_explain(self, by: Member) -> bool:
        """Withdraw, and tell whether it was; the form says why not."""
        if not self.is_valid():
            return False
        try:
            self.thing.withdraw(by, self.cleaned_data["reason"])
        except ValidationError as refused:
            self.add_error(None if self.thing.is_withdrawn else "reason", refused)
            return False
        return True
