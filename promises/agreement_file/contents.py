"""What an agreement file may say.

A dataclass is a table of the file and bears the name of the model it becomes; its fields are the
table's keys, their types and defaults what is allowed. Lengths and choices are the model's own.

A key without a default is required, and its text or list must not be empty. The file is the
truth about what was signed. About what lives on in the portal (registry number, activities,
metrics) it need say nothing: there the default is None, and what stands is left as it is.

The order of rows with a number, of periods and of references is their own, whatever the file's:
the portal keeps no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from django.db.models import Model

from promises import models
from promises.models.activity import WITHOUT_COUNT


@dataclass(frozen=True)
class Among:
    """The value names a row in another list of the file."""

    rows: str
    by: str
    unknown: str  # what is said of a row that is not there, in Swedish


Number = Annotated[int, range(1, 1000)]
Count = Annotated[int, range(1, 10_000)]
Years = Annotated[int, range(1, 11)]
Month = Annotated[int, range(1, 13)]
PartyKey = Annotated[str, Among("parties", by="key", unknown="okänd part")]
PlaceName = Annotated[str, Among("places", by="name", unknown="okänd plats")]
GoalNumber = Annotated[int, Among("goals", by="number", unknown="okänt mål")]

# Faults that several keys make together: the key to name, and the rest of the sentence.
Faults = Iterator[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the file. In a list of tables, no two have the same `identity`."""

    model: ClassVar[type[Model]]
    identity: ClassVar[str] = ""

    def faults(self) -> Faults:
        """Faults between the keys of the table, where a key that is itself faulty is None."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class Metric(Table):
    model = models.Metric
    identity = "name"

    name: str
    unit: str | None = None
    dimension: models.Metric.Dimension | None = None
    rule: models.Metric.Rule | None = None
    baseline: Decimal | None = None
    target_value: Decimal | None = None
    lower_is_better: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Target(Table):
    """The åtagandenivå: `count` occasions for every `per`, or one of the two without a number. A
    season has its months.
    """

    count: Count | None = None
    per: models.Activity.TargetPer
    season_from: Month | None = None
    season_to: Month | None = None

    def faults(self) -> Faults:
        has_none = self.per in WITHOUT_COUNT
        if self.per and not has_none and self.count is None:
            yield "count", "saknas."
        if has_none and self.count is not None:
            yield "count", f'hör inte till per = "{self.per}", som inte har något antal.'
        is_season = self.per == models.Activity.TargetPer.SEASON
        for key in ("season_from", "season_to"):
            month = getattr(self, key)
            if is_season and month is None:
                yield key, 'ska vara månadens nummer, 1 till 12, när per är "season".'
            if not is_season and self.per and month is not None:
                yield key, 'hör bara till per = "season".'


@dataclass(frozen=True, kw_only=True)
class Activity(Table):
    """An activity to begin with. More are planned, and these are carried on, in the portal."""

    model = models.Activity
    identity = "title"

    title: str
    kind: models.Activity.Kind | None = None
    description: str | None = None
    responsible: PartyKey | None = None
    place: PlaceName | None = None
    target: Target | None = None
    metrics: tuple[Metric, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Place(Table):
    model = models.Place
    identity = "name"

    name: str
    kind: models.Place.Kind
    visit_within_days: Count | None = None
    season_from: Month | None = None
    season_to: Month | None = None

    def faults(self) -> Faults:
        if (self.season_from is None) != (self.season_to is None):
            yield "season_from", "en säsong behöver både season_from och season_to."


@dataclass(frozen=True, kw_only=True)
class Party(Table):
    model = models.Party
    identity = "key"

    key: str
    kind: models.Party.Kind
    name: str
    short_name: str
    sami_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Signatory(Table):
    """Signatories stand in the document's order, without a date if none stands by the name."""

    model = models.Signatory

    name: str
    title: str
    party: PartyKey
    signed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Goal(Table):
    model = models.Goal
    identity = "number"

    number: Number
    wording: str
    metrics: tuple[Metric, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Undertaking(Table):
    """An undertaking of the responsible party; without one, of all parties together."""

    model = models.Undertaking
    identity = "number"

    number: Number
    wording: str
    responsible: PartyKey | None = None
    evidence: models.Undertaking.Evidence | None = None
    activities: tuple[Activity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Promise(Table):
    model = models.Promise
    identity = "number"

    number: Number
    topic: str
    wording: str
    responsible: tuple[PartyKey, ...]
    goals: tuple[GoalNumber, ...] | None = None
    activities: tuple[Activity, ...] = ()
    metrics: tuple[Metric, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PromisePeriod(Table):
    """A period. `predecessor` is the first day of the one before it, here or in the agreement
    that this one replaces.
    """

    model = models.PromisePeriod
    identity = "starts_on"

    title: str
    letterhead: str = ""
    introduction: str = ""
    basis: str = ""
    starts_on: date
    ends_on: date
    predecessor: date | None = None
    promises: tuple[Promise, ...]
    signatories: tuple[Signatory, ...] = ()

    def faults(self) -> Faults:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield "ends_on", f"{self.ends_on} ligger före starts_on, {self.starts_on}."
        if self.starts_on and self.predecessor and self.predecessor >= self.starts_on:
            yield "predecessor", f"{self.predecessor} ligger inte före starts_on, {self.starts_on}."


@dataclass(frozen=True, kw_only=True)
class Agreement(Table):
    """The agreement's own words. `predecessor` is the key of the agreement it replaces."""

    model = models.Agreement
    identity = "key"

    key: str
    title: str
    letterhead: str = ""
    introduction: str = ""
    goals_introduction: str = ""
    foundations: str = ""
    undertakings_introduction: str = ""
    followup_clause: str = ""
    time_plan: str = ""
    valid_from: date
    valid_to: date
    runs_until_further_notice: bool = False
    followup_interval_years: Years = 2
    registry_number: str | None = None
    group_meetings_per_half_year: Count | None = None
    council_meetings_per_half_year: Count | None = None
    predecessor: str | None = None

    def faults(self) -> Faults:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield "valid_to", f"{self.valid_to} ligger före valid_from, {self.valid_from}."
        if self.key and self.key == self.predecessor:
            yield "predecessor", "en överenskommelse kan inte ersätta sig själv."


@dataclass(frozen=True, kw_only=True)
class AgreementFile(Table):
    """The whole file."""

    agreement: Agreement
    parties: tuple[Party, ...]
    goals: tuple[Goal, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    periods: tuple[PromisePeriod, ...] = ()
    places: tuple[Place, ...] = ()

    def faults(self) -> Faults:
        if self.parties and len(self.parties) == 1:
            yield "parties", "en överenskommelse har minst två parter."

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises of every period, in the file's order."""
        return tuple(promise for period in self.periods for promise in period.promises)
