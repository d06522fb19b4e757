"""Two who hand in, sign or return the same review at the same moment."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from followup.archive.canonical import sha256_of
from followup.models import Review, ReviewDocument, Submission
from followup.review import life as life_of_reviews
from followup.review import text as signed
from followup.review.gathering import contents_of
from followup.review.life import NOT_OPEN, send_back, submit
from promises.models import Member
from tests import life
from tests.races import at_the_same_moment

pytestmark = pytest.mark.usefixtures("shared_database")

TODAY = date(2025, 3, 10)
NOW = datetime(2025, 3, 10, 12, 0, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture(autouse=True)
def afterwards():
    """The period and the cut-off lie behind."""
    with time_machine.travel(NOW, tick=False):
        yield


def signers(contents) -> bytes:
    """Stands in for the PDF: whose names are in it."""
    return ", ".join(row.name for row in contents.standing.signatures).encode()


sign = partial(life_of_reviews.sign, render=signers)


@pytest.fixture
def review(agreement, coordinator) -> Review:
    return life.written(agreement, coordinator, TODAY)


@pytest.fixture
def submission(review, coordinator) -> Submission:
    return submit(review, coordinator, shown(review), NOW)


def shown(review: Review) -> str:
    return sha256_of(signed.text_of(contents_of(fresh(review), TODAY)))


def fresh(review: Review) -> Review:
    return Review.objects.get(pk=review.pk)


def test_both_parties_sign_at_the_same_moment_and_both_names_are_in_the_document(
    review, submission, chief, deputy
):
    def signing(member: Member):
        return lambda: sign(fresh(review), member, submission.contents_sha256, NOW)

    at_the_same_moment(signing(chief), signing(deputy))

    assert fresh(review).status == "adopted"
    assert bytes(ReviewDocument.objects.get().pdf) == b"Kim Kommunchef, Li Lokalpolischef"


def test_a_signature_and_a_return_at_the_same_moment_leave_no_adopted_review_half_signed(
    review, submission, chief, deputy
):
    sign(review, chief, submission.contents_sha256, NOW)

    def outcome(action, *arguments):
        def act() -> str:
            try:
                action(*arguments)
            except ValidationError:
                return "refused"
            return "done"

        return act

    outcomes = at_the_same_moment(
        outcome(sign, fresh(review), deputy, submission.contents_sha256, NOW),
        outcome(send_back, fresh(review), chief, "Ångrar mig.", NOW),
    )

    assert sorted(outcomes) == ["done", "refused"]
    is_adopted = ReviewDocument.objects.exists()
    assert fresh(review).status == ("adopted" if is_adopted else "returned")


def test_of_two_who_hand_in_at_the_same_moment_one_is_told(review, coordinator, chief):
    before = shown(review)

    def handing_in(member: Member):
        def act() -> str:
            try:
                submit(fresh(review), member, before, NOW)
            except ValidationError as refusal:
                return refusal.message
            return "done"

        return act

    assert sorted(at_the_same_moment(handing_in(coordinator), handing_in(chief))) == [
        NOT_OPEN,
        "done",
    ]
    assert review.submissions.count() == 1
