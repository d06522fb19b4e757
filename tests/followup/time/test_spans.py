"""The stretches of time one can choose on the overview."""

from datetime import date

from followup.time.named_spans import choose, spans_of, whole_time_of
from followup.time.spans import Span
from promises.models import Activity, Agreement, Promise, PromisePeriod, Undertaking

AGREEMENT = Agreement(valid_from=date(2023, 2, 27), valid_to=date(2026, 12, 31))
FIRST = PromisePeriod(
    pk=7, title="Medborgarlöfte 2023–2024", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31)
)
SECOND = PromisePeriod(
    pk=9, title="Medborgarlöfte 2025–2027", starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31)
)


def test_periods_come_first_then_the_agreement_then_the_years_all_of_them_latest_first():
    spans = spans_of(AGREEMENT, [FIRST, SECOND], on=date(2025, 5, 15))

    assert [(span.key, span.label) for span in spans] == [
        ("period-9", "Medborgarlöfte 2025–2027"),
        ("period-7", "Medborgarlöfte 2023–2024"),
        ("avtalet", "Hela överenskommelsen hittills"),
        ("ar-2025", "År 2025"),
        ("ar-2024", "År 2024"),
        ("ar-2023", "År 2023"),
    ]


def test_a_period_and_a_year_are_whole_and_the_agreement_ends_today():
    spans = spans_of(AGREEMENT, [FIRST], on=date(2024, 5, 15))

    assert [span.span for span in spans] == [
        Span(date(2023, 1, 1), date(2024, 12, 31)),
        Span(date(2023, 2, 27), date(2024, 5, 15)),
        Span(date(2024, 1, 1), date(2024, 12, 31)),
        Span(date(2023, 1, 1), date(2023, 12, 31)),
    ]


def test_an_agreement_that_has_not_begun_offers_its_first_day():
    spans = spans_of(AGREEMENT, [], on=date(2022, 5, 15))

    assert [(span.key, span.span) for span in spans] == [
        ("avtalet", Span(date(2023, 2, 27), date(2023, 2, 27))),
        ("ar-2023", Span(date(2023, 1, 1), date(2023, 12, 31))),
    ]


def test_the_span_asked_for_is_chosen():
    spans = spans_of(AGREEMENT, [FIRST, SECOND], on=date(2025, 5, 15))

    assert choose(spans, "ar-2024").span == Span(date(2024, 1, 1), date(2024, 12, 31))
    assert choose(spans, "period-7").label == "Medborgarlöfte 2023–2024"


def test_the_first_span_is_chosen_when_nobody_asks_for_one_that_exists():
    spans = spans_of(AGREEMENT, [FIRST, SECOND], on=date(2025, 5, 15))

    assert [choose(spans, key).key for key in (None, "", "ar-1999", "period-8")] == ["period-9"] * 4


def test_an_activitys_whole_time_holds_its_period_its_agreement_and_today():
    period = PromisePeriod(
        agreement=AGREEMENT, starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31)
    )
    activity = Activity(agreement=AGREEMENT, promise=Promise(period=period))

    during, afterwards = date(2024, 5, 15), date(2026, 11, 23)
    assert whole_time_of(activity, during) == Span(date(2023, 1, 1), date(2024, 12, 31))
    assert whole_time_of(activity, afterwards) == Span(date(2023, 1, 1), afterwards)


def test_the_whole_time_under_an_undertaking_runs_from_the_agreements_first_day_to_today():
    activity = Activity(agreement=AGREEMENT, undertaking=Undertaking())

    assert whole_time_of(activity, date(2024, 5, 15)) == Span(date(2023, 2, 27), date(2024, 5, 15))
