"""The signed documents changed by an administrator, and read when they no longer or not yet apply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from promises.agreement_file import DOROTEA
from promises.agreement_file.reading import read
from promises.agreement_file.writing import write
from promises.models import Agreement, Promise, PromisePeriod
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

WHY = "Rättat mot originalet"


@pytest.fixture
def client(administrator, signed_in, today) -> Client:
    return signed_in(administrator)


@pytest.fixture
def period(agreement) -> PromisePeriod:
    return agreement.periods.get()


@pytest.fixture
def fill_in(client) -> Callable[..., HttpResponse]:
    """Open the form, type, send."""

    def send(address: str, typed: dict[str, str | list[str]], reason: str = WHY) -> HttpResponse:
        return client.post(address, typed_in(client, address) | {"reason": reason, **typed})

    return send


def typed_in(client: Client, address: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form, with every box that is ticked."""
    form = Page(client.get(address)).form
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value.removeprefix("\n").replace("\n", "\r\n"))
    for control in form.xpath(".//input[not(@value)][not(@type='checkbox')]"):
        sent.setdefault(control.name, [""])
    return sent


def edit(row: Agreement | PromisePeriod) -> str:
    return f"{row.get_absolute_url()}andra/"


# --- The agreement -------------------------------------------------------------------------------


def test_a_form_sent_as_it_stands_changes_nothing(agreement, fill_in):
    response = fill_in(edit(agreement), {})

    assert response.url == agreement.get_absolute_url()
    assert agreement.history.count() == Agreement.objects.get().history.count()
    assert read(write(agreement).encode()) == read(DOROTEA.read_bytes())
    agreement.refresh_from_db()
    assert agreement.version == 1


def test_the_agreement_is_changed_and_the_reason_stands_in_the_history(
    agreement, fill_in, client, administrator
):
    response = fill_in(
        edit(agreement),
        {
            "registry_number": "KS 2023/117",
            "group_meetings_per_half_year": "2",
            "goals-1-wording": "Tryggheten ska vara hög",
            "undertakings-4-evidence": "activities",
            "signatories-0-signed_on": "2023-02-27",
        },
    )

    assert response.url == agreement.get_absolute_url()
    agreement.refresh_from_db()
    assert (agreement.registry_number, agreement.group_meetings_per_half_year) == ("KS 2023/117", 2)
    assert agreement.goals.get(number=2).wording == "Tryggheten ska vara hög"
    assert agreement.undertakings.get(number=5).evidence == "activities"
    assert agreement.signatories.first().signed_on == date(2023, 2, 27)
    latest = agreement.goals.get(number=2).history.latest("history_id")
    assert (latest.history_change_reason, latest.history_user) == (WHY, administrator)
    assert agreement.goals.get(number=1).history.count() == 1
    page = Page(client.get(response.url))
    assert page.messages == ["Överenskommelsen är ändrad. Skälet står i historiken."]
    assert f"Skäl: {WHY}" in page.text("//section[@class='history']")


def test_rows_are_added_and_untouched_empty_rows_are_not(agreement, fill_in, police):
    fill_in(
        edit(agreement),
        {
            "goals-3-wording": "Fler ska våga anmäla",
            "undertakings-5-wording": "Polisen berättar varje år.",
            "undertakings-5-responsible": str(police.pk),
        },
    )

    assert list(agreement.goals.values_list("number", "wording"))[3:] == [
        (4, "Fler ska våga anmäla")
    ]
    assert agreement.undertakings.get(number=6).responsible == police


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({"reason": ""}, "reason", "Fyll i det här."),
        ({"title": ""}, "title", "Fyll i det här."),
        (
            {"valid_to": "2023-02-26"},
            "valid_to",
            "Sista dagen ska inte ligga före första dagen.",
        ),
        (
            {"valid_from": "2023-02-30"},
            "valid_from",
            "Det finns inget sådant datum. Skriv det som 2024-03-15.",
        ),
        ({"followup_interval_years": "11"}, "followup_interval_years", "Ange mellan 1 och 10 år."),
        (
            {"group_meetings_per_half_year": "0"},
            "group_meetings_per_half_year",
            "Skriv minst 1, eller lämna tomt om inget är bestämt.",
        ),
        ({"goals-0-wording": ""}, "goals-0-wording", "Fyll i det här."),
        ({"goals-0-number": "0"}, "goals-0-number", "Talet kan inte vara mindre än 1."),
        ({"signatories-2-name": "Kim"}, "signatories-2-title", "Fyll i det här."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_in_the_summary(
    typed, name, sentence, agreement, fill_in
):
    page = Page(fill_in(edit(agreement), typed))

    assert page.errors[name] == [sentence]
    assert name in page.summary.values()
    [typed_name] = typed
    assert page.typed[typed_name] == typed[typed_name]
    assert Agreement.objects.get().version == 1


def test_a_text_longer_than_a_file_holds_is_refused(agreement, fill_in):
    page = Page(fill_in(edit(agreement), {"foundations": "x" * 10_001}))
    assert page.errors["foundations"] == [
        "Texten är för lång: 10001 tecken. Högst 10000 får plats. Korta den eller dela upp den."
    ]


def test_a_personal_number_in_a_row_is_refused(agreement, fill_in):
    page = Page(fill_in(edit(agreement), {"goals-0-wording": "Hjälp 19811218-9876"}))
    [sentence] = page.errors["goals-0-wording"]
    assert "personnummer" in sentence
    assert page.typed["goals-0-wording"] == "Hjälp 19811218-9876"


def test_what_may_point_somebody_out_in_a_row_is_asked_about_once(agreement, fill_in, client):
    typed = {"goals-0-wording": "Ring 070-174 06 05 för hjälp"}
    page = Page(fill_in(edit(agreement), typed))
    assert page.all("//*[@class='error-summary warning']")
    [box] = page.form.xpath(".//input[@type='checkbox'][contains(@name, 'integrity')]")
    shown = page.form.xpath(".//input[contains(@name, 'integrity-shown')]")[0]

    fill_in(edit(agreement), {**typed, box.name: "on", shown.name: shown.value})

    assert agreement.goals.get(number=1).wording == "Ring 070-174 06 05 för hjälp"


def test_two_rows_with_the_same_number_are_refused(agreement, fill_in):
    page = Page(
        fill_in(
            edit(agreement),
            {
                "goals-3-number": "9",
                "goals-3-wording": "a",
                "goals-4-number": "9",
                "goals-4-wording": "b",
            },
        )
    )
    assert "Mål: Två rader har samma nummer. Ändra den ena." in page.summary


def test_a_number_that_is_taken_is_refused(agreement, fill_in):
    page = Page(fill_in(edit(agreement), {"goals-0-number": "2"}))
    assert "Mål: Två rader har samma nummer. Ändra den ena." in page.summary


def test_a_party_that_has_signed_cannot_be_taken_away(agreement, fill_in, municipality):
    another = factories.PartyFactory(name="Bostadsbolaget", short_name="Bostadsbolaget")
    page = Page(fill_in(edit(agreement), {"parties": [municipality.pk, another.pk]}))
    assert page.errors["parties"] == [
        "Polisen har skrivit under eller ansvarar för något här, och kan inte tas bort."
    ]
    page = Page(fill_in(edit(agreement), {"parties": [municipality.pk]}))
    assert page.errors["parties"] == ["En överenskommelse har minst två parter."]


def test_a_party_can_be_added(agreement, fill_in):
    another = factories.PartyFactory(name="Bostadsbolaget", short_name="Bostadsbolaget")
    everybody = [*agreement.parties.values_list("pk", flat=True), another.pk]
    fill_in(edit(agreement), {"parties": everybody})
    assert set(agreement.parties.values_list("pk", flat=True)) == set(everybody)


def test_an_agreement_stays_between_its_neighbours(agreement, fill_in):
    successor = factories.AgreementFactory(
        predecessor=agreement, valid_from=date(2027, 1, 1), valid_to=date(2030, 12, 31)
    )
    page = Page(fill_in(edit(successor), {"valid_from": "2023-02-27"}))
    assert page.errors["valid_from"] == [f"Dagen ska ligga efter första dagen för ”{agreement}”."]
    page = Page(fill_in(edit(agreement), {"valid_from": "2027-01-01", "valid_to": "2027-01-01"}))
    assert page.errors["valid_from"] == [f"Dagen ska ligga före första dagen för ”{successor}”."]


# --- When somebody else was first ----------------------------------------------------------------


def test_a_stale_form_shows_both_texts_row_by_row_and_saves_nothing(agreement, client):
    mine = typed_in(client, edit(agreement))
    client.post(
        edit(agreement),
        typed_in(client, edit(agreement)) | {"goals-0-wording": "Deras", "reason": WHY},
    )

    page = Page(
        client.post(edit(agreement), mine | {"goals-1-wording": "Mitt", "reason": "Stavning"})
    )

    assert agreement.goals.get(number=2).wording != "Mitt"
    assert page.typed["goals-1-wording"] == "Mitt"
    assert [row[0] for row in page.rows()] == ["Mål, nr 1, Lydelse", "Mål, nr 2, Lydelse"]
    assert page.rows()[0][1] == "Deras"
    assert page.rows()[1][2] == "Mitt"


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(agreement, administrator, signed_in):
    clients = [signed_in(administrator) for _ in range(2)]
    typed = [
        typed_in(client, edit(agreement)) | {"reason": WHY, "goals-0-wording": f"Mål {n}"}
        for n, client in enumerate(clients)
    ]

    responses = at_the_same_moment(
        *(
            lambda client=client, sent=sent: client.post(edit(agreement), sent)
            for client, sent in zip(clients, typed, strict=True)
        )
    )

    assert sorted(response.status_code for response in responses) == [200, 302]
    agreement.refresh_from_db()
    assert agreement.version == 2


# --- The medborgarlöfte --------------------------------------------------------------------------


def test_the_period_and_its_promises_are_changed(period, fill_in, agreement, administrator):
    goals = [str(goal.pk) for goal in agreement.goals.all()[:2]]
    response = fill_in(
        edit(period),
        {
            "basis": "Medborgardialoger 2023.",
            "promises-2-topic": "Skoter",
            "promises-2-goals": goals,
            "promises-5-topic": "Skolväg",
            "promises-5-wording": "Vi ska ses vid skolan.",
            "promises-5-responsible": [str(agreement.parties.first().pk)],
        },
    )

    assert response.url == period.get_absolute_url()
    period.refresh_from_db()
    assert period.basis == "Medborgardialoger 2023."
    snowmobile = period.promises.get(number=3)
    assert (snowmobile.topic, snowmobile.goals.count()) == ("Skoter", 2)
    assert snowmobile.history.latest("history_id").history_change_reason == WHY
    assert period.promises.get(number=6).responsible.get() == agreement.parties.first()


def test_a_period_stays_between_its_neighbours_and_apart_from_the_others(
    period, fill_in, agreement
):
    following = factories.PromisePeriodFactory(
        agreement=agreement,
        title="Nästa",
        predecessor=period,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    page = Page(fill_in(edit(period), {"starts_on": "2025-01-01", "ends_on": "2025-12-31"}))
    assert page.errors["starts_on"] == ["Dagen ska ligga före första dagen för ”Nästa”."]
    page = Page(fill_in(edit(following), {"starts_on": "2022-12-31"}))
    assert page.errors["starts_on"] == [f"Dagen ska ligga efter första dagen för ”{period}”."]


def test_two_periods_of_an_agreement_begin_on_different_days(period, fill_in, agreement):
    factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31)
    )
    page = Page(fill_in(edit(period), {"starts_on": "2022-01-01"}))
    assert page.errors["starts_on"] == [
        "Överenskommelsen har redan en löftesperiod som börjar den dagen."
    ]


def test_a_promise_answers_for_somebody(period, fill_in):
    page = Page(fill_in(edit(period), {"promises-0-responsible": []}))
    assert page.errors["promises-0-responsible"] == ["Fyll i det här."]


def test_the_form_costs_the_same_however_many_promises_there_are(period, client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(edit(period))
        return len(captured)

    few = queries()
    for number in range(6, 20):
        promise = factories.PromiseFactory(period=period, number=number)
        promise.responsible.set(period.agreement.parties.all())
    assert queries() == few


# --- Reading what no longer, or not yet, applies -------------------------------------------------


def test_another_agreement_is_listed_with_where_it_stands_and_can_be_read(agreement, client):
    coming = factories.AgreementFactory(
        title="Samverkan 2027–2030",
        predecessor=agreement,
        parties=agreement.parties.all(),
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    page = Page(client.get("/overenskommelse/"))
    assert page.rows() == [["Samverkan 2027–2030", "1 januari 2027 – 31 december 2030", "Kommande"]]
    page = Page(client.get(coming.get_absolute_url()))
    assert page.text("//h1") == "Samverkan 2027–2030"
    assert page.facts["Läge i dag"] == "Kommande"
    assert "Inte undertecknat än." in page.text()


def test_what_became_of_each_promise_stands_on_the_earlier_period(period, client):
    following = factories.PromisePeriodFactory(
        agreement=period.agreement,
        title="Löften 2025",
        predecessor=period,
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    old = list(period.promises.all())
    for promise, carried, reason in (
        (old[0], "continue", ""),
        (old[1], "change", "Nya bedrägerier"),
        (old[2], "end", "Skotrarna har flyttat"),
    ):
        promise.carried, promise.carried_reason = carried, reason
        promise.save()
    for number, promise in enumerate(old[:2], start=1):
        Promise.objects.create(
            period=following, number=number, topic="a", wording="b", predecessor=promise
        )

    page = Page(client.get(period.get_absolute_url()))
    carried = [text.split(" Lappland ")[-1] for text in page.texts("//ol[@class='promises']/li")]
    assert carried[:3] == [
        "Fortsätter som löfte 1 i Löften 2025.",
        "Ändras till löfte 2 i Löften 2025. Skäl: Nya bedrägerier",
        "Avslutas. Skäl: Skotrarna har flyttat",
    ]
    assert page.text("//p[@class='notice']") == (
        "Nästa löftesperiod är Löften 2025, 1 januari 2025 – 31 december 2025."
    )

    page = Page(client.get(following.get_absolute_url()))
    assert page.text("//*[@class='eyebrow']") == (
        "Planen · Börjar gälla 1 januari 2025 och gäller till och med 31 december 2025"
    )
    assert page.texts("//ol[@class='promises']/li//p[@class='small']") == [
        "Fortsätter från löfte 1 i Medborgarlöfte 2023-2024.",
        "Ändrat från löfte 2 i Medborgarlöfte 2023-2024.",
    ]


# --- As a file -----------------------------------------------------------------------------------


def test_the_agreement_comes_as_a_file_with_its_key_for_a_name(agreement, client):
    response = client.get(f"{agreement.get_absolute_url()}fil/")

    assert response["Content-Disposition"] == 'attachment; filename="dorotea-2023-2026.toml"'
    assert read(response.content) == read(DOROTEA.read_bytes())


def test_a_file_that_could_not_be_loaded_is_not_handed_out(agreement, client):
    factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    response = client.get(f"{agreement.get_absolute_url()}fil/", follow=True)
    assert Page(response).messages == [
        "Filen går inte att skriva. Rätta det här först: periods, nr 2 › promises: är tom."
    ]
