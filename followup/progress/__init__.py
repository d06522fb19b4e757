"""Where the portal's numbers are computed, once, for page, PDF, spreadsheet and public site.

`log` adds up occasions and targets, `metrics` readings, and `series` those over time. Each of the other modules answers one question
more: how the meetings keep to their rhythm, how long ago a village was visited, by what an
undertaking is seen to be kept, whether a target will be met.
"""

from followup.progress.evidence import (
    UndertakingEvidence,
    time_by_year,
    undertaking_evidence,
    vacancies,
)
from followup.progress.forecasts import computed_as_of, forecasts
from followup.progress.log import activity_progress, agreement_progress
from followup.progress.meetings import HalfYear, MeetingRhythm, meeting_rhythm
from followup.progress.metrics import metric_figures
from followup.progress.visits import VISIBLE_KINDS, PlaceClock, VisitState, place_clocks

__all__ = [
    "VISIBLE_KINDS",
    "HalfYear",
    "MeetingRhythm",
    "PlaceClock",
    "UndertakingEvidence",
    "VisitState",
    "activity_progress",
    "agreement_progress",
    "computed_as_of",
    "forecasts",
    "meeting_rhythm",
    "metric_figures",
    "place_clocks",
    "time_by_year",
    "undertaking_evidence",
    "vacancies",
]
