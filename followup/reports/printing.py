"""A report → its PDF, with the figures beside it as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from followup.paper.pdf import data_attachment, render_document
from followup.paper.tables import as_csv
from followup.reports.contents import ReportContents
from followup.review.contents import PeriodContents

if TYPE_CHECKING:
    from followup.paper.pdf import Attachment

FIGURES_HEADER = ("Hör till", "Vad", "Slag", "Utgångsvärde", "Målvärde", "Utfall")


def render_report(report: ReportContents) -> bytes:
    """The report as PDF/A-3a and PDF/UA-1. The same contents give the same bytes."""
    return render_document(
        f"followup/reports/{report.kind.slug}_print.html",
        {"report": report, "contents": report.period},
        _attachments(report),
    )


def _attachments(report: ReportContents) -> list[Attachment]:
    """The figures. The log itself stays within the parties: it goes with no report."""
    day = report.period.cutoff_on
    figures = figures_csv(report.period)
    return [data_attachment("siffror.csv", "Rapportens siffror som tabell", figures, day)]


def figures_csv(period: PeriodContents) -> str:
    """The figures as a table for a Swedish spreadsheet, in the words they are printed in."""
    return as_csv(FIGURES_HEADER, _figures(period))


def _figures(period: PeriodContents) -> Iterator[tuple]:
    for section in period.promises + period.undertakings:
        tally = section.tally
        yield section.label, "Genomförda tillfällen", "Gjort", "", "", tally.occasions
        for row in section.activities:
            target = row.target.label if row.target else ""
            yield section.label, row.title, "Gjort", "", target, row.occasions
    for section in period.promises + period.undertakings + period.goals:
        for row in section.metrics:
            figure = row.figure
            dimension = "Effekt" if figure.is_effect else "Gjort"
            bounds = [figure.baseline_text, figure.target_text]
            yield section.label, figure.name, dimension, *bounds, figure.text
