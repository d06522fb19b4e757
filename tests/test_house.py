"""The house's own rules: which way data flows, and what a reader may rely on."""

import ast
from pathlib import Path

import pytest

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


def test_only_the_pdf_module_imports_weasyprint():
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in python_files("promises", "followup", "dorotea_samverkan")
        if "weasyprint" in modules_imported_by(path)
    }
    assert importers == {"followup/paper/pdf.py"}
