"""What a reader copies runs a second time in the same folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs.checking import transcript
from streamdocs.checking.transcript import Block, TranscriptError
from streamdocs.course import examples
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

FOLDERS = ("nc", "productor")
SCRIPTS = [
    script for folder in FOLDERS for script in sorted((ROOT / "examples" / folder).glob("*.py"))
]


@pytest.fixture(scope="module")
def build() -> Iterator[Build]:
    with Build(ROOT / "examples", lambda event: None) as build:
        build.open()
        yield build


def twice(build: Build, blocks: list[Block]) -> None:
    """Replay a session, and again in new terminals of the same folder."""
    home = build.workspace.new_home()
    env = build.workspace.environment(home)
    try:
        for _ in range(2):
            transcript.replay(blocks, lambda name: Terminal(name, home.path, env))
    finally:
        build.workspace.end(home)


@pytest.mark.parametrize(
    "script", SCRIPTS, ids=lambda script: f"{script.parent.name}-{script.stem}"
)
def test_an_example_runs_again(build: Build, script: Path) -> None:
    twice(build, transcript.parse(examples.docstring(script)))


def test_what_runs_only_once_is_red(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 5.0)
    with pytest.raises(TranscriptError, match="no se ve lo escrito"):
        twice(build, [Block("1", ("$ mkdir salida && echo hecha", "hecha"))])
