"""The handbook walked: every step that it tells is taken in the portal, by the names it gives.

A task's steps stand in a list with the task's name (`data-walk`). A walk may use no other names than
those in the list, and must use them all, so that handbook and portal can't drift apart. On the way
the handbook's pictures are taken: `make handbook` saves them, at other times nothing is saved.
Each picture is as large as the page says: as wide as its window, and from the upper edge of what it
shows.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as portal
from django.test import Client
from PIL import Image
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from followup.models import Meeting, Occasion, Review, Task
from promises.handbook import CHAPTERS
from promises.models import Activity, Member
from tests.browser.conftest import PASSWORD
from tests.html import Page, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVES = os.environ.get("HANDBOOK") == "1"
PICTURES = Path(portal.BASE_DIR, "static/img/help")
SHARPNESS, MARGIN = 2, 16
AT_MOST = 60_000  # bytes
DESKTOP = {"width": 1024, "height": 1200}
PHONE = {"width": 390, "height": 1200}

# --- What the handbook says ------------------------------------------------------------------


@dataclass
class Handbook:
    """The steps of each task, by the names in them, and the size of each picture."""

    steps: dict[str, list[str]] = field(default_factory=dict)
    pictures: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def read_by(cls, member: Member) -> Handbook:
        handbook, client = cls(), Client()
        client.force_login(member)
        for slug in CHAPTERS:
            page = Page(client.get(f"/hjalp/{slug}/"))
            for task in page.all("//ol[@data-walk]"):
                names = [text_of(name) for name in task.xpath(".//*[@class='ui']")]
                handbook.steps[task.get("data-walk")] = names
            for image in page.all("//img[@data-picture]"):
                size = int(image.get("width")), int(image.get("height"))
                handbook.pictures[image.get("data-picture")] = size
        return handbook


class Walk:
    """One task, done in a tab with the names that the handbook gives."""

    def __init__(self, tab: Tab, names: list[str]) -> None:
        self.tab, self.names, self.used = tab, names, set()

    def named(self, name: str) -> str:
        assert name in self.names, f"The handbook does not say ”{name}”: {self.names}"
        self.used.add(name)
        return name

    def press(self, name: str) -> None:
        """Press the link, button or heading of that name: the first on the page itself."""
        self.named(name)
        inner = self.tab.locator("#innehall")
        for part in (inner, self.tab.locator("body")):
            for role in ("link", "button"):
                if (found := part.get_by_role(role, name=name)).count():
                    found.first.click()
                    return
        inner.locator("summary", has_text=name).first.click()

    def follow(self, name: str, address: str) -> None:
        """Press the link of that name to the address."""
        self.tab.locator(f"a[href='{address}']", has_text=self.named(name)).first.click()

    def field(self, name: str) -> Locator:
        controls = self.tab.locator("input, select, textarea")
        return self.tab.locator("#innehall").get_by_label(self.named(name)).and_(controls).first

    def see(self, *names: str) -> None:
        for name in names:
            shown = self.tab.locator("main").get_by_text(self.named(name)).first
            expect(shown).to_be_visible()

    def is_told(self, sentence: str) -> None:
        expect(self.tab.locator("ul.messages")).to_contain_text(sentence)

    def ends(self) -> None:
        assert self.used == set(self.names)


# --- Who walks, and where --------------------------------------------------------------------


@pytest.fixture(autouse=True)
def spring(settings) -> Iterator[None]:
    """A day in the example when there is something of everything."""
    settings.CSRF_COOKIE_AGE = None  # or the browser, whose clock is today's, would throw it away
    with time_machine.travel("2025-04-15T12:00:00+02:00"):
        yield


@pytest.fixture
def handbook(people) -> Handbook:
    return Handbook.read_by(people["administrator"])


@pytest.fixture
def browser_context_args(browser_context_args):
    sharp = {
        "device_scale_factor": SHARPNESS if SAVES else 1,
        "viewport": DESKTOP,
        "reduced_motion": "reduce",
    }
    return {**browser_context_args, **sharp, "color_scheme": "light"}


@pytest.fixture
def walk(page: Tab, handbook: Handbook) -> Callable[[str], Walk]:
    page.set_default_timeout(15_000)
    return lambda task: Walk(page, handbook.steps[task])


@pytest.fixture
def shoot(page: Tab, handbook: Handbook) -> Callable[[str, str], None]:
    """Take a picture of what the selector finds, as large as the handbook says it is."""

    def take(name: str, selector: str) -> None:
        width, height = handbook.pictures[name]
        shown = page.locator(selector).first
        expect(shown).to_be_visible()
        if not SAVES:
            return
        usual = page.viewport_size
        page.set_viewport_size({"width": width, "height": usual["height"]})
        page.evaluate("document.activeElement?.blur()")
        top = shown.evaluate("e => e.getBoundingClientRect().top + scrollY")
        clip = {"x": 0, "y": top - MARGIN, "width": width, "height": height}
        taken = page.screenshot(clip=clip, full_page=True, caret="hide", animations="disabled")
        page.set_viewport_size(usual)
        (PICTURES / f"{name}.webp").write_bytes(_light(Image.open(io.BytesIO(taken))))

    return take


def _light(image: Image.Image) -> bytes:
    """The picture as WebP, as good as its weight allows."""
    for quality in range(60, 0, -10):
        file = io.BytesIO()
        image.convert("RGB").save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= AT_MOST:
            break
    return file.getvalue()


@pytest.fixture
def go(page: Tab, live_server) -> Callable[[str], None]:
    return lambda address: page.goto(f"{live_server.url}{address}")


@pytest.fixture
def sign_in_as(page: Tab, by_form) -> Callable[[Member], None]:
    def sign_in(member: Member) -> None:
        page.context.clear_cookies()
        by_form(page, member)

    return sign_in


# --- The walks -------------------------------------------------------------------------------


def test_a_coordinator_logs_plans_and_publishes(people, walk, shoot, go, sign_in_as, page):
    coordinator = people["samordnare"]

    go("/konto/login/")
    shoot("logga-in", ".sign-in")
    task = walk("logga-in")
    task.field("E-postadress").fill(coordinator.email)
    task.field("Lösenord").fill(PASSWORD)
    task.press("Logga in")
    page.wait_for_url("**/oversikt/")
    task.ends()

    page.set_viewport_size(PHONE)
    activity = Activity.objects.get(title="Skoterkontroll i Borgafjäll")
    task = walk("logga")
    task.press("Logga tillfälle")
    task.see("Alla aktiviteter")
    page.get_by_role("link", name=activity.title).first.click()
    task.field("Vad gjordes?").fill("Kontroll vid leden mot Avasjö.")
    task.field("Deltagare").fill("14")
    task.field("Tid i minuter").fill("240")
    shoot("logga", ".eyebrow")
    task.press("Spara och logga nästa")
    page.get_by_role("link", name=activity.title).first.click()
    task.field("Vad gjordes?").fill("Kontroll vid leden mot Borgasjön.")
    task.press("Spara tillfället")
    task.is_told("Loggat: Skoterkontroll")
    task.ends()
    newest = Occasion.objects.order_by("pk").last()
    assert (newest.done, newest.participants) == ("Kontroll vid leden mot Borgasjön.", None)
    page.set_viewport_size(DESKTOP)

    go("/aktiviteter/")
    task = walk("aktivitet")
    task.press("Ny aktivitet")
    task.field("Rubrik").fill("Samtal på fritidsgården")
    task.field("Löfte").select_option(index=1)
    task.named("Åtagande")
    task.field("Slag").select_option("Dialog")
    task.field("Antal tillfällen").fill("2")
    page.locator("#id_target_per").select_option(label="år")
    task.named("Per")
    shoot("aktivitet", ".pair:has(#id_target_count)")
    task.press("Spara aktiviteten")
    task.is_told("Aktiviteten ”Samtal på fritidsgården” är planerad.")
    task.ends()

    task = walk("planera")
    task.press("Planera tillfällen")
    task.field("Datum").fill("2025-05-20")
    page.get_by_role("button", name=task.named("Planera"), exact=True).click()
    expect(page.locator("#innehall")).to_contain_text("2025-05-20")
    task.ends()

    go("/tillfallen/")
    task = walk("publicera")
    task.press("Publicera")
    shoot("publicera", ".publish-row")
    task.field("Mening till medborgarna").fill("Vi kontrollerade skotrar vid leden.")
    row = page.locator(".publish-row").first
    row.get_by_label(task.named("Publicera")).check()
    task.press("Spara allt")
    task.is_told("1 ändrat tillfälle är publicerat")
    task.ends()


def test_a_coordinator_meets_measures_and_reports(people, walk, shoot, go, sign_in_as, page):
    sign_in_as(people["samordnare"])

    go("/uppdrag/")
    task = walk("uppdrag")
    task.press("Nytt uppdrag")
    task.field("Vad ska göras?").fill("Fråga skoterklubben om skyltarna")
    task.field("Ansvarig").select_option(index=1)
    task.field("Klart senast").fill("2025-05-06")
    task.press("Spara uppdraget")
    task.ends()
    assert Task.objects.filter(title="Fråga skoterklubben om skyltarna").count() == 1

    go("/moten/")
    task = walk("mote")
    task.press("Nytt möte")
    task.named("Strategiska rådet")
    task.field("Samverkansgruppen").check()
    task.field("Datum").fill("2025-05-13")
    task.field("Ordförande").select_option(label="Exempel Samordnare")
    task.press("Lägg upp mötet")
    shoot("mote", "#innehall .eyebrow")
    task.see("Lägg till punkt")
    task.press("Kalla till mötet")
    task.press("Skicka kallelsen")
    expect(page.locator("ul.messages")).to_be_visible()
    task.ends()
    assert Meeting.objects.get(date="2025-05-13").called_at is not None

    activity = Activity.objects.get(title="Skoterkontroll i Borgafjäll")
    go(activity.get_absolute_url())
    shoot("niva", "h2:has-text('Åtagandenivå')")
    task = walk("matetal")
    task.press("Mätetalen ett och ett")
    task.press("Nytt mätetal")
    task.field("Namn").fill("Förare som fått information")
    task.field("Enhet").fill("förare")
    task.field("Effekt").check()
    task.field("Utförande").check()
    page.get_by_label("Summa").check()
    shoot("matetal", "fieldset:has-text('Räkneregel')")
    task.press("Spara mätetalet")
    task.ends()

    go("/lagesbild/")
    task = walk("lagesbild")
    task.press("Börja nästa utgåva")
    task.press("Börja utgåvan")
    task.see("Anta lägesbilden")
    task.ends()

    go("/rod-trad/")
    shoot("rod-trad", "h2:has-text('Tråden löfte för löfte')")

    go("/rapporter/")
    shoot("rapporter", "#lamnas")
    task = walk("rapporter")
    for name in ("Årsrapport", "Rapport till kommunfullmäktige"):
        go("/rapporter/")
        task.press(name)
        expect(page.locator("#innehall h1")).to_contain_text(name)
    task.ends()


def test_anybody_finds_their_way(people, walk, shoot, go, sign_in_as, page):
    sign_in_as(people["kommunchef"])
    task = walk("oversikten")
    task.see("Väntar på dig", "Löften", "Risker", "Det som saknas", "Nästa tidsfrister")
    shoot("oversikten", "section[aria-labelledby='vantar']")
    task.press("Byt")
    expect(page.locator("#innehall h1")).to_contain_text("Översikt")
    task.ends()

    task = walk("sok")
    page.get_by_label("Sök i portalen").fill("skoterkontr")
    task.named("Meny")
    page.get_by_role("search").get_by_role("button", name=task.named("Sök")).click()
    expect(page.locator("#innehall")).to_contain_text("Skoterkontroll i Borgafjäll")
    shoot("sok", "#innehall h1")
    task.ends()

    go("/tillfallen/")
    task = walk("filtrera")
    page.locator("summary", has_text=task.named("Fler val")).click()
    task.field("Plats").select_option(label="Borgafjäll")
    task.field("Löfte").select_option(index=3)
    task.press("Filtrera")
    assert "lofte=" in page.url
    task.ends()

    task = walk("tva-steg")
    task.named("Meny")
    page.locator("summary", has_text="Exempel Kommunchef").click()
    page.get_by_role("navigation", name="Konto").get_by_role(
        "link", name=task.named("Mitt konto")
    ).click()
    task.press("Tvåstegsinloggning")
    task.press("Sätt på tvåstegsinloggning")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Bekräfta").click()
    expect(page.locator("#innehall img, #innehall svg").first).to_be_visible()
    task.ends()

    task = walk("kalender")
    page.locator("summary", has_text="Exempel Kommunchef").click()
    page.get_by_role("navigation", name="Konto").get_by_role(
        "link", name=task.named("Mitt konto")
    ).click()
    task.press("Portalen i din kalender")
    page.locator("#innehall form input[type=text]").fill("telefonen")
    shoot("kalender", "h2:has-text('Ny prenumeration')")
    task.press("Skapa adressen")
    expect(page.get_by_label("Kalenderns adress")).to_have_value(
        # a key of its own each time
        re.compile(r"/kalender/.+\.ics")
    )
    task.ends()


def test_the_review_is_written_handed_in_and_signed(people, walk, shoot, go, sign_in_as, page):
    review = Review.objects.get()
    sign_in_as(people["samordnare"])
    go("/uppfoljning/")
    task = walk("uppfoljning")
    task.see("Ny uppföljning")
    go(review.get_absolute_url())
    shoot("uppfoljning", "#avsnitt")
    task.press("Sammanfattning")
    expect(page.locator("#innehall h1")).to_contain_text("Sammanfattning")
    go(review.get_absolute_url())
    task.press("Förhandsgranska")
    task.press("Till inlämningen")
    page.get_by_role("button", name=task.named("Lämna in"), exact=True).click()
    task.is_told("Uppföljningen är inlämnad.")
    task.ends()

    sign_in_as(people["kommunchef"])
    task = walk("skriva-under")
    task.see("Väntar på dig")
    go(review.get_absolute_url())
    shoot("skriva-under", ".life")
    page.get_by_role("link", name="Läs och skriv under").click()
    task.press("Till underskriften")
    page.get_by_label(task.named("Jag har läst uppföljningen")).check()
    page.get_by_role("button", name=task.named("Skriv under för")).click()
    task.is_told("även den andra parten")
    task.ends()


def test_an_administrator_invites_reads_in_and_renews(
    people, walk, shoot, go, sign_in_as, page, mailoutbox
):
    sign_in_as(people["administrator"])
    go("/ledamoter/")
    task = walk("bjud-in")
    page.locator("#innehall").get_by_role("link", name=task.named("Bjud in")).first.click()
    shoot("bjud-in", ".eyebrow")
    task.field("Namn").fill("Nils Ny")
    task.field("E-postadress").fill("nils.ny@dorotea.test")
    task.field("Part").select_option(index=1)
    task.field("Roll").select_option("coordinator")
    task.press("Skicka inbjudan")
    expect(page.locator("ul.messages")).to_be_visible()
    task.ends()
    assert [letter.to for letter in mailoutbox] == [["nils.ny@dorotea.test"]]

    go("/tillfallen/")
    task = walk("las-in")
    task.press("Läs in från kalkylblad")
    sheet = {
        "name": "logg.csv",
        "mimeType": "text/csv",
        "buffer": b"Dag;Vad vi gjorde\n2025-02-01;Kontroll\n",
    }
    page.get_by_label("Fil").set_input_files(sheet)
    task.press("Fortsätt")
    expect(page.get_by_role("button", name=task.named("Granska raderna"))).to_be_visible()
    task.ends()

    go("/loften/")
    task = walk("ny-period")
    task.press("Förbered nästa löftesperiod")
    task.see("Titel", "Första dag", "Sista dag")
    task.see("Fortsätt som det är", "Avsluta")
    page.locator("#innehall").get_by_text(task.named("Ändra"), exact=True).first.wait_for()
    shoot("ny-period", "fieldset:has-text('Vad händer med löftet?')")
    expect(
        page.get_by_role("button", name=task.named("Spara den nya löftesperioden"))
    ).to_be_visible()
    task.ends()
