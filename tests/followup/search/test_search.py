"""One search through everything: what is found, by whom, and how it stays true."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone

from followup.models import SearchEntry, SearchWord
from followup.search.index import rebuild
from promises.models import Member, Place
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def searchable(agreement) -> None:
    """The tests' agreement is copied in beside the models' own saves."""
    rebuild()


@pytest.fixture
def search(signed_in, coordinator, today):
    """The titles of what somebody finds, in order; the coordinator unless another is named."""

    def find(q: str, by: Member = coordinator, **address) -> list[str]:
        page = Page(signed_in(by).get("/sok/", {"q": q, **address}))
        return page.texts("//main//li/h2")

    return find


@pytest.fixture
def skoter(snowmobile_promise):
    return factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkoll", description="Vid älgpasset."
    )


@pytest.fixture
def occasion(skoter, coordinator):
    return factories.OccasionFactory(
        activity=skoter,
        party=coordinator.party,
        member=coordinator,
        place=Place.objects.get(name="Borgafjäll"),
        done="Två kontroller vid leden.",
        internal_note="Anonymt tips.",
    )


@pytest.fixture
def meeting(agreement, coordinator):
    return factories.MeetingFactory(agreement=agreement, chair=coordinator, date=date(2024, 4, 9))


# --- What is found -------------------------------------------------------------------------


def test_an_occasion_is_found_by_what_was_done_its_activity_and_its_place(search, occasion):
    for words in ("leden", "kontroll led", "skoterkoll leden", "borgafjäll leden"):
        assert search(words) == ["Skoterkoll"]


def test_an_activity_is_found_by_its_description(search, skoter):
    assert search("älgpass") == ["Skoterkoll"]


def test_a_meeting_is_found_by_the_texts_of_its_agenda(search, meeting):
    factories.AgendaItemFactory(
        meeting=meeting, title="Läget", background="Hjortron", notes="Mårtens plåt"
    )
    title = "Möte i samverkansgruppen, 9 april 2024"
    assert search("hjortron") == [title]
    assert search("mårten plåt") == [title]


def test_a_point_that_is_struck_is_not_found(search, meeting):
    item = factories.AgendaItemFactory(meeting=meeting, background="Hjortron")
    item.withdrawn_at = timezone.now()
    item.save()
    assert search("hjortron") == []


def test_a_decision_is_found_and_leads_to_its_meeting(search, meeting, signed_in, coordinator):
    item = factories.AgendaItemFactory(meeting=meeting, title="Skoterkväll")
    factories.DecisionFactory(item=item, wording="Gruppen hyr en kåta.")
    assert search("kåta") == ["Skoterkväll"]
    page = Page(signed_in(coordinator).get("/sok/?q=kåta"))
    assert page.one("//main//li/h2/a").get("href") == f"/moten/{meeting.pk}/#beslut"


def test_tasks_promises_and_undertakings_are_found(search, agreement, coordinator):
    factories.TaskFactory(agreement=agreement, owner=coordinator, title="Boka kåtan")
    assert search("boka kåta") == ["Boka kåtan"]
    promise, undertaking = SearchEntry.Kind.PROMISE, SearchEntry.Kind.UNDERTAKING
    assert len(search("skoter", slag=promise)) == 1
    assert len(search("samverkansgrupp", slag=undertaking)) == 1


def test_the_newest_comes_first_and_one_kind_can_be_chosen(search, occasion, meeting):
    factories.AgendaItemFactory(meeting=meeting, notes="Leden är upptrampad.")
    assert search("leden") == ["Möte i samverkansgruppen, 9 april 2024", "Skoterkoll"]
    assert search("leden", slag="occasion") == ["Skoterkoll"]


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "'", "leden & ¤ fjärran", "\\"])
def test_what_holds_no_word_of_what_was_asked_is_not_found(words, search, occasion):
    assert search(words) == []


def test_what_was_found_is_marked_and_nothing_in_it_becomes_an_element(
    signed_in, coordinator, occasion
):
    occasion.done = "Leden <b>bröts</b> & lagades"
    occasion.save()
    response = signed_in(coordinator).get("/sok/?q=leden+b")
    assert Page(response).texts("//main//mark") == ["Leden", "b", "bröts", "b", "Borgafjäll"]
    assert "&lt;<mark>b</mark>&gt;<mark>bröts</mark>" in response.content.decode()


def test_pages_are_turned_by_where_the_last_one_ended(signed_in, coordinator, skoter, today):
    for day in range(1, 26):
        factories.OccasionFactory(
            activity=skoter,
            date=date(2024, 3, day),
            party=coordinator.party,
            member=coordinator,
            done="Skidspår",
        )
    client = signed_in(coordinator)
    first = Page(client.get("/sok/?q=skidspår"))
    assert first.text("//p[@role='status']") == "25 träffar på ”skidspår”, de nyaste först"
    after = first.one("//nav[@class='pagination']/a[@rel='next']").get("href")
    second = Page(client.get(f"/sok/{after}"))
    days = [time.get("datetime") for page in (first, second) for time in page.all("//li//time")]
    assert days == [f"2024-03-{day:02}" for day in range(25, 0, -1)]


def test_the_search_stands_on_every_page_for_members_only(client, signed_in, reader, today):
    assert not Page(client.get("/verifiera/")).all("//form[@role='search']")
    page = Page(signed_in(reader).get("/tillfallen/"))
    assert page.one("//header//form[@role='search']").get("action") == "/sok/"


# --- By whom ---------------------------------------------------------------------------------


def test_a_reader_finds_what_the_others_do(search, occasion, reader):
    assert search("leden", by=reader) == ["Skoterkoll"]


def test_nobody_finds_what_only_stands_in_an_internal_note(search, occasion, reader):
    assert search("anonymt") == []
    assert search("tips", by=reader) == []


def test_a_stranger_finds_nothing_of_the_agreement(search, occasion, stranger):
    assert search("leden", by=stranger) == []


# --- It stays true ---------------------------------------------------------------------------


def test_what_is_withdrawn_is_not_found(search, occasion, coordinator):
    occasion.withdraw(by=coordinator, reason="Loggat två gånger")
    assert search("leden") == []


def test_a_changed_text_is_found_by_its_new_words_only(search, occasion):
    occasion.done = "Samtal vid macken."
    occasion.save()
    assert search("macken") == ["Skoterkoll"]
    assert search("leden") == []


def test_an_activity_with_a_new_name_gives_it_to_its_occasions(search, occasion, skoter):
    skoter.title = "Fjällpatrull"
    skoter.save()
    assert search("fjällpatrull leden") == ["Fjällpatrull"]
    assert search("skoterkoll") == []


def test_a_place_with_a_new_name_is_found_by_it(search, occasion):
    place = occasion.place
    place.name = "Borkafjäll"
    place.save()
    assert search("borkafjäll leden") == ["Skoterkoll"]


def test_a_meeting_on_another_day_takes_its_decisions_along(meeting):
    decision = factories.DecisionFactory(item=factories.AgendaItemFactory(meeting=meeting))
    meeting.date = date(2024, 4, 16)
    meeting.save()
    entry = SearchEntry.objects.get(kind="decision", object_id=decision.pk)
    assert entry.date == date(2024, 4, 16)


def test_a_save_that_changes_nothing_writes_no_words(occasion):
    before = set(SearchWord.objects.values_list("pk", flat=True))
    occasion.minutes = 90
    occasion.save()
    assert set(SearchWord.objects.values_list("pk", flat=True)) == before


def everything() -> set[tuple]:
    entries = SearchEntry.objects.values_list("kind", "object_id", "date", "title", "text")
    words = SearchWord.objects.values_list("entry__kind", "entry__object_id", "word")
    return {*entries, *words}


def test_to_write_it_all_anew_gives_what_the_saves_gave(occasion, meeting, capsys):
    factories.DecisionFactory(item=factories.AgendaItemFactory(meeting=meeting, notes="Sagt."))
    factories.TaskFactory(agreement=meeting.agreement, owner=meeting.chair)
    before = everything()
    call_command("rebuild_search")
    assert everything() == before
    assert capsys.readouterr().out == f"{SearchEntry.objects.count()} uppgifter är sökbara.\n"


def test_a_common_word_and_a_rare_one_find_the_same(search, occasion, meeting, monkeypatch):
    factories.AgendaItemFactory(meeting=meeting, notes="Leden är upptrampad av skotrar.")
    asked = ("leden", "led", "kontroller leden", "leden upptrampad", "skot")
    rare = [search(words) for words in asked]
    monkeypatch.setattr("followup.models.search.RARE", -1)
    assert [search(words) for words in asked] == rare
    assert rebuild() == SearchEntry.objects.count()
