"""What a reader copies runs a second time in the same folder, or says what to remove."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs.checking import transcript
from streamdocs.checking.transcript import Block, TranscriptError
from streamdocs.course import examples, needs
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

QUICK = ("nc", "productor")
LONG = (
    "matriz",
    "operaciones",
    "cambios",
    "que_puedo_cambiar",
    "garantias",
    "repetir",
    "repetidos",
    "comprueba_instalacion",
)
"""Examples that make folders of their own, and take minutes or ask for a whole installation."""

KAFKA = ("kafka",)
"""Topics outlive a folder: the pages start these twice."""


def _examples() -> Iterator[object]:
    for script in sorted((ROOT / "examples").rglob("*.py")):
        folder = script.relative_to(ROOT / "examples").parts[0]
        if folder != "ejercicios" and script.stem not in (*LONG, *KAFKA):
            marks = () if folder in QUICK else (pytest.mark.full,)
            yield pytest.param(script, marks=marks, id=f"{folder}-{script.stem}")


SCRIPTS = list(_examples())


@pytest.fixture(scope="module")
def build() -> Iterator[Build]:
    with Build(ROOT / "examples", lambda event: None) as build:
        build.open()
        yield build


def removed(docstring: str) -> set[str]:
    """What is gone before the second time: data of the first, and what the docstring says."""
    made = re.findall(r"\$ mkdir (?:-p )?(.*)", docstring)
    said = re.findall(r"^[^ ].*: rm -r (.*)", docstring, re.MULTILINE)
    return {name for names in (*made, *said) for name in shlex.split(names)}


def twice(build: Build, blocks: list[Block], between: set[str], user: str | None = None) -> None:
    """Replay a session, and again in new terminals of the same folder, some of it removed."""
    home = build.workspace.new_home()
    env = build.workspace.environment(home)
    try:
        for _ in range(2):
            transcript.replay(blocks, lambda name: Terminal(name, home.path, env, user))
            subprocess.run(["rm", "-rf", "--", *between], cwd=home.path, check=True)
    finally:
        build.workspace.end(home)


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_example_runs_again(build: Build, script: Path) -> None:
    docstring = examples.docstring(script)
    twice(build, transcript.parse(docstring), removed(docstring), needs.user(docstring))


def test_what_runs_only_once_is_red(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 5.0)
    with pytest.raises(TranscriptError, match="no se ve lo escrito"):
        twice(build, [Block("1", ("$ mkdir salida && echo hecha", "hecha"))], set())
