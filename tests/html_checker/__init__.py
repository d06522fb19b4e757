"""What the Nu HTML checker, the reference, finds wrong with the portal's pages.

It comes as a jar in the npm package vnu-jar, installed by `make` into node_modules here.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

# The report's own heading stands within the report. It is the page's only one (tests/test_pages.py).
ACCEPTED = "Consider using the “h1” element as a top-level heading only"

# A run of seconds is over before a thorough compiler or several collectors have paid.
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def faults_of(pages: Mapping[str, bytes], folder: Path) -> list[str]:
    """A line for each error and warning, with the page it stands on.

    A start of Java takes seconds: give it all the pages at once. Raises when Java or the checker
    is missing or fails.
    """
    if not JAR.exists():
        raise FileNotFoundError(f"{JAR} saknas. Kör `make test`, som installerar den.")
    names = {}
    for number, (name, content) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_bytes(content)
        names[file.name] = name
    run = subprocess.run(
        ["java", *BRIEF, "-Xss4m", "-jar", JAR, "--format", "json", "--exit-zero-always", folder],
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(run.stderr)["messages"]
    return [
        f"{names[Path(one['url']).name]}: {_sentence(one)}"
        for one in told
        if not one["message"].startswith(ACCEPTED)
    ]


def _sentence(message: dict[str, str]) -> str:
    kind = message.get("subType", message["type"])
    return f"{kind}: {message['message']} {message.get('extract', '').strip()}"
