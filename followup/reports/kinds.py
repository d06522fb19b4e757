"""The two kinds of report that are made and handed over: what each is for, and on whose demand.

When the year report is asked for is told by `followup.law.year_report`.
"""

from __future__ import annotations

from dataclasses import dataclass

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
