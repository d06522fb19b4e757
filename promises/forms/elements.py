"""The commonest parts of a form, written in Python as Django's templates write them.

A list's filters offer everything there is to choose, and a template for each option is what such a
page spent most of its time on. What is not here, Django's own templates write.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import conditional_escape


def _select(context: dict) -> str:
    widget = context["widget"]
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{conditional_escape(group)}">')
        parts += map(_option, options)
        if group:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _option(option: dict) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'\n  <option value="{value}"{_attributes(option)}>{label}</option>'


def _input(context: dict) -> str:
    widget = context["widget"]
    value = widget["value"]
    value = "" if value is None else f' value="{conditional_escape(str(value))}"'
    return (
        f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}'
        f"{_attributes(widget)}>"
    )


def _textarea(context: dict) -> str:
    widget = context["widget"]
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    return f'<textarea name="{name}"{_attributes(widget)}>\n{text}</textarea>'


def _attributes(widget: dict) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


WRITTEN: dict[str, Callable[[dict], str]] = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
} | {
    f"django/forms/widgets/{kind}.html": _input
    for kind in ("text", "date", "number", "email", "hidden", "checkbox")
}
ERRORS = "django/forms/errors/list/default.html"


def written(template_name: str, context: dict) -> str | None:
    """The part as HTML; None when it is left to its template."""
    if template_name == ERRORS and not context["errors"]:
        return ""
    write = WRITTEN.get(template_name)
    return write and write(context)
