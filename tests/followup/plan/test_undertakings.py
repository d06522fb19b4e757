"""The undertakings' pages, and who is appointed."""

from __future__ import annotations

from datetime import date

import pytest

from promises.known import NO_SUCH_TIME
from promises.models import Appointment
from tests import factories
from tests.html import Page, text_of
from tests.races import at_the_same_moment
from tests.refusal import constraint_broken_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def undertaking(agreement):
    return lambda number: agreement.undertakings.get(number=number)


def address(undertaking) -> str:
    return f"{undertaking.get_absolute_url()}utse/"


UNDERTAKINGS = "//section[@aria-labelledby='ataganden']//ol/li"


def typed(member, **fields) -> dict:
    return {"member": member.pk, "title": "", "starts_on": "2024-05-15"} | fields


# --- The pages -----------------------------------------------------------------------------


def test_the_five_stand_with_wording_responsible_and_a_line_of_evidence(
    client, agreement, coordinator, undertaking
):
    factories.AppointmentFactory(
        agreement=agreement,
        member=coordinator,
        function="coordinator",
        starts_on=date(2023, 2, 27),
        title="Samordnare",
    )
    page = Page(client.get("/loften/"))
    [lacking] = page.all("//section//a[starts-with(@href, '/oversikt/saknas/')]")
    assert text_of(lacking) == "4 åtaganden saknar något som visar dem."
    items = page.texts(UNDERTAKINGS)
    assert len(items) == 5
    assert items[3] == (
        f"4 Åtagande 4 {undertaking(4).wording} Kommunen · visas av en utsedd samordnare "
        "Finns · Sara Samordnare (Samordnare) sedan 27 februari 2023."
    )
    assert items[4].endswith("Saknas · Inget möte är genomfört.")


def test_another_time_can_be_chosen(client, agreement, coordinator):
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2023, 9, 1), status="held"
    )
    now, later = (
        Page(client.get(f"/loften/{query}")).texts(UNDERTAKINGS)[4]
        for query in ("", "?period=ar-2024")
    )
    assert now.endswith("Finns · 1 möte genomfört, senast 1 september 2023.")
    assert later.endswith("Saknas · Inget möte är genomfört.")


def test_time_is_shown_per_year_and_party_with_what_is_unknown(
    client, undertaking, police, municipality
):
    activity = factories.ActivityFactory(promise=None, undertaking=undertaking(1), title="Tid")
    factories.OccasionFactory(activity=activity, party=police, minutes=90)
    factories.OccasionFactory(activity=activity, party=police, minutes=None)
    page = Page(client.get(undertaking(1).get_absolute_url()))
    assert page.text("//p[@class='wording']") == undertaking(1).wording
    assert page.rows() == [
        ["2023", "Polisen", "–", "0", "0"],
        ["2023", "Kommunen", "–", "0", "0"],
        ["2024", "Polisen", "1 tim 30 min", "2", "1"],
        ["2024", "Kommunen", "–", "0", "0"],
    ]
    assert (
        page.one("//div[@class='chart']//*[local-name()='svg']/*[local-name()='title']") is not None
    )
    assert "Tid" in page.texts("//section[@class='entry']/h3")


def test_a_coordinators_page_says_who_and_which_days_nobody(
    client, agreement, area_police, undertaking
):
    for starts_on, ends_on in ((date(2023, 3, 6), date(2024, 4, 14)), (date(2024, 5, 1), None)):
        factories.AppointmentFactory(
            agreement=agreement,
            member=area_police,
            function="coordinator",
            starts_on=starts_on,
            ends_on=ends_on,
            title="Områdespolis",
        )
    page = Page(client.get(undertaking(2).get_absolute_url()))
    change = "Ändra förordnandet för Per Områdespolis"
    assert page.rows("//table[caption='I dag']") == [
        ["Per Områdespolis", "Områdespolis", "Polisen", "1 maj 2024", "tills vidare", change]
    ]
    assert page.rows("//table[caption='Andra tider']") == [
        ["Per Områdespolis", "Områdespolis", "Polisen", "6 mars 2023", "14 april 2024", change]
    ]
    assert page.rows("//h3[.='Dagar utan någon utsedd']/following-sibling::div[1]/table") == [
        ["27 februari 2023", "5 mars 2023", "7"],
        ["15 april 2024", "30 april 2024", "16"],
    ]


def test_the_group_and_the_council_stand_apart(client, agreement, coordinator, undertaking, chief):
    factories.AppointmentFactory(agreement=agreement, member=coordinator)
    factories.AppointmentFactory(agreement=agreement, member=chief, function="council")
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 1), status="held"
    )
    page = Page(client.get(undertaking(5).get_absolute_url()))
    assert "Strategiska rådet" in page.texts("//h3")
    rosters = {
        label: page.rows(f"//h3[.='{label}']/following-sibling::div[1]/table")[0][0]
        for label in ("Samverkansgruppen", "Strategiska rådet")
    }
    assert rosters == {
        "Samverkansgruppen": "Sara Samordnare",
        "Strategiska rådet": "Kim Kommunchef",
    }
    assert page.rows("//table[starts-with(normalize-space(caption), 'Genomförda möten')]") == [
        ["Våren 2023", "0"],
        ["Hösten 2023", "0"],
        ["Våren 2024", "1"],
    ]


def test_the_latest_assessment_stands_with_its_review(client, agreement, coordinator, undertaking):
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    factories.AssessmentFactory(
        review=review,
        promise=None,
        undertaking=undertaking(2),
        value="partly_fulfilled",
        rationale="Det fanns luckor.",
        assessed_by=coordinator,
        assessed_on=date(2024, 5, 1),
    )
    text = Page(client.get(undertaking(2).get_absolute_url())).text()
    assert "Delvis uppfyllt · uppföljningen 1 januari 2023 – 31 december 2024, utkast" in text
    assert "Det fanns luckor." in text


def test_an_undertaking_shown_by_meetings_asks_for_no_activity(
    client, agreement, coordinator, undertaking
):
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 1), status="held"
    )
    page = Page(client.get(undertaking(5).get_absolute_url()))
    assert "1 möte genomfört, senast 1 mars 2024." in page.text()
    assert "Tillfällen" not in page.facts
    assert "Ingen aktivitet är planerad" not in page.text()
    assert (
        "Ingen aktivitet är planerad" in Page(client.get(undertaking(1).get_absolute_url())).text()
    )


def test_a_reader_is_offered_nothing_to_change(signed_in, reader, undertaking, today):
    page = Page(signed_in(reader).get(undertaking(4).get_absolute_url()))
    assert not page.all("//main//a[contains(@href, '/utse/')]")


# --- Appointments --------------------------------------------------------------------------


def test_a_coordinator_is_appointed_with_the_party_and_title_they_have(
    client, coordinator, undertaking, municipality
):
    coordinator.title = "Samordnare ANDTS och BF"
    coordinator.save()
    page = Page(client.post(address(undertaking(4)), typed(coordinator), follow=True))
    appointment = Appointment.objects.get()
    assert (appointment.function, appointment.party) == ("coordinator", municipality)
    assert (appointment.title, appointment.starts_on, appointment.ends_on) == (
        "Samordnare ANDTS och BF",
        date(2024, 5, 15),
        None,
    )
    assert page.messages == ["Sara Samordnare är utsedd."]
    assert page.rows("//table[caption='I dag']")[0][0] == "Sara Samordnare"


def test_the_partys_coordinator_is_one_of_its_own(client, area_police, undertaking):
    response = client.post(address(undertaking(4)), typed(area_police))
    assert response.context["form"].errors == {"member": ["Välj något av alternativen i listan."]}


def test_one_who_has_left_cannot_be_appointed(client, coordinator, undertaking, municipality):
    gone = factories.MemberFactory(party=municipality, name="Gun Gången", is_active=False)
    response = client.post(address(undertaking(4)), typed(gone))
    assert list(response.context["form"].errors) == ["member"]


def test_to_the_group_and_the_council_members_of_both_parties_are_appointed(
    client, coordinator, area_police, undertaking
):
    client.post(address(undertaking(5)), typed(area_police, function="group"))
    client.post(address(undertaking(5)), typed(area_police, function="council"))
    response = client.post(address(undertaking(5)), typed(coordinator, function="coordinator"))
    assert {one.function for one in Appointment.objects.all()} == {"group", "council"}
    assert list(response.context["form"].errors) == ["function"]


def test_nobody_is_appointed_for_an_undertaking_of_time(client, undertaking):
    assert client.get(address(undertaking(1))).status_code == 404


@pytest.mark.parametrize(
    ("starts_on", "is_refused"),
    [("2023-12-31", True), ("2024-01-31", True), ("2024-02-01", False)],
)
def test_the_same_member_is_not_appointed_twice_at_the_same_time(
    starts_on, is_refused, client, agreement, coordinator, undertaking
):
    factories.AppointmentFactory(
        agreement=agreement,
        member=coordinator,
        function="coordinator",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 1, 31),
    )
    response = client.post(address(undertaking(4)), typed(coordinator, starts_on=starts_on))
    assert Appointment.objects.count() == 2 - is_refused
    if is_refused:
        assert response.context["form"].errors == {
            "starts_on": [
                "Sara Samordnare är redan utsedd till samma sak från och med 1 januari 2024 "
                "till och med 31 januari 2024."
            ]
        }


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_appoint_the_same_member_at_once_one_is_refused(
    client, coordinator, undertaking
):
    to, sent = address(undertaking(4)), typed(coordinator)
    responses = at_the_same_moment(*[lambda: client.post(to, sent)] * 2)
    assert sorted(response.status_code for response in responses) == [200, 302]
    assert Appointment.objects.count() == 1


def test_an_appointment_ends_with_its_last_day(client, agreement, coordinator, undertaking):
    one = factories.AppointmentFactory(
        agreement=agreement, member=coordinator, function="coordinator"
    )
    sent = {"title": "Samordnare", "starts_on": "2023-03-01", "ends_on": "2024-05-14", "version": 1}
    response = client.post(f"/forordnanden/{one.pk}/andra/", sent)
    one.refresh_from_db()
    assert response.url == undertaking(4).get_absolute_url()
    assert (one.ends_on, one.title, one.version) == (date(2024, 5, 14), "Samordnare", 2)
    assert one.history.count() == 2


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (
            {"ends_on": "2023-02-28"},
            {"ends_on": ["Sista dagen ska inte ligga före första dagen."]},
        ),
        ({"starts_on": "0202-03-01"}, {"starts_on": ["Kontrollera årtalet."]}),
    ],
)
def test_an_impossible_time_is_refused(fields, errors, client, agreement, coordinator):
    one = factories.AppointmentFactory(agreement=agreement, member=coordinator)
    sent = {"title": "", "starts_on": "2023-03-01", "ends_on": "", "version": 1} | fields
    response = client.post(f"/forordnanden/{one.pk}/andra/", sent)
    assert response.context["form"].errors == errors


@pytest.mark.parametrize(
    ("about", "starts_on"),
    [
        ("2023", date(2023, 1, 1)),
        ("hösten 2023", date(2023, 9, 1)),
        ("maj 2023", date(2023, 5, 1)),
    ],
)
def test_one_can_be_appointed_since_a_month_a_season_or_a_year(
    about, starts_on, client, coordinator, undertaking
):
    sent = typed(coordinator, starts_on="", about=about)

    page = Page(client.post(address(undertaking(4)), sent, follow=True))

    appointment = Appointment.objects.get()
    assert (appointment.starts_on, appointment.first_day) == (starts_on, about)
    assert page.rows("//table[caption='I dag']")[0][3] == about
    change = Page(client.get(f"/forordnanden/{appointment.pk}/andra/"))
    assert (change.typed["starts_on"], change.typed["about"]) == ("", about)
    client.post(f"/forordnanden/{appointment.pk}/andra/", change.typed | {"title": "Samordnare"})
    appointment.refresh_from_db()
    assert (appointment.first_day, appointment.title) == (about, "Samordnare")
    mended = {"title": "", "starts_on": "2023-03-01", "about": "", "version": 2}
    client.post(f"/forordnanden/{appointment.pk}/andra/", mended)
    appointment.refresh_from_db()
    assert appointment.first_day == "1 mars 2023"


@pytest.mark.parametrize(
    ("starts_on", "about", "sentence"),
    [
        ("", "vintern 2023", NO_SUCH_TIME),
        ("", "3–5 maj 2023", NO_SUCH_TIME),
        ("", "1023", "Kontrollera årtalet."),
        (
            "2023-03-01",
            "2023",
            "Skriv antingen dagen eller månaden, årstiden eller året. Töm det andra.",
        ),
    ],
)
def test_what_says_no_first_day_is_explained(
    starts_on, about, sentence, client, coordinator, undertaking
):
    sent = typed(coordinator, starts_on=starts_on, about=about)

    response = client.post(address(undertaking(4)), sent)

    assert response.context["form"].errors == {"about": [sentence]}


def test_the_database_knows_no_season_without_its_first_day(agreement, coordinator):
    one = factories.AppointmentFactory(agreement=agreement, member=coordinator)
    one.starts_on, one.known_by = None, "season"

    assert constraint_broken_by(one) == ["Skriv sedan vilken månad, årstid eller vilket år."]


def test_one_can_be_appointed_since_a_day_nobody_knows(client, coordinator, undertaking):
    form = Page(client.get(address(undertaking(4))))
    assert form.typed["starts_on"] == ""
    sent = typed(coordinator, starts_on="")
    page = Page(client.post(address(undertaking(4)), sent, follow=True))
    assert Appointment.objects.get().starts_on is None
    assert page.rows("//table[caption='I dag']")[0][3] == "okänd dag"
    assert page.text("//h3[.='Dagar utan någon utsedd']/following-sibling::p[1]") == (
        "Ingen uppgift: Sara Samordnare är utsedd sedan okänd dag."
    )
    again = client.post(address(undertaking(4)), typed(coordinator, starts_on="2024-05-01"))
    assert again.context["form"].errors == {
        "starts_on": ["Sara Samordnare är redan utsedd till samma sak från och med okänd dag."]
    }


def test_where_nobody_is_noted_no_days_are_told(client, undertaking):
    page = Page(client.get(undertaking(4).get_absolute_url()))
    assert (
        page.text("//h3[.='Utsedda']/following-sibling::p[1]") == "Ingen uppgift om någon utsedd."
    )
    assert (
        page.text("//h3[.='Dagar utan någon utsedd']/following-sibling::p[1]") == "Ingen uppgift."
    )


def test_a_personal_number_in_the_title_is_refused(client, agreement, coordinator):
    one = factories.AppointmentFactory(agreement=agreement, member=coordinator)
    sent = {"title": "850709-9805", "starts_on": "2023-03-01", "version": 1}
    response = client.post(f"/forordnanden/{one.pk}/andra/", sent)
    assert "personnummer" in response.context["form"].errors["title"][0]


def test_a_stale_change_is_refused_and_keeps_what_was_typed(client, agreement, coordinator):
    one = factories.AppointmentFactory(agreement=agreement, member=coordinator, version=2)
    sent = {"title": "Min titel", "starts_on": "2023-03-01", "version": 1}
    page = Page(client.post(f"/forordnanden/{one.pk}/andra/", sent))
    one.refresh_from_db()
    assert (one.title, one.version) == ("", 2)
    assert page.typed["title"] == "Min titel"
