"""The first-run guide: from an empty portal to the first log, read from what is stored."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command

from followup.overview.first_steps import first_steps
from promises.models import Activity, Member, Party, Promise
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


def states(page: Page) -> dict[str, str]:
    """Each step with its mark in words."""
    steps = page.all("//ol[@class='first-steps']/li")
    return {
        step.xpath("./h2")[0].text: step.xpath("./p[1]")[0].text_content().strip() for step in steps
    }


def left(agreement, administrator, today) -> dict[str, str]:
    return {step.key: step.left for step in first_steps(administrator, today)}


def fill_party(party: Party) -> None:
    for role in (Member.Role.COORDINATOR, Member.Role.SIGNATORY):
        factories.MemberFactory(party=party, role=role)


@pytest.mark.usefixtures("today")
def test_an_empty_portal_is_set_going_step_by_step(client):
    """The whole way, with nothing but what the guide leads to."""
    call_command(
        "createsuperuser", interactive=False, email="admin@dorotea.test", name="Adam", verbosity=0
    )
    client.force_login(Member.objects.get())

    # Nothing is there: every page leads to the guide, and the guide to the command.
    first = Page(client.get("/oversikt/"))
    [to_the_guide] = first.all("//main//a[@class='button main']")
    guide = to_the_guide.get("href")
    page = Page(client.get(guide))
    assert list(states(page).values()) == ["Inte klart"] * 5
    assert "manage.py load_agreement" in page.text("//main")
    assert page.all("//ol//a") == []

    # 1. The agreement, and with it a löftesperiod that is signed.
    call_command("load_agreement", stdout=io.StringIO())
    page = Page(client.get(guide))
    assert list(states(page).values()) == [
        "Klart",
        "Klart",
        "Inte klart",
        "Inte klart",
        "Inte klart",
    ]
    assert page.texts("//ol/li[@class='next']/p/strong") == [
        "Kommunen saknar samordnare och undertecknare. Polisen saknar samordnare och undertecknare."
    ]

    # 2. The members, by the form that the step leads to.
    [invite] = page.all("//ol/li[@class='next']//a")
    for party in Party.objects.all():
        for role in ("coordinator", "signatory"):
            asked = {
                "name": f"{party.short_name} {role}",
                "email": f"{role}.{party.pk}@dorotea.test",
                "party": party.pk,
                "role": role,
            }
            assert client.post(invite.get("href"), asked).status_code == 302
    assert len(mail.outbox) == 4
    page = Page(client.get(guide))
    assert list(states(page).values()) == ["Klart", "Klart", "Klart", "Inte klart", "Inte klart"]
    assert page.texts("//ol/li[@class='next']/p/strong") == [
        "Löfte 1, 2, 3, 4 och 5 saknar aktivitet."
    ]

    # 3. The plan: the step leads to the first promise without an activity, until there is none.
    for number in range(1, 6):
        [plan] = Page(client.get(guide)).all("//ol/li[@class='next']//a")
        form = Page(client.get(plan.get("href")))
        asked = form.typed | {"title": f"Aktivitet {number}", "kind": Activity.Kind.CONTROL}
        assert asked["promise"] == str(Promise.objects.get(number=number).pk)
        assert client.post("/aktiviteter/ny/", asked).status_code == 302
    page = Page(client.get(guide))
    assert list(states(page).values()) == ["Klart", "Klart", "Klart", "Klart", "Inte klart"]

    # 4. The first log.
    [log] = page.all("//ol/li[@class='next']//a")
    assert log.get("href") == "/logga/"
    address = f"/logga/{Activity.objects.get(title='Aktivitet 1').pk}/"
    asked = Page(client.get(address)).typed | {
        "done": "Kontroll i tre butiker.",
        "party": Party.objects.get(key="kommunen").pk,
    }
    assert client.post(address, asked).status_code == 302
    page = Page(client.get(guide))
    assert list(states(page).values()) == ["Klart"] * 5
    assert page.text("//p[@class='lede']").startswith("Portalen är igång: alla fem steg är gjorda.")
    assert page.all("//ol/li[@class='next']") == []


def test_a_party_without_a_signatory_is_named(
    agreement, administrator, municipality, police, today
):
    fill_party(municipality)
    factories.MemberFactory(party=police, role=Member.Role.COORDINATOR)
    assert left(agreement, administrator, today)["members"] == "Polisen saknar undertecknare."


def test_one_who_has_left_fills_no_role(agreement, administrator, municipality, police, today):
    fill_party(municipality)
    fill_party(police)
    assert left(agreement, administrator, today)["members"] == ""
    Member.objects.filter(party=police, role=Member.Role.SIGNATORY).update(is_active=False)
    assert left(agreement, administrator, today)["members"] == "Polisen saknar undertecknare."


def test_only_promises_without_an_activity_are_named(agreement, administrator, today):
    for number in (1, 3, 4):
        factories.ActivityFactory(promise=Promise.objects.get(number=number))
    assert left(agreement, administrator, today)["plan"] == "Löfte 2 och 5 saknar aktivitet."


def test_an_occasion_that_was_withdrawn_is_no_first_log(
    agreement, administrator, coordinator, snowmobile_promise, today
):
    occasion = factories.OccasionFactory(
        activity=factories.ActivityFactory(promise=snowmobile_promise),
        party=coordinator.party,
        member=coordinator,
    )
    assert [step.is_done for step in first_steps(administrator, today)][-1] is True
    occasion.withdraw(by=coordinator, reason="Fel dag")
    assert [step.is_done for step in first_steps(administrator, today)][-1] is False


def test_others_than_an_administrator_are_told_whom_to_ask(signed_in):
    elsewhere = factories.PartyFactory()
    client = signed_in(factories.MemberFactory(party=elsewhere))
    page = Page(client.get("/oversikt/"))
    assert page.all("//main//a") == []
    assert "Be en administratör" in page.text()


def test_the_overview_leads_an_administrator_to_the_guide_until_there_is_a_plan(
    agreement, administrator, coordinator, snowmobile_promise, signed_in, today
):
    def ways(member: Member) -> int:
        page = Page(signed_in(member).get("/oversikt/"))
        return len(page.all("//main//a[@href='/kom-igang/']"))

    assert (ways(administrator), ways(coordinator)) == (1, 0)
    factories.ActivityFactory(promise=snowmobile_promise)
    assert ways(administrator) == 0


@pytest.mark.parametrize(
    ("day", "left", "leads_to"),
    [
        (date(2024, 12, 31), "", "/loften/"),
        (
            date(2025, 1, 1),
            "Medborgarlöfte 2023-2024 slutade 31 december 2024, och ingen ny är inlagd.",
            "/loften/ny-period/?efter={period}",
        ),
    ],
)
def test_a_period_that_has_run_out_leads_to_the_next(day, left, leads_to, agreement, administrator):
    step = first_steps(administrator, day)[1]
    period = agreement.periods.get().pk
    assert (step.is_done, step.left) == (not left, left)
    assert step.address == leads_to.format(period=period)


def test_a_period_that_is_prepared_waits_for_the_signatures(agreement, administrator, police):
    new = factories.PromisePeriodFactory(
        agreement=agreement, starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31), title="Nya"
    )
    factories.sign(new)
    assert first_steps(administrator, date(2025, 1, 1))[1].is_done
    new.signatories.filter(party=police).delete()
    step = first_steps(administrator, date(2025, 1, 1))[1]
    assert (step.is_done, step.left, step.address) == (
        False,
        "Nya är inte undertecknad av Polisen, och syns inte för invånarna än.",
        f"/loften/period/{new.pk}/andra/",
    )


@pytest.mark.parametrize(
    ("day", "runs_on", "left"),
    [
        (date(2025, 12, 30), True, ""),
        (
            date(2025, 12, 31),
            True,
            "Överenskommelsens tid går ut 31 december 2026, och ingen ny är påbörjad.",
        ),
        (date(2027, 1, 1), True, ""),
        (
            date(2027, 1, 1),
            False,
            "Överenskommelsens tid gick ut 31 december 2026, och ingen ny är påbörjad.",
        ),
    ],
)
def test_an_agreement_that_runs_out_leads_to_the_next(day, runs_on, left, agreement, administrator):
    agreement.runs_until_further_notice = runs_on
    agreement.save()
    step = first_steps(administrator, day)[0]
    assert (step.is_done, step.left) == (not left, left)
    leads_to = f"/overenskommelse/{agreement.pk}/ny/" if left else "/overenskommelse/"
    assert step.address == leads_to


def test_an_agreement_that_runs_out_waits_for_the_draft_to_be_signed(agreement, administrator):
    draft = factories.AgreementFactory(
        predecessor=agreement,
        is_draft=True,
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    step = first_steps(administrator, date(2026, 12, 1))[0]
    assert (step.left, step.address) == (
        "Överenskommelsens tid går ut 31 december 2026, och den nya är inte undertecknad än.",
        f"/overenskommelse/{draft.pk}/utkast/",
    )
