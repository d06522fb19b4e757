"""What was promised, by whom, to whom and for how long."""

from promises.models.activity import Activity, Metric, Place
from promises.models.agreement import Agreement, Goal, Party, Signatory, Undertaking
from promises.models.member import Member
from promises.models.promise import Promise, PromisePeriod

__all__ = [
    "Activity",
    "Agreement",
    "Goal",
    "Member",
    "Metric",
    "Party",
    "Place",
    "Promise",
    "PromisePeriod",
    "Signatory",
    "Undertaking",
]
