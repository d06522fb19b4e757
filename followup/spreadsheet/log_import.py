"""Rows of a sheet → occasions in the log, through the same form as when they are typed in."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.formats import date_format

from followup.forms.log import OccasionForm
from followup.models import Occasion
from followup.spreadsheet.cells import as_text
from followup.spreadsheet.columns import HOURS, Column, counter_key, share_key
from followup.spreadsheet.examined import Entry, Examined, Fault
from followup.spreadsheet.log import COUNTED, log_columns, log_values
from followup.spreadsheet.matching import Activities, NoMatchError, Places, party_named
from followup.spreadsheet.reading import Row, Table, UnreadableError
from promises.forms.base import StaleError
from promises.history import FieldChange
from promises.models import Activity, Member, Metric

# What a row of somebody else's sheet is, is told by what stands in it.
ROWS_OF_OTHERS = UUID("6f1c36b0-5d0a-4c1e-9c58-0d5f0c9a7e11")
TECHNICAL = {"id", "version"}
REASON = "Läst in från kalkylblad"
AT_A_TIME = 500

# Each row takes its time: more than these would keep the one who reads them in waiting too long.
MOST_CHANGES = 1_000
TOO_MANY_CHANGES = (
    "Filen har mer än 1 000 nya eller ändrade rader. Dela den i flera och läs in dem var för sig."
)

CHANGED_SINCE = (
    "Tillfället har ändrats av någon annan sedan filen hämtades. Hämta loggen på nytt och gör om "
    "ändringen i den, eller ta bort raden."
)
WITHOUT_VERSION = (
    "Tillfället finns redan, med andra uppgifter. Ta bort raden, eller hämta loggen på nytt och "
    "ändra i den: då följer kolumnen Version med."
)


def import_columns(member: Member) -> list[Column]:
    """What a column of a log can be, in the member's agreements."""
    metrics = Metric.objects.filter(activity__in=Activity.objects.visible_to(member))
    return [*log_columns(metrics), HOURS]


class _Identified(NamedTuple):
    """A row with its cells by column, and the identity of the occasion it is about."""

    row: Row
    cells: dict[str, str]
    client_id: UUID | None
    is_given: bool  # by the file; otherwise it is told by what stands in the row


class LogImport:
    """A table read into the log. `keys` say, for each of its columns, which of ours it is.

    `activity` is for all the rows, when no column says which. `sent` is what the one who reads it
    in has confirmed: that new places are added, and that no text points anybody out.
    """

    def __init__(
        self,
        table: Table,
        keys: list[str],
        *,
        member: Member,
        today: date,
        activity: int | None = None,
        sent: Mapping[str, str] | None = None,
    ) -> None:
        self.member, self.today, self.sent = member, today, sent or {}
        self.table, self.keys, self.asked = table, keys, 0
        self.columns = {column.key: column for column in import_columns(member)}
        self.activities, self.places = Activities(member), Places()
        self.activity = activity and self.activities.by_key.get(activity)
        told = (self.columns[key].heading for key in keys if key and self.columns[key].is_told)
        self.examined = Examined(table.name, tuple(told))

    # --- Examine, save -----------------------------------------------------------------------

    def examine(self) -> list[Examined]:
        """What reading the table in would do. Nothing is saved.

        Raises UnreadableError when it would do too much at once.
        """
        rows = self._identified()
        stored = self._stored({row.client_id for row in rows if row.client_id})
        seen: dict[UUID, int] = {}
        for identified in rows:
            entry = self._entry(identified, stored, seen)
            self.examined.entries.append(entry)
        self._note_likenesses()
        return [self.examined]

    def save(self) -> bool:
        """Save every row that was examined as new or changed, or none: when somebody was first."""
        try:
            with transaction.atomic():
                for entry in self.examined.entries:
                    if entry.form:
                        entry.form.instance._change_reason = REASON
                        entry.form.save()
        except StaleError:
            return False
        return True

    # --- Which occasion a row is about ---------------------------------------------------------

    def _identified(self) -> list[_Identified]:
        times: Counter[str] = Counter()
        rows = []
        for row in self.table.rows:
            cells = self._cells(row)
            if given := cells.get("id", "").strip():
                rows.append(_Identified(row, cells, _uuid(given), is_given=True))
            else:
                contents = self._contents(cells)
                times[contents] += 1
                derived = uuid5(ROWS_OF_OTHERS, f"{contents} {times[contents]}")
                rows.append(_Identified(row, cells, derived, is_given=False))
        return rows

    def _cells(self, row: Row) -> dict[str, str]:
        return {
            key: self.columns[key].read(text.strip())
            for key, text in zip(self.keys, row.cells, strict=True)
            if key
        }

    def _contents(self, cells: dict[str, str]) -> str:
        """All that the row says, whatever the order of its columns."""
        said = {key: cell for key, cell in cells.items() if cell and key not in TECHNICAL}
        return json.dumps([self.activity and self.activity.pk, sorted(said.items())])

    def _stored(self, client_ids: set[UUID]) -> dict[UUID, Occasion]:
        keys = sorted(client_ids)
        found = {}
        for start in range(0, len(keys), AT_A_TIME):
            some = Occasion.objects.filter(client_id__in=keys[start : start + AT_A_TIME])
            for occasion in some.with_everything().prefetch_related(COUNTED):
                found[occasion.client_id] = occasion
        return found

    # --- What a row would do -------------------------------------------------------------------

    def _entry(
        self, identified: _Identified, stored: dict[UUID, Occasion], seen: dict[UUID, int]
    ) -> Entry:
        row, cells, client_id, is_given = identified
        entry = Entry(row.number)
        if client_id is None:
            self._fault(
                entry,
                cells,
                "id",
                "Det är inget id från portalen. Töm cellen för ett nytt tillfälle.",
            )
        elif client_id in seen:
            self._fault(
                entry, cells, "id", f"Samma id som på rad {seen[client_id]}. Töm den ena cellen."
            )
        elif (occasion := stored.get(client_id)) and is_given:
            self._examine_stored(entry, cells, occasion)
        elif not occasion:
            self._examine_new(entry, cells, client_id)
        if client_id:
            seen[client_id] = row.number
        return entry

    def _examine_stored(self, entry: Entry, cells: dict[str, str], occasion: Occasion) -> None:
        """A row with the identity of an occasion that exists: it is the same, or changed."""
        activity = self.activities.by_key.get(occasion.activity_id)
        if activity is None:
            self._fault(entry, cells, "id", "Det hör till ett tillfälle som du inte kommer åt.")
            return
        before = self._told(occasion)
        differing = {
            key for key, cell in cells.items() if key in before and cell != before[key]
        } - TECHNICAL
        if not differing:
            return
        entry.what = f"{activity.title}, {date_format(occasion.date)}"
        if occasion.is_withdrawn:
            self._fault(entry, cells, "id", "Tillfället är tillbakadraget och kan inte ändras.")
        for key in differing & {"activity", "activity_id", "withdrawn"}:
            self._fault(entry, cells, key, f"Kan inte ändras här. I portalen står ”{before[key]}”.")
        if entry.faults:
            return
        data = self._stored_data(occasion, activity) | self._data(
            entry, {key: cells[key] for key in differing}, activity
        )
        if not cells.get("version"):
            self._fault(entry, cells, "id", WITHOUT_VERSION)
        elif cells["version"] != str(occasion.version):
            self._fault(entry, cells, "version", CHANGED_SINCE)
        entry.changes = tuple(
            FieldChange(self.columns[key].heading, before[key] or "Tomt", cells[key] or "Tomt")
            for key in self.keys
            if key in differing
        )
        self._ask_form(entry, cells, activity, data, occasion)

    def _examine_new(self, entry: Entry, cells: dict[str, str], client_id: UUID) -> None:
        if cells.get("withdrawn"):
            self._fault(
                entry,
                cells,
                "withdrawn",
                "Ett tillbakadraget tillfälle läses inte in. Ta bort raden.",
            )
            return
        try:
            activity = self._activity(cells)
        except NoMatchError as unknown:
            self._fault(entry, cells, unknown.column, str(unknown))
            self._find_other_faults(entry, cells)
            return
        if activity.status == Activity.Status.CANCELLED:
            self._fault(
                entry, cells, "activity", "Aktiviteten är inställd, så inget kan loggas på den."
            )
            return
        entry.what = activity.title
        data = {"client_id": str(client_id)}
        if "place" not in self.keys and activity.place_id:
            data["place"] = str(activity.place_id)
        if party := self.member.party_id or activity.responsible_id:
            data["party"] = str(party)
        data |= self._data(entry, {key: cell for key, cell in cells.items() if cell}, activity)
        self._ask_form(entry, cells, activity, data, None)

    def _find_other_faults(self, entry: Entry, cells: dict[str, str]) -> None:
        """Whatever else is wrong in a row of an unknown activity: any other will do to ask."""
        if activity := next(iter(self.activities.by_key.values()), None):
            counted = {key for key in cells if key.startswith(("metric ", "metric_of "))}
            rest = {key: cell for key, cell in cells.items() if cell and key not in counted}
            data = {"party": str(activity.agreement.parties.all()[0].pk)}
            self._ask_form(entry, cells, activity, data | self._data(entry, rest, activity), None)
            entry.form, entry.is_added, entry.what = None, False, ""

    def _activity(self, cells: dict[str, str]) -> Activity:
        key, title = cells.get("activity_id", ""), cells.get("activity", "")
        if self.activity and not key and not title:
            return self.activity
        try:
            on = date.fromisoformat(cells.get("date", ""))
        except ValueError:
            on = None
        return self.activities.find(key, title, on)

    def _ask_form(
        self,
        entry: Entry,
        cells: dict[str, str],
        activity: Activity,
        data: dict[str, str],
        occasion: Occasion | None,
    ) -> None:
        """Let the form that people log with say what it thinks of the row."""
        self.asked += 1
        if self.asked > MOST_CHANGES:
            raise UnreadableError(TOO_MANY_CHANGES)
        form = OccasionForm(
            data | {name: self.sent[name] for name in CONFIRMING if name in self.sent},
            instance=occasion,
            activity=activity,
            member=self.member,
            today=self.today,
        )
        entry.read_errors(form, self._columns_of(activity), cells)
        entry.form, entry.is_added = form, occasion is None
        if not occasion and (day := form.cleaned_data.get("date")):
            where = form.cleaned_data.get("place") or form.cleaned_data.get("new_place")
            said = (activity.title, date_format(day), str(where or ""))
            entry.what = ", ".join(filter(None, said))

    def _columns_of(self, activity: Activity) -> dict[str, Column]:
        """The file's columns by the fields of the form for the activity."""
        columns = {name: self.columns[name] for name in PLAIN_FIELDS if name in self.columns}
        columns |= {name: self.columns[name] for name in ("place", "party", "is_published")}
        columns["new_place"] = self.columns["place"]
        if "minutes" not in self.keys and "hours" in self.keys:
            columns["minutes"] = self.columns["hours"]
        for metric in activity.metrics.all():
            columns[f"metric_{metric.pk}"] = self.columns[counter_key(metric.name)]
            if of := self.columns.get(share_key(metric.name)):
                columns[f"metric_{metric.pk}_of"] = of
        return columns

    # --- From cells to what the form is sent ----------------------------------------------------

    def _data(self, entry: Entry, cells: dict[str, str], activity: Activity) -> dict[str, str]:
        """What the form is to be sent for the cells."""
        data = {name: cells[name] for name in PLAIN_FIELDS if name in cells}
        if "place" in cells:
            data |= self._place(cells["place"])
        if "party" in cells:
            data["party"] = self._party(entry, cells, activity)
        if "hours" in cells and not cells.get("minutes"):
            data["minutes"] = _minutes(cells["hours"])
        if "is_published" in cells:
            data["is_published"] = {"Ja": "on"}.get(cells["is_published"], "")
            if cells["is_published"] not in {"Ja", "Nej", ""}:
                self._fault(entry, cells, "is_published", "Skriv Ja eller Nej.")
        return data | self._counted(entry, cells, activity)

    def _place(self, name: str) -> dict[str, str]:
        if not name:
            return {"place": "", "new_place": ""}
        if place := self.places.find(name):
            return {"place": str(place.pk), "new_place": ""}
        self.examined.new_places.setdefault(name.casefold(), name)
        return {"place": "", "new_place": name}

    def _party(self, entry: Entry, cells: dict[str, str], activity: Activity) -> str:
        if not cells["party"]:
            return ""
        try:
            return str(party_named(cells["party"], activity.agreement.parties.all()).pk)
        except NoMatchError as unknown:
            self._fault(entry, cells, unknown.column, str(unknown))
            return ""

    def _counted(self, entry: Entry, cells: dict[str, str], activity: Activity) -> dict[str, str]:
        fields = {}
        for metric in activity.metrics.all():
            fields[counter_key(metric.name)] = f"metric_{metric.pk}"
            if metric.rule == Metric.Rule.SHARE:
                fields[share_key(metric.name)] = f"metric_{metric.pk}_of"
        for key, cell in cells.items():
            if key.startswith(("metric ", "metric_of ")) and cell and key not in fields:
                message = f"Aktiviteten ”{activity.title}” har inget sådant mätetal. Töm cellen."
                self._fault(entry, cells, key, message)
        return {fields[key]: cell for key, cell in cells.items() if key in fields}

    def _told(self, occasion: Occasion) -> dict[str, str]:
        """What the occasion says in each column, as the file's own cells are read.

        What is only told is left out: it changes nothing.
        """
        values = log_values(occasion)
        return {
            key: column.read(as_text(values.get(key)).strip())
            for key, column in self.columns.items()
            if not column.is_told and key != HOURS.key
        }

    def _stored_data(self, occasion: Occasion, activity: Activity) -> dict[str, str]:
        """What the form would be sent if nobody changed anything."""
        data = {
            "version": str(occasion.version),
            "date": occasion.date.isoformat(),
            "place": str(occasion.place_id or ""),
            "party": str(occasion.party_id),
            "minutes": as_text(occasion.minutes),
            "participants": as_text(occasion.participants),
            "is_published": "on" if occasion.is_published else "",
        }
        data |= {name: getattr(occasion, name) for name in TEXTS}
        for reading in occasion.readings.all():
            data[f"metric_{reading.metric_id}"] = as_text(reading.value)
            data[f"metric_{reading.metric_id}_of"] = as_text(reading.out_of)
        return data

    def _fault(self, entry: Entry, cells: dict[str, str], key: str, message: str) -> None:
        entry.faults.append(Fault(self.columns[key].heading, cells.get(key, ""), message))

    # --- What may be there already ------------------------------------------------------------

    def _note_likenesses(self) -> None:
        """Mark the new rows whose activity, day and place are those of an occasion in the log."""
        new = [entry for entry in self.examined.new if entry.form.cleaned_data.get("date")]
        if not new:
            return
        days = [entry.form.cleaned_data["date"] for entry in new]
        logged: dict[tuple, int] = defaultdict(int)
        standing = Occasion.objects.carried_out((min(days), max(days)))
        for key in standing.values_list("activity_id", "date", "place_id"):
            logged[key] += 1
        for entry in new:
            cleaned = entry.form.cleaned_data
            place = cleaned.get("place")
            if logged[entry.form.activity.pk, cleaned["date"], place and place.pk]:
                entry.resembles = "Samma aktivitet, dag och plats som ett tillfälle i loggen."


TEXTS = ("done", "outcome", "internal_note", "public_sentence")
PLAIN_FIELDS = ("date", "minutes", "participants", *TEXTS)
CONFIRMING = ("integrity-confirmed", "integrity-shown")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _minutes(hours: str) -> str:
    """Hours as minutes; other text as it stands, for the form to refuse."""
    try:
        return str(round(float(hours.replace(",", ".")) * 60))
    except (ValueError, OverflowError):
        return hours
