"""What of a year's plan is copied to the next."""

from __future__ import annotations

from django import forms

from followup.plan.next_year import NextYear
from promises.forms.base import PlainSwedish


class NextYearForm(PlainSwedish, forms.Form):
    """Which rows of the year's plan to copy; all of them from the start."""

    rows = forms.MultipleChoiceField(
        label="Det som ska kopieras",
        error_messages={
            "required": "Kryssa för minst en rad att kopiera.",
            "invalid_choice": (
                "Planen har ändrats sedan sidan öppnades. Se över raderna och kopiera igen."
            ),
        },
    )

    def __init__(self, *args, plan: NextYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = [(key, key) for key in plan.keys]
        self.ticked = set(self.data.getlist("rows")) if self.is_bound else set(plan.keys)
