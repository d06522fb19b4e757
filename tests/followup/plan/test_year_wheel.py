"""The year as a wheel, with its table."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from followup.log.planned import late, not_carried_out
from followup.paper.charts.drawing import PRINT
from followup.paper.charts.wheel import legend, wheel_chart
from followup.plan.year import EntryState, year_plan, years_of
from followup.time.spans import Span
from promises.models import Activity, PlannedOccasion
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def controls(snowmobile_promise, police) -> Activity:
    return factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", responsible=police
    )


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


def plan(activity: Activity, day: date, **fields) -> PlannedOccasion:
    return factories.PlannedOccasionFactory(activity=activity, date=day, **fields)


def states(agreement, year: int = 2024) -> dict[date, EntryState]:
    return {entry.date: entry.state for entry in year_plan(agreement, year, ON).entries}


# --- What stands in it ---------------------------------------------------------------------


def test_a_planned_occasion_is_done_late_planned_or_cancelled(agreement, controls, coordinator):
    done = plan(controls, date(2024, 3, 12))
    factories.OccasionFactory(
        activity=controls, planned=done, party=coordinator.party, member=coordinator
    )
    plan(controls, date(2024, 5, 14))
    plan(controls, ON)
    plan(controls, date(2024, 6, 1)).cancel(by=coordinator, reason="Töväder")
    plan(controls, date(2023, 12, 31))
    assert states(agreement) == {
        date(2024, 3, 12): EntryState.CARRIED_OUT,
        date(2024, 5, 14): EntryState.LATE,
        ON: EntryState.PLANNED,
        date(2024, 6, 1): EntryState.CANCELLED,
        date(2024, 12, 31): EntryState.DEADLINE,
    }


def test_late_and_open_ones_are_told_by_the_database_too(controls, coordinator):
    done, passed, coming = (plan(controls, date(2024, 5, day)) for day in (1, 14, 15))
    occasion = factories.OccasionFactory(
        activity=controls, planned=done, party=coordinator.party, member=coordinator
    )
    everything = PlannedOccasion.objects.all()
    assert list(late(everything, ON)) == [passed]
    assert list(not_carried_out(everything)) == [passed, coming]
    occasion.withdraw(by=coordinator, reason="Fel dag")
    assert list(late(everything, ON)) == [done, passed]
    controls.status, controls.cancellation_reason = Activity.Status.CANCELLED, "Ingen snö"
    controls.save()
    assert list(late(everything, ON)) == []
    assert states(controls.agreement)[date(2024, 5, 14)] is EntryState.CANCELLED


@pytest.mark.parametrize(
    ("status", "day", "state"),
    [
        ("planned", date(2024, 6, 4), EntryState.PLANNED),
        ("called", date(2024, 6, 4), EntryState.CALLED),
        ("called", date(2024, 5, 14), EntryState.LATE),
        ("held", date(2024, 5, 14), EntryState.CARRIED_OUT),
        ("cancelled", date(2024, 5, 14), EntryState.CANCELLED),
    ],
)
def test_meetings_stand_beside_the_plan(status, day, state, agreement, coordinator):
    factories.MeetingFactory(
        agreement=agreement,
        date=day,
        status=status,
        chair=coordinator,
        cancellation_reason="Sjukdom" if status == "cancelled" else "",
    )
    [meeting, _] = year_plan(agreement, 2024, ON).entries
    assert (meeting.what, meeting.ring, meeting.person) == (
        "Möte i samverkansgruppen",
        "M",
        "Sara Samordnare",
    )
    assert (meeting.date, meeting.state) == (day, state)


@pytest.mark.parametrize(
    ("year", "deadlines"),
    [
        (2024, [(date(2024, 12, 31), "Löftesperioden slutar: Medborgarlöfte 2023-2024")]),
        (2025, [(date(2025, 2, 27), "Uppföljningen av målen ska vara gjord")]),
        (
            2026,
            [(date(2026, 12, 31), "Överenskommelsen förlängs tills vidare, om ingen ny tecknas")],
        ),
        (2027, [(date(2027, 2, 27), "Uppföljningen av målen ska vara gjord")]),
    ],
)
def test_the_agreements_own_deadlines_are_there(year, deadlines, agreement):
    entries = year_plan(agreement, year, ON).entries
    assert [(entry.date, entry.what) for entry in entries] == deadlines


def test_a_year_is_within_reach_from_the_agreements_first_to_the_next(agreement):
    assert years_of(agreement, ON) == range(2023, 2028)
    assert years_of(agreement, date(2029, 1, 1)) == range(2023, 2031)


def test_rings_are_the_promises_of_the_year_and_two_more(agreement, controls):
    assert [ring.sign for ring in year_plan(agreement, 2024, ON).rings] == [*"12345", "Å", "M"]
    plan(controls, date(2026, 3, 1))
    assert [ring.sign for ring in year_plan(agreement, 2026, ON).rings] == ["3", "Å", "M"]


def spans(agreement, year: int) -> list[Span]:
    return [stretch.span for stretch in year_plan(agreement, year, ON).stretches]


@pytest.mark.parametrize(
    ("season", "expected"),
    [
        ((2, 4), [Span(date(2024, 2, 1), date(2024, 4, 30))]),
        (
            (11, 2),
            [
                Span(date(2024, 1, 1), date(2024, 2, 29)),
                Span(date(2024, 11, 1), date(2024, 12, 31)),
            ],
        ),
        ((12, 12), [Span(date(2024, 12, 1), date(2024, 12, 31))]),
    ],
)
def test_a_season_is_an_arc_within_the_year(season, expected, agreement, controls):
    controls.target_count, controls.target_per = 2, "season"
    controls.season_from, controls.season_to = season
    controls.save()
    assert spans(agreement, 2024) == expected
    assert spans(agreement, 2025) == []  # the löftesperiod is over


@pytest.mark.parametrize(
    ("planned_from", "planned_to", "expected"),
    [
        (date(2024, 3, 1), date(2024, 3, 31), [Span(date(2024, 3, 1), date(2024, 3, 31))]),
        (date(2023, 11, 1), date(2024, 1, 15), [Span(date(2024, 1, 1), date(2024, 1, 15))]),
        (date(2023, 2, 27), date(2024, 12, 31), []),
        (date(2024, 3, 1), None, []),
    ],
)
def test_a_campaign_is_an_arc_and_what_goes_on_for_years_is_not(
    planned_from, planned_to, expected, agreement, controls
):
    controls.planned_from, controls.planned_to = planned_from, planned_to
    controls.save()
    assert spans(agreement, 2024) == expected


def test_a_party_sees_its_own_and_what_is_done_together(
    agreement, controls, municipality, police, coordinator
):
    undertaking = agreement.undertakings.get(number=5)
    own = {"promise": None, "undertaking": undertaking}
    plan(controls, date(2024, 6, 1))
    plan(factories.ActivityFactory(**own, responsible=municipality, title="A"), date(2024, 6, 2))
    plan(factories.ActivityFactory(**own, title="Tillsammans"), date(2024, 6, 3))
    whole = year_plan(agreement, 2024, ON)
    assert [entry.what for entry in whole.of_party(police.pk).entries] == [
        "Skoterkontroll",
        "Tillsammans",
        "Löftesperioden slutar: Medborgarlöfte 2023-2024",
    ]


# --- The picture ---------------------------------------------------------------------------


def svg_of(plan, **options) -> ElementTree.Element:
    return ElementTree.fromstring(wheel_chart(plan, **options))


def shapes(agreement) -> list[tuple[str, str]]:
    """Each mark of the wheel: how many strokes draw it, and what fills it."""
    paths = svg_of(year_plan(agreement, 2024, ON)).findall(f"{SVG}g[@stroke-width='1.5']/{SVG}path")
    return [(re.sub(r"[-\d. ]", "", path.get("d")), path.get("fill")) for path in paths]


def test_its_title_comes_first_and_its_coordinates_have_points(agreement, controls):
    plan(controls, date(2024, 6, 1))
    svg = svg_of(year_plan(agreement, 2024, ON))
    assert (svg[0].tag, svg[0].text) == (f"{SVG}title", "Årshjul 2024")
    assert svg[1].text == "2 punkter: 1 planerat, 1 tidsfrist. Samma punkter står i tabellen."
    coordinates = [value for path in svg.iter(f"{SVG}path") for value in [path.get("d")]]
    assert [value for value in coordinates if "," in value] == []
    assert "nan" not in "".join(coordinates)


def test_states_are_told_apart_by_shape_and_filling(agreement, controls, coordinator):
    done = plan(controls, date(2024, 3, 12))
    factories.OccasionFactory(
        activity=controls, planned=done, party=coordinator.party, member=coordinator
    )
    plan(controls, date(2024, 4, 14))
    plan(controls, date(2024, 5, 20))
    plan(controls, date(2024, 6, 20)).cancel(by=coordinator, reason="Töväder")
    factories.MeetingFactory(agreement=agreement, date=date(2024, 9, 1), chair=coordinator)
    drawn = shapes(agreement)
    assert drawn == [
        ("Maaz", "var(--spruce)"),
        ("MLLz", "currentColor"),
        ("Maaz", "none"),
        ("MLML", "none"),
        ("MLLLz", "none"),
        ("MLLLz", "currentColor"),
    ]
    assert len(set(drawn)) == len(drawn) == len(legend())


def test_paper_has_its_own_colours_and_nothing_of_the_pages(agreement, controls):
    plan(controls, date(2024, 6, 1))
    text = wheel_chart(year_plan(agreement, 2024, ON), palette=PRINT)
    assert "var(" not in text
    assert "currentColor" not in text
    assert 'font-family="Lato"' in text


def test_todays_line_stands_only_in_this_years_wheel(agreement):
    assert "stroke-dasharray" in wheel_chart(year_plan(agreement, 2024, ON))
    assert "stroke-dasharray" not in wheel_chart(year_plan(agreement, 2023, ON))


def test_an_empty_year_is_a_wheel_too(agreement):
    agreement.periods.update(ends_on=date(2025, 12, 31))
    svg = svg_of(year_plan(agreement, 2024, ON))
    assert svg[1].text == "Inget är planerat."


# --- The page ------------------------------------------------------------------------------


def test_the_table_holds_everything_month_by_month(client, controls, coordinator):
    place = factories.PlaceFactory(name="Långsjön")
    plan(controls, date(2024, 6, 12), place=place, responsible_member=coordinator)
    page = Page(client.get("/arshjul/"))
    assert page.text("//h2[@id='ar-2024']") == "Årshjul 2024"
    assert page.texts("//main//h3") == [
        *("Så läses hjulet", "Ringarna, inifrån och ut"),
        *("Juni 2024", "December 2024"),
    ]
    assert page.rows() == [
        [
            "2024-06-12",
            "Skoterkontroll Löfte 3: Skoterkörning i Borgafjäll",
            "Polisen Sara Samordnare",
            "Långsjön",
            "Planerat",
        ]
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("2023", 2023), ("2027", 2027), ("2028", 2024), ("1999", 2024), ("²024", 2024), ("x", 2024)],
)
def test_a_year_is_chosen(asked, shown, client, agreement):
    page = Page(client.get("/arshjul/", {"ar": asked}))
    assert page.text(f"//h2[@id='ar-{shown}']") == f"Årshjul {shown}"
    assert page.texts("//select[@name='ar']/option[@selected]") == [str(shown)]


def test_the_wheel_is_narrowed_to_a_party(client, controls, municipality, police):
    plan(controls, date(2024, 6, 12))
    for party, count in ((police, 2), (municipality, 1)):
        page = Page(client.get("/arshjul/", {"part": party.pk}))
        assert len(page.all("//table[contains(@class, 'year')]/tbody/tr")) == count


def test_a_stranger_sees_only_their_own_year(controls, signed_in, stranger, today):
    plan(controls, date(2024, 6, 12))
    assert "Skoterkontroll" not in signed_in(stranger).get("/arshjul/").content.decode()


def test_what_is_planned_never_reaches_the_public_page(controls, snowmobile_promise, today):
    """A control to come is secret until it has been (OSL 18:1)."""
    place = factories.PlaceFactory(name="Hemliga viken")
    factories.OccasionFactory(
        activity=controls,
        planned=plan(controls, date(2024, 5, 1), note="Redan gjord"),
        is_published=True,
        public_sentence="Vi var ute.",
    )
    plan(controls, date(2024, 6, 12), place=place, note="Vid bron")
    response = Client().get("/")
    text = response.content.decode()
    assert "Vi var ute." in text
    assert [
        word for word in ("Hemliga viken", "Vid bron", "12 juni", "Redan") if word in text
    ] == []
    held = [value for layer in response.context for value in layer.flatten().items()]
    assert [name for name, value in held if "PlannedOccasion" in repr(value)] == []
    for address in ("/arshjul/", "/oversikt/", "/arshjul/nasta-ar/"):
        assert Client().get(address).status_code == 302
