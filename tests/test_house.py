"""The house's own rules: which way data flows, and what a reader may rely on."""

import ast
import re
from pathlib import Path

import pytest

from followup.urls import urlpatterns as pages_of_followup

ROOT = Path(__file__).parent.parent


def modules_imported_by(path: Path) -> set[str]:
    """The top-level packages that the Python file imports, wherever in it."""
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(node.module.split(".")[0])
    return imported


def python_files(*packages: str) -> list[Path]:
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", python_files("promises"), ids=str)
def test_what_was_promised_does_not_know_what_became_of_it(path):
    assert "followup" not in modules_imported_by(path)


# Names of pages of followup that a file of promises says, besides what it says of its own.
NAMES_A_PAGE = re.compile(
    r"""(?:\b(?:reverse|reverse_lazy|redirect)\(\s*|\{%\s*url\s+)["']([\w-]+)["']"""
)
OF_FOLLOWUP = re.compile(r"\bfollowup(?:[./]|\b(?=\s+import))|\bload\s[^%]*\bfigures\b")
OWN_TEMPLATES = ("promises", "account", "mfa", "admin", "forms")


def templates(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / "templates" / folder).rglob("*.*"))
    return sorted(found)


@pytest.mark.parametrize("path", [*python_files("promises"), *templates(*OWN_TEMPLATES)], ids=str)
def test_what_was_promised_names_nothing_of_what_became_of_it(path):
    """Neither a page, a template nor a module. The handbook is not promises' own: it is about
    the whole portal, as the frame around every page is.
    """
    text = path.read_text()
    pages = {pattern.name for pattern in pages_of_followup}
    assert set(NAMES_A_PAGE.findall(text)) & pages == set()
    assert OF_FOLLOWUP.findall(text) == []


def test_only_the_pdf_module_imports_weasyprint():
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in python_files("promises", "followup", "dorotea_samverkan")
        if "weasyprint" in modules_imported_by(path)
    }
    assert importers == {"followup/paper/pdf.py"}


def test_no_template_line_is_longer_than_a_reader_follows():
    """Letters apart: a line of a .txt is a paragraph, and the reader's mail program breaks it."""
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []
