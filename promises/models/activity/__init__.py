"""The plan: what is to be done about a promise or an undertaking, where, how often, measured how."""

from promises.models.activity.activity import (
    MONTH_NAMES,
    Activity,
    ActivityQuerySet,
    months_in_words,
)
from promises.models.activity.metric import Metric, MetricQuerySet
from promises.models.activity.place import Place

__all__ = [
    "MONTH_NAMES",
    "Activity",
    "ActivityQuerySet",
    "Metric",
    "MetricQuerySet",
    "Place",
    "months_in_words",
]
