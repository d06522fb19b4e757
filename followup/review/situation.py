"""What a report says of the lägesbild, and of what was heard from citizens and told to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from followup.models import Occasion, Report
from followup.review.surroundings import (
    Dialogue,
    ProblemRow,
    ReportRow,
    SituationContents,
    SourceRow,
)
from followup.time.spans import Span
from promises.models import Agreement, Promise, SituationPicture, Source


def situation_at(
    agreement: Agreement, day: date, labels: Mapping[tuple[type, int], str]
) -> SituationContents | None:
    """The lägesbild adopted last by the day, or None; `labels` name the promises of the report."""
    adopted = SituationPicture.objects.filter(agreement=agreement, adopted_on__lte=day)
    picture = adopted.with_parts().order_by("-adopted_on", "-edition").first()
    if picture is None or picture.adopted_on is None:
        return None
    return SituationContents(
        title=str(picture),
        dated_on=picture.dated_on,
        adopted_on=picture.adopted_on,
        adopting_body=picture.adopting_body,
        registry_number=picture.registry_number,
        extent=picture.extent,
        consequences=picture.consequences,
        other_information=picture.other_information,
        analysis=picture.analysis,
        problems=tuple(
            ProblemRow(
                title=problem.title,
                priority=problem.priority,
                priority_label=problem.get_priority_display(),
                causes=tuple(str(cause) for cause in problem.causes.all()),
                promises=tuple(
                    labels.get((Promise, promise.pk), str(promise))
                    for promise in problem.promises.all()
                ),
            )
            for problem in picture.problems.all()
        ),
        sources=tuple(_source_row(source) for source in picture.sources.all()),
    )


def dialogue_in(agreement: Agreement, span: Span, cutoff_on: date) -> Dialogue:
    """The citizen dialogues dated in the span, what was published and what was reported then."""
    heard = Source.objects.standing().filter(
        picture__agreement=agreement,
        picture__adopted_on__isnull=False,
        kind=Source.Kind.CITIZEN_DIALOGUE,
        dated_on__range=span,
    )
    # A dialogue stands in each edition that builds on it.
    distinct = {(row.title, row.dated_on): row for row in heard.order_by("dated_on", "id")}
    published = Occasion.objects.published().logged_by(cutoff_on)
    reports = Report.objects.standing().filter(agreement=agreement, reported_on__range=span)
    return Dialogue(
        heard=tuple(_source_row(source) for source in distinct.values()),
        published=published.filter(date__range=span).of_agreement(agreement).count(),
        reports=tuple(
            ReportRow(
                report.get_kind_display(), report.body, report.reported_on, report.registry_number
            )
            for report in reports.defer("pdf").order_by("reported_on", "id")
        ),
    )


def _source_row(source: Source) -> SourceRow:
    return SourceRow(
        source.kind, source.get_kind_display(), source.title, source.dated_on, source.summary
    )
