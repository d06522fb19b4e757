"""Forms for the log, and the log's filter."""

from followup.forms.log.narrowing import OccasionFilter
from followup.forms.log.occasion import (
    PLANNED_IS_CANCELLED,
    PLANNED_IS_LOGGED,
    OccasionForm,
    WithdrawForm,
)

__all__ = [
    "PLANNED_IS_CANCELLED",
    "PLANNED_IS_LOGGED",
    "OccasionFilter",
    "OccasionForm",
    "WithdrawForm",
]
