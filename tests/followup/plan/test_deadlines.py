"""The days by which something has to be done: the agreement's and the law's, never mixed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from followup.plan.deadlines import Deadline, agreement_deadlines, deadlines
from followup.time.spans import Span
from tests import factories, life

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)
EVER = Span(date(2023, 1, 1), date(2031, 12, 31))

PERIOD = ("2024-12-31", "Löftesperioden slutar: Medborgarlöfte 2023-2024", "Överenskommelsen")
ENDS = (
    "2026-12-31",
    "Överenskommelsen förlängs tills vidare, om ingen ny tecknas",
    "Överenskommelsen",
)


def review_on(day: str) -> tuple[str, str, str]:
    return (day, "Uppföljningen av målen ska vara gjord", "Överenskommelsen")


def told(found: list[Deadline]) -> list[tuple[str, str, str]]:
    return [(one.date.isoformat(), one.what, one.clock) for one in found]


def test_the_agreements_own_come_in_order(agreement):
    assert told(deadlines(agreement, EVER, ON)) == [
        PERIOD,
        review_on("2025-02-27"),
        ENDS,
        review_on("2027-02-27"),
        review_on("2029-02-27"),
        review_on("2031-02-27"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 2, 27), date(2025, 2, 27), [review_on("2025-02-27")]),
        (date(2025, 2, 28), date(2026, 12, 30), []),
    ],
)
def test_both_ends_of_the_stretch_are_included(first, last, expected, agreement):
    assert told(deadlines(agreement, Span(first, last), ON)) == expected
    assert told(agreement_deadlines(agreement, Span(first, last))) == expected


def test_an_agreement_that_does_not_run_on_ends(agreement):
    agreement.runs_until_further_notice = False
    within = Span(date(2026, 12, 31), date(2026, 12, 31))
    [one] = deadlines(agreement, within, ON)
    assert one.what == "Överenskommelsen slutar gälla, och ingen ny är påbörjad"


@pytest.mark.parametrize(
    ("runs_on", "sentence"),
    [
        (True, "Överenskommelsen förlängs tills vidare. Den nya är inte undertecknad än"),
        (False, "Överenskommelsen slutar gälla. Den nya är inte undertecknad än"),
    ],
)
def test_of_an_agreement_with_a_draft_to_follow_it_is_told_that_it_is_one(
    runs_on, sentence, agreement
):
    agreement.runs_until_further_notice = runs_on
    factories.AgreementFactory(
        predecessor=agreement,
        is_draft=True,
        valid_from=date(2027, 1, 1),
        valid_to=date(2030, 12, 31),
    )
    within = Span(date(2026, 12, 31), date(2026, 12, 31))
    [one] = deadlines(agreement, within, ON)
    assert one.what == sentence


def test_nothing_is_due_after_an_agreement_has_ended(agreement):
    agreement.runs_until_further_notice = False
    for on in (ON, date(2026, 12, 31), date(2027, 6, 1)):
        assert max(one.date for one in deadlines(agreement, EVER, on)) == date(2026, 12, 31)
    # Nor is what was not made before it did.
    assert review_on("2025-02-27") in told(deadlines(agreement, EVER, date(2026, 12, 31)))
    assert review_on("2025-02-27") not in told(deadlines(agreement, EVER, date(2027, 1, 1)))


def test_a_replaced_agreement_ends_the_day_before_its_successor(agreement):
    factories.AgreementFactory(
        valid_from=date(2026, 1, 1), predecessor=agreement, parties=agreement.parties.all()
    )
    assert told(deadlines(agreement, EVER, ON))[-1] == (
        *("2025-12-31", "Överenskommelsen slutar gälla", "Överenskommelsen"),
    )


def test_the_laws_clocks_run_when_there_is_something_to_update(agreement, snowmobile_promise):
    picture = factories.SituationPictureFactory(
        agreement=agreement, adopted_on=date(2024, 1, 31), adopting_body="Rådet"
    )
    factories.ActionPlanFactory(picture=picture, period=snowmobile_promise.period)
    of_law = [one for one in deadlines(agreement, EVER, ON) if one.clock != "Överenskommelsen"]
    assert [(*row, one.address) for row, one in zip(told(of_law), of_law, strict=True)] == [
        ("2026-01-31", "Lägesbilden uppdateras", "Lag (2023:196) 6 §", "/lagesbild/"),
        ("2026-02-20", "Åtgärdsplanen följs upp", "Lag (2023:196) 6 §", "/lagesbild/#atgardsplan"),
    ]
    earlier = deadlines(agreement, EVER, date(2024, 1, 30))
    assert {one.clock for one in earlier} == {"Överenskommelsen"}


def test_a_review_adopted_before_its_day_is_due_no_more(agreement, coordinator):
    review = factories.ReviewFactory(agreement=agreement, created_by=coordinator)
    life.adopt(review, at=datetime(2025, 1, 20, 12, tzinfo=UTC))
    within = Span(date(2025, 1, 1), date(2027, 12, 31))

    before = deadlines(agreement, within, date(2025, 1, 19))
    assert told(before) == [review_on("2025-02-27"), ENDS, review_on("2027-02-27")]
    after = deadlines(agreement, within, date(2025, 1, 20))
    assert told(after) == [ENDS, review_on("2027-02-27")]
    # The årshjul shows the days of the agreement itself, whatever has been done about them.
    assert told(agreement_deadlines(agreement, within)) == told(before)


def test_they_take_five_queries(agreement, snowmobile_promise, django_assert_num_queries):
    for year in range(2010, 2020):
        factories.PromisePeriodFactory(
            agreement=agreement, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
        )
    with django_assert_num_queries(5):
        assert len(deadlines(agreement, Span(date(2010, 1, 1), date(2024, 12, 31)), ON)) == 11
