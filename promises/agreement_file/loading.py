"""From the contents of an agreement file to rows in the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Field, Model, QuerySet
from django.utils.formats import localize

from promises import models
from promises.agreement_file import contents
from promises.agreement_file.reading import AgreementFileError

LONGEST_QUOTE = 80  # characters; of a longer text it is only said that it changed


@dataclass(frozen=True)
class Loaded:
    """What a loading did: a Swedish phrase for each row created and each value changed."""

    agreement: models.Agreement
    is_new: bool
    created: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def changed_nothing(self) -> bool:
        return not self.created and not self.changed


def load(file: contents.AgreementFile) -> Loaded:
    """Make the database say what the file says: all of it or nothing.

    A row is recognised by its key or number; it is created if it is missing and changed if it
    differs. Nothing is ever removed: what was promised, and logged against, must not vanish
    because a line in a file did. Activities and metrics may be more in the portal than here.

    Raises AgreementFileError when the database holds more of the agreement than the file, when
    a party or predecessor doesn't fit what is there, or when a rule of a model says no.
    """
    with transaction.atomic():
        is_new = not models.Agreement.objects.filter(key=file.agreement.key).exists()
        loading = _Loading(file)
        agreement = loading.agreement()
        if loading.errors:
            raise AgreementFileError(loading.errors)
    return Loaded(agreement, is_new, tuple(loading.created), tuple(loading.changed))


class _Loading:
    def __init__(self, file: contents.AgreementFile) -> None:
        self.file = file
        self.created: list[str] = []
        self.changed: list[str] = []
        self.errors: list[str] = []
        # What the file's references stand for; a reference left out stands for nothing.
        self.parties: dict[str | None, models.Party | None] = {None: None}
        self.places: dict[str | None, models.Place | None] = {None: None}
        self.goals: dict[int, models.Goal] = {}

    def agreement(self) -> models.Agreement:
        stated = self.file.agreement
        for place in self.file.places:
            self.places[place.name] = self._row(place)
        for party in self.file.parties:
            self.parties[party.key] = self._party(party)
        parties = [self.parties[party.key] for party in self.file.parties]
        standing = models.Party.objects.filter(agreements__key=stated.key)
        self._refuse_others(standing, parties, "parties", "key")

        agreement = self._row(stated, linked={"parties": parties}, **self._predecessor(stated))
        self.goals = {goal.number: self._goal(goal, agreement) for goal in self.file.goals}
        self._refuse_others(agreement.goals, [*self.goals.values()], "goals", "number")
        undertakings = [self._undertaking(row, agreement) for row in self.file.undertakings]
        self._refuse_others(agreement.undertakings, undertakings, "undertakings", "number")
        self._signatories(self.file.signatories, "signatories", agreement=agreement)
        # A period comes after its predecessor.
        stated_periods = sorted(self.file.periods, key=lambda period: period.starts_on)
        periods = [self._period(period, agreement) for period in stated_periods]
        self._refuse_others(agreement.periods, periods, "periods", "starts_on")
        return agreement

    def _party(self, party: contents.Party) -> models.Party:
        """The party, which must not be given another name in the agreements it signed before."""
        elsewhere = models.Agreement.objects.filter(parties__key=party.key)
        elsewhere = elsewhere.exclude(key=self.file.agreement.key).first()
        if elsewhere is None:
            return self._row(party)
        standing = models.Party.objects.get(key=party.key)
        for name, value in _columns(party).items():
            if getattr(standing, name) != value:
                self.errors.append(
                    f"parties › {party.key} › {name}: ska vara ”{getattr(standing, name)}”, som "
                    f"i {elsewhere.key}. Är det en annan part, ge den en egen nyckel."
                )
        return standing

    def _predecessor(self, stated: contents.Agreement) -> dict[str, models.Agreement]:
        if stated.predecessor is None:
            return {}
        predecessor = models.Agreement.objects.filter(key=stated.predecessor).first()
        if predecessor is None:
            self.errors.append(
                f"agreement › predecessor: överenskommelsen ”{stated.predecessor}” finns inte i "
                "databasen. Läs in den först."
            )
        elif predecessor.valid_from >= stated.valid_from:
            self.errors.append(
                f"agreement › predecessor: ”{stated.predecessor}” börjar gälla "
                f"{predecessor.valid_from}, och kan inte ersättas av en från {stated.valid_from}."
            )
        elif (successor := _successor(predecessor)) and successor.key != stated.key:
            self.errors.append(
                f"agreement › predecessor: ”{stated.predecessor}” är redan ersatt av "
                f"”{successor.key}”."
            )
        else:
            return {"predecessor": predecessor}
        return {}

    def _goal(self, goal: contents.Goal, agreement: models.Agreement) -> models.Goal:
        row = self._row(goal, found_by={"agreement": agreement})
        self._metrics(goal.metrics, goal=row)
        return row

    def _undertaking(
        self, undertaking: contents.Undertaking, agreement: models.Agreement
    ) -> models.Undertaking:
        row = self._row(
            undertaking,
            found_by={"agreement": agreement},
            responsible=self.parties[undertaking.responsible],
        )
        self._activities(undertaking.activities, undertaking=row)
        return row

    def _period(
        self, period: contents.PromisePeriod, agreement: models.Agreement
    ) -> models.PromisePeriod:
        row = self._row(
            period,
            found_by={"agreement": agreement},
            **self._preceding_period(period, agreement),
        )
        promises = [self._promise(promise, row) for promise in period.promises]
        self._refuse_others(row.promises, promises, f"periods › {row} › promises", "number")
        self._signatories(period.signatories, f"periods › {row} › signatories", period=row)
        return row

    def _preceding_period(
        self, period: contents.PromisePeriod, agreement: models.Agreement
    ) -> dict[str, models.PromisePeriod]:
        if period.predecessor is None:
            return {}
        here_or_before = [agreement.key, self.file.agreement.predecessor]
        predecessor = models.PromisePeriod.objects.filter(
            agreement__key__in=here_or_before, starts_on=period.predecessor
        ).first()
        if predecessor is None:
            self.errors.append(
                f"periods › {period.title} › predecessor: ingen löftesperiod börjar "
                f"{period.predecessor}."
            )
        elif (successor := _successor(predecessor)) and (
            (successor.agreement, successor.starts_on) != (agreement, period.starts_on)
        ):
            self.errors.append(
                f"periods › {period.title} › predecessor: efter perioden från "
                f"{period.predecessor} kommer redan ”{successor}”."
            )
        else:
            return {"predecessor": predecessor}
        return {}

    def _promise(self, promise: contents.Promise, period: models.PromisePeriod) -> models.Promise:
        linked = {"responsible": [self.parties[key] for key in promise.responsible]}
        if promise.goals is not None:
            linked["goals"] = [self.goals[number] for number in promise.goals]
        row = self._row(promise, found_by={"period": period}, linked=linked)
        self._activities(promise.activities, promise=row)
        self._metrics(promise.metrics, promise=row)
        return row

    def _signatories(
        self, signatories: Iterable[contents.Signatory], where: str, **document: Model
    ) -> None:
        rows = [
            self._row(
                signatory,
                found_by={**document, "number": number},
                party=self.parties[signatory.party],
                signed_on=signatory.signed_on,
            )
            for number, signatory in enumerate(signatories, start=1)
        ]
        standing = models.Signatory.objects.filter(**document)
        self._refuse_others(standing, rows, where, "number")

    def _activities(self, activities: Iterable[contents.Activity], **owner: Model) -> None:
        for activity in activities:
            values = {}
            if activity.responsible:
                values["responsible"] = self.parties[activity.responsible]
            if activity.place:
                values["place"] = self.places[activity.place]
            if target := activity.target:
                values |= {
                    "target_count": target.count,
                    "target_per": target.per,
                    "season_from": target.season_from,
                    "season_to": target.season_to,
                }
            row = self._row(activity, found_by={**owner, "is_example": False}, **values)
            self._metrics(activity.metrics, activity=row)

    def _metrics(self, metrics: Iterable[contents.Metric], **owner: Model) -> None:
        for number, metric in enumerate(metrics, start=1):
            self._row(metric, found_by=owner, number=number)

    def _row(
        self,
        stated: contents.Table,
        *,
        found_by: dict[str, object] | None = None,
        linked: dict[str, list[Model]] | None = None,
        **values: object,
    ) -> Model:
        """The row that the table states, created or changed as need be.

        It is found by the table's identity within `found_by`. `values` go beside the table's
        plain columns: foreign keys, mostly. `linked` are its many-to-many relations.
        """
        found_by, linked, values = dict(found_by or {}), linked or {}, _columns(stated) | values
        if stated.identity:
            found_by[stated.identity] = values.pop(stated.identity)
        row = stated.model.objects.select_for_update().filter(**found_by).first()
        if row is None:
            return self._created(stated.model(**found_by, **values), linked)
        self._change(row, values, linked)
        return row

    def _created(self, row: Model, linked: dict[str, list[Model]]) -> Model:
        _save(row)
        for name, rows in linked.items():
            getattr(row, name).set(rows)
        self.created.append(str(row))
        return row

    def _change(
        self, row: Model, values: dict[str, object], linked: dict[str, list[Model]]
    ) -> None:
        label = str(row)
        differing = {name: new for name, new in values.items() if getattr(row, name) != new}
        for name, new in differing.items():
            self._note_change(label, row._meta.get_field(name), getattr(row, name), new)
            setattr(row, name, new)
        if differing:
            if hasattr(row, "version"):  # a form that somebody has open on it is now stale
                row.version += 1
            _save(row)
        for name, rows in linked.items():
            standing = list(getattr(row, name).all())
            if set(standing) != set(rows):
                self._note_change(label, row._meta.get_field(name), standing, rows)
                getattr(row, name).set(rows)

    def _note_change(self, label: str, field: Field, old: object, new: object) -> None:
        old, new = _quoted(field, old), _quoted(field, new)
        if max(len(old), len(new)) > LONGEST_QUOTE:
            self.changed.append(f"{label} › {field.verbose_name}: ny text.")
        else:
            self.changed.append(f"{label} › {field.verbose_name}: är nu {new}, var {old}.")

    def _refuse_others(
        self, standing: QuerySet[Model], rows: list[Model], where: str, identity: str
    ) -> None:
        """Note what stands in the database beside the file's own rows."""
        for row in standing.exclude(pk__in=[row.pk for row in rows]):
            self.errors.append(
                f"{where}: ”{row}” ({identity} = {getattr(row, identity)}) finns i databasen men "
                "inte i filen. Inget tas bort vid inläsning: lägg tillbaka det i filen."
            )


def _successor(row: Model) -> Model | None:
    return getattr(row, "successor", None)


def _columns(stated: contents.Table) -> dict[str, object]:
    """The plain columns that the table states; what it says nothing about is left out."""
    columns = {
        column.name: getattr(stated, column.name, None)
        for column in stated.model._meta.concrete_fields
        if not column.is_relation
    }
    return {name: value for name, value in columns.items() if value is not None}


def _save(row: Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise AgreementFileError(
            [
                f"{row}: {message}" if name == NON_FIELD_ERRORS else f"{row} › {name}: {message}"
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from error
    row.save()


def _quoted(field: Field, value: object) -> str:
    if value in (None, "", []):
        return "inget"
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(sorted(map(str, value)))
    return f"”{dict(field.flatchoices).get(value) or localize(value)}”"
