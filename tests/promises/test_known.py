"""A time is told, and read, as precisely as it is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promises.known import SEASONS, Known, KnownBy, read_when, when_in_words

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def known(first: str, last: str | None, by: str) -> Known:
    return Known(date.fromisoformat(first), last and date.fromisoformat(last), by)


MAY, AUTUMN = (
    known("2023-05-01", "2023-05-31", "month"),
    known("2023-09-01", "2023-11-30", "season"),
)
WINTER = known("2023-12-01", "2024-02-29", "season")
YEAR = known("2023-01-01", "2023-12-31", "year")
THREE_DAYS = known("2023-05-03", "2023-05-05", "days")


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (known("2023-05-03", None, "day"), "3 maj 2023"),
        (THREE_DAYS, "3–5 maj 2023"),
        (known("2023-04-30", "2023-05-02", "days"), "30 april – 2 maj 2023"),
        (known("2023-12-30", "2024-01-02", "days"), "30 december 2023 – 2 januari 2024"),
        (MAY, "maj 2023"),
        (known("2023-03-01", "2023-05-31", "season"), "våren 2023"),
        (known("2023-06-01", "2023-08-31", "season"), "sommaren 2023"),
        (AUTUMN, "hösten 2023"),
        (WINTER, "vintern 2023–2024"),
        (YEAR, "2023"),
        # The part of it on which the activity was in force.
        (known("2024-01-01", "2024-02-29", "season"), "vintern 2023–2024"),
        (known("2023-02-27", "2023-12-31", "year"), "2023"),
    ],
)
def test_a_time_is_told_as_it_is_known(time, words):
    assert when_in_words(time) == words


def test_a_day_is_told_in_figures_where_a_table_has_it_so():
    assert when_in_words(known("2023-05-03", None, "day"), "Y-m-d") == "2023-05-03"
    assert when_in_words(AUTUMN, "Y-m-d") == "hösten 2023"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2023", YEAR),
        ("under 2023", YEAR),
        ("maj 2023", MAY),
        (" Maj  2023 ", MAY),
        ("2023-05", MAY),
        ("sep. 2023", known("2023-09-01", "2023-09-30", "month")),
        ("Hösten 2023", AUTUMN),
        ("höst 2023", AUTUMN),
        ("vår 2023", known("2023-03-01", "2023-05-31", "season")),
        ("sommar 2023", known("2023-06-01", "2023-08-31", "season")),
        ("vintern 2023–2024", WINTER),
        ("vinter 2023/24", WINTER),
        ("3–5 maj 2023", THREE_DAYS),
        ("3 - 5 maj 2023", THREE_DAYS),
        ("2023-05-03 – 2023-05-05", THREE_DAYS),
        ("3 – 3 maj 2023", known("2023-05-03", None, "day")),
    ],
)
def test_a_time_is_read_as_people_write_it(text, time):
    assert read_when(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vintern 2023",  # the one it began in or the one it ended in
        "vintern 2023–2025",
        "vintern 2023/23",
        "5–3 maj 2023",
        "30–31 februari 2023",
        "3–5 mai 2023",
        "2023-13",
        "0000",
        "jul 23",
        "två gånger",
        "hösten",
        "3 maj 2023",
    ],
)
def test_what_says_no_time_or_two_is_not_guessed_at(text):
    assert read_when(text) is None


@given(day=DAYS, more=st.integers(1, 500))
def test_what_is_told_is_read_as_the_same_time(day, more):
    several = Known.of_days(day, day + timedelta(days=more))
    month = Known.of_months(KnownBy.MONTH, day.year, day.month)
    year = Known.of_months(KnownBy.YEAR, day.year, 1)
    seasons = [Known.of_months(KnownBy.SEASON, day.year, first) for first in SEASONS.values()]
    for time in (several, month, year, *seasons):
        assert read_when(when_in_words(time)) == time


@given(day=DAYS)
def test_the_season_that_is_told_of_a_day_holds_it(day):
    told = read_when(when_in_words(Known(day, day, KnownBy.SEASON)))
    assert told.date <= day <= told.last_date
