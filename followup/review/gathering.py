"""A report's contents are drawn from the log: which rows belong where. Nothing is computed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date

from django.utils import timezone

from followup.law.findings import law_at
from followup.models import Assessment, Occasion, Review
from followup.models.occasion import end_of, promises_to_report
from followup.numbers.agreement import agreement_progress
from followup.numbers.evidence import UndertakingEvidence, undertaking_evidence
from followup.numbers.progress import (
    ActivityProgress,
    GoalProgress,
    Progress,
    PromiseProgress,
    UndertakingProgress,
)
from followup.numbers.targets import TargetProgress, TargetState, TargetWindow
from followup.review.contents import (
    ActivityRow,
    AssessmentContents,
    Deviations,
    GoalSection,
    LogRow,
    MetricRow,
    MissedTarget,
    PartyContents,
    PeriodContents,
    PromiseSection,
    ReviewContents,
    Texts,
    UndertakingSection,
)
from followup.review.cooperation import cooperation_in
from followup.review.differences import differences_from
from followup.review.gaps import gaps_in
from followup.review.situation import dialogue_in, situation_at
from followup.review.standing import standing_of
from followup.review.surroundings import SituationContents
from followup.time.spans import Span
from promises.models import Activity, Agreement, Goal, Promise, Undertaking

Thing = Goal | Undertaking | Promise
Key = tuple[type[Thing], int]


def contents_of(review: Review, on: date) -> ReviewContents:
    """The review's contents as they stand, to be printed on the day `on`.

    The number of queries is constant.
    """
    agreement = review.agreement
    period = period_contents(
        agreement,
        Span.of(review),
        review.cutoff_on,
        assessments=_assessments(review),
        is_example=review.is_example,
        review=review,
    )
    texts = Texts(**dict(review.texts.values_list("kind", "text")))
    contents = ReviewContents(
        **{part.name: getattr(period, part.name) for part in fields(period)},
        title=agreement.review_name.capitalize(),
        registry_number=review.registry_number,
        edition=review.edition,
        texts=texts,
        late_before=late_before(review),
        differences=(),
        gaps=tuple(gaps_in(review.registry_number, texts, period)),
        standing=standing_of(review, on),
    )
    return replace(contents, differences=differences_from(review.corrects, contents))


def period_contents(
    agreement: Agreement,
    span: Span,
    cutoff_on: date,
    assessments: Mapping[Key, AssessmentContents] | None = None,
    is_example: bool = False,
    review: Review | None = None,
) -> PeriodContents:
    """What was carried out in the span and logged by the cut-off, in a constant number of queries.

    Every report begins here; only a `review` has assessments to put beside the figures, and counts
    itself among what has been followed up.
    """
    progress = agreement_progress(
        agreement,
        span,
        on=cutoff_on,
        cutoff_on=cutoff_on,
        promises=promises_to_report(agreement, span)
        .with_parties()
        .order_by("period__starts_on", "number"),
    )
    labels = _labels(progress)
    assessments = assessments or defaultdict(AssessmentContents)
    log = _log(progress, cutoff_on, labels)
    situation = situation_at(agreement, cutoff_on, labels)
    evidence = {
        one.undertaking: one
        for one in undertaking_evidence(agreement, span, on=cutoff_on, cutoff_on=cutoff_on)
    }
    undertakings = tuple(
        _undertaking_section(one, labels, assessments, evidence[one.undertaking])
        for one in progress.undertakings
    )
    promises = tuple(
        _promise_section(one, labels, assessments, log, situation) for one in progress.promises
    )
    targets = [
        target for one in progress.promises + progress.undertakings for target in one.targets
    ]
    return PeriodContents(
        agreement=agreement.title,
        parties=tuple(
            PartyContents(party.name, party.short_name, party.sami_name)
            for party in agreement.parties.all()
        ),
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        cutoff_on=cutoff_on,
        is_example=is_example,
        tally=progress.tally,
        targets=len(targets),
        targets_met=sum(target.state is TargetState.MET for target in targets),
        undertakings=undertakings,
        goals=tuple(_goal_section(one, labels, assessments) for one in progress.goals),
        promises=promises,
        situation=situation,
        dialogue=dialogue_in(agreement, span, cutoff_on),
        cooperation=cooperation_in(agreement, span, cutoff_on),
        deviations=_deviations(undertakings + promises, log),
        law=law_at(agreement, cutoff_on, review),
        log=tuple(log.counted),
    )


def _key(thing: Thing) -> Key:
    return type(thing), thing.pk


def _labels(progress: Progress) -> dict[Key, str]:
    """What each thing is called in the report.

    A promise's number says enough while the review covers a single löftesperiod; with several,
    the years of the promise's period follow it.
    """
    things: list[Thing] = [one.undertaking for one in progress.undertakings]
    things += [one.goal for one in progress.goals]
    labels = {_key(thing): str(thing) for thing in things}
    is_single = len({one.promise.period_id for one in progress.promises}) <= 1
    for one in progress.promises:
        number = f"Löfte {one.promise.number}"
        first, last = one.promise.period.starts_on.year, one.promise.period.ends_on.year
        years = f"{first}" if first == last else f"{first}–{last}"
        labels[_key(one.promise)] = number if is_single else f"{number} ({years})"
    return labels


def _assessments(review: Review) -> defaultdict[Key, AssessmentContents]:
    assessments = defaultdict(AssessmentContents)
    for assessment in review.assessments.select_related(
        "goal", "undertaking", "promise", "assessed_by"
    ):
        assessments[_key(assessment.assessed)] = _assessment(assessment)
    return assessments


def _assessment(assessment: Assessment) -> AssessmentContents:
    return AssessmentContents(
        value=assessment.value,
        value_label=(
            AssessmentContents.value_label
            if assessment.is_missing
            else assessment.get_value_display()
        ),
        trend=assessment.trend,
        trend_label=assessment.get_trend_display(),
        rationale=assessment.rationale,
        obstacles=assessment.obstacles,
        lessons=assessment.lessons,
        proposal=assessment.proposal,
        proposal_label=assessment.get_proposal_display(),
        assessed_by=assessment.assessed_by.name if assessment.assessed_by else "",
        assessed_on=assessment.assessed_on,
    )


# --- Sections ------------------------------------------------------------------------------


def _undertaking_section(
    one: UndertakingProgress,
    labels: Mapping[Key, str],
    assessments: Mapping[Key, AssessmentContents],
    evidence: UndertakingEvidence,
) -> UndertakingSection:
    key = _key(one.undertaking)
    return UndertakingSection(
        id=one.undertaking.pk,
        label=labels[key],
        wording=one.undertaking.wording,
        responsible=one.undertaking.responsible_label,
        evidence=evidence.in_words,
        lack=evidence.lack,
        activities=_activity_rows(one, labels[key]),
        metrics=_metric_rows(one),
        tally=one.tally,
        assessment=assessments[key],
    )


def _goal_section(
    one: GoalProgress, labels: Mapping[Key, str], assessments: Mapping[Key, AssessmentContents]
) -> GoalSection:
    key = _key(one.goal)
    return GoalSection(
        id=one.goal.pk,
        label=labels[key],
        wording=one.goal.wording,
        metrics=tuple(MetricRow("", figure) for figure in one.metrics),
        assessment=assessments[key],
    )


def _promise_section(
    one: PromiseProgress,
    labels: Mapping[Key, str],
    assessments: Mapping[Key, AssessmentContents],
    log: _Log,
    situation: SituationContents | None,
) -> PromiseSection:
    key = _key(one.promise)
    return PromiseSection(
        id=one.promise.pk,
        label=labels[key],
        topic=one.promise.topic,
        wording=one.promise.wording,
        period=one.promise.period.title,
        responsible=tuple(party.short_name for party in one.promise.responsible.all()),
        problems=tuple(
            problem
            for problem in (situation.problems if situation else ())
            if labels[key] in problem.promises
        ),
        activities=_activity_rows(one, labels[key]),
        metrics=tuple(MetricRow("", figure) for figure in one.metrics) + _metric_rows(one),
        tally=one.tally,
        log=tuple(log.counted_under[key]),
        assessment=assessments[key],
    )


def _activity_rows(one: PromiseProgress | UndertakingProgress, under: str) -> tuple:
    return tuple(_activity_row(activity, under) for activity in one.activities)


def _activity_row(one: ActivityProgress, under: str) -> ActivityRow:
    activity = one.activity
    return ActivityRow(
        id=activity.pk,
        under=under,
        title=activity.title,
        responsible=activity.responsible.short_name if activity.responsible else "",
        status=activity.status,
        status_label=activity.get_status_display(),
        is_overdue=one.is_overdue,
        planned_to=activity.planned_to,
        cancellation_reason=activity.cancellation_reason,
        target=one.target,
        occasions=one.tally.occasions,
        minutes=one.tally.minutes,
        last_on=one.tally.last_on,
    )


def _metric_rows(one: PromiseProgress | UndertakingProgress) -> tuple[MetricRow, ...]:
    return tuple(
        MetricRow(activity.activity.title, figure)
        for activity in one.activities
        for figure in activity.metrics
    )


# --- The log -------------------------------------------------------------------------------


@dataclass
class _Log:
    """The occasions of the period, oldest first, by what becomes of them in the report."""

    counted: list[LogRow] = field(default_factory=list)
    counted_under: defaultdict[Key, list[LogRow]] = field(default_factory=lambda: defaultdict(list))
    withdrawn: list[LogRow] = field(default_factory=list)
    late: list[LogRow] = field(default_factory=list)


def _log(progress: Progress, cutoff_on: date, labels: Mapping[Key, str]) -> _Log:
    activities = [
        activity.activity.pk
        for one in progress.promises + progress.undertakings
        for activity in one.activities
    ]
    log = _Log()
    occasions = Occasion.objects.filter(activity__in=activities, date__range=progress.span)
    for occasion in occasions.with_everything().order_by("date", "id"):
        key = _key(occasion.activity.answers_to)
        row = _log_row(occasion, labels[key])
        if occasion.is_withdrawn:
            log.withdrawn.append(row)
        elif row.logged_on > cutoff_on:
            log.late.append(row)
        else:
            log.counted.append(row)
            log.counted_under[key].append(row)
    return log


def _log_row(occasion: Occasion, under: str) -> LogRow:
    return LogRow(
        date=occasion.date,
        last_date=occasion.last_date,
        known_by=occasion.known_by,
        under=under,
        activity=occasion.activity.title,
        place=occasion.place.name if occasion.place else "",
        party=occasion.party.short_name,
        minutes=occasion.minutes,
        participants=occasion.participants,
        done=occasion.done,
        outcome=occasion.outcome,
        is_outside_term=occasion.is_outside_period,
        logged_on=timezone.localdate(occasion.created_at),
        withdrawal_reason=occasion.withdrawal_reason,
    )


def _deviations(sections: tuple[UndertakingSection | PromiseSection, ...], log: _Log) -> Deviations:
    activities = [row for section in sections for row in section.activities]
    return Deviations(
        cancelled=tuple(row for row in activities if row.status == Activity.Status.CANCELLED),
        overdue=tuple(row for row in activities if row.is_overdue),
        missed_targets=tuple(
            MissedTarget(row.under, row.title, row.target.label, missed)
            for row in activities
            if row.target and (missed := _missed(row.target))
        ),
        withdrawn=tuple(log.withdrawn),
        late=tuple(log.late),
    )


def _missed(target: TargetProgress) -> tuple[TargetWindow, ...]:
    return tuple(window for window in target.windows if window.state is TargetState.NOT_MET)


# --- Late entries --------------------------------------------------------------------------


def late_before(review: Review) -> tuple[LogRow, ...]:
    """What was carried out in the time of the review before, but logged too late for it."""
    before = Review.objects.before(review)
    if before is None:
        return ()
    occasions = Occasion.objects.carried_out((before.starts_on, before.ends_on))
    late = occasions.of_agreement(review.agreement).logged_by(review.cutoff_on)
    return tuple(
        _log_row(occasion, str(occasion.activity.answers_to))
        for occasion in late.filter(created_at__gte=end_of(before.cutoff_on))
        .with_everything()
        .order_by("date", "id")
    )
