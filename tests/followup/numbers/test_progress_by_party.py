"""The numbers of one party: its own occasions, and the targets it answers for."""

from __future__ import annotations

from datetime import date

import pytest

from followup.models import Occasion
from followup.numbers.agreement import agreement_progress
from followup.time.spans import Span
from promises.models import Activity
from tests import factories

pytestmark = pytest.mark.django_db

ON = date(2024, 5, 15)
SPANS = [Span(date(2023, 1, 1), date(2024, 12, 31)), Span(date(2024, 1, 1), date(2024, 6, 30))]


@pytest.mark.parametrize("span", SPANS)
def test_each_partys_tally_is_what_a_plain_count_of_its_occasions_gives(span, example):
    whole = agreement_progress(example, span, ON)
    of_parties = [agreement_progress(example, span, ON, party=p) for p in example.parties.all()]
    logged = Occasion.objects.carried_out(span).of_agreement(example)
    assert sum(one.tally.occasions for one in of_parties) == whole.tally.occasions > 0
    for progress in of_parties:
        own = list(logged.filter(party=progress.party).select_related("activity"))
        assert progress.tally.occasions == len(own)
        assert progress.tally.last_on == max(one.date for one in own)
        assert progress.tally.places_reached == len({one.place_id for one in own} - {None})
        assert progress.tally.minutes.known == sum(one.minutes or 0 for one in own)
        for promise in progress.promises:
            under = [one for one in own if one.activity.promise_id == promise.promise.pk]
            assert promise.tally.occasions == len(under)
            in_months = sum(month.count for month in promise.tally.months)
            assert in_months == len(under)


def test_a_target_is_reached_together_and_told_by_who_answers_for_it(example):
    span = SPANS[0]
    whole = agreement_progress(example, span, ON)
    every = {one.activity.pk: one for each in whole.promises for one in each.activities}
    for party in example.parties.all():
        progress = agreement_progress(example, span, ON, party=party)
        for promise in progress.promises:
            for one in promise.activities:
                if one.activity.responsible_id in {None, party.pk}:
                    assert one.target == every[one.activity.pk].target
                    assert one.forecast == every[one.activity.pk].forecast
                else:
                    assert one.tally.occasions > 0
                    assert (one.target, one.forecast) == (None, None)


def test_the_others_activities_are_left_out_where_the_party_has_done_nothing(example):
    [municipality, police] = example.parties.order_by("key")
    activity = Activity.objects.filter(promise__number=3).first()
    new = factories.ActivityFactory(promise=activity.promise, responsible=police)
    mine = agreement_progress(example, SPANS[0], ON, party=municipality).of(activity.promise)
    theirs = agreement_progress(example, SPANS[0], ON, party=police).of(activity.promise)
    assert new not in [one.activity for one in mine.activities]
    assert new in [one.activity for one in theirs.activities]


def test_without_effects_there_are_no_metrics_and_the_rest_is_the_same(example):
    whole = agreement_progress(example, SPANS[0], ON)
    bare = agreement_progress(example, SPANS[0], ON, with_effects=False)
    assert bare.goals == ()
    assert {one.metrics for one in bare.promises} == {()}
    assert bare.tally == whole.tally
    for one, other in zip(bare.promises, whole.promises, strict=True):
        assert (one.tally, one.targets, one.forecast) == (
            other.tally,
            other.targets,
            other.forecast,
        )
