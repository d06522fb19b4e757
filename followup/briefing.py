"""Kommunchefens fem minuter: what one who opens the portal needs to know today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from followup.attention import agreement_lacks
from followup.changes_since import ChangeLine, Since, changes_since
from followup.deadlines import Deadline, deadlines
from followup.figures import Progress, Span, WindowForecast
from followup.law_check.clocks import LAW
from followup.models import Review
from followup.progress import forecasts
from followup.risks import Risk, risks
from followup.waiting import Waiting, waiting_for
from promises.models import Activity, Agreement, Member

# So many lines that the page stays one screen and one printed sheet.
RISKS_SHOWN = 4
WAITING_SHOWN = 3
DEADLINES_SHOWN = 5
CHANGES_SHOWN = 4


class Countdown(NamedTuple):
    """A deadline and the days left until it; below 0 it has passed."""

    deadline: Deadline
    days: int

    @property
    def clock_name(self) -> str:
        """Whose clock it is, in a word."""
        return "lagen" if self.deadline.clock == LAW else "överenskommelsen"

    @property
    def in_words(self) -> str:
        if self.days == 0:
            return "i dag"
        unit = "dag" if abs(self.days) == 1 else "dagar"
        return f"{abs(self.days)} {unit}" + (" sedan" if self.days < 0 else "")


class Capped(NamedTuple):
    """The first of some lines, and the rest of them."""

    shown: list
    rest: list


@dataclass(frozen=True)
class Briefing:
    """What waits for the member, what is at risk, what is due and what has changed."""

    waiting: Capped
    risks: Capped
    deadlines: list[Countdown]
    law_clock: Countdown | None
    since: Since
    changes: Capped


def briefing(
    member: Member,
    agreement: Agreement,
    on: date,
    since: Since,
    reviews: Iterable[Review],
    progress: Progress,
) -> Briefing:
    """The briefing on the date. What `progress` knows of today's forecasts is not asked for again."""
    ahead = _forecasts_today(agreement, progress, on)
    # The law's clocks run for two years: each of them is found, however newly it was wound.
    due = deadlines(agreement, Span(agreement.valid_from, on + relativedelta(years=2)), on)
    within_a_year = Span(on, on + relativedelta(years=1))
    coming = [Countdown(one, (one.date - on).days) for one in due if within_a_year.covers(one.date)]
    of_law = [Countdown(one, (one.date - on).days) for one in due if one.clock == LAW]
    found = risks(
        agreement,
        on,
        forecasts=ahead,
        lacks=agreement_lacks(agreement, agreement.periods.all(), reviews, on),
        passed=[one.deadline for one in of_law if one.days < 0],
    )
    return Briefing(
        waiting=_capped(waiting_for(member, agreement, on), WAITING_SHOWN),
        risks=_capped(found, RISKS_SHOWN),
        deadlines=coming[:DEADLINES_SHOWN],
        law_clock=next(iter(of_law), None),
        since=since,
        changes=_capped(changes_since(member, since.day, on, ahead), CHANGES_SHOWN),
    )


def _capped(lines: list[Waiting] | list[Risk] | list[ChangeLine], shown: int) -> Capped:
    """As many as are shown; one more is shown rather than spoken of."""
    return Capped(lines, []) if len(lines) <= shown else Capped(lines[:shown], lines[shown:])


def _forecasts_today(agreement: Agreement, progress: Progress, on: date) -> list[WindowForecast]:
    """The forecasts that run on the date: those at hand, when they are of every party and of now."""
    if progress.party is None and progress.span.covers(on):
        under = (*progress.promises, *progress.undertakings)
        return [one.forecast for each in under for one in each.activities if one.forecast]
    activities = (
        Activity.objects.of_agreement(agreement)
        .unfinished()
        .select_related("promise__period", "undertaking__agreement")
    )
    return list(forecasts(activities.order_by("title", "id"), on).values())
