"""Det som saknas: the sentences that ask somebody to do something, all of them on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format

from followup.law.clocks import review_clock
from followup.log.planned import LateActivity, late_by_activity
from followup.numbers.agreement import agreement_progress
from followup.numbers.evidence import UndertakingEvidence, undertaking_evidence
from followup.numbers.progress import ActivityProgress, Progress, PromiseProgress
from followup.numbers.targets import TargetState
from followup.plan.red_thread import Hole, HoleKind, picture_behind, red_thread
from followup.swedish import counted
from followup.time.spans import Span
from promises.access import Action
from promises.models import Agreement, PromisePeriod, periods_in_line


@dataclass(frozen=True)
class Lack:
    """One thing that lacks, said in a sentence, and the page where it can be mended.

    `action` is what one has to be allowed to do there.
    """

    sentence: str
    address: str
    action: Action = Action.READ


class Section(NamedTuple):
    """What lacks under a heading: by what lacks, where there are several kinds of it."""

    heading: str
    kinds: list[tuple[str, list[Lack]]]


# What the thread finds too, and `promise_lacks` tells beside what else the promise lacks.
TOLD_BY_PROMISE = {HoleKind.PROMISE_WITHOUT_ACTIVITY, HoleKind.ACTIVITY_WITHOUT_TARGET}


def all_that_lacks(agreement: Agreement, span: Span, on: date) -> list[Section]:
    """Everything that lacks on the date for the days asked about, each thing told once.

    The red thread is that of the latest löftesperiod of the days: an earlier one is mended no more.
    """
    periods = periods_in_line(agreement)
    goals = review_clock(agreement, on)
    # Nobody is asked for an undertaking in days before its agreement applied.
    has_begun = agreement.valid_from <= span.ends_on
    evidence = undertaking_evidence(agreement, span, on) if has_begun else []
    sections = [
        Section(
            "Överenskommelsen",
            [("", [*agreement_lacks(agreement, periods, goals and goals.due_on, on)])],
        ),
        Section("Åtaganden", [("", [*undertaking_lacks(evidence)])]),
        Section("Löften", [("", [*promise_lacks(agreement_progress(agreement, span, on))])]),
    ]
    within = [one for one in periods if span.overlap(Span(one.starts_on, one.ends_on)).days > 0]
    if within:
        latest = max(within, key=lambda one: one.starts_on)
        picture = picture_behind(agreement, latest, on)
        holes = red_thread(agreement, latest, picture, on).holes
        untold = [hole for hole in holes if hole.kind not in TOLD_BY_PROMISE]
        sections.append(Section("Från problem till mål", [*_by_kind(untold)]))
    return [
        Section(heading, told)
        for heading, kinds in sections
        if (told := [(kind, lacks) for kind, lacks in kinds if lacks])
    ]


def _by_kind(holes: Iterable[Hole]) -> Iterator[tuple[str, list[Lack]]]:
    """The holes of the red thread kind by kind, in its own order."""
    lacks: dict[HoleKind, list[Lack]] = defaultdict(list)
    for hole in holes:
        lacks[hole.kind].append(Lack(hole.sentence, hole.address, hole.action))
    for kind, found in lacks.items():
        yield kind.label, found


def agreement_lacks(
    agreement: Agreement,
    periods: Iterable[PromisePeriod],
    review_due: date | None,
    on: date,
) -> Iterator[Lack]:
    """What the agreement asks for on the date and nobody has done. It asks for nothing when it
    does not apply; `review_due` is the day its clock has come to, while it runs.
    """
    if agreement.status(on).is_in_force and not any(period.covers(on) for period in periods):
        yield Lack("Ingen löftesperiod gäller i dag.", reverse("promises"))
    if review_due and review_due < on:
        yield Lack(
            f"Uppföljningen som skulle göras senast {date_format(review_due)} är inte fastställd.",
            reverse("reviews"),
        )


def promise_lacks(progress: Progress) -> Iterator[Lack]:
    """What lacks promise by promise: no plan, nothing done, late, or short of its target."""
    activities = [one.activity for promise in progress.promises for one in promise.activities]
    late = late_by_activity([one.pk for one in activities], progress.span, progress.on)
    for promise in progress.promises:
        lead = f"Löfte {promise.promise.number}: "
        for sentence in _sentences(promise):
            yield Lack(lead + sentence, promise.promise.get_absolute_url())
        for one in promise.activities:
            if one.activity.pk in late:
                sentence = _late_in_words(one.activity.title, late[one.activity.pk])
                yield Lack(lead + sentence, one.activity.get_absolute_url())


def _late_in_words(title: str, late: LateActivity) -> str:
    day = date_format(late.latest)
    if late.count == 1:
        return f"”{title}” skulle ha genomförts {day}, men inget är loggat."
    return (
        f"”{title}” skulle ha genomförts vid {late.count} tillfällen, senast {day}, "
        "men inget är loggat."
    )


def undertaking_lacks(evidence: Iterable[UndertakingEvidence]) -> Iterator[Lack]:
    """The undertakings that nothing shows to be kept, or not on every day."""
    for one in evidence:
        if one.lack:
            number, address = one.undertaking.number, one.undertaking.get_absolute_url()
            yield Lack(f"Åtagande {number}: {one.lack[0].lower()}{one.lack[1:]}", address)


def _sentences(promise: PromiseProgress) -> Iterator[str]:
    if promise.planned_activities == 0:
        yield "ingen aktivitet är planerad."
    elif promise.tally.occasions == 0:
        yield "inget tillfälle är loggat."
    for activity in promise.activities:
        yield from _of_activity(activity)
    for metric in promise.metrics:
        if metric.readings == 0:
            yield f"mätetalet ”{metric.name}” har inget mätvärde."


def _of_activity(one: ActivityProgress) -> Iterator[str]:
    title = one.activity.title
    if one.is_overdue:
        yield f"”{title}” är försenad."
    if one.wishes_waiting:
        waiting = counted(one.wishes_waiting, "önskemål", "önskemål")
        yield f"{waiting} om ”{title}” väntar på att mötas."
    if one.target is None and not one.activity.target_label:
        if one.activity.status != one.activity.Status.CANCELLED:
            yield f"”{title}” saknar åtagandenivå."
    elif one.target and one.target.state is TargetState.NOT_MET:
        missed = ", ".join(
            f"{window.label} ({window.carried_out} av {window.required})"
            for window in one.target.windows
            if window.state is TargetState.NOT_MET
        )
        yield f"”{title}” nådde inte åtagandenivån: {missed}."
