"""What a report attaches as tables: its log and its figures, for a Swedish spreadsheet.

An empty cell is ingen uppgift, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup.log.columns import HEADINGS, REPORTED
from followup.numbers.metrics import MetricFigure
from followup.numbers.targets import TargetProgress
from followup.numbers.totals import Tally
from followup.paper.tables import as_csv
from followup.review.contents import ActivityRow, LogRow, MetricRow, PeriodContents
from followup.swedish import NO_FIGURE, out_of, working_time
from promises.known import day_or_words
from promises.models import Metric

FIGURES_HEADER = (
    "Hör till",
    "Aktivitet",
    "Slag",
    "Namn",
    "Räknas som",
    "Tid",
    "Utgångsvärde",
    "Målvärde",
    "Värde",
    "Enhet",
    "n",
    "av m",
    "Antal uppgifter",
    "Senaste uppgift",
    "I text",
)


def log_csv(log: Iterable[LogRow]) -> str:
    """The log as a table."""
    rows = ([day_or_words(row), *(getattr(row, name) for name in REPORTED[1:])] for row in log)
    return as_csv([HEADINGS[name] for name in REPORTED], rows)


def figures_csv(contents: PeriodContents) -> str:
    """Every figure as a table: a row for each total, activity, target window and metric.

    The same for the review and for every report, so that their figures can be compared.

    A target has its level under "Målvärde" and what was carried out under "Värde". A share's
    value is its percentage; n and m stand beside it.
    """
    return as_csv(FIGURES_HEADER, _figures(contents))


def _figures(contents: PeriodContents) -> Iterator[tuple]:
    yield from _totals("Hela perioden", contents.tally)
    for goal in contents.goals:
        yield from _metrics(goal.label, goal.metrics)
    for section in (*contents.undertakings, *contents.promises):
        yield from _totals(section.label, section.tally)
        for row in section.activities:
            yield _activity(section.label, row)
            if row.target:
                yield from _target(section.label, row.title, row.target)
        yield from _metrics(section.label, section.metrics)


def _totals(label: str, tally: Tally) -> Iterator[tuple]:
    """The counts of occasions, minutes and participants; the last two by those that are known."""
    known_minutes = tally.occasions - tally.minutes.unknown_occasions
    known_participants = tally.occasions - tally.participants.unknown_occasions
    for name, value, unit, readings in (
        ("Tillfällen", tally.occasions, "tillfällen", tally.occasions),
        ("Arbetstid", tally.minutes.known, "minuter", known_minutes),
        ("Deltagare", tally.participants.known, "deltagare", known_participants),
    ):
        text = NO_FIGURE if value is None else f"{value} {unit}"
        if unit == "minuter":
            text = working_time(value)
        yield (
            *(label, "", "Summa", name, "Summa", ""),
            *("", "", value, unit, "", "", readings, tally.last_on, text),
        )
    if tally.without_month:
        yield (
            *(label, "", "Summa", "Tillfällen utan månad", "Summa", ""),
            *("", "", tally.without_month, "tillfällen", "", "", "", "", tally.outside_months),
        )


def _activity(label: str, row: ActivityRow) -> tuple:
    return (
        *(label, row.title, "Summa", "Tillfällen", "Summa", ""),
        *("", "", row.occasions, "tillfällen", "", "", row.occasions, row.last_on),
        f"{row.occasions} tillfällen",
    )


def _target(label: str, activity: str, target: TargetProgress) -> Iterator[tuple]:
    for window in target.windows:
        told = out_of(window.carried_out, window.required)
        text = f"{told}, {window.state_label.lower()}"
        yield (
            *(label, activity, "Åtagandenivå", target.label, "Antal", window.label),
            *("", window.required, window.carried_out, "tillfällen", "", "", "", "", text),
        )


def _metrics(label: str, metrics: Iterable[MetricRow]) -> Iterator[tuple]:
    for row in metrics:
        figure = row.figure
        yield (
            label,
            row.activity,
            "Effekt" if figure.is_effect else "Utförande",
            figure.name,
            figure.rule_label,
            "",
            figure.baseline,
            figure.target_value,
            figure.value,
            _unit(figure),
            figure.part,
            figure.whole,
            figure.readings,
            figure.latest_on,
            figure.text,
        )


def _unit(figure: MetricFigure) -> str:
    return "%" if figure.rule == Metric.Rule.SHARE else figure.unit
