"""Bringing the example log from its TOML files into the database."""

from __future__ import annotations

import tomllib
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from followup.example import judgements, meetings, people, plan, situation
from followup.example.cast import Cast
from followup.models import Assessment, Occasion, Reading, Review, ReviewText
from promises.integrity import refusal
from promises.models import Activity, Agreement, Appointment, Member, Metric

DATA = Path(__file__).parent / "dorotea"
AGREEMENT = "dorotea-2023-2026"
PROMISES = range(1, 6)

# Known to everybody who can read this line: see `promises.accounts.may_sign_in`.
PASSWORD = "exempel-dorotea-2023"


class ExampleRefusedError(Exception):
    """The example may not be loaded here. The message says why and what to do, in Swedish."""


@transaction.atomic
def load_example() -> bool:
    """Load the example log and tell whether it was written; a second time nothing is.

    Raises ExampleRefusedError without DEBUG, before the agreement is loaded, where a real log
    has begun, and for a file with a personal number in it. Nothing is written then.
    """
    if not settings.DEBUG:
        raise ExampleRefusedError(
            "Exempelloggen läses bara in när DEBUG är på, eftersom den är påhittad och "
            "exempelkontona har ett känt lösenord. På din egen dator: sätt DEBUG=on i filen .env."
        )
    agreement = Agreement.objects.filter(key=AGREEMENT).first()
    if agreement is None:
        raise ExampleRefusedError(
            "Överenskommelsen som exempelloggen hör till är inte inläst. "
            "Kör `manage.py load_agreement` först."
        )
    if agreement.reviews.filter(is_example=True).exists():
        return False
    if Occasion.objects.exists() or Review.objects.exists():
        raise ExampleRefusedError(
            "Det finns redan en riktig logg, och den blandas inte med påhittade exempel. "
            "Läs in exemplet i en tom databas (DATABASE_URL)."
        )
    _Loading(agreement).load()
    return True


class _Loading(Cast):
    """One loading of the example."""

    occasions = 0

    def load(self) -> None:
        self._add_members()
        people.load(self, _read("people"))
        review = self._add_review()
        goals = {goal.number: goal for goal in self.agreement.goals.all()}
        undertakings = {row.number: row for row in self.agreement.undertakings.all()}
        # Should a later löftesperiod overlap the review too, the earlier one is meant.
        latest_first = review.promises().order_by("-period__starts_on")
        promises = {promise.number: promise for promise in latest_first}

        for number in PROMISES:
            log = _read(f"promise_{number}")
            self._add_metrics(log["metrics"], promise=promises[number])
            for row in log["activities"]:
                self._add_activity(row, promise=promises[number])
        for row in _read("undertakings")["activities"]:
            self._add_activity(row, undertaking=undertakings[row.pop("undertaking")])
        for row in _read("goals")["goals"]:
            self._add_metrics(row["metrics"], goal=goals[row["number"]])

        situation.load(self, _read("situation"))
        plan.load(self, _read("plan"))
        meetings.load(self, _read("meetings"))
        evidence = _read("evidence")
        for row in evidence["appointments"]:
            self.appoint(row, function=Appointment.Function.COORDINATOR)
        judgements.load(self, evidence["forecasts"], _read("law")["notes"])

        assessments = _read("review")
        self._assess(review, assessments["goal_assessments"], goal=goals)
        self._assess(review, assessments["undertaking_assessments"], undertaking=undertakings)
        self._assess(review, assessments["promise_assessments"], promise=promises)

        # `auto_now` has stamped the example with today.
        Occasion.objects.filter(is_example=True).update(
            updated_at=Coalesce("withdrawn_at", "created_at")
        )

    def _add_members(self) -> None:
        password = make_password(PASSWORD)  # slow by design: once is enough
        for key, row in _read("members").items():
            self.members[key] = self.add(Member, row, password=password)

    def _add_review(self) -> Review:
        example = _read("review")
        row = example["review"]
        started_on = row.pop("started_on")
        review = self.add(
            Review, row, agreement=self.agreement, created_at=_office_hours(started_on)
        )
        for kind in ReviewText.Kind:
            text = example["texts"].get(kind, "").strip()
            ReviewText.objects.create(review=review, kind=kind, text=text)
        return review

    def _assess(self, review: Review, rows: list[dict], **numbered: dict) -> None:
        """Assess what the one keyword names: the goals, undertakings or promises by number."""
        ((kind, things),) = numbered.items()
        for row in rows:
            thing = things[row.pop("number")]
            Assessment.objects.create(review=review, **{kind: thing}, **self.resolved(row))

    def _add_metrics(self, rows: list[dict], **owner) -> dict[str, Metric]:
        """The metrics of an activity, a promise or a goal, by name."""
        metrics = {}
        for number, row in enumerate(rows, start=1):
            readings = row.pop("readings", [])
            metric = Metric.objects.create(number=number, **owner, **row)
            Reading.objects.bulk_create(
                _reading(metric, created_at=_office_hours(reading["date"]), **reading)
                for reading in readings
            )
            metrics[metric.name] = metric
        return metrics

    def _add_activity(self, row: dict, **answers_to) -> None:
        occasions, metric_rows = row.pop("occasions", []), row.pop("metrics", [])
        activity = self.add(Activity, row, **answers_to)
        metrics = self._add_metrics(metric_rows, activity=activity)
        for occasion in occasions:
            self._add_occasion(occasion, activity, metrics)

    def _add_occasion(self, row: dict, activity: Activity, metrics: dict[str, Metric]) -> None:
        """An occasion has its activity's place and responsible party unless the row says else,
        and is logged a few days afterwards by that party's coordinator.
        """
        readings = row.pop("readings", {})
        days_later = 1 + row["date"].day % 4
        logged_on = row.pop("logged_on", row["date"] + timedelta(days=days_later))
        withdrawn_on = row.pop("withdrawn_on", None)
        fields = {"place": activity.place, "party": activity.responsible} | self.resolved(row)
        fields.setdefault("member", self.coordinator(fields["party"]))
        fields.setdefault("is_published", "public_sentence" in fields)
        if withdrawn_on:
            fields |= {
                "withdrawn_at": _office_hours(withdrawn_on),
                "withdrawn_by": fields["member"],
            }
        self.occasions += 1
        occasion = Occasion.objects.create(
            activity=activity,
            is_example=True,
            client_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{AGREEMENT} {self.occasions}"),
            created_at=_office_hours(logged_on),
            **fields,
        )
        at_occasion = partial(
            _reading, occasion=occasion, date=occasion.date, created_at=occasion.created_at
        )
        Reading.objects.bulk_create(
            at_occasion(metrics[name], value=value) for name, value in readings.items()
        )


def _reading(metric: Metric, value, **fields) -> Reading:
    """A reading of the metric; the value of a share is written `[n, m]`."""
    part, whole = value if metric.rule == Metric.Rule.SHARE else (value, None)
    return Reading(metric=metric, value=part, out_of=whole, **fields)


def _office_hours(day: date) -> datetime:
    """A moment of the day, the same one each time the example is loaded."""
    return timezone.make_aware(datetime.combine(day, time(8 + day.day % 9, day.day * 7 % 60)))


def _read(name: str) -> dict:
    text = (DATA / f"{name}.toml").read_text(encoding="utf-8")
    if reason := refusal(text):
        raise ExampleRefusedError(f"Filen {name}.toml {reason}")
    return tomllib.loads(text, parse_float=Decimal)
