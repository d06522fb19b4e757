"""A copy of the tables is told by all that made them."""

from __future__ import annotations

import re

from django.conf import settings

from tests.copies import OF_TABLES

IMPORTED = re.compile(r"^\s*(?:from|import) ((?:promises|followup|dorotea_samverkan)[\w.]*)", re.M)


def test_migrations_look_at_nothing_that_a_copy_is_not_told_by():
    base = settings.BASE_DIR
    told_by = {file for pattern in OF_TABLES for file in base.glob(pattern)}
    looked_at = {
        base / module.replace(".", "/")
        for file in base.glob("*/migrations/*.py")
        for module in IMPORTED.findall(file.read_text(encoding="utf-8"))
    }

    assert looked_at
    assert {
        path
        for path in looked_at
        if path.with_suffix(".py") not in told_by and path / "__init__.py" not in told_by
    } == set()
