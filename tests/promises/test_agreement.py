"""The agreement's own clock, and what the database refuses whatever the form says."""

from datetime import date, timedelta

import pytest

from promises.models import (
    Activity,
    Agreement,
    Goal,
    Metric,
    Party,
    Promise,
    PromisePeriod,
    Signatory,
    Undertaking,
)
from promises.models.agreement import AgreementStatus
from tests.refusal import refusal_of

pytestmark = pytest.mark.django_db


def make_agreement(**values) -> Agreement:
    """An agreement with the dates of Dorotea's own, but for what is given."""
    return Agreement.objects.create(
        **{
            "key": "dorotea-2023-2026",
            "title": "Samverkansöverenskommelse 2023–2026",
            "valid_from": date(2023, 2, 27),
            "valid_to": date(2026, 12, 31),
            "runs_until_further_notice": True,
        }
        | values
    )


@pytest.fixture
def agreement() -> Agreement:
    return make_agreement()


@pytest.fixture
def period(agreement) -> PromisePeriod:
    return PromisePeriod.objects.create(
        agreement=agreement,
        title="Medborgarlöfte 2023-2024",
        starts_on=date(2023, 1, 1),
        ends_on=date(2024, 12, 31),
    )


@pytest.fixture
def promise(period) -> Promise:
    return Promise.objects.create(period=period, number=1, topic="Skoter", wording="Vi ska.")


@pytest.fixture
def party() -> Party:
    return Party.objects.create(key="polisen", kind="police", name="Polisen", short_name="Polisen")


# --- Status -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2023, 2, 26), AgreementStatus.COMING),
        (date(2023, 2, 27), AgreementStatus.IN_FORCE),
        (date(2026, 12, 31), AgreementStatus.IN_FORCE),
        (date(2027, 1, 1), AgreementStatus.UNTIL_FURTHER_NOTICE),
        (date(2035, 1, 1), AgreementStatus.UNTIL_FURTHER_NOTICE),
    ],
)
def test_an_agreement_that_nothing_replaces_runs_on_until_further_notice(agreement, on, status):
    assert agreement.status(on) == status


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 12, 31), AgreementStatus.IN_FORCE),
        (date(2027, 1, 1), AgreementStatus.ENDED),
    ],
)
def test_an_agreement_without_prolongation_ends(on, status):
    agreement = make_agreement(runs_until_further_notice=False)

    assert agreement.status(on) == status


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 12, 31), AgreementStatus.IN_FORCE),
        (date(2027, 1, 1), AgreementStatus.UNTIL_FURTHER_NOTICE),
        (date(2027, 2, 28), AgreementStatus.UNTIL_FURTHER_NOTICE),
        (date(2027, 3, 1), AgreementStatus.REPLACED),
    ],
)
def test_an_agreement_is_replaced_the_day_its_successor_applies(agreement, on, status):
    make_agreement(
        key="dorotea-2027",
        predecessor=agreement,
        valid_from=date(2027, 3, 1),
        valid_to=date(2030, 12, 31),
    )

    assert agreement.status(on) == status


def test_a_successor_may_replace_the_agreement_before_it_ends(agreement):
    make_agreement(key="dorotea-2026", predecessor=agreement, valid_from=date(2026, 1, 1))

    assert agreement.status(date(2025, 12, 31)) == AgreementStatus.IN_FORCE
    assert agreement.status(date(2026, 1, 1)) == AgreementStatus.REPLACED


def test_the_statuses_are_told_in_swedish():
    assert AgreementStatus.labels == [
        "Utkast",
        "Kommande",
        "Gäller",
        "Gäller tills vidare",
        "Ersatt",
        "Upphört",
    ]


def test_the_current_agreement_is_the_one_that_applies(agreement):
    successor = make_agreement(
        key="dorotea-2027",
        predecessor=agreement,
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )

    assert Agreement.objects.current(date(2026, 12, 31)) == agreement
    assert Agreement.objects.current(date(2027, 1, 1)) == successor


def test_without_an_agreement_none_is_current():
    assert Agreement.objects.current(date(2026, 11, 23)) is None


# --- When the goals are to be followed up ---------------------------------------------------


EVER = (date(2020, 1, 1), date(2031, 12, 31))


def test_the_goals_are_followed_up_every_two_years_from_the_first_day(agreement):
    assert agreement.review_days(*EVER) == [date(year, 2, 27) for year in (2025, 2027, 2029, 2031)]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2025, 2, 27), date(2025, 2, 27), [date(2025, 2, 27)]),
        (date(2025, 2, 28), date(2027, 2, 26), []),
        (date(2025, 2, 28), date(2027, 2, 27), [date(2027, 2, 27)]),
    ],
)
def test_both_ends_of_the_days_asked_about_are_asked_about(agreement, first, last, days):
    assert agreement.review_days(first, last) == days


def test_nothing_is_to_be_reviewed_after_the_last_day(agreement):
    agreement.runs_until_further_notice = False
    assert agreement.last_day == date(2026, 12, 31)
    assert agreement.review_days(*EVER) == [date(2025, 2, 27)]


def test_an_agreement_of_calendar_years_is_followed_up_by_the_last_day_of_one():
    agreement = make_agreement(valid_from=date(2025, 1, 1), followup_interval_years=1)

    assert agreement.review_days(date(2025, 1, 1), date(2027, 12, 31)) == [
        date(year, 12, 31) for year in (2025, 2026, 2027)
    ]


def test_an_agreement_from_a_leap_day_is_followed_up_on_leap_days_when_there_are_any():
    agreement = make_agreement(
        valid_from=date(2024, 2, 29), valid_to=date(2031, 12, 31), followup_interval_years=1
    )

    assert agreement.review_day(1) == date(2025, 2, 28)
    assert agreement.review_day(4) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("runs_on", "replaced_from", "last_day"),
    [
        (True, None, None),
        (False, None, date(2026, 12, 31)),
        (True, date(2028, 1, 1), date(2027, 12, 31)),
        (False, date(2028, 1, 1), date(2026, 12, 31)),
        (False, date(2026, 7, 1), date(2026, 6, 30)),
    ],
)
def test_it_applies_to_its_last_day_or_the_one_before_its_successor(
    runs_on, replaced_from, last_day
):
    agreement = make_agreement(runs_until_further_notice=runs_on)
    if replaced_from:
        make_agreement(
            key="nasta",
            valid_from=replaced_from,
            valid_to=replaced_from + timedelta(days=700),
            predecessor=agreement,
        )

    assert agreement.last_day == last_day
    for days in (0, 1):
        day = (last_day or date(2040, 1, 1)) + timedelta(days=days)
        assert agreement.status(day).is_in_force is (last_day is None or days == 0)


def test_it_is_a_tvaarsuppfoljning_only_where_there_are_two_years_between():
    names = {
        years: (agreement.review_name, agreement.review_interval)
        for years in (1, 2, 3)
        for agreement in [Agreement(followup_interval_years=years)]
    }
    assert names == {
        1: ("uppföljning", "ett års mellanrum"),
        2: ("tvåårsuppföljning", "2 års mellanrum"),
        3: ("uppföljning", "3 års mellanrum"),
    }


# --- Promise periods ------------------------------------------------------------------------


def test_a_period_covers_its_first_and_last_day(period):
    assert [
        period.covers(day)
        for day in (date(2022, 12, 31), date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    ] == [False, True, True, False]


def test_the_current_period_is_the_running_one_or_the_latest_begun(agreement, period):
    coming = PromisePeriod.objects.create(
        agreement=agreement,
        title="Medborgarlöfte 2027",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )

    assert PromisePeriod.objects.current(date(2022, 1, 1)) == period
    assert PromisePeriod.objects.current(date(2024, 1, 1)) == period
    assert PromisePeriod.objects.current(date(2026, 11, 23)) == period
    assert PromisePeriod.objects.current(date(2027, 1, 1)) == coming


# --- What the database refuses ----------------------------------------------------------------


def test_an_agreement_does_not_end_before_it_begins(agreement):
    agreement.valid_to = date(2023, 2, 26)

    assert refusal_of(agreement) == ["Slutdatumet ska inte ligga före startdatumet."]


@pytest.mark.parametrize("years", [0, 11])
def test_goals_are_followed_up_every_one_to_ten_years(agreement, years):
    agreement.followup_interval_years = years

    assert refusal_of(agreement) == ["Ange mellan 1 och 10 år mellan uppföljningarna."]


def test_an_agreement_does_not_replace_itself(agreement):
    agreement.predecessor = agreement

    assert refusal_of(agreement) == ["En överenskommelse kan inte efterträda sig själv."]


def test_a_period_does_not_end_before_it_begins(period):
    period.ends_on = date(2022, 12, 31)

    assert refusal_of(period) == ["Sista dagen ska inte ligga före första dagen."]


def test_two_periods_of_an_agreement_begin_on_different_days(agreement, period):
    other = PromisePeriod(
        agreement=agreement, title="Kopia", starts_on=period.starts_on, ends_on=period.ends_on
    )

    assert refusal_of(other) == ["Överenskommelsen har redan en löftesperiod som börjar den dagen."]


def test_a_number_is_given_to_one_goal_one_undertaking_and_one_promise(agreement, promise):
    Goal.objects.create(agreement=agreement, number=1, wording="Ett mål")
    Undertaking.objects.create(agreement=agreement, number=1, wording="Ett åtagande")

    assert refusal_of(Goal(agreement=agreement, number=1, wording="Ett till")) == [
        "Överenskommelsen har redan ett mål med det numret."
    ]
    assert refusal_of(Undertaking(agreement=agreement, number=1, wording="Ett till")) == [
        "Överenskommelsen har redan ett åtagande med det numret."
    ]
    assert refusal_of(Promise(period=promise.period, number=1, topic="X", wording="Ett till")) == [
        "Löftesperioden har redan ett löfte med det numret."
    ]


def test_a_signature_stands_on_one_document(agreement, period, party):
    who = {"number": 1, "name": "Kim Exempel", "title": "Kommunchef", "party": party}
    document = "En underskrift hör till antingen överenskommelsen eller medborgarlöftet."

    assert document in refusal_of(Signatory(**who))
    assert document in refusal_of(Signatory(**who, agreement=agreement, period=period))


def test_an_undertaking_without_a_responsible_party_is_shared(agreement, party):
    shared = Undertaking(agreement=agreement, number=1, wording="Vi träffas.")
    own = Undertaking(agreement=agreement, number=2, wording="Polisen.", responsible=party)

    assert (shared.responsible_label, own.responsible_label) == ("Gemensamt", "Polisen")


def test_an_activity_stands_under_a_promise_or_an_undertaking(agreement, promise):
    undertaking = Undertaking.objects.create(agreement=agreement, number=1, wording="Vi träffas.")
    one_owner = ["En aktivitet hör till antingen ett löfte eller ett åtagande."]

    assert refusal_of(Activity(title="Utan ägare")) == one_owner
    assert refusal_of(Activity(title="Två", promise=promise, undertaking=undertaking)) == one_owner


@pytest.mark.parametrize(
    "half", [{"target_count": 2}, {"target_per": "year"}, {"target_count": 0, "target_per": "year"}]
)
def test_a_target_has_both_a_count_and_what_it_is_per(promise, half):
    assert refusal_of(Activity(promise=promise, title="Skoterkontroll", **half)) == [
        "Åtagandenivån behöver både ett antal (minst 1) och per vad det räknas. På "
        "önskemål och inte särskilt angivet har inget antal."
    ]


@pytest.mark.parametrize(
    "season",
    [
        {"target_per": "season"},
        {"target_per": "season", "season_from": 2},
        {"target_per": "season", "season_from": 0, "season_to": 4},
        {"target_per": "season", "season_from": 2, "season_to": 13},
        {"target_per": "year", "season_from": 2, "season_to": 4},
    ],
)
def test_a_season_and_nothing_else_has_a_first_and_a_last_month(promise, season):
    assert refusal_of(Activity(promise=promise, title="Skoter", target_count=2, **season)) == [
        "En säsong behöver en första och en sista månad, och bara en säsong har det."
    ]


@pytest.mark.parametrize(
    ("target", "label"),
    [
        ({}, ""),
        ({"target_count": 1, "target_per": "year"}, "1 per år"),
        ({"target_count": 1, "target_per": "half_year"}, "1 per halvår"),
        ({"target_count": 3, "target_per": "quarter"}, "3 per kvartal"),
        ({"target_count": 1, "target_per": "month"}, "1 per månad"),
        (
            {"target_count": 2, "target_per": "season", "season_from": 2, "season_to": 4},
            "2 per säsong (februari–april)",
        ),
        ({"target_count": 50, "target_per": "period"}, "50 under perioden"),
    ],
)
def test_a_target_is_told_in_words(target, label):
    assert Activity(title="Kontroll", **target).target_label == label


def test_a_metric_is_of_one_thing(agreement, promise):
    goal = Goal.objects.create(agreement=agreement, number=1, wording="Ett mål")
    of_one_thing = ["Ett mätetal hör till en aktivitet, ett löfte eller ett mål."]

    assert refusal_of(Metric(name="olyckor")) == of_one_thing
    assert refusal_of(Metric(name="olyckor", promise=promise, goal=goal)) == of_one_thing


def test_a_promise_has_each_metric_once(promise):
    Metric.objects.create(promise=promise, name="olyckor")

    assert refusal_of(Metric(promise=promise, name="olyckor")) == [
        "Löftet har redan ett mätetal med det namnet."
    ]
