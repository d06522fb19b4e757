"""The parties, places and members that the example's files name by key."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TypeVar

from django.db import models
from django.utils import timezone

from promises.models import Agreement, Appointment, Member, Party, Place

Row = TypeVar("Row", bound=models.Model)

# The keys of a row that name a member.
MEMBERS = (
    "member",
    "responsible_member",
    "owner",
    "created_by",
    "assessed_by",
    "made_by",
    "noted_by",
)


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
        } | dict.fromkeys(MEMBERS, self.members.__getitem__)
        return {name: resolve.get(name, text)(value) for name, value in row.items()}

    def add(self, model: type[Row], row: dict, **more) -> Row:
        """A row of the example with what its keys stand for."""
        return model.objects.create(is_example=True, **more, **self.resolved(row))

    def appoint(self, row: dict, **more) -> None:
        party = self.members[row["member"]].party
        self.add(Appointment, row, agreement=self.agreement, party=party, **more)


def in_the_morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
