"""The few template tags the portal has of its own."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from markdown_it import MarkdownIt

register = template.Library()

# Which symbol stands beside which status. Status is always text + symbol + colour.
SYMBOLS = {
    "fulfilled": "good",
    "partly_fulfilled": "partly",
    "not_fulfilled": "bad",
    "achieved": "good",
    "partly_achieved": "partly",
    "not_achieved": "bad",
    "cannot_assess": "unknown",
    "": "empty",
    "better": "up",
    "unchanged": "level",
    "worse": "down",
    "met": "good",
    "not_met": "bad",
    "partly_met": "partly",
    "ongoing": "ongoing",
    "planned": "empty",
    "carried_out": "good",
    "cancelled": "cancelled",
    "overdue": "warning",
    "draft": "empty",
    "submitted": "ongoing",
    "returned": "warning",
    "adopted": "good",
    "in_force": "good",
    "until_further_notice": "good",
    "coming": "empty",
    "replaced": "cancelled",
    "ended": "cancelled",
    "warning": "warning",
    # A prognosis
    "on_track": "good",
    "at_risk": "warning",
    "off_track": "bad",
    # A meeting
    "called": "ongoing",
    "held": "good",
    # A task
    "open": "empty",
    "done": "good",
    "dropped": "cancelled",
    # What an undertaking, a place or a link of the red thread rests on
    "evident": "good",
    "missing": "warning",
    "noted": "ongoing",
    "out_of_season": "cancelled",
    # A wish: one that is open waits, one that is met is good
    "declined": "cancelled",
    # A section of the review that can't be handed in yet
    "must_fill": "bad",
    # A place on byklockan
    "never_visited": "unknown",
    "too_long_ago": "bad",
    "visit_soon": "warning",
    "visited_in_time": "good",
    "no_interval": "empty",
    # A member, a delegation, and what a role may do
    "active": "good",
    "invited": "ongoing",
    "not_invited": "warning",
    "left": "cancelled",
    "revoked": "cancelled",
    "allowed": "good",
    "not_allowed": "empty",
}


@register.inclusion_tag("includes/status_mark.html")
def status_mark(value: str, label: str) -> dict[str, str]:
    """A status as symbol and word, the same on page and in PDF. Raises KeyError for a new value."""
    return {"symbol": SYMBOLS[value], "label": label}


@register.filter
def shortened(text: str, length: int) -> str:
    """The text, cut off with "…" when it is longer; a short one is not gone through sign by sign."""
    return text if len(text) <= length else Truncator(text).chars(length)


# Paragraphs, line breaks and lists, nothing else: what the signed documents contain, and what
# people type. No HTML passes.
_running_text = MarkdownIt("zero", {"breaks": True}).enable(["list", "newline"])


@register.filter
def running_text(text: str) -> SafeString:
    """A text with its paragraphs (blank line between), line breaks and lists (lines with "- ")."""
    # MarkdownIt escapes everything but the elements it makes itself.
    return SafeString(_running_text.render(text))
