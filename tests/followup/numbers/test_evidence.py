"""By what each undertaking is seen to be kept, and what is said where nothing shows it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.numbers.evidence import time_by_year, undertaking_evidence, vacancies
from followup.numbers.totals import Total
from followup.overview.lacks import Lack, undertaking_lacks
from followup.time.spans import Span
from promises.models import Appointment, Undertaking
from tests import factories

TODAY = date(2024, 5, 15)
SPAN = Span(date(2023, 2, 27), TODAY)


@pytest.fixture
def evidence(agreement):
    """The evidence for an undertaking by its number, as what there is and what lacks."""

    def ask(number: int, span: Span = SPAN, on: date = TODAY) -> tuple[str, str]:
        one = undertaking_evidence(agreement, span, on)[number - 1]
        assert one.is_evident == (not one.lack)
        return one.sentence, one.lack

    return ask


@pytest.fixture
def activity(agreement):
    return factories.ActivityFactory(
        promise=None, undertaking=agreement.undertakings.get(number=1), title="Avstämning"
    )


def appoint(member, starts_on, ends_on=None, function="coordinator", **fields):
    return factories.AppointmentFactory(
        agreement=member.party.agreements.get(),
        member=member,
        function=function,
        starts_on=starts_on,
        ends_on=ends_on,
        **fields,
    )


def test_an_undertaking_nobody_has_evidence_for_is_a_gap(evidence):
    nobody = "Ingen uppgift om någon utsedd."
    assert [evidence(number) for number in range(1, 6)] == [
        ("", "Ingen tid är loggad av polisen."),
        ("", nobody),
        ("", "Ingen tid är loggad av kommunen."),
        ("", nobody),
        ("", "Inget möte är genomfört."),
    ]


def test_time_is_the_partys_own_and_unknown_is_not_zero(
    evidence, activity, snowmobile_promise, municipality, police, coordinator
):
    control = factories.ActivityFactory(promise=snowmobile_promise)
    for on, party, minutes in (
        (activity, police, 90),
        (control, police, 60),
        (control, police, None),
        (control, municipality, None),
    ):
        factories.OccasionFactory(activity=on, party=party, minutes=minutes)
    withdrawn = factories.OccasionFactory(activity=control, party=municipality, minutes=500)
    withdrawn.withdraw(by=coordinator, reason="Fel dag")
    factories.OccasionFactory(party=police, minutes=700)  # of another agreement

    assert evidence(1) == (
        "2\N{NO-BREAK SPACE}tim 30\N{NO-BREAK SPACE}min loggade av polisen på 3 tillfällen, varav 1 utan uppgift om tid.",
        "",
    )
    assert evidence(3) == ("", "Ingen tid är loggad av kommunen. 1 tillfälle saknar tid.")
    assert evidence(1, Span(date(2023, 2, 27), date(2024, 3, 11)))[1] != ""


def test_the_time_of_each_calendar_year_stands_beside_the_other_partys(
    agreement, activity, police, municipality
):
    factories.OccasionFactory(activity=activity, party=police, minutes=90, date=date(2023, 12, 31))
    factories.OccasionFactory(activity=activity, party=police, minutes=0, date=date(2024, 1, 1))
    factories.OccasionFactory(activity=activity, party=municipality, date=date(2024, 1, 1))

    years = time_by_year(agreement, TODAY, first=police)

    assert [
        (year.year, share.party, share.occasions, share.minutes)
        for year in years
        for share in year.shares
    ] == [
        (2023, police, 1, Total(90, 0)),
        (2023, municipality, 0, Total(None, 0)),
        (2024, police, 1, Total(0, 0)),
        (2024, municipality, 1, Total(None, 1)),
    ]


def test_a_coordinator_is_named_and_the_days_without_one_are_too(evidence, area_police):
    appoint(area_police, date(2023, 2, 27), date(2023, 6, 30), title="Områdespolis")
    appoint(area_police, date(2023, 7, 2), date(2023, 12, 31))
    appoint(area_police, date(2024, 2, 1), title="Områdespolis")
    who = "Per Områdespolis (Områdespolis) sedan 1 februari 2024."
    assert evidence(2) == (
        who,
        "32 dagar utan någon utsedd: 1 juli 2023 och 1 januari 2024 – 31 januari 2024.",
    )
    assert evidence(2, Span(date(2024, 2, 1), TODAY)) == (who, "")
    # It is the police's: the municipality has appointed nobody.
    assert evidence(4)[0] == ""


def test_one_appointed_since_a_year_is_told_so_and_leaves_no_day_of_it_without(
    evidence, area_police
):
    appoint(area_police, date(2023, 1, 1), known_by="year")
    assert evidence(2) == ("Per Områdespolis sedan 2023.", "")


def test_a_first_day_nobody_knows_leaves_no_days_without(evidence, coordinator, area_police):
    appoint(area_police, None)
    assert evidence(2) == ("Per Områdespolis sedan okänd dag.", "")
    appoint(coordinator, None, date(2024, 4, 30))
    assert evidence(4) == (
        "",
        "Ingen är utsedd i dag. 15 dagar utan någon utsedd: 1 maj 2024 – 15 maj 2024.",
    )


def test_a_coordinators_last_day_counts_and_the_day_after_does_not(evidence, coordinator):
    appoint(coordinator, date(2023, 2, 27), TODAY)
    assert evidence(4) == ("Sara Samordnare sedan 27 februari 2023.", "")
    after = TODAY + timedelta(days=1)
    assert evidence(4, Span(after, after), after) == (
        "",
        "Ingen är utsedd i dag. 1 dag utan någon utsedd: 16 maj 2024.",
    )


def test_only_the_groups_meetings_that_were_held_are_evidence(evidence, agreement, coordinator):
    for status, kind in (("planned", "group"), ("called", "group"), ("held", "council")):
        factories.MeetingFactory(
            agreement=agreement, chair=coordinator, date=date(2024, 3, 1), status=status, kind=kind
        )
    assert evidence(5) == ("", "Inget möte är genomfört.")
    for day in (date(2023, 9, 19), date(2024, 3, 19)):
        factories.MeetingFactory(agreement=agreement, chair=coordinator, date=day, status="held")
    assert evidence(5) == ("2 möten genomförda, senast 19 mars 2024.", "")


def test_activities_are_evidence_when_one_was_carried_out(evidence, agreement, activity):
    agreement.undertakings.filter(number=1).update(evidence=Undertaking.Evidence.ACTIVITIES)
    assert evidence(1) == ("", "Inget tillfälle är genomfört.")
    factories.OccasionFactory(activity=activity)
    assert evidence(1) == ("1 tillfälle genomfört, senast 12 mars 2024.", "")


def test_the_gaps_stand_on_the_overview(agreement, coordinator):
    appoint(coordinator, date(2023, 2, 27))
    lacks = list(undertaking_lacks(undertaking_evidence(agreement, SPAN, TODAY)))
    fifth = agreement.undertakings.get(number=5)
    assert [lack.sentence[:11] for lack in lacks] == [f"Åtagande {n}:" for n in (1, 2, 3, 5)]
    assert lacks[-1] == Lack("Åtagande 5: inget möte är genomfört.", fifth.get_absolute_url())


def test_every_undertaking_is_asked_about_in_six_queries(
    agreement, activity, area_police, coordinator, django_assert_num_queries
):
    for number in range(6, 30):
        factories.UndertakingFactory(
            agreement=agreement, number=number, evidence=list(Undertaking.Evidence)[number % 4]
        )
        appoint(area_police, date(2024, 1, 1) + timedelta(days=number), date(2024, 3, 1))
    with django_assert_num_queries(6):
        assert len(undertaking_evidence(agreement, SPAN, TODAY)) == 29


# --- The days without -----------------------------------------------------------------------

DAYS = st.integers(0, 40)
FIRST = date(2024, 1, 1)


@given(
    stretches=st.lists(st.tuples(DAYS | st.none(), DAYS | st.none()), max_size=6),
    asked=st.tuples(st.integers(5, 35), st.integers(5, 35)),
)
def test_the_days_without_are_exactly_those_nobody_was_appointed(stretches, asked):
    appointments = [
        Appointment(
            starts_on=None if start is None else FIRST + timedelta(days=start),
            ends_on=None if length is None else FIRST + timedelta(days=(start or 0) + length),
        )
        for start, length in stretches
    ]
    within = Span(*(FIRST + timedelta(days=day) for day in asked))
    days = [within.starts_on + timedelta(days=n) for n in range(within.days)]

    empty = vacancies(appointments, within)

    without = {day for day in days if not any(one.holds(day) for one in appointments)}
    found = [span.starts_on + timedelta(days=n) for span in empty for n in range(span.days)]
    assert found == sorted(without)
    assert all(a.ends_on + timedelta(days=1) < b.starts_on for a, b in pairwise(empty))
