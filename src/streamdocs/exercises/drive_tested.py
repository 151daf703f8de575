"""A way to try a reader's tests: on what is right they must pass, and on what is wrong, fail."""

import json
import shlex
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.exercise import Data
from streamdocs.recording.tables import Table

PASSES, FAILS, SKIPS = "pasa", "falla", "se salta"
"""What the reader's tests say of a version."""


def tested(attempt: Attempt, versions: Data) -> list[Table]:
    """Run the reader's tests on each version of what they test; what they say of it."""
    given, found = attempt.home / "versiones.txt", attempt.home / "resultado.jsonl"
    given.write_text("".join(f"{version}\n" for version in versions), "utf-8")
    options = [
        # Of pytest, only what is here: no settings of a folder above, no plugin that is installed.
        *("-c", "/dev/null", f"--rootdir={attempt.home}", "-p", "no:cacheprovider"),
        *("-p", "streamdocs.exercises.swapped"),
    ]
    attempt.start(
        PYTEST_ADDOPTS=shlex.join(options),
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        STREAMDOCS_VERSIONS=str(given),
        STREAMDOCS_OUTCOMES=str(found),
    )
    attempt.ended()
    if not found.exists():
        raise StreamdocsError(f"pytest no ha ejecutado ninguna prueba.{_why(attempt)}")
    return [said_of(versions, [_said(versions, found)[version] for version in versions])]


def said_of(versions: Data, said: Sequence[str]) -> Table:
    """What tests say of each version."""
    return Table(("limpiar", "prueba"), tuple(zip(versions, said, strict=True)))


def _said(versions: Data, file: Path) -> dict[str, str]:
    outcomes: dict[str, set[str]] = defaultdict(set)
    for line in file.read_text("utf-8").splitlines():
        found = json.loads(line)
        # That fixtures have gone well says nothing.
        if found["when"] == "call" or found["outcome"] != "passed":
            outcomes[found["version"]].add(found["outcome"])
    return {version: _together(outcomes[version]) for version in versions}


def _together(outcomes: set[str]) -> str:
    if "failed" in outcomes:
        return FAILS
    return PASSES if "passed" in outcomes else SKIPS


def _why(attempt: Attempt) -> str:
    """The last error that pytest shows; it writes them where a program prints."""
    shown = [line for line in attempt.printed.splitlines() if line.startswith("E  ")]
    return f"\n  {shown[-1][1:].strip()}" if shown else ""
