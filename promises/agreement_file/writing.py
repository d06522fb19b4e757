"""From an agreement in the database to a file that says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal

import tomlkit
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q
from tomlkit.items import Item, Table

from promises import models
from promises.agreement_file import contents
from promises.agreement_file.reading import read

HEADING = (
    "{title}",
    "",
    "Skriven av portalen. I löptext skiljer en tom rad stycken åt, och en rad som börjar med",
    '"- " är en punkt i en lista. Det som är portalens utgångsläge är utelämnat.',
    "",
    "Läses in med: manage.py load_agreement FIL",
)


def write(agreement: models.Agreement) -> str:
    """The agreement with everything under it as TOML, in the order of `contents`.

    Reading it gives what was loaded, with what has been changed and added in the portal since.
    What is as it would be if the file said nothing is left out. So are examples, activities that
    have been cancelled, and readings, persons and dates of the plan, which no file holds.

    Raises AgreementFileError if what stands in the database is not allowed in a file, such as a
    period without promises: nobody is given a file that can't be loaded.
    """
    stated = _Stating(agreement).agreement_file()
    text = _text(stated, agreement.title)
    if read(text.encode()) != stated:
        raise AssertionError(f"{agreement.key} reads back as something else than it says")
    return text


# --- From rows to contents -----------------------------------------------------------------------


class _Stating:
    """What the rows of one agreement say, as the contents of a file."""

    def __init__(self, agreement: models.Agreement) -> None:
        self.agreement = agreement
        self.activities = (
            models.Activity.objects.filter(is_example=False)
            .loggable()
            .select_related("responsible", "place")
            .prefetch_related("metrics")
            .order_by("id")
        )

    def agreement_file(self) -> contents.AgreementFile:
        predecessor = self.agreement.predecessor
        return contents.AgreementFile(
            agreement=contents.Agreement(
                **_plain(contents.Agreement, self.agreement),
                predecessor=predecessor and predecessor.key,
            ),
            parties=tuple(
                contents.Party(**_plain(contents.Party, party))
                for party in self.agreement.parties.order_by("id")
            ),
            goals=tuple(
                contents.Goal(**_plain(contents.Goal, goal), metrics=_metrics(goal))
                for goal in self.agreement.goals.prefetch_related("metrics")
            ),
            undertakings=tuple(
                self._undertaking(undertaking)
                for undertaking in self.agreement.undertakings.select_related("responsible")
            ),
            signatories=_signatories(self.agreement),
            periods=tuple(
                self._period(period)
                for period in self.agreement.periods.select_related("predecessor").order_by(
                    "starts_on"
                )
            ),
            places=tuple(
                contents.Place(**_plain(contents.Place, place)) for place in self._places()
            ),
        )

    def _undertaking(self, undertaking: models.Undertaking) -> contents.Undertaking:
        return contents.Undertaking(
            **_plain(contents.Undertaking, undertaking),
            responsible=undertaking.responsible and undertaking.responsible.key,
            activities=self._activities(self.activities.filter(undertaking=undertaking)),
        )

    def _period(self, period: models.PromisePeriod) -> contents.PromisePeriod:
        promises = period.promises.prefetch_related("metrics")
        return contents.PromisePeriod(
            **_plain(contents.PromisePeriod, period),
            predecessor=period.predecessor and period.predecessor.starts_on,
            promises=tuple(self._promise(promise) for promise in promises),
            signatories=_signatories(period),
        )

    def _promise(self, promise: models.Promise) -> contents.Promise:
        responsible = promise.responsible.order_by("id").values_list("key", flat=True)
        goals = promise.goals.order_by("number").values_list("number", flat=True)
        return contents.Promise(
            **_plain(contents.Promise, promise),
            responsible=tuple(responsible),
            goals=tuple(goals) or None,
            activities=self._activities(self.activities.filter(promise=promise)),
            metrics=_metrics(promise),
        )

    def _activities(self, rows: Iterable[models.Activity]) -> tuple[contents.Activity, ...]:
        """Of several with the same title, by which a file knows them, the first."""
        first: dict[str, contents.Activity] = {}
        for row in rows:
            if row.title not in first:
                first[row.title] = contents.Activity(
                    **_plain(contents.Activity, row),
                    responsible=row.responsible and row.responsible.key,
                    place=row.place and row.place.name,
                    target=_target(row),
                    metrics=_metrics(row),
                )
        return tuple(first.values())

    def _places(self) -> Iterable[models.Place]:
        """The places of the agreement: all but those only other agreements have activities at."""
        planned = models.Activity.objects.exclude(place=None)
        used = planned.filter(agreement=self.agreement).values("place")
        used_elsewhere = planned.exclude(agreement=self.agreement).values("place")
        return models.Place.objects.filter(Q(pk__in=used) | ~Q(pk__in=used_elsewhere)).order_by(
            "id"
        )


def _plain(shape: type[contents.Table], row: Model) -> dict[str, object]:
    """The row's own columns that the file has keys for, but for what is as by default."""
    values = {}
    for key in fields(shape):
        try:
            column = shape.model._meta.get_field(key.name)
        except FieldDoesNotExist:
            continue
        if column.is_relation:
            continue
        value = getattr(row, key.name)
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").strip()
        if key.default is MISSING or (value not in ("", None) and value != column.get_default()):
            values[key.name] = value
    return values


def _target(activity: models.Activity) -> contents.Target | None:
    if not activity.target_per:
        return None
    return contents.Target(
        count=activity.target_count,
        per=models.Activity.TargetPer(activity.target_per),
        season_from=activity.season_from,
        season_to=activity.season_to,
    )


def _metrics(
    owner: models.Activity | models.Promise | models.Goal,
) -> tuple[contents.Metric, ...]:
    return tuple(
        contents.Metric(**_plain(contents.Metric, metric)) for metric in owner.metrics.all()
    )


def _signatories(
    document: models.Agreement | models.PromisePeriod,
) -> tuple[contents.Signatory, ...]:
    return tuple(
        contents.Signatory(**_plain(contents.Signatory, row), party=row.party.key)
        for row in document.signatories.select_related("party")
    )


# --- From contents to text -----------------------------------------------------------------------


def _text(file: contents.AgreementFile, title: str) -> str:
    document = tomlkit.document()
    for line in HEADING:
        # A comment is one line of visible signs.
        document.add(tomlkit.comment(" ".join(line.format(title=title).split())))
    for key, value in _said(file):
        document.add(tomlkit.nl())
        document.add(key, _item(value))
    return tomlkit.dumps(document)


def _said(table: contents.Table) -> Iterable[tuple[str, object]]:
    """The keys of a table that say something, those with one value before those with tables."""
    said = [
        (key.name, value)
        for key in fields(table)
        if (value := getattr(table, key.name)) != key.default and value is not None
    ]
    return sorted(said, key=lambda pair: _holds_tables(pair[1]))


def _holds_tables(value: object) -> bool:
    return isinstance(value, tuple) and any(is_dataclass(row) for row in value)


def _item(value: object) -> Item:
    """The value as TOML: a target on one line, other tables as blocks, long texts as blocks."""
    match value:
        case contents.Target():
            return _filled(tomlkit.inline_table(), value)
        case contents.Table():
            return _filled(tomlkit.table(), value)
        case tuple() if _holds_tables(value):
            tables = tomlkit.aot()
            for row in value:
                tables.append(_item(row))
            return tables
        case str() if "\n" in value:
            # The quotation marks on lines of their own: reading strips those line breaks.
            escaped = tomlkit.string(value, multiline=True).as_string()[3:-3]
            return tomlkit.value(f'"""\n{escaped}\n"""')
        case str():
            return tomlkit.string(str(value))
        case Decimal():
            return tomlkit.value(f"{value.normalize():f}")
        case tuple():
            return tomlkit.item([*value])
        case bool() | int() | date():
            return tomlkit.item(value)
    raise TypeError(f"No way to write {value!r}")


def _filled(item: Table, table: contents.Table) -> Table:
    for key, value in _said(table):
        if _holds_tables(value):
            item.add(tomlkit.nl())
        item.add(key, _item(value))
    return item
