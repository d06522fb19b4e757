"""The poster for the notice board: vi lovade – vi gjorde – det hände, on one A4 sheet.

It holds what any citizen may read and nothing else: the promises, how many times something was
carried out under each, what was published about it, and what the effect metrics say. No plan,
no unpublished occasion or place of one, no name of a member comes in here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from followup.models import Occasion
from followup.numbers.agreement import agreement_progress
from followup.numbers.metrics import MetricFigure
from followup.numbers.progress import PromiseProgress
from followup.paper.pdf import render_sheet
from followup.public.promises import PublicOccasion, PublicPromise, public_promises
from followup.review.contents import PartyContents
from followup.swedish import format_number, in_a_row
from followup.time.spans import Span
from promises.models import Agreement, PromisePeriod

# More than so many promises do not fit a sheet that is to be read from a metre away.
MOST_PROMISES = 8
SIZES = ("roomy", "close", "dense")
PLACES_SHOWN = 3
EFFECTS_SHOWN = 1
# In a small village two of twenty-three pupils are known by everybody.
FEWEST_NAMED = 5


@dataclass(frozen=True)
class Effect:
    """What an effect metric says: "Elever i årskurs 9 som röker", "4 av 31 (13 %)", "8 %" before."""

    name: str
    text: str
    baseline_text: str
    year: int | None


@dataclass(frozen=True)
class PosterPromise:
    """A row of the poster."""

    number: int
    topic: str
    occasions: int
    places: tuple[str, ...]
    latest: PublicOccasion | None
    effects: tuple[Effect, ...]

    @property
    def places_in_words(self) -> str:
        """Such as "Risbäck, Lajksjöberg och Avaträsk"."""
        return in_a_row(self.places)


@dataclass(frozen=True)
class Poster:
    """The sheet as of a day. `left_out` is how many promises had no room; `address` leads to all."""

    agreement: str
    parties: tuple[PartyContents, ...]
    period: str
    starts_on: date
    ends_on: date
    is_running: bool
    on: date
    address: str
    promises: tuple[PosterPromise, ...]
    left_out: int
    is_example: bool


def poster_of(agreement: Agreement, period: PromisePeriod, on: date, address: str) -> Poster:
    """The poster of the period as of the day, in a constant number of queries."""
    shown = public_promises(period)
    span = Span(period.starts_on, min(period.ends_on, max(on, period.starts_on)))
    promises = list(period.promises.with_parties().order_by("number"))
    progress = agreement_progress(period.agreement, span, on, cutoff_on=on, promises=promises)
    places = _published_places(period)
    figures = {one.promise.number: one for one in progress.promises}
    rows = [_row(one, figures[one.number], places.get(one.number, ())) for one in shown]
    return Poster(
        agreement=agreement.title,
        parties=tuple(
            PartyContents(party.name, party.short_name, party.sami_name)
            for party in agreement.parties.all()
        ),
        period=period.title,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        is_running=period.covers(on),
        on=on,
        address=address,
        promises=tuple(rows[:MOST_PROMISES]),
        left_out=max(0, len(rows) - MOST_PROMISES),
        is_example=Occasion.objects.of_agreement(period.agreement).filter(is_example=True).exists(),
    )


def _row(shown: PublicPromise, progress: PromiseProgress, places: tuple[str, ...]) -> PosterPromise:
    return PosterPromise(
        number=shown.number,
        topic=shown.topic,
        occasions=progress.tally.occasions,
        places=places,
        latest=shown.latest[0] if shown.latest else None,
        effects=_effects(progress),
    )


def _effects(progress: PromiseProgress) -> tuple[Effect, ...]:
    """The effect metrics that have a reading, latest first."""
    figures = [*progress.metrics, *(f for one in progress.activities for f in one.metrics)]
    known = [
        (one.latest_on, one) for one in figures if one.is_effect and one.readings and one.latest_on
    ]
    known.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(
        Effect(one.name, _public_text(one), one.baseline_text, latest_on.year)
        for latest_on, one in known[:EFFECTS_SHOWN]
    )


def _public_text(figure: MetricFigure) -> str:
    """The figure as the portal prints it, unless so few are counted that they could be known."""
    if figure.part and figure.whole and figure.part < FEWEST_NAMED:  # a share, and not of none
        return f"färre än {FEWEST_NAMED} av {format_number(figure.whole)}"
    return figure.text


def _published_places(period: PromisePeriod) -> dict[int, tuple[str, ...]]:
    """By promise, the places that are named in public, most often first."""
    named = (
        Occasion.objects.published()
        .filter(activity__promise__period=period, place__isnull=False)
        .values_list("activity__promise__number", "place__name")
    )
    counts: dict[int, Counter[str]] = {}
    for number, place in named:
        counts.setdefault(number, Counter())[place] += 1
    return {
        number: tuple(
            name
            for name, _ in sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))[
                :PLACES_SHOWN
            ]
        )
        for number, places in counts.items()
    }


@lru_cache(maxsize=4)
def render_poster(poster: Poster) -> bytes:
    """The poster as PDF, in the largest type that fits the sheet.

    Kept while what it says is the same: anybody may ask for it any time.
    """
    return render_sheet(
        "followup/public/poster_print.html", [{"poster": poster, "size": size} for size in SIZES]
    )
