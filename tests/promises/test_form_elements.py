"""What is written in Python instead of Django's templates reads as they would have written it."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from promises.forms.base import DateInput, Renderer

CHOICES = [
    ("", "Alla"),
    (1, "Borgafjäll & <Saxnäs>"),
    ("Byar", [('a"b', mark_safe("<b>Avasjö</b>")), (None, "Ingen")]),
]
WIDGETS = [
    pytest.param(forms.Select(choices=CHOICES), "1", id="a choice"),
    pytest.param(forms.Select({"class": "short"}, CHOICES), 'a"b', id="a choice in a group"),
    pytest.param(forms.Select(choices=CHOICES), "finns inte", id="no such choice"),
    pytest.param(forms.Select(), None, id="nothing to choose"),
    pytest.param(forms.TextInput({"maxlength": 9, "autofocus": True}), '<i> & "', id="a text"),
    pytest.param(forms.TextInput({"autofocus": False}), None, id="no text"),
    pytest.param(forms.EmailInput(), mark_safe("a&amp;b"), id="an address"),
    pytest.param(forms.NumberInput(), 0, id="naught"),
    pytest.param(forms.HiddenInput(), 17, id="hidden"),
    pytest.param(DateInput(), "2024-03-12", id="a day"),
    pytest.param(forms.CheckboxInput(), True, id="ticked"),
    pytest.param(forms.CheckboxInput(), False, id="not ticked"),
    pytest.param(forms.Textarea({"rows": 3}), "</textarea>\nÅ & ä", id="a long text"),
    pytest.param(forms.Textarea(), None, id="no long text"),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_field_reads_as_djangos_own_template_writes_it(widget, value):
    ours, djangos = (
        widget.render("falt", value, {"id": "id_falt"}, renderer)
        for renderer in (Renderer(), TemplatesSetting())
    )
    # An included template ends with a line of its own, which nobody sees.
    assert ours == re.sub(r"</option>\n+", "</option>\n", djangos)


def test_errors_are_left_to_their_template_and_none_are_nothing():
    class Asked(forms.Form):
        name = forms.CharField(error_messages={"required": "Fyll i det här."})

    assert str(Asked({"name": "Sara"})["name"].errors) == ""
    assert "<li>Fyll i det här.</li>" in str(Asked({})["name"].errors)
