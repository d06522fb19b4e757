"""What the cells of a log say to the form that people log with, and what it has to answer."""

from __future__ import annotations

from followup.models import Occasion
from followup.paper.tables import as_text
from followup.spreadsheet.columns import Column, counter_key, share_key
from followup.spreadsheet.examined import Entry
from followup.spreadsheet.matching import CellError, Places, party_named
from followup.spreadsheet.table_import import TableImport
from promises.known import VAGUE, Timed, read_when, when_in_words
from promises.models import Activity, Metric

TEXTS = ("done", "outcome", "internal_note", "public_sentence")
PLAIN_FIELDS = ("minutes", "participants", *TEXTS)


class LogCells(TableImport):
    """A table of a log, with the places that its cells name."""

    places: Places

    def columns_of(self, activity: Activity) -> dict[str, Column]:
        """The file's columns by the fields of the form for the activity."""
        columns = {name: self.columns[name] for name in PLAIN_FIELDS if name in self.columns}
        columns |= {name: self.columns[name] for name in ("place", "party", "is_published")}
        columns["new_place"] = self.columns["place"]
        columns |= dict.fromkeys(("date", "last_date", "about"), self.columns["date"])
        if "minutes" not in self.keys and "hours" in self.keys:
            columns["minutes"] = self.columns["hours"]
        for metric in activity.metrics.all():
            columns[f"metric_{metric.pk}"] = self.columns[counter_key(metric.name)]
            if of := self.columns.get(share_key(metric.name)):
                columns[f"metric_{metric.pk}_of"] = of
        return columns

    def data_for(self, entry: Entry, cells: dict[str, str], activity: Activity) -> dict[str, str]:
        """What the form is to be sent for the cells."""
        data = {name: cells[name] for name in PLAIN_FIELDS if name in cells}
        if "date" in cells:
            data |= time_sent(read_when(cells["date"]) or cells["date"])
        if "place" in cells:
            data |= self._place(cells["place"])
        if "party" in cells:
            data["party"] = self._party(entry, cells, activity)
        if "hours" in cells and not cells.get("minutes"):
            data["minutes"] = _minutes(cells["hours"])
        if "is_published" in cells:
            data["is_published"] = {"Ja": "on"}.get(cells["is_published"], "")
            if cells["is_published"] not in {"Ja", "Nej", ""}:
                self.fault(entry, cells, "is_published", "Skriv Ja eller Nej.")
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
        except CellError as unknown:
            self.fault(entry, cells, unknown.column, str(unknown))
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
                self.fault(entry, cells, key, message)
        return {fields[key]: cell for key, cell in cells.items() if key in fields}

    def stored_data(self, occasion: Occasion) -> dict[str, str]:
        """What the form would be sent if nobody changed anything."""
        data = {
            "version": str(occasion.version),
            "place": str(occasion.place_id or ""),
            "party": str(occasion.party_id),
            "minutes": as_text(occasion.minutes),
            "participants": as_text(occasion.participants),
            "is_published": "on" if occasion.is_published else "",
        }
        data |= time_sent(occasion)
        data |= {name: getattr(occasion, name) for name in TEXTS}
        for reading in occasion.readings.all():
            data[f"metric_{reading.metric_id}"] = as_text(reading.value)
            data[f"metric_{reading.metric_id}_of"] = as_text(reading.out_of)
        return data


def time_sent(told: Timed | str) -> dict[str, str]:
    """What the form would be sent of a time, or of a cell that says none but perhaps a day."""
    if isinstance(told, str):
        return {"date": told, "last_date": "", "about": ""}
    if told.known_by in VAGUE:
        return {"date": "", "last_date": "", "about": when_in_words(told)}
    return {
        "date": told.date.isoformat(),
        "last_date": as_text(told.last_date),
        "about": "",
    }


def _minutes(hours: str) -> str:
    """Hours as minutes; other text as it stands, for the form to refuse."""
    try:
        return str(round(float(hours.replace(",", ".")) * 60))
    except (ValueError, OverflowError):
        return hours
