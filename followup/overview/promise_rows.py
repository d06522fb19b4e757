"""A promise on the overview: its prognosis or outcome in one sentence, and its few key figures."""

from __future__ import annotations

from dataclasses import dataclass

from followup.log.address import log_address
from followup.numbers.progress import Progress, PromiseProgress
from followup.numbers.targets import TargetState
from promises.models import Activity


@dataclass(frozen=True)
class PromiseRow:
    """A promise as the overview tells of it.

    `value` and `label` are its status mark and `sentence` says why; `activity` is the one that
    the sentence is about, when it is about one. `log_address` leads to exactly the occasions
    that are counted.
    """

    one: PromiseProgress
    value: str
    label: str
    sentence: str
    log_address: str
    activity: Activity | None = None
    computed_label: str = ""
    """What the figures say, where somebody has set another prognosis by hand."""


def promise_rows(progress: Progress) -> list[PromiseRow]:
    """Every promise in order: with its worst prognosis, or what its targets came to."""
    return [_row(one, progress) for one in progress.promises]


def _row(one: PromiseProgress, progress: Progress) -> PromiseRow:
    address = log_address(progress.span, progress.party, lofte=one.promise.pk)
    forecast = one.forecast
    if forecast is None:
        return PromiseRow(one, *_outcome(one), address)
    return PromiseRow(
        one,
        forecast.value.value,
        forecast.value.label,
        forecast.sentence,
        address,
        activity=forecast.activity,
        computed_label=forecast.computed.label if forecast.override else "",
    )


def _outcome(one: PromiseProgress) -> tuple[str, str, str]:
    """What there is to say where no target runs: how those that have run came out."""
    if not one.activities:
        return "missing", "Ingen plan", "Ingen aktivitet är planerad."
    targets = one.targets
    if not targets:
        return "", "Ingen prognos", "Ingen åtagandenivå att mäta mot."
    missed = sum(target.state is TargetState.NOT_MET for target in targets)
    if missed:
        noun = "åtagandenivån" if len(targets) == 1 else "åtagandenivåer"
        of = "" if len(targets) == 1 else f"{missed} av {len(targets)} "
        sentence = f"{of}{noun} nåddes inte."
        return TargetState.NOT_MET.value, "Ej nått", sentence[0].upper() + sentence[1:]
    if all(target.state is TargetState.MET for target in targets):
        noun = "Åtagandenivån" if len(targets) == 1 else f"Alla {len(targets)} åtagandenivåer"
        return TargetState.MET.value, "Nått", f"{noun} nåddes."
    sentence = f"{one.targets_met} av {len(targets)} åtagandenivåer är nådda hittills."
    return TargetState.ONGOING.value, "Pågår", sentence
