"""A promise on the overview: its prognosis or outcome in one sentence, and its few key figures."""

from __future__ import annotations

from dataclasses import dataclass

from followup.log.address import log_address
from followup.models import Assessment, Review
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
    judgement: Assessment | None = None
    """What an adopted review says of it."""


def promise_rows(progress: Progress) -> list[PromiseRow]:
    """Every promise in order: with its judgement if its time is over and both parties have signed
    one, else with its worst prognosis, or what its targets came to.
    """
    judged = {} if progress.span.covers(progress.on) else _judgements(progress)
    return [_row(one, progress, judged.get(one.promise.pk)) for one in progress.promises]


def _judgements(progress: Progress) -> dict[int, Assessment]:
    """The latest adopted judgement of each promise within the span."""
    adopted = Review.objects.adopted().filter(
        ends_on__gte=progress.span.starts_on, ends_on__lte=progress.span.ends_on
    )
    latest_last = (
        Assessment.objects.filter(
            review__in=adopted, promise__in=[one.promise for one in progress.promises]
        )
        .select_related("review")
        .order_by("review__ends_on", "review_id")
    )
    return {judgement.promise_id: judgement for judgement in latest_last}


def _row(one: PromiseProgress, progress: Progress, judgement: Assessment | None) -> PromiseRow:
    address = log_address(progress.span, progress.party, lofte=one.promise.pk)
    if judgement:
        value, label = judgement.value, judgement.get_value_display()
        return PromiseRow(one, value, label, _levels(one), address, judgement=judgement)
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
    """What there is to say where no target runs: how those that were due came out.

    What that means for the promise is for the parties to judge: one level that was missed among
    many does not make the promise one that was not kept.
    """
    if not one.activities:
        return "missing", "Ingen plan", "Ingen aktivitet är planerad."
    if not any(activity.target and activity.target.windows for activity in one.activities):
        return "", "Ingen prognos", "Ingen åtagandenivå att mäta mot."
    if not one.targets:
        return TargetState.ONGOING.value, "Pågår", "Ingen åtagandenivå ska vara nådd än."
    if one.targets_met == len(one.targets):
        return TargetState.MET.value, "Nått", _levels(one)
    if one.targets_met == 0:
        return TargetState.NOT_MET.value, "Ej nått", _levels(one)
    return "partly_met", "Delvis nått", _levels(one)


def _levels(one: PromiseProgress) -> str:
    """How many levels were reached of those that were due."""
    due, met = len(one.targets), one.targets_met
    if due == 0:
        return ""
    if due == 1:
        return "Åtagandenivån nåddes." if met else "Åtagandenivån nåddes inte."
    if met == due:
        return f"Alla {due} åtagandenivåer nåddes."
    return f"{met or 'Ingen'} av {due} åtagandenivåer nåddes."
