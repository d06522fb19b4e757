"""The days by which something has to be done, whoever asks: dashboard, årshjul, calendar, letter.

Two clocks are never mixed: each deadline says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from followup.law.clocks import Clock, Duty, clocks_at, picture_at, plan_at
from followup.time.spans import Span
from promises.models import Agreement, periods_in_line


@dataclass(frozen=True)
class Deadline:
    """A day by which something has to be done: what, whose clock it is, and where it is done.

    `duty` is what is done again and again, when it is such a day.
    """

    date: date
    what: str
    clock: Clock
    address: str
    duty: Duty | None = None


def agreement_deadlines(agreement: Agreement, within: Span) -> list[Deadline]:
    """The agreement's own within the two days: the ends of periods, its own, and the reviews."""
    found = [one for one in _of_agreement(agreement, within) if within.covers(one.date)]
    return sorted(found, key=lambda one: one.date)


def deadlines(agreement: Agreement, within: Span, on: date) -> list[Deadline]:
    """Those of the agreement and of the law within the two days, as they stand on the date.

    A review that was adopted before its day is due no more, and none is while the agreement's
    clock stands still.
    """
    clocks = clocks_at(agreement, picture_at(agreement, on), plan_at(agreement, on), on)
    goals = clocks.pop(Duty.GOALS, None)
    found = [
        one
        for one in agreement_deadlines(agreement, within)
        if one.duty is not Duty.GOALS or (goals and one.date >= goals.due_on)
    ]
    # Lag (2023:196) 6 §: the lägesbild is updated and the åtgärdsplan followed up in time.
    found += [
        Deadline(clock.due_on, duty, duty.clock, duty.address, duty)
        for duty, clock in clocks.items()
        if within.covers(clock.due_on)
    ]
    return sorted(found, key=lambda one: one.date)


def _of_agreement(agreement: Agreement, within: Span) -> Iterator[Deadline]:
    for period in periods_in_line(agreement):
        yield Deadline(
            period.ends_on,
            f"Löftesperioden slutar: {period.title}",
            Clock.AGREEMENT,
            reverse("promises"),
        )
    yield Deadline(
        agreement.last_day or agreement.valid_to,
        _end_of(agreement),
        Clock.AGREEMENT,
        reverse("agreement"),
    )
    for due in agreement.review_days(*within):
        yield Deadline(
            due,
            "Uppföljningen av målen ska vara gjord",
            Clock.AGREEMENT,
            Duty.GOALS.address,
            Duty.GOALS,
        )


def _end_of(agreement: Agreement) -> str:
    """What becomes of it on its last day, and whether there is one to follow."""
    if agreement.replaced_by:
        return "Överenskommelsen slutar gälla"
    if agreement.draft:
        lasts = "slutar gälla" if agreement.last_day else "förlängs tills vidare"
        return f"Överenskommelsen {lasts}. Den nya är inte undertecknad än"
    if agreement.last_day:
        return "Överenskommelsen slutar gälla, och ingen ny är påbörjad"
    return "Överenskommelsen förlängs tills vidare, om ingen ny tecknas"
