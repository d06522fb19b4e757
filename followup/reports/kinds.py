"""The two kinds of report that are made and handed over: what each is for, on whose demand, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from followup.models import Report


@dataclass(frozen=True)
class ReportKind:
    """A kind of report. `slug` stands in its address, `form` is how it is spoken of in a sentence."""

    kind: Report.Kind
    slug: str
    reader: str
    purpose: str
    source: str
    form: str

    @property
    def label(self) -> str:
        return self.kind.label


KINDS = {
    one.slug: one
    for one in (
        ReportKind(
            Report.Kind.ANNUAL,
            "arsrapport",
            "Länsstyrelsen",
            "Ett kalenderår i sin helhet: åtaganden, löften, mål, samverkan och avvikelser.",
            "Länsstyrelsen redovisar länets brottsförebyggande arbete senast den 15 februari "
            "varje år (förordning 2016:1258, 4 §).",
            "årsrapporten",
        ),
        ReportKind(
            Report.Kind.COUNCIL,
            "fullmaktige",
            "Kommunfullmäktige",
            "Det viktigaste på högst två sidor, utan loggens texter.",
            "Den ansvariga nämnden rapporterar fortlöpande till fullmäktige (lag 2023:196, 13 §).",
            "rapporten",
        ),
    )
}

# What each report's file is called. Status reports are made no more, but were handed over.
FILE_NAMES = {one.kind: one.slug for one in KINDS.values()} | {Report.Kind.STATUS: "lagesrapport"}


@dataclass(frozen=True)
class YearDue:
    """The year report that is next to hand over, or was last to."""

    year: int
    ready_by: date
    due_on: date
    handed_over: Report | None
    is_late: bool


def year_due(reports: Iterable[Report], on: date) -> YearDue:
    """The year report for the 15 February that comes next.

    It can be made when its year has ended and is to be ready in January.
    """
    due_on = date(on.year, 2, 15)
    if on > due_on and _of_year(reports, on.year - 1):
        due_on = date(on.year + 1, 2, 15)
    elif on > due_on.replace(month=6, day=30):
        # By the summer länsstyrelsen has written its own report.
        due_on = date(on.year + 1, 2, 15)
    year = due_on.year - 1
    handed_over = _of_year(reports, year)
    return YearDue(
        year=year,
        ready_by=date(due_on.year, 1, 31),
        due_on=due_on,
        handed_over=handed_over,
        is_late=handed_over is None and on > due_on,
    )


def _of_year(reports: Iterable[Report], year: int) -> Report | None:
    return next(
        (
            one
            for one in reports
            if one.kind == Report.Kind.ANNUAL
            and one.withdrawn_at is None
            and one.starts_on == date(year, 1, 1)
        ),
        None,
    )
