"""What the columns are called in the portal's own files, and in those of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from followup.log.columns import HEADINGS, share_heading
from followup.spreadsheet.cells import as_date, as_number, as_when, as_yes_or_no
from followup.spreadsheet.reading import Table
from promises.models import Activity, Metric


def as_it_stands(text: str) -> str:
    return text


@dataclass(frozen=True)
class Column:
    """A column: its heading, what others call it, and how its cells are read.

    One that is only `told` is written and never read in.
    """

    key: str
    heading: str
    width: int
    read: Callable[[str], str] = as_it_stands
    also: tuple[str, ...] = ()
    is_told: bool = False


def _of_log(key: str, width: int, *args, **kwargs) -> Column:
    return Column(key, HEADINGS[key], width, *args, **kwargs)


ACTIVITY_ID = _of_log("activity_id", 12, as_number)
ID = _of_log("id", 12)
VERSION = _of_log("version", 9, as_number)
DATE = _of_log("date", 12, as_date, ("när", "dag", "date", "den"))
ACTIVITY = _of_log("activity", 34, also=("insats", "åtgärd", "aktivitetens namn", "typ"))
UNDER = _of_log("under", 20, also=("löfte", "åtagande", "löfte eller åtagande"))
TOLD_UNDER = _of_log("under", 20, is_told=True)
PLACE = _of_log("place", 18, also=("ort", "by", "var", "ställe"))
PARTY = _of_log("party", 14, also=("vem", "organisation", "utförare", "utförd av"))
INTERNAL_NOTE = _of_log("internal_note", 40, also=("internt",))

MINUTES = ("minuter", "tid", "tid i minuter", "min", "tidsåtgång")
DONE = (
    "vad",
    "vad gjordes",
    "vad gjordes?",
    "gjort",
    "beskrivning",
    "vad har gjorts",
    "vad hände",
    "händelse",
)
LOG = (
    _of_log("date", 16, as_when, DATE.also),
    TOLD_UNDER,
    ACTIVITY,
    PLACE,
    PARTY,
    _of_log("minutes", 10, as_number, MINUTES),
    _of_log("participants", 10, as_number, ("antal deltagare", "antal", "besökare")),
    _of_log("done", 50, also=DONE),
    _of_log("outcome", 40, also=("resultat", "utfall", "vad gav det", "vad gav det?")),
    INTERNAL_NOTE,
    _of_log("public_sentence", 40, also=("mening", "till medborgarna")),
    _of_log("is_published", 11, as_yes_or_no),
)
LOG_LAST = (
    _of_log("member", 20, is_told=True),
    _of_log("created_on", 12, is_told=True),
    _of_log("withdrawn", 20),
    ACTIVITY_ID,
    _of_log("id", 38),
    VERSION,
)
# Others count in hours; the portal never writes them.
HOURS = Column("hours", "Tid (timmar)", 10, as_number, ("timmar", "tim", "antal timmar"))

PLANNED = (
    DATE,
    TOLD_UNDER,
    ACTIVITY,
    PLACE,
    Column("responsible_member", "Ansvarig person", 22, also=("ansvarig", "vem")),
    Column("note", "Anteckning", 40, also=("anteckningar", "kommentar", "vad")),
    Column("state", "Läge", 12, is_told=True),
    Column("cancelled", "Skäl om inställt", 30),
    ACTIVITY_ID,
    ID,
    VERSION,
)

ACTIVITIES = (
    UNDER,
    Column("title", "Aktivitet", 34, also=("rubrik",)),
    Column("kind", "Slag", 14),
    Column("description", "Beskrivning", 50),
    Column("responsible", "Ansvarig part", 14),
    Column("responsible_member", "Ansvarig person", 22),
    PLACE,
    Column("planned_from", "Planerad från och med", 14, as_date, ("från", "från och med", "start")),
    Column("planned_to", "Planerad till och med", 14, as_date, ("till", "till och med", "slut")),
    Column("in_force_from", "Gäller från och med", 14, as_date),
    Column("in_force_to", "Gäller till och med", 14, as_date),
    Column("target_count", "Antal tillfällen", 10, as_number),
    Column("target_per", "Per", 12),
    Column("season_from", "Säsongens första månad", 12),
    Column("season_to", "Säsongens sista månad", 12),
    Column("status", "Läge", 12),
    Column("cancellation_reason", "Skäl om inställd", 30),
    ID,
    VERSION,
)


def counter_columns(metrics: Iterable[Metric], beside: Sequence[Column]) -> list[Column]:
    """A column for each name that something is counted by, with one for "av" when it is a share.

    A name that one of the columns `beside` has is told apart as "Mätetal: Deltagare".
    """
    taken = {column.heading.casefold() for column in beside}
    named: dict[str, tuple[str, bool]] = {}
    for metric in metrics:
        name, is_share = named.get(metric.name.casefold(), (metric.name, False))
        named[metric.name.casefold()] = name, is_share or metric.rule == Metric.Rule.SHARE
    columns = []
    for key in sorted(named):
        name, is_share = named[key]
        heading = f"Mätetal: {name}" if key in taken else name
        columns.append(Column(counter_key(name), heading, 12, as_number))
        if is_share:
            columns.append(Column(share_key(name), share_heading(heading), 12, as_number))
    return columns


def counter_key(name: str) -> str:
    """The key of the column for the metrics with the name."""
    return f"metric {name.casefold()}"


def share_key(name: str) -> str:
    """The key of the column for of how many."""
    return f"metric_of {name.casefold()}"


def recognised(table: Table, columns: Sequence[Column]) -> list[str]:
    """For each of the table's columns the key of the one it is, by its heading; or nothing."""
    known = {name: column.key for column in reversed(columns) for name in column.also}
    known |= {column.heading.casefold(): column.key for column in columns}
    found: list[str] = []
    for heading in table.headings:
        key = known.get(heading.casefold().rstrip(":"), "")
        found.append("" if key in found else key)
    return found


def under_label(activity: Activity) -> str:
    """What the activity answers to, short enough for a column."""
    if activity.promise:
        period = activity.promise.period
        return f"Löfte {activity.promise.number}, {period.starts_on.year}–{period.ends_on.year}"
    return str(activity.undertaking)
