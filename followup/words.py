"""The words of a text as they are searched: the one rule for search, in whatever list.

Case makes no difference, and å, ä and ö are letters of their own. A word is found by its beginning
("kontr" finds "kontroller") and by its other inflections ("kontroller" finds "kontroll"), through
its Swedish stem. A number is found whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import snowballstemmer

LONGEST = 40  # of a word as it is kept; the rest of a longer one is not looked at
AT_MOST = 8  # words of a question that are looked for
AFTER_Z = str.maketrans("åäö", "{|}")
WORD = re.compile(r"[^\W_]+")

# How much of a text stands around the first word that was found.
BEFORE, AFTER = 60, 160


class Piece(NamedTuple):
    """Some of a text, and whether it is a word that was asked for."""

    text: str
    is_hit: bool


def words_of(text: str) -> list[str]:
    """The words of a text, each once, in order."""
    return list(dict.fromkeys(_folded(match) for match in WORD.finditer(composed(text))))


def composed(text: str) -> str:
    """The text with å, ä and ö as one sign each, however they were typed."""
    return unicodedata.normalize("NFC", text)


def stem_of(word: str) -> str:
    """The word without its Swedish ending; a number is its own stem."""
    if word.isdecimal():
        return word
    # A stemmer of its own for each: it is cheap, and one is not for two threads at once.
    return snowballstemmer.stemmer("swedish").stemWord(word)


def kept(text: str) -> set[str]:
    """What is kept of a text to find it by: its words and their stems."""
    words = words_of(text)
    return {*words, *map(stem_of, words)}


def is_hit(word: str, asked: str) -> bool:
    """Whether a word answers to one that was asked for: the twin of `SearchWord.objects.answering`."""
    if asked.isdecimal():
        return word == asked
    return word.startswith(asked) or stem_of(asked) in {word, stem_of(word)}


def alphabetical(text: str) -> str:
    """A key that puts texts in Swedish order, å, ä and ö last."""
    return composed(text).casefold().translate(AFTER_Z)


def marked(text: str, asked: list[str]) -> list[Piece]:
    """The whole text in pieces, what was asked for marked."""
    return list(_pieces(text, asked))


def excerpt(text: str, asked: list[str]) -> list[Piece]:
    """The text around the first word that was asked for, or its beginning when none is in it."""
    first = next((start for start, _, _ in _hits(text, asked)), 0)
    begins = text.rfind(" ", 0, max(0, first - BEFORE)) + 1 if first > BEFORE else 0
    ends = begins + BEFORE + AFTER
    if ends < len(text):
        ends = text.rfind(" ", begins, ends) if " " in text[begins + BEFORE : ends] else ends
    some = text[begins:ends]
    before, after = "… " if begins else "", " …" if ends < len(text) else ""
    return list(_pieces(f"{before}{some}{after}", asked))


def _hits(text: str, asked: list[str]) -> Iterator[tuple[int, int, str]]:
    for match in WORD.finditer(text):
        word = _folded(match)
        if any(is_hit(word, one) for one in asked):
            yield match.start(), match.end(), match.group()


def _pieces(text: str, asked: list[str]) -> Iterator[Piece]:
    at = 0
    for start, end, word in _hits(text, asked):
        if start > at:
            yield Piece(text[at:start], False)
        yield Piece(word, True)
        at = end
    if at < len(text):
        yield Piece(text[at:], False)


def _folded(match: re.Match[str]) -> str:
    return match.group().casefold()[:LONGEST]
