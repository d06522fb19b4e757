"""The quick log: what it fills in, what it offers again, and what the browser's outbox is answered."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from followup.log.choices import choices_for, place_of_the_day, same_as
from followup.models import Occasion
from promises.models import Activity
from tests import factories
from tests.html import Page
from tests.life import hand_in

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def last(activity, coordinator) -> Occasion:
    return factories.OccasionFactory(
        activity=activity,
        place=factories.PlaceFactory(name="Avasjö"),
        party=coordinator.party,
        member=coordinator,
        done="Kontroll vid leden.",
        minutes=90,
        participants=12,
        internal_note="Fler på helgen.",
        public_sentence="Vi var ute.",
        is_published=True,
    )


def form_on(client: Client, address: str) -> dict[str, str]:
    return Page(client.get(address)).typed


# --- What is filled in ---------------------------------------------------------------------


def test_the_day_is_today_and_the_party_ones_own(client, activity, coordinator):
    typed = form_on(client, f"/logga/{activity.pk}/")
    assert (typed["date"], typed["party"]) == ("2024-05-15", str(coordinator.party_id))


def test_the_place_is_the_activitys_own(client, activity, last):
    activity.place = factories.PlaceFactory()
    activity.save()
    assert form_on(client, f"/logga/{activity.pk}/")["place"] == str(activity.place_id)


def test_an_activity_without_a_place_is_here_where_one_logged_last_today(
    client, activity, last, coordinator, today
):
    assert not form_on(client, f"/logga/{activity.pk}/")["place"]
    here = factories.OccasionFactory(
        activity=activity,
        date=today,
        place=factories.PlaceFactory(),
        party=coordinator.party,
        member=coordinator,
    )
    assert place_of_the_day(coordinator, today) == here.place_id
    assert form_on(client, f"/logga/{activity.pk}/")["place"] == str(here.place_id)


def test_somebody_elses_whereabouts_say_nothing_of_ones_own(last, area_police, coordinator):
    assert place_of_the_day(coordinator, last.date) == last.place_id
    assert place_of_the_day(area_police, last.date) is None


def test_the_same_as_last_time_is_all_but_what_is_counted_and_said_to_others(
    client, activity, last
):
    typed = form_on(client, f"/logga/{activity.pk}/?samma")
    expected = {
        "done": "Kontroll vid leden.",
        "place": str(last.place_id),
        "minutes": "90",
        "participants": "",
        "internal_note": "",
        "public_sentence": "",
        "date": "2024-05-15",
    }
    assert {name: typed[name] or "" for name in expected} == expected


def test_the_page_offers_last_time_with_and_without_a_script(client, activity, last):
    page = Page(client.get(f"/logga/{activity.pk}/"))
    link = page.one("//a[@data-same]")
    assert link.get("href") == "?samma"
    assert json.loads(link.get("data-same")) == same_as(last)


def test_nothing_is_offered_again_the_first_time(client, activity):
    assert not Page(client.get(f"/logga/{activity.pk}/?samma")).all("//a[@data-same]")


def test_ones_own_activities_come_before_those_of_the_others(
    client, activity, last, area_police, coordinator, snowmobile_promise
):
    theirs = factories.ActivityFactory(promise=snowmobile_promise, title="Trafikkontroll")
    factories.OccasionFactory(
        activity=theirs, date=date(2024, 5, 1), party=area_police.party, member=area_police
    )
    recent = choices_for(coordinator, date(2024, 5, 15)).recent
    assert [choice.activity for choice in recent] == [activity, theirs]


def test_save_and_next_leads_back_to_the_activities(client, activity):
    address = f"/logga/{activity.pk}/"
    response = client.post(address, form_on(client, address) | {"done": "Kontroll.", "nasta": "1"})
    assert response.url == "/logga/"
    assert Page(client.get(response.url)).messages == [
        "Loggat: Skoterkontroll, 15 maj 2024. Tillfället är sparat."
    ]


# --- The outbox ----------------------------------------------------------------------------


def send(client: Client, activity: Activity, **typed: str):
    address = f"/logga/{activity.pk}/"
    return client.post(address, form_on(client, address) | typed, headers=JSON)


def test_the_outbox_is_told_who_is_signed_in_and_given_a_token(client, coordinator):
    answer = client.get("/logga/utkorg/").json()
    assert answer["member"] == coordinator.pk
    assert re.fullmatch(r"\w{64}", answer["token"])


def test_what_the_outbox_sends_is_stored_and_it_is_told_where(client, activity):
    response = send(client, activity, done="Kontroll.")
    occasion = Occasion.objects.get()
    assert response.status_code == 200
    assert response.json() == {
        "address": occasion.get_absolute_url(),
        "told": ["Loggat: Skoterkontroll, 15 maj 2024. Tillfället är sparat."],
    }
    # Told by the tray, so not once more by the next page.
    assert Page(client.get("/logga/")).messages == []


def test_sent_twice_it_is_the_same_occasion(client, activity):
    typed = form_on(client, f"/logga/{activity.pk}/") | {"done": "Kontroll."}
    answers = [send(client, activity, **typed).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Occasion.objects.count() == 1


def test_what_is_refused_says_why_field_by_field(client, activity):
    response = send(client, activity, done="", date="2024-02-30")
    assert response.status_code == 422
    assert response.json() == {
        "errors": [
            "Datum: Det finns inget sådant datum. Skriv det som 2024-03-15.",
            "Vad gjordes?: Fyll i det här.",
        ]
    }
    assert not Occasion.objects.exists()


def test_a_day_of_a_review_that_is_handed_in_is_remarked_on(
    client, activity, agreement, coordinator
):
    days = {"starts_on": date(2023, 2, 27), "ends_on": date(2024, 4, 30)}
    hand_in(
        factories.ReviewFactory(
            agreement=agreement, created_by=coordinator, cutoff_on=date(2024, 4, 30), **days
        )
    )
    response = send(client, activity, done="Kontroll.", date="2024-04-12")
    assert response.json()["told"][1:] == [
        "Uppföljningen 27 februari 2023 – 30 april 2024 är redan inlämnad. Tillfället är sparat "
        "och redovisas som sen registrering i nästa."
    ]


def test_without_a_session_it_is_sent_to_sign_in_and_nothing_is_stored(activity, client):
    typed = form_on(client, f"/logga/{activity.pk}/") | {"done": "Kontroll."}
    response = Client().post(f"/logga/{activity.pk}/", typed, headers=JSON)
    assert response.status_code == 302
    assert response.url.startswith("/konto/login/")
    assert not Occasion.objects.exists()


# --- The page for logging offline ------------------------------------------------------------


def test_the_offline_page_holds_every_activity_with_its_counters_once(
    client, activity, last, snowmobile_promise
):
    factories.MetricFactory(activity=activity, name="Förare")
    other = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkväll")
    page = Page(client.get("/logga/utan-nat/"))
    held = {
        int(one.get("data-activity")): one.xpath(".//input/@name")
        for one in page.all("//template[@data-activity]")
    }
    [metric] = activity.metrics.all()
    assert held == {activity.pk: [f"metric_{metric.pk}"], other.pk: []}
    assert page.text("//h1[not(ancestor::template)]") == "Ingen kontakt med portalen"


def test_the_offline_page_tells_of_no_control_to_come(client, activity):
    for day in (14, 15, 16, 17):
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 5, day))
    page = Page(client.get("/logga/utan-nat/"))
    assert page.root.xpath("//template/@data-date") == ["2024-05-14", "2024-05-15", "2024-05-16"]
    assert "17 maj" not in page.text("//body")


def test_the_offline_page_leaves_the_messages_to_the_page_that_is_read(client, activity):
    address = f"/logga/{activity.pk}/"
    client.post(address, form_on(client, address) | {"done": "Kontroll."})
    assert Page(client.get("/logga/utan-nat/")).messages == []
    assert len(Page(client.get("/logga/")).messages) == 1


def test_the_offline_page_says_whose_it_is(client, coordinator):
    response = client.get("/logga/utan-nat/")
    assert response["X-Member"] == str(coordinator.pk)
    assert "no-store" in response["Cache-Control"]


# --- The app -------------------------------------------------------------------------------


def test_the_service_worker_keeps_what_the_offline_page_is_made_of(client):
    page = Page(client.get("/logga/utan-nat/"))
    response = client.get("/service-worker.js")
    kept = json.loads(re.search(r"self\.KEPT = (.*);", response.content.decode())[1])
    needed = {
        *page.root.xpath("//link[@rel='stylesheet']/@href"),
        *page.root.xpath("//script/@src"),
        *page.root.xpath("//img/@src"),
    }
    assert needed <= set(kept["assets"])
    assert response["Content-Type"] == "text/javascript"
    assert kept["shell"] == "/logga/utan-nat/"


def test_what_is_kept_has_a_name_of_its_own_for_each_set_of_files(client, settings, tmp_path):
    names = []
    for contents in ("// today's", "// yesterday's"):
        settings.STATIC_ROOT = tmp_path / contents.strip("/ ")
        write_worker(settings.STATIC_ROOT, contents)
        names.append(version(client))
    assert len(set(names)) == 2


def test_in_operation_the_files_are_read_once_and_not_at_each_fetch(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    at_first = version(client)
    write_worker(tmp_path, "// another")
    assert version(client) == at_first


def test_in_development_a_changed_file_is_told_of_at_the_next_fetch(client, settings, tmp_path):
    settings.DEBUG, settings.STATIC_ROOT = True, tmp_path
    at_first = version(client)
    write_worker(tmp_path, "// another")
    assert version(client) != at_first


def write_worker(static_root: Path, contents: str) -> None:
    (static_root / "js").mkdir(parents=True)
    (static_root / "js/worker.js").write_text(contents)


def version(client) -> str:
    """The name under which the service worker keeps what it keeps."""
    content = client.get("/service-worker.js").content.decode()
    return json.loads(re.search(r"self\.KEPT = (.*);", content)[1])["version"]


def test_the_manifest_names_icons_that_are_there(client):
    manifest = client.get("/manifest.webmanifest").json()
    assert (manifest["lang"], manifest["start_url"]) == ("sv", "/oversikt/")
    assert [icon["purpose"] for icon in manifest["icons"]] == ["any", "any", "maskable"]
    files = [finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"]]
    assert [size_of(file) for file in files] == [(192, 192), (512, 512), (512, 512)]


def size_of(file: str) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size
