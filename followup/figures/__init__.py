"""The shapes the portal's numbers come in: frozen, ready to print, the same for every reader.

`followup.progress` computes them. `None` means ingen uppgift, which is not 0.
"""

from followup.figures.metrics import (
    SMALL_NUMBER,
    MetricFigure,
    MetricPoint,
    figure_text,
    format_number,
    rounded_to,
)
from followup.figures.progress import (
    ActivityProgress,
    GoalProgress,
    Progress,
    PromiseProgress,
    UndertakingProgress,
    WithActivities,
)
from followup.figures.targets import (
    ForecastOverride,
    TargetProgress,
    TargetState,
    TargetWindow,
    WindowForecast,
)
from followup.figures.totals import (
    MONTH_ABBREVIATIONS,
    MonthCount,
    PartyMinutes,
    PlaceCount,
    Span,
    Tally,
    Total,
)

__all__ = [
    "MONTH_ABBREVIATIONS",
    "SMALL_NUMBER",
    "ActivityProgress",
    "ForecastOverride",
    "GoalProgress",
    "MetricFigure",
    "MetricPoint",
    "MonthCount",
    "PartyMinutes",
    "PlaceCount",
    "Progress",
    "PromiseProgress",
    "Span",
    "Tally",
    "TargetProgress",
    "TargetState",
    "TargetWindow",
    "Total",
    "UndertakingProgress",
    "WindowForecast",
    "WithActivities",
    "figure_text",
    "format_number",
    "rounded_to",
]
