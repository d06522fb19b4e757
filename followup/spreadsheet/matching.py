"""What the words in a cell mean in the portal: which activity, place, party or person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from followup.spreadsheet.cells import day_in
from followup.spreadsheet.columns import under_label
from followup.time.terms import term_of
from promises.models import Activity, Member, Party, Place


class CellError(Exception):
    """What stands in a cell can't be read in; the message says why, in Swedish.

    `column` is the key of the column that is to be mended.
    """

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class Activities:
    """The activities a member can see, found by number or by title."""

    def __init__(self, member: Member) -> None:
        found = (
            Activity.objects.visible_to(member)
            .select_related(
                "agreement__successor",
                "promise__period",
                "undertaking__agreement",
                "place",
                "responsible_member",
            )
            .prefetch_related("metrics", "agreement__parties")
        )
        self.by_key: dict[int, Activity] = {}
        self.by_title: dict[str, list[Activity]] = defaultdict(list)
        for activity in found:
            self.add(activity)

    def add(self, activity: Activity) -> None:
        self.by_key[activity.pk] = activity
        self.by_title[_plain(activity.title)].append(activity)

    def find(self, key: str, title: str, on: date | None) -> Activity:
        """The activity with the number, or the title; of several, the one in force on `on` that no
        other one has taken over from.

        Raises CellError.
        """
        if key:
            return self._by_key(key, title)
        if not title.strip():
            raise CellError("activity", "Skriv vilken aktivitet det gäller.")
        named = self.by_title.get(_plain(title), [])
        if not named:
            raise CellError(
                "activity",
                "Det finns ingen aktivitet som heter så. Skriv som i planen, eller planera den först.",
            )
        chosen = named if len(named) == 1 else _standing(named, on)
        if len(chosen) != 1:
            kinds = " och ".join(under_label(activity) for activity in named)
            raise CellError(
                "activity",
                f"Flera aktiviteter heter så ({kinds}). Skriv vilken i kolumnen Aktivitets-id.",
            )
        return chosen[0]

    def named_in(self, cells: dict[str, str], otherwise: Activity | None) -> Activity:
        """The activity that a row names; `otherwise` when it names none. Raises CellError."""
        key, title = cells.get("activity_id", ""), cells.get("activity", "")
        if otherwise and not key and not title:
            return otherwise
        return self.find(key, title, day_in(cells.get("date", "")))

    def _by_key(self, key: str, title: str) -> Activity:
        found = self.by_key.get(int(key)) if key.isdecimal() else None
        if not found:
            raise CellError("activity_id", "Det finns ingen aktivitet med det numret.")
        if title.strip() and _plain(title) != _plain(found.title):
            raise CellError(
                "activity",
                f"Aktivitets-id {key} är ”{found.title}”. Ändra det ena, eller töm Aktivitets-id.",
            )
        return found


class Places:
    """Every place, found by name in any case."""

    def __init__(self) -> None:
        self.by_name = {_plain(place.name): place for place in Place.objects.all()}

    def find(self, name: str) -> Place | None:
        return self.by_name.get(_plain(name))

    def add(self, place: Place) -> None:
        self.by_name[_plain(place.name)] = place


def party_named(name: str, parties: Iterable[Party]) -> Party:
    """The party with the short or the whole name. Raises CellError."""
    parties = list(parties)
    for party in parties:
        if _plain(name) in {_plain(party.short_name), _plain(party.name)}:
            return party
    names = " eller ".join(party.short_name for party in parties)
    raise CellError("party", f"Det finns ingen sådan part. Skriv {names}.")


def member_named(name: str, members: Iterable[Member]) -> Member:
    """The member with the name or the e-mail address. Raises CellError."""
    found = [one for one in members if _plain(name) in {_plain(one.name), one.email.casefold()}]
    if len(found) == 1:
        return found[0]
    problem = (
        "Flera ledamöter heter så. Skriv e-postadressen." if found else "Ingen ledamot heter så."
    )
    raise CellError("responsible_member", problem)


def choice_named(label: str, choices: Iterable[tuple], column: str) -> object:
    """The value of the choice with the label. Raises CellError."""
    known = {_plain(str(name)): value for value, name in choices}
    if (value := known.get(_plain(label))) is not None:
        return value
    names = ", ".join(str(name) for _, name in choices)
    raise CellError(column, f"Skriv något av: {names}.")


def _standing(activities: list[Activity], on: date | None) -> list[Activity]:
    in_force = [one for one in activities if on and term_of(one).covers(on)]
    taken_over = {one.predecessor_id for one in in_force}
    return [one for one in in_force if one.pk not in taken_over]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
