"""What citizens may read: the promises, the sentences published about each, and why they were given.

Only the columns named here are read, so that an internal note, an unpublished occasion, a
future plan or a member's name cannot reach the public page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from followup.models import Occasion
from promises.models import Agreement, Promise, PromisePeriod

SHOWN_PER_PROMISE = 5


@dataclass(frozen=True)
class PublicOccasion:
    date: date
    last_date: date | None  # type: ignore[valid-type]  # not the field above, which has the name
    known_by: str
    place: str | None
    sentence: str
    is_example: bool


@dataclass(frozen=True)
class PublicPromise:
    """A promise with its latest published occasions, and how many there are in all."""

    number: int
    topic: str
    wording: str
    parties: tuple[str, ...]
    latest: tuple[PublicOccasion, ...]
    published: int

    @property
    def has_examples(self) -> bool:
        return any(occasion.is_example for occasion in self.latest)


@dataclass(frozen=True)
class PublicPage:
    """Everything that the citizens' page says on a day, and nothing else: equal ones read alike."""

    on: date
    title: str
    starts_on: date
    ends_on: date
    introduction: str
    basis: str
    promises: tuple[PublicPromise, ...]
    why: str
    goals_introduction: str
    goals: tuple[str, ...]

    @property
    def is_running(self) -> bool:
        return self.starts_on <= self.on <= self.ends_on

    @property
    def has_examples(self) -> bool:
        return any(promise.has_examples for promise in self.promises)


def public_period(on: date) -> PromisePeriod | None:
    """The löftesperiod that citizens read of on the date: of those that every party has signed.

    One that is prepared is no promise yet, so the one before it stays until the last signature.
    """
    agreement = Agreement.objects.current(on)
    if agreement is None:
        return None
    periods = PromisePeriod.objects.in_line_with(agreement).signed(on)
    return periods.select_related("agreement").current(on)


def public_page(on: date) -> PublicPage | None:
    """What citizens read on the date; None as long as nothing is promised. In five queries."""
    period = public_period(on)
    if period is None:
        return None
    agreement = period.agreement
    return PublicPage(
        on=on,
        title=period.title,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        introduction=period.introduction,
        basis=period.basis,
        promises=tuple(public_promises(period)),
        why=agreement.introduction,
        goals_introduction=agreement.goals_introduction,
        goals=tuple(agreement.goals.order_by("number").values_list("wording", flat=True)),
    )


def public_promises(period: PromisePeriod) -> list[PublicPromise]:
    """The period's promises in order, in two queries however long the log is."""
    occasions: defaultdict[int | None, list[PublicOccasion]] = defaultdict(list)
    for promise_id, day, last, known_by, place, sentence, is_example in (
        Occasion.objects.published()
        .filter(activity__promise__period=period)
        .newest_first()
        .values_list(
            "activity__promise_id",
            "date",
            "last_date",
            "known_by",
            "place__name",
            "public_sentence",
            "is_example",
        )
    ):
        occasions[promise_id].append(
            PublicOccasion(day, last, known_by, place, sentence, is_example)
        )
    # A row for each party of each promise.
    parties: defaultdict[tuple[int, int, str, str], list[str]] = defaultdict(list)
    for pk, number, topic, wording, party in (
        Promise.objects.filter(period=period)
        .order_by("number", "responsible")
        .values_list("pk", "number", "topic", "wording", "responsible__name")
    ):
        parties[pk, number, topic, wording] += [party] if party else []
    return [
        PublicPromise(
            number=number,
            topic=topic,
            wording=wording,
            parties=tuple(named),
            latest=tuple(occasions[pk][:SHOWN_PER_PROMISE]),
            published=len(occasions[pk]),
        )
        for (pk, number, topic, wording), named in parties.items()
    ]
