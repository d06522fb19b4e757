"""Kommunchefens fem minuter: what one who opens the portal needs to know today."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q, prefetch_related_objects

from followup.law.clocks import Clock, Duty
from followup.log.address import log_address, log_by_place
from followup.models import Occasion
from followup.models.occasion import last_known_day, promises_to_report
from followup.numbers.agreement import agreement_progress
from followup.numbers.forecasts import forecasts
from followup.numbers.progress import Progress
from followup.numbers.targets import WindowForecast
from followup.numbers.visits import PlaceClock, place_clocks
from followup.overview.changes import ChangeLine
from followup.overview.kinds_of_change import changes_since
from followup.overview.lacks import agreement_lacks
from followup.overview.promise_rows import PromiseRow, promise_rows
from followup.overview.risks import Risk, risks
from followup.overview.since import Since, choose_since, ways_to_look_back
from followup.overview.waiting import Waiting, waiting_for
from followup.plan.deadlines import Deadline, deadlines
from followup.swedish import counted
from followup.time.named_spans import NamedSpan, choose, spans_of
from followup.time.spans import Span
from promises.models import (
    Activity,
    Agreement,
    Member,
    Party,
    Promise,
    PromisePeriod,
    periods_in_line,
)
from promises.models.agreement import AgreementStatus

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
        return "lagen" if self.deadline.clock is Clock.LAW else "överenskommelsen"

    @property
    def in_words(self) -> str:
        if self.days == 0:
            return "i dag"
        return counted(abs(self.days), "dag", "dagar") + (" för sent" if self.days < 0 else "")


class Capped(NamedTuple):
    """The first of some lines, and the rest of them."""

    shown: list
    rest: list


class Elsewhere(NamedTuple):
    """How many times something was done under the promises of another löftesperiod."""

    period: PromisePeriod
    occasions: int


class Afterwards(NamedTuple):
    """What was carried out after the shown löftesperiod ran out: people go on all the same."""

    period_ended_on: date
    occasions: int
    last_on: date | None
    log_address: str


@dataclass(frozen=True)
class Figures:
    """What came of the promises in the chosen time, of one party's doing or of everybody's."""

    spans: list[NamedSpan]
    chosen: NamedSpan
    party: Party | None
    progress: Progress
    rows: list[PromiseRow]
    log_address: str
    """The log with the occasions that are counted."""
    log_by_place: dict[str | None, str]
    elsewhere: list[Elsewhere]
    """What was logged these days under promises of other periods than the one that is shown."""
    afterwards: Afterwards | None

    @property
    def by_period(self) -> list[tuple[PromisePeriod, list[PromiseRow]]]:
        """The rows under the löftesperiod of each, earliest first."""
        in_order = sorted(self.rows, key=lambda row: row.one.promise.period.starts_on)
        groups = groupby(in_order, key=lambda row: row.one.promise.period)
        return [(period, list(rows)) for period, rows in groups]

    @property
    def under_undertakings(self) -> int:
        """How many of all the occasions stand under no promise's row, but under an undertaking."""
        return sum(one.tally.occasions for one in self.progress.undertakings)


@dataclass(frozen=True)
class Briefing:
    """Where all of it stands, what waits for the member, what is at risk, due and changed."""

    status: AgreementStatus
    review_clock: Countdown | None
    """None while the agreement's clock stands still."""
    figures: Figures
    waiting: Capped
    risks: Capped
    deadlines: list[Countdown]
    law_clock: Countdown | None
    ways: list[Since]
    since: Since
    changes: Capped
    places: list[PlaceClock]


def briefing(
    member: Member,
    agreement: Agreement,
    on: date,
    *,
    span: str | None = None,
    party: str | None = None,
    since: str | None = None,
) -> Briefing:
    """The briefing on the date. `span`, `party` and `since` are the keys of what is asked for."""
    prefetch_related_objects([agreement], "periods", "parties")
    periods = periods_in_line(agreement)
    figures = _figures(agreement, periods, on, span, party)
    ahead = _forecasts_today(agreement, figures.progress, on)
    if sum(period.covers(on) for period in periods) > 1:
        # What one period has taken over from another is not at risk in both.
        found = Activity.objects.filter(pk__in=[one.activity.pk for one in ahead])
        in_force = set(found.in_force(on))
        ahead = [one for one in ahead if one.activity in in_force]
    # Every clock is found, however newly it was wound: the law's run for two years, and a review
    # that is adopted early leaves more than one interval until the next.
    longest = relativedelta(years=max(2, 2 * agreement.followup_interval_years))
    until = max(on, agreement.valid_from) + longest
    due = deadlines(agreement, Span(agreement.valid_from, until), on)
    review = next((one for one in due if one.duty is Duty.GOALS), None)
    within_a_year = Span(on, on + relativedelta(years=1))
    # Of the reviews only the next is told, also when it is late and another day draws near.
    told = [one for one in due if one.duty is not Duty.GOALS or one == review]
    coming = [
        Countdown(one, (one.date - on).days) for one in told if within_a_year.covers(one.date)
    ]
    of_law = [Countdown(one, (one.date - on).days) for one in due if one.clock is Clock.LAW]
    clocks = place_clocks(agreement, on)
    found = risks(
        agreement,
        on,
        forecasts=ahead,
        lacks=agreement_lacks(agreement, periods, review and review.date, on),
        passed=[one.deadline for one in of_law if one.days < 0],
        clocks=clocks,
    )
    ways = ways_to_look_back(member, on)
    back_to = choose_since(ways, since)
    return Briefing(
        status=agreement.status(on),
        review_clock=review and Countdown(review, (review.date - on).days),
        figures=figures,
        waiting=_capped(waiting_for(member, agreement, on), WAITING_SHOWN),
        risks=_capped(found, RISKS_SHOWN),
        deadlines=coming[:DEADLINES_SHOWN],
        law_clock=next(iter(of_law), None),
        ways=ways,
        since=back_to,
        changes=_capped(changes_since(member, back_to.day, on, ahead), CHANGES_SHOWN),
        places=clocks,
    )


def _figures(
    agreement: Agreement,
    periods: list[PromisePeriod],
    on: date,
    span: str | None,
    party: str | None,
) -> Figures:
    """The figures for the keys; when nobody asks for ones that exist, of now and of every party.

    Of a löftesperiod its own promises are shown, once each. What was done those days under
    another's is counted, as the log does, and said beside them.
    """
    spans = spans_of(agreement, periods, on)
    chosen = choose(spans, span)
    if chosen.period and chosen.period.agreement_id != agreement.pk:
        agreement = chosen.period.agreement
    of_party = next((one for one in agreement.parties.all() if str(one.pk) == party), None)
    progress = agreement_progress(
        agreement,
        chosen.span,
        on,
        promises=promises_to_report(agreement, chosen.span).select_related("period"),
        party=of_party,
        with_effects=False,
    )
    rows = promise_rows(progress)
    shown = [row for row in rows if chosen.period in {None, row.one.promise.period}]
    elsewhere: Counter[PromisePeriod] = Counter()
    for row in rows:
        if row not in shown:
            elsewhere[row.one.promise.period] += row.one.tally.occasions
    return Figures(
        spans=spans,
        chosen=chosen,
        party=of_party,
        progress=progress,
        rows=shown,
        log_address=log_address(progress.span, of_party),
        log_by_place=log_by_place(progress.span, of_party),
        elsewhere=[Elsewhere(*one) for one in elsewhere.items() if one[1]],
        afterwards=_afterwards(agreement, on, chosen, of_party)
        if chosen == choose(spans, None)
        else None,
    )


def _afterwards(
    agreement: Agreement, on: date, latest: NamedSpan, party: Party | None
) -> Afterwards | None:
    """What has been done from the day after the latest löftesperiod up to the date, if anything."""
    if latest.span.ends_on >= on:
        return None
    since = Span(latest.span.ends_on + timedelta(days=1), on)
    done = Occasion.objects.carried_out(within=since).of_agreement(agreement)
    if party:
        done = done.filter(party=party)
    told = done.aggregate(occasions=Count("id"), last_on=last_known_day())
    if not told["occasions"]:
        return None
    return Afterwards(
        latest.span.ends_on, told["occasions"], told["last_on"], log_address(since, party)
    )


def _capped(lines: list[Waiting] | list[Risk] | list[ChangeLine], shown: int) -> Capped:
    """As many as are shown; one more is shown rather than spoken of."""
    return Capped(lines, []) if len(lines) <= shown else Capped(lines[:shown], lines[shown:])


def _forecasts_today(agreement: Agreement, progress: Progress, on: date) -> list[WindowForecast]:
    """The forecasts that run on the date.

    Those at hand in `progress`, when they are of every party and of now, are not asked for again.
    """
    is_at_hand = progress.party is None and progress.agreement == agreement
    if is_at_hand and progress.span.covers(on):
        under = (*progress.promises, *progress.undertakings)
        return [one.forecast for each in under for one in each.activities if one.forecast]
    in_line = Promise.objects.filter(period__in=PromisePeriod.objects.in_line_with(agreement))
    activities = (
        Activity.objects.filter(Q(agreement=agreement) | Q(promise__in=in_line))
        .unfinished()
        .select_related("promise__period", "agreement__successor", "undertaking__agreement")
    )
    return list(forecasts(activities.order_by("title", "id"), on).values())
