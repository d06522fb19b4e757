"""What citizens may read of each promise: its wording, and the sentences published about it.

Only the columns named here are read, so that an internal note, an unpublished occasion, a
future plan or a member's name cannot reach the public page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from followup.models import Occasion
from promises.models import Promise, PromisePeriod

SHOWN_PER_PROMISE = 5


@dataclass(frozen=True)
class PublicOccasion:
    date: date
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


def public_promises(period: PromisePeriod) -> list[PublicPromise]:
    """The period's promises in order, in three queries however long the log is."""
    occasions = defaultdict(list)
    for promise_id, *shown in (
        Occasion.objects.published()
        .filter(activity__promise__period=period)
        .newest_first()
        .values_list("activity__promise_id", "date", "place__name", "public_sentence", "is_example")
    ):
        occasions[promise_id].append(PublicOccasion(*shown))
    return [
        PublicPromise(
            number=promise.number,
            topic=promise.topic,
            wording=promise.wording,
            parties=tuple(party.name for party in promise.responsible.all()),
            latest=tuple(occasions[promise.pk][:SHOWN_PER_PROMISE]),
            published=len(occasions[promise.pk]),
        )
        for promise in Promise.objects.filter(period=period).prefetch_related("responsible")
    ]
