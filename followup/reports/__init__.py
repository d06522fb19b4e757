"""The reports beside the biennial review: for the year, for fullmäktige, for any period, for the board.

`kinds` says what each is for and when it is due, `periods` which days it can cover. `contents`
gathers what it says, from where every report begins (`review_contents.period_contents`), and
`printing` makes the file. `poster` is the sheet for the notice board: only what anybody may read.
"""

from followup.reports.contents import ReportContents, digest, hand_over, report_contents
from followup.reports.kinds import KINDS, ReportKind
from followup.reports.poster import Poster, poster_of, render_poster
from followup.reports.printing import render_report, render_year_wheel

__all__ = [
    "KINDS",
    "Poster",
    "ReportContents",
    "ReportKind",
    "digest",
    "hand_over",
    "poster_of",
    "render_poster",
    "render_report",
    "render_year_wheel",
    "report_contents",
]
