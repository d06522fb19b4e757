"""What a party states: told with its source beside what is noted and logged, never added to it."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from followup.models import Meeting, Statement
from followup.models.locks import LockedError
from followup.numbers.evidence import UndertakingEvidence, undertaking_evidence
from followup.numbers.meetings import meeting_rhythm
from followup.review.gathering import contents_of
from followup.time.spans import Span
from promises.models import Undertaking
from tests import factories
from tests.html import Page
from tests.refusal import constraint_broken_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2024, 5, 15)
SPAN = Span(date(2023, 2, 27), TODAY)
FOUR_TIMES = (
    "Uppgift från Kommunen, 2023: Samverkansgruppen träffades 4 gånger. Källa: Kommunens "
    "uppföljning av 2023."
)


@pytest.fixture
def undertaking(agreement):
    return lambda number: agreement.undertakings.get(number=number)


@pytest.fixture
def evidence(agreement):
    def ask(number: int, span: Span = SPAN) -> UndertakingEvidence:
        return undertaking_evidence(agreement, span, TODAY)[number - 1]

    return ask


@pytest.fixture
def client(signed_in, coordinator) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def four_times(undertaking, municipality, coordinator) -> Statement:
    return factories.StatementFactory(
        undertaking=undertaking(5), party=municipality, noted_by=coordinator
    )


@pytest.fixture
def time_given(undertaking, police, coordinator) -> Statement:
    """In the police's own words."""
    return factories.StatementFactory(
        undertaking=undertaking(1),
        party=police,
        noted_by=coordinator,
        meetings=None,
        wording="Polisen har bidragit med tid och personal.",
    )


def meeting(agreement, coordinator, day: date) -> None:
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=day, kind=Meeting.Kind.GROUP, status="held"
    )


# --- Evidence --------------------------------------------------------------------------------


def test_the_meetings_noted_and_those_stated_are_both_told_and_never_added_up(
    evidence, agreement, coordinator, four_times
):
    meeting(agreement, coordinator, date(2023, 5, 2))

    told = evidence(5)

    assert told.sentence == "1 möte genomfört, senast 2 maj 2023."
    assert told.in_words == f"1 möte genomfört, senast 2 maj 2023. {FOUR_TIMES}"
    assert meeting_rhythm(agreement, Meeting.Kind.GROUP, SPAN, TODAY).held == 1


def test_where_nothing_is_noted_the_statement_is_the_evidence(evidence, four_times, time_given):
    assert (evidence(5).in_words, evidence(5).lack) == (FOUR_TIMES, "")
    assert evidence(1).is_evident
    assert evidence(1).in_words == (
        "Uppgift från Polisen, 2023: Polisen har bidragit med tid och personal. Källa: Kommunens "
        "uppföljning av 2023."
    )


def test_a_statement_does_not_hide_that_nobody_is_appointed_today(
    evidence, undertaking, police, area_police
):
    factories.StatementFactory(
        undertaking=undertaking(2), party=police, meetings=None, wording="En områdespolis fanns."
    )
    assert evidence(2).is_evident

    factories.AppointmentFactory(
        agreement=undertaking(2).agreement,
        member=area_police,
        party=police,
        function="coordinator",
        starts_on=date(2023, 2, 27),
        ends_on=date(2024, 4, 30),
    )

    assert evidence(2).lack.startswith("Ingen är utsedd i dag.")


def test_a_statement_is_told_of_the_time_it_is_of(evidence, four_times):
    assert evidence(5, Span(date(2023, 12, 31), TODAY)).statements == (four_times,)
    assert evidence(5, Span(date(2024, 1, 1), TODAY)).statements == ()


def test_what_was_noted_after_the_cut_off_is_not_in_the_review(agreement, four_times):
    def statements(cutoff_on: date) -> tuple[Statement, ...]:
        return undertaking_evidence(agreement, SPAN, TODAY, cutoff_on)[4].statements

    assert statements(date(2024, 5, 14)) == ()
    assert statements(date(2024, 5, 15)) == (four_times,)


def test_the_review_tells_it_as_a_statement(agreement, coordinator, four_times):
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)

    contents = contents_of(review, date(2025, 3, 1))

    assert contents.undertakings[4].evidence == FOUR_TIMES


def test_a_withdrawn_statement_is_told_no_more_and_stays(evidence, coordinator, four_times):
    four_times.withdraw(by=coordinator, reason="Fel år.")

    assert evidence(5).statements == ()
    with pytest.raises(LockedError):
        four_times.delete()
    with pytest.raises(ValidationError):
        four_times.withdraw(by=coordinator, reason="En gång till.")


# --- The page and its form -------------------------------------------------------------------


def address(undertaking: Undertaking) -> str:
    return f"/ataganden/{undertaking.pk}/uppgift/"


def test_a_count_of_meetings_is_noted_with_its_source(client, undertaking, municipality):
    form = Page(client.get(address(undertaking(5))))
    sent = form.typed | {
        "about": "2023",
        "meetings": "4",
        "source": "Kommunens uppföljning av 2023",
    }

    page = Page(client.post(address(undertaking(5)), sent, follow=True))

    assert page.messages == ["Uppgiften är sparad."]
    one = Statement.objects.get()
    assert (one.party, one.meetings, one.wording, one.known_by) == (municipality, 4, "", "year")
    assert page.text("//h3[@id='uppgifter']/following-sibling::ul/li").startswith(FOUR_TIMES)
    assert page.texts("//*[@class='notice']/p") == [
        "Finns",
        "Parterna uppger det själva. Inget är noterat eller loggat.",
    ]


def test_a_partys_own_words_are_noted_where_time_is_the_evidence(client, undertaking, police):
    sent = Page(client.get(address(undertaking(1)))).typed
    sent |= {"about": "hösten 2023", "wording": "Polisen har bidragit med tid.", "source": "Brev"}

    client.post(address(undertaking(1)), sent)

    one = Statement.objects.get()
    assert (one.party, one.meetings) == (police, None)
    assert one.in_words == (
        "Uppgift från Polisen, hösten 2023: Polisen har bidragit med tid. Källa: Brev."
    )


def test_what_is_done_for_an_undertaking_shown_by_activities_is_logged(client, undertaking):
    Undertaking.objects.filter(number=3).update(evidence=Undertaking.Evidence.ACTIVITIES)

    assert client.get(address(undertaking(3))).status_code == 404


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"about": "ofta"}, ["about"]),
        ({"about": "1923"}, ["about"]),
        ({"about": "2025"}, ["about"]),
        ({"about": ""}, ["about"]),
        ({"meetings": "0"}, ["meetings"]),
        ({"meetings": ""}, ["meetings"]),
        ({"source": ""}, ["source"]),
        ({"source": "Enligt 19121212-1212"}, ["source"]),
    ],
)
def test_a_statement_without_its_parts_is_explained(client, undertaking, typed, errors):
    sent = Page(client.get(address(undertaking(5)))).typed
    sent |= {"about": "2023", "meetings": "4", "source": "Uppföljningen"} | typed

    response = client.post(address(undertaking(5)), sent)

    assert list(response.context["form"].errors) == errors
    assert Statement.objects.count() == 0


def test_a_party_states_a_time_once(client, undertaking, four_times):
    sent = Page(client.get(address(undertaking(5)))).typed
    sent |= {"about": "2023", "meetings": "5", "source": "Uppföljningen"}

    response = client.post(address(undertaking(5)), sent)

    assert response.context["form"].errors == {
        "about": ["Kommunen har redan lämnat en uppgift om den tiden. Dra tillbaka den först."]
    }


def test_a_statement_is_withdrawn_with_a_reason(client, four_times):
    page = Page(client.get(four_times.get_absolute_url()))
    [link] = page.all("//h3[@id='uppgifter']/following-sibling::ul//a")

    client.post(link.get("href"), {"reason": "Fel år."})

    four_times.refresh_from_db()
    assert (four_times.is_withdrawn, four_times.withdrawal_reason) == (True, "Fel år.")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"meetings": None}, "Skriv antalet möten eller uppgiften."),
        ({"wording": "Vi möttes."}, "Skriv antalet möten eller uppgiften."),
        ({"source": ""}, "Skriv var uppgiften står."),
        ({"last_date": date(2022, 12, 31)}, "Sista dagen ska vara efter den första."),
    ],
)
def test_the_database_keeps_a_statement_whole(four_times, fields, sentence):
    for name, value in fields.items():
        setattr(four_times, name, value)

    assert constraint_broken_by(four_times) == [sentence]
