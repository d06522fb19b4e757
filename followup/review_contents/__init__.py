"""A report's contents: everything it prints, drawn from the log and the assessments.

`contents_of` feeds a review's workspace, preview and PDF alike, `period_contents` the other
reports; `canonical_json` is what the parties sign, and `read` takes it back.
"""

from followup.review_contents.contents import (
    ActivityRow,
    AssessedSection,
    AssessmentContents,
    Deviations,
    Difference,
    Gap,
    GoalSection,
    LogRow,
    MetricRow,
    MissedTarget,
    PartyContents,
    PeriodContents,
    PromiseSection,
    ReviewContents,
    SignatureRow,
    Standing,
    Texts,
    UndertakingSection,
)
from followup.review_contents.drafting import contents_of, period_contents
from followup.review_contents.frozen import canonical_json, read, sha256
from followup.review_contents.standing import standing_of
from followup.review_contents.surroundings import (
    ClockRow,
    Cooperation,
    Dialogue,
    HalfYearRow,
    Law,
    LawRow,
    PartyAttendance,
    ProblemRow,
    ReportRow,
    RhythmContents,
    SituationContents,
    SourceRow,
)

__all__ = [
    "ActivityRow",
    "AssessedSection",
    "AssessmentContents",
    "ClockRow",
    "Cooperation",
    "Deviations",
    "Dialogue",
    "Difference",
    "Gap",
    "GoalSection",
    "HalfYearRow",
    "Law",
    "LawRow",
    "LogRow",
    "MetricRow",
    "MissedTarget",
    "PartyAttendance",
    "PartyContents",
    "PeriodContents",
    "ProblemRow",
    "PromiseSection",
    "ReportRow",
    "ReviewContents",
    "RhythmContents",
    "SignatureRow",
    "SituationContents",
    "SourceRow",
    "Standing",
    "Texts",
    "UndertakingSection",
    "canonical_json",
    "contents_of",
    "period_contents",
    "read",
    "sha256",
    "standing_of",
]
