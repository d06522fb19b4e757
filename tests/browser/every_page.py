"""Every page there is, for every role, as a real browser shows it, and what can be said of it.

The pages are fetched once, with Django's own client, and shown to the browser from memory with
the portal's own style sheets and scripts: that takes a tenth of the time that a server takes.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve, reverse
from django.views.defaults import bad_request, server_error
from lxml import html
from playwright.sync_api import Page as Tab

from followup.models import Occasion
from promises.models import Activity, Member
from tests.faultless import Faultless
from tests.html import Page, without_keys
from tests.test_pages import FORM

# The rest would be counted, named and sent in vain: a fault is told by its markup.
BRIEFLY = {"resultTypes": ["violations"], "selectors": False}
RULES = BRIEFLY | {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # `too_small_to_hit` asks of the size of targets, and contrast is asked for itself.
    "rules": {rule: {"enabled": False} for rule in ("target-size", "color-contrast")},
}
CONTRAST = BRIEFLY | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# 400 % zoom on a small screen (WCAG 1.4.10).
NARROWEST = {"width": 320, "height": 640}

# The browser is told that it is this machine (conftest.py).
PORTAL = "portalen.test"
# Where the browser finds axe, so that it need not be read anew for every page.
AXE_ADDRESS = "/axe.js"
VISITOR_STARTS = ["/", "/konto/login/", "/konto/password/reset/", "/verifiera/", "/finns-inte/"]
MEMBER_STARTS = ["/oversikt/", "/konto/password/change/", "/finns-inte/"]
SIGNED_OUT_BY = {"account_logout"}


@dataclass(frozen=True)
class Sheet:
    """A page as it was answered; `name` tells it from others at the same address."""

    name: str
    response: HttpResponse

    @property
    def whole(self) -> str:
        """The page and its policy, but for the keys that are made anew each time it is asked for."""
        policy = self.response.get("Content-Security-Policy", "")
        return "\n".join([*sorted(policy.split("; ")), without_keys(self.response)])


# --- Which pages there are -------------------------------------------------------------------


def sheets_for(member: Member | None) -> list[Sheet]:
    """One of every page that links lead the member to, and some in a state of their own."""
    client, queue = Client(), [*VISITOR_STARTS]
    if member:
        client.force_login(member)
        queue = [*MEMBER_STARTS, *_in_a_state_of_their_own()]
    seen, sheets = {_page_name(start) for start in queue}, []
    while queue:
        address = queue.pop(0)
        response = client.get(address)
        if response.status_code == 302 or not response["Content-Type"].startswith("text/html"):
            continue
        sheets.append(Sheet(address, response))
        for link in Page(response).all("//a[@href]"):
            linked = urljoin(address, urldefrag(link.get("href")).url)
            if (name := _page_name(linked)) and name not in seen:
                seen.add(name)
                queue.append(linked)
    return sheets


def faulty_forms_among(sheets: Iterable[Sheet], member: Member) -> Iterator[Sheet]:
    """Each form as it comes back when it was sent empty. Nothing is saved."""
    client = Client()
    client.force_login(member)
    for sheet in sheets:
        if Page(sheet.response).all(f"//main{FORM}"):
            with transaction.atomic():
                response = client.post(sheet.name, {"csrfmiddlewaretoken": "as browsers do"})
                transaction.set_rollback(True)
            if response.status_code == 200:
                yield Sheet(f"{sheet.name} (skickat tomt)", response)


def error_pages(reader: Member) -> list[Sheet]:
    """What is shown when something goes wrong, but for an address that does not exist."""
    signed_in, visitor = Client(raise_request_exception=False), Client(enforce_csrf_checks=True)
    signed_in.force_login(reader)
    request = RequestFactory().get("/")
    request.user = reader
    return [
        Sheet("/logga/ (403)", signed_in.get("/logga/")),
        Sheet("/konto/login/ (403)", visitor.post("/konto/login/")),
        Sheet("/konto/login/ (429)", render(request, "429.html", status=429)),
        Sheet("/ (400)", bad_request(request, None)),
        Sheet("/ (500)", server_error(request)),
    ]


def conflict(member: Member) -> Sheet:
    """What meets the one who saves an activity that somebody else saved meanwhile."""
    client = Client()
    client.force_login(member)
    activity = Activity.objects.filter(status="planned").first()
    address = reverse("activity_edit", args=[activity.pk])
    typed = Page(client.get(address)).typed
    Activity.objects.filter(pk=activity.pk).update(
        description="Deras text.", version=activity.version + 1
    )
    return Sheet(
        f"{address} (konflikt)", client.post(address, typed | {"description": "Min text."})
    )


def with_new_parts(sheets: Iterable[Sheet], seen: set[tuple]) -> list[Sheet]:
    """Those with a kind of part that has not been seen before: an element with its classes,
    its state and what it stands in, whatever its words.
    """
    new = []
    for sheet in sheets:
        root = html.document_fromstring(sheet.response.content.decode())
        parts = {
            (_kind(element.getparent()), _kind(element))
            for element in root.xpath("//main//*[not(ancestor::svg)]")
        }
        if parts - seen:
            seen |= parts
            new.append(sheet)
    return new


def one_of_each_kind(members: Iterable[Member | None]) -> list[Sheet]:
    """Every page of the first and most entitled, and of the others those that look otherwise.

    What each role may open is told by tests/test_access.py, without a browser: here a page is
    looked at once, and again only where a role meets a kind of part that was not seen before.
    """
    first, *others = members
    sheets = sheets_for(first)
    seen: set[tuple] = set()
    with_new_parts(sheets, seen)
    return sheets + [
        sheet for member in others for sheet in with_new_parts(sheets_for(member), seen)
    ]


def _kind(element: html.HtmlElement) -> tuple:
    names = ("type", "role", "aria-invalid", "aria-current", "disabled", "open")
    # Each field, column and model of the administration has a class of its own; no rule asks for it.
    classes = re.sub(r"\b(field|column|model|app)-[\w-]+", "", element.get("class", ""))
    return (element.tag, " ".join(classes.split()), *(element.get(name) for name in names))


def _page_name(address: str) -> str:
    """The name of the portal's own page at the address; empty for anything else."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    is_ours = not name.startswith("admin:") and name not in SIGNED_OUT_BY
    return name if is_ours and not address.endswith(("pdf", "pdf/", "fil/")) else ""


def _in_a_state_of_their_own() -> list[str]:
    withdrawn = Occasion.objects.exclude(withdrawn_at=None).first()
    cancelled = Activity.objects.filter(status="cancelled").first()
    return [
        reverse("occasion", args=[withdrawn.pk]),
        reverse("activity", args=[cancelled.pk]),
        reverse("occasions") + "?lofte=3&fran=2024-02-30",
    ]


# --- Showing them ----------------------------------------------------------------------------


class Screen:
    """A tab that is shown pages from memory.

    By a small server of its own, and not by Playwright's routes: for as long as it has one of
    those the browser keeps nothing, and would ask Python for every style sheet once a page.
    """

    def __init__(self, tab: Tab, keeps: bool = True) -> None:
        self.tab, self.sheet, self.keeps = tab, None, keeps
        screen = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = screen._answer(self.path)
                # Without the date, which may be of a day when no style sheet was fresh any more.
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)

    def __enter__(self) -> Screen:
        threading.Thread(target=self.server.serve_forever, args=(0.05,)).start()
        return self

    def __exit__(self, *_) -> None:
        self.tab.goto("about:blank")  # which asks for nothing more
        self.server.shutdown()
        self.server.server_close()

    def show(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.tab.goto(f"http://{PORTAL}:{self.server.server_port}{self._path}")

    @property
    def _path(self) -> str:
        return urldefrag(self.sheet.name.partition(" ")[0]).url

    def _answer(self, address: str) -> tuple[int, dict[str, str], bytes]:
        path = urlsplit(address).path
        if address == self._path:
            response = self.sheet.response
            names = ("Content-Type", "Content-Security-Policy")
            headers = {name: response[name] for name in names if response.has_header(name)}
            return response.status_code, headers, response.content
        if path == reverse("admin:jsi18n"):
            catalogue = admin.site.i18n_javascript(RequestFactory().get(path))
            return 200, {"Content-Type": catalogue["Content-Type"]}, catalogue.content
        file = path.startswith(settings.STATIC_URL) and finders.find(
            path.removeprefix(settings.STATIC_URL)
        )
        if path == AXE_ADDRESS:
            body = Axe().axe_script.encode()
        elif file:
            body = Path(file).read_bytes()
        else:
            return 404, {}, b""
        headers = {
            "Content-Type": mimetypes.guess_type(path)[0] or "application/octet-stream",
            "Cache-Control": "max-age=3600" if self.keeps else "no-store",
        }
        return 200, headers, body


def faults_among(
    sheets: Iterable[Sheet],
    tab: Tab,
    faultless: Faultless,
    *checks: Callable[[Tab], list[str]],
    keeps: bool = True,
) -> list[str]:
    """What the checks object to, with the page it stands on. A page that is known to be
    `faultless` by these checks in this window is not shown again.
    """
    faults = []
    asked = (str(tab.viewport_size), *(check.__qualname__ for check in checks))
    with Screen(tab, keeps) as screen:
        for sheet in sheets:
            looked_at = (*asked, sheet.name, sheet.whole)
            if faultless.has(*looked_at):
                continue
            screen.show(sheet)
            found = [f"{sheet.name}: {fault}" for check in checks for fault in check(tab)]
            if not found:
                faultless.add(*looked_at)
            faults += found
    return faults


# --- What can be said of them ----------------------------------------------------------------


def axe(tab: Tab) -> list[str]:
    """What axe objects to.

    Contrast takes it longer than all else together, and is asked of one text of each kind: those
    that are alike in element, class, colours, size and weight have the same.
    """
    tab.add_script_tag(url=AXE_ADDRESS)
    return tab.evaluate(AXE, {"rules": RULES, "contrast": CONTRAST})


def spills(tab: Tab) -> list[str]:
    """Whether anything is wider than the window."""
    if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        width = tab.viewport_size["width"]
        return [f"wider than {width} px"]
    return []


def spills_with_large_text(tab: Tab) -> list[str]:
    """Whether anything is wider than the window with its text at 200 % (WCAG 1.4.4)."""
    return _while(tab, "html { font-size: 212.5% }", spills, "text at 200 %")


# WCAG 1.4.12's own distances.
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""


def spills_with_spaced_text(tab: Tab) -> list[str]:
    """Whether text is cut off or spills with more space in it (WCAG 1.4.12)."""
    return _while(tab, SPACED, lambda tab: spills(tab) + cut_off(tab), "spaced text")


def _while(tab: Tab, css: str, check: Callable[[Tab], list[str]], what: str) -> list[str]:
    """What the check objects to while the page has one more style sheet."""
    # As a reader's own style sheet it is not subject to the page's security policy.
    tab.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets = [sheet]; }",
        css,
    )
    faults = [f"{fault} ({what})" for fault in check(tab)]
    tab.evaluate("document.adoptedStyleSheets = []")
    return faults


def cut_off(tab: Tab) -> list[str]:
    """Text that does not fit in its box and can't be scrolled to."""
    return tab.evaluate(CUT_OFF)


def too_small_to_hit(tab: Tab) -> list[str]:
    """Targets of less than 24 by 24 px, unless they stand in a line of text or far apart
    (WCAG 2.5.8): no other target within a circle of 24 px around its middle.
    """
    return tab.evaluate(TARGETS, 24)


def too_small_for_a_finger(tab: Tab) -> list[str]:
    """Main controls of less than 44 px on a phone: buttons, fields, the menu and its items."""
    return tab.evaluate(MAIN_CONTROLS, 44)


AXE = """async ({rules, contrast}) => {
    const behind = e => {
        for (; e; e = e.parentElement) {
            const {backgroundColor, backgroundImage} = getComputedStyle(e);
            if (backgroundImage !== "none") return backgroundImage;
            if (!/, 0\\)$|^transparent$/.test(backgroundColor)) return backgroundColor;
        }
    };
    const named = e => `${e.tagName} ${e.getAttribute("class")}`;
    const one = new Map();
    for (const e of document.body.querySelectorAll("*")) {
        const says = e.value || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!says || !e.checkVisibility()) continue;
        const {color, fontSize, fontWeight, opacity} = getComputedStyle(e);
        const kind = [
            named(e), named(e.parentElement), color, behind(e), fontSize, fontWeight, opacity,
        ];
        one.set(kind.join(), e);
    }
    const found = [
        await axe.run(document, rules),
        await axe.run({include: [...one.values()]}, contrast),
    ];
    return found.flatMap(all => all.violations).flatMap(
        ({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`));
}"""

CUT_OFF = """() => [...document.querySelectorAll("body :not(input, svg, svg *)")].filter(e => {
    const style = getComputedStyle(e);
    if (!e.checkVisibility() || style.clipPath !== "none" || e.closest(".visually-hidden")) return false;
    if (!/hidden|clip/.test(style.overflow)) return false;
    return e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1;
}).map(e => `cut off: ${e.outerHTML.slice(0, 120)}`)"""

TARGETS = """least => {
    const all = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    )].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".skip, .visually-hidden"));
    const inText = e => {
        const style = getComputedStyle(e);
        if (style.display !== "inline") return false;
        const block = e.closest("p, li, td, th, dd, dt, h1, h2, h3, h4, caption, label, figcaption, blockquote");
        return block && block.textContent.trim() !== e.textContent.trim();
    };
    const box = e => (e.matches("input[type=checkbox], input[type=radio]") && e.closest("label") || e)
        .getBoundingClientRect();
    const boxes = new Map(all.map(e => [e, box(e)]));
    const far = (e, r) => {
        const x = r.left + r.width / 2, y = r.top + r.height / 2;
        return all.every(o => {
            if (o === e || o.contains(e) || e.contains(o)) return true;
            const b = boxes.get(o);
            const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
            const own = Math.min(b.width, b.height) < least;
            const cx = b.left + b.width / 2 - x, cy = b.top + b.height / 2 - y;
            return Math.hypot(dx, dy) >= least / 2 && (!own || Math.hypot(cx, cy) >= least);
        });
    };
    return all.filter(e => {
        const r = boxes.get(e);
        return r.width && (r.width < least || r.height < least) && !inText(e) && !far(e, r);
    }).map(e => `too small (${Math.round(boxes.get(e).width)} x ${Math.round(boxes.get(e).height)}): ${e.outerHTML.slice(0, 120)}`);
}"""

MAIN_CONTROLS = """least => [...document.querySelectorAll(
    ".button, button, main input:not([type=hidden], [type=file]), select, textarea, .menu summary, .menu a"
)].filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest("[class*=hidden]")).filter(e => {
    const target = e.matches("input[type=checkbox], input[type=radio]") && e.closest("label") || e;
    return target.getBoundingClientRect().height < least;
}).map(e => `too small for a finger (${Math.round(e.getBoundingClientRect().height)} px): ${e.outerHTML.slice(0, 120)}`)
"""
