"""What lacks in a review, as sentences for its writers and for its readers."""

from __future__ import annotations

from collections.abc import Iterator

from followup.models import Assessment, Section
from followup.review.contents import (
    AssessedSection,
    Gap,
    GoalSection,
    PeriodContents,
    PromiseSection,
    Texts,
    UndertakingSection,
)
from promises.models import Activity


def gaps_in(registry_number: str, texts: Texts, period: PeriodContents) -> Iterator[Gap]:
    """Everything a reader would miss, section by section as the review is read.

    What blocks is what both parties sign: a summary, and a judgement of everything promised.
    """
    if not registry_number.strip():
        yield Gap("Diarienummer saknas.", Section.COVER)
    yield from _in_opening(texts, period)
    for about, sections in (
        (Section.UNDERTAKINGS, period.undertakings),
        (Section.GOALS, period.goals),
        (Section.PROMISES, period.promises),
    ):
        for section in sections:
            yield from _in_judged(about, section)
    yield from _in_surroundings(texts, period)
    for row in period.law.rows:
        if row.lack:
            yield Gap(f"{row.paragraph}: {row.lack}", Section.LAW)


def _in_opening(texts: Texts, period: PeriodContents) -> Iterator[Gap]:
    if not texts.summary.strip():
        yield Gap("Sammanfattning saknas.", Section.SUMMARY, blocks=True)
    if not texts.decisions.strip():
        yield Gap("Texten ”Beslut som behövs” är tom.", Section.SUMMARY)
    if not texts.method.strip():
        yield Gap("Texten om underlag och metod är tom.", Section.METHOD)
    if unknown := period.tally.minutes.unknown_occasions:
        yield Gap(
            f"{unknown} av {period.tally.occasions} tillfällen saknar uppgift om arbetstid.",
            Section.METHOD,
        )


def _in_judged(about: Section, section: AssessedSection) -> Iterator[Gap]:
    if not section.assessment.value:
        yield Gap(f"{section.label} saknar bedömning.", about, section.id, blocks=True)
    for sentence in [*_in_assessment(section), *_in_evidence(section)]:
        yield Gap(sentence, about, section.id)


def _in_surroundings(texts: Texts, period: PeriodContents) -> Iterator[Gap]:
    if period.situation is None:
        yield Gap("Ingen lägesbild var antagen på brytdatumet.", Section.SITUATION)
    if not period.dialogue.heard:
        yield Gap("Ingen medborgardialog finns i lägesbildens underlag.", Section.DIALOGUE)
    if not texts.dialogue.strip():
        yield Gap("Texten om vad ni hörde, gjorde och berättade är tom.", Section.DIALOGUE)
    if not period.deviations.is_empty and not texts.deviations.strip():
        yield Gap("Avvikelserna saknar förklaring.", Section.DEVIATIONS)
    if not texts.conclusions.strip():
        yield Gap("Slutsatser saknas.", Section.CONCLUSIONS)


def _in_assessment(section: AssessedSection) -> Iterator[str]:
    assessment = section.assessment
    if not assessment.value:
        return
    if not assessment.rationale.strip():
        yield f"{section.label} saknar motivering."
    can_be_assessed = assessment.value != Assessment.Value.CANNOT_ASSESS
    if isinstance(section, GoalSection) and can_be_assessed and not assessment.trend:
        yield f"{section.label} saknar uppgift om utveckling."
    if isinstance(section, PromiseSection) and not assessment.proposal:
        yield f"{section.label} saknar förslag: fortsätt, ändra eller avsluta."


def _in_evidence(section: AssessedSection) -> Iterator[str]:
    if isinstance(section, GoalSection):
        if not section.metrics:
            yield f"{section.label} har inget mätetal."
    else:
        if isinstance(section, UndertakingSection):
            if section.lack:
                yield f"{section.label}: {section.lack[0].lower()}{section.lack[1:]}"
        elif section.tally.occasions == 0:
            yield f"{section.label} har inget genomfört tillfälle i perioden."
        for activity in section.activities:
            if activity.target is None and activity.status != Activity.Status.CANCELLED:
                yield f"{section.label}: aktiviteten ”{activity.title}” saknar åtagandenivå."
    for row in section.metrics:
        if row.figure.readings == 0:
            yield f"{section.label}: mätetalet ”{row.figure.name}” saknar mätvärde."
