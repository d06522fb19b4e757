"""The poster: one sheet, the citizens' own facts, and nothing that is not public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from followup.models import Occasion
from followup.public.poster import Poster, poster_of, render_poster
from promises.models import Agreement, Place
from tests import factories
from tests.html import Page
from tests.printed import pages_of, text_of_pdf

pytestmark = pytest.mark.django_db

ON = date(2024, 12, 1)
ADDRESS = "https://samverkan.example.se/"


def poster_for(agreement: Agreement, on: date = ON) -> Poster:
    return poster_of(agreement, agreement.periods.get(), on, ADDRESS)


@pytest.fixture
def activity(snowmobile_promise):
    return factories.ActivityFactory(promise=snowmobile_promise, title="Hemlig insats på Macken")


@pytest.fixture
def log(activity, coordinator):
    def log_occasion(**values) -> Occasion:
        defaults = {
            "activity": activity,
            "party": coordinator.party,
            "member": coordinator,
            "created_at": "2024-03-12T12:00:00+01:00",
        }
        return factories.OccasionFactory(**defaults | values)

    return log_occasion


def publish(log, sentence: str, **values) -> Occasion:
    return log(is_published=True, public_sentence=sentence, **values)


# --- The sheet -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 5, 8, 12])
def test_it_is_one_page_however_many_promises_and_however_long_their_names(number):
    period = factories.PromisePeriodFactory()
    for n in range(number):
        promise = factories.PromiseFactory(
            period=period,
            number=n + 1,
            topic=f"Trygghet i byarna och på vägarna {n} {'mellan ' * 12}"[:80],
        )
        activity = factories.ActivityFactory(promise=promise)
        factories.OccasionFactory(
            activity=activity,
            place=factories.PlaceFactory(name=f"Långträskbynäset norra {n}"),
            is_published=True,
            public_sentence=("Vi gick från dörr till dörr och berättade. " * 9)[:300],
        )
        metric = factories.MetricFactory(
            activity=None,
            promise=promise,
            dimension="effect",
            name=("Känner sig trygga " * 8)[:120],
        )
        factories.ReadingFactory(metric=metric)
    poster = poster_of(period.agreement, period, ON, ADDRESS)
    document = render_poster(poster)
    assert len(pages_of(document)) == 1
    assert len(poster.promises) == min(number, 8)
    assert (f"Där finns {poster.left_out} löften till" in text_of_pdf(document)) == (number > 8)


# --- Nothing that is not public ------------------------------------------------------------


def test_an_unpublished_occasion_is_counted_and_nothing_more(log, agreement, coordinator):
    log(
        place=factories.PlaceFactory(name="Hemlighult"),
        done="Kontrollerade kiosken",
        outcome="Butiken fick rättelse",
        internal_note="Ägaren var upprörd",
        public_sentence="Inte klar att visas.",
    )
    poster = poster_for(agreement)
    text = text_of_pdf(render_poster(poster))
    assert poster.promises[2].occasions == 1
    assert (poster.promises[2].places, poster.promises[2].latest) == ((), None)
    for secret in ("Hemlighult", "kiosken", "Butiken", "upprörd", "Inte klar", "Macken", "Sara"):
        assert secret not in text


def test_a_plan_and_a_withdrawn_occasion_never_reach_it(log, activity, agreement, coordinator):
    factories.PlannedOccasionFactory(
        activity=activity, date=date(2024, 12, 24), place=factories.PlaceFactory(name="Smygköping")
    )
    publish(log, "Detta drogs tillbaka.").withdraw(by=coordinator, reason="Fel löfte")
    shown = poster_for(agreement).promises[2]
    text = text_of_pdf(render_poster(poster_for(agreement)))
    assert (shown.occasions, shown.latest) == (0, None)
    assert "Smygköping" not in text
    assert "drogs tillbaka" not in text


def test_what_is_logged_on_a_day_to_come_is_not_counted(log, agreement):
    log(date=date(2024, 12, 2))
    assert poster_for(agreement).promises[2].occasions == 0


def test_what_was_published_is_told_with_its_places(log, agreement):
    village = Place.objects.get(name="Risbäck")
    publish(log, "Vi var i Borgafjäll.", date=date(2024, 2, 1), place=factories.PlaceFactory())
    publish(log, "Vi var i Risbäck.", date=date(2024, 3, 1), place=village)
    publish(log, "Vi var där igen.", date=date(2024, 3, 9), place=village)
    shown = poster_for(agreement).promises[2]
    assert shown.occasions == 3
    assert shown.places[0] == "Risbäck"
    assert shown.latest.sentence == "Vi var där igen."


# --- What happened -------------------------------------------------------------------------


def reading_of(promise, value: int, out_of: int | None, **values):
    metric = factories.MetricFactory(
        activity=None,
        promise=promise,
        dimension="effect",
        rule="share" if out_of else "latest",
        unit="%" if out_of else "olyckor",
        name="Elever som röker",
        **values,
    )
    return factories.ReadingFactory(
        metric=metric,
        date=date(2024, 3, 1),
        value=Decimal(value),
        out_of=out_of,
        created_at="2024-03-01T12:00:00+01:00",
    )


def test_without_an_effect_it_says_that_nobody_knows_yet(agreement):
    text = text_of_pdf(render_poster(poster_for(agreement)))
    assert text.count("Vad det ledde till vet vi inte än.") == 5
    assert text.count("Inget än.") == 5


def test_an_effect_is_told_as_everywhere(snowmobile_promise, agreement):
    reading_of(snowmobile_promise, 44, 52)
    [effect] = poster_for(agreement).promises[2].effects
    assert (effect.name, effect.text, effect.year) == ("Elever som röker", "44 av 52 (85 %)", 2024)


@pytest.mark.parametrize(
    ("part", "text"), [(4, "färre än 5 av 23"), (5, "5 av 23 (22 %)"), (0, "0 av 23 (0 %)")]
)
def test_so_few_that_they_could_be_known_are_not_counted_out(
    snowmobile_promise, agreement, part, text
):
    reading_of(snowmobile_promise, part, 23)
    [effect] = poster_for(agreement).promises[2].effects
    assert effect.text == text


def test_what_was_done_is_no_effect(snowmobile_promise, agreement):
    metric = factories.MetricFactory(activity=None, promise=snowmobile_promise, dimension="done")
    factories.ReadingFactory(metric=metric, date=date(2024, 3, 1))
    assert poster_for(agreement).promises[2].effects == ()


# --- Where it is found ---------------------------------------------------------------------


def test_anyone_reaches_it_from_the_citizens_page(agreement, today):
    client = Client()
    link = Page(client.get("/")).one("//a[@href='/anslag.pdf']")
    response = client.get(link.get("href"))
    assert response["Content-Type"] == "application/pdf"
    assert "http://testserver/" in text_of_pdf(response.content).replace(" ", "")


def test_there_is_none_before_there_are_promises(db):
    assert Client().get("/anslag.pdf").status_code == 404


def test_the_preview_says_what_the_sheet_says(log, agreement, reader, signed_in, today):
    publish(log, "Vi var ute på leden.")
    page = Page(signed_in(reader).get("/rapporter/anslag/"))
    row = page.rows()[2]
    assert row == [
        "3 Skoterkörning i Borgafjäll",
        "1 gång",
        "Vi var ute på leden. Vad det ledde till vet vi inte än.",
    ]
