"""The clocks that what was promised is followed up by, told by the room that knows them.

When a review is due follows from the reviews that are adopted, and they lie above this room: the
settings say who tells it (`CLOCKS`), as they say where a page made above lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from promises.models import Agreement


def clocks_on(agreement: Agreement, on: date) -> Mapping[str, Any]:
    """The clocks that run on the day: "goals", "picture" and "plan", each with `due_on` and
    `is_overdue`.
    """
    return import_string(settings.CLOCKS)(agreement, on)
