"""Seasons: whole months, the same every year, also over new year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.time.seasons import next_opening, season, season_on
from followup.time.spans import Span

MONTHS = st.integers(1, 12)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("months", "span"),
    [
        ((2, 4), Span(date(2024, 2, 1), date(2024, 4, 30))),
        ((11, 2), Span(date(2024, 11, 1), date(2025, 2, 28))),
        ((12, 12), Span(date(2024, 12, 1), date(2024, 12, 31))),
        ((1, 12), Span(date(2024, 1, 1), date(2024, 12, 31))),
        ((3, 2), Span(date(2024, 3, 1), date(2025, 2, 28))),
    ],
)
def test_a_season_begins_in_its_year(months, span):
    assert season(*months, 2024) == span


@given(MONTHS, MONTHS, DAYS)
def test_a_day_is_in_season_when_its_month_is(first, last, day):
    in_season = (day.month - first) % 12 <= (last - first) % 12

    found = season_on(first, last, day)

    assert (found is not None) == in_season
    assert found is None or found.covers(day)


@given(MONTHS, MONTHS, DAYS)
def test_the_next_opening_is_the_first_of_its_month_to_come(first, last, day):
    opens_on = next_opening(first, last, day)

    assert (opens_on.day, opens_on.month) == (1, first)
    assert timedelta(0) < opens_on - day <= timedelta(days=366)
