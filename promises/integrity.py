"""The integrity guard (integritetsvakten): finds what points out a person in what people write.

Nothing about individuals belongs in the portal (dataskyddsförordningen; lag 2018:218). A personal
identity number is refused wherever text comes in. What only may point somebody out is a doubt:
a form asks the writer to look at it once more (`promises.forms.GuardedText`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache, partial
from hashlib import sha256
from itertools import accumulate

from django.core.exceptions import ValidationError

REFUSAL = (
    "innehåller ett personnummer eller samordningsnummer (det som börjar med {}). Det får "
    "inte sparas, eftersom det pekar ut en person. Skriv om utan numret, till exempel ”en förare”."
)


class Kind(Enum):
    """What a finding is; the value is what is said of it, after its hint."""

    PERSONAL_NUMBER = "är ett personnummer eller samordningsnummer"
    POSSIBLE_PERSONAL_NUMBER = "kan vara ett personnummer eller samordningsnummer"
    EMAIL_ADDRESS = "ser ut som en e-postadress"
    TELEPHONE_NUMBER = "ser ut som ett telefonnummer"
    REGISTRATION_PLATE = "ser ut som ett registreringsnummer"


@dataclass(frozen=True)
class Finding:
    """What stands at `start` to `end` in the text that was read; `found` is its plain spelling."""

    kind: Kind
    start: int
    end: int
    found: str

    @property
    def hint(self) -> str:
        """Enough of it for its writer to find it: of a personal number only the year."""
        if self.kind not in {Kind.PERSONAL_NUMBER, Kind.POSSIBLE_PERSONAL_NUMBER}:
            return self.found
        return f"{self.found[: 4 if _digits(self.found) == 12 else 2]}…"

    @property
    def digest(self) -> str:
        """Tells a doubt that the writer has been shown from one that is new."""
        return sha256(f"{self.kind.name} {self.found}".encode()).hexdigest()[:16]


def findings(text: str) -> list[Finding]:
    """Everything in the text that points out a person or may do so, in the text's own order."""
    signs = [_plain(sign) for sign in text]
    ends = list(accumulate(map(len, signs)))  # from places in the plain text to the text's own
    seen = [
        Finding(kind, bisect_right(ends, start), bisect_right(ends, end - 1) + 1, found)
        for kind, start, end, found in _sightings("".join(signs))
    ]
    return sorted(seen, key=lambda finding: finding.start)


def personal_numbers(text: str) -> list[Finding]:
    """The personal identity numbers and coordination numbers in the text."""
    return [finding for finding in findings(text) if finding.kind is Kind.PERSONAL_NUMBER]


def doubts(text: str) -> list[Finding]:
    """What may point somebody out, and is for the writer to judge."""
    return [finding for finding in findings(text) if finding.kind is not Kind.PERSONAL_NUMBER]


def refusal(text: str) -> str:
    """Why the text can't be stored, to follow upon what it is called; empty when it can."""
    numbers = personal_numbers(text)
    return REFUSAL.format(numbers[0].hint) if numbers else ""


def no_personal_numbers(text: str) -> None:
    """Validator for whatever people write freely. Raises ValidationError, in Swedish."""
    if reason := refusal(text):
        raise ValidationError(f"Texten {reason}", code="personal_number")


def masked(text: str) -> str:
    """The text with only the year of each personal number, fit for a terminal or a log."""
    for number in reversed(personal_numbers(text)):
        text = text[: number.start] + number.hint + text[number.end :]
    return text


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    """The sign as it looks: full-width digits, no-break hyphens and the like are ordinary ones.

    What can't be seen (zero-width signs, soft hyphens, loose accents) is nothing.
    """
    categories = {"Zs": " ", "Pd": "-", "Cf": "", "Mn": "", "Me": ""}
    return "".join(
        str(unicodedata.decimal(one, "")) or categories.get(unicodedata.category(one), one)
        for one in unicodedata.normalize("NFKC", sign).replace("−", "-")
    )


def _sightings(text: str) -> list[tuple[Kind, int, int, str]]:
    """The findings in a plain text. What one pattern has found is out of the next one's sight."""
    seen = []

    def look(kind_of: Callable[[re.Match[str]], Kind | None], match: re.Match[str]) -> str:
        if kind := kind_of(match):
            seen.append((kind, *match.span(), match[0]))
        return "\n" * len(match[0]) if kind else match[0]

    text = HASH_OR_UUID.sub(lambda match: "\n" * len(match[0]), text)
    for pattern, kind_of in LOOKED_FOR.items():
        text = pattern.sub(partial(look, kind_of), text)
    return seen


def _number_kind(match: re.Match[str]) -> Kind | None:
    """Of digits in the shape of a personal number: is it one, may it be one, or is it another?

    Its date and checksum are true (folkbokföringslagen 1991:481, 18–18 a §§); a coordination
    number has 60 added to the day, an organisation number 20 or more for the month. Ten digits
    in a row may be any number: a doubt, and so is a space in the hyphen's place.
    """
    sign, is_dashed = match["sign"], bool(match["dash"])
    if is_dashed and (sign != "-" or match.string.startswith("-", match.end())):
        return None  # a date, and then another number or date
    digits = "".join(filter(str.isdigit, match[0]))
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    if not (_is_date(year, int(match["month"]), int(match["day"]) % 60) and _adds_up(digits[-10:])):
        return None
    is_certain = sign.strip() or (len(digits) == 12 and not sign)
    return Kind.PERSONAL_NUMBER if is_certain else Kind.POSSIBLE_PERSONAL_NUMBER


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _adds_up(digits: str) -> bool:
    """Luhn's checksum: with every second digit doubled, from the first, all digits add up to tens."""
    doubled = "".join(str(int(digit) * (2, 1)[place % 2]) for place, digit in enumerate(digits))
    return sum(map(int, doubled)) % 10 == 0


def _telephone_kind(match: re.Match[str]) -> Kind | None:
    """With its area code a Swedish number has 8 to 10 digits; with its country's code, 9 to 15."""
    if match[0].startswith(("+", "00")):
        is_one = 9 <= _digits(match[0]) <= 15
    else:
        is_one = (9 if match[0].isdigit() else 8) <= _digits(match[0]) <= 10
    return Kind.TELEPHONE_NUMBER if is_one else None


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


# Every pattern begins only where a word or a number does, and can't run on in two ways: the time
# is in proportion to the length of the text.
HASH_OR_UUID = re.compile(
    r"(?<![^\W_])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}+)(?![^\W_])", re.I
)
LOOKED_FOR = {
    re.compile(
        r"(?<!\d)(?P<year>(?:18|19|20)?\d\d)(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
        r"(?P<sign>[^\S\n]{0,3}[-+]\s{0,3}|[^\S\n]{0,3})\d{4}(?!\d)"
    ): _number_kind,
    re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"): lambda match: (
        Kind.EMAIL_ADDRESS
    ),
    re.compile(
        r"(?<!\d)(?<!\d[-.,:/])"
        r"(?:(?:\+|00)[1-9]\d{0,2}[ -]?(?:\(0\) ?)?|0(?:8|[1-9]\d{1,2})(?: ?[-/] ?| ?))"
        r"(?:\d{5,9}|\d{1,3}(?:[ -]\d{2,3}){1,4})(?!\d)(?![-.,:/]\d)"
    ): _telephone_kind,
    # No I, Q, V, Å, Ä or Ö stands on a plate. With a space, only capitals count: "har 200".
    # The abbreviations stand before numbers: of laws, inquiries, surveys, money and the like.
    re.compile(
        r"(?<!\w)(?!(?i:DKK|DNR|EPA|EUR|FAP|KFS|LAU|MAX|NOK|NTU|OSL|PBL|SEK|SFS|SKR|SOU|TEL|USD))"
        r"(?:[A-HJ-PR-UW-Z]{3}[ -]|[A-HJ-PR-UW-Za-hj-pr-uw-z]{3})"
        r"\d\d[\dA-HJ-NPR-UW-Za-hj-npr-uw-z](?!\w)(?![-.,:/]\d)"
    ): lambda match: Kind.REGISTRATION_PLATE,
}
