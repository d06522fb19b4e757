"""The integrity guard: personal numbers are refused, by every way in; the rest is asked about."""

from __future__ import annotations

import re
import time
from datetime import date
from importlib import import_module
from io import StringIO
from pkgutil import walk_packages

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from followup import forms as followup_forms
from followup.example import loading
from followup.models import Occasion, Review
from promises import forms as promises_forms
from promises.agreement_file import DOROTEA
from promises.agreement_file.reading import AgreementFileError, read
from promises.forms.base import GuardedText
from promises.integrity import Kind, findings, masked, no_personal_numbers
from promises.models import Activity, Member, Party, Place
from tests import factories
from tests.html import Page

admin.autodiscover()

# Tolvan Tolvansson, whom the authorities invented for their examples.
TOLVAN = "19121212-1212"
REFUSED = (
    "Texten innehåller ett personnummer eller samordningsnummer (det som börjar med 1912…). Det "
    "får inte sparas, eftersom det pekar ut en person. Skriv om utan numret, till exempel ”en "
    "förare”."
)
CONFIRM = "integrity-confirmed"


def kinds_in(text: str) -> list[Kind]:
    return [finding.kind for finding in findings(text)]


# --- What is a personal number -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "191212121212",
        "121212-1212",
        "121212+1212",
        "121212 - 1212",
        "19121212 -1212",
        "121212-\n1212",  # broken over two lines
        "1912-12-12-1212",
        "121212–1212",  # en dash
        "121212\N{NON-BREAKING HYPHEN}1212",
        "121212−1212",  # minus
        "121212\N{NO-BREAK SPACE}-\N{NO-BREAK SPACE}1212",
        "12\N{ZERO WIDTH SPACE}1212-1212",
        "1912121\N{SOFT HYPHEN}21212",
        "１９１２１２１２－１２１２",
        "١٩١٢١٢١٢-١٢١٢",  # Arabic digits
        "Föraren (121212-1212) saknade hjälm.",
        "pnr121212-1212.",
        "_121212-1212_",
        "nr:121212-1212/2",
        "701063-2391",  # Skatteverket's own example of a coordination number
        "19701063-2391",
        "197010632391",
        "000229-1235",  # 2000 was a leap year
    ],
)
def test_a_personal_number_is_found_however_it_is_written(text):
    assert kinds_in(text) == [Kind.PERSONAL_NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "121212-1213",  # the checksum
        "19121312-1211",  # month 13
        "190230-1231",  # 30 February
        "010229-1234",  # 2001 was no leap year
        "121200-1216",
        "121292-1215",  # day 92
        "17121212-1212",  # in no register
        "1121212-1212",
        "121212-12120",
    ],
)
def test_what_only_resembles_a_personal_number_is_not_one(text):
    assert findings(text) == []


# --- What the writer is asked about --------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.POSSIBLE_PERSONAL_NUMBER, "1212121212"),
        (Kind.POSSIBLE_PERSONAL_NUMBER, "121212 1212"),
        (Kind.POSSIBLE_PERSONAL_NUMBER, "19121212 1212"),
        (Kind.POSSIBLE_PERSONAL_NUMBER, "7010632391"),
        (Kind.REGISTRATION_PLATE, "ABC 123"),
        (Kind.REGISTRATION_PLATE, "ABC123"),
        (Kind.REGISTRATION_PLATE, "ABC12D"),
        (Kind.REGISTRATION_PLATE, "ABC 12D"),
        (Kind.REGISTRATION_PLATE, "ABC-123"),
        (Kind.REGISTRATION_PLATE, "ABC\N{NO-BREAK SPACE}123"),
        (Kind.REGISTRATION_PLATE, "skotern abc123."),
        (Kind.TELEPHONE_NUMBER, "070-123 45 67"),
        (Kind.TELEPHONE_NUMBER, "070-1234567"),
        (Kind.TELEPHONE_NUMBER, "0701234567"),
        (Kind.TELEPHONE_NUMBER, "070 123 45 67"),
        (Kind.TELEPHONE_NUMBER, "0942-140 00"),
        (Kind.TELEPHONE_NUMBER, "08-123 456 78"),
        (Kind.TELEPHONE_NUMBER, "+46 70 123 45 67"),
        (Kind.TELEPHONE_NUMBER, "+46 (0)70-123 45 67"),
        (Kind.TELEPHONE_NUMBER, "0046701234567"),
        (Kind.TELEPHONE_NUMBER, "+47 12 34 56 78"),
        (Kind.EMAIL_ADDRESS, "tolvan.tolvansson@example.test"),
        (Kind.EMAIL_ADDRESS, "Skriv till tolvan@åre.example."),
    ],
)
def test_what_may_point_somebody_out_is_a_doubt(kind, text):
    assert kinds_in(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        # Dates and times.
        "2024-03-12",
        "20240312",
        "240312",
        "12/3 2024",
        "12.3.2024",
        "2024-03-12 14:00",
        "2024-03-12 1400",
        "2024-03-12–2024-03-15",
        "2024-03-12-2024-03-15",
        "2023–2024",
        "kl. 08.00–16.30",
        "kl. 08-16",
        "0800-1600",
        "v. 10-12 2024",
        "01-05 2024",
        # Registry numbers, laws and organisation numbers.
        "KS 2025:14",
        "KS 2025-0014",
        "dnr KS 2023/117",
        "A123.456/2024",
        "5000-K123456-24",
        "SFS 2023:196",
        "SFS 196",
        "lag (2023:196) 6 §",
        "2010:1622 9 kap. 15 a–b §§",
        "(EU) 2016/679",
        "212000-2817",
        "2120002817",
        "556036-0793",
        "16556036-0793",
        "165560360793",
        # Counts, money, places and ordinary numbers.
        "112",
        "114 14",
        "14 förare, 12 utan anmärkning",
        "har 200 och var 123",
        "1 234 567 kr",
        "10 000 000",
        "1234567890",
        "SEK 500",
        "52,5 km/h och 85-percentilen 61",
        "+20 000 besök",
        "917 31 Dorotea",
        "E45, väg 365 och A-traktor",
        "LAU-prov",
        "LAU 123",
        "ANDTS 2024",
        "Rum 12A",
        "åk 9 och gy 2",
        "3 st @ 5.50",
        # Hashes and UUIDs, also with a personal number's digits in them.
        "b1946ac92492d2347c6235b4d2611184",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "f47ac10b-58cc-4372-a567-191212121212",
        "19121212-1212-4372-a567-0e02b2c3d479",
        "a" * 40 + "191212121212",
    ],
)
def test_ordinary_text_is_let_through(text):
    assert findings(text) == []


def test_the_signed_agreement_and_the_example_trip_nothing():
    texts = [DOROTEA, *sorted(loading.DATA.glob("*.toml"))]
    found = {path.stem: set(kinds_in(path.read_text())) for path in texts}
    # The members have addresses, and those stand in no free text.
    addresses = {key: {Kind.EMAIL_ADDRESS} for key in ("members", "people")}
    assert found == {path.stem: set() for path in texts} | addresses


def test_each_finding_says_what_stands_where():
    text = "Ring 070-123 45 67 om ABC\N{NO-BREAK SPACE}123,\u200b alltså 12\u200b1212–1212!"
    assert [(f.kind, text[f.start : f.end], f.hint) for f in findings(text)] == [
        (Kind.TELEPHONE_NUMBER, "070-123 45 67", "070-123 45 67"),
        (Kind.REGISTRATION_PLATE, "ABC\N{NO-BREAK SPACE}123", "ABC 123"),
        (Kind.PERSONAL_NUMBER, "12\u200b1212–1212", "12…"),
    ]


def test_a_masked_text_keeps_only_the_year():
    text = f"A {TOLVAN}, B 121212-1212 och C 2024-03-12"
    assert masked(text) == "A 1912…, B 12… och C 2024-03-12"


@pytest.mark.parametrize("number", [TOLVAN, "121212-1212", "191212121212"])
def test_the_refusal_never_repeats_the_number(number):
    with pytest.raises(ValidationError) as refused:
        no_personal_numbers(f"Föraren {number} stoppades.")
    [message] = refused.value.messages
    assert len(re.findall(r"\d", message)) in {2, 4}


# --- As properties -------------------------------------------------------------------------


def check_digit(nine: str) -> str:
    """The digit that makes the ten add up, reckoned by trying (Luhn with a table of doubles)."""
    doubles = dict(zip("0123456789", (0, 2, 4, 6, 8, 1, 3, 5, 7, 9), strict=True))
    total = sum(doubles[d] if i % 2 == 0 else int(d) for i, d in enumerate(nine))
    return next(str(last) for last in range(10) if (total + last) % 10 == 0)


@st.composite
def personal_number(draw) -> str:
    """A true number: anybody's birthday, a birth number, perhaps a coordination number."""
    born = draw(st.dates(date(1850, 1, 1), date(2035, 12, 31)))
    day = born.day + draw(st.sampled_from([0, 60]))
    six = f"{born:%y%m}{day:02}"
    serial = f"{draw(st.integers(0, 999)):03}"
    century = draw(st.sampled_from(["", f"{born.year // 100}"]))
    signs = ["-", "+", " - ", "–", "\N{NON-BREAKING HYPHEN}", *([""] if century else [])]
    return f"{century}{six}{draw(st.sampled_from(signs))}{serial}{check_digit(six + serial)}"


around = st.text(st.characters(exclude_categories=["Nd", "No", "Nl", "Cs", "Mn", "Me", "Pd"]))


@given(personal_number(), around, around)
def test_every_personal_number_is_found_inside_any_text(number, before, after):
    # A sign that looks like a digit would make another number of it.
    before, after = f"{before} ", f" {after}"
    text = f"{before}{number}{after}"
    spans = [(f.start, f.end) for f in findings(text) if f.kind is Kind.PERSONAL_NUMBER]
    assert spans == [(len(before), len(before) + len(number))]


@given(personal_number(), st.integers(1, 9))
def test_no_number_with_another_last_digit_is_found(number, step):
    altered = number[:-1] + str((int(number[-1]) + step) % 10)
    assert Kind.PERSONAL_NUMBER not in kinds_in(altered)


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_every_finding_lies_within_it(text):
    for finding in findings(text):
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "0",
        "1-",
        "070 ",
        "+46 ",
        "a@",
        "a.",
        "@a.b",
        "- ",
        "ABC ",
        "12  - ",
        "a-",
        "å\u200b",
    ],
)
def test_no_text_takes_more_than_its_length(piece):
    """Quadratic time would be minutes here; what is asked for is a second, on any machine."""
    text = (piece * 100_000)[:100_000]
    began = time.process_time()
    findings(text)
    assert time.process_time() - began < 1


# --- Every field, every form, every way in -------------------------------------------------

# Written by the portal itself, never by a person.
DERIVED = {
    "CalendarFeed.token_sha256",
    "MeetingDocument.contents",
    "MeetingDocument.contents_sha256",
    "MeetingDocument.pdf_sha256",
    "Member.password",
    "Reminder.key",
    "Report.pdf_sha256",
    "ReviewDocument.pdf_sha256",
    "SearchEntry.address",
    "SearchEntry.text",
    "SearchEntry.title",
    "SearchEntry.when",
    "SearchWord.word",
    "Signoff.contents_sha256",
    "Submission.contents",
    "Submission.contents_sha256",
}


def test_every_text_that_people_write_is_guarded_in_its_model():
    texts = {
        f"{model.__name__}.{field.name}": no_personal_numbers in field.validators
        for app in ("promises", "followup")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")  # copies, made by the portal
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.EmailField)
        and not field.choices
    }
    unguarded = {name for name, is_guarded in texts.items() if not is_guarded}
    assert unguarded == DERIVED


def test_every_form_that_is_written_in_is_guarded():
    modules = [
        import_module(module.name)
        for package in (promises_forms, followup_forms)
        for module in walk_packages(package.__path__, f"{package.__name__}.")
    ]
    forms = {
        form
        for module in modules
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, BaseForm)
    }
    unguarded = {form.__name__ for form in forms if not issubclass(form, GuardedText)}
    assert unguarded == {"Confirmation"}


def test_every_administration_that_is_written_in_is_guarded(rf, db):
    request = rf.get("/")
    request.user = Member(role=Member.Role.ADMINISTRATOR)
    unguarded = set()
    for page in admin.site._registry.values():
        for part in [page, *page.get_inline_instances(request)]:
            form = part.get_form(request) if part is page else part.get_formset(request).form
            if part.has_change_permission(request) and not issubclass(form, GuardedText):
                unguarded.add(type(part).__name__)
    assert unguarded == set()


def test_a_row_with_a_personal_number_is_not_valid(db):
    occasion = factories.OccasionFactory(done=f"Föraren {TOLVAN} stoppades.")
    with pytest.raises(ValidationError) as refused:
        occasion.full_clean()
    assert refused.value.message_dict == {"done": [REFUSED]}


def test_an_occasion_is_not_withdrawn_with_a_personal_number_for_a_reason(db, coordinator):
    occasion = factories.OccasionFactory()
    with pytest.raises(ValidationError, match="pekar ut en person"):
        occasion.withdraw(by=coordinator, reason=f"Gällde {TOLVAN}.")
    assert not Occasion.objects.get().is_withdrawn


def test_an_agreement_file_is_refused_with_every_personal_number_in_it():
    content = DOROTEA.read_text()
    content = re.sub(r'^title = "', f'title = "{TOLVAN} ', content, count=1, flags=re.M)
    content = re.sub(r'^topic = "', 'topic = "701063-2391 ', content, count=1, flags=re.M)
    with pytest.raises(AgreementFileError) as refused:
        read(content.encode())
    reason = REFUSED.removeprefix("Texten ")
    assert refused.value.errors == [
        f"agreement › title: {reason}",
        f"periods, nr 1 › promises, nr 1 › topic: {reason.replace('1912…', '70…')}",
    ]


def test_no_fault_in_an_agreement_file_is_told_with_the_number():
    with pytest.raises(AgreementFileError) as refused:
        read(f'[agreement]\ntitle = "{TOLVAN}" 1'.encode())
    [fault] = refused.value.errors
    assert "1912…" in fault
    assert "1212-1212" not in fault


def test_loading_an_agreement_tells_what_to_look_at(db, tmp_path):
    file = tmp_path / "dorotea.toml"
    file.write_text("# Frågor: 070-123 45 67\n" + DOROTEA.read_text())
    printed = StringIO()
    call_command("load_agreement", file, stdout=printed)
    assert printed.getvalue().splitlines()[-1] == (
        "- Kontrollera rad 1: ”070-123 45 67” ser ut som ett telefonnummer. Inget i filen får "
        "peka ut någon enskild."
    )


def test_the_example_is_refused_with_a_personal_number_in_it(
    agreement, settings, tmp_path, monkeypatch
):
    settings.DEBUG = True
    for path in loading.DATA.glob("*.toml"):
        tmp_path.joinpath(path.name).write_text(path.read_text())
    with (tmp_path / "review.toml").open("a") as review:
        review.write(f"# {TOLVAN}\n")
    monkeypatch.setattr(loading, "DATA", tmp_path)
    with pytest.raises(CommandError, match=r"^Filen review\.toml innehåller ett personnummer"):
        call_command("load_example", stdout=StringIO())
    assert not Occasion.objects.exists()
    assert not Review.objects.exists()


# --- In the portal's forms -----------------------------------------------------------------


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    return factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")


@pytest.fixture
def client(coordinator, signed_in, today) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def log(client, activity):
    """Fill in the form for an occasion and send it; `page` is one that came back."""

    def send(page: Page | None = None, **typed: str) -> HttpResponse:
        address = f"/logga/{activity.pk}/"
        form = (page or Page(client.get(address))).typed
        return client.post(address, form | typed)

    return send


def test_a_personal_number_is_refused_beside_the_field_and_the_rest_is_kept(log):
    page = Page(log(done=f"Föraren {TOLVAN} stoppades.", minutes="90"))
    assert page.errors == {"done": [REFUSED]}
    assert page.summary == {f"Vad gjordes?: {REFUSED}": "done"}
    assert page.typed["done"] == f"Föraren {TOLVAN} stoppades."
    assert page.typed["minutes"] == "90"
    assert not page.all(f"//input[@name='{CONFIRM}']")
    assert not Occasion.objects.exists()


def test_no_confirmation_lifts_a_refusal(log):
    page = Page(log(done="Skotern ABC 123."))
    page = Page(log(page, done=f"Skotern ABC 123, {TOLVAN}.", **{CONFIRM: "on"}))
    assert page.errors == {"done": [REFUSED]}
    assert not Occasion.objects.exists()


def test_a_personal_number_is_refused_in_a_field_that_only_the_form_has(log):
    page = Page(log(done="Kontroll.", new_place=f"Hos {TOLVAN}"))
    assert page.errors == {"new_place": [REFUSED]}
    assert not Place.objects.filter(name__contains="1212").exists()


def test_a_doubt_comes_back_with_everything_typed_and_a_box_to_tick(log):
    page = Page(log(done="Skotern ABC 123.", outcome="Ring 070-123 45 67.", minutes="90"))
    assert page.text("//*[contains(@class, 'error-summary')]/h2") == (
        "Kontrollera texten innan den sparas"
    )
    assert page.errors == {
        "done": ["”ABC 123” ser ut som ett registreringsnummer."],
        "outcome": ["”070-123 45 67” ser ut som ett telefonnummer."],
    }
    assert page.label(CONFIRM) == "Jag har kontrollerat att texten inte pekar ut någon"
    assert page.typed["done"] == "Skotern ABC 123."
    assert page.typed["minutes"] == "90"
    assert CONFIRM not in page.typed  # a box is ticked by the writer
    assert not Occasion.objects.exists()


def test_an_unticked_box_holds_the_form_back(log):
    page = Page(log(done="Skotern ABC 123."))
    page = Page(log(page))
    assert page.errors == {"done": ["”ABC 123” ser ut som ett registreringsnummer."]}
    assert not Occasion.objects.exists()


def test_a_ticked_box_lets_through_what_was_shown(log):
    page = Page(log(done="Växeln, 0942-140 00."))
    log(page, **{CONFIRM: "on"})
    assert Occasion.objects.get().done == "Växeln, 0942-140 00."


def test_what_was_shown_may_be_rewritten_or_taken_away_before_it_is_confirmed(log):
    page = Page(log(done="Växeln, 0942-140 00, och ABC 123."))
    log(page, done="Kommunens växel är 0942-140 00.", **{CONFIRM: "on"})
    assert Occasion.objects.get().done == "Kommunens växel är 0942-140 00."


def test_a_confirmation_does_not_hold_for_what_is_added_after_it(log):
    page = Page(log(done="Växeln, 0942-140 00."))
    page = Page(log(page, outcome="Skotern ABC 123.", **{CONFIRM: "on"}))
    assert page.errors == {
        "done": ["”0942-140 00” ser ut som ett telefonnummer."],
        "outcome": ["”ABC 123” ser ut som ett registreringsnummer."],
    }
    assert CONFIRM not in page.typed
    assert not Occasion.objects.exists()


def test_a_box_ticked_without_anything_shown_confirms_nothing(log):
    page = Page(log(done="Skotern ABC 123.", **{CONFIRM: "on"}))
    assert page.errors == {"done": ["”ABC 123” ser ut som ett registreringsnummer."]}


def test_a_confirmation_stays_while_another_fault_is_mended(log):
    page = Page(log(done="Växeln, 0942-140 00."))
    page = Page(log(page, minutes="många", **{CONFIRM: "on"}))
    assert page.errors == {"minutes": ["Skriv ett heltal, till exempel 90."]}
    log(page, minutes="90")
    assert Occasion.objects.get().minutes == 90


def test_a_text_that_stands_as_before_is_not_asked_about_again(client, activity, coordinator):
    occasion = factories.OccasionFactory(
        activity=activity, party=coordinator.party, done="Växeln, 0942-140 00."
    )
    address = f"/tillfallen/{occasion.pk}/andra/"
    client.post(address, Page(client.get(address)).typed | {"minutes": "90"})
    assert Occasion.objects.get().minutes == 90


def test_the_reason_of_a_withdrawal_is_guarded_too(client, activity):
    occasion = factories.OccasionFactory(activity=activity)
    address = f"/tillfallen/{occasion.pk}/dra-tillbaka/"
    page = Page(client.post(address, {"reason": f"Gällde {TOLVAN}."}))
    assert page.errors == {"reason": [REFUSED]}
    page = Page(client.post(address, {"reason": "Gällde ABC 123."}))
    assert page.errors == {"reason": ["”ABC 123” ser ut som ett registreringsnummer."]}
    client.post(address, page.typed | {CONFIRM: "on"})
    assert Occasion.objects.get().withdrawal_reason == "Gällde ABC 123."


def test_a_planned_activity_is_guarded_too(client, activity):
    address = f"/aktiviteter/{activity.pk}/andra/"
    form = Page(client.get(address)).typed
    page = Page(client.post(address, form | {"title": "Samtal med tolvan@example.test"}))
    assert page.errors == {"title": ["”tolvan@example.test” ser ut som en e-postadress."]}
    client.post(address, page.typed | {CONFIRM: "on"})
    assert Activity.objects.get().title == "Samtal med tolvan@example.test"


# --- In the administration -----------------------------------------------------------------


@pytest.fixture
def office(signed_in, administrator) -> Client:
    return signed_in(administrator)


def admin_form(response: HttpResponse, form_id: str) -> tuple[Page, dict[str, str]]:
    page = Page(response)
    form = page.one(f"//form[@id='{form_id}']")
    return page, dict(form.form_values())


def test_a_personal_number_is_refused_in_the_administration(office, db):
    address = reverse("admin:promises_place_add")
    page = Page(office.post(address, {"name": f"Hos {TOLVAN}", "kind": "village"}))
    assert page.texts("//ul[@class='errorlist']/li") == [REFUSED]
    assert not Place.objects.exists()


def test_a_doubt_is_confirmed_in_the_administration(office, db):
    address = reverse("admin:promises_place_add")
    response = office.post(address, {"name": "Stugan ABC 123", "kind": "village"})
    page, form = admin_form(response, "place_form")
    assert page.texts("//ul[@class='errorlist']/li") == [
        "”ABC 123” ser ut som ett registreringsnummer."
    ]
    office.post(address, form | {CONFIRM: "on"})
    assert Place.objects.get().name == "Stugan ABC 123"


def test_a_party_is_guarded_in_the_administration(office, agreement):
    party = agreement.parties.first()
    address = reverse("admin:promises_party_change", args=[party.pk])
    _, form = admin_form(office.get(address), "party_form")
    page = Page(office.post(address, form | {"sami_name": TOLVAN}))
    assert page.texts("//ul[@class='errorlist']/li") == [REFUSED]
    assert not Party.objects.filter(sami_name__contains="1212").exists()
