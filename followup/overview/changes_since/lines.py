"""Every change as lines: read in one query, others' doing first, then the weightiest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from followup.numbers.targets import WindowForecast
from followup.overview.changes_since.change import ChangeKind, ChangeLine, LookBack, Row
from followup.overview.changes_since.log import LOG_CHANGES
from followup.overview.changes_since.meetings import MEETING_CHANGES, keep_the_furthest
from followup.overview.changes_since.plan import PLAN_CHANGES, moved_by_figures
from followup.overview.changes_since.review import REVIEW_CHANGES
from followup.overview.changes_since.situation import SITUATION_CHANGES
from promises.models import Member

CHANGES = (*LOG_CHANGES, *REVIEW_CHANGES, *MEETING_CHANGES, *SITUATION_CHANGES, *PLAN_CHANGES)


def changes_since(
    member: Member, since: date, on: date, forecasts: Iterable[WindowForecast]
) -> list[ChangeLine]:
    """What has changed from the day on that the member may see: others' doing first.

    `forecasts` are today's, of those activities whose prognosis is to be compared with what it
    was when the day began. Three queries, however much has changed.
    """
    back = LookBack(member, since)
    by_kind = _rows(back)
    lines = [
        line
        for change in CHANGES
        if (rows := by_kind[change.kind])
        for line in change.told(change.kind, rows, back)
    ]
    lines += moved_by_figures(forecasts, since, on)
    order = list(ChangeKind)
    return sorted(lines, key=lambda one: (one.is_own, order.index(one.kind), -one.on.toordinal()))


def _rows(back: LookBack) -> dict[ChangeKind, list[Row]]:
    """Every row, in one query, by the kind of change it is of."""
    first, *rest = (change.rows(back) for change in CHANGES)
    by_kind: dict[ChangeKind, list[Row]] = defaultdict(list)
    for row in first.union(*rest, all=True):
        by_kind[ChangeKind(row[0])].append(Row(*row))
    keep_the_furthest(by_kind)
    return by_kind
