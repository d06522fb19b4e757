"""A signatory's task in another member's hands for a time: who, when, and never for two parties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from promises.access import Action, may, signs_for
from promises.models import Delegation, Member
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 3, 1), date(2024, 5, 31)


@pytest.fixture
def delegation(chief, reader) -> Delegation:
    """From the kommunchef to a reader, for the spring of 2024."""
    return factories.DelegationFactory(
        signatory=chief, delegate=reader, created_by=chief, starts_on=FIRST, ends_on=LAST
    )


@pytest.fixture
def client(chief, signed_in, today) -> Client:
    """The kommunchef's, on 15 May 2024."""
    return signed_in(chief)


@pytest.fixture
def hand_on(client, chief, reader):
    """Fill in the form and send it."""

    def send(**typed: str):
        address = f"/ledamoter/{chief.pk}/delegera/"
        spring = {
            "delegate": str(reader.pk),
            "starts_on": "2024-05-20",
            "ends_on": "2024-06-20",
            "basis": "Beslut 2024-05-14",
        }
        return client.post(address, Page(client.get(address)).typed | spring | typed)

    return send


# --- What it gives, and when -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (LAST, True),
        (LAST + timedelta(days=1), False),
    ],
)
def test_a_delegate_does_the_signatorys_task_on_its_days_and_no_others(
    day, is_in_force, delegation, chief, reader, signed_in, agreement
):
    review = factories.ReviewFactory(agreement=agreement, created_by=chief)
    allowed = {Action.READ, Action.READ_INTERNAL, Action.REVIEW, Action.SIGN}

    assert signs_for(reader, day) == (chief if is_in_force else None)
    assert {action for action in Action if may(reader, action, day)} == (
        allowed if is_in_force else {Action.READ}
    )
    with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
        status = signed_in(reader).get(f"/uppfoljning/{review.pk}/forsattsblad/").status_code
    assert status == (200 if is_in_force else 403)


def test_the_day_is_a_day_in_sweden(delegation, reader, chief, signed_in, agreement):
    review = factories.ReviewFactory(agreement=agreement, created_by=chief)
    address = f"/uppfoljning/{review.pk}/forsattsblad/"
    with time_machine.travel("2024-02-29T23:30:00+00:00", tick=False):  # 1 March in Sweden
        assert signed_in(reader).get(address).status_code == 200
    with time_machine.travel("2024-05-31T22:30:00+00:00", tick=False):  # 1 June in Sweden
        assert signed_in(reader).get(address).status_code == 403


def test_a_delegate_cannot_hand_the_task_on(delegation, reader, chief, signed_in, today):
    assert not may(reader, Action.DELEGATE, today)
    for member in (reader, chief):
        response = signed_in(reader).get(f"/ledamoter/{member.pk}/delegera/")
        assert response.status_code == 403


def test_the_signatory_keeps_the_right_to_sign(delegation, chief, today):
    assert signs_for(chief, today) == chief


def no_ground(delegation: Delegation, police) -> dict:
    return {
        "revoked": lambda: delegation.revoke(by=delegation.signatory),
        "the delegate has left": lambda: set_on(delegation.delegate, is_active=False),
        "the signatory has left": lambda: set_on(delegation.signatory, is_active=False),
        "the delegate has changed party": lambda: set_on(delegation.delegate, party=police),
        "the signatory has changed party": lambda: set_on(delegation.signatory, party=police),
        "the signatory is one no more": lambda: set_on(delegation.signatory, role="reader"),
    }


def set_on(member: Member, **fields) -> None:
    Member.objects.filter(pk=member.pk).update(**fields)


@pytest.mark.parametrize("case", no_ground(None, None))
def test_a_delegation_without_its_ground_gives_nothing(case, delegation, police, today):
    no_ground(delegation, police)[case]()
    reader = Member.objects.get(pk=delegation.delegate_id)
    assert signs_for(reader, today) is None
    assert not may(reader, Action.SIGN, today)


def test_nobody_comes_to_sign_for_two_parties(delegation, police, reader, today):
    """Not even with a delegation from each, of which only that of one's own party counts."""
    other = factories.MemberFactory(party=police, role=Member.Role.SIGNATORY)
    factories.DelegationFactory(signatory=other, delegate=reader)
    assert signs_for(reader, today) == delegation.signatory
    set_on(reader, party=police)
    assert signs_for(Member.objects.get(pk=reader.pk), today) == other


# --- Handing it on -------------------------------------------------------------------------------


def test_a_signatory_hands_on_the_task(hand_on, client, chief, reader):
    response = hand_on()

    delegation = Delegation.objects.get()
    assert (delegation.signatory, delegation.delegate) == (chief, reader)
    assert (delegation.starts_on, delegation.ends_on) == (date(2024, 5, 20), date(2024, 6, 20))
    assert (delegation.created_by, delegation.basis) == (chief, "Beslut 2024-05-14")
    page = Page(client.get(response.url))
    assert page.messages == [
        "Lena Läsare har uppdraget från Kim Kommunchef 20 maj 2024 – 20 juni 2024."
    ]
    assert page.rows("//main//h2[.='Delegationer']/following::table") == [
        [
            "Kim Kommunchef",
            "Lena Läsare",
            "20 maj 2024 – 20 juni 2024",
            "Beslut 2024-05-14",
            "Kommande",
            "Återkalla delegationen till Lena Läsare från 20 maj 2024",
        ]
    ]


def test_an_administrator_hands_on_any_signatorys_task(
    signed_in, administrator, chief, reader, today
):
    client = signed_in(administrator)
    address = f"/ledamoter/{chief.pk}/delegera/"
    typed = {"delegate": str(reader.pk), "ends_on": "2024-06-20"}
    assert client.post(address, Page(client.get(address)).typed | typed).status_code == 302
    assert Delegation.objects.get().created_by == administrator


def test_a_signatory_does_not_hand_on_anothers_task(client, municipality):
    deputy = factories.MemberFactory(
        name="Tore Tillförordnad", party=municipality, role=Member.Role.SIGNATORY
    )
    response = client.post(f"/ledamoter/{deputy.pk}/delegera/")
    assert response.status_code == 403
    assert (
        "Bara Tore Tillförordnad själv eller en administratör delegerar det uppdraget."
        in response.content.decode()
    )


def test_only_a_signatorys_task_is_handed_on(signed_in, administrator, coordinator, chief, today):
    client = signed_in(administrator)
    assert client.get(f"/ledamoter/{coordinator.pk}/delegera/").status_code == 404
    chief.leave(today, None, by=administrator)
    assert client.get(f"/ledamoter/{chief.pk}/delegera/").status_code == 404


def test_the_task_goes_to_an_active_member_of_the_same_party(
    hand_on, client, chief, reader, coordinator, area_police, administrator
):
    coordinator.leave(date(2024, 5, 1), None, by=administrator)
    page = Page(client.get(f"/ledamoter/{chief.pk}/delegera/"))
    assert page.control("delegate").xpath("./option/text()") == ["Välj", "Lena Läsare"]
    for nobody in (chief, coordinator, area_police):
        assert Page(hand_on(delegate=str(nobody.pk))).errors == {
            "delegate": ["Välj något av alternativen i listan."]
        }


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"delegate": ""}, {"delegate": ["Fyll i det här."]}),
        ({"ends_on": ""}, {"ends_on": ["Fyll i det här."]}),
        (
            {"ends_on": "2024-05-19"},
            {"ends_on": ["Sista dagen ska inte ligga före första dagen."]},
        ),
        (
            {"starts_on": "2024-05-01", "ends_on": "2024-05-14"},
            {"ends_on": ["Sista dagen har redan varit. Välj i dag eller senare."]},
        ),
    ],
)
def test_a_faulty_delegation_is_not_saved(typed, error, hand_on):
    page = Page(hand_on(**typed))
    assert page.errors == error
    assert page.typed["basis"] == "Beslut 2024-05-14"
    assert not Delegation.objects.exists()


def test_a_delegation_may_be_for_a_single_day(hand_on):
    assert hand_on(starts_on="2024-05-15", ends_on="2024-05-15").status_code == 302


def test_a_personal_number_is_refused_in_the_basis(hand_on):
    assert list(Page(hand_on(basis="Beslut om 19121212-1212")).errors) == ["basis"]
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_free"),
    [
        ("2024-05-31", "2024-06-30", False),
        ("2024-05-15", "2024-07-31", False),
        ("2024-06-01", "2024-06-30", True),
    ],
)
def test_the_task_is_in_one_delegates_hands_at_a_time(
    starts_on, ends_on, is_free, hand_on, delegation, coordinator
):
    typed = {"delegate": str(coordinator.pk), "starts_on": starts_on, "ends_on": ends_on}
    response = hand_on(**typed)
    assert response.status_code == (302 if is_free else 200)
    if not is_free:
        assert list(Page(response).summary) == [
            "Lena Läsare har redan uppdraget 1 mars 2024 – 31 maj 2024. Återkalla den "
            "delegationen först, eller välj andra dagar."
        ]
        delegation.revoke(by=delegation.signatory)
        assert hand_on(**typed).status_code == 302


def test_the_same_delegates_time_may_be_prolonged(hand_on, delegation):
    assert hand_on(starts_on="2024-05-15", ends_on="2024-08-31").status_code == 302


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"signatory": "reader"}, "Bara en undertecknare kan delegera uppdraget."),
        ({"delegate": "area_police"}, "ingen skriver under för båda parterna"),
        ({"delegate": "chief"}, "Välj någon annan än undertecknaren själv."),
        ({"ends_on": FIRST - timedelta(days=1)}, "Sista dagen ska inte ligga före första dagen."),
    ],
)
def test_what_no_delegation_is_however_it_is_made(fields, error, delegation, area_police, request):
    for name, value in fields.items():
        is_date = isinstance(value, date)
        setattr(delegation, name, value if is_date else request.getfixturevalue(value))
    with pytest.raises(ValidationError, match=error):
        delegation.full_clean()


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_delegations_at_the_same_moment_one_is_made(client, chief, reader, coordinator):
    address = f"/ledamoter/{chief.pk}/delegera/"
    form = Page(client.get(address)).typed | {"ends_on": "2024-06-30"}
    responses = at_the_same_moment(
        *(
            lambda member=member: client.post(address, form | {"delegate": str(member.pk)})
            for member in (reader, coordinator)
        )
    )
    assert sorted(response.status_code for response in responses) == [200, 302]
    assert Delegation.objects.count() == 1


# --- Taking it back --------------------------------------------------------------------------------


def test_a_signatory_takes_the_task_back_at_once(client, delegation, reader, today):
    address = f"/delegationer/{delegation.pk}/aterkalla/"
    assert client.get(address).status_code == 200
    assert signs_for(reader, today)  # opening the page changes nothing

    response = client.post(address)

    delegation.refresh_from_db()
    assert delegation.revoked_by == delegation.signatory
    assert delegation.history.count() == 2
    assert signs_for(reader, today) is None
    page = Page(client.get(response.url))
    assert page.messages == ["Delegationen till Lena Läsare är återkallad."]
    assert page.rows("//main//h2[.='Delegationer']/following::table")[0][4:] == [
        "Återkallad 15 maj 2024",
        "",
    ]


def test_a_delegation_is_taken_back_once(client, delegation, administrator):
    client.post(f"/delegationer/{delegation.pk}/aterkalla/")
    with pytest.raises(ValidationError, match="redan återkallad"):
        delegation.revoke(by=administrator)
    assert client.get(f"/delegationer/{delegation.pk}/aterkalla/").status_code == 404


def test_one_that_has_run_out_is_not_taken_back(client, chief, reader):
    ended = factories.DelegationFactory(signatory=chief, delegate=reader, ends_on=date(2024, 5, 14))
    assert client.get(f"/delegationer/{ended.pk}/aterkalla/").status_code == 404


def test_who_takes_a_delegation_back(
    signed_in, delegation, reader, coordinator, administrator, municipality, police, today
):
    address = f"/delegationer/{delegation.pk}/aterkalla/"
    deputy, elsewhere = (
        factories.MemberFactory(party=party, role=Member.Role.SIGNATORY)
        for party in (municipality, factories.AgreementFactory().parties.first())
    )
    statuses = [
        signed_in(member).get(address).status_code
        for member in (reader, coordinator, deputy, elsewhere, administrator)
    ]
    assert statuses == [403, 403, 403, 404, 200]


# --- What the delegate is told -----------------------------------------------------------------------


def test_a_delegate_is_told_on_the_own_pages(delegation, reader, signed_in, coordinator, today):
    told = ["Du har undertecknarens uppdrag för Kim Kommunchef från 1 mars 2024 till 31 maj 2024."]
    notice = "//main//div[@class='notice']"
    theirs = signed_in(reader)
    assert Page(theirs.get("/konto/")).texts(notice) == told
    assert Page(theirs.get(f"/ledamoter/{reader.pk}/")).texts(notice) == told
    # Others read it in the table.
    page = Page(signed_in(coordinator).get(f"/ledamoter/{reader.pk}/"))
    assert page.texts(notice) == []
    assert page.rows("//main//h2[.='Delegationer']/following::table")[0][:2] == [
        "Kim Kommunchef",
        "Lena Läsare",
    ]


def test_a_signatory_sees_on_the_account_page_who_has_the_task(client, delegation):
    page = Page(client.get("/konto/"))
    assert page.rows()[0][:2] == ["Kim Kommunchef", "Lena Läsare"]
    assert page.texts("//main//div[@class='notice']") == []


def test_a_delegation_that_is_over_is_not_told_of(delegation, reader, signed_in):
    with time_machine.travel("2024-06-01T12:00:00+02:00", tick=False):
        page = Page(signed_in(reader).get("/konto/"))
    assert page.texts("//main//div[@class='notice']") == []
