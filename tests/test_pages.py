"""What every page has in common, asked of each page that links lead to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from followup.models import Review
from followup.review.draft import start_review
from followup.views.navigation import DOORS
from promises.agreement_file import DOROTEA
from promises.agreement_file.loading import load
from promises.agreement_file.reading import read
from promises.invitations import InvitationTokenGenerator
from promises.models import Activity, Agreement, Member, Metric, Party, Place, Promise
from promises.situation_draft import start_picture
from tests import factories, html_checker
from tests.html import Page, text_of, without_keys
from tests.test_access import GET, POST

# Without the mark no test database is made, and the fixture below would use the real one.
pytestmark = pytest.mark.django_db

# Served by django-allauth and Django's admin, and tested with them; a PDF is no page.
ELSEWHERE = ("/konto/", "/admin/", "/static/")
# But for these below it, which are the portal's own.
OURS = ("/konto/kalender/", "/konto/paminnelser/")

# For the machine that watches the server, for the member's calendar program, and for a button on another page.
UNLINKED = {"health", "calendar_feed", "review_comment_resolve"}
# … and what static/js/outbox.js and the browser itself ask for.
UNLINKED |= {"log_offline", "log_outbox", "service_worker", "manifest"}

# A form that nobody but those who are to sign sees: tests/promises/test_new_agreement.py.
UNSEEN = {"agreement_draft"}

# A form with something to fill in; one that only asks for a confirmation can't be faulty, and one
# with an address of its own is asked about there.
FORM = "//form[@method='post'][not(@action)][.//*[self::select or self::textarea or self::input][not(@type='hidden')]]"


def fill_the_portal() -> Member:
    """A little of everything, so that every part of every page is there. Returns a coordinator."""
    agreement = load(read(DOROTEA.read_bytes())).agreement
    coordinator = factories.MemberFactory(
        party=Party.objects.get(key="kommunen"), name="Sara Samordnare"
    )
    promise = Promise.objects.get(number=3)
    place = Place.objects.get(name="Borgafjäll")
    activity = factories.ActivityFactory(
        promise=promise,
        title="Skoterkontroll",
        description="Under sportlovet.",
        responsible=coordinator.party,
        responsible_member=coordinator,
        place=place,
        planned_from=date(2024, 2, 1),
        planned_to=date(2024, 4, 30),
        target_count=2,
        target_per=Activity.TargetPer.QUARTER,
    )
    for title in ("Skoterkväll", "Skoterskola"):
        cancelled = factories.ActivityFactory(
            promise=promise, title=title, status="cancelled", cancellation_reason="Ingen snö"
        )
    factories.OccasionFactory(activity=cancelled, party=coordinator.party, member=coordinator)
    factories.StatementFactory(
        undertaking=agreement.undertakings.get(number=5),
        party=coordinator.party,
        noted_by=coordinator,
    )
    on_request = factories.ActivityFactory(
        promise=promise, title="Samtal i skolan", target_per=Activity.TargetPer.ON_REQUEST
    )
    factories.WishFactory(activity=on_request, noted_by=coordinator)
    ended = factories.AgreementFactory(
        title="Samverkansöverenskommelse om granngården",
        valid_from=date(2019, 1, 1),
        valid_to=date(2022, 12, 31),
        runs_until_further_notice=False,
        parties=agreement.parties.all(),
    )
    factories.AgreementFactory(
        predecessor=ended,
        is_draft=True,
        title="Ny överenskommelse om granngården",
        valid_from=date(2025, 1, 1),
        valid_to=date(2028, 12, 31),
        parties=agreement.parties.all(),
    )
    meeting = factories.ActivityFactory(
        promise=None, undertaking=agreement.undertakings.get(number=5), title="Samverkansmöte"
    )
    # Late, to come, cancelled; and one that can be copied to the next year.
    for day in (date(2024, 5, 1), date(2024, 5, 20)):
        factories.PlannedOccasionFactory(activity=activity, date=day, place=place)
    factories.PlannedOccasionFactory(activity=activity, date=date(2024, 4, 2)).cancel(
        by=coordinator, reason="Töväder"
    )
    factories.PlannedOccasionFactory(activity=meeting, date=date(2024, 9, 10))
    factories.MetricFactory(activity=None, promise=promise, name="Olyckor", dimension="effect")
    goal_metric = factories.MetricFactory(activity=None, goal=agreement.goals.first(), name="NTU")
    factories.ReadingFactory(metric=goal_metric)
    counters = [factories.MetricFactory(activity=activity, rule=rule) for rule in Metric.Rule]
    for day in (1, 12):
        occasion = factories.OccasionFactory(
            activity=activity,
            date=date(2024, 3, day),
            place=place,
            party=coordinator.party,
            member=coordinator,
            minutes=90,
            outcome="Alla hade hjälm.",
            internal_note="Fler på helgen.",
            public_sentence="Vi var ute.",
            is_published=True,
        )
        for metric in counters:
            factories.ReadingFactory(metric=metric, occasion=occasion, out_of=20)
    occasion.withdraw(by=coordinator, reason="Loggat två gånger")
    factories.ForecastFactory(
        activity=activity,
        window_starts_on=date(2024, 4, 1),
        window_ends_on=date(2024, 6, 30),
        made_by=coordinator,
    )
    factories.AppointmentFactory(
        agreement=agreement, member=coordinator, function="coordinator", ends_on=date(2024, 4, 30)
    )
    factories.AppointmentFactory(agreement=agreement, member=coordinator)
    for day, status in ((date(2024, 3, 19), "held"), (date(2024, 6, 4), "planned")):
        samverkan = factories.MeetingFactory(
            agreement=agreement, chair=coordinator, date=day, status=status
        )
        item = factories.AgendaItemFactory(
            meeting=samverkan, title=f"Uppdrag {day:%m}", background="- Ett", notes="Sagt."
        )
        factories.DecisionFactory(item=item)
        factories.AttendanceFactory(meeting=samverkan, member=coordinator, presence="present")
        factories.TaskFactory(agreement=agreement, meeting=samverkan, item=item, owner=coordinator)
    write_pictures(agreement, coordinator, promise)
    review = Review(
        agreement=agreement,
        starts_on=date(2023, 2, 27),
        ends_on=date(2025, 2, 27),
        cutoff_on=date(2025, 2, 27),
    )
    start_review(review, by=coordinator)
    for ends_on, status in ((date(2023, 6, 30), "adopted"), (date(2023, 12, 31), "submitted")):
        days = {"starts_on": review.starts_on, "ends_on": ends_on, "cutoff_on": ends_on}
        factories.ReviewFactory(agreement=agreement, created_by=coordinator, status=status, **days)
    factories.LawNoteFactory(agreement=agreement, noted_by=coordinator)
    factories.ReportFactory(agreement=agreement, noted_by=coordinator)
    factories.ReviewCommentFactory(review=review, member=coordinator)
    chief = factories.MemberFactory(
        party=coordinator.party, name="Kim Kommunchef", role=Member.Role.SIGNATORY
    )
    factories.DelegationFactory(signatory=chief, delegate=coordinator, created_by=chief)
    factories.MemberFactory(party=coordinator.party, name="Olle Slutat", is_active=False)
    factories.CalendarFeedFactory(member=coordinator)
    factories.AccessibilityFeedbackFactory(page="/arshjul/", email="ingrid@example.test")
    factories.AccessibilityFeedbackFactory(handled_at=timezone.now(), handled_by=coordinator)
    factories.MemberFactory(
        party=coordinator.party,
        name="Nils Ny",
        email="nils.ny@dorotea.test",
        invited_at=timezone.now(),
    )
    return coordinator


def invitation() -> str:
    """The address in the letter to the one who is invited."""
    invited = Member.objects.get(email="nils.ny@dorotea.test")
    key = InvitationTokenGenerator().make_token(invited)
    return reverse("invitation", args=[int_to_base36(invited.pk), key])


def write_pictures(agreement: Agreement, coordinator: Member, promise: Promise) -> None:
    """An adopted lägesbild with an åtgärdsplan, and the draft of the next edition."""
    pictures = [
        factories.SituationPictureFactory(
            agreement=agreement,
            edition=1,
            extent="Stölder.",
            consequences="Oro.",
            other_information="Långa avstånd.",
            analysis="Färre tillfällen.",
            created_by=coordinator,
        )
    ]
    source = factories.SourceFactory(picture=pictures[0])
    problem = factories.ProblemFactory(picture=pictures[0], extent="Ofta.", consequences="Buller.")
    factories.ProblemFactory(picture=pictures[0], title="Dieselstölder")
    factories.CauseFactory(problem=problem)
    problem.sources.add(source)
    problem.promises.add(promise)
    promise.goals.add(agreement.goals.first())
    pictures[0].adopting_body, pictures[0].adopted_on = "Kommunstyrelsen", date(2024, 2, 6)
    pictures[0].save()
    factories.ActionPlanFactory(picture=pictures[0], period=promise.period, note="Gäller.")
    draft = start_picture(agreement, by=coordinator, on=date(2024, 5, 2))
    factories.SourceFactory(picture=draft, title="Struken", withdrawn_at=timezone.now())
    factories.ProblemFactory(picture=draft, title="Struket", withdrawn_at=timezone.now())


FULLER_FOR_ADMINISTRATORS = (
    "/ledamoter/",
    "/overenskommelse/",
    "/loften/period/",
    "/hjalp/satta-igang/",
)


def kind_of(path: str) -> tuple:
    """What tells a kind of page: its view, and what its address says but for which object."""
    match = resolve(path)
    said = (value for value in match.kwargs.values() if not isinstance(value, int))
    return (match.url_name, *said)


def crawl(client: Client, *starts: str, known: Iterable[str] = ()) -> dict[str, HttpResponse]:
    """Every page that links lead to, by its address without a query, but for those known."""
    responses, queue, known = {}, [*starts], {*known}
    while queue:
        address = queue.pop(0)
        path = urlsplit(address).path
        is_ours = path == "/konto/" or path.startswith(OURS) or not path.startswith(ELSEWHERE)
        if path in responses or not is_ours:
            continue
        if path in known:
            continue
        responses[path] = response = client.get(address)
        assert response.status_code in {200, 302}, address
        if response.status_code == 200 and is_page(response):
            ours = "//a[@href][not(starts-with(@href, 'mailto:') or starts-with(@href, 'https:'))]"
            links = Page(response).all(ours)
            queue += [urljoin(address, urldefrag(link.get("href")).url) for link in links]
    return responses


@pytest.fixture(scope="module")
def responses(django_db_setup, django_db_blocker, quick_pdf) -> dict[str, HttpResponse]:
    with (
        django_db_blocker.unblock(),
        time_machine.travel("2024-05-15T12:00:00+02:00", tick=False),
        transaction.atomic(),
    ):
        client, administrator, visitor = Client(), Client(), Client()
        client.force_login(fill_the_portal())
        administrator.force_login(factories.MemberFactory(name="Adam", role="administrator"))
        found = crawl(client, "/oversikt/", "/tillfallen/?tillbakadragna=on")
        senders = dict.fromkeys(found, client)
        # These have more on them for an administrator.
        known = {path for path in found if not path.startswith(FULLER_FOR_ADMINISTRATORS)} - {
            "/loften/"
        }
        for path, response in crawl(
            administrator,
            "/ledamoter/",
            "/overenskommelse/",
            "/loften/",
            "/hjalp/satta-igang/",
            known=known,
        ).items():
            found[path], senders[path] = response, administrator
        for path in ("/", invitation()):
            found[path], senders[path] = visitor.get(path), visitor
        # And each form with fields of its own as it comes back when it was sent empty.
        forms: dict[tuple, str] = {}
        for path, response in found.items():
            if is_page(response) and (fields := Page(response).all(f"//main{FORM}//@name")):
                forms.setdefault((kind_of(path), *fields), path)
        found |= {
            f"POST {path}": senders[path].post(path, {"csrfmiddlewaretoken": "as browsers do"})
            for path in forms.values()
        }
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="module")
def pages(responses) -> dict[str, Page]:
    return {path: Page(response) for path, response in responses.items() if is_page(response)}


def is_page(response: HttpResponse) -> bool:
    return response["Content-Type"].startswith("text/html")


def test_links_lead_to_every_page_there_is(responses):
    reached = {resolve(path).url_name for path in responses if path.startswith("/")}
    assert reached == set(GET) - UNLINKED


def test_every_form_sent_empty_comes_back_and_says_why(responses, pages):
    sent = [path for path in responses if path.startswith("POST")]
    assert {resolve(path.removeprefix("POST ")).url_name for path in sent} == set(POST) - UNSEEN
    assert [path for path in sent if not pages[path].summary] == []


def test_every_page_is_in_swedish_with_one_heading_and_one_main_part(pages):
    faulty = {
        path: counts
        for path, page in pages.items()
        if (
            counts := (
                page.root.get("lang"),
                len(page.all("//h1")),
                len(page.all("//main")),
                len(page.all("//head/title")),
            )
        )
        != ("sv", 1, 1, 1)
    }
    assert faulty == {}


def test_every_title_is_the_pages_own_and_ends_with_the_portals_name(pages):
    titles = {path: page.text("//head/title") for path, page in pages.items()}
    ending = " – Dorotea samverkan"
    assert [path for path, title in titles.items() if not title.endswith(ending)] == []
    times = Counter(title for path, title in titles.items() if path.startswith("/"))
    assert {path: title for path, title in titles.items() if times[title] > 1} == {}


def test_headings_never_skip_a_level(pages):
    faulty = {}
    for path, page in pages.items():
        levels = [
            int(heading.tag[1])
            for heading in page.all(
                "//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
            )
        ]
        if any(b - a > 1 for a, b in zip([0, *levels], levels, strict=False)):
            faulty[path] = levels
    assert faulty == {}


def test_every_id_is_given_once_and_every_reference_leads_to_one(pages):
    faulty = {}
    for path, page in pages.items():
        ids = Counter(page.root.xpath("//@id"))
        attributes = "//@for | //@aria-labelledby | //@aria-describedby | //@headers"
        references = {key for value in page.root.xpath(attributes) for key in value.split()}
        references |= {href[1:] for href in page.root.xpath("//a/@href") if href.startswith("#")}
        twice = {key for key, times in ids.items() if times > 1}
        if wrong := twice | references - set(ids):
            faulty[path] = wrong
    assert faulty == {}


def test_every_control_has_a_label(pages):
    controls = "//main//*[self::input[not(@type='hidden')] or self::select or self::textarea]"
    faulty = {
        path: names
        for path, page in pages.items()
        if (
            names := [
                control.get("name")
                for control in page.all(controls)
                if not control.xpath("ancestor::label")
                and not page.all(f"//label[@for='{control.get('id')}']")
            ]
        )
    }
    assert faulty == {}


def test_no_two_controls_of_a_form_are_called_the_same(pages):
    faulty = {}
    for path, page in pages.items():
        for form in page.all("//main//form"):
            labels = Counter(
                text_of(label) for label in form.xpath(".//label[not(ancestor::fieldset)]")
            )
            if twice := {label for label, times in labels.items() if times > 1}:
                faulty[path] = twice
    assert faulty == {}


def test_every_link_and_button_says_where_it_leads(pages):
    faulty = {
        path: wordless
        for path, page in pages.items()
        if (
            wordless := [
                element.get("href") or element.tag
                for element in page.all("//a | //button | //summary")
                if not text_of(element)
            ]
        )
    }
    assert faulty == {}


def test_the_html_checker_finds_nothing(responses, tmp_path, faultless):
    pages = {path: without_keys(page) for path, page in responses.items() if is_page(page)}
    changed = faultless.unknown_of(pages)
    written = {path: responses[path].content for path in changed}
    assert not written or html_checker.faults_of(written, tmp_path) == []
    faultless.add_all(changed)


def test_no_page_has_style_or_script_of_its_own(pages):
    own = "//style | //script[not(@src)] | //*[@style] | //*[@*[starts-with(name(), 'on')]]"
    own += " | //a[starts-with(@href, 'javascript:')]"
    assert {path: page.all(own) for path, page in pages.items() if page.all(own)} == {}


def test_every_response_allows_only_what_is_the_portals_own(responses):
    policy = {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    for path, response in responses.items():
        sent = {part.strip() for part in response["Content-Security-Policy"].split(";")}
        assert sent == policy, path
        assert response["X-Frame-Options"] == "DENY", path
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["Referrer-Policy"] == "same-origin", path


FOREIGN = re.compile(
    r"\b(?:None|True|False|This field|Select|Enter|Please|Required|Submit|Save|Delete)\b"
    r"|-{3}|\{[{%]|&(?:amp|lt|gt|quot);"
)


def test_nothing_on_a_page_is_in_english_or_in_code(pages):
    found = {path: FOREIGN.findall(page.text("//body")) for path, page in pages.items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_the_sami_name_is_marked_up_as_south_sami_on_every_page(pages):
    for path, page in pages.items():
        # What stands in a field being edited can't be marked up in parts.
        names = page.root.xpath("//body//text()[contains(., 'Kraapohken')][not(parent::textarea)]")
        assert names, path
        assert {name.getparent().get("lang") for name in names} == {"sma"}, path


def test_a_keyboard_can_skip_the_navigation(pages):
    for path, page in pages.items():
        first = page.all("//body//a")[0]
        assert (text_of(first), first.get("href")) == ("Hoppa till innehållet", "#innehall"), path
        assert page.one("//main").get("id") == "innehall", path


def test_the_navigation_says_where_one_is(pages):
    current = {
        path: page.texts("//nav[@aria-label='Huvudmeny']//a[@aria-current='page']")
        for path, page in pages.items()
    }
    assert {path: labels for path, labels in current.items() if labels} == {
        "/oversikt/": ["Översikt"],
        "/loften/": ["Planen"],
        "/tillfallen/": ["Loggen"],
        "/moten/": ["Möten"],
        "/lagesbild/": ["Lägesbild"],
        "/uppfoljning/": ["Uppföljning"],
    }


# Neither a member's page, nor one of the frame's: what lies behind no door.
BEHIND_NO_DOOR = {
    *("", "lofte", "perioder", "data", "verifiera", "tillganglighet", "anslag.pdf"),  # public
    *("halsa", "service-worker.js", "manifest.webmanifest", "flode.atom"),
    *("robots.txt", "sitemap.xml", ".well-known"),
    *("konto", "ledamoter", "delegationer", "behorighet", "kom-igang", "hjalp", "admin", "sok"),
}


def test_every_page_lies_behind_one_door_or_under_ones_own_name():
    first_words = {
        str(pattern.pattern).strip("^").split("/")[0]
        for module in ("promises.urls", "followup.urls")
        for pattern in import_module(module).urlpatterns
    }
    behind = [door.paths for door in DOORS]
    assert sum(map(len, behind)) == len(frozenset().union(*behind))
    assert first_words - BEHIND_NO_DOOR == frozenset().union(*behind)


@pytest.mark.parametrize(
    ("path", "door"),
    [
        ("/aktiviteter/", "Planen"),
        ("/rod-trad/", "Planen"),
        ("/overenskommelse/", "Planen"),
        ("/uppdrag/", "Möten"),
        ("/rapporter/", "Uppföljning"),
        ("/logga/", "Loggen"),
    ],
)
def test_a_page_behind_a_door_says_which(path, door, pages):
    marked = "//nav[@aria-label='Huvudmeny']//a[@aria-current='true']"
    assert pages[path].texts(marked) == [door]


def test_the_menu_under_ones_own_name_says_where_one_is(pages):
    marked = "//nav[@aria-label='Konto']//a[@aria-current='page']"
    assert pages["/ledamoter/"].texts(marked) == ["Ledamöter"]
