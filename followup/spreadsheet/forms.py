"""Forms for reading in a spreadsheet: which file, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from followup.spreadsheet.columns import Column, recognised
from followup.spreadsheet.reading import (
    EMPTY,
    MOST_BYTES,
    TOO_BIG,
    Table,
    UnreadableError,
    letter,
    read_tables,
)
from promises.forms.base import PlainSwedish, use_plain_swedish
from promises.models import Activity, Member

KINDS_OF_FILE = ".xlsx,.csv,.txt,.tsv"


class UploadForm(PlainSwedish, forms.Form):
    """The file; `tables` are its sheets once the form is valid."""

    file = forms.FileField(
        label="Fil",
        help_text="Excel-arbetsbok (.xlsx) eller CSV. Högst 5 MB och 5 000 rader.",
        error_messages={"required": "Välj en fil.", "empty": EMPTY, "invalid": "Välj en fil."},
        widget=forms.FileInput(attrs={"accept": KINDS_OF_FILE}),
    )
    tables: list[Table]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = "Välj en fil."

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        try:
            self.tables = read_tables(file.read())
        except UnreadableError as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable
        return file


class ColumnsForm(PlainSwedish, forms.Form):
    """Which of our columns each of a sheet's is, as far as it is not told by its heading.

    `needed` are the columns that have to be somewhere, each as the keys it can be had from;
    with `activities` one of them can be chosen for every row.
    """

    def __init__(
        self,
        *args,
        table: Table,
        columns: Sequence[Column],
        needed: Sequence[tuple[str, ...]],
        member: Member | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.columns, self.needed = table, columns, needed
        guessed = recognised(table, columns)
        choices = [("", "Läs inte in"), *((column.key, column.heading) for column in columns)]
        self.names = []
        for n, key in enumerate(guessed):
            if not self._has_contents(n):
                continue
            name = f"column_{n}"
            self.names.append(name)
            self.fields[name] = forms.ChoiceField(
                label=f"{table.heading(n)} (kolumn {letter(n)})",
                choices=choices,
                required=False,
                initial=key,
                help_text=self._example(n),
            )
            self.fields[name].is_plainly_optional = True
        if member:
            self._add_activity(member)

    def _has_contents(self, column: int) -> bool:
        return bool(self.table.headings[column]) or any(
            row.cells[column].strip() for row in self.table.rows
        )

    def _example(self, column: int) -> str:
        said = (row.cells[column].strip() for row in self.table.rows)
        first = " ".join(next((cell for cell in said if cell), "").split())
        return f"Till exempel: {first[:60]}{'…' if len(first) > 60 else ''}" if first else "Tom."

    def _add_activity(self, member: Member) -> None:
        self.fields["activity"] = forms.ModelChoiceField(
            Activity.objects.visible_to(member).loggable().order_by("title", "id"),
            label="Aktivitet för hela filen",
            required=False,
            help_text="Om alla rader gäller samma aktivitet och ingen kolumn säger vilken.",
        )
        use_plain_swedish(self.fields["activity"])

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    @property
    def is_recognised(self) -> bool:
        """Whether every column says by its heading what it is, and nothing needed is missing."""
        found = [self.fields[name].initial for name in self.names]
        return all(found) and all(set(found) & set(keys) for keys in self.needed)

    def keys_of(self, chosen: dict[str, object]) -> list[str]:
        """For each of the sheet's columns the key of ours, or nothing."""
        return [str(chosen.get(f"column_{n}") or "") for n in range(len(self.table.headings))]

    @property
    def guessed_keys(self) -> list[str]:
        return self.keys_of({name: self.fields[name].initial for name in self.names})

    def clean(self) -> dict:
        cleaned = super().clean()
        headings = {column.key: column.heading for column in self.columns}
        seen: set[str] = set()
        for name in self.names:
            if (key := cleaned.get(name)) and key in seen:
                self.add_error(name, f"En annan kolumn är redan ”{headings[key]}”.")
            seen.add(key or "")
        if cleaned.get("activity"):
            seen.add("activity")
        missing = [] if self.errors else [keys for keys in self.needed if not seen & set(keys)]
        for keys in missing:
            self.add_error(None, f"Välj vilken kolumn som är ”{headings[keys[0]]}”.")
        return cleaned
