"""What was promised, by whom, to whom and for how long."""

from promises.models.activity import Activity, FormerTarget, Metric, Place
from promises.models.agreement import Agreement, Goal, Signatory, Undertaking
from promises.models.appointment import Appointment
from promises.models.feedback import AccessibilityFeedback
from promises.models.member import Delegation, Member
from promises.models.party import Party
from promises.models.planned_occasion import PlannedOccasion
from promises.models.promise import Promise, PromisePeriod, periods_in_line
from promises.models.situation import ActionPlan, Cause, Problem, SituationPicture, Source

__all__ = [
    "AccessibilityFeedback",
    "ActionPlan",
    "Activity",
    "Agreement",
    "Appointment",
    "Cause",
    "Delegation",
    "FormerTarget",
    "Goal",
    "Member",
    "Metric",
    "Party",
    "Place",
    "PlannedOccasion",
    "Problem",
    "Promise",
    "PromisePeriod",
    "Signatory",
    "SituationPicture",
    "Source",
    "Undertaking",
    "periods_in_line",
]
