"""Rows as files that a Swedish spreadsheet opens right: XLSX and CSV. The only writers there are.

The same rows give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook

from followup.paper.tables import as_text, guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

# A workbook says when it was made. A fixed day keeps its bytes the same.
MADE_AT = datetime(2000, 1, 1)

# Nothing in a cell is ever taken for anything but what it is.
AS_IT_STANDS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """Rows under headings, with the width of each column in characters."""

    name: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Iterable[object]]


def as_xlsx(title: str, sheets: Iterable[Sheet]) -> bytes:
    """A workbook with real dates and numbers; texts are texts, whatever they begin with."""
    file = io.BytesIO()
    with Workbook(file, AS_IT_STANDS) as workbook:
        workbook.set_properties(
            {"title": title, "company": "Dorotea samverkan", "created": MADE_AT}
        )
        formats = {
            "heading": workbook.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
            ),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
            "date": workbook.add_format(
                {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}
            ),
            "number": workbook.add_format({"valign": "top"}),
        }
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, formats)
    return file.getvalue()


def _write(worksheet, sheet: Sheet, formats: dict) -> None:
    for column, (heading, width) in enumerate(zip(sheet.headings, sheet.widths, strict=True)):
        worksheet.set_column(column, column, width)
        worksheet.write_string(0, column, heading, formats["heading"])
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            match value:
                case None | "":
                    pass
                case bool():
                    worksheet.write_string(last, column, as_text(value), formats["text"])
                case int() | Decimal():
                    worksheet.write_number(last, column, value, formats["number"])
                case date():
                    worksheet.write_datetime(last, column, value, formats["date"])
                case _:
                    worksheet.write_string(last, column, _doubly(as_text(value)), formats["text"])
    worksheet.freeze_panes(1, 0)
    worksheet.autofilter(0, 0, last, len(sheet.headings) - 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)


def _doubly(text: str) -> str:
    """A text that itself looks guarded, guarded once more: the reader takes one guard away."""
    return guarded(text) if text.startswith("'") else text
