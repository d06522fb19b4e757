"""Charts: numbers into pictures, with the same numbers in words beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation

from followup.numbers.metrics import MetricFigure, MetricPoint
from followup.numbers.targets import TargetState, TargetWindow
from followup.numbers.totals import MonthCount, PlaceCount, Tally, Total
from followup.paper.charts.drawing import PRINT, SCREEN
from followup.paper.charts.months import months_by_year, months_chart
from followup.paper.charts.places import PlaceRow, place_rows, places_chart
from followup.paper.charts.series import series_chart
from followup.paper.charts.target import target_bar, target_chart
from followup.templatetags.figures import number
from followup.time.spans import Span

SVG = "{http://www.w3.org/2000/svg}"

# Two years and two months, as a biennial review that begins in February has them.
COUNTS = [0, 3, 4, 3, 2, 0, 0, 3, 3, 4, 1, 0, 1, 2, 4, 1, 3, 0, 0, 2, 3, 2, 1, 0, 1]
MONTHS = [
    MonthCount(2023 + (index + 1) // 12, (index + 1) % 12 + 1, count)
    for index, count in enumerate(COUNTS)
]


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(picture: ElementTree.Element) -> list[str]:
    return [text.text for text in picture.iter(f"{SVG}text")]


def window(year: int, carried_out: int, required: int = 2) -> TargetWindow:
    met = carried_out >= required
    return TargetWindow(
        label=str(year),
        span=Span(date(year, 1, 1), date(year, 12, 31)),
        required=required,
        carried_out=carried_out,
        state=TargetState.MET if met else TargetState.NOT_MET,
    )


# --- What every picture has ----------------------------------------------------------------

PICTURES = [
    pytest.param(lambda: months_chart(MONTHS, "Tillfällen"), id="months"),
    pytest.param(lambda: target_chart([window(2023, 1), window(2024, 2)], "Nivå"), id="target"),
    pytest.param(lambda: target_bar(window(2023, 1, 3), [window(2023, 1, 3)]), id="bar"),
]
NUMERIC = {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "dx"}


@pytest.mark.parametrize("picture", PICTURES)
def test_coordinates_have_a_decimal_point_under_swedish_formats(picture):
    with translation.override("sv"):
        swedish = picture()

    coordinates = [
        value
        for element in drawn(swedish).iter()
        for name, value in element.attrib.items()
        if name in NUMERIC
    ]
    assert [value for value in coordinates if "," in value] == []
    assert all(float(value) >= 0 for value in coordinates)
    assert "." in "".join(coordinates)


@pytest.mark.parametrize("picture", PICTURES[:2])
def test_the_title_is_the_first_child_since_it_becomes_the_alternative_text(picture):
    root = drawn(picture())

    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("role") == "img"


def test_a_bar_beside_its_own_words_is_hidden_from_a_screen_reader():
    root = drawn(target_bar(window(2023, 1), [window(2023, 1)]))

    assert root.get("aria-hidden") == "true"
    assert texts(root) == []


def test_a_title_with_special_characters_is_escaped():
    root = drawn(months_chart(MONTHS, 'Tobak & "folköl" <unga>'))

    assert root[0].text == 'Tobak & "folköl" <unga>'


def test_paper_has_its_own_colours_and_the_screen_follows_its_theme():
    on_paper = months_chart(MONTHS, "Tillfällen", palette=PRINT)
    on_screen = months_chart(MONTHS, "Tillfällen", palette=SCREEN)

    assert "var(" not in on_paper
    assert "currentColor" not in on_paper
    assert "#12504c" not in on_screen


@pytest.mark.parametrize(
    "tag",
    [
        '{% months_chart months "Tillfällen" %}',
        '{% target_chart windows "Nivå" %}',
        "{% target_bar windows.0 windows %}",
    ],
)
def test_a_template_draws_for_paper_when_it_is_given_papers_palette(tag):
    figures = {"months": MONTHS, "windows": [window(2023, 1)]}
    template = Template("{% load figures %}" + tag)

    on_screen = template.render(Context(figures))
    on_paper = template.render(Context(figures | {"palette": PRINT}))

    assert ("var(--spruce)" in on_screen, "#12504c" in on_screen) == (True, False)
    assert ("var(--spruce)" in on_paper, "#12504c" in on_paper) == (False, True)


# --- Occasions per month -------------------------------------------------------------------


def test_every_month_with_an_occasion_has_a_bar_with_its_count_on_top():
    root = drawn(months_chart(MONTHS, "Tillfällen"))

    counted = [count for count in COUNTS if count]
    assert len(list(root.iter(f"{SVG}rect"))) == len(counted)
    assert [int(text) for text in texts(root) if text.isdigit() and int(text) < 100] == counted


def test_bars_are_as_high_as_their_counts():
    root = drawn(months_chart(MONTHS, "Tillfällen"))

    heights = [float(bar.get("height")) for bar in root.iter(f"{SVG}rect")]
    assert heights == [84 * count / 4 for count in COUNTS if count]


def test_months_are_lettered_and_years_named_where_they_begin():
    root = drawn(months_chart(MONTHS, "Tillfällen"))

    assert "".join(text for text in texts(root) if text.isalpha()) == "FMAMJJASONDJFMAMJJASONDJF"
    assert [text for text in texts(root) if len(text) == 4] == ["2023", "2024", "2025"]


def test_the_picture_is_described_in_words():
    root = drawn(months_chart(MONTHS, "Tillfällen"))

    assert root[1].text == "feb 2023 till feb 2025: 43 tillfällen. Flest i apr 2023: 4."


def test_many_years_have_room_for_no_letters_but_the_bars_stay_in_the_picture():
    months = [MonthCount(2019 + n // 12, n % 12 + 1, 1) for n in range(96)]

    root = drawn(months_chart(months, "Tillfällen"))

    assert [text for text in texts(root) if text.isalpha()] == []
    last = list(root.iter(f"{SVG}rect"))[-1]
    assert float(last.get("x")) + float(last.get("width")) <= 680


def test_without_occasions_there_are_no_bars_but_still_an_axis():
    root = drawn(months_chart([MonthCount(2024, 1, 0), MonthCount(2024, 2, 0)], "Tillfällen"))

    assert list(root.iter(f"{SVG}rect")) == []
    assert len(list(root.iter(f"{SVG}line"))) == 1
    assert root[1].text == "Inga tillfällen."
    assert texts(root) == ["J", "F", "2024"]


def test_no_months_at_all_draw_an_empty_picture():
    assert texts(drawn(months_chart([], "Tillfällen"))) == []


def test_one_month_is_a_bar_of_moderate_width():
    root = drawn(months_chart([MonthCount(2024, 3, 5)], "Tillfällen"))

    (bar,) = root.iter(f"{SVG}rect")
    assert (bar.get("width"), bar.get("height")) == ("27.28", "84.00")
    assert texts(root) == ["5", "M", "2024"]


def test_the_table_beside_the_chart_has_the_same_numbers():
    rows = months_by_year(MONTHS)

    assert [row.year for row in rows] == [2023, 2024, 2025]
    assert [count for row in rows for count in row.months if count is not None] == COUNTS
    assert [row.total for row in rows] == [23, 19, 1]


def test_a_month_outside_the_period_is_empty_in_the_table_and_not_zero():
    first, *_, last = months_by_year(MONTHS)

    assert first.months[:2] == (None, 0)
    assert last.months == (0, 1, *[None] * 10)


# --- Done against target -------------------------------------------------------------------


def test_every_window_has_its_label_and_its_numbers_in_words():
    root = drawn(target_chart([window(2023, 1), window(2024, 2)], "Nivå"))

    assert texts(root) == ["2023", "1 av 2", "2024", "2 av 2"]
    assert root[1].text == "Åtagandenivån är nådd i 1 av 2. Strecket visar åtagandenivån."


def test_bars_and_ticks_share_one_scale():
    root = drawn(target_chart([window(2023, 1), window(2024, 4)], "Nivå", width=420))

    unit = (420 - 112 - 74) / 4
    assert [float(bar.get("width")) for bar in root.iter(f"{SVG}rect")] == [unit, 4 * unit]
    assert {float(tick.get("x1")) for tick in root.iter(f"{SVG}line")} == {112 + 2 * unit}


def test_a_bar_in_a_table_is_measured_against_the_longest_of_its_table():
    windows = [window(2023, 1), window(2024, 4)]

    bars = [drawn(target_bar(one, windows)).find(f"{SVG}rect").get("width") for one in windows]

    assert bars == ["24.50", "98.00"]


def test_nothing_done_is_a_bar_of_no_length():
    root = drawn(target_bar(window(2023, 0), [window(2023, 0)]))

    assert root.find(f"{SVG}rect").get("width") == "0.00"
    assert root.find(f"{SVG}line").get("x1") == "99.00"


# --- Figures as they are read --------------------------------------------------------------


def test_no_figure_is_not_zero():
    assert [number(None), number(0), number(1347)] == [
        "Ingen uppgift",
        "0",
        "1\N{NO-BREAK SPACE}347",
    ]


# --- A metric over time --------------------------------------------------------------------


def series(rule: str, *points: tuple[str, str | None, str], **values) -> MetricFigure:
    """A figure of points given as (label, value, text); None is ingen uppgift."""
    return MetricFigure(
        **{
            "name": "Medelhastighet",
            "unit": "km/h",
            "dimension": "effect",
            "rule": rule,
            "value": Decimal(1),
            "part": None,
            "whole": None,
            "readings": 1,
            "latest_on": None,
            "baseline": None,
            "target_value": None,
            "lower_is_better": True,
            "points": tuple(
                MetricPoint(
                    label=label,
                    span=Span(date(2023, 1, 1), date(2023, 12, 31)),
                    value=None if value is None else Decimal(value),
                    text=text,
                    readings=0 if value is None else 1,
                )
                for label, value, text in points
            ),
        }
        | values
    )


SPEED = series(
    "mean",
    ("2022", "44", "44 km/h"),
    ("2023", "42.5", "42,5 km/h"),
    ("2024", None, "Ingen uppgift"),
    ("2025", "0", "0 km/h"),
    baseline=Decimal("43.5"),
    target_value=Decimal(40),
)


def lines(picture: ElementTree.Element) -> list[ElementTree.Element]:
    return list(picture.iter(f"{SVG}line"))


def test_a_series_breaks_where_there_is_no_figure_and_keeps_zero_as_a_point():
    picture = drawn(series_chart(SPEED))

    points = [circle.attrib["cy"] for circle in picture.iter(f"{SVG}circle")]
    assert len(points) == 3
    assert points[-1] == "136.00"  # on the axis: 0, which is not ingen uppgift
    joined = [line for line in lines(picture) if line.attrib["stroke"] == SCREEN.bar]
    assert len(joined) == 1
    marks = ["44", "2022", "42,5", "2023", "saknas", "2024", "0", "2025"]
    assert texts(picture)[2:] == marks


def test_the_target_is_a_whole_line_and_the_baseline_a_dashed_so_that_grey_tells_them_apart():
    picture = drawn(series_chart(SPEED, palette=PRINT))

    levels = [line for line in lines(picture) if line.attrib["stroke"] == PRINT.ink_soft]
    assert [line.attrib.get("stroke-dasharray") for line in levels] == ["5 4", None]
    assert texts(picture)[:2] == ["Utgångsvärde 43,5 km/h", "Målvärde högst 40 km/h"]


def test_the_words_of_two_levels_that_nearly_meet_stand_apart():
    near = replace(SPEED, baseline=Decimal("40.1"))

    first, second = (
        float(text.attrib["y"]) for text in list(drawn(series_chart(near)).iter(f"{SVG}text"))[:2]
    )
    assert second - first == 14


def test_a_sum_is_bars_without_the_level_of_the_whole_time():
    counted = series(
        "sum",
        ("2023", "10", "10 förare"),
        ("2024", "20", "20 förare"),
        unit="förare",
        target_value=Decimal(30),
    )

    picture = drawn(series_chart(counted))

    heights = [bar.attrib["height"] for bar in picture.iter(f"{SVG}rect")]
    assert heights == ["55.00", "110.00"]
    assert texts(picture) == ["10", "2023", "20", "2024"]


def test_a_share_is_marked_in_percent():
    share = series("share", ("2023", "83.4", "211 av 253 (83 %)"), unit="fordon")
    assert texts(drawn(series_chart(share))) == ["83 %", "2023"]


def test_the_series_is_told_in_words():
    described = drawn(series_chart(SPEED)).find(f"{SVG}desc").text
    assert described == (
        "2022: 44 km/h. 2023: 42,5 km/h. 2024: Ingen uppgift. 2025: 0 km/h. "
        "Målvärde högst 40 km/h. Utgångsvärde 43,5 km/h."
    )


# --- Places reached ------------------------------------------------------------------------


def tally(*places: PlaceCount, unreached: tuple[str, ...] = ()) -> Tally:
    return Tally(
        occasions=sum(place.count for place in places),
        outside_term=0,
        last_on=None,
        minutes=Total(),
        participants=Total(),
        months=(),
        places=places,
        party_minutes=(),
        unreached=unreached,
    )


REACHED = tally(
    PlaceCount("Risbäck", 4, date(2024, 3, 1)),
    PlaceCount(None, 6, date(2024, 4, 1)),
    unreached=("Högland",),
)


def test_a_place_the_plan_names_in_vain_has_a_0_and_no_bar():
    rows = place_rows(REACHED)

    assert rows == [
        ("Risbäck", 4, date(2024, 3, 1), ""),
        ("Högland", 0, None, ""),
        ("Ingen plats angiven", 6, date(2024, 4, 1), ""),
    ]
    picture = drawn(places_chart(rows, "Platser"))
    assert texts(picture) == ["Risbäck", "4", "Högland", "0", "Ingen plats angiven", "6"]
    assert len(list(picture.iter(f"{SVG}rect"))) == 2


def test_places_are_told_in_words():
    described = drawn(places_chart(place_rows(REACHED), "Platser")).find(f"{SVG}desc").text
    assert described == "Risbäck: 4. Högland: 0. Ingen plats angiven: 6."


def test_a_long_name_does_not_run_into_its_bar():
    long = [PlaceRow("Parkeringen vid Borgasjöns norra ände", 1, None)]
    assert texts(drawn(places_chart(long, "Platser")))[0] == "Parkeringen vid Borgasj…"
