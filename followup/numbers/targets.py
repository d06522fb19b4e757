"""Targets (åtagandenivåer): how they were met, and whether they will be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from followup.models import Forecast
from followup.time.spans import Span
from promises.models import Activity


class TargetState(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    ONGOING = "ongoing"

    @property
    def label(self) -> str:
        return {"met": "Nådd", "not_met": "Ej nådd", "ongoing": "Pågår"}[self.value]

    @classmethod
    def of(cls, carried_out: int, required: int, *, is_over: bool) -> TargetState:
        """A window that is not over is Pågår until it is met; one that ended short is Ej nådd."""
        if carried_out >= required:
            return cls.MET
        return cls.NOT_MET if is_over else cls.ONGOING


@dataclass(frozen=True)
class TargetWindow:
    """One stretch a target is counted over: a year, a half-year, a season …"""

    label: str
    span: Span
    required: int
    carried_out: int
    state: TargetState

    @property
    def state_label(self) -> str:
        return self.state.label


@dataclass(frozen=True)
class TargetProgress:
    """An activity's target (åtagandenivå) and how it was met, window by window.

    `windows` is empty when nothing asked about is long enough to be measured, or when the
    activity was not in force then.
    """

    label: str
    windows: tuple[TargetWindow, ...]

    @property
    def due(self) -> tuple[TargetWindow, ...]:
        """The windows that can be judged: those that are over and those that are already met."""
        return tuple(one for one in self.windows if one.state is not TargetState.ONGOING)

    @property
    def _told(self) -> tuple[TargetWindow, ...]:
        return self.due or self.windows

    @property
    def required(self) -> int:
        """Occasions required in the windows that are due; in those that run, when none is."""
        return sum(window.required for window in self._told)

    @property
    def done_of_required(self) -> int:
        """How many of the required occasions were carried out.

        A surplus in one window does not make up for what another lacks.
        """
        return sum(min(window.carried_out, window.required) for window in self._told)

    @property
    def state(self) -> TargetState | None:
        """What those that are due came to: met when every one is. Pågår when none is due."""
        if not self.windows:
            return None
        if not self.due:
            return TargetState.ONGOING
        is_short = any(window.state is TargetState.NOT_MET for window in self.due)
        return TargetState.NOT_MET if is_short else TargetState.MET

    @property
    def state_label(self) -> str:
        return self.state.label if self.state else ""


@dataclass(frozen=True)
class WindowForecast:
    """Whether the target of an activity will be met in the window that runs (Löftesprognos).

    `computed` is what the figures say by the rule of `followup.numbers.forecasts`; `sentence`
    says what remains, and `pace_sentence` what the pace kept so far would give. `planned` counts
    occasions that are planned from today on. `override` is what somebody has set by hand, who
    knows what the figures do not show.
    """

    activity: Activity
    label: str
    span: Span
    required: int
    carried_out: int
    planned: int
    computed: Forecast.Value
    sentence: str
    pace_sentence: str
    override: Forecast | None

    @property
    def value(self) -> Forecast.Value:
        return Forecast.Value(self.override.value) if self.override else self.computed

    @property
    def severity(self) -> int:
        """0 for I fas, 1 for Risk, 2 for Ur fas."""
        return list(Forecast.Value).index(self.value)
