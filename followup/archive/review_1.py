"""Format 1 of a review's text, retold in the words of format 2.

No version stored it in the database, but PDFs made before the review had its sections have it
attached. What it did not tell is told as missing; nothing is made up.
"""

from __future__ import annotations

from typing import Any

TEXTS = {
    "summary": "summary",
    "decisions": "decisions_needed",
    "method": "method",
    "conclusions": "conclusions",
}
NOT_WRITTEN = ("situation", "dialogue", "cooperation", "deviations", "improvements")


NOTHING: dict[str, Any] = {
    "situation": None,
    "dialogue": {"heard": [], "published": 0, "reports": []},
    "cooperation": {
        "rhythms": [],
        "attendance": [],
        "decisions": 0,
        "tasks_given": 0,
        "tasks_done": 0,
    },
    "law": {"rows": [], "clocks": []},
    "differences": [],
    "late_before": [],
}
"""What format 1 did not tell of at all."""


def retold(data: dict) -> dict:
    """The contents in the shape of format 2."""
    texts = {name: data.pop(old) for name, old in TEXTS.items()} | dict.fromkeys(NOT_WRITTEN, "")
    gaps = [
        {"sentence": gap["sentence"], "section": "", "about_id": gap.get("about_id")}
        | {"blocks": False}
        for gap in data["gaps"]
    ]
    return NOTHING | _part("", data) | {"texts": texts, "gaps": gaps}


def _part(name: str, part: object) -> Any:
    if isinstance(part, list):
        return [_part(name, one) for one in part]
    if not isinstance(part, dict):
        return part
    return MISSING.get(name, {}) | {key: _part(key, value) for key, value in part.items()}


MISSING: dict[str, dict[str, Any]] = {
    "promises": {"problems": []},
    "undertakings": {"evidence": "", "lack": "", "metrics": []},
    "activities": {"id": None},
    "cancelled": {"id": None},
    "overdue": {"id": None},
    "figure": {"points": []},
    "tally": {"unreached": []},
}
"""What format 1 did not tell of each part, by the name it stands under."""
