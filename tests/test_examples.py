"""Percent-format examples: their cells, their doctests, and transcripts that can fail."""

from __future__ import annotations

import doctest
import importlib.util
from pathlib import Path

import pytest
from conftest import ROOT

from streamdocs import examples, transcript
from streamdocs.build import Build
from streamdocs.errors import PageError
from streamdocs.terminal import Terminal
from streamdocs.transcript import Block, TranscriptError

SCRIPTS = sorted((ROOT / "examples").rglob("*.py"))


def test_cells_go_by_their_title(tmp_path: Path) -> None:
    script = tmp_path / "a.py"
    script.write_text('"""Doc."""\n\n# %% Uno\nx = 1\n\n# %% Dos y más\ny = 2\nz = 3\n')
    assert examples.cells(script) == {"Uno": "x = 1", "Dos y más": "y = 2\nz = 3"}
    assert examples.cell(tmp_path, "a.py#Uno") == "x = 1"


def test_a_title_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# %% Uno\nx = 1\n\n# %% Uno\ny = 2\n")
    with pytest.raises(PageError, match="dos celdas con el título «Uno»"):
        examples.cell(tmp_path, "a.py#Uno")


@pytest.mark.parametrize("script", [s for s in SCRIPTS if ">>>" in s.read_text("utf-8")], ids=str)
def test_doctests(script: Path) -> None:
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_transcript_is_read_in_the_order_of_time() -> None:
    text = (
        "Doc.\n\nTerminal 1:\n    $ cat\n\nTerminal 2:\n    $ echo a\n    a\n\nTerminal 1:\n    b\n"
    )
    assert transcript.parse(text) == [
        Block("1", ("$ cat",)),
        Block("2", ("$ echo a", "a")),
        Block("1", ("b",)),
    ]


@pytest.mark.parametrize(
    ("lines", "fine"),
    [
        (("$ echo uno; echo dos", "uno", "dos"), True),
        (("$ echo uno; echo dos", "..."), True),
        (("$ cat", "hola", "hola", "^D", "$ echo $?", "0"), True),
        (("$ echo uno", "dos"), False),
        (("$ echo uno; echo dos", "uno"), False),
        (("$ true", "algo"), False),
    ],
)
def test_a_wrong_answer_is_seen(
    lines: tuple[str, ...], fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamdocs.settle.DEADLINE", 5.0 if fine else 1.0)
    with Build(ROOT / "examples", lambda event: None) as build:
        build.open()
        home = build.new_home()
        env = build.environment(home)

        def replay() -> None:
            transcript.replay([Block("1", lines)], lambda name: Terminal(name, home, env))

        if fine:
            replay()
        else:
            with pytest.raises(TranscriptError, match="no se ve lo escrito"):
                replay()
