"""Style sheets follow the rooms: a page loads the one of its own room, and nothing is left over."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from followup.paper import pdf

CSS = Path(settings.BASE_DIR, "static", "css")
TEMPLATES = Path(settings.BASE_DIR, "templates")
ROOMS = sorted(path.name for path in (CSS / "rooms").glob("*.css"))


def loaded_by(template: Path) -> list[str]:
    return re.findall(r'css/rooms/([\w-]+\.css)"', template.read_text())


def unwritten(sheet: Path) -> set[str]:
    """The classes that the sheet dresses and that nothing has."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    dressed = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", css)))
    return {name for name in dressed if not re.search(rf"\b{name}\b", _written())}


@cache
def _written() -> str:
    return " ".join(
        path.read_text()
        for folder, kind in (("templates", "*.*"), ("static/js", "*.js"), ("followup", "*.py"))
        for path in Path(settings.BASE_DIR, folder).rglob(kind)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_a_rooms_style_sheet_is_loaded_by_its_pages(room):
    assert [path for path in TEMPLATES.rglob("*.html") if room in loaded_by(path)]


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=str)
def test_a_page_loads_style_sheets_that_there_are(template):
    assert set(loaded_by(template)) <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_dresses_is_found_where_pages_are_written(room):
    """No rule is kept for a class that nothing has."""
    assert unwritten(CSS / "rooms" / room) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_what_every_form_has_is_dressed_by_no_room(room):
    """Django writes these into forms of every room."""
    assert not re.search(r"\.(errorlist|nonfield)\b", (CSS / "rooms" / room).read_text())


# --- On paper --------------------------------------------------------------------------------

SHEETS = sorted(path.name for path in (CSS / "paper").glob("*.css"))


def test_every_sheet_is_read_for_the_documents_of_some_room():
    read = {f"{name}.css" for names in pdf.SHEETS_OF.values() for name in names}
    assert read | {"document.css"} == set(SHEETS)


def test_every_room_with_a_document_has_its_sheet():
    rooms = {path.parent.name for path in (TEMPLATES / "followup").rglob("*_print.html")}
    assert rooms == set(pdf.SHEETS_OF)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_a_sheet_dresses_is_found_where_documents_are_written(sheet):
    assert unwritten(CSS / "paper" / sheet) == set()
