"""The year report: which one is asked for, and by when.

Länsstyrelsen reports by 15 February each year (förordning 2016:1258, 4 §), and asks the
municipality for its own before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from followup.models import Report
from promises.models import Agreement


@dataclass(frozen=True)
class YearDue:
    """The year report that is next to hand over, or was last to."""

    year: int
    ready_by: date
    due_on: date
    handed_over: Report | None
    is_late: bool


def year_due(agreement: Agreement, reports: Iterable[Report], on: date) -> YearDue | None:
    """The year report for the 15 February that comes next; None when no more is asked for.

    It can be made when its year has ended and is to be ready in January. None is asked for of a
    year in which the agreement did not apply.
    """
    reports = list(reports)
    year = on.year - 1
    # By the summer länsstyrelsen has written its own report.
    if on > date(on.year, 6, 30) or (on > date(on.year, 2, 15) and _of_year(reports, year)):
        year = on.year
    year = max(year, agreement.valid_from.year)
    if agreement.last_day and year > agreement.last_day.year:
        return None
    due_on, handed_over = date(year + 1, 2, 15), _of_year(reports, year)
    return YearDue(
        year=year,
        ready_by=date(year + 1, 1, 31),
        due_on=due_on,
        handed_over=handed_over,
        is_late=handed_over is None and on > due_on,
    )


def _of_year(reports: Iterable[Report], year: int) -> Report | None:
    return next(
        (
            one
            for one in reports
            if one.kind == Report.Kind.ANNUAL
            and one.withdrawn_at is None
            and one.starts_on == date(year, 1, 1)
        ),
        None,
    )
