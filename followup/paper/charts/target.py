"""Done against target: a bar per window, with a tick where the target stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from followup.numbers.targets import TargetState, TargetWindow
from followup.paper.charts.drawing import FONT_SIZE, SCREEN, Palette, coordinate, draw
from followup.swedish import out_of

ROW_HEIGHT = 28
BAR_HEIGHT = 12
TICK_HEIGHT = 20
BAR_WIDTH = 100
LABEL_WIDTH = 112
FIGURE_WIDTH = 74


class TargetBar(NamedTuple):
    label: str
    text: str
    text_y: str
    bar_y: str
    bar_width: str
    tick_x: str
    tick_from: str
    tick_to: str


def target_chart(
    windows: Sequence[TargetWindow], title: str, *, palette: Palette = SCREEN, width: int = 420
) -> SafeString:
    """A bar per window for what was carried out, with a tick where the target stands.

    `width` as in `months_chart`.
    """
    highest = max((max(window.carried_out, window.required) for window in windows), default=0)
    unit = (width - LABEL_WIDTH - FIGURE_WIDTH) / (highest or 1)
    bars = []
    for index, window in enumerate(windows):
        middle = ROW_HEIGHT * (index + 0.5)
        bars.append(
            TargetBar(
                label=window.label,
                text=out_of(window.carried_out, window.required),
                text_y=coordinate(middle + FONT_SIZE / 3),
                bar_y=coordinate(middle - BAR_HEIGHT / 2),
                bar_width=coordinate(unit * window.carried_out),
                tick_x=coordinate(LABEL_WIDTH + unit * window.required),
                tick_from=coordinate(middle - TICK_HEIGHT / 2),
                tick_to=coordinate(middle + TICK_HEIGHT / 2),
            )
        )
    met = sum(window.state == TargetState.MET for window in windows)
    return draw(
        "followup/paper/charts/target.svg",
        palette,
        title=title,
        description=f"Åtagandenivån är nådd i {met} av {len(windows)}. Strecket visar åtagandenivån.",
        width=width,
        height=ROW_HEIGHT * len(windows),
        bars=bars,
        bar_x=LABEL_WIDTH,
        bar_height=BAR_HEIGHT,
    )


def target_bar(
    window: TargetWindow, windows: Sequence[TargetWindow], *, palette: Palette = SCREEN
) -> SafeString:
    """One window's bar and tick without words, for a table that has them; all of `windows` share
    a scale.
    """
    highest = max(max(other.carried_out, other.required) for other in windows) or 1
    return draw(
        "followup/paper/charts/bar.svg",
        palette,
        width=BAR_WIDTH,
        height=BAR_HEIGHT,
        bar_width=coordinate((BAR_WIDTH - 2) * window.carried_out / highest),
        tick_x=coordinate(1 + (BAR_WIDTH - 2) * window.required / highest),
    )
