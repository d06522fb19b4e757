"""A new review, drafted from the log: its texts and the facts beside each coming judgement.

The draft states what the log says and judges nothing: values are set by people.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format

from followup.figures import (
    MetricFigure,
    Progress,
    Span,
    Tally,
    TargetProgress,
    Total,
    WithActivities,
    format_number,
)
from followup.models import Assessment, Review, ReviewText
from followup.progress import agreement_progress
from promises.models import Member

Kind = ReviewText.Kind


@transaction.atomic
def start_review(review: Review, by: Member) -> Review:
    """Save the new review with its drafted texts and one assessment for each thing to assess."""
    progress = agreement_progress(
        review.agreement,
        Span(review.starts_on, review.ends_on),
        on=review.cutoff_on,
        cutoff_on=review.cutoff_on,
        promises=review.promises().with_parties(),
    )
    review.created_by = by
    review.save()
    drafted = {Kind.METHOD: _method(review), Kind.SUMMARY: _summary(progress)}
    for kind in Kind:
        ReviewText.objects.create(review=review, kind=kind, text=drafted.get(kind, ""))
    assessments = [
        Assessment(review=review, goal=one.goal, rationale=_metrics(one.metrics))
        for one in progress.goals
    ]
    assessments += [
        Assessment(review=review, undertaking=one.undertaking, rationale=_evidence(one))
        for one in progress.undertakings
    ]
    assessments += [
        Assessment(review=review, promise=one.promise, rationale=_evidence(one))
        for one in progress.promises
    ]
    Assessment.objects.bulk_create(assessments)
    return review


def _method(review: Review) -> str:
    return (
        f"Uppföljningen bygger på samverkansgruppens logg för tiden {date_format(review.starts_on)}"
        f" – {date_format(review.ends_on)}. Det som hade loggats senast "
        f"{date_format(review.cutoff_on)} är medräknat."
    )


def _summary(progress: Progress) -> str:
    targets = [
        target
        for answered in (*progress.promises, *progress.undertakings)
        for target in answered.targets
    ]
    met = sum(answered.targets_met for answered in (*progress.promises, *progress.undertakings))
    sentences = [f"Under perioden loggades {_occasions(progress.tally)}."]
    if targets:
        sentences.append(f"{met} av {len(targets)} åtagandenivåer nåddes.")
    for one in progress.promises:
        sentences.append(f"Löfte {one.promise.number}: {_occasions(one.tally)}.")
    return " ".join(sentences)


def _evidence(answered: WithActivities) -> str:
    if not answered.activities:
        return ""
    sentences = [f"{_occasions(answered.tally).capitalize()}{_last(answered.tally)}."]
    sentences += [
        f"{activity.activity.title}: {_target(activity.target)}."
        for activity in answered.activities
        if activity.target and activity.target.windows
    ]
    if (minutes := answered.tally.minutes).known is not None:
        sentences.append(f"Loggad tid: {_hours(minutes)}.")
    return " ".join(sentences)


def _occasions(tally: Tally) -> str:
    return "ett tillfälle" if tally.occasions == 1 else f"{tally.occasions or 'inga'} tillfällen"


def _last(tally: Tally) -> str:
    return f", det senaste {date_format(tally.last_on)}" if tally.last_on else ""


def _target(target: TargetProgress) -> str:
    return (
        f"{target.done_of_required} av {target.required} tillfällen "
        f"({target.label}, {target.state.label.lower()})"
    )


def _hours(minutes: Total) -> str:
    hours = f"{format_number(Decimal(minutes.known) / 60, decimals=1)} tim"
    if (unknown := minutes.unknown_occasions) == 1:
        return f"{hours} (ett tillfälle saknar uppgift)"
    return f"{hours} ({unknown} tillfällen saknar uppgift)" if unknown else hours


def _metrics(metrics: Iterable[MetricFigure]) -> str:
    return " ".join(
        f"{metric.name}: {metric.text if metric.readings else metric.text.lower()}."
        for metric in metrics
    )
