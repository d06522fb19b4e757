"""The plan: activities are planned, changed and cancelled, and listed under what they answer to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse

from promises.forms.base import STALE
from promises.models import Activity, Member, Promise
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

REQUIRED = "Fyll i det här."
NOT_IN_THE_LIST = "Välj något av alternativen i listan."


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def fill_in(client) -> Callable[..., HttpResponse]:
    """Open the form, type, send."""

    def send(address: str = "/aktiviteter/ny/", **typed: object) -> HttpResponse:
        form = Page(client.get(address)).typed
        return client.post(address, form | {name: str(value) for name, value in typed.items()})

    return send


# --- Planning ------------------------------------------------------------------------------


def test_a_whole_activity_is_planned(fill_in, client, snowmobile_promise, police, area_police):
    response = fill_in(
        promise=snowmobile_promise.pk,
        title="Skoterkontroll vid leden",
        kind="control",
        description="Under sportlovet.",
        responsible=police.pk,
        responsible_member=area_police.pk,
        place=factories.PlaceFactory(name="Långsjön").pk,
        planned_from="2024-02-01",
        planned_to="2024-04-30",
        in_force_from="",
        target_count=2,
        target_per="season",
        season_from=2,
        season_to=4,
    )
    activity = Activity.objects.get()
    assert response.url == f"/aktiviteter/{activity.pk}/"
    assert (activity.promise, activity.responsible, activity.responsible_member) == (
        *(snowmobile_promise, police, area_police),
    )
    assert (activity.planned_from, activity.planned_to) == (date(2024, 2, 1), date(2024, 4, 30))
    assert activity.target_label == "2 per säsong (februari–april)"
    assert activity.status == Activity.Status.PLANNED

    page = Page(client.get(response.url))
    assert page.messages == ["Aktiviteten ”Skoterkontroll vid leden” är planerad."]
    assert page.facts == {
        "Läge": "Försenad",
        "Slag": "Kontroll",
        "Ansvarig": "Polisen i Södra Lappland Per Områdespolis",
        "Plats": "Långsjön",
        "Planerad": "1 februari 2024 – 30 april 2024",
        "Tillfällen": "0",
    }
    assert page.rows() == [
        ["Säsongen 2023", "0", "2", "Ej nådd"],
        ["Säsongen 2024", "0", "2", "Ej nådd"],
    ]


def test_the_form_opens_on_the_promise_one_came_from(client, snowmobile_promise, coordinator):
    form = Page(client.get(f"/aktiviteter/ny/?promise={snowmobile_promise.pk}")).typed
    assert form["promise"] == str(snowmobile_promise.pk)
    assert form["responsible"] == str(coordinator.party_id)


@pytest.mark.parametrize("given", ["abc", "4711", "\0"])
def test_a_promise_in_the_address_that_is_none_is_passed_over(given, client):
    assert Page(client.get("/aktiviteter/ny/", {"promise": given})).typed["promise"] == ""


def test_an_activity_can_answer_to_an_undertaking(fill_in, client, agreement):
    undertaking = agreement.undertakings.get(number=5)
    response = fill_in(title="Samverkansmöte", undertaking=undertaking.pk)
    page = Page(client.get(response.url))
    assert page.text("//p[@class='eyebrow']") == "Aktiviteter · Åtagande 5"
    assert Activity.objects.get().undertaking == undertaking


def test_an_activity_is_added_without_a_date_or_a_target(fill_in, client, snowmobile_promise):
    address = fill_in(title="Skoterkväll", promise=snowmobile_promise.pk).url
    page = Page(client.get(address))
    assert "Planerad" not in page.facts
    assert not {"Åtagandenivå", "Prognos"} & {*page.texts("//main//h2")}


# --- Faults --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"title": ""}, {"title": [REQUIRED]}),
        (
            {"promise": ""},
            {"promise": ["Välj det löfte eller åtagande som aktiviteten hör till."]},
        ),
        (
            {"undertaking": "{undertaking}"},
            {"undertaking": ["Välj antingen ett löfte eller ett åtagande, inte båda."]},
        ),
        ({"promise": "4711"}, {"promise": [NOT_IN_THE_LIST]}),
        ({"kind": "Annat"}, {"kind": [NOT_IN_THE_LIST]}),
        ({"title": "x" * 121}, {"title": ["Texten är för lång: 121 tecken. Högst 120 får plats."]}),
        (
            {"planned_from": "2024-02-30"},
            {"planned_from": ["Det finns inget sådant datum. Skriv det som 2024-03-15."]},
        ),
        (
            {"planned_from": "2024-03-02", "planned_to": "2024-03-01"},
            {"planned_to": ["Planerat slut ska inte ligga före planerad start."]},
        ),
        ({"target_count": "2"}, {"target_per": ["Välj vad antalet räknas per."]}),
        ({"target_per": "year"}, {"target_count": ["Skriv ett antal, minst 1."]}),
        (
            {"target_count": "0", "target_per": "year"},
            {"target_count": ["Skriv ett antal, minst 1."]},
        ),
        (
            {"target_count": "-2", "target_per": "year"},
            {"target_count": ["Talet kan inte vara mindre än 0."]},
        ),
        (
            {"target_count": "två", "target_per": "year"},
            {"target_count": ["Skriv ett heltal, till exempel 90."]},
        ),
        (
            {"target_count": "2", "target_per": "season"},
            {
                "season_from": ["En säsong behöver en månad här."],
                "season_to": ["En säsong behöver en månad här."],
            },
        ),
        (
            {"status": "cancelled"},
            {"cancellation_reason": ["Skriv varför aktiviteten ställs in."]},
        ),
        (
            {"status": "cancelled", "cancellation_reason": "   "},
            {"cancellation_reason": ["Skriv varför aktiviteten ställs in."]},
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_fault_is_explained_beside_its_field_and_nothing_typed_is_lost(
    typed, faults, fill_in, snowmobile_promise, agreement
):
    undertaking = agreement.undertakings.get(number=5).pk
    typed = {name: value.format(undertaking=undertaking) for name, value in typed.items()}
    typed = {"title": "Skoterkväll", "promise": snowmobile_promise.pk} | typed
    response = fill_in(**typed, description="Vid Långsjön.")
    page = Page(response)
    assert response.status_code == 200
    assert page.errors == faults
    assert page.summary == {
        f"{page.label(name)}: {sentence}": name for name, [sentence] in faults.items()
    }
    assert page.typed["description"] == "Vid Långsjön."
    assert page.control("title").get("value") == (typed["title"] or None)
    assert not Activity.objects.exists()


def test_a_target_that_is_no_season_forgets_the_months(fill_in, snowmobile_promise):
    fill_in(
        title="Skoterkväll",
        promise=snowmobile_promise.pk,
        target_count=2,
        target_per="year",
        season_from=2,
        season_to=4,
    )
    assert Activity.objects.get().target_label == "2 per år"


def test_html_in_a_title_is_shown_and_never_obeyed(fill_in, client, snowmobile_promise):
    title = "<img src=x onerror=alert(1)> & <b>fet</b>"
    address = fill_in(title=title, promise=snowmobile_promise.pk, description=title).url
    for page in (Page(client.get(address)), Page(client.get("/aktiviteter/"))):
        assert title in page.text()
        assert not page.all("//main//img")


# --- Changing ------------------------------------------------------------------------------


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


def test_a_change_is_saved(fill_in, client, activity):
    response = fill_in(f"{activity.get_absolute_url()}andra/", title="Skoterkväll")
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Skoterkväll", 2)
    assert Page(client.get(response.url)).messages == ["Aktiviteten ”Skoterkväll” är sparad."]


def test_a_stale_change_is_refused_and_keeps_what_was_typed(fill_in, client, activity):
    address = f"{activity.get_absolute_url()}andra/"
    mine = Page(client.get(address)).typed | {"title": "Min rubrik"}
    fill_in(address, title="Deras rubrik")
    page = Page(client.post(address, mine))
    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    assert page.typed["title"] == "Min rubrik"
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Deras rubrik", 2)


def test_a_cancelled_activity_says_why_and_cannot_be_logged_on(fill_in, client, activity):
    address = activity.get_absolute_url()
    fill_in(f"{address}andra/", status="cancelled", cancellation_reason="Ingen snö")
    page = Page(client.get(address))
    assert page.facts["Läge"] == "Inställd"
    assert page.text("//*[@class='notice']") == "Inställd. Skäl: Ingen snö"
    assert page.texts("//main//*[@class='actions']/a") == ["Ändra"]


def test_somebody_who_has_left_stays_responsible_until_another_is_chosen(
    fill_in, activity, municipality
):
    activity.responsible_member = factories.MemberFactory(party=municipality, is_active=False)
    activity.save()
    fill_in(f"{activity.get_absolute_url()}andra/", title="Skoterkväll")
    activity.refresh_from_db()
    assert activity.responsible_member is not None


def test_only_active_members_of_the_parties_can_be_made_responsible(
    client, coordinator, area_police, stranger, municipality
):
    factories.MemberFactory(party=municipality, is_active=False, name="Har Slutat")
    page = Page(client.get("/aktiviteter/ny/"))
    chosen = [option.get("value") for option in page.control("responsible_member")]
    assert set(chosen) == {"", str(coordinator.pk), str(area_police.pk)}
    assert str(stranger.pk) not in chosen
    assert Member.objects.count() == 4


# --- The list ------------------------------------------------------------------------------


def test_the_plan_stands_promise_by_promise_and_then_the_undertakings(client, agreement):
    promises = {promise.number: promise for promise in Promise.objects.all()}
    undertaking = agreement.undertakings.get(number=5)
    factories.ActivityFactory(promise=None, undertaking=undertaking, title="Möte")
    for number, title in [(3, "Skoterkväll"), (1, "Tillsyn"), (3, "Skoterkontroll")]:
        factories.ActivityFactory(promise=promises[number], title=title)
    page = Page(client.get("/aktiviteter/"))
    assert page.texts("//main//h2") == [
        "Löfte 1: Tobak och alkohol bland unga",
        "Löfte 3: Skoterkörning i Borgafjäll",
        "Åtagande 5",
    ]
    assert page.texts("//tbody//th/a") == ["Tillsyn", "Skoterkontroll", "Skoterkväll", "Möte"]


def test_a_row_says_what_has_become_of_the_activity(client, activity, coordinator, police):
    activity.target_count, activity.target_per = 2, Activity.TargetPer.YEAR
    activity.responsible = police
    activity.planned_to = date(2024, 5, 14)
    activity.place = factories.PlaceFactory(name="Långsjön")
    activity.save()
    logged = {"activity": activity, "party": coordinator.party, "member": coordinator}
    factories.OccasionFactory(date=date(2024, 3, 12), **logged)
    factories.OccasionFactory(date=date(2024, 3, 1), **logged)
    mistaken = factories.OccasionFactory(date=date(2024, 4, 1), **logged)
    mistaken.withdraw(by=coordinator, reason="Fel dag")
    for day in (date(2024, 5, 14), date(2024, 8, 1), date(2024, 6, 12)):
        factories.PlannedOccasionFactory(activity=activity, date=day)
    assert Page(client.get("/aktiviteter/")).rows() == [
        [
            *("Skoterkontroll Kontroll · Långsjön", "Försenad", "2 per år", "Polisen"),
            *("2", "2024-03-12", "2024-06-12"),
        ]
    ]


def test_an_empty_plan_says_how_to_begin(client, reader, signed_in):
    assert Page(client.get("/aktiviteter/")).text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad än Planera den första aktiviteten under ett av löftena."
    )
    assert Page(signed_in(reader).get("/aktiviteter/")).text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad än Samordnarna planerar aktiviteter här."
    )
