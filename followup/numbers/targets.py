"""Targets (åtagandenivåer): how they were met, and whether they will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
    def of(cls, carried_out: int, required: int, window: Span, on: date) -> TargetState:
        """A window still running is Pågår until it is met; one that ended short is Ej nådd."""
        if carried_out >= required:
            return cls.MET
        return cls.ONGOING if window.ends_on >= on else cls.NOT_MET


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

    `windows` is empty when nothing asked about is long enough to be measured.
    """

    label: str
    windows: tuple[TargetWindow, ...]

    @property
    def required(self) -> int:
        return sum(window.required for window in self.windows)

    @property
    def carried_out(self) -> int:
        return sum(window.carried_out for window in self.windows)

    @property
    def done_of_required(self) -> int:
        """How many of the required occasions were carried out.

        A surplus in one window does not make up for what another lacks.
        """
        return sum(min(window.carried_out, window.required) for window in self.windows)

    @property
    def windows_met(self) -> int:
        return sum(window.state is TargetState.MET for window in self.windows)

    @property
    def state(self) -> TargetState | None:
        """Met when every window is; not met as soon as a window has ended short."""
        states = {window.state for window in self.windows}
        if not states:
            return None
        if TargetState.NOT_MET in states:
            return TargetState.NOT_MET
        return TargetState.ONGOING if TargetState.ONGOING in states else TargetState.MET

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
