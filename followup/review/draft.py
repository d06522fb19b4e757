"""A new review, drafted from the log: its texts and the facts beside each coming judgement.

The draft states what the log, the lägesbild and the meetings say and judges nothing: values are
set by people. A fresh draft can be had at any time; it never replaces what somebody has written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.formats import date_format

from followup.models import Assessment, Review, ReviewText
from followup.numbers.targets import TargetProgress
from followup.numbers.totals import Tally, Total
from followup.review.contents import (
    Deviations,
    MetricRow,
    PeriodContents,
    PromiseSection,
    UndertakingSection,
)
from followup.review.gathering import period_contents
from followup.review.surroundings import Cooperation, Dialogue, SituationContents
from followup.swedish import NO_FIGURE, days_in_words, in_a_row, out_of, working_time
from followup.time.spans import Span
from promises.models import Member

Kind = ReviewText.Kind

# Conclusions, decisions and improvements are people's own.
DRAFTED = frozenset(Kind) - {Kind.DECISIONS, Kind.CONCLUSIONS, Kind.IMPROVEMENTS}


@transaction.atomic
def start_review(review: Review, by: Member) -> Review:
    """Save the new review with its drafted texts and one assessment for each thing to assess."""
    review.created_by = by
    review.save()
    period = period_of(review)
    drafted = drafts_of(period)
    for kind in Kind:
        ReviewText.objects.create(review=review, kind=kind, text=drafted.get(kind, ""))
    assessments = [
        Assessment(review=review, goal_id=one.id, rationale=_metrics(one.metrics))
        for one in period.goals
    ]
    assessments += [
        Assessment(review=review, undertaking_id=one.id, rationale=_evidence(one))
        for one in period.undertakings
    ]
    assessments += [
        Assessment(review=review, promise_id=one.id, rationale=_evidence(one))
        for one in period.promises
    ]
    Assessment.objects.bulk_create(assessments)
    return review


def period_of(review: Review) -> PeriodContents:
    """What the log holds for the review's days, by its cut-off."""
    return period_contents(review.agreement, Span.of(review), review.cutoff_on)


def drafts_of(period: PeriodContents) -> dict[Kind, str]:
    """A text of each kind that is `DRAFTED`."""
    return {
        Kind.SUMMARY: _summary(period),
        Kind.METHOD: _method(period),
        Kind.SITUATION: _situation(period.situation),
        Kind.DIALOGUE: _dialogue(period.dialogue),
        Kind.COOPERATION: _cooperation(period.cooperation, period.tally),
        Kind.DEVIATIONS: _deviations(period.deviations),
    }


# --- The texts -----------------------------------------------------------------------------


def _method(period: PeriodContents) -> str:
    return (
        f"Uppföljningen bygger på samverkansgruppens logg för tiden "
        f"{days_in_words(period.starts_on, period.ends_on)}. Det som hade loggats senast "
        f"{date_format(period.cutoff_on)} är medräknat."
    )


def _summary(period: PeriodContents) -> str:
    total = f"Under perioden loggades {_occasions(period.tally)}"
    if period.under_undertakings:
        total += f", varav {period.under_undertakings} under åtagandena"
    sentences = [f"{total}."]
    if period.targets:
        sentences.append(f"{period.targets_met} av {period.targets} åtagandenivåer nåddes.")
    for one in period.promises:
        sentences.append(f"{one.label}: {_occasions(one.tally)}.")
    return " ".join(sentences)


def _situation(situation: SituationContents | None) -> str:
    if situation is None:
        return ""
    by_whom = f" av {situation.adopting_body}" if situation.adopting_body else ""
    paragraphs = [
        f"{situation.title} antogs {date_format(situation.adopted_on)}{by_whom}. "
        f"Den tar upp {len(situation.problems)} problem."
    ]
    priorities = dict.fromkeys(problem.priority_label for problem in situation.problems)
    if priorities:
        titles = {
            priority: [one.title for one in situation.problems if one.priority_label == priority]
            for priority in priorities
        }
        paragraphs.append(
            _list(f"Prioritet {key.lower()}: {in_a_row(titles[key])}" for key in titles)
        )
    if unanswered := [problem.title for problem in situation.problems if not problem.promises]:
        paragraphs.append(f"Inget löfte i perioden svarar mot: {in_a_row(unanswered)}.")
    return "\n\n".join(paragraphs)


def _dialogue(dialogue: Dialogue) -> str:
    paragraphs = ["Ingen medborgardialog finns i lägesbildens underlag för perioden."]
    if dialogue.heard:
        heard = (
            f"{one.title}, {date_format(one.dated_on)}: {one.summary}" for one in dialogue.heard
        )
        paragraphs = ["Det här hörde vi:", _list(heard)]
    published = _counted(dialogue.published, "tillfälle", "tillfällen")
    told = [f"Det här berättade vi: portalens öppna sida visar {published} ur perioden."]
    told += [
        f"{one.kind_label} lämnades till {one.body} {date_format(one.reported_on)}."
        for one in dialogue.reports
    ]
    return "\n\n".join([*paragraphs, " ".join(told)])


def _cooperation(cooperation: Cooperation, tally: Tally) -> str:
    sentences = []
    for rhythm in cooperation.rhythms:
        held = [
            f"{half_year.label.lower()} {_meetings(half_year.held)}"
            for half_year in rhythm.half_years
        ]
        if held:
            agreed = ""
            if rhythm.agreed is not None:
                agreed = f" Överenskommet är {_meetings(rhythm.agreed)} per halvår."
            sentences.append(f"{rhythm.kind_label} höll {in_a_row(held)}.{agreed}")
    if any(one.meetings for one in cooperation.attendance):
        attended = [f"{one.party} {one.in_words}" for one in cooperation.attendance]
        sentences.append(f"Närvaro i samverkansgruppen: {'; '.join(attended)}.")
    decisions = _counted(cooperation.decisions, "beslut", "beslut")
    tasks = _counted(cooperation.tasks_given, "uppdrag", "uppdrag")
    done = f", varav {cooperation.tasks_done} klara" if cooperation.tasks_given else ""
    sentences.append(f"På mötena togs {decisions} och gavs {tasks}{done}.")
    if tally.party_minutes:
        time = [f"{one.party} {_time(one.minutes)}" for one in tally.party_minutes]
        sentences.append(f"Loggad tid: {in_a_row(time)}.")
    return "\n\n".join(sentences)


def _deviations(deviations: Deviations) -> str:
    if deviations.is_empty:
        return "Loggen visar inga avvikelser."
    return "\n\n".join(_deviating(deviations))


def _deviating(deviations: Deviations) -> Iterator[str]:
    if deviations.missed_targets:
        yield "Åtagandenivån nåddes inte:"
        yield _list(
            f"{row.activity} ({row.target}): "
            + ", ".join(
                f"{window.label} ({window.carried_out} av {window.required})"
                for window in row.windows
            )
            for row in deviations.missed_targets
        )
    if deviations.cancelled:
        yield "Inställt:"
        yield _list(
            f"{row.title}: {row.cancellation_reason.rstrip('.')}" for row in deviations.cancelled
        )
    if deviations.overdue:
        yield "Försenat:"
        yield _list(
            f"{row.title}, skulle ha varit klart {date_format(row.planned_to)}"
            for row in deviations.overdue
            if row.planned_to
        )
    not_counted = [
        f"{_counted(len(rows), 'tillfälle', 'tillfällen')} {why}"
        for rows, why in (
            (deviations.withdrawn, "som drogs tillbaka"),
            (deviations.late, "som loggades efter brytdatumet"),
        )
        if rows
    ]
    if not_counted:
        yield f"Räknas inte: {in_a_row(not_counted)}."


# --- The facts beside a judgement ------------------------------------------------------------


def _evidence(section: UndertakingSection | PromiseSection) -> str:
    sentences = [*_carried_out(section)]
    sentences += [
        f"{activity.title}: {_target(activity.target)}."
        for activity in section.activities
        if activity.target and activity.target.windows
    ]
    is_promise = isinstance(section, PromiseSection)
    if is_promise and (minutes := section.tally.minutes).known is not None:
        sentences.append(f"Loggad tid: {_time(minutes)}.")
    return " ".join(sentences)


def _carried_out(section: UndertakingSection | PromiseSection) -> Iterator[str]:
    """What shows an undertaking, in its own words; of a promise, its occasions."""
    if isinstance(section, UndertakingSection) and section.evidence:
        yield section.evidence
    elif section.activities:
        yield f"{_occasions(section.tally).capitalize()}{_last(section.tally)}."


def _metrics(rows: Iterable[MetricRow]) -> str:
    return " ".join(
        f"{figure.name}: {figure.text if figure.readings else figure.text.lower()}."
        for figure in (row.figure for row in rows)
    )


def _target(target: TargetProgress) -> str:
    met = f", {target.state.label.lower()}" if target.state else ""
    done = out_of(target.done_of_required, target.required)
    return f"{done}{' tillfällen' if target.required else ''} ({target.label}{met})"


# --- In words --------------------------------------------------------------------------------


def _occasions(tally: Tally) -> str:
    return _counted(tally.occasions, "tillfälle", "tillfällen")


def _meetings(number: int) -> str:
    return _counted(number, "möte", "möten")


def _counted(number: int, one: str, many: str) -> str:
    """Of a neuter noun, as all that is counted here."""
    return f"ett {one}" if number == 1 else f"{number or 'inga'} {many}"


def _last(tally: Tally) -> str:
    return f", det senaste {date_format(tally.last_on)}" if tally.last_on else ""


def _time(minutes: Total) -> str:
    if minutes.known is None:
        return NO_FIGURE.lower()
    time = working_time(minutes.known)
    if (unknown := minutes.unknown_occasions) == 1:
        return f"{time} (ett tillfälle saknar uppgift)"
    return f"{time} ({unknown} tillfällen saknar uppgift)" if unknown else time


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {' '.join(line.split())}" for line in lines)
