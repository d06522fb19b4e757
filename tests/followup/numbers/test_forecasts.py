"""Löftesprognos: will the level be reached in time, and who says otherwise?"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from followup.models import Forecast
from followup.numbers.agreement import activity_progress, agreement_progress
from followup.numbers.forecasts import forecasts, outlook, running_window
from followup.time.named_spans import whole_time_of
from followup.time.spans import Span
from promises.models import Activity
from tests import factories
from tests.html import Page
from tests.races import at_the_same_moment

ON_TRACK, AT_RISK, OFF_TRACK = Forecast.Value


# --- The rule ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("required", "carried_out", "planned", "days", "days_left", "expected"),
    [
        # The level is reached, or enough is planned, on any day.
        pytest.param(4, 4, 0, 365, 1, ON_TRACK, id="reached"),
        pytest.param(4, 6, 0, 365, 1, ON_TRACK, id="more than reached"),
        pytest.param(4, 1, 3, 365, 1, ON_TRACK, id="the rest is planned"),
        pytest.param(4, 1, 2, 365, 1, OFF_TRACK, id="all but one is planned, on the last day"),
        # The pace needed is at most 1.25 times the promised one: 52 in 364 days, one a week.
        pytest.param(52, 0, 0, 364, 364, ON_TRACK, id="on the first day"),
        pytest.param(52, 42, 0, 364, 56, ON_TRACK, id="10 in 56 days is 1.25 a week"),
        pytest.param(52, 42, 0, 364, 55, AT_RISK, id="10 in 55 days is more"),
        # More than double, and more than one a fortnight.
        pytest.param(52, 42, 0, 364, 35, AT_RISK, id="10 in 35 days is double"),
        pytest.param(52, 42, 0, 364, 34, OFF_TRACK, id="10 in 34 days is more than double"),
        # Whole occasions: one a year is no risk in March, nor in September.
        pytest.param(1, 0, 0, 365, 280, ON_TRACK, id="one a year, in spring"),
        pytest.param(1, 0, 0, 365, 92, ON_TRACK, id="one a year, a quarter and a day left"),
        pytest.param(1, 0, 0, 365, 91, AT_RISK, id="one a year, in the last quarter"),
        pytest.param(1, 0, 0, 365, 14, AT_RISK, id="one a year, a fortnight left"),
        pytest.param(1, 0, 0, 365, 13, OFF_TRACK, id="one a year, less than a fortnight left"),
        pytest.param(2, 0, 0, 89, 72, ON_TRACK, id="two a season, 1.25 times the pace"),
        pytest.param(2, 0, 0, 89, 56, ON_TRACK, id="two a season, four weeks each"),
        pytest.param(2, 0, 0, 89, 55, AT_RISK, id="two a season, less than four weeks each"),
        pytest.param(2, 0, 0, 89, 28, AT_RISK, id="two a season, a fortnight each"),
        pytest.param(2, 0, 0, 89, 27, OFF_TRACK, id="two a season, less than a fortnight each"),
        # Behind an even pace: four a year, none done by the middle of it.
        pytest.param(4, 0, 0, 364, 182, AT_RISK, id="four a year, none by midsummer"),
        pytest.param(4, 2, 0, 364, 182, ON_TRACK, id="four a year, two by midsummer"),
        # A month: the 24 days that 1.25 times the pace leaves, and no four weeks.
        pytest.param(1, 0, 0, 30, 24, ON_TRACK, id="one a month, on the seventh"),
        pytest.param(1, 0, 0, 30, 23, AT_RISK, id="one a month, on the eighth"),
    ],
)
def test_the_rule_at_its_boundaries(required, carried_out, planned, days, days_left, expected):
    assert expected == outlook(
        required=required,
        carried_out=carried_out,
        planned=planned,
        days=days,
        days_left=days_left,
    )


CASES = {
    "required": st.integers(1, 60),
    "carried_out": st.integers(0, 60),
    "planned": st.integers(0, 20),
    "days": st.integers(20, 800),
    "gone": st.integers(0, 799),
}


def by_the_docstring(required, carried_out, planned, days, left) -> Forecast.Value:
    """The rule as it is written in words, with exact fractions."""
    missing = required - carried_out - planned
    if carried_out >= required or missing <= 0:
        return ON_TRACK
    needed, promised = Fraction(missing, left), Fraction(required, days)
    even = Fraction(required * left, days)
    rounded_up = int(even) + (even != int(even))
    if needed <= Fraction(5, 4) * promised:
        return ON_TRACK
    if missing <= rounded_up and Fraction(left, missing) >= 28 and left >= Fraction(days, 4):
        return ON_TRACK
    if needed > 2 * promised and Fraction(left, missing) < 14:
        return OFF_TRACK
    return AT_RISK


@given(**CASES)
def test_the_rule_is_what_its_words_say(required, carried_out, planned, days, gone):
    left = days - gone % days
    case = {"required": required, "carried_out": carried_out, "planned": planned, "days": days}
    assert outlook(**case, days_left=left) == by_the_docstring(*case.values(), left)


@given(**CASES)
def test_more_done_or_planned_or_more_time_never_makes_it_worse(
    required, carried_out, planned, days, gone
):
    left = days - gone % days
    case = {
        "required": required,
        "carried_out": carried_out,
        "planned": planned,
        "days": days,
        "days_left": left,
    }
    worst_first = [OFF_TRACK, AT_RISK, ON_TRACK]
    now = worst_first.index(outlook(**case))
    better = [{"carried_out": carried_out + 1}, {"planned": planned + 1}]
    better += [{"days_left": left + 1}] if left < days else []
    assert all(worst_first.index(outlook(**case | change)) >= now for change in better)


# --- The window that runs ------------------------------------------------------------------


def control(promise, **fields) -> Activity:
    return factories.ActivityFactory(
        promise=promise,
        **{"title": "Skoterkontroll", "target_count": 2, "target_per": "year"} | fields,
    )


def forecast_of(activity: Activity, on: date):
    return forecasts([activity], on).get(activity.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"target_per": "year"}, Span(date(2024, 1, 1), date(2024, 12, 31))),
        ({"target_per": "quarter"}, Span(date(2024, 4, 1), date(2024, 6, 30))),
        ({"target_per": "month"}, Span(date(2024, 5, 1), date(2024, 5, 31))),
        ({"target_per": "period"}, Span(date(2023, 2, 27), date(2024, 12, 31))),
        (
            {"target_per": "season", "season_from": 5, "season_to": 8},
            Span(date(2024, 5, 1), date(2024, 8, 31)),
        ),
        ({"target_per": "season", "season_from": 2, "season_to": 4}, None),
        ({"target_count": None, "target_per": ""}, None),
        ({"status": "cancelled", "cancellation_reason": "Ingen snö"}, None),
        ({"status": "carried_out"}, None),
    ],
)
def test_only_what_is_still_to_be_met_has_a_running_window(fields, expected, snowmobile_promise):
    window = running_window(control(snowmobile_promise, **fields), date(2024, 5, 15))
    assert (window and window.inside) == expected


@pytest.mark.django_db
def test_nothing_runs_when_the_promise_has_run_out(snowmobile_promise):
    activity = control(snowmobile_promise)
    assert running_window(activity, date(2024, 12, 31)) is not None
    assert running_window(activity, date(2025, 1, 1)) is None


@pytest.mark.django_db
def test_under_an_undertaking_windows_go_on_until_further_notice(agreement):
    activity = control(None, undertaking=agreement.undertakings.get(number=5))
    whole = control(
        None, undertaking=agreement.undertakings.get(number=5), target_per="period", title="Avtalet"
    )
    after = date(2027, 3, 1)
    assert running_window(activity, after).inside == Span(date(2027, 1, 1), date(2027, 12, 31))
    assert running_window(whole, date(2026, 11, 23)) is None


@pytest.mark.django_db
def test_the_window_is_whole_whatever_span_is_looked_at(agreement, snowmobile_promise, today):
    activity = control(snowmobile_promise)
    factories.OccasionFactory(activity=activity, date=date(2024, 1, 3))
    for span in (Span(date(2024, 3, 1), today), Span(date(2023, 2, 27), today)):
        progress = agreement_progress(agreement, span, today).of(snowmobile_promise)
        assert progress.forecast.span == Span(date(2024, 1, 1), date(2024, 12, 31))
        assert progress.forecast.carried_out == 1


@pytest.mark.django_db
def test_a_span_that_is_over_has_no_prognosis_and_neither_has_a_report(
    agreement, snowmobile_promise, today
):
    control(snowmobile_promise)
    past = Span(date(2023, 1, 1), date(2023, 12, 31))
    whole = Span(date(2023, 1, 1), date(2024, 12, 31))
    over = agreement_progress(agreement, past, today).of(snowmobile_promise)
    report = agreement_progress(agreement, whole, today, cutoff_on=today).of(snowmobile_promise)
    assert (over.forecast, report.forecast) == (None, None)


# --- What it counts, and how it says it ----------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("required", "done", "planned", "sentence"),
    [
        (2, 2, 0, "Åtagandenivån är nådd."),
        (2, 3, 1, "Åtagandenivån är nådd."),
        (1, 0, 1, "Det som fattas är planerat."),
        (4, 1, 3, "De 3 som fattas är planerade."),
        (1, 0, 0, "1 tillfälle till senast den 31 december."),
        (3, 1, 0, "2 tillfällen till senast den 31 december."),
        (3, 1, 1, "2 tillfällen till senast den 31 december, varav 1 är planerat."),
        (5, 1, 2, "4 tillfällen till senast den 31 december, varav 2 är planerade."),
    ],
)
def test_a_sentence_says_what_remains(required, done, planned, sentence, snowmobile_promise, today):
    activity = control(snowmobile_promise, target_count=required)
    for n in range(done):
        factories.OccasionFactory(activity=activity, date=date(2024, 2, 1 + n))
    for n in range(planned):
        factories.PlannedOccasionFactory(activity=activity, date=date(2024, 10, 1 + n))
    assert forecast_of(activity, today).sentence == sentence


@pytest.mark.django_db
def test_the_last_day_is_given_with_its_year_when_it_is_another(snowmobile_promise):
    activity = control(snowmobile_promise, target_per="period")
    sentence = forecast_of(activity, date(2023, 5, 15)).sentence
    assert sentence == "2 tillfällen till senast den 31 december 2024."


@pytest.mark.django_db
def test_the_pace_kept_so_far_is_told_from_when_a_quarter_has_gone(snowmobile_promise):
    activity = control(snowmobile_promise, target_count=6)
    factories.OccasionFactory(activity=activity, date=date(2024, 1, 10))
    factories.OccasionFactory(activity=activity, date=date(2024, 2, 10))
    # 91 of 366 days is less than a quarter, 92 is more.
    assert forecast_of(activity, date(2024, 3, 31)).pace_sentence == ""
    assert forecast_of(activity, date(2024, 4, 1)).pace_sentence == (
        "I den takt som har hållits blir det 7 av 6."
    )
    assert forecast_of(activity, date(2024, 6, 30)).pace_sentence == (
        "I den takt som har hållits blir det 4 av 6."
    )


@pytest.mark.django_db
def test_planned_counts_what_is_still_to_come_in_the_window(snowmobile_promise, coordinator, today):
    activity = control(snowmobile_promise, target_count=9)
    for day in (today - timedelta(days=1), today, date(2024, 12, 31), date(2025, 1, 1)):
        factories.PlannedOccasionFactory(activity=activity, date=day)
    cancelled = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 9, 1))
    cancelled.cancel(by=coordinator, reason="Ingen patrull")
    came_off = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 9, 2))
    factories.OccasionFactory(activity=activity, planned=came_off, date=today)
    withdrawn = factories.PlannedOccasionFactory(activity=activity, date=date(2024, 9, 3))
    occasion = factories.OccasionFactory(activity=activity, planned=withdrawn, date=today)
    occasion.withdraw(by=coordinator, reason="Fel dag")

    forecast = forecast_of(activity, today)

    # Today's, the last day's, and the one whose occasion was taken back.
    assert (forecast.planned, forecast.carried_out) == (3, 1)


@pytest.mark.django_db
def test_a_promise_has_the_worst_prognosis_of_its_running_targets(
    agreement, snowmobile_promise, today
):
    span = Span(date(2024, 1, 1), date(2024, 12, 31))
    control(snowmobile_promise, title="Årets", target_count=1)
    spring = {"target_per": "season", "season_from": 4, "season_to": 5}
    control(snowmobile_promise, title="Vårens", target_count=4, **spring)
    control(snowmobile_promise, title="Kvartalets", target_count=1, target_per="quarter")

    progress = agreement_progress(agreement, span, today).of(snowmobile_promise)

    values = {one.activity.title: one.forecast.value for one in progress.activities}
    assert values == {"Årets": ON_TRACK, "Vårens": OFF_TRACK, "Kvartalets": ON_TRACK}
    assert progress.forecast.activity.title == "Vårens"


@pytest.mark.django_db
def test_many_forecasts_cost_as_many_queries_as_one(
    snowmobile_promise, today, django_assert_num_queries
):
    activities = [control(snowmobile_promise, title=f"Kontroll {n}") for n in range(30)]
    for n, per in enumerate(("month", "quarter", "half_year", "period")):
        activities.append(control(snowmobile_promise, title=f"Annan {n}", target_per=per))
    assert snowmobile_promise.period  # loaded, as it is for a page
    with django_assert_num_queries(6):
        assert len(forecasts(activities, today)) == 34
    with django_assert_num_queries(0):
        assert forecasts([], today) == {}


# --- Set by hand ---------------------------------------------------------------------------


@pytest.fixture
def activity(snowmobile_promise) -> Activity:
    """Twelve a year, none done: off track from late in the autumn, at risk in May."""
    return control(snowmobile_promise, target_count=12)


def address(activity: Activity) -> str:
    return f"/aktiviteter/{activity.pk}/prognos/"


def typed(**fields) -> dict:
    return {"value": "on_track", "rationale": "Höstens kontroller är bokade."} | fields


@pytest.mark.django_db
def test_a_coordinator_sets_a_prognosis_and_the_figures_stand_beside_it(
    activity, coordinator, signed_in, today
):
    client = signed_in(coordinator)
    response = client.post(address(activity), typed(), follow=True)

    forecast = Forecast.objects.get()
    assert (forecast.window_starts_on, forecast.window_ends_on) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
    )
    assert (forecast.made_by, forecast.version) == (coordinator, 1)
    page = Page(response)
    assert page.messages == ["Prognosen I fas är satt."]
    assert page.text("//*[@class='forecast']") == (
        "I fas · prognos, 2024 12 tillfällen till senast den 31 december. I den takt som har "
        "hållits blir det 0 av 12. Siffrorna säger Risk. Sara Samordnare bedömer I fas "
        "(15 maj 2024): Höstens kontroller är bokade."
    )


@pytest.mark.django_db
def test_it_shows_on_the_overview_and_on_the_promises_page(
    activity, coordinator, signed_in, snowmobile_promise, today
):
    factories.ForecastFactory(activity=activity, made_by=coordinator, value="off_track")
    client = signed_in(coordinator)
    overview = Page(client.get("/oversikt/"))
    promise = Page(client.get(snowmobile_promise.get_absolute_url()))
    assert overview.texts("//ol[@class='promise-rows']//*[@class='prognosis']")[2] == (
        "Ur fas Skoterkontroll: 12 tillfällen till senast den 31 december. Siffrorna säger Risk."
    )
    assert promise.text("//*[@class='forecast']/p[1]") == "Ur fas · prognos, 2024"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"rationale": " "}, {"rationale": ["Fyll i det här."]}),
        ({"value": ""}, {"value": ["Fyll i det här."]}),
        ({"value": "met"}, {"value": ["Välj något av alternativen i listan."]}),
    ],
)
def test_a_prognosis_needs_a_value_and_a_reason(
    fields, errors, activity, coordinator, signed_in, today
):
    response = signed_in(coordinator).post(address(activity), typed(**fields))
    assert response.context["form"].errors == errors
    assert not Forecast.objects.exists()


@pytest.mark.django_db
def test_a_personal_number_in_the_reason_is_refused(activity, coordinator, signed_in, today):
    sent = typed(rationale="Föraren 850709-9805 är borta.")
    response = signed_in(coordinator).post(address(activity), sent)
    assert "personnummer" in response.context["form"].errors["rationale"][0]
    assert Page(response).typed["rationale"] == sent["rationale"]
    assert not Forecast.objects.exists()


@pytest.mark.django_db
def test_there_is_nothing_to_set_when_no_target_runs(activity, coordinator, signed_in):
    with time_machine.travel("2025-05-15T12:00:00+02:00", tick=False):
        client = signed_in(coordinator)
        assert client.get(address(activity)).status_code == 404
        page = Page(client.get(activity.get_absolute_url()))
    assert not page.all("//*[@class='forecast']")


@pytest.mark.django_db
def test_a_new_one_replaces_the_former_which_stays_in_the_history(
    activity, coordinator, signed_in, today
):
    former = factories.ForecastFactory(activity=activity, made_by=coordinator)
    signed_in(coordinator).post(address(activity), typed(value="at_risk", replaces=former.pk))

    former.refresh_from_db()
    assert (former.withdrawn_at is not None, former.withdrawn_by) == (True, coordinator)
    assert former.history.first().withdrawal_reason == "Ersatt av en ny prognos"
    assert forecast_of(activity, today).override.value == AT_RISK


@pytest.mark.django_db
def test_nobodys_is_replaced_by_one_who_has_not_seen_it(
    activity, coordinator, area_police, signed_in, today
):
    client = signed_in(coordinator)
    client.get(address(activity))
    factories.ForecastFactory(activity=activity, made_by=area_police, value="off_track")

    page = Page(client.post(address(activity), typed(replaces="")))

    assert list(page.summary) == [
        "Per Områdespolis har just satt prognosen Ur fas för samma tid, med motiveringen ”Höstens "
        "kontroller är bokade.”. Din är inte sparad men står kvar här. Spara igen om den ska "
        "gälla i stället."
    ]
    assert Forecast.objects.standing().get().made_by == area_police
    client.post(address(activity), page.typed | {"value": "on_track"})
    assert Forecast.objects.standing().get().made_by == coordinator


@pytest.mark.django_db
def test_taken_back_the_figures_hold_again(activity, coordinator, signed_in, today):
    forecast = factories.ForecastFactory(activity=activity, made_by=coordinator)
    client = signed_in(coordinator)
    back = f"/prognoser/{forecast.pk}/ta-tillbaka/"
    assert client.get(back).status_code == 200

    response = client.post(back, {"reason": "Patrullen behövs i Vilhelmina."}, follow=True)

    assert Page(response).messages == [
        "Prognosen är tillbakadragen. Nu gäller det siffrorna säger."
    ]
    assert forecast_of(activity, today).override is None
    reason = forecast.history.first().withdrawal_reason
    assert reason == "Patrullen behövs i Vilhelmina."
    history = Page(client.get(activity.get_absolute_url())).text("//section[@class='history']")
    assert "Skäl Före: Tomt Efter: Patrullen behövs i Vilhelmina." in history
    assert client.get(back).status_code == 404


@pytest.mark.django_db
def test_an_override_holds_for_its_window_only(activity, coordinator):
    factories.ForecastFactory(
        activity=activity,
        made_by=coordinator,
        window_starts_on=date(2023, 2, 27),  # when the agreement was signed
        window_ends_on=date(2023, 12, 31),
    )
    assert forecast_of(activity, date(2023, 5, 15)).override.value == ON_TRACK
    assert forecast_of(activity, date(2024, 5, 15)).override is None


@pytest.mark.usefixtures("shared_database")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_former", [False, True])
def test_of_two_who_set_it_at_once_one_wins_and_the_other_is_told(
    has_former, activity, coordinator, area_police, signed_in
):
    with time_machine.travel("2024-05-15T12:00:00+02:00", tick=False):
        replaces = ""
        if has_former:
            replaces = factories.ForecastFactory(activity=activity, made_by=coordinator).pk
        clients = [signed_in(coordinator), signed_in(area_police)]
        responses = at_the_same_moment(
            *(
                lambda client=client: client.post(address(activity), typed(replaces=replaces))
                for client in clients
            )
        )
    assert sorted(response.status_code for response in responses) == [200, 302]
    [told] = [response for response in responses if response.status_code == 200]
    assert "har just satt prognosen I fas" in next(iter(Page(told).summary))
    assert Forecast.objects.standing().count() == 1
    assert Forecast.objects.count() == 1 + has_former


@pytest.mark.django_db
def test_the_activitys_progress_carries_its_forecast(activity, today, django_assert_num_queries):
    activity = Activity.objects.select_related("agreement", "promise__period").get()
    with django_assert_num_queries(7):
        progress = activity_progress(activity, whole_time_of(activity, today), today)
    assert progress.forecast.value == AT_RISK
