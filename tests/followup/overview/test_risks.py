"""Risks: the worst first, each a sentence that leads to where it is mended."""

from __future__ import annotations

from datetime import date

import pytest

from followup.law.clocks import Clock, Duty
from followup.models import Report
from followup.numbers.forecasts import forecasts
from followup.numbers.visits import place_clocks
from followup.overview.lacks import Lack
from followup.overview.risks import Risk, RiskKind, risks
from followup.plan.deadlines import Deadline
from promises.models import Activity, Place
from promises.templatetags.portal import SYMBOLS
from tests import factories

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)


@pytest.fixture
def risks_on(agreement):
    """The risks on a day, as (mark, sentence, address)."""

    def told(on: date = ON, lacks=(), passed=()) -> list[tuple[str, str, str]]:
        found = risks(
            agreement,
            on,
            forecasts=forecasts(
                Activity.objects.of_agreement(agreement).select_related("promise__period"), on
            ).values(),
            lacks=lacks,
            passed=passed,
            clocks=place_clocks(agreement, on),
        )
        return [(risk.kind.label, risk.sentence, risk.address) for risk in found]

    return told


@pytest.fixture(autouse=True)
def no_intervals(agreement):
    """Only the places of a test are to be visited within some time."""

    Place.objects.update(visit_within_days=None, season_from=None, season_to=None)


@pytest.fixture(autouse=True)
def year_report(agreement) -> Report:
    """The year report that is asked for in the spring of 2024."""
    return factories.ReportFactory(
        agreement=agreement,
        kind="annual",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        reported_on=date(2024, 1, 31),
    )


def test_at_first_nothing_is_at_risk(risks_on):
    assert risks_on() == []


def test_a_target_at_risk_or_off_track_is_told_with_what_remains(
    risks_on, snowmobile_promise, agreement
):
    undertaking = agreement.undertakings.get(number=5)
    for title, count, answers_to in [
        ("Skoterkontroll", 12, {"promise": snowmobile_promise}),
        ("Möten", 60, {"promise": None, "undertaking": undertaking}),
        ("Besök", 1, {"promise": snowmobile_promise}),
    ]:
        factories.ActivityFactory(title=title, target_count=count, target_per="year", **answers_to)
    skoter, moten = (Activity.objects.get(title=title) for title in ("Skoterkontroll", "Möten"))
    late_in_year = date(2024, 9, 1)
    assert risks_on(late_in_year) == [
        (
            "Ur fas",
            "Åtagande 5, ”Möten”: 60 tillfällen till senast den 31 december.",
            moten.get_absolute_url(),
        ),
        (
            "Ur fas",
            "Löfte 3, ”Skoterkontroll”: 12 tillfällen till senast den 31 december.",
            skoter.get_absolute_url(),
        ),
    ]
    assert [label for label, *_ in risks_on(date(2024, 6, 1))] == ["Risk", "Risk"]


def test_a_late_planned_occasion_is_told_once_for_each_activity(risks_on, snowmobile_promise):
    kontroll, samtal = (
        factories.ActivityFactory(promise=snowmobile_promise, title=title)
        for title in ("Kontroll", "Samtal")
    )
    for activity, day in [(kontroll, 2), (kontroll, 14), (samtal, 13), (samtal, 15)]:
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, day))
    assert risks_on() == [
        (
            "Försenat",
            "”Kontroll” skulle ha genomförts vid 2 tillfällen, senast 14 maj 2024.",
            f"{kontroll.get_absolute_url()}#planerat",
        ),
        (
            "Försenat",
            "”Samtal” skulle ha genomförts 13 maj 2024.",
            f"{samtal.get_absolute_url()}#planerat",
        ),
    ]


def test_overdue_tasks_are_told_alone_or_together(risks_on, agreement):
    task = factories.TaskFactory(agreement=agreement, title="Boka lokal", due_on=date(2024, 5, 14))
    factories.TaskFactory(agreement=agreement, due_on=ON)
    assert risks_on() == [
        (
            "Försenat",
            "Uppdraget ”Boka lokal” skulle ha varit klart 14 maj 2024.",
            task.get_absolute_url(),
        )
    ]
    factories.TaskFactory(agreement=agreement, due_on=date(2024, 3, 1))
    assert risks_on() == [
        ("Försenat", "2 uppdrag är försenade, det äldsta sedan 1 mars 2024.", "/uppdrag/")
    ]


def test_a_late_year_report_is_told(risks_on, agreement):
    later = date(2025, 2, 16)
    assert risks_on(later) == [
        ("Försenat", "Årsrapporten för 2024 skulle ha lämnats 15 februari 2025.", "/rapporter/")
    ]
    assert risks_on(date(2025, 2, 15)) == []


def test_late_activities_are_told_alone_or_together(risks_on, snowmobile_promise):
    skyltning = factories.ActivityFactory(
        promise=snowmobile_promise, title="Skyltning", planned_to=date(2024, 5, 14)
    )
    assert risks_on() == [
        ("Försenat", "”Skyltning” skulle ha varit klar 14 maj 2024.", skyltning.get_absolute_url())
    ]
    factories.ActivityFactory(promise=snowmobile_promise, planned_to=date(2024, 3, 1))
    assert risks_on() == [
        (
            "Försenat",
            "2 aktiviteter är försenade, den äldsta sedan 1 mars 2024.",
            "/aktiviteter/?sena=on",
        )
    ]


def test_a_meeting_that_nobody_has_held_or_cancelled_is_told(risks_on, agreement, coordinator):
    for status in ("planned", "held"):
        meeting = factories.MeetingFactory(
            agreement=agreement, chair=coordinator, date=date(2024, 5, 14), status=status
        )
        if status == "planned":
            left = meeting
    assert risks_on() == [
        (
            "Försenat",
            "Mötet i samverkansgruppen 14 maj 2024 är varken hållet eller inställt.",
            left.get_absolute_url(),
        )
    ]
    assert risks_on(date(2024, 5, 14)) == []


def test_places_not_visited_for_too_long_are_told_in_one_sentence(
    risks_on, snowmobile_promise, police
):
    kontroll = factories.ActivityFactory(promise=snowmobile_promise)
    for name, day in [("Risbäck", date(2024, 3, 1)), ("Svanabyn", date(2024, 5, 1))]:
        place = factories.PlaceFactory(name=f"{name} norra", visit_within_days=30)
        factories.OccasionFactory(activity=kontroll, place=place, date=day, party=police)
    assert risks_on() == [
        (
            "Obesökt",
            "Besöket är för länge sedan i Risbäck norra (75 dagar).",
            "/oversikt/#byklockan",
        )
    ]
    factories.PlaceFactory(name="Lavsjö södra", visit_within_days=30)
    assert risks_on() == [
        (
            "Obesökt",
            "Besöket är för länge sedan på 2 platser: Lavsjö södra (aldrig besökt), "
            "Risbäck norra (75 dagar).",
            "/oversikt/#byklockan",
        )
    ]
    for number in range(3):
        factories.PlaceFactory(name=f"Bynäs {number}", visit_within_days=30)
    [(_, sentence, _)] = risks_on()
    assert sentence == (
        "Besöket är för länge sedan på 5 platser, först Bynäs 0 (aldrig besökt), "
        "Bynäs 1 (aldrig besökt), Bynäs 2 (aldrig besökt)."
    )


def test_what_has_passed_comes_first_and_what_may_yet_be_mended_last(
    risks_on, agreement, snowmobile_promise
):
    factories.ActivityFactory(promise=snowmobile_promise, target_count=8, target_per="year")
    factories.ActivityFactory(promise=snowmobile_promise, target_count=99, target_per="year")
    kontroll = factories.ActivityFactory(promise=snowmobile_promise)
    factories.PlannedOccasionFactory(activity=kontroll, date=date(2024, 5, 2))
    factories.TaskFactory(agreement=agreement, due_on=date(2024, 5, 2))
    factories.PlaceFactory(visit_within_days=30)
    found = risks_on(
        date(2024, 8, 15),
        lacks=[Lack("Ingen löftesperiod gäller i dag.", "/loften/")],
        passed=[Deadline(date(2024, 5, 1), Duty.PICTURE, Clock.LAW, "/lagesbild/", Duty.PICTURE)],
    )
    assert [label for label, *_ in found] == [
        "Passerat",
        "Passerat",
        "Ur fas",
        "Obesökt",
        "Försenat",
        "Försenat",
        "Risk",
    ]
    assert found[1] == (
        "Passerat",
        "Lägesbilden skulle ha uppdaterats senast 1 maj 2024.",
        "/lagesbild/",
    )


def test_every_kind_has_a_mark_of_its_own():
    marks = [Risk(kind, "", "").mark for kind in RiskKind]
    assert [SYMBOLS[mark] for mark in marks] == [
        *["bad"] * 3,
        *["warning"] * 6,
    ]
