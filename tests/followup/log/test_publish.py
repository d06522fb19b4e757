"""Many occasions published on one page: all that was changed is saved, or nothing is."""

from __future__ import annotations

from datetime import date

import pytest

from followup.models import Occasion
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db

ADDRESS = "/tillfallen/publicera/"


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def activity(snowmobile_promise):
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def log(activity, coordinator):
    def log(day: int, **values) -> Occasion:
        return factories.OccasionFactory(
            activity=activity,
            date=date(2024, 5, day),
            party=coordinator.party,
            member=coordinator,
            **values,
        )

    return log


@pytest.fixture
def first(log) -> Occasion:
    return log(2, public_sentence="Vi var ute.")


@pytest.fixture
def second(log) -> Occasion:
    return log(3)


def typed(client, address: str = ADDRESS) -> dict:
    """What a browser would send if the page were sent as it stands, with all rows."""
    form = Page(client.get(address)).one("//main//form[@method='post']")
    values = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def listed(client, **address) -> list[str]:
    page = Page(client.get(ADDRESS, address))
    return [link.get("href") for link in page.all("//fieldset/legend/a")]


# --- What is listed --------------------------------------------------------------------------


def test_what_is_not_published_is_listed_newest_first(client, log, first, second, coordinator):
    log(4).withdraw(by=coordinator, reason="Loggat två gånger")
    log(5, public_sentence="Ute igen.", is_published=True)
    log(25)  # dated ahead of time
    assert listed(client) == [second.get_absolute_url(), first.get_absolute_url()]


def test_it_can_be_narrowed_to_those_with_a_sentence_without_and_the_published(
    client, log, first, second
):
    public = log(5, public_sentence="Ute igen.", is_published=True)
    assert listed(client, visa="med") == [first.get_absolute_url()]
    assert listed(client, visa="utan") == [second.get_absolute_url()]
    assert listed(client, visa="publicerade") == [public.get_absolute_url()]


def test_thirty_stand_on_a_page_and_the_rest_on_the_next(client, log):
    for _ in range(31):
        log(2)
    page = Page(client.get(ADDRESS))
    assert len(page.all("//fieldset")) == 30
    after = page.one("//nav[@class='pagination']/a[@rel='next']").get("href")
    assert len(Page(client.get(f"{ADDRESS}{after}")).all("//fieldset")) == 1


def test_the_log_leads_to_it_for_those_who_may(client, signed_in, reader):
    way = f"//a[@href='{ADDRESS}']"
    assert Page(client.get("/tillfallen/")).all(way)
    assert not Page(signed_in(reader).get("/tillfallen/")).all(way)


# --- Saving ----------------------------------------------------------------------------------


def test_sentences_are_written_and_published_together(client, first, second):
    sent = typed(client) | {
        f"t{first.pk}-is_published": "on",
        f"t{second.pk}-public_sentence": "Vi mötte många.",
        f"t{second.pk}-is_published": "on",
    }
    page = Page(client.post(ADDRESS, sent, follow=True))

    assert page.messages == ["Sparat: 2 ändrade tillfällen är publicerade."]
    published = Occasion.objects.published().newest_first()
    assert [one.public_sentence for one in published] == ["Vi mötte många.", "Vi var ute."]


def test_what_was_left_alone_is_not_saved_again(client, first, second):
    client.post(ADDRESS, typed(client) | {f"t{first.pk}-is_published": "on"})
    versions = Occasion.objects.order_by("date").values_list("version", flat=True)
    assert list(versions) == [2, 1]
    assert second.history.count() == 1


def test_publishing_can_be_stopped(client, log):
    public = log(5, public_sentence="Ute igen.", is_published=True)
    address = f"{ADDRESS}?visa=publicerade"
    sent = typed(client, address)
    del sent[f"t{public.pk}-is_published"]
    page = Page(client.post(address, sent, follow=True))

    assert page.messages == ["Sparat: 1 ändrat tillfälle är inte publicerat."]
    assert not Occasion.objects.published().exists()


def test_one_faulty_row_holds_back_all_of_them_and_nothing_is_lost(client, first, second):
    sent = typed(client) | {
        f"t{first.pk}-public_sentence": "Vi var ute hela kvällen.",
        f"t{first.pk}-is_published": "on",
        f"t{second.pk}-is_published": "on",
    }
    page = Page(client.post(ADDRESS, sent))

    assert page.texts(f"//*[@id='id_t{second.pk}-public_sentence_error']/li") == [
        "Skriv meningen till medborgarna innan tillfället publiceras."
    ]
    form = dict(page.one("//main//form[@method='post']").form_values())
    assert form[f"t{first.pk}-public_sentence"].strip() == "Vi var ute hela kvällen."
    assert form[f"t{first.pk}-is_published"] == "on"
    assert not Occasion.objects.published().exists()


def test_a_personal_number_is_refused_beside_its_field(client, first):
    sent = typed(client) | {f"t{first.pk}-public_sentence": "Vi mötte 19811218-9876."}
    page = Page(client.post(ADDRESS, sent))
    assert len(page.all(f"//*[@id='id_t{first.pk}-public_sentence_error']/li")) == 1
    first.refresh_from_db()
    assert first.public_sentence == "Vi var ute."


def test_what_may_point_somebody_out_is_asked_about_and_then_saved(client, first):
    sent = typed(client) | {f"t{first.pk}-public_sentence": "Ring 070-123 45 67."}
    page = Page(client.post(ADDRESS, sent))
    asked = dict(page.one("//main//form[@method='post']").form_values())
    [box] = [name for name in page.root.xpath("//input/@name") if name.endswith("confirmed")]
    client.post(ADDRESS, asked | {box: "on"})
    first.refresh_from_db()
    assert first.public_sentence == "Ring 070-123 45 67."


def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_is_written(client, first, second):
    sent = typed(client) | {
        f"t{first.pk}-public_sentence": "Min mening.",
        f"t{second.pk}-public_sentence": "Vi mötte många.",
    }
    Occasion.objects.filter(pk=first.pk).update(public_sentence="Deras mening.", version=2)
    page = Page(client.post(ADDRESS, sent))

    assert page.rows("//main//table")[0] == [
        "mening till medborgarna".capitalize(),
        "Deras mening.",
        "Min mening.",
    ]
    second.refresh_from_db()
    assert second.public_sentence == ""

    again = page.one("//main//form[@method='post']").form_values()
    values = {}
    for name, value in again:
        values.setdefault(name, []).append(value)
    client.post(ADDRESS, values)
    sentences = Occasion.objects.order_by("date").values_list("public_sentence", flat=True)
    assert list(sentences) == ["Min mening.", "Vi mötte många."]


def test_a_row_that_was_withdrawn_meanwhile_is_told_of(client, first, second, coordinator):
    sent = typed(client) | {f"t{first.pk}-is_published": "on"}
    second.withdraw(by=coordinator, reason="Loggat två gånger")
    page = Page(client.post(ADDRESS, sent))
    assert page.summary == {
        "Listan: Ett av tillfällena har dragits tillbaka sedan sidan öppnades och står inte längre "
        "med. Se över resten och spara igen.": ""
    }
    assert not Occasion.objects.published().exists()


def test_an_occasion_dated_ahead_can_not_be_published(client, log):
    ahead = log(25, public_sentence="Vi ska vara ute.")
    sent = {
        "rad": ahead.pk,
        f"t{ahead.pk}-version": 1,
        f"t{ahead.pk}-public_sentence": "Vi ska vara ute.",
        f"t{ahead.pk}-is_published": "on",
    }
    page = Page(client.post(ADDRESS, sent))
    assert page.texts(f"//*[@id='id_t{ahead.pk}-is_published_error']/li") == [
        "Dagen har inte varit än, så tillfället är hemligt."
    ]
    assert not Occasion.objects.published().exists()


def test_nothing_changed_is_nothing_saved(client, first):
    page = Page(client.post(ADDRESS, typed(client)))
    assert page.summary == {
        "Listan: Inget är ändrat. Kryssa i det som ska publiceras, eller skriv om en mening, och "
        "spara.": ""
    }


def test_another_agreements_occasions_can_not_be_touched(client, stranger):
    theirs = factories.OccasionFactory(
        activity__promise__period__agreement=stranger.party.agreements.get()
    )
    sent = {"rad": theirs.pk, f"t{theirs.pk}-version": 1, f"t{theirs.pk}-public_sentence": "Vår."}
    client.post(ADDRESS, sent)
    theirs.refresh_from_db()
    assert theirs.public_sentence == ""


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30, "\0"])
def test_a_key_that_is_none_is_taken_for_nothing(key, client, first):
    assert client.post(ADDRESS, {"rad": key}).status_code == 200
