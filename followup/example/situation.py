"""The example's lägesbilder, åtgärdsplan and the goals its promises are to contribute to."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from followup.example.cast import Cast, in_the_morning
from promises.models import (
    ActionPlan,
    Activity,
    Cause,
    Problem,
    Promise,
    PromisePeriod,
    SituationPicture,
    Source,
)


@transaction.atomic
def load(example: Cast, rows: dict) -> None:
    """Write what situation.toml tells, after the promises' activities have been added."""
    # The example is of the first löftesperiod.
    period = example.agreement.periods.order_by("starts_on").first()
    promises = {promise.number: promise for promise in period.promises.all()}
    pictures = [_add_picture(example, row, promises) for row in rows["pictures"]]
    _set_goals(example, promises, rows["goals"])
    for row in rows["plans"]:
        _add_plan(pictures, period, row)
    _date_the_activities(rows["planned_on"], rows["added_later"])


def _add_picture(example: Cast, row: dict, promises: dict[int, Promise]) -> SituationPicture:
    """An adopted picture: written as a draft, and adopted when all of it is there."""
    source_rows, problem_rows = row.pop("sources"), row.pop("problems")
    adoption = {name: row.pop(name) for name in ("adopted_on", "adopting_body", "registry_number")}
    picture = example.add(SituationPicture, row, agreement=example.agreement)
    sources = {
        source["title"]: Source.objects.create(picture=picture, **source) for source in source_rows
    }
    for problem in problem_rows:
        _add_problem(picture, problem, sources, promises)
    for name, value in adoption.items():
        setattr(picture, name, value)
    picture.save()
    return picture


def _add_problem(
    picture: SituationPicture,
    row: dict,
    sources: dict[str, Source],
    promises: dict[int, Promise],
) -> None:
    causes, titles, numbers = row.pop("causes"), row.pop("sources"), row.pop("promises")
    problem = Problem.objects.create(picture=picture, **row)
    problem.sources.set(sources[title] for title in titles)
    problem.promises.set(promises[number] for number in numbers)
    for cause in causes:
        Cause.objects.create(problem=problem, **cause)


def _set_goals(example: Cast, promises: dict[int, Promise], rows: dict[str, list[int]]) -> None:
    goals = {goal.number: goal for goal in example.agreement.goals.all()}
    for number, chosen in rows.items():
        promises[int(number)].goals.set(goals[goal] for goal in chosen)


def _add_plan(pictures: list[SituationPicture], period: PromisePeriod, row: dict) -> None:
    edition = row.pop("edition")
    picture = next(picture for picture in pictures if picture.edition == edition)
    ActionPlan.objects.create(picture=picture, period=period, is_example=True, **row)


def _date_the_activities(planned_on: date, added_later: dict[str, date]) -> None:
    """Put the plan's activities in the plan on the days they would have been."""
    # Not through save(): the example has no history of a day when its dates were corrected.
    activities = Activity.objects.filter(is_example=True)
    recorded = Activity.history.filter(is_example=True)
    for rows in (activities, recorded):
        rows.update(created_at=in_the_morning(planned_on))
        for title, day in added_later.items():
            rows.filter(title=title).update(created_at=in_the_morning(day))
