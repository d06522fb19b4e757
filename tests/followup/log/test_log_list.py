"""The log as a list: found again by any filter, page by page, whatever the address says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from followup.models import Occasion
from followup.search.index import rebuild
from promises.models import Activity, Place, Promise
from tests import factories
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(coordinator, police, snowmobile_promise, agreement) -> dict[str, Occasion]:
    """Five occasions, so unlike that each filter picks its own out."""
    skoter = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    seniors = factories.ActivityFactory(
        promise=Promise.objects.get(number=2), title="Seniordag", kind=Activity.Kind.INFORMATION
    )
    meeting = factories.ActivityFactory(
        promise=None, undertaking=agreement.undertakings.get(number=5), title="Samverkansmöte"
    )
    borgafjall, hogland = (Place.objects.get(name=name) for name in ("Borgafjäll", "Högland"))

    def logged(activity: Activity, day: date, **values) -> Occasion:
        values = {"party": coordinator.party} | values
        return factories.OccasionFactory(activity=activity, date=day, member=coordinator, **values)

    return {
        "winter": logged(skoter, date(2023, 2, 20), place=borgafjall, done="ÄLGVARNING PÅ LEDEN"),
        "spring": logged(skoter, date(2024, 3, 12), place=borgafjall, party=police, done="Hjälm"),
        "village": logged(
            skoter, date(2024, 3, 12), place=hogland, done="Älg vid leden, hjälmkoll"
        ),
        "seniors": logged(seniors, date(2024, 4, 2), done="Föreläsning", outcome="Öppna frågor"),
        "meeting": logged(meeting, date(2024, 5, 2), outcome="Uppföljning av Åsele"),
    }


@pytest.fixture
def client(signed_in, coordinator, today):
    return signed_in(coordinator)


@pytest.fixture
def found(client, log):
    """The names of the occasions that the address lists, in its order."""
    names = {occasion.get_absolute_url(): name for name, occasion in log.items()}

    def find(**address) -> list[str]:
        page = Page(client.get("/tillfallen/", address))
        return [names[link.get("href")] for link in page.all("//tbody//th/a")]

    return find


def addresses(page: Page) -> list[str]:
    return [link.get("href") for link in page.all("//tbody//th/a")]


def neighbour(page: Page, rel: str) -> str | None:
    """Where the link to newer (prev) or older (next) occasions leads."""
    links = page.all(f"//nav[@class='pagination']/a[@rel='{rel}']")
    return f"/tillfallen/{links[0].get('href')}" if links else None


# --- What is shown -------------------------------------------------------------------------


def test_the_newest_comes_first_and_the_last_logged_first_of_a_day(found):
    assert found() == ["meeting", "seniors", "village", "spring", "winter"]


def test_a_row_says_what_was_done_where_by_whom(client, log):
    village = log["village"]
    village.minutes, village.participants = 135, 0
    village.save()
    rows = Page(client.get("/tillfallen/")).rows()
    assert rows[2] == [
        *("2024-03-12", "Skoterkontroll Löfte 3", "Högland", "Kommunen"),
        *("Älg vid leden, hjälmkoll", "2 tim 15 min", "0"),
    ]
    assert rows[0][1] == "Samverkansmöte Åtagande 5"
    assert rows[0][5:] == ["", ""]


def test_an_empty_log_says_how_to_begin(client):
    page = Page(client.get("/tillfallen/"))
    assert page.text("//p[@role='status']") == "0 tillfällen"
    assert page.text("//*[@class='empty']") == (
        "Loggen är tom Logga det första tillfället. Det tar en halv minut."
    )


# --- Filters -------------------------------------------------------------------------------


def test_by_promise(found, log):
    assert found(lofte=log["winter"].activity.promise_id) == ["village", "spring", "winter"]
    assert found(lofte=log["seniors"].activity.promise_id) == ["seniors"]


def test_the_log_of_an_undertaking(found, log):
    assert found(atagande=log["meeting"].activity.undertaking_id) == ["meeting"]


def test_what_was_logged_after_the_cut_off_is_left_out(found, log):
    for name, day in (("winter", 15), ("spring", 16)):
        at = datetime(2024, 3, day, 23, 59, tzinfo=ZoneInfo("Europe/Stockholm"))
        Occasion.objects.filter(pk=log[name].pk).update(created_at=at)

    assert found(loggat_till="2024-03-15") == ["winter"]
    assert found(loggat_till="2024-03-16") == ["spring", "winter"]


def test_only_what_citizens_may_read(found, log):
    Occasion.objects.filter(pk=log["seniors"].pk).update(
        is_published=True, public_sentence="Vi var på seniordagen."
    )
    assert found(publicerade="on") == ["seniors"]


def test_by_activity(found, log):
    assert found(aktivitet=log["meeting"].activity_id) == ["meeting"]


def test_by_place(found, log):
    assert found(plats=log["village"].place_id) == ["village"]


def test_by_party(found, police):
    assert found(part=police.pk) == ["spring"]


def test_by_dates_both_included(found):
    assert found(fran="2024-03-12") == ["meeting", "seniors", "village", "spring"]
    assert found(till="2024-03-12") == ["village", "spring", "winter"]
    assert found(fran="2024-03-12", till="2024-04-02") == ["seniors", "village", "spring"]
    assert found(fran="2024-04-02", till="2024-03-12") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("älg", ["village", "winter"]),
        ("ÄLG", ["village", "winter"]),
        ("leden älgvarning", ["winter"]),
        ("  hjälm   ", ["village", "spring"]),
        ("ÖPPNA", ["seniors"]),
        ("åsele", ["meeting"]),
        ("älg seniordag", []),
        ("100 %", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
    ],
)
def test_by_every_word_in_any_case_and_order(text, names, found):
    assert found(sok=text) == names


def test_by_everything_at_once(found, log, police):
    spring = log["spring"]
    assert found(
        sok="hjälm",
        lofte=spring.activity.promise_id,
        aktivitet=spring.activity_id,
        plats=spring.place_id,
        part=police.pk,
        fran="2024-01-01",
        till="2024-12-31",
    ) == ["spring"]


def test_what_is_withdrawn_is_hidden_until_asked_for(found, client, log, coordinator):
    log["spring"].withdraw(by=coordinator, reason="Loggat två gånger")
    assert found() == ["meeting", "seniors", "village", "winter"]
    assert found(tillbakadragna="on") == ["meeting", "seniors", "village", "spring", "winter"]
    rows = Page(client.get("/tillfallen/?tillbakadragna=on")).rows()
    assert rows[3][0] == "2024-03-12 Tillbakadraget"


def test_the_filter_says_what_was_chosen_and_opens(client, log):
    spring = log["spring"]
    page = Page(client.get("/tillfallen/", {"plats": spring.place_id, "fran": "2024-01-01"}))
    form = dict(page.one("//main//form[@method='get']").form_values())
    assert form["plats"] == str(spring.place_id)
    assert form["fran"] == "2024-01-01"
    assert page.all("//main//details[@open]")
    assert page.text("//p[@role='status']") == "1 tillfälle i urvalet"


def test_the_filter_is_folded_while_only_searching(client, log):
    page = Page(client.get("/tillfallen/?sok=älg"))
    assert not page.all("//main//details[@open]")
    assert page.one("//input[@name='sok']").get("value") == "älg"


def test_an_empty_choice_says_how_to_get_out_of_it(client, log):
    page = Page(client.get("/tillfallen/?sok=björn"))
    assert page.text("//p[@role='status']") == "0 tillfällen i urvalet"
    assert page.text("//*[@class='empty']") == (
        "Inget tillfälle stämmer med urvalet Ta bort något av filtren, eller visa alla."
    )


# --- Bad addresses -------------------------------------------------------------------------

NO_SUCH_CHOICE = ["Välj något av alternativen i listan."]
NO_SUCH_DATE = ["Det finns inget sådant datum. Skriv det som 2024-03-15."]


@pytest.mark.parametrize(
    ("name", "value", "errors"),
    [
        ("lofte", "abc", NO_SUCH_CHOICE),
        ("lofte", "99999999999999999999999", NO_SUCH_CHOICE),
        ("aktivitet", "-1", NO_SUCH_CHOICE),
        ("plats", "Borgafjäll", NO_SUCH_CHOICE),
        ("part", "0", NO_SUCH_CHOICE),
        ("fran", "2024-99-99", NO_SUCH_DATE),
        ("till", "igår", NO_SUCH_DATE),
        ("sok", "\0", ["Null-tecken är inte tillåtna."]),
    ],
)
def test_a_bad_value_in_the_address_is_explained_beside_its_field(name, value, errors, client, log):
    response = client.get("/tillfallen/", {name: value})
    page = Page(response)
    assert response.status_code == 200
    assert page.texts(f"//*[@id='id_{name}_error']/li") == errors
    assert page.text("//p[@role='status']") == "0 tillfällen i urvalet"


@pytest.mark.parametrize("way", ["efter", "fore"])
@pytest.mark.parametrize(
    "position", ["garbage", "2024-03-12", "2024-02-30.1", "igår.1", "2024-03-12.ett", ".", "\0"]
)
def test_a_position_that_names_no_place_in_the_log_is_not_found(way, position, client, log):
    assert client.get("/tillfallen/", {way: position}).status_code == 404


def test_another_partys_agreement_cannot_be_filtered_on(client, log, stranger):
    theirs = factories.PromiseFactory(period__agreement=stranger.party.agreements.get())
    page = Page(client.get("/tillfallen/", {"lofte": theirs.pk}))
    assert page.texts("//*[@id='id_lofte_error']/li") == NO_SUCH_CHOICE


# --- Page by page --------------------------------------------------------------------------


@pytest.fixture
def long_log(coordinator, snowmobile_promise) -> list[str]:
    """Seventy occasions on seven days, as their addresses from the newest to the oldest."""
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    occasions = [
        Occasion(
            activity=activity,
            date=date(2024, 3, 1) + timedelta(days=number % 7),
            party=coordinator.party,
            member=coordinator,
            done="Kontroll." if number % 2 else "Kontroll. Udda.",
        )
        for number in range(70)
    ]
    Occasion.objects.bulk_create(occasions)
    rebuild()
    newest_first = sorted(occasions, key=lambda one: (one.date, one.pk), reverse=True)
    return [occasion.get_absolute_url() for occasion in newest_first]


def test_forward_and_back_shows_everything_once_in_the_same_order(client, long_log):
    first = Page(client.get("/tillfallen/"))
    second = Page(client.get(neighbour(first, "next")))
    third = Page(client.get(neighbour(second, "next")))
    assert addresses(first) + addresses(second) + addresses(third) == long_log
    assert neighbour(first, "prev") is None
    assert neighbour(third, "next") is None

    back = Page(client.get(neighbour(third, "prev")))
    assert addresses(back) == addresses(second)
    start = Page(client.get(neighbour(back, "prev")))
    assert addresses(start) == addresses(first)
    assert neighbour(start, "prev") is None
    assert neighbour(start, "next") is not None


def test_a_newcomer_while_turning_pages_shifts_nothing(client, long_log, coordinator):
    first = Page(client.get("/tillfallen/"))
    factories.OccasionFactory(
        activity=Activity.objects.get(),
        date=date(2024, 5, 1),
        party=coordinator.party,
        member=coordinator,
    )
    second = Page(client.get(neighbour(first, "next")))
    assert addresses(first) + addresses(second) == long_log[:60]


def test_the_filter_is_kept_from_page_to_page(client, long_log):
    first = Page(client.get("/tillfallen/?sok=udda&fran=2024-03-01"))
    second = Page(client.get(neighbour(first, "next")))
    assert (len(addresses(first)), len(addresses(second))) == (30, 5)
    assert second.one("//input[@name='sok']").get("value") == "udda"
    assert second.text("//p[@role='status']") == "35 tillfällen i urvalet"
    assert addresses(Page(client.get(neighbour(second, "prev")))) == addresses(first)


def test_one_page_is_enough_for_thirty(client, long_log):
    page = Page(client.get("/tillfallen/?till=2024-03-03"))
    assert len(addresses(page)) == 30
    assert not page.all("//nav[@class='pagination']")


def test_beyond_the_end_there_is_a_way_back(client, long_log):
    page = Page(client.get("/tillfallen/?efter=2000-01-01.1"))
    assert page.text("//*[@class='empty']") == "Loggen tar slut här Visa listan från början"


def test_up_to_a_thousand_are_counted(client, coordinator, snowmobile_promise):
    activity = factories.ActivityFactory(promise=snowmobile_promise)
    one = {"activity": activity, "party": coordinator.party, "member": coordinator, "done": "x"}
    day = date(2024, 3, 1)
    Occasion.objects.bulk_create(Occasion(date=day, **one) for _ in range(1000))
    assert Page(client.get("/tillfallen/")).text("//p[@role='status']") == "1 000 tillfällen"
    Occasion.objects.create(date=day, **one)
    page = Page(client.get("/tillfallen/"))
    assert page.text("//p[@role='status']") == "Mer än 1 000 tillfällen"
