"""The portal's own template tags: status marks and running text."""

from __future__ import annotations

import pytest
from django.db.models import TextChoices

from followup.models import Assessment, Review
from followup.numbers.targets import TargetState
from promises.models import Activity
from promises.models.agreement import AgreementStatus
from promises.templatetags.portal import running_text, status_mark

SCALES: list[type[TextChoices]] = [
    Activity.Status,
    AgreementStatus,
    Assessment.Trend,
    Assessment.Value,
    Review.Status,
]
DERIVED = ["overdue", "warning", ""]
VALUES = [
    *(value for scale in SCALES for value in scale.values),
    *(state.value for state in TargetState),
    *DERIVED,
]


@pytest.mark.parametrize("value", VALUES)
def test_every_status_has_a_symbol_beside_its_word(value):
    mark = status_mark(value, "Ordet")
    assert mark["label"] == "Ordet"
    assert mark["symbol"]


@pytest.mark.parametrize(
    "scale",
    [Assessment.GOAL_SCALE, Assessment.PROMISE_SCALE, Assessment.Trend.values, list(TargetState)],
    ids=["goal", "promise", "trend", "target"],
)
def test_the_steps_of_a_scale_are_told_apart_without_colour(scale):
    symbols = [status_mark(getattr(step, "value", step), "")["symbol"] for step in scale]
    assert len(set(symbols)) == len(symbols)


def test_a_status_nobody_has_drawn_is_a_fault_and_not_an_empty_mark():
    with pytest.raises(KeyError, match="på gång"):
        status_mark("på gång", "På gång")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("En mening.", "<p>En mening.</p>\n"),
        ("Ett stycke.\n\nEtt till.", "<p>Ett stycke.</p>\n<p>Ett till.</p>\n"),
        ("Ett stycke.\r\n\r\nEtt till.", "<p>Ett stycke.</p>\n<p>Ett till.</p>\n"),
        ("En rad\noch en till", "<p>En rad<br>\noch en till</p>\n"),
        ("- ett\n- två", "<ul>\n<li>ett</li>\n<li>två</li>\n</ul>\n"),
        ("17. sjuttonde juni", '<ol start="17">\n<li>sjuttonde juni</li>\n</ol>\n'),
        ("Vi bygger på:\n\n- ett", "<p>Vi bygger på:</p>\n<ul>\n<li>ett</li>\n</ul>\n"),
    ],
)
def test_running_text_keeps_paragraphs_lines_and_lists(text, html):
    assert running_text(text) == html


@pytest.mark.parametrize(
    "typed",
    [
        "# inte en rubrik",
        "**inte fet** och _inte kursiv_",
        "`inte kod`",
        "[inte en länk](https://example.com)",
        "![inte en bild](x.png)",
        "https://example.com",
        "---",
        "| inte | en tabell |",
    ],
)
def test_other_markup_is_shown_as_it_was_typed(typed):
    assert running_text(typed) == f"<p>{typed}</p>\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<b onclick='x'>", "&lt;b onclick='x'&gt;"),
        ("Dorotea & Åsele", "Dorotea &amp; Åsele"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ('"citat"', "&quot;citat&quot;"),
        ("<!-- kommentar -->", "&lt;!-- kommentar --&gt;"),
    ],
)
def test_no_html_passes(typed, shown):
    assert running_text(typed) == f"<p>{shown}</p>\n"
    assert running_text(f"- {typed}") == f"<ul>\n<li>{shown}</li>\n</ul>\n"
