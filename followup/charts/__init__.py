"""Numbers → SVG, the same picture on the page and in the PDF.

Every chart stands beside a table of the same numbers; the caller sees to that. WeasyPrint reads
no CSS inside an SVG, so that colours and fonts are attributes, from a palette. Coordinates are
written here, with a decimal point: a template would write them with a Swedish comma.
"""

from followup.charts.drawing import FONT_SIZE, PRINT, SCREEN, Palette
from followup.charts.months import YearRow, months_by_year, months_chart
from followup.charts.places import PlaceBar, PlaceRow, place_rows, places_chart
from followup.charts.series import series_chart
from followup.charts.target import target_bar, target_chart
from followup.charts.years import years_chart

__all__ = [
    "FONT_SIZE",
    "PRINT",
    "SCREEN",
    "Palette",
    "PlaceBar",
    "PlaceRow",
    "YearRow",
    "months_by_year",
    "months_chart",
    "place_rows",
    "places_chart",
    "series_chart",
    "target_bar",
    "target_chart",
    "years_chart",
]
