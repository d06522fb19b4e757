"""The year's plan → a wheel in SVG, the same on the page and on paper.

January begins at the top and the year runs clockwise, every month as wide. A ring is a
promise, the undertakings or the meetings. What a mark means is told by its shape, so that it
is read in greyscale too; the table beside it holds every entry in words.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from math import cos, dist, pi, sin
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from followup.paper.charts.drawing import FONT_SIZE, SCREEN, Palette
from followup.plan.year import Entry, EntryKind, EntryState, Stretch, YearPlan
from followup.swedish import MONTH_ABBREVIATIONS

# In the picture's own units, chosen so that its text is 11 pixels high on a phone.
SIZE = 380
CENTRE = SIZE / 2
HUB = 44
RIM = 168
LABELS = 179
SEAM = pi / 15  # between December and January, where the rings' signs stand
MONTH = (2 * pi - SEAM) / 12
MARK = 3.6
MARK_LANES = (0.0, 5.4, -5.4)  # from the middle of the ring
NEAR = 5.2  # marks may touch, and do not cover each other
ARC_WIDTH = 2.2
ARC_LANES = (-6.4, -3.4, 6.4)


class Point(NamedTuple):
    x: float
    y: float


class MonthSector(NamedTuple):
    label: str
    label_x: str
    label_y: str
    line: str
    is_quarter: bool


class RingCircle(NamedTuple):
    radius: str
    sign: str
    sign_y: str


class Mark(NamedTuple):
    """`shape` and whether it is filled tell kind and state apart without colour."""

    path: str
    is_filled: bool
    is_strong: bool


def wheel_chart(plan: YearPlan, *, palette: Palette = SCREEN) -> SafeString:
    """The wheel. Its caller shows the same entries as a table."""
    title = f"Årshjul {plan.year}"
    width = (RIM - HUB) / max(len(plan.rings), 1)
    middles = {ring.sign: HUB + width * (n + 0.5) for n, ring in enumerate(plan.rings)}
    return render_to_string(
        "followup/paper/charts/wheel.svg",
        {
            "palette": palette,
            "font_size": FONT_SIZE,
            "title": title,
            "description": in_words(plan),
            "size": SIZE,
            "centre": _number(CENTRE),
            "hub": HUB,
            "year": plan.year,
            "year_y": _number(CENTRE + FONT_SIZE / 2),
            "end": _radius(_turned(12), HUB, RIM),
            "months": [_sector(number) for number in range(1, 13)],
            "rings": [
                RingCircle(
                    _number(HUB + width * (n + 1)),
                    ring.sign,
                    _number(CENTRE - middles[ring.sign] + FONT_SIZE / 3),
                )
                for n, ring in enumerate(plan.rings)
            ],
            "arcs": _arcs(plan.stretches, middles),
            "arc_width": _number(ARC_WIDTH),
            "marks": _marks(plan.entries, middles),
            "today": _radius(_angle(plan.on), HUB, RIM) if plan.on.year == plan.year else "",
        },
    )


def in_words(plan: YearPlan) -> str:
    """What the wheel shows, for those who listen to it."""
    if not plan.entries:
        return "Inget är planerat."
    states = ((state, plan.count(state)) for state in EntryState)
    counts = ", ".join(f"{count} {state.label.lower()}" for state, count in states if count)
    return f"{len(plan.entries)} punkter: {counts}. Samma punkter står i tabellen."


# Symbols of the legend, drawn as in the wheel.
LEGEND = (
    ("Planerat tillfälle", EntryKind.PLANNED, EntryState.PLANNED),
    ("Genomfört tillfälle", EntryKind.PLANNED, EntryState.CARRIED_OUT),
    ("Försenat: dagen har passerat och inget är loggat", EntryKind.PLANNED, EntryState.LATE),
    ("Inställt", EntryKind.PLANNED, EntryState.CANCELLED),
    ("Möte, fyllt när det är genomfört", EntryKind.MEETING, EntryState.PLANNED),
    ("Tidsfrist", EntryKind.DEADLINE, EntryState.DEADLINE),
)


def legend(*, palette: Palette = SCREEN) -> list[tuple[SafeString, str]]:
    """Each shape of the wheel, drawn by itself, with what it stands for."""
    return [
        (
            render_to_string(
                "followup/paper/charts/wheel_mark.svg",
                {"palette": palette, "mark": _mark(Point(8, 8), kind, state, size=5)},
            ),
            label,
        )
        for label, kind, state in LEGEND
    ]


# --- Where things stand --------------------------------------------------------------------


def _angle(day: date) -> float:
    """The day's middle as an angle in radians from the top, clockwise; every month is as wide."""
    days = monthrange(day.year, day.month)[1]
    return _turned(day.month - 1 + (day.day - 0.5) / days)


def _turned(months: float) -> float:
    """The angle so many months into the year."""
    return SEAM / 2 + months * MONTH


def _at(angle: float, radius: float) -> Point:
    return Point(CENTRE + radius * sin(angle), CENTRE - radius * cos(angle))


def _sector(number: int) -> MonthSector:
    middle = _at(_turned(number - 0.5), LABELS)
    return MonthSector(
        label=MONTH_ABBREVIATIONS[number - 1],
        label_x=_number(middle.x),
        label_y=_number(middle.y + FONT_SIZE / 3),
        line=_radius(_turned(number - 1), HUB, RIM),
        is_quarter=number % 3 == 1,
    )


def _radius(angle: float, inner: float, outer: float) -> str:
    return f"M{_pair(_at(angle, inner))}L{_pair(_at(angle, outer))}"


def _marks(entries: tuple[Entry, ...], middles: dict[str, float]) -> list[Mark]:
    """A mark per entry; those that would lie upon each other step aside within their ring."""
    marks, taken = [], defaultdict(list)
    for entry in entries:
        angle = _angle(entry.date)
        spots = [_at(angle, middles[entry.ring] + lane) for lane in MARK_LANES]
        free = (spot for spot in spots if not _is_near(spot, taken[entry.ring]))
        spot = next(free, spots[0])
        taken[entry.ring].append(spot)
        marks.append(_mark(spot, entry.kind, entry.state, MARK))
    return marks


def _is_near(spot: Point, others: list[Point]) -> bool:
    return any(dist(spot, one) < NEAR for one in others)


def _mark(spot: Point, kind: EntryKind, state: EntryState, size: float) -> Mark:
    is_done = state is EntryState.CARRIED_OUT
    if state is EntryState.LATE:
        return Mark(_polygon(spot, size * 1.35, corners=3), is_filled=True, is_strong=True)
    if state is EntryState.CANCELLED:
        return Mark(_cross(spot, size * 0.8), is_filled=False, is_strong=False)
    if kind is EntryKind.MEETING:
        corners = _polygon(spot, size * 1.25, corners=4, turned=pi / 4)
        return Mark(corners, is_filled=is_done, is_strong=False)
    if kind is EntryKind.DEADLINE:
        return Mark(_polygon(spot, size * 1.5, corners=4), is_filled=True, is_strong=True)
    return Mark(_circle(spot, size), is_filled=is_done, is_strong=False)


def _circle(spot: Point, radius: float) -> str:
    r, d = _number(radius), _number(2 * radius)
    left = Point(spot.x - radius, spot.y)
    return f"M{_pair(left)}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z"


def _polygon(spot: Point, radius: float, corners: int, turned: float = 0.0) -> str:
    """A regular polygon, standing on its base as a triangle and on its point as a square."""
    angles = [turned + 2 * pi * n / corners for n in range(corners)]
    points = [Point(spot.x + radius * sin(a), spot.y - radius * cos(a)) for a in angles]
    return "M" + "L".join(map(_pair, points)) + "z"


def _cross(spot: Point, reach: float) -> str:
    x, y, r = spot.x, spot.y, reach
    one = f"M{_pair(Point(x - r, y - r))}L{_pair(Point(x + r, y + r))}"
    return f"{one}M{_pair(Point(x + r, y - r))}L{_pair(Point(x - r, y + r))}"


def _arcs(stretches: tuple[Stretch, ...], middles: dict[str, float]) -> list[str]:
    """An arc per stretch, beside each other where they last at the same time."""
    arcs = []
    lanes: dict[str, list[list[Stretch]]] = defaultdict(lambda: [[] for _ in ARC_LANES])
    for stretch in sorted(stretches, key=lambda one: one.span):
        rows = lanes[stretch.ring]
        free = (n for n, row in enumerate(rows) if not _overlaps(stretch, row))
        lane = next(free, len(rows) - 1)
        rows[lane].append(stretch)
        arcs.append(_arc(stretch, middles[stretch.ring] + ARC_LANES[lane]))
    return arcs


def _overlaps(stretch: Stretch, row: list[Stretch]) -> bool:
    return any(stretch.span.overlap(other.span).days > 0 for other in row)


def _arc(stretch: Stretch, radius: float) -> str:
    half_a_day = MONTH / 31 / 2
    first = _angle(stretch.span.starts_on) - half_a_day
    last = _angle(stretch.span.ends_on) + half_a_day
    r, is_long = _number(radius), int(last - first > pi)
    return f"M{_pair(_at(first, radius))}A{r} {r} 0 {is_long} 1 {_pair(_at(last, radius))}"


def _number(value: float) -> str:
    return f"{value:.2f}"


def _pair(point: Point) -> str:
    return f"{point.x:.2f} {point.y:.2f}"
