"""The agreement that follows another: drafted, compared, put before the signatories, in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from followup.law.clocks import picture_at
from followup.models.occasion import promises_to_report
from followup.numbers.visits import place_clocks
from followup.overview.lacks import all_that_lacks
from followup.overview.waiting import waiting_for
from followup.time.spans import Span
from promises.models import (
    Activity,
    Agreement,
    Goal,
    Member,
    Signatory,
    Undertaking,
)
from promises.models.agreement import AgreementStatus
from promises.new_agreement import differences
from tests import factories
from tests.html import Page
from tests.promises.test_agreement_edit import typed_in

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2027, 1, 1)


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def address(agreement) -> str:
    return f"/overenskommelse/{agreement.pk}/ny/"


@pytest.fixture
def keys(agreement) -> dict[str, str]:
    """From "m1" and "å1" to the beginning of the names of the fields of that goal or undertaking."""
    goals = {f"m{goal.number}": f"mal-{goal.pk}" for goal in agreement.goals.all()}
    return goals | {f"å{row.number}": f"atagande-{row.pk}" for row in agreement.undertakings.all()}


@pytest.fixture
def fill_in(client, address, keys) -> Callable[..., HttpResponse]:
    """Open the form, let everything continue, type, send."""

    def send(**typed: str | list[str]) -> HttpResponse:
        sent = typed_in(client, address) | {f"{key}-carried": "continue" for key in keys.values()}
        return client.post(address, sent | typed)

    return send


@pytest.fixture
def draft(fill_in, agreement) -> Agreement:
    fill_in()
    return Agreement.objects.get(predecessor=agreement)


@pytest.fixture
def signatories(chief, deputy) -> list[Member]:
    return [chief, deputy]


def step(client: Client, draft: Agreement, asked: str, /, **typed: str) -> HttpResponse:
    return client.post(f"/overenskommelse/{draft.pk}/utkast/", {"step": asked, **typed})


def put_name_to(client: Client, draft: Agreement, **typed: str) -> HttpResponse:
    said = {"name": "Kim Chef", "title": "Kommunchef", "signed_on": "2024-05-15"}
    return step(client, draft, "sign", **said | typed)


@pytest.fixture
def signed(draft, client, signatories, signed_in) -> Agreement:
    """Put before both signatories, and signed by them."""
    step(client, draft, "present")
    for member in signatories:
        put_name_to(signed_in(member), draft)
    return Agreement.objects.get(pk=draft.pk)


# --- What is proposed ----------------------------------------------------------------------------


def test_the_new_one_is_proposed_from_the_day_after_in_the_same_words(client, address, agreement):
    page = Page(client.get(address))
    assert {
        name: page.typed[name]
        for name in ("title", "valid_from", "valid_to", "followup_interval_years", "time_plan")
    } == {
        "title": "Samverkansöverenskommelse 2027–2030 mellan Lokalpolisområde Södra Lappland och "
        "Dorotea kommun",
        "valid_from": "2027-01-01",
        "valid_to": "2030-12-31",
        "followup_interval_years": "2",
        "time_plan": agreement.time_plan,
    }


def test_when_that_day_has_passed_it_is_proposed_from_the_next_new_year(
    signed_in, coordinator, address
):
    with time_machine.travel("2027-06-01T12:00:00+02:00", tick=False):
        page = Page(signed_in(coordinator).get(address))
        assert page.typed["valid_from"] == "2028-01-01"


def test_the_agreements_page_leads_to_it(client, agreement, address):
    assert address in client.get("/overenskommelse/").content.decode()


# --- The draft -----------------------------------------------------------------------------------


def test_everything_continues_under_the_draft(draft, agreement):
    assert (draft.is_draft, draft.presented_on, draft.key) == (True, None, "dorotea-2027-2030")
    assert set(draft.parties.all()) == set(agreement.parties.all())
    for mine, theirs in (
        (draft.goals.all(), agreement.goals.all()),
        (draft.undertakings.all(), agreement.undertakings.all()),
    ):
        assert [(row.number, row.wording, row.predecessor) for row in mine] == [
            (row.number, row.wording, row) for row in theirs
        ]
    assert [(row.responsible, row.evidence) for row in draft.undertakings.all()] == [
        (row.responsible, row.evidence) for row in agreement.undertakings.all()
    ]


def test_what_is_changed_ended_and_new_is_told_as_what_differs(
    client, fill_in, agreement, keys, police
):
    fill_in(
        **{
            f"{keys['m1']}-carried": "change",
            f"{keys['m1']}-wording": "Minska brottsligheten",
            f"{keys['m2']}-carried": "end",
            f"{keys['m2']}-reason": "Målet är nått",
            "nytt-mal-1-wording": "Fler ska känna sig trygga i byarna",
            f"{keys['å5']}-carried": "change",
            f"{keys['å5']}-responsible": str(police.pk),
            "title": "Överenskommelse",
        }
    )
    draft = Agreement.objects.get(predecessor=agreement)
    old = {row.number: row.wording for row in agreement.goals.all()}
    meetings = agreement.undertakings.get(number=5).wording

    found = [(one.kind, one.name, one.before, one.after, one.reason) for one in differences(draft)]

    assert found == [
        ("changed", "Titel", agreement.title, "Överenskommelse", ""),
        ("changed", "Gäller från och med", "27 februari 2023", "1 januari 2027", ""),
        ("changed", "Gäller till och med", "31 december 2026", "31 december 2030", ""),
        ("changed", "Mål 1", old[1], "Minska brottsligheten", ""),
        ("new", "Mål 3", "", "Fler ska känna sig trygga i byarna", ""),
        ("ended", "Mål 2 i den förra", old[2], "", "Målet är nått"),
        ("changed", "Åtagande 5", f"{meetings} (Gemensamt)", f"{meetings} (Polisen)", ""),
    ]
    text = Page(client.get(draft.get_absolute_url())).text()
    assert "Avslutas. Skäl: Målet är nått" in text


def test_a_party_leaves_and_a_new_one_comes(fill_in, agreement, keys, municipality, police):
    answers = [row for row in agreement.undertakings.all() if row.responsible == police]
    fill_in(
        **{
            "parties": [str(municipality.pk)],
            "part-name": "Region Exempel",
            "part-short_name": "Regionen",
            "part-kind": "other",
            **{f"{keys[f'å{row.number}']}-carried": "end" for row in answers},
            **{f"{keys[f'å{row.number}']}-reason": "Parten lämnar" for row in answers},
        }
    )
    draft = Agreement.objects.get(predecessor=agreement)
    assert {party.name for party in draft.parties.all()} == {municipality.name, "Region Exempel"}
    assert [
        (one.kind, one.before, one.after) for one in differences(draft) if one.name == "Part"
    ] == [
        ("ended", police.name, ""),
        ("new", "", "Region Exempel"),
    ]


def test_the_draft_is_changed_by_the_coordinators_of_both_parties(
    draft, agreement, keys, area_police, signed_in
):
    client = signed_in(area_police)
    edit = f"{draft.get_absolute_url()}andra/"
    sent = typed_in(client, edit) | {
        f"{keys['m1']}-carried": "end",
        f"{keys['m1']}-reason": "Klart",
        f"{keys['m3']}-carried": "change",
        f"{keys['m3']}-wording": "En ny arbetsform",
        "nytt-mal-1-wording": "Ett nytt mål",
        "valid_to": "2029-12-31",
    }
    client.post(edit, sent)

    draft.refresh_from_db()
    assert draft.valid_to == date(2029, 12, 31)
    assert [(goal.number, goal.wording) for goal in draft.goals.all()] == [
        (1, agreement.goals.get(number=2).wording),
        (2, "En ny arbetsform"),
        (3, "Ett nytt mål"),
    ]
    page = Page(client.get(edit))
    assert page.typed[f"{keys['m1']}-carried"] == "end"
    assert page.typed[f"{keys['m3']}-wording"] == "En ny arbetsform"
    assert page.typed["nytt-mal-1-wording"] == "Ett nytt mål"

    sent = typed_in(client, edit) | {f"{keys['m1']}-carried": "continue", "nytt-mal-1-wording": ""}
    client.post(edit, sent)
    assert [goal.number for goal in draft.goals.all()] == [1, 2, 3]
    assert agreement.goals.get(number=1).ended_reason == ""
    assert draft.goals.get(number=1).predecessor == agreement.goals.get(number=1)


def test_of_two_who_change_the_draft_the_second_sees_what_the_first_wrote(draft, client):
    edit = f"{draft.get_absolute_url()}andra/"
    sent = typed_in(client, edit)
    client.post(edit, sent | {"title": "Först"})
    page = Page(client.post(edit, sent | {"title": "Sedan"}))
    assert page.typed["title"] == "Sedan"
    assert Agreement.objects.get(pk=draft.pk).title == "Först"


def test_there_is_one_draft_only(draft, client, address):
    assert client.get(address).url == draft.get_absolute_url()
    assert Agreement.objects.count() == 2


# --- What is refused -----------------------------------------------------------------------------


def refused(response: HttpResponse, name: str) -> list[str]:
    page = Page(response)
    assert Agreement.objects.count() == 1
    return page.errors[name]


def test_every_goal_and_undertaking_has_to_be_chosen_for(fill_in, keys):
    response = fill_in(
        **{f"{keys['m2']}-carried": "", f"{keys['å1']}-carried": "", "title": "Nytt"}
    )
    assert refused(response, f"{keys['m2']}-carried") == ["Välj vad som händer med målet."]
    page = Page(response)
    assert page.errors[f"{keys['å1']}-carried"] == ["Välj vad som händer med åtagandet."]
    assert page.typed["title"] == "Nytt"


def test_an_end_needs_a_reason_and_a_change_other_words(fill_in, keys):
    response = fill_in(**{f"{keys['m1']}-carried": "end", f"{keys['å2']}-carried": "change"})
    assert refused(response, f"{keys['m1']}-reason") == ["Skriv varför målet avslutas."]
    assert Page(response).errors[f"{keys['å2']}-wording"] == [
        "Det här är den förra lydelsen. Ändra den, eller fortsätt."
    ]


def test_days_that_do_not_follow_are_refused(fill_in, agreement):
    response = fill_in(valid_from="2023-02-27", valid_to="2023-02-26")
    assert refused(response, "valid_from") == [
        f"Dagen ska ligga efter första dagen för ”{agreement}”."
    ]
    assert Page(response).errors["valid_to"] == ["Sista dagen ska inte ligga före första dagen."]


def test_nobody_answers_for_an_undertaking_without_being_a_party(
    fill_in, keys, municipality, police, agreement
):
    response = fill_in(parties=[str(municipality.pk)])
    assert refused(response, "parties") == ["En överenskommelse har minst två parter."]
    number = agreement.undertakings.filter(responsible=police).first().number
    assert Page(response).errors[f"{keys[f'å{number}']}-carried"] == [
        "Polisen är inte part i den nya överenskommelsen. Ändra åtagandet, eller avsluta det."
    ]


def test_an_agreement_has_a_goal(fill_in, keys):
    ended = {key for name, key in keys.items() if name.startswith("m")}
    response = fill_in(
        **{f"{key}-carried": "end" for key in ended}, **{f"{key}-reason": "Klart" for key in ended}
    )
    assert Page(response).summary == {"En överenskommelse behöver minst ett mål.": ""}
    assert Agreement.objects.count() == 1


def test_a_personal_number_is_refused(fill_in):
    response = fill_in(**{"nytt-mal-1-wording": "Föraren 19811218-9876 ska sluta"})
    assert len(refused(response, "nytt-mal-1-wording")) == 1


# --- The draft replaces nothing ------------------------------------------------------------------


def test_a_draft_applies_on_no_day_and_replaces_nothing(draft, agreement):
    agreement.refresh_from_db()
    for day in (date(2026, 12, 31), FIRST_DAY, date(2027, 6, 1)):
        assert Agreement.objects.current(day) == agreement
        assert set(Agreement.objects.in_force(day)) == {agreement}
        assert draft.status(day) == AgreementStatus.DRAFT
    assert agreement.status(FIRST_DAY) == AgreementStatus.UNTIL_FURTHER_NOTICE
    assert agreement.last_day is None


def test_a_draft_is_seen_by_its_parties_on_its_own_page_only(
    draft, agreement, coordinator, stranger
):
    assert set(Agreement.objects.visible_to(coordinator)) == {agreement}
    assert set(Agreement.objects.drafts_visible_to(coordinator)) == {draft}
    assert not Agreement.objects.drafts_visible_to(stranger).exists()


def test_one_that_came_signed_as_a_file_replaces_as_before(agreement):
    loaded = factories.AgreementFactory(
        predecessor=agreement, valid_from=FIRST_DAY, valid_to=date(2030, 12, 31)
    )
    assert Agreement.objects.current(FIRST_DAY) == loaded


# --- Put before the signatories ------------------------------------------------------------------


def test_it_is_signed_when_it_has_been_put_before_the_signatories(draft, client, chief, signed_in):
    put_name_to(signed_in(chief), draft)
    assert not Signatory.objects.filter(agreement=draft).exists()

    step(client, draft, "present")
    put_name_to(signed_in(chief), draft)

    [signature] = Signatory.objects.filter(agreement=draft)
    assert (signature.name, signature.title, signature.party, signature.signed_on) == (
        "Kim Chef",
        "Kommunchef",
        chief.party,
        date(2024, 5, 15),
    )
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_party_signs_once_and_only_its_signatory_does(
    draft, client, chief, coordinator, reader, signed_in
):
    step(client, draft, "present")
    for member in (coordinator, reader):
        assert put_name_to(signed_in(member), draft).status_code == 403
    put_name_to(signed_in(chief), draft)
    put_name_to(signed_in(chief), draft)
    assert draft.signatories.count() == 1


@pytest.mark.parametrize(
    ("typed", "name", "error"),
    [
        (
            {"signed_on": "2024-05-16"},
            "signed_on",
            "En underskrift kan inte ges en dag som inte har kommit.",
        ),
        ({"signed_on": ""}, "signed_on", "Fyll i det här."),
        ({"name": ""}, "name", "Fyll i det här."),
        ({"title": ""}, "title", "Fyll i det här."),
    ],
)
def test_a_signature_lacks_nothing(typed, name, error, draft, client, chief, signed_in):
    step(client, draft, "present")
    page = Page(put_name_to(signed_in(chief), draft, **typed))
    assert page.errors[name] == [error]
    assert not draft.signatories.exists()


def test_what_is_before_the_signatories_cannot_be_changed_until_it_is_taken_back(
    draft, client, chief, signed_in
):
    step(client, draft, "present")
    put_name_to(signed_in(chief), draft)
    edit = f"{draft.get_absolute_url()}andra/"
    assert client.get(edit).url == draft.get_absolute_url()

    step(client, draft, "take_back")

    assert not draft.signatories.exists()
    assert client.get(edit).status_code == 200
    assert Signatory.history.filter(agreement=draft, history_type="-").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: Agreement.objects.filter(pk=draft.pk).update(time_plan="Annat"),
        lambda draft: Goal.objects.filter(agreement=draft).update(wording="Annat"),
        lambda draft: Undertaking.objects.filter(agreement=draft).delete(),
        lambda draft: Goal.objects.create(agreement=draft, number=9, wording="Till"),
        lambda draft: draft.parties.remove(draft.parties.first()),
        lambda draft: Agreement.objects.filter(pk=draft.pk).update(is_draft=False),
    ],
)
def test_the_database_lets_what_is_before_the_signatories_stand(change, draft, client):
    step(client, draft, "present")
    with pytest.raises(IntegrityError), transaction.atomic():
        change(draft)


def test_the_database_takes_no_signature_of_what_is_not_before_them(draft, municipality):
    with pytest.raises(IntegrityError), transaction.atomic():
        Signatory.objects.create(
            agreement=draft, number=1, name="Kim", title="Chef", party=municipality
        )


def test_an_agreement_never_becomes_a_draft_again(signed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=signed.pk).update(is_draft=True)


def test_nothing_is_signed_after_its_first_day(draft, client, signatories, signed_in, agreement):
    """Nobody is judged by it for days on which it was no agreement: its first day is changed."""
    step(client, draft, "present")
    with time_machine.travel("2027-01-02T12:00:00+02:00", tick=False):
        response = put_name_to(signed_in(signatories[0]), draft)
        assert Page(signed_in(signatories[0]).get(response.url)).text()
    assert not draft.signatories.exists()
    assert Agreement.objects.current(date(2027, 1, 2)) == agreement


# --- In force ------------------------------------------------------------------------------------


def test_signed_by_every_party_it_replaces_the_earlier_one_from_its_day(signed, agreement):
    agreement = Agreement.objects.get(pk=agreement.pk)
    assert (signed.is_draft, agreement.last_day) == (False, date(2026, 12, 31))
    assert Agreement.objects.current(date(2026, 12, 31)) == agreement
    assert Agreement.objects.current(FIRST_DAY) == signed
    assert agreement.status(FIRST_DAY) == AgreementStatus.REPLACED


def test_the_clocks_restart_as_the_new_text_says(signed):
    assert signed.review_day(1) == date(2028, 12, 31)


def test_the_two_lead_to_each_other_and_the_old_one_is_read(signed, agreement, client):
    assert agreement.get_absolute_url() in client.get(signed.get_absolute_url()).content.decode()
    old = client.get(agreement.get_absolute_url())
    assert (old.status_code, signed.get_absolute_url() in old.content.decode()) == (200, True)


@pytest.fixture
def seam(agreement, coordinator, client, draft, keys) -> Activity:
    """An activity of an undertaking, with days planned on both sides of the seam."""
    activity = factories.ActivityFactory(
        promise=None, undertaking=agreement.undertakings.get(number=5), title="Samverkansmöte"
    )
    for day in (date(2026, 12, 31), FIRST_DAY, date(2027, 3, 1)):
        factories.PlannedOccasionFactory(activity=activity, date=day)
    factories.MetricFactory(activity=None, goal=agreement.goals.get(number=2), name="NTU")
    factories.AppointmentFactory(
        agreement=agreement, member=coordinator, starts_on=date(2023, 3, 1)
    )
    return activity


def test_activities_planned_days_metrics_and_appointments_go_on_over_the_seam(
    seam, signed, agreement, coordinator
):
    [new] = signed.undertakings.get(number=5).activities.all()
    assert (new.predecessor, new.title) == (seam, "Samverkansmöte")
    assert list(seam.planned_occasions.values_list("date", flat=True)) == [date(2026, 12, 31)]
    assert list(new.planned_occasions.values_list("date", flat=True)) == [
        FIRST_DAY,
        date(2027, 3, 1),
    ]
    assert signed.goals.get(number=2).metrics.get().name == "NTU"
    assert [(one.starts_on, one.ends_on) for one in agreement.appointments.all()] == [
        (date(2023, 3, 1), date(2026, 12, 31))
    ]
    [appointment] = signed.appointments.all()
    assert (appointment.member, appointment.starts_on, appointment.ends_on) == (
        coordinator,
        FIRST_DAY,
        None,
    )


@pytest.mark.parametrize(
    ("day", "is_new"),
    [(date(2026, 12, 31), False), (FIRST_DAY, True), (date(2027, 3, 1), True)],
)
def test_nothing_falls_out_of_the_log_form_over_the_seam(
    day, is_new, seam, signed, snowmobile_promise
):
    period = snowmobile_promise.period
    period.ends_on = date(2027, 12, 31)
    period.save()
    patrol = factories.ActivityFactory(promise=snowmobile_promise)

    in_force = set(Activity.objects.loggable().in_force(day))

    meeting = Activity.objects.get(predecessor=seam) if is_new else seam
    assert in_force == {patrol, meeting}


def test_the_signature_is_waited_for_on_the_overview_until_it_is_given(
    draft, client, chief, coordinator, signed_in, agreement
):
    def waits(member: Member) -> list[str]:
        earlier = Agreement.objects.get(pk=agreement.pk)
        found = waiting_for(member, earlier, date(2024, 5, 15))
        return [one.sentence for one in found]

    sentence = "Den nya överenskommelsen väntar på din underskrift."
    assert sentence not in waits(chief)
    step(client, draft, "present")
    assert sentence in waits(chief)
    assert sentence not in waits(coordinator)
    put_name_to(signed_in(chief), draft)
    assert sentence not in waits(chief)


SEAM = ["2026-12-31", "2027-01-01", "2027-01-02", "2027-03-01"]
READ = [
    "/oversikt/",
    "/oversikt/saknas/",
    "/overenskommelse/",
    "/loften/",
    "/logga/",
    "/rod-trad/",
    "/lagesbild/",
    "/lagkontroll/",
    "/kalender/",
    "/arshjul/",
    "/uppfoljning/",
    "/moten/",
    "/rapporter/",
    "/",
]


@pytest.mark.parametrize("day", SEAM)
def test_every_page_is_read_over_the_seam(
    day, seam, signed, snowmobile_promise, coordinator, signed_in
):
    """The period runs on, with what is done for its promises; the lägesbild is still there."""
    factories.SituationPictureFactory(
        agreement=signed.predecessor,
        created_by=coordinator,
        adopted_on=date(2026, 11, 2),
        adopting_body="Rådet",
    )
    period = snowmobile_promise.period
    period.ends_on = date(2027, 12, 31)
    period.save()
    snowmobile_promise.goals.set(signed.predecessor.goals.all())
    patrol = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    factories.OccasionFactory(
        activity=patrol, party=coordinator.party, member=coordinator, date=date(2026, 12, 30)
    )
    with time_machine.travel(f"{day}T12:00:00+02:00", tick=False):
        client = signed_in(coordinator)
        pages = {address: client.get(address) for address in READ}
        assert {page.status_code for page in pages.values()} <= {200, 302}
        told = Page(pages["/oversikt/"]).text()
        assert snowmobile_promise.topic in told
        assert "Skoterkontroll" in Page(pages["/logga/"]).text()
        assert "Samverkansmöte" in Page(pages["/logga/"]).text()
        assert "Ingen löftesperiod gäller i dag." not in Page(pages["/oversikt/saknas/"]).text()
        assert "Rådet" in Page(pages["/lagesbild/"]).text()
        assert picture_at(Agreement.objects.current(date.fromisoformat(day)), FIRST_DAY)


def test_a_promise_whose_period_runs_over_the_seam_is_reported_on_both_sides(
    signed, snowmobile_promise
):
    period = snowmobile_promise.period
    period.ends_on = date(2027, 12, 31)
    period.save()
    year = (FIRST_DAY, date(2027, 12, 31))
    assert snowmobile_promise in promises_to_report(signed, year)
    later = (date(2028, 1, 1), date(2028, 12, 31))
    assert not promises_to_report(signed, later).exists()


def test_no_village_is_forgotten_over_the_seam(signed, snowmobile_promise, coordinator):
    place = factories.PlaceFactory()
    patrol = factories.ActivityFactory(promise=snowmobile_promise, kind=Activity.Kind.CONTROL)
    visited = date(2026, 12, 20)
    factories.OccasionFactory(
        activity=patrol, party=coordinator.party, member=coordinator, date=visited, place=place
    )
    [clock] = [one for one in place_clocks(signed, FIRST_DAY) if one.place == place]
    assert clock.last
    assert (clock.last.date, clock.days) == (visited, 12)


def test_nothing_lacks_of_its_undertakings_in_days_before_it_applied(signed, agreement):
    before = Span(date(2023, 2, 27), date(2024, 12, 31))
    sections = all_that_lacks(signed, before, date(2027, 1, 2))
    assert "Åtaganden" not in [section.heading for section in sections]
