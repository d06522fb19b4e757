"""The parties, places and members that the example's files name by key."""

from __future__ import annotations

from promises.models import Agreement, Member, Party, Place


class Cast:
    """Who and what the example is about, found by the keys its files use."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.parties = {party.key: party for party in agreement.parties.all()}
        self.places = {place.name: place for place in Place.objects.all()}
        self.members: dict[str, Member] = {}

    def coordinator(self, party: Party) -> Member:
        """The party's coordinator, who logs what it has done."""
        return next(
            member
            for member in self.members.values()
            if member.party == party and member.role == Member.Role.COORDINATOR
        )

    def place(self, name: str) -> Place:
        """The place of that name, added when the agreement file did not bring it."""
        if name not in self.places:
            self.places[name] = Place.objects.create(name=name)
        return self.places[name]

    def resolved(self, row: dict) -> dict:
        """The row with what its keys stand for instead of the keys."""

        def text(value):
            return value.strip() if isinstance(value, str) else value

        resolve = {
            "party": self.parties.__getitem__,
            "responsible": self.parties.__getitem__,
            "place": self.place,
            "member": self.members.__getitem__,
            "responsible_member": self.members.__getitem__,
            "created_by": self.members.__getitem__,
            "assessed_by": self.members.__getitem__,
        }
        return {name: resolve.get(name, text)(value) for name, value in row.items()}
