"""What waits for a member: the decisions, signatures and tasks that nobody gets by without them.

The dashboard shows it, and the reminders tell of it by e-mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, TextChoices
from django.urls import reverse
from django.utils.formats import date_format

from followup.log.planned import late
from followup.models import Meeting, Review, Signoff, Submission, Task
from followup.swedish import days_in_words
from promises.access import Action, may, signs_for
from promises.models import Agreement, Member, PlannedOccasion


class WaitingKind(TextChoices):
    """What is asked of the member."""

    REVIEW_TO_SIGN = "review_to_sign", "Skriv under"
    AGREEMENT_TO_SIGN = "agreement_to_sign", "Skriv under"
    REVIEW_RETURNED = "review_returned", "Ändra och lämna in igen"
    MINUTES_TO_SIGN = "minutes_to_sign", "Justera"
    TASK = "task", "Uppdrag"
    LATE_OCCASION = "late_occasion", "Logga eller ställ in"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the member, said in a sentence.

    `key` is the same from day to day. `due_on` is the day it is to be done by, when there is one.
    """

    key: str
    kind: WaitingKind
    sentence: str
    address: str
    due_on: date | None = None
    is_overdue: bool = False

    @property
    def is_decision(self) -> bool:
        """A signature or a decision, apart from work to be done."""
        return self.kind not in {WaitingKind.TASK, WaitingKind.LATE_OCCASION}


def waiting_for(member: Member, agreement: Agreement, on: date) -> list[Waiting]:
    """What waits for the member under the agreement on the date: decisions first, then by day.

    Takes a constant number of queries.
    """
    found = [
        *_new_agreement(member, agreement, on),
        *_reviews(member, agreement, on),
        *_minutes(member, agreement),
        *_tasks(member, agreement, on),
        *_late_occasions(member, agreement, on),
    ]
    return sorted(found, key=lambda one: (not one.is_decision, one.due_on or date.max))


def _new_agreement(member: Member, agreement: Agreement, on: date) -> Iterator[Waiting]:
    """The one that is to follow it, before the member's signature."""
    draft = agreement.draft
    if draft is None or draft.presented_on is None or signs_for(member, on) is None:
        return
    if member.party in draft.awaits_signature_of():
        yield Waiting(
            f"agreement-to-sign-{draft.pk}-{draft.version}",
            WaitingKind.AGREEMENT_TO_SIGN,
            "Den nya överenskommelsen väntar på din underskrift.",
            draft.get_absolute_url(),
            draft.valid_from,
            draft.valid_from < on,
        )


def _reviews(member: Member, agreement: Agreement, on: date) -> Iterator[Waiting]:
    reviews = Review.objects.filter(agreement=agreement).order_by("ends_on", "edition")
    if signs_for(member, on) is not None:
        signed_by_party = Signoff.objects.filter(submission=OuterRef("pk"), party=member.party_id)
        awaiting = (
            Submission.objects.open()
            .exclude(Exists(signed_by_party))
            .filter(review__in=reviews.filter(status=Review.Status.SUBMITTED))
            .select_related("review")
        )
        for submission in awaiting.order_by("review__ends_on", "review__edition"):
            review = submission.review
            yield Waiting(
                f"review-to-sign-{submission.pk}",
                WaitingKind.REVIEW_TO_SIGN,
                f"Uppföljningen {_days(review)} väntar på din underskrift.",
                reverse("review_preview", args=[review.pk]),
            )
    if member.role == Member.Role.COORDINATOR and may(member, Action.REVIEW, on):
        for review in reviews.filter(status=Review.Status.RETURNED):
            yield Waiting(
                f"review-returned-{review.pk}-{review.version}",
                WaitingKind.REVIEW_RETURNED,
                f"Uppföljningen {_days(review)} är återlämnad och ska ändras.",
                review.get_absolute_url(),
            )


def _minutes(member: Member, agreement: Agreement) -> Iterator[Waiting]:
    held = agreement.meetings.filter(
        chair=member, status=Meeting.Status.HELD, locked_at__isnull=True
    )
    for meeting in held.order_by("date", "id"):
        yield Waiting(
            f"minutes-to-sign-{meeting.pk}",
            WaitingKind.MINUTES_TO_SIGN,
            f"Protokollet från mötet {date_format(meeting.date)} väntar på att du justerar det.",
            reverse("minutes_sign", args=[meeting.pk]),
        )


def _tasks(member: Member, agreement: Agreement, on: date) -> Iterator[Waiting]:
    tasks = Task.objects.open().in_line_with(agreement).filter(owner=member)
    for task in tasks.order_by("due_on"):
        is_overdue = task.is_overdue(on)
        when = "skulle ha varit klart" if is_overdue else "ska vara klart"
        yield Waiting(
            f"task-{task.pk}",
            WaitingKind.TASK,
            f"Uppdraget ”{task.title}” {when} {date_format(task.due_on)}.",
            task.get_absolute_url(),
            due_on=task.due_on,
            is_overdue=is_overdue,
        )


def _late_occasions(member: Member, agreement: Agreement, on: date) -> Iterator[Waiting]:
    """Planned occasions that fall to the member, whose day has passed with nothing logged."""
    if not may(member, Action.LOG, on):
        return
    planned = PlannedOccasion.objects.in_line_with(agreement).falling_to(member)
    for one in late(planned, on).select_related("activity").order_by("date", "id"):
        yield Waiting(
            f"late-occasion-{one.pk}",
            WaitingKind.LATE_OCCASION,
            f"”{one.activity.title}” skulle ha genomförts {date_format(one.date)}. "
            "Logga det, flytta det eller ställ in det.",
            f"{one.activity.get_absolute_url()}#planerat",
            due_on=one.date,
            is_overdue=True,
        )


def _days(review: Review) -> str:
    return days_in_words(review.starts_on, review.ends_on)
