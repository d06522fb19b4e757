"""Rows of a sheet → occasions in the log, through the same form as when they are typed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from followup.forms.log.occasion import OccasionForm
from followup.models import Occasion
from followup.spreadsheet.columns import HOURS, Column
from followup.spreadsheet.examined import Entry, Examined
from followup.spreadsheet.log import log_columns, log_values
from followup.spreadsheet.log_cells import LogCells
from followup.spreadsheet.log_identity import Identified, identified, stored_occasions
from followup.spreadsheet.matching import Activities, CellError, Places
from followup.spreadsheet.reading import Table, UnreadableError
from followup.spreadsheet.table_import import REASON, TECHNICAL
from promises.forms.base import StaleError
from promises.known import when_in_words
from promises.models import Activity, Member, Metric

# Each row takes its time: more than these would keep the one who reads them in waiting too long.
MOST_CHANGES = 1_000
TOO_MANY_CHANGES = (
    "Filen har mer än 1 000 nya eller ändrade rader. Dela den i flera och läs in dem var för sig."
)


NO_ID_OF_OURS = "Det är inget id från portalen. Töm cellen för ett nytt tillfälle."


def import_columns(member: Member) -> list[Column]:
    """What a column of a log can be, in the member's agreements."""
    metrics = Metric.objects.filter(activity__in=Activity.objects.visible_to(member))
    return [*log_columns(metrics), HOURS]


class LogImport(LogCells):
    """A table read into the log. `activity` is for all the rows, when no column says which."""

    changed_since = (
        "Tillfället har ändrats av någon annan sedan filen hämtades. Hämta loggen på nytt och gör "
        "om ändringen i den, eller ta bort raden."
    )
    without_version = (
        "Tillfället finns redan, med andra uppgifter. Ta bort raden, eller hämta loggen på nytt "
        "och ändra i den: då följer kolumnen Version med."
    )
    never_changed = TECHNICAL | {HOURS.key}

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
        super().__init__(table, keys, columns=import_columns(member), sent=sent or {})
        self.member, self.today, self.asked = member, today, 0
        self.activities, self.places = Activities(member), Places()
        self.activity = activity and self.activities.by_key.get(activity)

    # --- Examine, save -----------------------------------------------------------------------

    def examine(self) -> list[Examined]:
        """What reading the table in would do. Nothing is saved.

        Raises UnreadableError when it would do too much at once.
        """
        rows = identified(((row, self.cells_of(row)) for row in self.table.rows), self.activity)
        stored = stored_occasions(rows)
        seen: dict[UUID, int] = {}
        for row in rows:
            self.examined.entries.append(self._entry(row, stored, seen))
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

    # --- What a row would do -------------------------------------------------------------------

    def _entry(
        self, identified: Identified, stored: dict[UUID, Occasion], seen: dict[UUID, int]
    ) -> Entry:
        row, cells, client_id, is_given = identified
        entry = Entry(row.number)
        try:
            if client_id is None:
                raise CellError("id", NO_ID_OF_OURS)
            if first := seen.get(client_id):
                raise CellError("id", f"Samma id som på rad {first}. Töm den ena cellen.")
            if (occasion := stored.get(client_id)) and is_given:
                self._examine_stored(entry, cells, occasion)
            elif not occasion:
                self._examine_new(entry, cells, client_id)
        except CellError as fault:
            self.fault(entry, cells, fault.column, str(fault))
        if client_id:
            seen[client_id] = row.number
        return entry

    def _examine_stored(self, entry: Entry, cells: dict[str, str], occasion: Occasion) -> None:
        """A row with the identity of an occasion that exists: it is the same, or changed."""
        activity = self.activities.by_key.get(occasion.activity_id)
        if activity is None:
            raise CellError("id", "Det hör till ett tillfälle som du inte kommer åt.")
        before = self.differing(cells, log_values(occasion))
        if not before:
            return
        entry.what = f"{activity.title}, {when_in_words(occasion)}"
        if occasion.is_withdrawn:
            self.fault(entry, cells, "id", "Tillfället är tillbakadraget och kan inte ändras.")
        for key in before.keys() & {"activity", "activity_id", "withdrawn"}:
            self.fault(entry, cells, key, f"Kan inte ändras här. I portalen står ”{before[key]}”.")
        if entry.faults:
            return
        changed = {key: cells[key] for key in before}
        data = self.stored_data(occasion) | self.data_for(entry, changed, activity)
        self.note_change(entry, cells, before, occasion.version)
        self._ask_form(entry, cells, activity, data, occasion)

    def _examine_new(self, entry: Entry, cells: dict[str, str], client_id: UUID) -> None:
        if cells.get("withdrawn"):
            message = "Ett tillbakadraget tillfälle läses inte in. Ta bort raden."
            raise CellError("withdrawn", message)
        try:
            activity = self.activities.named_in(cells, self.activity)
        except CellError as unknown:
            self.fault(entry, cells, unknown.column, str(unknown))
            self._find_other_faults(entry, cells)
            return
        if activity.status == Activity.Status.CANCELLED:
            raise CellError("activity", "Aktiviteten är inställd, så inget kan loggas på den.")
        entry.what = activity.title
        data = {"client_id": str(client_id)}
        if "place" not in self.keys and activity.place_id:
            data["place"] = str(activity.place_id)
        if party := self.member.party_id or activity.responsible_id:
            data["party"] = str(party)
        data |= self.data_for(entry, {key: cell for key, cell in cells.items() if cell}, activity)
        self._ask_form(entry, cells, activity, data, None)

    def _find_other_faults(self, entry: Entry, cells: dict[str, str]) -> None:
        """Whatever else is wrong in a row of an unknown activity: any other will do to ask."""
        if activity := next(iter(self.activities.by_key.values()), None):
            counted = {key for key in cells if key.startswith(("metric ", "metric_of "))}
            rest = {key: cell for key, cell in cells.items() if cell and key not in counted}
            data = {"party": str(activity.agreement.parties.all()[0].pk)}
            self._ask_form(
                entry, cells, activity, data | self.data_for(entry, rest, activity), None
            )
            entry.form, entry.is_added, entry.what = None, False, ""

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
            data | self.confirmed,
            instance=occasion,
            activity=activity,
            member=self.member,
            today=self.today,
        )
        entry.read_errors(form, self.columns_of(activity), cells)
        entry.form, entry.is_added = form, occasion is None
        if not occasion and form.cleaned_data.get("date"):
            where = form.cleaned_data.get("place") or form.cleaned_data.get("new_place")
            said = (activity.title, when_in_words(form.instance), str(where or ""))
            entry.what = ", ".join(filter(None, said))

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
