"""What citizens read, and what never leaves the collaboration group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from followup.models import Occasion
from promises.models import Activity, Agreement, Goal, Party, Place, Promise, PromisePeriod
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def publish(activity, coordinator):
    """Log an occasion on 12 March 2024 with a sentence that is published."""

    def log(sentence: str, **values) -> Occasion:
        values = {"is_published": True, "activity": activity} | values
        return factories.OccasionFactory(
            public_sentence=sentence, party=coordinator.party, member=coordinator, **values
        )

    return log


def open_page(address: str = "/") -> Page:
    return Page(Client().get(address))


def promise_item(page: Page, number: int) -> str:
    return page.texts("//ol[@class='promises']/li")[number - 1]


def test_every_promise_stands_word_for_word_with_those_who_answer_for_it(agreement, today):
    page = open_page()
    assert page.text("//h1") == "Vi lovade – vi gjorde"
    items = page.texts("//ol[@class='promises']/li")
    assert len(items) == 5
    for promise, item in zip(Promise.objects.with_parties(), items, strict=True):
        parties = " och ".join(party.name for party in promise.responsible.all())
        assert item == (
            f"{promise.number} {promise.topic} {promise.wording} Ansvarar: {parties}"
            " Inget är publicerat om det här löftet än."
        )


def test_what_was_published_is_shown_with_its_day_and_place(publish, today):
    publish("Vi kontrollerade skotrar vid Långsjön.", place=Place.objects.get(name="Borgafjäll"))
    assert promise_item(open_page(), 3).endswith(
        "Det här har vi gjort 12 mars 2024 · Borgafjäll Vi kontrollerade skotrar vid Långsjön."
    )


def test_the_five_latest_of_each_promise_are_shown_and_the_rest_counted(publish, today):
    for day in range(1, 8):
        publish(f"Kontroll nummer {day}.", date=date(2024, 3, day))
    item = promise_item(open_page(), 3)
    assert [f"Kontroll nummer {day}." in item for day in range(1, 8)] == [False] * 2 + [True] * 5
    assert item.index("nummer 7") < item.index("nummer 3")
    assert item.endswith("De 5 senaste av 7 publicerade tillfällen.")


def test_why_the_parties_collaborate_stands_below(agreement, today):
    text = open_page().text("//section[@aria-labelledby='mal']")
    for words in (
        agreement.introduction,
        agreement.goals_introduction,
        *(goal.wording for goal in agreement.goals.all()),
        PromisePeriod.objects.get().introduction,
        PromisePeriod.objects.get().basis,
    ):
        assert words.strip() in text


def test_nothing_internal_reaches_the_page(publish, activity, coordinator, police, today):
    secrets = {
        "done": "Kontroll vid Hemligsjön.",
        "outcome": "Tre anmärkningar.",
        "internal_note": "Vi misstänker kiosken.",
    }
    publish("Vi var ute.", **secrets)
    publish("Opublicerad mening.", is_published=False)
    publish("Tillbakadragen mening.").withdraw(by=coordinator, reason="Fel löfte")
    factories.ActivityFactory(
        promise=activity.promise,
        title="Skoterkontroll på påskdagen",
        description="Hemlig plan",
        planned_from=date(2024, 6, 1),
        responsible_member=factories.MemberFactory(party=police, name="Pelle Planerare"),
    )
    html = Client().get("/").content.decode()
    assert "Vi var ute." in html
    hidden = [
        *secrets.values(),
        "Opublicerad mening.",
        "Tillbakadragen mening.",
        "Fel löfte",
        "Skoterkontroll",
        "Hemlig plan",
        "Pelle Planerare",
        coordinator.name,
        coordinator.email,
    ]
    assert [secret for secret in hidden if secret in html] == []


def test_the_page_leads_nowhere_behind_the_sign_in(publish, today):
    publish("Vi var ute.")
    links = {link.get("href") for link in open_page().all("//a")}
    assert links == {
        "#innehall",
        "/",
        "/anslag.pdf",
        "/konto/login/",
        "/tillganglighet/",
        "/verifiera/",
    }


def test_html_in_a_sentence_is_shown_and_never_obeyed(publish, today):
    publish("<script>alert(1)</script> & <b>fet</b>")
    page = open_page()
    assert "<script>alert(1)</script> & <b>fet</b>" in page.text()
    assert not page.all("//script")


def test_invented_occasions_are_marked(publish, today):
    publish("Vi var ute.", is_example=True)
    page = open_page()
    assert "12 mars 2024 Vi var ute." in promise_item(page, 3)
    assert page.text("//aside").startswith("Exempel Tillfällen, uppföljning och konton")


def test_a_period_that_has_run_out_says_so(agreement, time_machine):
    time_machine.move_to("2025-01-01T12:00:00+01:00", tick=False)
    assert open_page().texts("//section[@aria-labelledby='loften']//p")[0] == (
        "1 januari 2023 – 31 december 2024. Perioden är avslutad."
    )


def test_a_new_period_takes_over_on_its_first_day(agreement, publish, time_machine):
    publish("Vi var ute.")
    period = factories.PromisePeriodFactory(
        agreement=agreement,
        title="Medborgarlöfte 2025–2026",
        starts_on="2025-01-01",
        ends_on="2026-12-31",
    )
    factories.PromiseFactory(period=period, number=1, topic="Nytt löfte")
    factories.sign(period)
    time_machine.move_to("2025-01-01T12:00:00+01:00", tick=False)
    page = open_page()
    assert page.text("//h2[@id='loften']") == "Medborgarlöfte 2025–2026"
    assert page.text("//*[@class='lede']").split(" har gett ")[1].startswith("invånarna ett löfte ")
    assert "Vi var ute." not in page.text()


def test_with_nothing_loaded_there_is_a_page_all_the_same():
    page = open_page()
    assert page.text("//h1") == "Här kommer löftena att stå"


def test_an_agreement_without_a_period_has_nothing_to_show_yet(today):
    factories.AgreementFactory()
    assert open_page().text("//h1") == "Här kommer löftena att stå"


def test_a_member_is_sent_to_the_overview(coordinator, signed_in, today):
    response = signed_in(coordinator).get("/")
    assert (response.status_code, response.url) == (302, "/oversikt/")


def test_a_page_that_still_stands_is_not_sent_again_and_a_withdrawn_sentence_never_shown_again(
    publish, coordinator, today
):
    occasion = publish("Vi kontrollerade skotrar vid Långsjön.")
    first = Client().get("/")
    assert first["Cache-Control"] == "no-cache"
    again = Client().get("/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    occasion.withdraw(by=coordinator, reason="Fel dag.")
    after = Client().get("/", headers={"if-none-match": first["ETag"]})
    assert after.status_code == 200
    assert "Långsjön" not in after.content.decode()


# --- Kept, and never stale -----------------------------------------------------------------


@pytest.fixture
def changes(publish, activity, coordinator) -> dict[str, Callable[[], object]]:
    """Everything that can change what the page says, whichever way it is written."""
    occasion = publish("Vi var ute.", place=Place.objects.get(name="Borgafjäll"))
    promise, period = activity.promise, activity.promise.period
    one = Occasion.objects.filter(pk=occasion.pk)
    return {
        "a sentence": lambda: one.update(public_sentence="Vi var inne."),
        "its day": lambda: one.update(date=date(2024, 3, 11)),
        "the name of its place": lambda: Place.objects.filter(name="Borgafjäll").update(
            name="Fjället"
        ),
        "its being an example": lambda: one.update(is_example=True),
        "another occasion": lambda: publish("Vi var ute igen."),
        "its withdrawal": lambda: occasion.withdraw(by=coordinator, reason="Fel dag."),
        "its moving to another promise": lambda: Activity.objects.update(
            promise=Promise.objects.get(number=1)
        ),
        "a promise": lambda: Promise.objects.filter(pk=promise.pk).update(wording="Vi ska."),
        "those who answer for it": lambda: promise.responsible.remove(coordinator.party),
        "a party's name": lambda: Party.objects.filter(pk=coordinator.party_id).update(name="Byn"),
        "another promise": lambda: factories.PromiseFactory(period=period, number=9),
        "the period": lambda: PromisePeriod.objects.update(basis="En enkät."),
        "the agreement": lambda: Agreement.objects.update(introduction="Vi samverkar."),
        "a goal": lambda: Goal.objects.filter(number=1).update(wording="Trygghet."),
    }


@pytest.mark.parametrize(
    "what",
    [
        "a sentence",
        "its day",
        "the name of its place",
        "its being an example",
        "another occasion",
        "its withdrawal",
        "its moving to another promise",
        "a promise",
        "those who answer for it",
        "a party's name",
        "another promise",
        "the period",
        "the agreement",
        "a goal",
    ],
)
def test_whatever_changes_is_on_the_page_at_once(what, changes, today):
    before = Client().get("/")
    changes[what]()
    after = Client().get("/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_a_new_day_is_a_new_page(publish, time_machine):
    publish("Vi var ute.")
    time_machine.move_to("2024-12-31T12:00:00+01:00", tick=False)
    before = Client().get("/")
    time_machine.move_to("2025-01-01T12:00:00+01:00", tick=False)
    after = Client().get("/", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Perioden är avslutad." in Page(after).text("//main")


def test_a_page_that_says_the_same_is_not_written_again(publish, today):
    publish("Vi var ute.")
    first = Client().get("/")
    again = Client().get("/")
    assert (again.content, again.templates) == (first.content, [])


def test_a_message_to_one_is_shown_to_nobody_else(publish, coordinator, signed_in, today):
    publish("Vi var ute.")
    for_anyone = Client().get("/").content
    client = signed_in(coordinator)
    client.post("/konto/logout/")
    assert Page(client.get("/")).text("//*[@class='messages']") == "Du har loggat ut."
    assert Client().get("/").content == client.get("/").content == for_anyone
