"""Format 2 of a review's text (version 0.1), retold in the words of format 3.

Format 2 held figures and states; the words for them were worked out when they were shown, by the
rules below. They are those of its day and are never changed.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

STATE_LABELS = {"met": "Nådd", "not_met": "Ej nådd", "ongoing": "Pågår", None: ""}
RULE_LABELS = {
    "sum": "Summa",
    "latest": "Senaste värdet",
    "mean": "Medelvärde",
    "share": "Andel (n av m)",
}
MONTHS = ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]


def retold(data: dict) -> dict:
    """The contents with what format 3 tells besides."""
    return _part("", data)


def _part(name: str, part: object) -> Any:
    if isinstance(part, list):
        return [_part(name, one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {key: _part(key, value) for key, value in part.items()}
    return told | ADDED[name](told) if name in ADDED else told


def _promise(section: dict) -> dict:
    return {"heading": f"{section['label']}: {section['topic']}"}


def _deviations(told: dict) -> dict:
    return {"is_empty": not any(told.values())}


def _state(told: dict) -> dict:
    return {"state_label": STATE_LABELS[told["state"]]}


def _target(target: dict) -> dict:
    windows = target["windows"]
    states = {window["state"] for window in windows}
    state = next((one for one in ("not_met", "ongoing", "met") if one in states), None)
    return {
        "required": sum(window["required"] for window in windows),
        "carried_out": sum(window["carried_out"] for window in windows),
        "done_of_required": sum(
            min(window["carried_out"], window["required"]) for window in windows
        ),
        "windows_met": sum(window["state"] == "met" for window in windows),
        "state": state,
        "state_label": STATE_LABELS[state],
    }


def _tally(tally: dict) -> dict:
    return {"places_reached": sum(place["name"] is not None for place in tally["places"])}


def _month(month: dict) -> dict:
    return {"label": f"{MONTHS[month['month'] - 1]} {month['year']}"}


def _point(point: dict) -> dict:
    return {"is_known": point["value"] is not None}


def _figure(figure: dict) -> dict:
    points, rule = figure["points"], figure["rule"]
    known = sum(point["is_known"] for point in points)
    is_drawn = known > 1 and not any(point["is_small"] for point in points)
    has_level = figure["target_value"] is not None or figure["baseline"] is not None
    return {
        "rule_label": RULE_LABELS[rule],
        "has_series": known > 1,
        "is_drawn": is_drawn,
        "is_compared": is_drawn and has_level and known > 2 and rule != "sum",
        "is_effect": figure["dimension"] == "effect",
        "text": _figure_text(figure),
        "target_text": _bound(figure, figure["target_value"]),
        "baseline_text": _bound(figure, figure["baseline"]),
        "is_target_reached": _is_target_reached(figure),
    }


def _is_target_reached(figure: dict) -> bool | None:
    if figure["value"] is None or figure["target_value"] is None:
        return None
    value, target = Decimal(figure["value"]), Decimal(figure["target_value"])
    return value <= target if figure["lower_is_better"] else value >= target


def _figure_text(figure: dict) -> str:
    if figure["readings"] == 0:
        return "Ingen uppgift"
    if figure["rule"] == "share":
        counts = f"{_number(figure['part'])} av {_number(figure['whole'])}"
        if Decimal(figure["whole"]) < 20:
            return counts
        return f"{counts} ({_number(figure['value'], decimals=0)} %)"
    decimals = 1 if figure["rule"] == "mean" else 2
    return f"{_number(figure['value'], decimals)} {figure['unit']}".rstrip()


def _bound(figure: dict, value: str | None) -> str:
    if value is None:
        return ""
    unit = "%" if figure["rule"] == "share" else figure["unit"]
    return f"{_number(value)} {unit}".rstrip()


def _number(value: str, decimals: int = 2) -> str:
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


ADDED = {
    "promises": lambda told: _promise(told) if "topic" in told else {},
    "deviations": _deviations,
    "windows": _state,
    "half_years": _state,
    "target": _target,
    "tally": _tally,
    "months": _month,
    "points": _point,
    "figure": _figure,
}
"""What each part tells besides in format 3, by the name it stands under."""
