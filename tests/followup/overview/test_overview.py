"""Översikten: which time and party it shows, what waits, is at risk, is due and has changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from followup.swedish import MONTH_ABBREVIATIONS
from promises.models import Place, Promise, PromisePeriod
from tests import factories, life
from tests.html import Page, text_of

pytestmark = pytest.mark.django_db

AFTERWARDS = date(2025, 4, 15)
PERIOD = "//select[@name='period']"
PROMISES = "//section[@aria-labelledby='loften']"
RISKS = "//section[@aria-labelledby='risker']"
WAITING = "//section[@aria-labelledby='vantar']"
DEADLINES = "//section[@aria-labelledby='tidsfrister']"
CHANGED = "//section[@aria-labelledby='andrat']"


@pytest.fixture
def open_on(signed_in, coordinator):
    """Open an address as the coordinator on a day."""

    def open_page(address: str, day: date) -> Page:
        with time_machine.travel(f"{day}T12:00:00+01:00", tick=False):
            return Page(signed_in(coordinator).get(address))

    return open_page


# --- Which time is shown -------------------------------------------------------------------


def test_the_period_is_shown_first_and_any_year_can_be_chosen(agreement, open_on):
    page = open_on("/oversikt/", AFTERWARDS)
    period = f"period-{PromisePeriod.objects.get().pk}"
    assert [(option.get("value"), text_of(option)) for option in page.one(PERIOD)] == [
        (period, "Medborgarlöfte 2023-2024"),
        ("avtalet", "Hela överenskommelsen hittills"),
        ("ar-2025", "År 2025"),
        ("ar-2024", "År 2024"),
        ("ar-2023", "År 2023"),
    ]
    assert page.one(PERIOD).value == period
    assert open_on("/oversikt/?period=avtalet", AFTERWARDS).one(PERIOD).value == "avtalet"


@pytest.mark.parametrize("key", ["ar-1999", "period-0", "'", ""])
def test_a_time_that_is_not_offered_gives_the_first_one(key, agreement, open_on):
    shown = open_on(f"/oversikt/?period={key}", AFTERWARDS).one(PERIOD).value
    assert shown == f"period-{PromisePeriod.objects.get().pk}"


def test_the_chosen_time_follows_along_to_the_promise(agreement, open_on, snowmobile_promise):
    page = open_on("/oversikt/?period=ar-2024", AFTERWARDS)
    address = page.all("//ol[@class='promise-rows']//h3/a")[2].get("href")
    assert address == f"/loften/{snowmobile_promise.pk}/?period=ar-2024"
    assert open_on(address, AFTERWARDS).one(PERIOD).value == "ar-2024"


def test_a_year_without_promises_says_so(agreement, open_on):
    page = open_on("/oversikt/?period=ar-2025", AFTERWARDS)
    assert "Inga löften gällde de här dagarna. Välj en annan tid ovan." in page.text(PROMISES)


# --- What is counted -----------------------------------------------------------------------

COUNTED = "//*[@class='counted']"
AFTERWARDS_COUNTED = f"{COUNTED}/../following-sibling::p[starts-with(normalize-space(), 'Efter')]"


@pytest.fixture
def log(agreement, snowmobile_promise, coordinator):
    """An occasion on the day, under the promise or under an undertaking."""

    def log(day: date, undertaking: int | None = None) -> None:
        answers_to = {"promise": snowmobile_promise}
        if undertaking:
            own = agreement.undertakings.get(number=undertaking)
            answers_to = {"promise": None, "undertaking": own}
        activity = factories.ActivityFactory(**answers_to)
        factories.OccasionFactory(
            activity=activity, date=day, party=coordinator.party, member=coordinator, place=None
        )

    return log


def test_the_total_names_what_stands_under_no_promises_row(log, open_on):
    log(date(2024, 3, 12))
    log(date(2024, 3, 13), undertaking=4)
    page = open_on("/oversikt/", date(2024, 5, 15))
    assert page.text(COUNTED) == "2 tillfällen, varav 1 under åtagandena, senast 13 mars 2024"
    rows = page.texts("//ol[@class='promise-rows']//*[@class='key-figures']/a[1]")
    assert sum(int(row.split()[0]) for row in rows) == 1


def test_what_is_logged_today_counts_today(log, open_on):
    today = date(2024, 5, 15)
    log(today)
    for query in ("", "?period=avtalet", "?period=ar-2024"):
        page = open_on(f"/oversikt/{query}", today)
        assert page.text(COUNTED) == "1 tillfälle, senast 15 maj 2024"


def test_what_is_done_after_the_period_ran_out_is_seen_and_leads_to_exactly_that(
    log, open_on, police
):
    for day in (date(2024, 12, 31), date(2025, 1, 1), AFTERWARDS):
        log(day)
    page = open_on("/oversikt/", AFTERWARDS)
    assert page.text(COUNTED) == "1 tillfälle, senast 31 december 2024"
    after = "Efter 31 december 2024: 2 tillfällen, senast 15 april 2025"
    assert page.text(AFTERWARDS_COUNTED) == after
    [link] = page.all(f"{AFTERWARDS_COUNTED}/a")
    listed = open_on(link.get("href"), AFTERWARDS).text("//main//p[@role='status']")
    assert listed == "2 tillfällen i urvalet"
    for query in ("?period=ar-2024", f"?part={police.pk}"):
        assert open_on(f"/oversikt/{query}", AFTERWARDS).all(AFTERWARDS_COUNTED) == []
    assert open_on("/oversikt/", date(2024, 12, 31)).all(AFTERWARDS_COUNTED) == []


# --- Nothing yet ---------------------------------------------------------------------------


def test_at_first_the_page_says_calmly_that_there_is_nothing(agreement, open_on):
    Place.objects.update(visit_within_days=None)
    factories.ReportFactory(agreement=agreement, kind="annual")
    page = open_on("/oversikt/", date(2024, 5, 15))
    assert page.text("//*[@class='counted']") == "Inget tillfälle är loggat"
    assert (
        page.texts("//ol[@class='promise-rows']//*[@class='prognosis']")
        == ["Ingen plan Ingen aktivitet är planerad."] * 5
    )
    assert page.text(f"{WAITING}/p") == ("Inget just nu: inget att skriva under och inget uppdrag.")
    assert page.text(f"{RISKS}/p") == "Inga: inget är försenat, och ingen prognos visar risk."
    assert page.text(f"{CHANGED}/p") == "Inget har ändrats."
    assert page.facts["Lagens klocka"] == "Går inte än börjar när en lägesbild är antagen"


def test_a_new_portal_says_what_to_do_first(agreement, open_on, signed_in, reader):
    page = open_on("/oversikt/", date(2024, 5, 15))
    notice = page.one("//*[@class='notice']")
    assert text_of(notice) == (
        "Börja med planen Ingen aktivitet är planerad än. Planera den första under ett löfte, så "
        "kan ni logga, och översikten visar hur det går."
    )
    assert notice.xpath(".//a/@href") == ["/aktiviteter/"]
    assert Page(signed_in(reader).get("/oversikt/")).all("//*[@class='notice']") == []


def test_a_promise_without_a_plan_says_what_to_do(snowmobile_promise, open_on, signed_in, reader):
    address = f"/loften/{snowmobile_promise.pk}/"
    page = open_on(address, date(2024, 5, 15))
    assert page.text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad Ett löfte utan aktivitet blir inte gjort. Planera den första."
    )
    assert page.facts["Deltagare"] == "Ingen uppgift"
    assert Page(signed_in(reader).get(address)).text("//*[@class='empty']") == (
        "Ingen aktivitet är planerad Ett löfte utan aktivitet blir inte gjort."
    )


# --- What lacks ----------------------------------------------------------------------------


def lacks(page: Page, where: str) -> list[tuple[str, str]]:
    return [(text_of(link), link.get("href")) for link in page.all(f"{where}//li/a")]


def test_what_lacks_is_said_promise_by_promise_and_leads_there(
    agreement, open_on, snowmobile_promise, coordinator
):
    for promise in Promise.objects.exclude(number__in=[2, 3]):
        activity = factories.ActivityFactory(
            promise=promise, title="Tillsyn", target_count=1, target_per="period"
        )
        factories.OccasionFactory(activity=activity, party=coordinator.party, member=coordinator)
    factories.ActivityFactory(
        promise=snowmobile_promise, title="Skoterkontroll", planned_to=date(2024, 5, 14)
    )
    factories.MetricFactory(activity=None, promise=snowmobile_promise, name="Olyckor")
    page = open_on("/oversikt/saknas/", date(2024, 5, 15))
    seniors = Promise.objects.get(number=2).get_absolute_url()
    skoter = snowmobile_promise.get_absolute_url()
    assert lacks(page, "//section[h2='Löften']") == [
        ("Löfte 2: ingen aktivitet är planerad.", seniors),
        ("Löfte 3: inget tillfälle är loggat.", skoter),
        ("Löfte 3: ”Skoterkontroll” är försenad.", skoter),
        ("Löfte 3: ”Skoterkontroll” saknar åtagandenivå.", skoter),
        ("Löfte 3: mätetalet ”Olyckor” har inget mätvärde.", skoter),
    ]


def test_when_nothing_lacks_the_page_says_so(agreement, open_on, coordinator, area_police):
    picture = factories.SituationPictureFactory(agreement=agreement, created_by=coordinator)
    problem = factories.ProblemFactory(picture=picture)
    factories.CauseFactory(problem=problem)
    problem.promises.set(Promise.objects.all())
    for goal in agreement.goals.all():
        factories.MetricFactory(activity=None, goal=goal)
    for promise in Promise.objects.all():
        promise.goals.set(agreement.goals.all())
        activity = factories.ActivityFactory(promise=promise, target_count=1, target_per="period")
        factories.MetricFactory(activity=activity)
        for member in (coordinator, area_police):
            factories.OccasionFactory(
                activity=activity, party=member.party, member=member, minutes=60
            )
    for member in (coordinator, area_police):
        factories.AppointmentFactory(
            agreement=agreement,
            member=member,
            function="coordinator",
            starts_on=agreement.valid_from,
        )
    factories.MeetingFactory(
        agreement=agreement, chair=coordinator, date=date(2024, 3, 19), status="held"
    )
    page = open_on("/oversikt/saknas/", date(2024, 5, 15))
    assert page.text("//*[@class='empty']") == (
        "Inget saknas Varje löfte har en plan, tillfällen och mätvärden, varje åtagande syns i "
        "loggen, och den röda tråden är hel."
    )


def test_what_lacks_is_found_from_the_overview_for_the_same_time(agreement, open_on):
    page = open_on("/oversikt/?period=ar-2023", AFTERWARDS)
    [link] = page.all(f"{RISKS}//a[starts-with(@href, '/oversikt/saknas/')]")
    assert open_on(link.get("href"), AFTERWARDS).one(PERIOD).value == "ar-2023"


# --- The agreement's clock -----------------------------------------------------------------

NO_PERIOD = ("Ingen löftesperiod gäller i dag.", "/loften/")
REVIEW_LATE = (
    "Uppföljningen som skulle göras senast 27 februari 2025 är inte fastställd.",
    "/uppfoljning/",
)


def report_late(year: int) -> tuple[str, str]:
    sentence = f"Årsrapporten för {year} skulle ha lämnats 15 februari {year + 1}."
    return (sentence, "/rapporter/")


REVIEW_WAS_DUE = "för sent tvåårsuppföljningen 27 februari 2025"
UNTIL = "till 31 december 2026, sedan tills vidare"


@pytest.mark.parametrize(
    ("day", "status", "next_review", "to_do"),
    [
        (
            "2024-05-15",
            "Gäller",
            "288 dagar till tvåårsuppföljningen 27 februari 2025",
            [report_late(2023)],
        ),
        (
            "2025-02-15",
            "Gäller",
            "12 dagar till tvåårsuppföljningen 27 februari 2025",
            [NO_PERIOD],
        ),
        (
            "2025-02-27",
            "Gäller",
            "i dag tvåårsuppföljningen 27 februari 2025",
            [NO_PERIOD, report_late(2024)],
        ),
        (
            "2025-02-28",
            "Gäller",
            f"1 dag {REVIEW_WAS_DUE}",
            [NO_PERIOD, REVIEW_LATE, report_late(2024)],
        ),
        (
            "2026-11-23",
            "Gäller",
            f"634 dagar {REVIEW_WAS_DUE}",
            [NO_PERIOD, REVIEW_LATE],
        ),
        (
            "2026-12-31",
            "Gäller",
            f"672 dagar {REVIEW_WAS_DUE}",
            [NO_PERIOD, REVIEW_LATE],
        ),
        (
            *("2027-01-01", "Gäller tills vidare"),
            *(f"673 dagar {REVIEW_WAS_DUE}", [NO_PERIOD, REVIEW_LATE]),
        ),
    ],
)
def test_deadlines_fall_on_their_days(day, status, next_review, to_do, agreement, open_on):
    page = open_on("/oversikt/", date.fromisoformat(day))
    assert page.facts["Överenskommelsen"] == f"{status} {UNTIL}"
    assert page.facts["Överenskommelsens klocka"] == next_review
    Place.objects.update(visit_within_days=None)
    assert lacks(open_on("/oversikt/", date.fromisoformat(day)), RISKS) == to_do


@pytest.mark.parametrize("ends_on", [date(2025, 2, 27), date(2024, 12, 31)])
def test_an_adopted_review_answers_the_deadline(ends_on, agreement, open_on, coordinator):
    """Also one that ended with the löftesperiod, some weeks before its day."""
    review = factories.ReviewFactory(
        agreement=agreement,
        created_by=coordinator,
        starts_on=date(2023, 2, 27),
        ends_on=ends_on,
        cutoff_on=date(2025, 2, 27),
    )
    life.adopt(review, at=datetime(2025, 3, 20, 12, tzinfo=UTC))
    Place.objects.update(visit_within_days=None)
    for day in (date(2025, 3, 19), date(2025, 3, 20), date(2026, 11, 23)):
        page = open_on("/oversikt/", day)
        assert (REVIEW_LATE in lacks(page, RISKS)) is (day < date(2025, 3, 20))
    assert page.facts["Överenskommelsens klocka"] == (
        "96 dagar till tvåårsuppföljningen 27 februari 2027"
    )


def test_the_clock_of_an_agreement_that_has_ended_stands_still(agreement, open_on):
    agreement.runs_until_further_notice = False
    agreement.save()
    Place.objects.update(visit_within_days=None)
    page = open_on("/oversikt/", date(2027, 1, 1))
    assert page.facts["Överenskommelsens klocka"] == "Står stilla ingen mer uppföljning ska göras"
    assert lacks(page, RISKS) == []


def test_what_is_overdue_is_in_one_list_and_nothing_says_otherwise(
    agreement, open_on, snowmobile_promise
):
    factories.ActivityFactory(promise=snowmobile_promise, planned_to=date(2025, 4, 14))
    Place.objects.update(visit_within_days=None)
    page = open_on("/oversikt/", AFTERWARDS)
    assert [text.split(" ")[0] for text in page.texts(f"{RISKS}//li")] == [
        *("Passerat", "Passerat", "Försenat", "Försenat"),
    ]
    assert "inget är försenat" not in page.text("//main").lower()
    assert "inget försenat" not in page.text("//main").lower()


def test_the_nearest_deadlines_say_whose_clock_they_are_of(agreement, open_on):
    page = open_on("/oversikt/", date(2024, 12, 30))
    assert page.texts(f"{DEADLINES}//li") == [
        "1 dag Löftesperioden slutar: Medborgarlöfte 2023-2024 31 december 2024 · överenskommelsen",
        "59 dagar Uppföljningen av målen ska vara gjord 27 februari 2025 · överenskommelsen",
    ]
    assert page.all(f"{DEADLINES}//li/span[1]")[0].text == "1 dag"


def test_the_laws_clock_stands_beside_the_agreements_and_says_when_it_has_stopped(
    agreement, open_on
):
    factories.SituationPictureFactory(
        agreement=agreement, adopted_on=date(2024, 1, 31), adopting_body="Rådet"
    )
    page = open_on("/oversikt/", date(2026, 1, 1))
    assert page.facts["Lagens klocka"] == "30 dagar lägesbilden uppdateras 31 januari 2026"
    page = open_on("/oversikt/", date(2026, 2, 2))
    assert page.facts["Lagens klocka"] == "2 dagar för sent lägesbilden uppdateras 31 januari 2026"
    assert "Lägesbilden skulle ha uppdaterats senast 31 januari 2026." in page.text(RISKS)


# --- By party ------------------------------------------------------------------------------


def test_a_party_can_be_chosen_and_its_numbers_lead_to_its_occasions(
    agreement, snowmobile_promise, open_on, coordinator, area_police
):
    activity = factories.ActivityFactory(promise=snowmobile_promise, title="Skoterkontroll")
    for member in (coordinator, area_police, area_police):
        factories.OccasionFactory(activity=activity, party=member.party, member=member)
    day = date(2024, 5, 15)
    page = open_on(f"/oversikt/?part={area_police.party_id}", day)
    assert page.one("//select[@name='part']").value == str(area_police.party_id)
    assert page.text("//*[@class='counted']") == "2 tillfällen, senast 12 mars 2024"
    links = page.all("//main//a[starts-with(@href, '/tillfallen/?lofte')]")
    assert [text_of(link) for link in links] == [
        "0 tillfällen",
        "0 tillfällen",
        "2 tillfällen",
        "0 tillfällen",
        "0 tillfällen",
    ]
    log = open_on(links[2].get("href"), day)
    assert log.text("//main//p[@role='status']") == "2 tillfällen i urvalet"


@pytest.mark.parametrize("key", ["0", "x", "'", ""])
def test_a_party_that_is_not_of_the_agreement_gives_all_of_them(key, agreement, open_on):
    page = open_on(f"/oversikt/?part={key}", date(2024, 5, 15))
    assert page.one("//select[@name='part']").value == ""


# --- Capped, and nothing lost ----------------------------------------------------------------


def test_the_first_lines_are_shown_and_the_rest_unfold(agreement, open_on, coordinator):
    for day in range(1, 6):
        factories.TaskFactory(
            agreement=agreement, owner=coordinator, title=f"Nr {day}", due_on=date(2024, 6, day)
        )
    page = open_on("/oversikt/", date(2024, 5, 15))
    sentences = [f"Uppdraget ”Nr {day}” ska vara klart {day} juni 2024." for day in range(1, 6)]
    assert page.texts(f"{WAITING}/ul/li/a") == sentences[:3]
    assert page.text(f"{WAITING}/details/summary") == "2 till"
    assert page.texts(f"{WAITING}/details//li/a") == sentences[3:]


# --- Changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "heading", "sentence"),
    [
        ("besok", "De senaste 30 dagarna", "3 tillfällen loggade"),
        ("30", "De senaste 30 dagarna", "3 tillfällen loggade"),
        ("7", "De senaste 7 dagarna", "2 tillfällen loggade"),
        ("x", "De senaste 30 dagarna", "3 tillfällen loggade"),
    ],
)
def test_what_has_changed_can_be_asked_for_and_leads_to_exactly_that(
    key, heading, sentence, agreement, snowmobile_promise, open_on, area_police
):
    activity = factories.ActivityFactory(
        promise=snowmobile_promise, created_at=datetime(2024, 1, 1, tzinfo=UTC)
    )
    for day in (1, 8, 14):
        factories.OccasionFactory(
            activity=activity,
            party=area_police.party,
            member=area_police,
            created_at=datetime(2024, 5, day, 12, tzinfo=UTC),
        )
    page = open_on(f"/oversikt/?sedan={key}", date(2024, 5, 15))
    assert page.text(f"{CHANGED}//h2") == heading
    [link] = page.all(f"{CHANGED}/ul/li/a")
    assert text_of(link) == sentence
    log = open_on(link.get("href"), date(2024, 5, 15))
    assert log.text("//main//p[@role='status']") == f"{sentence[0]} tillfällen i urvalet"


def test_the_choices_keep_each_other(agreement, open_on, police):
    page = open_on(f"/oversikt/?period=ar-2024&part={police.pk}&sedan=7", date(2024, 5, 15))
    hidden = page.one("//form[@method='get']//input[@type='hidden'][@name='sedan']")
    assert hidden.get("value") == "7"
    assert page.all(f"{CHANGED}//nav//a")[0].get("href") == (
        f"?period=ar-2024&part={police.pk}&sedan=besok"
    )


# --- A promise's page ------------------------------------------------------------------------


def test_the_months_are_named_in_the_table_beside_the_chart(snowmobile_promise, open_on):
    page = open_on(f"/loften/{snowmobile_promise.pk}/", date(2024, 5, 15))
    headings = page.texts("//table[caption='Tillfällen per månad, löfte 3']/thead//th")
    assert headings == ["År", *MONTH_ABBREVIATIONS, "Summa"]
