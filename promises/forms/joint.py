"""Several forms on one page, sent with one button."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django import forms


class Part(NamedTuple):
    """A form of the page, with what it is called in the error summary: empty for the first."""

    caption: str
    form: forms.BaseForm


class Joint:
    """Forms that are sent together: all are saved or none, and one summary tells all errors."""

    def __init__(
        self, parts: Iterable[Part], formsets: Iterable[tuple[str, forms.BaseFormSet]] = ()
    ) -> None:
        self.formsets = list(formsets)
        self.parts = [
            *parts,
            *(
                Part(f"{caption}, {_place(row, number)}", row)
                for caption, rows in self.formsets
                for number, row in enumerate(rows, start=1)
            ),
        ]

    def is_valid(self) -> bool:
        """Whether each form is valid. All of them are asked, so that every error is told."""
        of_forms = [part.form.is_valid() for part in self.parts]
        return all([*of_forms, *(rows.is_valid() for _, rows in self.formsets)])

    @property
    def is_changed(self) -> bool:
        return any(part.form.has_changed() for part in self.parts)

    # --- For templates/forms/joint_summary.html ---------------------------------------------

    @property
    def faulty(self) -> list[Part]:
        return [part for part in self.parts if part.form.errors]

    @property
    def between_rows(self) -> list[tuple[str, str]]:
        """What is wrong between the rows of a list: its caption, and the sentence."""
        return [
            (caption, error)
            for caption, rows in self.formsets
            if rows.is_bound
            for error in rows.non_form_errors()
        ]

    @property
    def errors(self) -> bool:
        return bool(self.faulty or self.between_rows)

    @property
    def asking(self) -> list[Part]:
        """The forms with a text that their writer has to confirm."""
        return [part for part in self.parts if part.form.confirmation]

    @property
    def only_asks(self) -> bool:
        """Whether confirmations are all that is lacking."""
        return not self.between_rows and all(part.form.only_asks for part in self.faulty)


def _place(row: forms.ModelForm, number: int) -> str:
    return f"nr {row.instance.number}" if row.instance.pk else f"rad {number}"


class RowsApart(forms.BaseInlineFormSet):
    """Rows under one object, of which no two have the same number or name."""

    default_error_messages = {
        "missing_management_form": "Formuläret kom inte fram helt. Öppna sidan på nytt.",
    }

    def get_unique_error_message(self, unique_check: tuple[str, ...]) -> str:
        """Name the fields in Swedish, where Django names them as the code does."""
        fields = (self.model._meta.get_field(name) for name in unique_check)
        names = " och ".join(f.verbose_name for f in fields if f.name != self.fk.name)
        return f"Två rader har samma {names}. Ändra den ena."

    def get_form_error(self) -> str:
        return "Det här står redan på en annan rad."


class Textarea(forms.Textarea):
    """A text area whose lines end as the portal's texts do, whatever the browser sends.

    An untouched text is then the same as before, and a written file the same as the loaded one.
    """

    def value_from_datadict(self, data, files, name) -> str | None:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value
