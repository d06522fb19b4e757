"""Files from others: XLSX and CSV of any making, as tables of text. What is hostile is refused."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from followup.paper.tables import as_text, unguarded

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 500
EMPTY_ROWS_IN_A_ROW = 1_000

NOT_A_TABLE = (
    "Filen går inte att läsa som kalkylblad. Spara den som Excel-arbetsbok (.xlsx) eller CSV och "
    "välj den igen."
)
OLD_EXCEL = (
    "Filen är i Excels äldre format (.xls) eller skyddad med lösenord. Öppna den, spara den som "
    "Excel-arbetsbok (.xlsx) utan lösenord och välj den igen."
)
OPEN_DOCUMENT = (
    "Filen är i formatet OpenDocument (.ods). Öppna den, spara den som Excel-arbetsbok (.xlsx) och "
    "välj den igen."
)
MACROS = (
    "Filen innehåller makron och läses därför inte. Spara den som Excel-arbetsbok utan makron "
    "(.xlsx) och välj den igen."
)
TOO_BIG = "Filen är för stor. Högst 5 MB läses in på en gång. Dela den i flera."
TOO_MANY_ROWS = "Filen har mer än 5 000 rader. Dela den i flera och läs in dem var för sig."
TOO_MANY_COLUMNS = "Filen har mer än 100 kolumner. Ta bort dem som inte ska läsas in."
SWOLLEN = "Filen sväller till mer än portalen läser. Spara om den i Excel och välj den igen."
EMPTY = "Filen är tom."
ONLY_HEADINGS = "Filen har inga rader under rubrikerna."


class UnreadableError(Exception):
    """The file can't be read; the message says why, in Swedish, and what to do about it."""


@dataclass(frozen=True)
class Row:
    """A row by its number in the spreadsheet, with the text of each cell."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet: its headings and the rows under them, none of them empty."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def heading(self, column: int) -> str:
        """What the column is called to its owner: the heading, or its letter."""
        return self.headings[column] or f"Kolumn {letter(column)}"


def letter(column: int) -> str:
    """What a spreadsheet calls the column: A, B … Z, AA."""
    first, last = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def read_tables(content: bytes) -> list[Table]:
    """The file's sheets that have rows. Raises UnreadableError."""
    if not content.strip():
        raise UnreadableError(EMPTY)
    if len(content) > MOST_BYTES:
        raise UnreadableError(TOO_BIG)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(OLD_EXCEL)
    sheets = _workbook(content) if content.startswith(b"PK") else [("", _csv(content))]
    found = [_table(name, rows) for name, rows in sheets]
    if not any(found):
        raise UnreadableError(EMPTY)
    if tables := [table for table in found if table and table.rows]:
        return tables
    raise UnreadableError(ONLY_HEADINGS)


# --- XLSX ----------------------------------------------------------------------------------


def _workbook(content: bytes) -> list[tuple[str, list[list[str]]]]:
    _refuse_hostile(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and the like, of no interest here
            workbook = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            try:
                return [
                    (sheet.title, _bounded(_rows_of(sheet)))
                    for sheet in workbook.worksheets
                    if sheet.sheet_state == "visible"
                ]
            finally:
                workbook.close()
    except UnreadableError:
        raise
    except Exception as error:  # a broken file makes the library stumble in every possible way
        raise UnreadableError(NOT_A_TABLE) from error


def _rows_of(sheet) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a file may say anything about how large it is
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    text = as_text(value)
    # A sign that XML can't hold is written as its number.
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _refuse_hostile(content: bytes) -> None:
    """Refuse what is no workbook, or grows beyond reason when it is unpacked or read."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
                raise UnreadableError(OPEN_DOCUMENT)
            if "xl/vbaProject.bin" in names:
                raise UnreadableError(MACROS)
            if "[Content_Types].xml" not in names:
                raise UnreadableError(NOT_A_TABLE)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise UnreadableError(SWOLLEN)
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _refuse_entities(archive.read(part))
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise UnreadableError(NOT_A_TABLE) from error


def _refuse_entities(part: bytes) -> None:
    """No workbook declares entities, which can multiply a few letters to gigabytes."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part[:4]:
        raise UnreadableError(NOT_A_TABLE)


# --- CSV -----------------------------------------------------------------------------------


def _csv(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if found := re.fullmatch(r"sep=(.)\s*", first):
        text, separator = rest, found[1]
    else:
        separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _bounded([as_text(cell) for cell in row] for row in reader)
    except csv.Error as error:
        raise UnreadableError(
            f"Filen går inte att läsa vid rad {reader.line_num}: ett citattecken saknar sitt par. "
            "Rätta raden eller spara filen som .xlsx."
        ) from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\0" in content:
        raise UnreadableError(NOT_A_TABLE)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(NOT_A_TABLE)


def _separator(text: str) -> str:
    """The sign between cells: what parts most of the first lines."""
    lines = re.sub(r'"[^"]*"', "", text[:50_000]).splitlines()[:20]
    parted = {sign: sum(sign in line for line in lines) for sign in ";\t,"}
    return max(parted, key=parted.__getitem__)


# --- Both ----------------------------------------------------------------------------------


def _bounded(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows without trailing emptiness. Raises UnreadableError when they are too many."""
    kept: list[list[str]] = []
    filled = empty = 0
    for row in rows:
        cells = [unguarded(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise UnreadableError(TOO_MANY_COLUMNS)
        filled, empty = (filled + 1, 0) if cells else (filled, empty + 1)
        # The headings are one of them, and there may be a title above those.
        if filled > MOST_ROWS + 2:
            raise UnreadableError(TOO_MANY_ROWS)
        if empty > EMPTY_ROWS_IN_A_ROW:
            break
        kept.append(cells)
    return kept


def _table(name: str, rows: list[list[str]]) -> Table | None:
    """The rows as a table: its headings are the first row with more than a title in it."""
    filled = [n for n, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return None
    several = (n for n in filled if sum(bool(cell.strip()) for cell in rows[n]) > 1)
    top = next(several, filled[0])
    below = [n for n in filled if n > top]
    if len(below) > MOST_ROWS:
        raise UnreadableError(TOO_MANY_ROWS)
    width = max(len(rows[n]) for n in (top, *below))
    return Table(
        name,
        tuple(" ".join(cell.split()) for cell in _padded(rows[top], width)),
        tuple(Row(n + 1, tuple(_padded(rows[n], width))) for n in below),
    )


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
