"""The agreement's own clock, and what the database refuses whatever the form says."""

from datetime import date

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


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2022, 1, 1), date(2025, 2, 27)),
        (date(2023, 2, 27), date(2025, 2, 27)),
        (date(2025, 2, 27), date(2025, 2, 27)),
        (date(2025, 2, 28), date(2027, 2, 27)),
        (date(2026, 11, 23), date(2027, 2, 27)),
        (date(2027, 2, 28), date(2029, 2, 27)),
    ],
)
def test_the_goals_are_followed_up_every_two_years_from_the_first_day(agreement, on, due):
    assert agreement.next_review_due(on) == due


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2024, 6, 1), None),
        (date(2025, 2, 27), None),
        (date(2025, 2, 28), date(2025, 2, 27)),
        (date(2027, 2, 27), date(2025, 2, 27)),
        (date(2027, 2, 28), date(2027, 2, 27)),
    ],
)
def test_the_last_review_was_due_before_the_day_asked_about(agreement, on, due):
    assert agreement.last_review_due(on) == due


def test_an_agreement_from_a_leap_day_is_followed_up_on_leap_days_when_there_are_any():
    agreement = make_agreement(
        valid_from=date(2024, 2, 29), valid_to=date(2031, 12, 31), followup_interval_years=1
    )

    assert agreement.next_review_due(date(2024, 3, 1)) == date(2025, 2, 28)
    assert agreement.next_review_due(date(2027, 3, 1)) == date(2028, 2, 29)


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
        "Åtagandenivån behöver både ett antal (minst 1) och per vad det räknas."
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
