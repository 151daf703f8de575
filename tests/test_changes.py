"""What may change between two starts: a judge that is wrong is caught, and wrong Python too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest
from conftest import ROOT
from nbformat import NotebookNode

from streamdocs.checking import expected

PAGE = "trabajo/que-puedo-cambiar"
SCRIPT = ROOT / "examples" / "trabajo" / "que_puedo_cambiar.py"
ROWS = re.compile(r"\(([^)]*)\)")

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """The example's functions and changes, without Spark."""
    module = ModuleType("que_puedo_cambiar")
    sys.modules[module.__name__] = module
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pyspark.sql.SparkSession", MagicMock())
        text = SCRIPT.read_text("utf-8")
        exec(compile(text[: text.index("# %% Imprimir")], str(SCRIPT), "exec"), module.__dict__)
    yield module
    del sys.modules[module.__name__]


def changes(engine: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each change, and what the first start would have written."""
    for kinds in engine.CAMBIOS.values():
        for change in kinds.values():
            yield change, engine.calcular(change.antes, engine.PRIMERAS)


def test_a_program_that_does_as_python_says_is_right(engine: Any) -> None:
    right = {engine.BIEN, engine.DESDE_AHORA}
    for change, first in changes(engine):
        must = engine.debia(change)
        assert engine.juzgar(change, engine.Prueba(first, must, must)) in right


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda rows: rows[1:], id="a-row-lost"),
        pytest.param(lambda rows: [*rows, ("ajena", 0)], id="a-row-too-much"),
        pytest.param(lambda rows: [(*rows[0][:-1], -1), *rows[1:]], id="a-wrong-number"),
    ],
)
def test_a_program_that_writes_otherwise_is_silently_wrong(
    engine: Any, spoil: Callable[[list[Any]], list[Any]]
) -> None:
    """Also where it is Python that is wrong: the two do not agree."""
    for change, first in changes(engine):
        must = engine.debia(change)
        if must:
            wrong = spoil(must)
            assert engine.juzgar(change, engine.Prueba(first, wrong, must)) == engine.MAL
            assert engine.juzgar(change, engine.Prueba(first, must, wrong)) == engine.MAL


def test_a_row_twice_is_silently_wrong_unless_it_replaces_itself(engine: Any) -> None:
    for change, first in changes(engine):
        must = engine.debia(change)
        verdict = engine.juzgar(change, engine.Prueba(first, must * 2, must))
        by_key = change.ahora.claves and change.ahora.modo == "update"
        assert (verdict != engine.MAL) == bool(by_key or not must)


def test_the_last_of_a_key_is_what_stays(engine: Any) -> None:
    change = engine.CAMBIOS["otro maxFilesPerTrigger"]["sumar"]
    must, early = [("pera", 19)], [("pera", 14)]
    verdicts = [
        engine.juzgar(change, engine.Prueba([], rows, must))
        for rows in (early + must, must + early)
    ]
    assert verdicts == [engine.BIEN, engine.MAL]


def test_what_is_refused_or_ignored_is_not_right(engine: Any) -> None:
    change = engine.CAMBIOS["sum por max"]["sumar"]
    must = engine.debia(change)
    refused = engine.Prueba([], [], must, error="ALGO")
    assert engine.juzgar(change, refused) == engine.SE_NIEGA
    ignored = replace(engine.Prueba([], must, must), hace_caso=False)
    assert engine.juzgar(change, ignored) == engine.IGNORADO


FROM_THE_START = """
from pyspark.errors import AnalysisException

tried, wrong = set(), []
for cambio in (cambio for tipos in CAMBIOS.values() for cambio in tipos.values()):
    programa = replace(cambio.ahora, entrada="entrada", destino="lista", checkpoint="nuevo")
    if programa in tried:
        continue
    carpeta = Path(mkdtemp())
    ventas = [v for v in PRIMERAS + NUEVAS if eval(cambio.filtro, {"v": v})]
    escribir(ventas, carpeta / "entrada", "1.json")
    (carpeta / "otras").mkdir()
    try:
        filas, _ = arrancar(programa, carpeta)
    except AnalysisException:
        continue
    tried.add(programa)
    if sorted(filas, key=str) != sorted(calcular(programa, ventas), key=str):
        wrong.append((programa, filas))
print(len(tried), wrong)
"""


@pytest.mark.full
def test_python_says_what_spark_does_from_the_start(tmp_path: Path) -> None:
    """Each new program alone, with a checkpoint of its own: else, both could be wrong alike."""
    text = SCRIPT.read_text("utf-8")
    (tmp_path / "todo.py").write_text(text[: text.index("# %% Imprimir")] + FROM_THE_START)
    ran = subprocess.run(
        [sys.executable, "todo.py"],
        cwd=tmp_path,
        env=os.environ | {"PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        text=True,
        timeout=900,
    )
    tried, _, wrong = ran.stdout.strip().partition(" ")
    assert wrong == "[]"
    assert int(tried) > 50


def rows(line: str) -> list[Row]:
    return sorted(tuple(row.split(", ")) for row in ROWS.findall(line))


def shown(course: Callable[[str], NotebookNode]) -> Iterator[tuple[str, str, str, list[str]]]:
    """Kind, change, verdict and rows of each place of the page's table."""
    text = next(
        block.text
        for block in expected.blocks(course(PAGE))
        if block.heading.startswith("dibujar(")
    )
    kind = ""
    for part in re.split(r"\n(?=\S)", text.strip()):
        title, *lines = part.split("\n")
        if not lines:
            kind = title
            continue
        yield kind, title, lines[0].strip(), [line.partition(":")[2] for line in lines[1:]]


def replaced(kind: str, both: list[Row]) -> list[Row]:
    """What stands in a table by key, or in a list."""
    return sorted({row[:-1]: row for row in both}.values()) if kind == "SUMAR" else sorted(both)


def test_the_verdicts_of_the_page_follow_from_its_rows(
    course: Callable[[str], NotebookNode], engine: Any
) -> None:
    """Judged again here: a judge that calls everything right is caught."""
    seen = set()
    for kind, title, verdict, lines in shown(course):
        seen.add(verdict.partition(":")[0])
        if lines and title not in ("modo: append por update", "una cuenta menos"):
            _, second, must = map(rows, lines)
            differ = replaced(kind, second) != replaced(kind, must)
            assert (verdict == engine.MAL) == differ, (kind, title)
    assert seen == {
        *(engine.BIEN, engine.DESDE_AHORA, engine.IGNORADO),
        *(engine.SE_NIEGA, engine.MAL),
    }


@pytest.mark.parametrize(
    ("kind", "title", "verdict"),
    [
        ("SUMAR", "sum por max", "MAL, SIN AVISAR"),
        ("SUMAR", "la clave, con otra expresión", "MAL, SIN AVISAR"),
        ("SUMAR", "una clave más", "se niega: STATE_STORE_KEY_SCHEMA_NOT_COMPATIBLE"),
        ("SUMAR", "otro nombre para el resultado", "sigue bien"),
        ("VENTANAS", "ventanas de 10 s por ventanas de 20 s", "MAL, SIN AVISAR"),
        ("ELEGIR", "el checkpoint, borrado; el parquet se queda", "MAL, SIN AVISAR"),
    ],
)
def test_the_page_says_what_the_text_is_about(
    course: Callable[[str], NotebookNode], kind: str, title: str, verdict: str
) -> None:
    found = {(kind, title): verdict for kind, title, verdict, _ in shown(course)}
    assert found[kind, title] == verdict


def test_nothing_changed_is_right_in_every_kind(
    course: Callable[[str], NotebookNode], engine: Any
) -> None:
    same = [verdict for _, title, verdict, _ in shown(course) if title == "ningún cambio"]
    assert same == [engine.BIEN] * len(engine.PROGRAMAS)
