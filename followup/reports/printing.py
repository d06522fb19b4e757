"""A report → its PDF, with the figures beside it as a table."""

from __future__ import annotations

from followup.paper.pdf import data_attachment, render_document
from followup.paper.report_tables import figures_csv
from followup.reports.contents import ReportContents


def render_report(report: ReportContents) -> bytes:
    """The report as PDF/A-3a and PDF/UA-1. The same contents give the same bytes.

    The log itself stays within the parties: only its figures go with the file.
    """
    period = report.period
    figures = data_attachment(
        "nyckeltal.csv", "Siffrorna som tabell", figures_csv(period), period.cutoff_on
    )
    return render_document(
        f"followup/reports/{report.kind.slug}_print.html",
        {"report": report, "contents": period},
        [figures],
    )
