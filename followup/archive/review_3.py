"""Format 3 of a review's text, retold in the words of format 4.

Format 3 did not know that attendance may be unknown: whoever was not noted was absent. Its law
check was told as of the cut-off.
"""

from __future__ import annotations


def retold(data: dict) -> dict:
    """The contents with what format 4 tells besides."""
    cooperation = data["cooperation"]
    attendance = [row | _attendance(row) for row in cooperation["attendance"]]
    return data | {
        "cooperation": cooperation | {"attendance": attendance},
        "law": data["law"] | {"told_on": None},
    }


def _attendance(row: dict) -> dict:
    meetings = row["meetings"]
    in_words = f"{row['present']} av {meetings} möten" if meetings else "inga möten hölls"
    return {"noted": meetings, "in_words": in_words}
