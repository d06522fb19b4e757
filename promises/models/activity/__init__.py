"""The plan: what is to be done about a promise or an undertaking, where, how often, measured how."""

from promises.models.activity.activity import Activity, ActivityQuerySet, in_force_itself
from promises.models.activity.metric import Metric, MetricQuerySet
from promises.models.activity.place import Place
from promises.models.activity.target import (
    MONTH_NAMES,
    TARGET_FIELDS,
    WITHOUT_COUNT,
    FormerTarget,
    TargetFields,
    months_in_words,
)

__all__ = [
    "MONTH_NAMES",
    "TARGET_FIELDS",
    "WITHOUT_COUNT",
    "Activity",
    "ActivityQuerySet",
    "FormerTarget",
    "Metric",
    "MetricQuerySet",
    "Place",
    "TargetFields",
    "in_force_itself",
    "months_in_words",
]
