"""A review's contents: everything the report prints, drawn from the log and the assessments.

`contents_of` feeds the preview and the PDF alike; `canonical_json` is what the parties sign.
"""

from followup.review_contents.contents import (
    ActivityRow,
    AssessmentContents,
    Deviations,
    Gap,
    GoalSection,
    LogRow,
    MetricRow,
    MissedTarget,
    PartyContents,
    PromiseSection,
    ReviewContents,
    SignatureRow,
    Standing,
    UndertakingSection,
    canonical_json,
    sha256,
)
from followup.review_contents.drafting import contents_of

__all__ = [
    "ActivityRow",
    "AssessmentContents",
    "Deviations",
    "Gap",
    "GoalSection",
    "LogRow",
    "MetricRow",
    "MissedTarget",
    "PartyContents",
    "PromiseSection",
    "ReviewContents",
    "SignatureRow",
    "Standing",
    "UndertakingSection",
    "canonical_json",
    "contents_of",
    "sha256",
]
