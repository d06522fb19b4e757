"""The members: who sees whom, who may change what, and leaving without losing what was logged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from followup.models import Occasion, Task
from promises.access import ACCESS, DELEGATED, Action, may
from promises.models import Activity, Appointment, Delegation, Member
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

ONLY_ADMINISTRATOR = (
    "Det här är den enda aktiva administratören. Gör någon annan till administratör först."
)


@pytest.fixture
def client(administrator, signed_in, today) -> Client:
    """The administrator's, on 15 May 2024."""
    return signed_in(administrator)


@pytest.fixture
def colleague(municipality) -> Member:
    return factories.MemberFactory(
        email="kollega@dorotea.test", name="Kajsa Kollega", party=municipality
    )


@pytest.fixture
def activity(snowmobile_promise, coordinator) -> Activity:
    return factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", responsible_member=coordinator
    )


def send(client: Client, address: str, **typed: str):
    """Open the page's form, type, send."""
    return client.post(address, Page(client.get(address)).typed | typed)


def names(page: Page, table: int = 0) -> list[str]:
    body = page.all("//main//table")[table]
    return [link.text for link in body.xpath("./tbody/tr/th/a")]


# --- The list --------------------------------------------------------------------------------


def test_the_list_says_who_everybody_is_and_where_they_stand(
    signed_in, reader, coordinator, chief, municipality, today
):
    Member.objects.filter(pk=coordinator.pk).update(last_login=datetime(2024, 5, 1, tzinfo=UTC))
    factories.MemberFactory(
        name="Nils Ny",
        title="Skolchef",
        email="ny@dorotea.test",
        party=municipality,
        role=Member.Role.READER,
        password=None,
        invited_at=datetime(2024, 5, 10, tzinfo=UTC),
    )
    factories.MemberFactory(
        name="Olga Osänd",
        email="osand@dorotea.test",
        party=municipality,
        password=None,
    )
    factories.DelegationFactory(signatory=chief, delegate=coordinator, created_by=chief)

    page = Page(signed_in(reader).get("/ledamoter/"))

    assert page.rows() == [
        ["Kim Kommunchef", "Kommunen", "Undertecknare", "chef@dorotea.test", "Aktiv"],
        ["Lena Läsare", "Kommunen", "Läsare", "lasare@dorotea.test", "Aktiv"],
        ["Nils Ny Skolchef", "Kommunen", "Läsare", "ny@dorotea.test", "Inbjuden 10 maj 2024"],
        ["Olga Osänd", "Kommunen", "Samordnare", "osand@dorotea.test", "Inte inbjuden"],
        [
            "Sara Samordnare",
            "Kommunen",
            "Samordnare har uppdraget från Kim Kommunchef till och med 31 maj 2024",
            "samordnare@dorotea.test",
            "Aktiv",
        ],
    ]


def test_those_who_have_left_stand_apart(client, coordinator, reader):
    coordinator.leave(date(2024, 4, 30), None, by=reader)

    page = Page(client.get("/ledamoter/"))

    assert page.texts("//h2") == ["Har slutat"]
    assert names(page) == ["Adam Administratör", "Lena Läsare"]
    assert names(page, 1) == ["Sara Samordnare"]
    assert "Har slutat 30 april 2024" in page.rows("//main//table[preceding::h2]")[0]


def test_members_see_their_own_agreements_members_and_the_administrators(
    signed_in, reader, coordinator, area_police, stranger, administrator, today
):
    assert names(Page(signed_in(reader).get("/ledamoter/"))) == [
        "Adam Administratör",
        "Lena Läsare",
        "Per Områdespolis",
        "Sara Samordnare",
    ]
    assert names(Page(signed_in(stranger).get("/ledamoter/"))) == [
        "Adam Administratör",
        "Stina Främling",
    ]
    everybody = names(Page(signed_in(administrator).get("/ledamoter/")))
    assert {"Stina Främling", "Lena Läsare"} <= set(everybody)


def test_somebody_whose_party_has_no_agreement_sees_themselves(signed_in):
    alone = factories.MemberFactory(name="Ensam Ledamot")
    assert list(Member.objects.visible_to(alone)) == [alone]


def test_only_administrators_are_shown_the_way_to_change_anything(signed_in, client, coordinator):
    changing = "//main//a[contains(@href, 'bjud-in') or contains(@href, 'andra')]"
    changing += " | //main//a[contains(@href, 'avsluta') or contains(@href, 'delegera')]"
    for address in ("/ledamoter/", f"/ledamoter/{coordinator.pk}/"):
        assert Page(client.get(address)).all(changing)
        assert not Page(signed_in(coordinator).get(address)).all(changing)


def test_names_and_addresses_are_nowhere_in_public(agreement, coordinator, activity, today):
    factories.OccasionFactory(
        activity=activity,
        party=coordinator.party,
        member=coordinator,
        is_published=True,
        public_sentence="Vi var ute vid leden.",
    )

    public = Client().get("/").content.decode()

    assert "Vi var ute vid leden." in public
    assert coordinator.name not in public
    assert coordinator.email not in public


# --- A member's page ---------------------------------------------------------------------------


def test_the_page_says_what_a_member_has_logged_and_answers_for(
    signed_in, reader, coordinator, activity, agreement, today
):
    factories.OccasionFactory(activity=activity, party=coordinator.party, member=coordinator)
    withdrawn = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    withdrawn.withdraw(by=coordinator, reason="Loggat två gånger")
    factories.AppointmentFactory(agreement=agreement, member=coordinator, title="ANDTS")

    page = Page(signed_in(reader).get(f"/ledamoter/{coordinator.pk}/"))

    assert page.facts == {
        "Läge": "Aktiv",
        "Part": "Dorotea kommun",
        "Roll": "Samordnare",
        "E-postadress": "samordnare@dorotea.test",
        "Loggade tillfällen": "1",
    }
    assert page.rows("//main//h2[.='Ansvarar för']/following::table") == [
        ["Skoterkontroll", "–", "Pågående"]
    ]
    assert page.rows("//main//h2[.='Förordnanden']/following::table") == [
        ["Ledamot i samverkansgruppen, ANDTS", "Kommunen", "1 mars 2023 – tills vidare"]
    ]


def test_what_a_member_does_under_another_agreement_is_not_shown(signed_in, reader, area_police):
    elsewhere = factories.AgreementFactory(parties=[area_police.party])
    period = factories.PromisePeriodFactory(agreement=elsewhere)
    activity = factories.ActivityFactory(
        promise=factories.PromiseFactory(period=period), responsible_member=area_police
    )
    factories.OccasionFactory(activity=activity, party=area_police.party, member=area_police)
    factories.AppointmentFactory(agreement=elsewhere, member=area_police)

    page = Page(signed_in(reader).get(f"/ledamoter/{area_police.pk}/"))

    assert page.facts["Loggade tillfällen"] == "0"
    assert page.texts("//main//table") == []


# --- Changing ------------------------------------------------------------------------------------


def test_an_administrator_changes_a_member_and_the_history_says_so(client, coordinator):
    response = send(
        client,
        f"/ledamoter/{coordinator.pk}/andra/",
        title="Säkerhetssamordnare",
        email="Sara@Dorotea.TEST",
    )

    assert response.url == f"/ledamoter/{coordinator.pk}/"
    coordinator.refresh_from_db()
    assert (coordinator.title, coordinator.email) == ("Säkerhetssamordnare", "sara@dorotea.test")
    page = Page(client.get(response.url))
    assert page.messages == ["Uppgifterna om Sara Samordnare är sparade."]
    assert page.texts("//section[@class='history']//ins") == [
        "sara@dorotea.test",
        "Säkerhetssamordnare",
    ]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, {"name": ["Fyll i det här."]}),
        (
            {"email": "LASARE@dorotea.test"},
            {"email": ["Det finns redan ett konto med den e-postadressen."]},
        ),
        ({"party": ""}, {"party": ["Välj en part. Alla utom administratörer behöver en."]}),
    ],
)
def test_what_a_member_cannot_be(typed, error, client, coordinator, reader):
    page = Page(send(client, f"/ledamoter/{coordinator.pk}/andra/", **typed))
    assert page.errors == error


def test_a_personal_number_is_refused_in_name_and_title(client, coordinator):
    address = f"/ledamoter/{coordinator.pk}/andra/"
    page = Page(send(client, address, name="Sara 19121212-1212", title="191212121212"))
    assert list(page.errors) == ["name", "title"]
    assert Member.objects.get(pk=coordinator.pk).name == "Sara Samordnare"


def test_a_change_made_over_another_is_stopped(client, coordinator):
    address = f"/ledamoter/{coordinator.pk}/andra/"
    mine = Page(client.get(address)).typed | {"title": "Min titel"}
    send(client, address, title="Deras titel")

    page = Page(client.post(address, mine))

    assert page.typed["title"] == "Min titel"
    assert page.rows("//main//table[contains(@class, 'conflict')]") == [
        ["Titel", "Deras titel", "Min titel"]
    ]
    coordinator.refresh_from_db()
    assert (coordinator.title, coordinator.version) == ("Deras titel", 2)


def test_the_only_administrator_can_neither_step_down_nor_leave(
    client, administrator, municipality, colleague
):
    step_down = f"/ledamoter/{administrator.pk}/andra/"
    typed = {"role": "reader", "party": str(municipality.pk)}
    assert Page(send(client, step_down, **typed)).errors == {"role": [ONLY_ADMINISTRATOR]}
    leave = f"/ledamoter/{administrator.pk}/avsluta/"
    assert ONLY_ADMINISTRATOR in Page(send(client, leave)).summary

    # One who has left is no administrator to rely on.
    factories.MemberFactory(role=Member.Role.ADMINISTRATOR, is_active=False)
    assert Page(send(client, step_down, **typed)).errors == {"role": [ONLY_ADMINISTRATOR]}

    factories.MemberFactory(role=Member.Role.ADMINISTRATOR)
    assert send(client, step_down, **typed).status_code == 302


@pytest.mark.parametrize("change", ["party", "role"])
def test_neither_end_of_a_running_delegation_is_moved_away(
    change, client, chief, coordinator, police
):
    delegation = factories.DelegationFactory(
        signatory=chief, delegate=coordinator, created_by=chief
    )
    typed = {"party": {"party": str(police.pk)}, "role": {"role": "reader"}}[change]
    error = {
        change: [
            "En delegation löper till och med 31 maj 2024: Sara Samordnare för Kim Kommunchef. "
            "Återkalla den först."
        ]
    }
    assert Page(send(client, f"/ledamoter/{chief.pk}/andra/", **typed)).errors == error
    response = send(client, f"/ledamoter/{coordinator.pk}/andra/", **typed)
    if change == "party":
        assert Page(response).errors == error
    else:
        assert response.status_code == 302  # whoever holds a delegation may have any role

    delegation.revoke(by=chief)
    assert send(client, f"/ledamoter/{chief.pk}/andra/", **typed).status_code == 302


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_the_role_from_each_other(client, administrator):
    other = factories.MemberFactory(role=Member.Role.ADMINISTRATOR)
    addresses = [f"/ledamoter/{member.pk}/avsluta/" for member in (administrator, other)]
    forms = [Page(client.get(address)).typed for address in addresses]

    at_the_same_moment(
        *(
            lambda address=address, form=form: client.post(address, form)
            for address, form in zip(addresses, forms, strict=True)
        )
    )

    assert Member.objects.administrators().count() == 1


# --- Leaving and coming back -----------------------------------------------------------------------


@pytest.fixture
def in_hand(agreement, activity, coordinator, chief) -> dict:
    """Something of everything in the coordinator's hands, and some that is done with."""
    mine = {"responsible_member": coordinator}
    done = factories.ActivityFactory(promise=activity.promise, status="carried_out", **mine)
    group = factories.AppointmentFactory(agreement=agreement, member=coordinator)
    earlier = factories.AppointmentFactory(
        agreement=agreement, member=coordinator, ends_on=date(2023, 12, 31)
    )
    coming = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 15), **mine)
    gone = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, 14), **mine)
    cancelled = factories.PlannedOccasionFactory(activity=activity, **mine)
    cancelled.cancel(by=coordinator, reason="Ingen snö")
    task = factories.TaskFactory(agreement=agreement, owner=coordinator, title="Boka lokal")
    closed = factories.TaskFactory(
        agreement=agreement, owner=coordinator, status=Task.Status.DONE, closed_on=date(2024, 5, 1)
    )
    delegation = factories.DelegationFactory(
        signatory=chief, delegate=coordinator, created_by=chief
    )
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    return {
        "taken over": [
            *((row, "responsible_member") for row in (activity, coming)),
            (task, "owner"),
        ],
        "kept": [
            *((row, "responsible_member") for row in (done, gone, cancelled)),
            (closed, "owner"),
            (occasion, "member"),
        ],
        "group": group,
        "earlier": earlier,
        "delegation": delegation,
    }


def in_charge(rows: list[tuple]) -> list[Member]:
    for row, _ in rows:
        row.refresh_from_db()
    return [getattr(row, field) for row, field in rows]


def test_the_page_shows_what_somebody_who_leaves_has_in_hand(client, coordinator, in_hand):
    page = Page(client.get(f"/ledamoter/{coordinator.pk}/avsluta/"))
    lists = page.texts("//main//h3/following-sibling::ul[1]")
    shown = dict(zip(page.texts("//main//h3"), lists, strict=True))
    assert shown == {
        "Aktiviteter som inte är klara – lämnas över": "Skoterkontroll",
        "Planerade tillfällen – lämnas över": "15 maj 2024: Skoterkontroll",
        "Öppna uppdrag – lämnas över": "Boka lokal, senast 30 juni 2024",
        "Förordnanden – slutar den sista dagen": "Ledamot i samverkansgruppen, från 1 mars 2023",
        "Delegationer – återkallas": "Sara Samordnare för Kim Kommunchef, "
        "1 mars 2024 – 31 maj 2024",
    }


def test_a_successor_takes_over_what_is_not_finished_and_nothing_else(
    client, coordinator, colleague, in_hand, administrator
):
    response = send(client, f"/ledamoter/{coordinator.pk}/avsluta/", successor=str(colleague.pk))

    assert response.url == f"/ledamoter/{coordinator.pk}/"
    assert set(in_charge(in_hand["taken over"])) == {colleague}
    assert set(in_charge(in_hand["kept"])) == {coordinator}
    for row, field in in_hand["taken over"]:
        assert row.version == 2
        assert getattr(row.history.first(), field) == colleague
    coordinator.refresh_from_db()
    assert (coordinator.is_active, coordinator.left_on) == (False, date(2024, 5, 15))
    for appointment, last_day in (("group", (2024, 5, 15)), ("earlier", (2023, 12, 31))):
        in_hand[appointment].refresh_from_db()
        assert in_hand[appointment].ends_on == date(*last_day)
    delegation = Delegation.objects.get()
    assert delegation.revoked_by == administrator
    assert Page(client.get(response.url)).messages == [
        "Sara Samordnare har slutat och kan inte längre logga in. Det loggade finns kvar."
    ]


def test_without_a_successor_everything_stands_in_the_members_name(client, coordinator, in_hand):
    assert send(client, f"/ledamoter/{coordinator.pk}/avsluta/").status_code == 302
    assert set(in_charge(in_hand["taken over"] + in_hand["kept"])) == {coordinator}


def test_a_session_ends_when_the_member_leaves_and_signing_in_is_refused(
    client, signed_in, coordinator
):
    theirs = signed_in(coordinator)
    send(client, f"/ledamoter/{coordinator.pk}/avsluta/")

    assert theirs.get("/oversikt/").url == "/konto/login/?next=/oversikt/"
    typed = {"login": coordinator.email, "password": "lösenord-för-prov"}
    assert Client().post("/konto/login/", typed).url == "/konto/inactive/"


def test_what_somebody_who_left_has_logged_is_still_in_their_name(
    client, signed_in, reader, coordinator, activity
):
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator
    )
    send(client, f"/ledamoter/{coordinator.pk}/avsluta/")

    assert Occasion.objects.get().member == coordinator
    page = Page(signed_in(reader).get(f"/tillfallen/{occasion.pk}/"))
    assert "Loggat av Sara Samordnare" in page.text()
    assert Page(signed_in(reader).get(f"/ledamoter/{coordinator.pk}/")).facts == {
        "Läge": "Har slutat sista dagen 15 maj 2024",
        "Part": "Dorotea kommun",
        "Roll": "Samordnare",
        "E-postadress": "samordnare@dorotea.test",
        "Loggade tillfällen": "1",
    }


def test_the_last_day_may_be_earlier_but_not_later_than_today(client, coordinator, in_hand):
    address = f"/ledamoter/{coordinator.pk}/avsluta/"
    assert Page(send(client, address, left_on="2024-05-16")).errors == {
        "left_on": [
            "Dagen har inte varit än. Avsluta ledamoten den dagen, eller skriv dagens datum."
        ]
    }
    assert send(client, address, left_on="2024-05-10").status_code == 302
    assert Member.objects.get(pk=coordinator.pk).left_on == date(2024, 5, 10)
    assert Appointment.objects.get(pk=in_hand["group"].pk).ends_on == date(2024, 5, 10)


def test_an_appointment_yet_to_begin_must_be_given_to_somebody_else_first(
    client, coordinator, agreement, activity, colleague
):
    factories.AppointmentFactory(
        agreement=agreement, member=coordinator, starts_on=date(2024, 9, 1)
    )
    page = Page(send(client, f"/ledamoter/{coordinator.pk}/avsluta/", successor=str(colleague.pk)))
    assert list(page.summary) == [
        "Sara Samordnare är förordnad till ledamot i samverkansgruppen från och med 1 september "
        "2024, alltså efter den dagen. Ge det förordnandet till någon annan först."
    ]
    assert Member.objects.get(pk=coordinator.pk).is_active
    assert Activity.objects.get().responsible_member == coordinator


def test_successors_are_active_members_of_the_same_party(
    client, coordinator, colleague, area_police, reader
):
    reader.leave(date(2024, 5, 1), None, by=coordinator)
    page = Page(client.get(f"/ledamoter/{coordinator.pk}/avsluta/"))
    options = page.control("successor").xpath("./option/text()")
    assert options == ["Inget valt", "Kajsa Kollega"]
    for nobody in (coordinator, reader):
        with pytest.raises(ValidationError, match="Välj någon annan, som är aktiv"):
            coordinator.leave(date(2024, 5, 1), nobody, by=colleague)


def test_a_member_leaves_once(client, coordinator, reader):
    coordinator.leave(date(2024, 5, 1), None, by=reader)
    with pytest.raises(ValidationError, match=r"^\['Sara Samordnare har redan slutat\.'\]$"):
        coordinator.leave(date(2024, 5, 2), None, by=reader)
    assert client.get(f"/ledamoter/{coordinator.pk}/avsluta/").status_code == 404


def test_a_member_who_comes_back_signs_in_as_before(client, coordinator, in_hand):
    send(client, f"/ledamoter/{coordinator.pk}/avsluta/")

    response = send(client, f"/ledamoter/{coordinator.pk}/aterkom/")

    assert Page(client.get(response.url)).messages == [
        "Sara Samordnare är tillbaka och kan logga in igen."
    ]
    coordinator.refresh_from_db()
    assert (coordinator.status, coordinator.left_on) == (Member.Status.ACTIVE, None)
    typed = {"login": coordinator.email, "password": "lösenord-för-prov"}
    assert Client().post("/konto/login/", typed).url == "/oversikt/"
    # What was ended stays so.
    assert not Delegation.objects.standing(date(2024, 5, 15)).exists()
    assert Appointment.objects.get(pk=in_hand["group"].pk).ends_on == date(2024, 5, 15)
    assert client.get(f"/ledamoter/{coordinator.pk}/aterkom/").status_code == 404


def test_nobody_comes_back_who_has_not_left(coordinator):
    with pytest.raises(ValidationError, match=r"^\['Sara Samordnare har inte slutat\.'\]$"):
        coordinator.come_back()


@pytest.mark.parametrize("page", ["", "andra/", "avsluta/", "delegera/"])
def test_a_stranger_meets_no_member_of_another_agreement(page, signed_in, stranger, coordinator):
    address = f"/ledamoter/{coordinator.pk}/{page}"
    assert signed_in(stranger).get(address).status_code == (403 if page else 404)


def test_nothing_is_written_by_opening_a_page(client, coordinator, reader):
    reader.leave(date(2024, 5, 1), None, by=coordinator)
    before = list(Member.objects.order_by("pk").values())
    client.get(f"/ledamoter/{coordinator.pk}/avsluta/")
    client.get(f"/ledamoter/{coordinator.pk}/andra/")
    client.get(f"/ledamoter/{reader.pk}/aterkom/")
    assert list(Member.objects.order_by("pk").values()) == before


# --- The table of access ---------------------------------------------------------------------------


def test_the_page_shows_the_table_that_is_in_force(client):
    page = Page(client.get("/behorighet/"))

    columns = page.texts("//thead//th")
    assert columns == ["Får …", *(role.label for role in ACCESS), "Delegat"]
    granted = [*ACCESS.values(), DELEGATED]
    assert page.rows() == [
        [
            action.value[0].upper() + action.value[1:],
            *("Ja" if action in actions else "Nej" for actions in granted),
        ]
        for action in Action
    ]


def test_somebody_who_has_left_may_do_nothing(administrator, today):
    administrator.is_active = False
    assert not [action for action in Action if may(administrator, action, today)]


def test_the_navigation_leads_administrators_to_the_table(client, signed_in, coordinator):
    pages = "//nav[@aria-label='Konto']//a"
    assert Page(client.get("/ledamoter/")).texts(pages) == [
        "Mitt konto",
        "Ledamöter",
        "Behörighet",
        "Synpunkter",
        "Kom igång",
        "Administration",
        "Hjälp",
        "Logga ut",
    ]
    assert Page(signed_in(coordinator).get("/ledamoter/")).texts(pages) == [
        "Mitt konto",
        "Ledamöter",
        "Hjälp",
        "Logga ut",
    ]
