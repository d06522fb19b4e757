"""What the portal holds for each paragraph of lag (2023:196), and what lacks.

A paragraph is *evident* when nothing lacks, *noted* when somebody has written why the lack is
none, and else *missing*. The portal can show that something is there; whether it is enough is
for people to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from followup.law.facts import facts_at
from followup.law.paragraphs import ASKED
from followup.law.rows import ClockRow, Law, LawRow
from followup.law.shown import SHOWN_FOR, Evidence
from followup.models import LawNote, LawParagraph, Review
from promises.models import Agreement


@dataclass(frozen=True)
class Finding:
    """A paragraph of the Lagkontroll as it is read on the page."""

    paragraph: LawParagraph
    evidence: tuple[Evidence, ...]
    lack: str
    note: LawNote | None

    @property
    def heading(self) -> str:
        return ASKED[self.paragraph].heading

    @property
    def asks(self) -> str:
        return ASKED[self.paragraph].asks

    @property
    def state(self) -> str:
        if not self.lack:
            return "evident"
        return "noted" if self.note else "missing"

    @property
    def state_label(self) -> str:
        labels = {"evident": "Visas i portalen", "noted": "Noterat", "missing": "Saknas"}
        return labels[self.state]

    def as_row(self) -> LawRow:
        """The finding as a report keeps it: plain words, no links.

        What a note stands for is no lack any more.
        """
        note = self.note
        return LawRow(
            paragraph=self.paragraph.label,
            heading=self.heading,
            asks=self.asks,
            state=self.state,
            state_label=self.state_label,
            evidence=tuple(one.text for one in self.evidence),
            lack="" if note else self.lack,
            note=f"{note.get_value_display()}. {note.rationale}" if note else "",
            noted_by=note.noted_by.name if note else "",
            noted_on=note.noted_on if note else None,
        )


class LawCheck(NamedTuple):
    """Every paragraph, and the clocks that run."""

    findings: tuple[Finding, ...]
    clocks: tuple[ClockRow, ...]


def check_at(agreement: Agreement, on: date, counting: Review | None = None) -> LawCheck:
    """The Lagkontroll as of the day, in a constant number of queries.

    The notes are those that stand now: like an assessment, a note is written when the figures
    are in. A review that is told of it counts itself (`counting`).
    """
    standing = LawNote.objects.standing().filter(agreement__in=agreement.line)
    own_last = standing.select_related("noted_by").order_by("agreement__valid_from")
    notes = {note.paragraph: note for note in own_last}
    facts = facts_at(agreement, on, counting)
    findings = tuple(
        Finding(paragraph, *SHOWN_FOR[paragraph](facts), notes.get(paragraph))
        for paragraph in LawParagraph
    )
    return LawCheck(findings, tuple(facts.clocks.values()))


def law_at(agreement: Agreement, on: date, counting: Review | None = None) -> Law:
    """The Lagkontroll on the day, as a report prints it, in a constant number of queries.

    Of an agreement that has ended by then it is as of its last day: what came after is told of
    under the next one.
    """
    on = min(on, agreement.last_day or on)
    checked = check_at(agreement, on, counting)
    rows = tuple(finding.as_row() for finding in checked.findings)
    return Law(rows=rows, clocks=checked.clocks, told_on=on)
