"""The words of a text as they are searched, and how they are shown when they were found."""

from __future__ import annotations

import pytest

from followup.words import Piece, alphabetical, excerpt, is_hit, kept, marked, words_of


def test_words_are_told_apart_by_all_that_is_neither_letter_nor_figure():
    assert words_of("Skoter-kontroll, 12 förare (E12): led_en … och_så") == [
        *("skoter", "kontroll", "12", "förare", "e12", "led", "en", "och", "så"),
    ]


def test_each_word_is_given_once_in_any_case():
    assert words_of("Älg ÄLG älg Åre") == ["älg", "åre"]


def test_a_letter_typed_as_two_signs_is_the_same_letter():
    assert words_of("A\u030are") == ["åre"]


def test_a_very_long_word_is_cut():
    assert words_of("x" * 60) == ["x" * 40]


def test_of_a_text_the_words_and_their_stems_are_kept():
    assert kept("Kontroller 2024") == {"kontroller", "kontroll", "2024"}


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("kontroller", "kontr"),
        ("kontroller", "kontroller"),
        ("kontroll", "kontroller"),
        ("kontrollerna", "kontrollen"),
        ("föreläsning", "föreläsningar"),
        ("2024", "2024"),
    ],
)
def test_a_word_answers_to_its_beginning_and_to_its_other_inflections(word, asked):
    assert is_hit(word, asked)


@pytest.mark.parametrize(
    ("word", "asked"),
    [("alg", "älg"), ("skoterkontroll", "kontroll"), ("20241", "2024"), ("bild", "bilar")],
)
def test_a_word_answers_to_nothing_else(word, asked):
    assert not is_hit(word, asked)


def test_what_was_found_is_marked_as_it_is_written():
    assert marked("Två KONTROLLER & en led", ["kontroll", "led"]) == [
        Piece("Två ", False),
        Piece("KONTROLLER", True),
        Piece(" & en ", False),
        Piece("led", True),
    ]


def test_a_text_without_what_was_asked_for_is_one_piece():
    assert marked("Två bilar", ["led"]) == [Piece("Två bilar", False)]
    assert marked("", ["led"]) == []


def test_the_excerpt_of_a_long_text_stands_around_the_first_hit():
    text = "början " * 50 + "skoterled " + "slutet " * 50
    pieces = excerpt(text, ["skoter"])
    whole = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.is_hit] == ["skoterled"]
    assert whole.startswith("… början ")
    assert whole.endswith("slutet …")
    assert len(whole) < 240


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("Kontroll vid leden.", ["leden"]) == [
        Piece("Kontroll vid ", False),
        Piece("leden", True),
        Piece(".", False),
    ]


def test_the_last_letters_of_the_alphabet_are_in_swedish_order():
    names = ["Ö", "zon", "Ä", "Å", "a"]
    assert sorted(names, key=alphabetical) == ["a", "zon", "Å", "Ä", "Ö"]
