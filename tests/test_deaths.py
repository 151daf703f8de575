"""A program that dies at each moment: what each store holds once it has run again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT
from course import imported
from nbformat import NotebookNode
from servers import postgresql

from streamdocs.checking import expected
from streamdocs.running.build import Build
from streamdocs.system import java

PAGE = "trabajo/matalo"
SCRIPT = ROOT / "examples" / "trabajo" / "matalo.py"
MOMENTS = ("antes", "al-empezar", "a-medias", "sin-apuntar", "recien-apuntado", "entre-dos")
NOTED = {
    "antes": {"0 | 0": 8},
    **{moment: {"0 1 | 0": 8} for moment in ("al-empezar", "a-medias", "sin-apuntar")},
    **{moment: {"0 1 | 0 1": 8} for moment in ("recien-apuntado", "entre-dos")},
}
"""What offsets and commits hold at each moment, and in how many checkpoints: all of them."""

PROMISE = {
    *("un fichero por número", "sink de ficheros"),
    *("SQLite, con su número", "PostgreSQL, con su número", "dos sitios: SQLite"),
}
KILLS = 20
DEADLINE = 600


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a PostgreSQL of its own answers: the example names its tables as the moment."""
    with postgresql(tmp_path_factory.mktemp("servidor")) as where:
        yield where


@pytest.fixture(scope="module")
def broker() -> Iterator[None]:
    """A Kafka broker where the example looks for it."""
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        build.start_kafka()
        yield


@pytest.fixture(scope="module")
def example() -> Any:
    """The example's functions; importing them starts nothing."""
    return imported(SCRIPT)


def run(script: Path, folder: Path, url: str, *arguments: str) -> int:
    """Run the program in a group of its own, which it may kill; its exit code."""
    env = os.environ | {"PYSPARK_PYTHON": sys.executable, "BASE": url}
    env["SPARK_SUBMIT_OPTS"] = java.options(java.keep_downloads(), *java.QUICK)
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=folder,
        env=env,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        timeout=DEADLINE,
    ).returncode


def noted(folder: Path) -> Counter[str]:
    """What the checkpoints of a folder hold: their numbers in offsets and in commits."""
    return Counter(
        " | ".join(
            " ".join(sorted(file.name for file in (one / part).glob("[0-9]*")))
            for part in ("offsets", "commits")
        )
        for one in (folder / "checkpoint").iterdir()
    )


def spoilt(example: Any, folder: Path) -> set[str]:
    """The stores that lack a row or hold one twice; Kafka apart, which is asked with Spark."""
    stores = set(example.ALMACENES) - {"Kafka"}
    return {name for name in stores if example.contar(folder, name) != (0, 0)}


@pytest.mark.full
@pytest.mark.parametrize("round_", range(-(-KILLS // len(MOMENTS))))
def test_what_promises_it_loses_nothing_and_repeats_nothing(
    example: Any,
    tmp_path: Path,
    url: str,
    broker: None,
    monkeypatch: pytest.MonkeyPatch,
    round_: int,
) -> None:
    """Twenty deaths and more: each moment with each way to write, four times."""
    monkeypatch.setattr(example, "BASE", url)
    assert run(SCRIPT, tmp_path, url, "--morir", *MOMENTS) == -signal.SIGKILL
    assert {moment: noted(tmp_path / moment) for moment in MOMENTS} == NOTED
    assert run(SCRIPT, tmp_path, url, *MOMENTS) == 0
    for moment in MOMENTS:
        assert not PROMISE & spoilt(example, tmp_path / moment), moment
    assert spoilt(example, tmp_path / "sin-apuntar") == {
        *("fichero que añade", "SQLite que añade", "dos sitios: el fichero")
    }
    assert "sink, sin mirar su lista" in spoilt(example, tmp_path / "a-medias")


@pytest.mark.full
def test_a_number_that_nobody_looks_at_is_caught(
    example: Any, tmp_path: Path, url: str, broker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example, "BASE", url)
    text = SCRIPT.read_text("utf-8")
    assert text.count("if nuevo.rowcount:") == len(("SQLite", "PostgreSQL"))
    blind = tmp_path / "ciego.py"
    blind.write_text(text.replace("if nuevo.rowcount:", "if True:"), "utf-8")
    assert run(blind, tmp_path, url, "--morir", "sin-apuntar") == -signal.SIGKILL
    assert run(blind, tmp_path, url, "sin-apuntar") == 0
    assert spoilt(example, tmp_path / "sin-apuntar") & PROMISE == {
        *("SQLite, con su número", "PostgreSQL, con su número", "dos sitios: SQLite")
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


def test_a_query_that_does_not_end_is_told(
    example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut by the end of the program, it would have written less, and nobody had noticed."""
    endless = SimpleNamespace(awaitTermination=lambda seconds: False)
    monkeypatch.setattr(example, "tablas", lambda folder: None)
    for starts in ("consulta", "sink_de_ficheros"):
        monkeypatch.setattr(example, starts, lambda *_: endless)
    with pytest.raises(TimeoutError, match=f"{tmp_path.name}: no acaba en 120 s"):
        example.seguir(None, [tmp_path])


def test_the_page_shows_which_ways_hold(course: Callable[[str], NotebookNode]) -> None:
    table = next(
        block.text
        for block in expected.blocks(course(PAGE))
        if block.heading.startswith("print(f\"{'':26}\"")
    )
    held = {line[:26].strip(): line[26:].split() for line in table.strip("\n").split("\n")[1:]}
    for store, said in held.items():
        assert len(said) == len(MOMENTS), store
        assert (set(said) == {"bien"}) == (store in PROMISE), store
    assert "-" not in table
