"""Whether the group and the council meet as often as they have agreed to, and who came."""

from __future__ import annotations

from datetime import date

import pytest

from followup.models import Meeting
from followup.numbers.meetings import attendance_by_party, meeting_rhythm
from followup.time.spans import Span
from tests import factories

pytestmark = pytest.mark.django_db

GROUP, COUNCIL = Meeting.Kind.GROUP, Meeting.Kind.COUNCIL
TODAY = date(2024, 5, 15)
UNTIL_YEARS_END = Span(date(2023, 2, 27), date(2024, 12, 31))


@pytest.fixture
def agreement(agreement):
    agreement.group_meetings_per_half_year = 2
    agreement.save()
    return agreement


@pytest.fixture
def hold(agreement, coordinator):
    def hold(*days: str, **fields) -> None:
        for day in days:
            factories.MeetingFactory(
                agreement=agreement,
                chair=coordinator,
                date=date.fromisoformat(day),
                **{"status": "held"} | fields,
            )

    return hold


def rhythm_of(agreement, kind=GROUP, span=UNTIL_YEARS_END, on=TODAY) -> list[tuple]:
    rhythm = meeting_rhythm(agreement, kind, span, on)
    return [(one.label, one.held, one.state and one.state.label) for one in rhythm.half_years]


def test_each_half_year_has_its_meetings_and_its_state(agreement, hold):
    hold("2023-03-07", "2023-05-31", "2023-09-19", "2024-03-19")
    assert rhythm_of(agreement) == [
        ("Våren 2023", 2, "Nådd"),
        ("Hösten 2023", 1, "Ej nådd"),
        ("Våren 2024", 1, "Pågår"),
    ]


def test_a_meeting_of_a_day_to_come_is_not_counted_as_held(agreement, hold):
    hold("2024-05-15", "2024-05-16")
    assert rhythm_of(agreement)[-1] == ("Våren 2024", 1, "Pågår")
    assert [one.date for one in Meeting.objects.held(TODAY)] == [TODAY]


def test_a_half_year_is_met_as_soon_as_the_rhythm_is(agreement, hold):
    hold("2024-03-19", "2024-05-14")
    assert rhythm_of(agreement)[-1] == ("Våren 2024", 2, "Nådd")


def test_a_half_year_runs_to_its_last_day(agreement, hold):
    hold("2024-06-30")
    assert rhythm_of(agreement, on=date(2024, 6, 30))[-1] == ("Våren 2024", 1, "Pågår")
    assert rhythm_of(agreement, on=date(2024, 7, 1))[2:] == [
        ("Våren 2024", 1, "Ej nådd"),
        ("Hösten 2024", 0, "Pågår"),
    ]


def test_only_meetings_that_were_held_count(agreement, hold):
    hold("2024-03-19", status="planned")
    hold("2024-03-20", status="called")
    hold("2024-03-21", status="cancelled", cancellation_reason="Ingen kunde")
    assert rhythm_of(agreement)[-1] == ("Våren 2024", 0, "Pågår")


def test_the_council_is_never_counted_with_the_group(agreement, hold):
    hold("2024-03-19")
    hold("2024-03-20", "2024-04-20", kind=COUNCIL)
    assert rhythm_of(agreement)[-1][1] == 1
    assert rhythm_of(agreement, COUNCIL)[-1] == ("Våren 2024", 2, None)


def test_without_an_agreed_rhythm_meetings_are_counted_and_not_judged(agreement, hold):
    agreement.group_meetings_per_half_year = None
    hold("2024-03-19")
    rhythm = meeting_rhythm(agreement, GROUP, UNTIL_YEARS_END, TODAY)
    assert (rhythm.agreed, rhythm.held, rhythm.measured) == (None, 1, ())
    assert {one.state for one in rhythm.half_years} == {None}


def test_a_half_year_with_too_few_days_in_the_agreement_is_left_out(agreement, hold):
    agreement.valid_from = date(2023, 3, 15)
    assert rhythm_of(agreement)[0][0] == "Hösten 2023"


def test_an_agreement_that_has_ended_is_not_held_to_more(agreement):
    agreement.runs_until_further_notice = False
    agreement.valid_to = date(2023, 12, 31)
    assert [label for label, *_ in rhythm_of(agreement)] == ["Våren 2023", "Hösten 2023"]


def test_nothing_is_asked_when_no_half_year_counts(agreement, django_assert_num_queries):
    assert agreement.last_day is None  # its successor has been asked for
    with django_assert_num_queries(0):
        assert rhythm_of(agreement, span=Span(date(2024, 5, 1), date(2024, 5, 15))) == []


def test_it_takes_one_query(agreement, hold, django_assert_num_queries):
    hold("2023-03-07", "2023-05-31", "2024-03-19")
    assert agreement.last_day is None  # its successor has been asked for
    with django_assert_num_queries(1):
        meeting_rhythm(agreement, GROUP, UNTIL_YEARS_END, TODAY)


def test_how_many_half_years_have_kept_to_it(agreement, hold):
    hold("2023-03-07", "2023-05-31", "2024-03-19")
    rhythm = meeting_rhythm(agreement, GROUP, UNTIL_YEARS_END, TODAY)
    assert (rhythm.met, len(rhythm.measured)) == (1, 2)


# --- Who came ------------------------------------------------------------------------------


def attendance_of(agreement) -> list[tuple[str, str]]:
    rows = attendance_by_party(agreement, UNTIL_YEARS_END, TODAY)
    return [(row.party, row.in_words) for row in rows]


@pytest.fixture
def note(agreement, hold, coordinator, area_police):
    """A meeting on the day, with who came from the municipality and from the police."""

    def note(day: str, municipality: str = "", police: str = "") -> None:
        hold(day)
        meeting = Meeting.objects.get(date=day)
        for member, presence in ((coordinator, municipality), (area_police, police)):
            factories.AttendanceFactory(
                meeting=meeting, member=member, party=member.party, presence=presence
            )

    return note


def test_attendance_that_nobody_has_noted_is_not_absence(agreement, note):
    assert attendance_of(agreement) == [
        ("Kommunen", "inga möten hölls"),
        ("Polisen", "inga möten hölls"),
    ]
    note("2023-03-07")
    note("2023-09-19")
    assert attendance_of(agreement) == [
        ("Kommunen", "ingen uppgift"),
        ("Polisen", "ingen uppgift"),
    ]


def test_attendance_is_told_of_the_meetings_it_is_noted_for(agreement, note):
    note("2023-03-07", "present", "absent")
    note("2023-09-19", "present", "present")
    assert attendance_of(agreement) == [("Kommunen", "2 av 2 möten"), ("Polisen", "1 av 2 möten")]
    note("2024-03-19", "present")
    assert attendance_of(agreement) == [
        ("Kommunen", "3 av 3 möten"),
        ("Polisen", "1 av 2 möten där närvaron är noterad, ingen uppgift om 1"),
    ]
