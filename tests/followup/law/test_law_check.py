"""Lagkontrollen: each paragraph with what shows it, what lacks or what is noted, and the clocks."""

from __future__ import annotations

from datetime import date

import pytest

from followup.law.clocks import followed_up, goals_clock
from followup.law.findings import Finding, check_at, law_at
from followup.law.rows import ClockRow
from followup.models import LawNote, LawParagraph, Meeting, Report, Review
from promises.models import Appointment
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)


def note_on_reports(agreement, **values) -> LawNote:
    """13 § noted as shown elsewhere, on 2024-04-02."""
    rationale = "Rapporten står i fullmäktiges protokoll, KS 2024/12."
    noted = {"paragraph": 13, "rationale": rationale, "noted_on": date(2024, 4, 2)}
    return factories.LawNoteFactory(agreement=agreement, **(noted | values))


def found(agreement, paragraph: int, on: date = ON) -> Finding:
    [finding] = [one for one in check_at(agreement, on).findings if one.paragraph == paragraph]
    return finding


def shown(agreement, paragraph: int, on: date = ON) -> tuple[str, list[str], str]:
    finding = found(agreement, paragraph, on)
    return finding.state, [one.text for one in finding.evidence], finding.lack


@pytest.fixture
def picture(agreement, coordinator):
    """A lägesbild with all its parts, adopted on 2024-02-01."""
    return factories.SituationPictureFactory(
        agreement=agreement,
        edition=1,
        extent="Tre anmälda inbrott.",
        consequences="Oro i byarna.",
        other_information="Medborgardialogen.",
        analysis="Oron är större än brotten.",
        adopted_on=date(2024, 2, 1),
        adopting_body="Kommunstyrelsen",
        created_by=coordinator,
    )


@pytest.fixture
def plan(picture, snowmobile_promise):
    return factories.ActionPlanFactory(
        picture=picture,
        period=snowmobile_promise.period,
        decided_on=date(2024, 2, 20),
        registry_number="KS 2024/31",
    )


# --- What there is to show ------------------------------------------------------------------


def test_an_agreement_alone_shows_the_two_paragraphs_on_agreements(agreement):
    states = {one.paragraph.label: one.state for one in check_at(agreement, ON).findings}

    assert states == {
        "4 §": "missing",
        "5 §": "missing",
        "6 §": "missing",
        "7 §": "missing",
        "8 §": "evident",
        "9 §": "evident",
        "10 §": "missing",
        "11 §": "missing",
        "12 §": "missing",
        "13 §": "missing",
    }


def test_the_lagesbild_is_shown_with_its_parts_from_the_day_it_is_adopted(agreement, picture):
    assert shown(agreement, 4, on=date(2024, 1, 31)) == (
        "missing",
        [],
        "Ingen lägesbild är antagen.",
    )
    assert shown(agreement, 4, on=date(2024, 2, 1)) == (
        "evident",
        [
            "Lägesbild, utgåva 1, antagen 1 februari 2024 av Kommunstyrelsen",
            "Den har kartläggning, annan information och analys",
        ],
        "",
    )


def test_a_lagesbild_without_analysis_says_so(agreement):
    factories.SituationPictureFactory(
        agreement=agreement,
        edition=1,
        extent="Tre inbrott.",
        consequences="Oro.",
        adopted_on=date(2024, 2, 1),
        adopting_body="Kommunstyrelsen",
    )

    state, _, lack = shown(agreement, 4)
    assert (state, lack) == ("missing", "Lägesbilden saknar annan information, analys.")


def test_the_plan_is_shown_with_its_day_body_and_registry_number(agreement, plan):
    assert shown(agreement, 5) == (
        "evident",
        [
            "Åtgärdsplan beslutad 20 februari 2024 av Kommunstyrelsen, diarienummer KS 2024/31",
            "Grundas på lägesbilden, utgåva 1",
        ],
        "",
    )


def test_what_is_updated_in_time_is_shown_and_what_is_late_lacks(agreement, plan):
    assert shown(agreement, 6, on=date(2026, 2, 1)) == (
        "evident",
        [
            "Lägesbilden uppdateras senast 1 februari 2026. Gjordes 1 februari 2024",
            "Åtgärdsplanen följs upp första gången senast 20 februari 2026",
        ],
        "",
    )
    state, evidence, lack = shown(agreement, 6, on=date(2026, 2, 2))
    assert (state, evidence) == (
        "missing",
        ["Åtgärdsplanen följs upp första gången senast 20 februari 2026"],
    )
    assert lack == "Lägesbilden uppdateras senast 1 februari 2026, och den dagen har passerat."


def test_only_meetings_of_the_group_that_were_held_of_late_show_cooperation(agreement, coordinator):
    for day, status in (
        (date(2022, 5, 15), Meeting.Status.HELD),  # two years ago: too long
        (date(2024, 2, 6), Meeting.Status.HELD),
        (date(2024, 4, 9), Meeting.Status.PLANNED),
        (date(2024, 6, 4), Meeting.Status.HELD),  # to come
    ):
        factories.MeetingFactory(agreement=agreement, chair=coordinator, date=day, status=status)

    assert shown(agreement, 7) == (
        "evident",
        ["Samverkansgruppen har haft 1 möte de senaste två åren, senast 6 februari 2024"],
        "",
    )


def test_the_council_needs_members_and_meetings_led_by_the_municipality(
    agreement, coordinator, area_police
):
    factories.AppointmentFactory(
        agreement=agreement, member=coordinator, function=Appointment.Function.COUNCIL
    )
    council = {"agreement": agreement, "kind": "council", "status": "held"}
    factories.MeetingFactory(**council, chair=coordinator, date=date(2024, 3, 1))

    evidence = [
        "Rådet har 1 ledamot",
        "Rådet har haft 1 möte de senaste två åren, senast 1 mars 2024",
    ]
    assert shown(agreement, 10) == ("evident", evidence, "")

    factories.MeetingFactory(**council, chair=area_police, date=date(2024, 4, 1))
    assert found(agreement, 10).lack == "Det senaste mötet i rådet leddes inte av kommunen."


def test_the_polices_coordinator_is_not_the_municipalitys(agreement, coordinator, area_police):
    factories.AppointmentFactory(
        agreement=agreement, member=area_police, function=Appointment.Function.COORDINATOR
    )
    assert shown(agreement, 11) == ("missing", [], "Kommunen har ingen utsedd samordnare.")

    factories.AppointmentFactory(
        agreement=agreement,
        member=coordinator,
        function=Appointment.Function.COORDINATOR,
        title="Säkerhetssamordnare",
    )
    assert shown(agreement, 11)[1] == [
        "Säkerhetssamordnare, utsedd av kommunen från och med 1 mars 2023"
    ]


def test_information_counts_what_citizens_could_read_on_the_day(
    agreement, coordinator, snowmobile_promise
):
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    told = {"activity": activity, "party": coordinator.party, "member": coordinator}
    factories.OccasionFactory(**told, is_published=True, public_sentence="Vi var ute.")
    factories.OccasionFactory(**told)

    # The factory logs at once: long after the day.
    assert found(agreement, 12, on=ON).state == "missing"
    assert shown(agreement, 12, on=date.max.replace(year=2100))[1] == [
        "Invånarna kan läsa om 1 publicerat tillfälle, det senaste från 12 mars 2024"
    ]


def test_a_report_to_fullmaktige_shows_for_a_year(agreement, coordinator):
    Report.objects.create(
        agreement=agreement,
        kind=Report.Kind.COUNCIL,
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        body="Kommunfullmäktige",
        reported_on=date(2024, 3, 4),
        pdf=b"%PDF",
        pdf_sha256="0" * 64,
        noted_by=coordinator,
    )

    reported = ["Rapporterat till fullmäktige 1 gång, senast 4 mars 2024"]
    assert shown(agreement, 13, on=date(2025, 3, 3)) == ("evident", reported, "")
    assert shown(agreement, 13, on=date(2025, 3, 4)) == (
        "missing",
        reported,
        "Mer än ett år har gått sedan rapporten 4 mars 2024.",
    )


# --- What is noted by hand ------------------------------------------------------------------


def test_a_note_stands_for_what_lacks_and_says_who_and_when(agreement, coordinator):
    note_on_reports(agreement, noted_by=coordinator)

    assert found(agreement, 13).state == "noted"
    row = law_at(agreement, ON).rows[-1]
    assert (row.state, row.state_label, row.lack) == ("noted", "Noterat", "")
    assert row.note == (
        "Uppfyllt, visas på annat håll. Rapporten står i fullmäktiges protokoll, KS 2024/12."
    )
    assert (row.noted_by, row.noted_on) == ("Sara Samordnare", date(2024, 4, 2))


def test_a_note_is_written_changed_and_withdrawn(client, agreement, chief, today):
    client.force_login(chief)

    client.post("/lagkontroll/13/", {"value": "met", "rationale": "Muntligt i juni."})
    note = LawNote.objects.get()
    assert (note.paragraph, note.noted_by, note.noted_on) == (13, chief, today)

    typed = Page(client.get("/lagkontroll/13/")).typed
    client.post("/lagkontroll/13/", typed | {"rationale": "Muntligt i juni, KS 2024/12."})
    note.refresh_from_db()
    assert (note.rationale, note.version) == ("Muntligt i juni, KS 2024/12.", 2)

    response = client.post(f"/lagkontroll/noterat/{note.pk}/", {"reason": "Rapporten finns nu."})
    assert response.headers["Location"] == "/lagkontroll/#paragraf-13"
    assert not LawNote.objects.standing().exists()
    assert note.history.first().withdrawal_reason == "Rapporten finns nu."


def test_a_change_over_somebody_elses_is_shown_and_not_saved(
    client, agreement, chief, coordinator, today
):
    note = note_on_reports(agreement, noted_by=coordinator)
    client.force_login(chief)
    typed = Page(client.get("/lagkontroll/13/")).typed
    client.post("/lagkontroll/13/", typed | {"rationale": "Den första."})

    response = client.post("/lagkontroll/13/", typed | {"rationale": "Den andra."})

    note.refresh_from_db()
    assert note.rationale == "Den första."
    assert response.context["form"].conflict.clashes[0].theirs == "Den första."


def test_of_two_first_notes_at_once_one_is_kept_and_the_other_told(
    client, agreement, coordinator, today
):
    client.force_login(coordinator)
    typed = Page(client.get("/lagkontroll/13/")).typed
    note_on_reports(agreement, rationale="Någon var först.")

    response = client.post("/lagkontroll/13/", typed | {"value": "met", "rationale": "Min."})

    assert LawNote.objects.get().rationale == "Någon var först."
    assert response.status_code == 200
    assert response.context["form"].conflict.clashes[-1].mine == "Min."


def test_a_personal_number_is_refused(client, agreement, coordinator, today):
    client.force_login(coordinator)

    page = Page(client.post("/lagkontroll/13/", {"value": "met", "rationale": "Se 19850709-9805."}))

    assert not LawNote.objects.exists()
    assert list(page.errors) == ["rationale"]


@pytest.mark.parametrize("paragraph", [3, 14])
def test_there_is_nothing_to_note_of_other_paragraphs(client, agreement, coordinator, paragraph):
    client.force_login(coordinator)
    assert client.get(f"/lagkontroll/{paragraph}/").status_code == 404


# --- The two clocks -------------------------------------------------------------------------


def review(starts_on: date, ends_on: date) -> Review:
    return Review(starts_on=starts_on, ends_on=ends_on)


FIRST = review(date(2023, 2, 27), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("reviews", "on", "clock"),
    [
        pytest.param([], date(2025, 2, 27), (None, date(2025, 2, 27), False), id="its own day"),
        pytest.param([], date(2025, 2, 28), (None, date(2025, 2, 27), True), id="the day after"),
        pytest.param(
            [(FIRST, date(2025, 3, 20))],
            date(2025, 4, 1),
            (date(2025, 3, 20), date(2027, 2, 27), False),
            id="done late, and the next keeps its day",
        ),
        pytest.param(
            [(review(date(2023, 2, 27), date(2025, 3, 31)), date(2025, 5, 2))],
            date(2025, 6, 1),
            (date(2025, 5, 2), date(2027, 2, 27), False),
            id="a period that ends after the due day is not the next one's",
        ),
        pytest.param(
            [(review(date(2023, 2, 27), date(2023, 12, 31)), date(2024, 2, 1))],
            date(2024, 3, 1),
            (date(2024, 2, 1), date(2025, 2, 27), False),
            id="a first year alone is not the two",
        ),
    ],
)
def test_the_agreements_clock_counts_from_its_first_day(agreement, reviews, on, clock):
    name, source = "Målen följs upp", "Överenskommelsen"
    assert goals_clock(agreement, reviews, on) == ClockRow(name, source, *clock)


def test_a_plan_is_followed_up_by_a_review_of_its_time_adopted_after_it(agreement, plan):
    later = review(date(2025, 1, 1), date(2026, 12, 31))

    assert followed_up(plan, [(FIRST, date(2025, 3, 20)), (later, date(2027, 3, 1))]) == date(
        2025, 3, 20
    )
    assert followed_up(plan, [(FIRST, plan.decided_on)]) is None


def test_the_laws_clocks_stand_apart_and_begin_when_there_is_something_to_update(agreement, plan):
    before = check_at(agreement, date(2024, 1, 1)).clocks
    assert [clock.name for clock in before] == ["Målen följs upp"]
    assert check_at(agreement, ON).clocks[1:] == (
        ClockRow(
            "Lägesbilden uppdateras",
            "Lag (2023:196) 6 §",
            date(2024, 2, 1),
            date(2026, 2, 1),
            False,
        ),
        ClockRow("Åtgärdsplanen följs upp", "Lag (2023:196) 6 §", None, date(2026, 2, 20), False),
    )


# --- The page -------------------------------------------------------------------------------


def test_the_page_says_each_state_in_words_and_links_its_evidence(
    client, agreement, plan, coordinator, today
):
    client.force_login(coordinator)

    page = Page(client.get("/lagkontroll/"))

    assert page.facts == {"Visas i portalen": "5 av 10", "Noterat": "0", "Saknas": "5"}
    headings = page.texts("//ol[@class='law-check']//h3")
    assert len(headings) == len(LawParagraph)
    assert headings[0] == "4 § Lägesbild"
    links = page.all("//li[@id='paragraf-5']//ul//a")
    assert [link.get("href") for link in links] == [
        plan.get_absolute_url(),
        plan.picture.get_absolute_url(),
    ]
    assert page.rows("//table[contains(@class, 'law-clocks')]")[0] == [
        "Målen följs upp",
        "Överenskommelsen",
        "Inte gjort än",
        "27 februari 2025",
        "288 dagar",
    ]


def test_only_those_who_write_the_review_are_offered_to_note(client, agreement, reader, chief):
    client.force_login(reader)
    assert Page(client.get("/lagkontroll/")).texts("//li[@id='paragraf-13']//a") == []
    client.force_login(chief)
    assert Page(client.get("/lagkontroll/")).texts("//li[@id='paragraf-13']//a") == [
        "Skriv en anteckning om 13 §"
    ]


def test_every_link_of_the_example_leads_somewhere(client, example):
    reader = factories.MemberFactory(party=example.parties.first(), role="reader")
    client.force_login(reader)

    page = Page(client.get("/lagkontroll/"))

    addresses = {link.get("href") for link in page.all("//ol[@class='law-check']//ul//a")}
    assert len(addresses) == 6
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
