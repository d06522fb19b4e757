"""The history of an object, as people read it: who changed what, when, from what to what.

django-simple-history keeps a row for every save of a tracked model. Here the rows of one object,
and of those that belong to it, become sentences for the page that shows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format

EMPTY = "Tomt"
NOBODY = "Portalen"  # a command, or the loading of a file
VERBS = {"+": "Lades till", "~": "Ändrades", "-": "Togs bort"}

# Of no interest to a reader: the row's own number, and what is the same for ever.
TECHNICAL = frozenset({"id", "is_example", "created_at"})

# An object and its many-to-many relations are stored one after the other.
SAME_MOMENT = timedelta(seconds=5)

# A text that saves itself while it is written is one change, as long as its writer keeps at it.
SAME_SITTING = timedelta(minutes=10)


@dataclass(frozen=True)
class FieldChange:
    """A field's value before and after, as it is read; `Tomt` when there was or is none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One save of one object. `fields` is empty when the object was added."""

    at: datetime
    by: str
    what: str
    verb: str
    reason: str
    fields: tuple[FieldChange, ...]


def changes_of(
    *objects: models.Model, hidden: frozenset[str] = frozenset(), by_sitting: bool = False
) -> list[Change]:
    """Every change of the objects, latest first, without the fields that are `hidden`.

    `by_sitting` shows changes of one object as one, when the same member made each within ten
    minutes of the one before: what stood there before the first, and after the last.

    Takes a few queries for each kind of object, however many there are of it.
    """
    by_model: dict[type[models.Model], dict[int, models.Model]] = defaultdict(dict)
    for one in objects:
        by_model[type(one)][one.pk] = one
    changes = [
        change
        for model, rows in by_model.items()
        for change in _Changes(model, rows, TECHNICAL | hidden).read(by_sitting)
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)


def shown(field: models.Field, value: object, names: dict | None = None) -> str:
    """A field's value as it is read on the history and on the conflict page.

    `names` are those of the rows that foreign keys lead to, by key.
    """
    if value is None or value == "":
        return EMPTY
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if names is not None and field.is_relation:
        return names.get(value, f"nr {value}")
    return in_words(value)


def in_words(value: object) -> str:
    """A plain value as it is written in Swedish."""
    match value:
        case None | "":
            return EMPTY
        case bool():
            return "Ja" if value else "Nej"
        case datetime():
            return date_format(timezone.localtime(value), "j F Y H:i")
        case date():
            return date_format(value)
        case time():
            return f"{value:%H.%M}"
        case Decimal():
            return number_format(value.normalize() + 0)
    return str(value)


class _Changes:
    """The changes of some objects of one model."""

    def __init__(
        self, model: type[models.Model], objects: dict[int, models.Model], hidden: frozenset[str]
    ) -> None:
        self.objects = objects
        self.rows = list(
            model.history.filter(id__in=objects)
            .select_related("history_user")
            .order_by("history_date", "history_id")
        )
        self.fields = [
            field for field in model.history.model.tracked_fields if field.name not in hidden
        ]
        self.linked = [
            field for field in model.history.model._history_m2m_fields if field.name not in hidden
        ]
        self.links = {field: self._links(field) for field in self.linked}
        self.names = {field: self._names(field) for field in self.fields if field.is_relation}

    def _links(self, field: models.ManyToManyField) -> dict[int, list[str]]:
        """What each row was linked to, by the row's history id, if it ever changed."""
        if len(self.rows) == len(self.objects):
            return {}  # added, and never touched since
        links = getattr(self.rows[0], field.name).model
        pairs = links.objects.filter(history__in=[row.history_id for row in self.rows])
        linked = defaultdict(set)
        for history_id, key in pairs.values_list(
            "history_id", f"{field.m2m_reverse_field_name()}_id"
        ):
            linked[history_id].add(key)
        names = _names_of(field.related_model, set().union(*linked.values()))
        return {
            history_id: sorted(names.get(key, f"nr {key}") for key in keys)
            for history_id, keys in linked.items()
        }

    def _names(self, field: models.ForeignKey) -> dict[int, str]:
        """What the foreign key has led to, if it ever changed; most never do."""
        keys: dict[int, set[int | None]] = defaultdict(set)
        for row in self.rows:
            keys[row.id].add(getattr(row, field.attname))
        changed = [found for found in keys.values() if len(found) > 1]
        return _names_of(field.related_model, set().union(*changed) - {None})

    def read(self, by_sitting: bool) -> Iterable[Change]:
        changes: dict[int, list[tuple[int | None, Change]]] = defaultdict(list)
        for row, change in self._read():
            told, by = changes[row.id], row.history_user_id
            if by_sitting and told and told[-1][0] == by and _is_one(told[-1][1], change):
                change = _together(told.pop()[1], change)
                if not change.fields:
                    continue  # changed, and changed back again
            told.append((by, change))
        return (change for told in changes.values() for _, change in told)

    def _read(self) -> Iterable[tuple[models.Model, Change]]:
        earlier: dict[int, models.Model] = {}
        added_at: dict[int, datetime] = {}
        for row in self.rows:
            before = earlier.get(row.id)
            earlier[row.id] = row
            if row.history_type == "+":
                added_at[row.id] = row.history_date
            fields, linked = (
                (self._plain(before, row), self._linked(before, row)) if before else ((), ())
            )
            if (
                row.id in added_at
                and row.history_date - added_at[row.id] < SAME_MOMENT
                and all(change.before == EMPTY for change in linked)
            ):
                linked = ()
            fields += linked
            if row.history_type == "~" and before and not fields:
                continue
            yield (
                row,
                Change(
                    at=row.history_date,
                    by=row.history_user.name if row.history_user else NOBODY,
                    what=self._title(row),
                    verb=VERBS[row.history_type],
                    reason=row.history_change_reason or "",
                    fields=fields,
                ),
            )

    def _title(self, row: models.Model) -> str:
        one = self.objects[row.id]
        name, kind = str(one), str(one._meta.verbose_name)
        return name if name.lower().startswith(kind) else f"{kind.capitalize()}: {name}"

    def _plain(self, before: models.Model, after: models.Model) -> tuple[FieldChange, ...]:
        return tuple(
            FieldChange(
                _label(field),
                shown(field, getattr(before, field.attname), self.names.get(field)),
                shown(field, getattr(after, field.attname), self.names.get(field)),
            )
            for field in self.fields
            if getattr(before, field.attname) != getattr(after, field.attname)
        )

    def _linked(self, before: models.Model, after: models.Model) -> tuple[FieldChange, ...]:
        return tuple(
            FieldChange(
                _label(field),
                ", ".join(links.get(before.history_id, [])) or EMPTY,
                ", ".join(links.get(after.history_id, [])) or EMPTY,
            )
            for field, links in self.links.items()
            if links.get(before.history_id, []) != links.get(after.history_id, [])
        )


def _is_one(first: Change, then: Change) -> bool:
    """Whether two changes of an object by the same member belong to one sitting."""
    return (
        {first.verb, then.verb} == {VERBS["~"]}
        and not first.reason
        and not then.reason
        and then.at - first.at <= SAME_SITTING
    )


def _together(first: Change, then: Change) -> Change:
    """Two changes as one: each field from before the first to after the last."""
    before = {field.label: field.before for field in reversed(first.fields + then.fields)}
    after = {field.label: field.after for field in first.fields + then.fields}
    fields = tuple(
        FieldChange(label, before[label], after[label])
        for label in after
        if before[label] != after[label]
    )
    return replace(then, fields=fields)


def _label(field: models.Field) -> str:
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def _names_of(model: type[models.Model], keys: set[int]) -> dict[int, str]:
    if not keys:
        return {}
    return {one.pk: str(one) for one in model._default_manager.filter(pk__in=keys)}
