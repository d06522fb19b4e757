"""Format 4 of a review's text, retold in the words of format 5.

Format 4 knew every occasion by its day, so every one was in a month.
"""

from __future__ import annotations

BY_DAY = {"last_date": None, "known_by": "day"}
IN_MONTHS = {"without_month": 0, "outside_months": ""}


def retold(data: dict) -> dict:
    """The contents with what format 5 tells besides."""
    deviations = data["deviations"]
    return data | {
        "tally": data["tally"] | IN_MONTHS,
        "undertakings": [_section(one) for one in data["undertakings"]],
        "promises": [_section(one) for one in data["promises"]],
        "log": _by_day(data["log"]),
        "late_before": _by_day(data["late_before"]),
        "deviations": deviations
        | {name: _by_day(deviations[name]) for name in ("withdrawn", "late")},
    }


def _section(section: dict) -> dict:
    told = section | {"tally": section["tally"] | IN_MONTHS}
    return told | ({"log": _by_day(section["log"])} if "log" in section else {})


def _by_day(log: list[dict]) -> list[dict]:
    return [row | BY_DAY for row in log]
