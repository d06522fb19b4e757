"""What lacks in a review, as sentences for its writers and for its readers."""

from __future__ import annotations

from collections.abc import Iterator

from followup.figures import Tally
from followup.models import Assessment, Review
from followup.review_contents.contents import (
    AssessedSection,
    Gap,
    GoalSection,
    PromiseSection,
    UndertakingSection,
)
from promises.models import Activity


def gaps_in(
    review: Review,
    undertakings: tuple[UndertakingSection, ...],
    goals: tuple[GoalSection, ...],
    promises: tuple[PromiseSection, ...],
    tally: Tally,
) -> Iterator[Gap]:
    """Everything a reader would miss: in the writers' texts, then section by section."""
    for sentence, text in (
        ("Diarienummer saknas.", review.registry_number),
        ("Sammanfattning saknas.", review.summary),
        ("Fältet ”Beslut som behövs” är tomt.", review.decisions_needed),
        ("Slutsatser saknas.", review.conclusions),
    ):
        if not text.strip():
            yield Gap(sentence)
    if unknown := tally.minutes.unknown_occasions:
        yield Gap(f"{unknown} av {tally.occasions} tillfällen saknar uppgift om arbetstid.")
    for about, sections in (("undertaking", undertakings), ("goal", goals), ("promise", promises)):
        for section in sections:
            for sentence in [*_in_assessment(section), *_in_evidence(section)]:
                yield Gap(sentence, about, section.id)


def _in_assessment(section: AssessedSection) -> Iterator[str]:
    assessment = section.assessment
    if not assessment.value:
        yield f"{section.label} saknar bedömning."
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
        if section.tally.occasions == 0:
            yield f"{section.label} har inget genomfört tillfälle i perioden."
        for row in section.activities:
            if row.target is None and row.status != Activity.Status.CANCELLED:
                yield f"{section.label}: aktiviteten ”{row.title}” saknar åtagandenivå."
    for row in section.metrics:
        if row.figure.readings == 0:
            yield f"{section.label}: mätetalet ”{row.figure.name}” saknar mätvärde."
