"""Logging an occasion, mending it and taking it back, as a coordinator does it in the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from followup.models import Occasion, Reading
from promises.forms.base import STALE
from promises.models import Activity, Metric, Place
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

pytestmark = pytest.mark.django_db

REQUIRED = "Fyll i det här."
NO_SUCH_DATE = "Det finns inget sådant datum. Skriv det som 2024-03-15."
A_WHOLE_NUMBER = "Skriv ett heltal, till exempel 90."
A_NUMBER = "Skriv ett tal, till exempel 12,5."
NOT_BELOW_ZERO = "Talet kan inte vara mindre än 0."


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def counters(activity) -> dict[str, str]:
    """A counter of each rule; from what is counted to the name of its field."""
    rules = {
        "drivers": ("Förare", Metric.Rule.SUM),
        "clubs": ("Klubbar som är med", Metric.Rule.LATEST),
        "speed": ("Hastighet", Metric.Rule.MEAN),
        "without_remark": ("Utan anmärkning", Metric.Rule.SHARE),
    }
    return {
        key: f"metric_{factories.MetricFactory(activity=activity, name=name, rule=rule).pk}"
        for key, (name, rule) in rules.items()
    }


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    """The coordinator's, on 15 May 2024."""
    return signed_in(coordinator)


@pytest.fixture
def fill_in(client, activity) -> Callable[..., HttpResponse]:
    """Open the form, type, send."""

    def send(address: str = f"/logga/{activity.pk}/", **typed: str) -> HttpResponse:
        form = Page(client.get(address)).typed
        # Without what an unticked box would not send.
        values = {name: value for name, value in (form | typed).items() if value is not None}
        return client.post(address, values)

    return send


@pytest.fixture
def occasion(activity, coordinator) -> Occasion:
    return factories.OccasionFactory(
        activity=activity, party=coordinator.party, member=coordinator, done="Kontroll vid leden."
    )


def readings_of(occasion: Occasion) -> dict[str, tuple[Decimal, Decimal | None]]:
    readings = occasion.readings.standing().select_related("metric")
    return {reading.metric.name: (reading.value, reading.out_of) for reading in readings}


# --- A good entry --------------------------------------------------------------------------


def test_the_form_opens_filled_in_as_far_as_it_can_be(client, activity, coordinator):
    activity.place = Place.objects.get(name="Borgafjäll")
    activity.save()
    page = Page(client.get(f"/logga/{activity.pk}/"))
    form = page.typed
    assert page.text("//h1") == "Skoterkontroll"
    assert form["date"] == "2024-05-15"
    assert form["place"] == str(activity.place_id)
    assert form["party"] == str(coordinator.party_id)
    assert form["done"] == form["minutes"] == form["participants"] == ""


def test_a_whole_occasion_is_logged(fill_in, client, activity, counters, police, coordinator):
    response = fill_in(
        date="2024-03-12",
        place=str(Place.objects.get(name="Borgafjäll").pk),
        party=str(police.pk),
        done="Kontroll vid leden mot Långsjön.",
        outcome="Alla hade hjälm.",
        minutes="90",
        participants="0",
        internal_note="Fler på helgen.",
        public_sentence="Vi kontrollerade skotrar vid Långsjön.",
        is_published="on",
        **{
            counters["drivers"]: "14",
            counters["clubs"]: "3",
            counters["speed"]: "62,5",
            counters["without_remark"]: "11",
            f"{counters['without_remark']}_of": "14",
        },
    )
    occasion = Occasion.objects.get()
    assert response.url == f"/tillfallen/{occasion.pk}/"
    assert (occasion.activity, occasion.member, occasion.party) == (activity, coordinator, police)
    assert (occasion.date, occasion.place.name) == (date(2024, 3, 12), "Borgafjäll")
    assert (occasion.minutes, occasion.participants) == (90, 0)
    assert (occasion.done, occasion.outcome, occasion.internal_note, occasion.public_sentence) == (
        "Kontroll vid leden mot Långsjön.",
        "Alla hade hjälm.",
        "Fler på helgen.",
        "Vi kontrollerade skotrar vid Långsjön.",
    )
    assert occasion.is_published
    assert readings_of(occasion) == {
        "Förare": (14, None),
        "Klubbar som är med": (3, None),
        "Hastighet": (Decimal("62.5"), None),
        "Utan anmärkning": (11, 14),
    }
    page = Page(client.get(response.url))
    assert page.messages == ["Loggat: Skoterkontroll, 12 mars 2024. Tillfället är sparat."]
    assert page.text("//h1") == "Skoterkontroll, 12 mars 2024"
    assert page.facts == {
        "Aktivitet": "Skoterkontroll",
        "Plats": "Borgafjäll",
        "Part": "Polisen i Södra Lappland",
        "Tid": "1 tim 30 min",
        "Deltagare": "0",
    }
    assert page.rows() == [
        ["Förare", "14 förare"],
        ["Klubbar som är med", "3 förare"],
        ["Hastighet", "62,5 förare"],
        ["Utan anmärkning", "11 av 14 förare"],
    ]


def test_what_nobody_counted_stays_unknown_and_a_zero_is_a_zero(fill_in, client, counters):
    response = fill_in(done="Kontroll.", minutes="", participants="", **{counters["drivers"]: "0"})
    assert readings_of(Occasion.objects.get()) == {"Förare": (0, None)}
    facts = Page(client.get(response.url)).facts
    assert (facts["Tid"], facts["Deltagare"]) == ("Ingen uppgift", "Ingen uppgift")


def test_the_first_occasion_sets_the_activity_going(fill_in, activity):
    fill_in(done="Kontroll.")
    activity.refresh_from_db()
    assert activity.status == Activity.Status.ONGOING


def test_a_cancelled_activity_cannot_be_logged_on(client, activity):
    activity.status, activity.cancellation_reason = Activity.Status.CANCELLED, "Ingen snö"
    activity.save()
    assert client.get(f"/logga/{activity.pk}/").status_code == 404


@pytest.mark.parametrize("typed", ["Borgafjäll", "BORGAFJÄLL", " borgafjäll "])
def test_a_place_that_is_known_is_not_added_again(typed, fill_in):
    fill_in(done="Kontroll.", new_place=typed)
    assert Occasion.objects.get().place.name == "Borgafjäll"
    assert Place.objects.filter(name__icontains="borgafj").count() == 1


def test_a_known_place_is_known_in_capitals_that_are_not_ascii(fill_in):
    factories.PlaceFactory(name="Älgträsk")
    fill_in(done="Kontroll.", new_place="älgträsk")
    assert Occasion.objects.get().place.name == "Älgträsk"


def test_a_place_that_is_missing_is_added(fill_in):
    fill_in(done="Kontroll.", new_place="Sörby")
    assert Occasion.objects.get().place == Place.objects.get(name="Sörby")


@time_machine.travel("2025-03-01T12:00:00+01:00", tick=False)
def test_a_date_outside_the_period_is_saved_with_a_remark_and_counts_towards_no_target(
    activity, coordinator, signed_in
):
    activity.target_count, activity.target_per = 1, Activity.TargetPer.YEAR
    activity.save()
    client = signed_in(coordinator)
    address = f"/logga/{activity.pk}/"
    form = Page(client.get(address)).typed | {"date": "2025-01-15", "done": "Kontroll."}

    page = Page(client.post(address, form, follow=True))

    outside = "Datumet ligger utanför löftesperioden 1 januari 2023 – 31 december 2024."
    assert page.messages == [
        "Loggat: Skoterkontroll, 15 januari 2025. Tillfället är sparat.",
        f"{outside} Tillfället är sparat, men räknas inte mot åtagandenivån.",
    ]
    assert page.text("//*[@class='notice']") == (
        f"{outside} Tillfället räknas inte mot åtagandenivån."
    )
    promise = Page(client.get(f"/loften/{activity.promise_id}/?period=avtalet"))
    assert promise.facts["Tillfällen"] == "1 varav 1 utanför löftesperioden"
    assert promise.rows("//table[caption='Åtagandenivå: 1 per år']") == [
        ["2023", "0", "1", "Ej nådd"],
        ["2024", "0", "1", "Ej nådd"],
    ]


# --- A faulty entry ------------------------------------------------------------------------

SHARE = "{without_remark}"
TOO_LONG = "å" * 100_000


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"date": ""}, {"date": REQUIRED}),
        ({"date": "2024-02-30"}, {"date": NO_SUCH_DATE}),
        ({"date": "igår"}, {"date": NO_SUCH_DATE}),
        (
            {"date": "2024-05-16"},
            {
                "date": "Datumet ligger i framtiden. Ett tillfälle loggas när det har genomförts.",
            },
        ),
        ({"date": "0202-05-15"}, {"date": "Kontrollera årtalet."}),
        ({"date": "1999-12-31"}, {"date": "Kontrollera årtalet."}),
        ({"party": ""}, {"party": REQUIRED}),
        ({"party": "4711"}, {"party": "Välj något av alternativen i listan."}),
        ({"place": "4711"}, {"place": "Välj något av alternativen i listan."}),
        ({"done": ""}, {"done": REQUIRED}),
        ({"done": " \n "}, {"done": REQUIRED}),
        ({"minutes": "-1"}, {"minutes": NOT_BELOW_ZERO}),
        ({"minutes": "nittio"}, {"minutes": A_WHOLE_NUMBER}),
        ({"minutes": "90,5"}, {"minutes": A_WHOLE_NUMBER}),
        ({"minutes": "10001"}, {"minutes": "Talet är för stort. Högst 10000 godtas."}),
        ({"participants": "-1"}, {"participants": NOT_BELOW_ZERO}),
        ({"participants": "många"}, {"participants": A_WHOLE_NUMBER}),
        ({"{drivers}": "-1"}, {"{drivers}": NOT_BELOW_ZERO}),
        ({"{drivers}": "fjorton"}, {"{drivers}": A_NUMBER}),
        ({"{speed}": "NaN"}, {"{speed}": A_NUMBER}),
        ({SHARE: "11"}, {f"{SHARE}_of": "Skriv också av hur många."}),
        ({f"{SHARE}_of": "14"}, {SHARE: "Skriv också hur många av dem."}),
        (
            {SHARE: "15", f"{SHARE}_of": "14"},
            {SHARE: "Kan inte vara fler än det hela."},
        ),
        ({SHARE: "elva", f"{SHARE}_of": "14"}, {SHARE: A_NUMBER}),
        (
            {"is_published": "on"},
            {"public_sentence": "Skriv meningen till medborgarna innan tillfället publiceras."},
        ),
        (
            {"done": TOO_LONG},
            {
                "done": "Texten är för lång: 100000 tecken. Högst 4000 får plats."
                " Korta den eller dela upp den."
            },
        ),
        (
            {"date": "", "done": "", "minutes": "-5", "is_published": "on"},
            {
                "date": REQUIRED,
                "done": REQUIRED,
                "minutes": NOT_BELOW_ZERO,
                "public_sentence": "Skriv meningen till medborgarna innan tillfället publiceras.",
            },
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_fault_is_explained_beside_its_field_and_nothing_typed_is_lost(
    typed, faults, fill_in, counters
):
    def with_field_names(values: dict) -> dict:
        return {name.format(**counters): value for name, value in values.items()}

    typed, faults = with_field_names(typed), with_field_names(faults)
    typed = {"done": "Kontroll.", "internal_note": "Fler på helgen."} | typed

    response = fill_in(**typed)

    page = Page(response)
    assert response.status_code == 200
    assert page.errors == {name: [sentence] for name, sentence in faults.items()}
    assert page.summary == {
        f"{page.label(name)}: {sentence}": name for name, sentence in faults.items()
    }
    shown = page.typed
    chosen = {"party", "place"}  # from lists, which cannot show what is not in them
    assert {n: shown[n] for n in typed if n not in chosen} == {
        n: value for n, value in typed.items() if n not in chosen
    }
    assert not Occasion.objects.exists()
    assert not Reading.objects.exists()


def test_a_faulty_form_does_not_add_the_new_place(fill_in):
    fill_in(done="", new_place="Sörby")
    assert not Place.objects.filter(name="Sörby").exists()


@pytest.mark.parametrize(
    ("name", "most"), [("public_sentence", 300), ("new_place", 100)], ids=["sentence", "place"]
)
def test_a_short_text_says_how_long_it_may_be(name, most, fill_in):
    page = Page(fill_in(done="Kontroll.", **{name: "x" * (most + 1)}))
    assert page.errors == {
        name: [f"Texten är för lång: {most + 1} tecken. Högst {most} får plats."]
    }
    assert page.control(name).get("maxlength") == str(most)


def test_the_folded_part_is_open_when_the_fault_is_in_it(fill_in):
    page = Page(fill_in(done="Kontroll.", is_published="on"))
    assert page.all("//details[@class='more'][@open]//*[@name='public_sentence']")


def test_html_in_texts_is_shown_and_never_obeyed(fill_in, client, activity):
    text = '<script>alert("hej")</script> & <b>fet</b>'
    texts = ("done", "outcome", "internal_note", "public_sentence", "new_place")
    response = fill_in(**dict.fromkeys(texts, text), is_published="on")
    assert Page(client.get(response.url)).text().count(text) == 5
    for address, times in (("/tillfallen/", 3), (f"/loften/{activity.promise_id}/", 3)):
        page = Page(client.get(address))
        assert not page.all("//script[not(@src)]"), address
        assert page.text("//main").count(text) == times, address
    public = Page(Client().get("/"))
    assert public.text("//ul[@class='done-list']") == f"15 maj 2024 · {text} {text}"


# --- Nothing twice, nothing lost -----------------------------------------------------------


def test_the_same_form_sent_twice_gives_one_occasion(client, activity, counters):
    address = f"/logga/{activity.pk}/"
    form = Page(client.get(address)).typed
    form |= {"done": "Kontroll.", "new_place": "Sörby", counters["drivers"]: "14"}
    first, second = client.post(address, form), client.post(address, form)
    assert first.url == second.url == f"/tillfallen/{Occasion.objects.get().pk}/"
    assert Reading.objects.count() == 1


def test_a_form_sent_again_with_something_else_in_it_asks_first_and_loses_nothing(client, activity):
    address = f"/logga/{activity.pk}/"
    form = Page(client.get(address)).typed | {"done": "Kontroll vid leden."}
    client.post(address, form)

    # The browser's back button brings the same form again.
    again = Page(client.post(address, form | {"done": "Kontroll vid macken."}))

    assert list(again.summary) == [
        "Formuläret är redan sparat som ett tillfälle, men då stod det något annat i det."
        " Spara igen om det här är ett tillfälle till. Vill du ändra det förra? Öppna det i loggen."
    ]
    assert again.typed["done"] == "Kontroll vid macken."
    client.post(address, again.typed)
    assert list(Occasion.objects.order_by("id").values_list("done", flat=True)) == [
        "Kontroll vid leden.",
        "Kontroll vid macken.",
    ]


def test_the_form_of_a_change_opens_with_everything_that_was_saved(fill_in, client, counters):
    typed = {
        "date": "2024-03-12",
        "done": "Kontroll vid leden.\n\nTolv förare.",
        "outcome": "Alla hade hjälm.",
        "minutes": "90",
        "participants": "0",
        "internal_note": "Fler på helgen.",
        "public_sentence": "Vi kontrollerade skotrar.",
        "is_published": "on",
        counters["speed"]: "62,50",
        counters["without_remark"]: "11,00",
        f"{counters['without_remark']}_of": "14,00",
    }
    address = fill_in(**typed).url
    shown = Page(client.get(f"{address}andra/")).typed
    assert {name: shown[name] for name in typed} == typed


def test_a_change_is_saved_with_its_counters(fill_in, client, counters):
    address = fill_in(done="Kontroll.", **{counters["drivers"]: "14", counters["clubs"]: "3"}).url
    change = {
        "date": "2024-05-14",
        "done": "Kontroll vid leden.",
        counters["drivers"]: "15",
        counters["clubs"]: "",
    }
    response = fill_in(f"{address}andra/", **change)
    occasion = Occasion.objects.get()
    assert response.url == address
    assert (occasion.done, occasion.date) == ("Kontroll vid leden.", date(2024, 5, 14))
    assert readings_of(occasion) == {"Förare": (15, None)}
    assert Reading.objects.standing().get().date == date(2024, 5, 14)
    assert Page(client.get(address)).messages == ["Ändringen är sparad."]


def test_a_stale_change_is_refused_and_keeps_what_was_typed(fill_in, client, counters):
    address = fill_in(done="Kontroll.", **{counters["drivers"]: "14"}).url
    mine = Page(client.get(f"{address}andra/")).typed
    fill_in(f"{address}andra/", done="Deras text.")

    mine |= {"done": "Min text.", "new_place": "Sörby", counters["drivers"]: "99"}
    page = Page(client.post(f"{address}andra/", mine))

    assert page.summary == {STALE.format(who="Sara Samordnare"): ""}
    typed = page.typed
    # Sent once more it replaces theirs: its writer has seen both.
    assert typed.pop("version") == "2"
    assert typed == {name: typed_ for name, typed_ in mine.items() if name != "version"} | {
        "csrfmiddlewaretoken": typed["csrfmiddlewaretoken"]
    }
    assert page.rows("//table[contains(@class, 'conflict')]") == [
        ["Annan plats", "Tomt", "Sörby"],
        ["Vad gjordes?", "Deras text.", "Min text."],
        ["Förare (förare)", "14", "99"],
    ]
    occasion = Occasion.objects.get()
    assert (occasion.done, occasion.version) == ("Deras text.", 2)
    assert readings_of(occasion) == {"Förare": (14, None)}
    assert not Place.objects.filter(name="Sörby").exists()


@pytest.mark.parametrize("version", ["", "två", None])
def test_a_change_that_does_not_say_what_it_was_made_from_is_refused(version, fill_in, occasion):
    response = fill_in(f"/tillfallen/{occasion.pk}/andra/", done="Ny text.", version=version)
    assert response.status_code == 200
    assert Occasion.objects.get().done == "Kontroll vid leden."


# --- Two at the same moment ----------------------------------------------------------------


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_the_same_moment_exactly_one_wins(fill_in, client, occasion):
    address = f"/tillfallen/{occasion.pk}/andra/"
    form = Page(client.get(address)).typed
    texts = ["Min text.", "Deras text."]
    responses = at_the_same_moment(
        *(lambda text=text: client.post(address, form | {"done": text}) for text in texts)
    )
    lost, won = sorted(responses, key=lambda response: response.status_code)
    assert (lost.status_code, won.status_code) == (200, 302)
    loser = Page(lost)
    assert loser.summary == {STALE.format(who="Sara Samordnare"): ""}
    occasion.refresh_from_db()
    assert {loser.typed["done"], occasion.done} == set(texts)
    assert occasion.version == 2


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_gives_one_occasion(client, activity):
    address = f"/logga/{activity.pk}/"
    form = Page(client.get(address)).typed | {"done": "Kontroll.", "new_place": "Sörby"}
    responses = at_the_same_moment(*[lambda: client.post(address, form)] * 4)
    assert {response.url for response in responses} == {f"/tillfallen/{Occasion.objects.get().pk}/"}


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
def test_of_two_withdrawals_at_the_same_moment_one_reason_stands(client, occasion):
    address = f"/tillfallen/{occasion.pk}/dra-tillbaka/"
    responses = at_the_same_moment(
        *(
            lambda reason=reason: client.post(address, {"reason": reason})
            for reason in ("Fel dag", "Loggat två gånger")
        )
    )
    # The loser had it in hand still (200), or found it gone already (404).
    assert {response.status_code for response in responses} in ({200, 302}, {302, 404})
    occasion.refresh_from_db()
    assert occasion.version == 2


# --- Taking it back ------------------------------------------------------------------------


def test_to_withdraw_needs_a_reason(fill_in, occasion):
    page = Page(fill_in(f"/tillfallen/{occasion.pk}/dra-tillbaka/", reason="  "))
    assert page.errors == {"reason": [REQUIRED]}
    assert page.summary == {f"Varför dras tillfället tillbaka?: {REQUIRED}": "reason"}
    occasion.refresh_from_db()
    assert not occasion.is_withdrawn


def test_a_withdrawn_occasion_says_why_and_counts_no_more(fill_in, client, occasion):
    response = fill_in(f"/tillfallen/{occasion.pk}/dra-tillbaka/", reason="Loggat två gånger")
    page = Page(client.get(response.url))
    assert page.messages == ["Tillfället är tillbakadraget och räknas inte längre."]
    assert page.text("//*[@class='notice warning']") == (
        "Tillbakadraget 15 maj 2024 av Sara Samordnare. Skäl: Loggat två gånger"
    )
    assert "Kontroll vid leden." in page.text()
    assert page.texts("//*[@class='actions']") == []
    assert Page(client.get("/oversikt/")).text("//*[@class='counted']") == (
        "Inget tillfälle är loggat"
    )


@pytest.mark.parametrize("what", ["andra", "dra-tillbaka"])
def test_a_withdrawn_occasion_cannot_be_changed_or_withdrawn_again(
    what, client, occasion, coordinator
):
    occasion.withdraw(by=coordinator, reason="Loggat två gånger")
    address = f"/tillfallen/{occasion.pk}/{what}/"
    typed = {"date": "2024-03-12", "done": "Ny text.", "reason": "Igen", "version": "2"}
    assert client.get(address).status_code == 404
    assert client.post(address, typed).status_code == 404
    occasion.refresh_from_db()
    assert (occasion.done, occasion.withdrawal_reason) == (
        "Kontroll vid leden.",
        "Loggat två gånger",
    )


def test_a_change_after_a_withdrawal_is_refused(client, occasion, coordinator):
    address = f"/tillfallen/{occasion.pk}/andra/"
    mine = Page(client.get(address)).typed | {"done": "Min text."}
    occasion.withdraw(by=coordinator, reason="Fel dag")
    assert client.post(address, mine).status_code == 404
    occasion.refresh_from_db()
    assert occasion.is_withdrawn
    assert occasion.done == "Kontroll vid leden."


# --- The way in ----------------------------------------------------------------------------


def test_activities_used_last_are_offered_first_and_then_all_promise_by_promise(
    client, activity, occasion, agreement
):
    undertaking = agreement.undertakings.get(number=5)
    factories.ActivityFactory(promise=None, undertaking=undertaking, title="Samverkansmöte")
    page = Page(client.get("/logga/"))
    lists = [ul.xpath(".//a/@href") for ul in page.all("//ul[@class='pick']")]
    headings = ["Senast använda", *page.texts("//main//summary")]
    offered = dict(zip(headings, lists, strict=True))
    ours = f"/logga/{activity.pk}/"
    assert offered["Senast använda"] == [ours]
    assert offered["3. Skoterkörning i Borgafjäll 1 aktivitet"] == [
        ours,
        f"/logga/ny-aktivitet/{activity.promise_id}/",
    ]
    meeting = Activity.objects.get(title="Samverkansmöte")
    assert offered["Åtaganden 1 aktivitet"] == [f"/logga/{meeting.pk}/"]


def test_a_cancelled_activity_is_not_offered(client, activity):
    activity.status, activity.cancellation_reason = Activity.Status.CANCELLED, "Ingen snö"
    activity.save()
    assert f"/logga/{activity.pk}/" not in client.get("/logga/").content.decode()


def test_a_missing_activity_is_added_on_the_way(fill_in, client, snowmobile_promise, municipality):
    address = f"/logga/ny-aktivitet/{snowmobile_promise.pk}/"
    response = fill_in(address, title="Skoterkväll", kind="information")
    added = Activity.objects.get(title="Skoterkväll")
    assert response.url == f"/logga/{added.pk}/"
    assert (added.promise, added.responsible, added.kind) == (
        snowmobile_promise,
        municipality,
        "information",
    )
    assert Page(client.get(response.url)).messages == [
        "Aktiviteten ”Skoterkväll” finns nu under löfte 3."
    ]


def test_a_missing_activity_needs_a_title(fill_in, snowmobile_promise):
    page = Page(fill_in(f"/logga/ny-aktivitet/{snowmobile_promise.pk}/", kind="information"))
    assert page.errors == {"title": [REQUIRED]}
    assert page.typed["kind"] == "information"


def test_a_reader_sees_the_occasion_without_its_internal_note(
    occasion, client, signed_in, reader, today
):
    occasion.internal_note = "Fler på helgen."
    occasion.save()
    address = occasion.get_absolute_url()
    assert "Fler på helgen." in Page(client.get(address)).text()
    page = Page(signed_in(reader).get(address))
    assert "Fler på helgen." not in page.text()
    assert page.texts("//*[@class='actions']") == []
