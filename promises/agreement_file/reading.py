"""From the bytes of an agreement file to its contents, or to a list of all its faults."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from operator import itemgetter
from types import NoneType
from typing import Annotated, get_args, get_origin

from django.core.validators import MaxLengthValidator, slug_re
from django.db.models import CharField, SlugField, TextChoices
from django.db.models import Field as ModelField

from promises import limits
from promises.agreement_file.contents import AgreementFile, Among, Table
from promises.integrity import masked, refusal

ORDERING = ("number", "starts_on")  # rows that are known by it stand in its order
MAX_DECIMAL = 9_999_999_999  # what a metric's ten digits before the decimal point hold


class AgreementFileError(Exception):
    """The file can't be used. `errors` holds one Swedish sentence for each fault.

    What they quote from the file ends up on a terminal, so no personal number stands whole.
    """

    def __init__(self, errors: list[str]) -> None:
        self.errors = [masked(error) for error in errors]
        super().__init__("\n".join(self.errors))


def read(content: bytes) -> AgreementFile:
    """The agreement that the bytes of a TOML file state.

    Raises AgreementFileError with every fault there is; if the encoding or the TOML is faulty,
    with that alone, since the rest can't be read.
    """
    data = _parsed(_decoded(content))
    check = _Check(data)
    agreement_file = check.table(AgreementFile, data, "")
    if check.errors:
        raise AgreementFileError(check.errors)
    return agreement_file


def _decoded(content: bytes) -> str:
    try:
        # Windows editors put a byte order mark first; "utf-8-sig" reads with it and without.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise AgreementFileError(
            [
                f"Filen är inte kodad i UTF-8: byte nr {error.start + 1}, på rad {row}, går inte "
                "att läsa. Spara filen som UTF-8."
            ]
        ) from error


def _parsed(text: str) -> dict[str, object]:
    try:
        # The last newline lets the parser say on which line it stopped.
        return tomllib.loads(text + "\n", parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise AgreementFileError([_syntax_fault(text, str(error))]) from error


def _syntax_fault(text: str, parser_message: str) -> str:
    """The parser's English message in Swedish, with the faulty line, on which its key stands."""
    position = re.search(r"at line (\d+), column (\d+)", parser_message)
    if position is None and "end of document" in parser_message:
        return "Filen är inte giltig TOML: den slutar mitt i en text eller en lista."
    if position is None:
        return "Filen är inte giltig TOML: ett värde är för stort eller för djupt nästlat."
    row, column = map(int, position.groups())
    line = text.split("\n")[row - 1].strip()
    if "overwrite" in parser_message or "twice" in parser_message:
        reason = "nyckeln står redan tidigare i filen"
    elif "Invalid date" in parser_message or re.search(r"=\s*\d{4}-\d", line):
        reason = "datumet finns inte eller är fel skrivet"
    else:
        reason = "raden går inte att tolka"
    return f"Filen är inte giltig TOML: rad {row}, kolumn {column}: {reason}: {line[:100]}"


EXPECTED = {
    str: "en text inom citattecken",
    int: "ett heltal",
    Decimal: "ett tal",
    bool: "true eller false",
    date: "ett datum utan citattecken, till exempel 2023-02-27",
}


class _Check:
    """Turns parsed TOML into contents, and notes every fault on the way.

    A faulty value becomes None, so that the check goes on and finds the rest.
    """

    def __init__(self, data: dict[str, object]) -> None:
        self.data = data
        self.errors: list[str] = []

    def table(self, shape: type[Table], data: object, path: str) -> Table | None:
        if type(data) is not dict:
            return self._fault(
                path, "ska vara en tabell för sig, [ ], inte en lista eller ett värde."
            )
        keys = {key.name: key for key in fields(shape)}
        for name in data:
            if name not in keys:
                self._fault(_join(path, name), f"okänd nyckel.{_suggestion(name, keys)}")
        values = {}
        for name, key in keys.items():
            if name in data:
                values[name] = self._value(data[name], key.type, shape, key, _join(path, name))
            elif _is_required(key):
                values[name] = self._fault(_join(path, name), "saknas.")
        contents = shape(**values)
        for name, sentence in contents.faults():
            if name not in values or values[name] is not None:  # else it has its fault already
                self._fault(_join(path, name), sentence)
        return contents

    def _fault(self, path: str, sentence: str) -> None:
        """Note the fault. The value becomes the None that is returned."""
        self.errors.append(f"{path}: {sentence}")

    def _value(self, value: object, kind: type, shape: type[Table], key: Field, path: str):
        """The value as the kind that the key of the shape asks for."""
        if NoneType in get_args(kind):
            kind = get_args(kind)[0]
        if get_origin(kind) is tuple:
            return self._list(value, get_args(kind)[0], shape, key, path)
        if is_dataclass(kind):
            return self.table(kind, value, path)
        kind, limit = get_args(kind) if get_origin(kind) is Annotated else (kind, None)
        if kind is Decimal and type(value) is int:
            value = Decimal(value)
        elif type(value) is str:
            value = value.strip()
        # The exact type: to Python a bool is also an int, and a datetime also a date.
        plain = str if issubclass(kind, TextChoices) else kind
        if type(value) is not plain:
            return self._fault(path, f"ska vara {EXPECTED[plain]}.")
        if fault := self._fault_of(value, kind, limit, shape, key):
            return self._fault(path, fault)
        return kind(value) if issubclass(kind, TextChoices) else value

    def _fault_of(
        self, value: object, kind: type, limit: object, shape: type[Table], key: Field
    ) -> str:
        """What is wrong with a value of the right type, or nothing."""
        if isinstance(limit, Among):
            return self._among_fault(value, limit)
        if issubclass(kind, TextChoices):
            return _choice_fault(value, kind)
        if kind is str:
            return _text_fault(value, shape.model._meta.get_field(key.name), _is_required(key))
        return _number_fault(value, limit) if kind in (int, Decimal) else ""

    def _list(self, values: object, kind: type, shape: type[Table], key: Field, path: str):
        if type(values) is not list:
            brackets = "[[ ]]" if is_dataclass(kind) else "[ ]"
            return self._fault(path, f"ska vara en lista, med {brackets}.")
        if not values and _is_required(key):
            return self._fault(path, "är tom.")
        identity = getattr(kind, "identity", "")
        numbered, contents = {}, []
        for number, value in enumerate(values, start=1):
            row_path = f"{path}, nr {number}"
            row = self._value(value, kind, shape, key, row_path)
            known_by = getattr(row, identity, None) if is_dataclass(kind) else row
            if known_by is not None and known_by in numbered:
                self._fault(
                    _join(row_path, identity) if identity else row_path,
                    f"{known_by} står redan i nr {numbered[known_by]}.",
                )
            numbered.setdefault(known_by, number)
            contents.append(row)
        return tuple(self._in_order(contents, kind))

    def _in_order(self, contents: list, kind: type) -> list:
        """What the list holds in the order that the database keeps (`contents`)."""
        if getattr(kind, "identity", "") in ORDERING:
            order = [getattr(row, kind.identity) for row in contents if row]
        elif get_origin(kind) is Annotated and isinstance(among := get_args(kind)[1], Among):
            names = self._names(among)
            order = [names.index(name) for name in contents if name in names]
        else:
            return contents
        if len(order) < len(contents) or None in order:
            return contents  # some are faulty, and nobody will use them
        return [row for _, row in sorted(zip(order, contents, strict=True), key=itemgetter(0))]

    def _names(self, among: Among) -> list[str | int]:
        """What the rows of another list of the file are known by, in that list's order."""
        rows = self.data.get(among.rows)
        names = [
            row.get(among.by)
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
        ]
        names = [name.strip() if isinstance(name, str) else name for name in names]
        names = [name for name in names if type(name) in (str, int)]
        return sorted(names) if among.by in ORDERING and {*map(type, names)} == {int} else names

    def _among_fault(self, name: str | int, among: Among) -> str:
        names = self._names(among)
        if name in names:
            return ""
        return f"{among.unknown}, ”{name}”.{_suggestion(str(name), [*map(str, names)])}"


def _choice_fault(value: str, choices: type[TextChoices]) -> str:
    if value in choices.values:
        return ""
    return f"”{value}” går inte att välja.{_suggestion(value, choices.values)}"


def _number_fault(value: int | Decimal, allowed: range | None) -> str:
    if allowed is not None:
        if value in allowed:
            return ""
        return f"ska vara ett heltal från {allowed.start} till {allowed.stop - 1}."
    if value.is_finite() and 0 <= value <= MAX_DECIMAL and value == round(value, 2):
        return ""
    return "ska vara 0 eller större, med högst tio siffror och två decimaler."


def _text_fault(text: str, model_field: ModelField, is_required: bool) -> str:
    lengths = [v.limit_value for v in model_field.validators if isinstance(v, MaxLengthValidator)]
    longest = min(lengths, default=limits.NARRATIVE)
    if is_required and not text:
        return "är tom."
    if len(text) > longest:
        return f"är {len(text)} tecken lång. Högst {longest} får plats."
    if reason := refusal(text):
        return reason
    if isinstance(model_field, SlugField) and not slug_re.fullmatch(text):
        return "får bara innehålla bokstäverna a–z, siffror, bindestreck och understreck."
    if isinstance(model_field, CharField) and "\n" in text:
        return "ska stå på en enda rad."
    if any(unicodedata.category(sign) == "Cc" for sign in text if sign not in "\n\t"):
        return "innehåller ett osynligt styrtecken."
    return ""


def _is_required(key: Field) -> bool:
    return key.default is MISSING


def _join(path: str, name: str) -> str:
    return f"{path} › {name}" if path else name


def _suggestion(word: str, words: Iterable[str]) -> str:
    nearest = get_close_matches(word, words, n=1)
    if nearest:
        return f" Menade du {nearest[0]}?"
    return f" Möjliga är: {', '.join(words)}." if words else ""
