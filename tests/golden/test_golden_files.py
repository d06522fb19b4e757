"""The golden files are those that older versions wrote, byte for byte."""

import hashlib
import json
from pathlib import Path

GOLDEN = Path(__file__).parent


def test_the_golden_files_are_never_made_anew():
    kept = json.loads((GOLDEN / "hashes.json").read_text())
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in GOLDEN.iterdir()
        if path.suffix in {".json", ".pdf", ".html", ".xz"} and path.name != "hashes.json"
    }
    assert there == kept
