"""The forms of what was promised. `base` holds what the forms of the whole portal share."""

from promises.forms.base import (
    DateInput,
    GuardedText,
    PlainSwedish,
    Renderer,
    VersionedForm,
    use_plain_swedish,
)
from promises.forms.plan import ActivityForm, QuickActivityForm

__all__ = [
    "ActivityForm",
    "DateInput",
    "GuardedText",
    "PlainSwedish",
    "QuickActivityForm",
    "Renderer",
    "VersionedForm",
    "use_plain_swedish",
]
