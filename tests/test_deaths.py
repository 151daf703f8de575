"""A program that dies at each moment: what each store holds once it has run again."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from nbformat import NotebookNode

from streamdocs.checking import expected

PAGE = "trabajo/matalo"
SCRIPT = ROOT / "examples" / "trabajo" / "matalo.py"
MOMENTS = ("al-empezar", "a-medias", "sin-apuntar", "entre-dos")
PROMISE = {"un fichero por número", "SQLite, con su número", "dos sitios: SQLite"}
KILLS = 20
DEADLINE = 600


@pytest.fixture(scope="module")
def example() -> Any:
    """The example's functions; importing them starts nothing."""
    spec = importlib.util.spec_from_file_location("matalo", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(script: Path, folder: Path, moment: str, *names: str) -> int:
    """Run the program in a group of its own, which it may kill; its exit code."""
    env = os.environ | {"MORIR": moment, "PYSPARK_PYTHON": sys.executable}
    return subprocess.run(
        [sys.executable, str(script), *names],
        cwd=folder,
        env=env,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        timeout=DEADLINE,
    ).returncode


def spoilt(example: Any, folder: Path) -> set[str]:
    """The stores that lack a row or hold one twice."""
    return {name for name in example.ALMACENES if example.contar(folder, name) != (0, 0)}


@pytest.mark.full
@pytest.mark.parametrize("first", range(0, KILLS, len(MOMENTS)))
def test_what_promises_it_loses_nothing_and_repeats_nothing(
    example: Any, tmp_path: Path, first: int
) -> None:
    """Twenty deaths in all: each moment with each way to write, five times."""
    for moment in MOMENTS:
        assert run(SCRIPT, tmp_path, moment, moment) == -signal.SIGKILL
    assert run(SCRIPT, tmp_path, "", *MOMENTS) == 0
    for moment in MOMENTS:
        assert not PROMISE & spoilt(example, tmp_path / moment), moment
    assert spoilt(example, tmp_path / "sin-apuntar") == set(example.ALMACENES) - PROMISE


@pytest.mark.full
def test_a_number_that_nobody_looks_at_is_caught(example: Any, tmp_path: Path) -> None:
    text = SCRIPT.read_text("utf-8")
    assert text.count("if nuevo.rowcount:") == 1
    blind = tmp_path / "ciego.py"
    blind.write_text(text.replace("if nuevo.rowcount:", "if True:"), "utf-8")
    assert run(blind, tmp_path, "sin-apuntar", "a") == -signal.SIGKILL
    assert run(blind, tmp_path, "", "a") == 0
    assert spoilt(example, tmp_path / "a") & PROMISE == {
        "SQLite, con su número",
        "dos sitios: SQLite",
    }


@pytest.mark.parametrize(
    ("rows", "counted"),
    [("123456", (0, 0)), ("1233456", (0, 1)), ("12346", (1, 0)), ("", (6, 0)), ("1123", (3, 1))],
)
def test_what_is_lost_and_what_is_twice_are_told(
    example: Any, tmp_path: Path, rows: str, counted: tuple[int, int]
) -> None:
    (tmp_path / "anadir.txt").write_text("".join(f"{row}\n" for row in rows))
    assert example.contar(tmp_path, "fichero que añade") == counted


def test_the_page_shows_which_ways_hold(course: Callable[[str], NotebookNode]) -> None:
    table = next(
        block.text
        for block in expected.blocks(course(PAGE))
        if block.heading.startswith("print(f\"{'':24}\"")
    )
    held = {line[:24].strip(): line[24:].split() for line in table.strip("\n").split("\n")[1:]}
    for store, said in held.items():
        assert (set(said) == {"bien"}) == (store in PROMISE), store
    assert "faltan" not in table
