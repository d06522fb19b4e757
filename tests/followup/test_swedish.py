"""How time, counts, lists and days are said, wherever they are said."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import followup
from followup.swedish import (
    counted,
    days_in_words,
    in_a_row,
    whole_hours,
    working_hours,
    working_time,
)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("minutes", "exactly", "as_a_sum"),
    [
        (None, "Ingen uppgift", "Ingen uppgift"),
        (0, "0 min", "0 min"),
        (29, "29 min", "29 min"),
        (60, "1 tim", "1 tim"),
        (89, "1 tim 29 min", "1 tim"),
        (150, "2 tim 30 min", "3 tim"),
        (60_015, "1 000 tim 15 min", "1 000 tim"),
    ],
)
def test_minutes_are_told_as_noted_and_in_sums_as_whole_hours_half_up(minutes, exactly, as_a_sum):
    assert plain(working_time(minutes)) == exactly
    assert plain(working_hours(minutes)) == as_a_sum


def test_where_the_unit_stands_beside_it_the_hours_stand_alone():
    assert [whole_hours(29), whole_hours(30), plain(whole_hours(60_030))] == ["0", "1", "1 001"]


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 tillfällen"), (1, "1 tillfälle"), (2, "2 tillfällen"), (1347, "1 347 tillfällen")],
)
def test_how_many_there_are(count, said):
    assert plain(counted(count, "tillfälle", "tillfällen")) == said


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ([], ""),
        ([1], "1"),
        ([1, 2], "1 och 2"),
        (iter([1, 2, 5]), "1, 2 och 5"),
        (("Risbäck", "Lajksjö", "Avaträsk"), "Risbäck, Lajksjö och Avaträsk"),
    ],
)
def test_words_are_read_in_a_row(words, read):
    assert in_a_row(words) == read


def test_a_stretch_of_days_is_told_by_its_ends_and_one_day_by_itself():
    first, last = date(2023, 2, 27), date(2024, 12, 31)

    assert days_in_words(first, last) == "27 februari 2023 – 31 december 2024"
    assert days_in_words(first, first) == "27 februari 2023"


def test_minutes_are_made_into_hours_in_one_place_alone():
    rooms = Path(followup.__file__).parent
    by_hand = re.compile(r"/ ?60\b|divmod\([^)]*\b60\)")
    found = {
        str(module.relative_to(rooms))
        for module in rooms.rglob("*.py")
        if by_hand.search(module.read_text(encoding="utf-8"))
    }
    assert found == {"swedish.py"}
