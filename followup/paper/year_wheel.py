"""The year → its PDF: the wheel with its table."""

from __future__ import annotations

from followup.paper.charts.drawing import PRINT
from followup.paper.charts.wheel import legend
from followup.paper.pdf import render_document
from followup.plan.year import YearPlan
from promises.models import Agreement, Party


def render_year_wheel(agreement: Agreement, plan: YearPlan, party: Party | None) -> bytes:
    """The year as a wheel with its table, whole or as one of the parties sees it."""
    return render_document(
        "followup/plan/year_wheel_print.html",
        {
            "agreement": agreement,
            "plan": plan,
            "party": party,
            "legend": legend(palette=PRINT),
            "is_example": any(entry.is_example for entry in plan.entries),
        },
        [],
    )
