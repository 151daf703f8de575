"""The check of an exercise: red for a skeleton and for tricks, green for the solution."""

from __future__ import annotations

import ast
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import drawn
import psutil
import pytest
from answers import Answer, all_answers, changed, first_checks, left_open
from conftest import ROOT
from mutants import Mutant, mutants

from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import check
from streamdocs.exercises.compare import differences
from streamdocs.exercises.exercise import Mistake
from streamdocs.recording import tables as console
from streamdocs.recording.tables import Table
from streamdocs.running.build import Build

FOLDER = ROOT / "examples" / "ejercicios"
SEED = 20


@pytest.fixture(scope="module")
def build() -> Iterator[Build]:
    with Build(ROOT / "examples", lambda event: None) as build:
        build.open()
        yield build


def problems(build: Build, name: str, file: Path, seed: int = SEED) -> tuple[str, ...]:
    return check(build, EXERCISES[name], file, seed, shared=True).problems


def printed(tables: list[Table]) -> str:
    """The tables as the console sink prints them."""
    line = "-" * 43
    texts = []
    for number, table in enumerate(tables):
        rule = "+".join("-" * len(column) for column in table.columns)
        rows = "\n".join(f"|{'|'.join(map(str, row))}|" for row in (table.columns, *table.rows))
        header, _, body = rows.partition("\n")
        texts.append(f"{line}\nBatch: {number}\n{line}\n+{rule}+\n{header}\n+{rule}+\n")
        texts.append(f"{body}\n+{rule}+\n\n")
    return "".join(texts)


def test_each_exercise_has_its_two_files() -> None:
    for folder in (FOLDER, FOLDER / "soluciones"):
        assert {file.stem for file in folder.glob("*.py")} == set(EXERCISES)


@pytest.mark.parametrize("name", drawn.exercises())
def test_an_untouched_skeleton_is_not_right(build: Build, name: str) -> None:
    """It is told what to do: gaps by their lines, a program to change by what it still does."""
    found = check(build, EXERCISES[name], FOLDER / f"{name}.py", SEED, shared=True)
    assert found.problems
    if EXERCISES[name].level == "cambia":
        assert found.mistake.startswith("hace todavía lo de antes: ")
    else:
        assert all(text.endswith("falta tu código.") for text in found.problems)


@pytest.mark.parametrize(
    "name", [each.name for each in EXERCISES.values() if each.level == "completa"]
)
def test_a_solution_completes_its_skeleton(name: str) -> None:
    """What the reader is given stays as it is."""

    def code(file: Path) -> list[str]:
        text = file.read_text("utf-8")
        lines = text[len(ast.get_docstring(ast.parse(text), clean=False) or "") + 8 :].splitlines()
        return [
            line
            for line in lines
            if line and "..." not in line and not line.lstrip().startswith("# ")
        ]

    solution = iter(code(FOLDER / "soluciones" / f"{name}.py"))
    assert [line for line in code(FOLDER / f"{name}.py") if line not in solution] == []


@pytest.mark.parametrize("name", drawn.exercises())
def test_a_solution_is_right(build: Build, name: str) -> None:
    """In a JVM of its own, as a reader's."""
    verdict = check(build, EXERCISES[name], FOLDER / "soluciones" / f"{name}.py", SEED)
    assert verdict.problems == ()


@pytest.mark.parametrize("name", drawn.exercises())
def test_printing_the_right_tables_is_not_enough(build: Build, name: str, tmp_path: Path) -> None:
    """Not even those of this very try."""
    exercise = EXERCISES[name]
    text = printed(exercise.answer(exercise.data(random.Random(SEED))))
    assert len(console.batches(text)) > 0
    (tmp_path / "trampa.py").write_text(f"print({text!r}, end='')\n")
    (found,) = problems(build, name, tmp_path / "trampa.py")
    nothing_read = (
        *("sin que se conecte", "sin que atienda", "sin que una consulta lea"),
        *("Ninguna consulta ha leído", "no ha enviado nada"),
        *("sin que apunte", "ninguna prueba"),
    )
    assert any(reason in found for reason in nothing_read)


@pytest.mark.parametrize("name", ["hola", "triggers"])
def test_reading_without_spark_is_not_enough(build: Build, name: str, tmp_path: Path) -> None:
    exercise = EXERCISES[name]
    text = printed(exercise.answer(exercise.data(random.Random(SEED))))
    reads = {
        "hola": "import os, socket\nwith socket.create_connection(('127.0.0.1', "
        "int(os.environ['PUERTO']))) as c:\n    c.recv(4096)\n",
        "triggers": "import os, pathlib\n[f.read_text() for f in "
        "pathlib.Path(os.environ['ENTRADA']).iterdir()]\n",
    }[name]
    (tmp_path / "trampa.py").write_text(f"{reads}print({text!r}, end='')\n")
    (found,) = problems(build, name, tmp_path / "trampa.py")
    assert "sin que una consulta lea" in found or "Ninguna consulta ha leído" in found


def test_a_wrong_program_learns_which_rows(build: Build, tmp_path: Path) -> None:
    """The scores in the mode that writes them all."""
    text = (FOLDER / "soluciones" / "modos.py").read_text("utf-8")
    assert '"update"' in text
    (tmp_path / "modos.py").write_text(text.replace('"update"', '"complete"'))
    exercise = EXERCISES["modos"]
    (first,) = exercise.answer(exercise.data(random.Random(SEED)))[0].rows
    found = problems(build, "modos", tmp_path / "modos.py")
    assert found[0] == f"Tabla 2: sobra |{'|'.join(map(str, first))}|"
    # One more for the line that was cut off.
    assert found[-1] == "Tu programa ha escrito 4 tablas con filas, y deben ser 3."


def written(folder: Path, name: str, program: str) -> Path:
    """A file in which a reader would have written ``program``."""
    file = folder / f"{name}.py"
    file.write_text(program, "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "mistake"),
    drawn.params((name, each) for name, ex in EXERCISES.items() for each in ex.mistakes),
)
def test_a_usual_mistake_is_named(
    build: Build, tmp_path: Path, name: str, mistake: Mistake
) -> None:
    """What plain Python takes for a mistake's tables are those of a program that makes it."""
    file = written(tmp_path, name, changed(name, mistake.changes))
    verdict = check(build, EXERCISES[name], file, SEED, shared=True)
    assert verdict.problems
    assert verdict.mistake == mistake.says


@pytest.mark.parametrize(
    ("name", "answer"),
    drawn.params(((each.exercise, each) for each in all_answers()), many=True),
)
def test_an_answer_gets_its_verdict(
    build: Build, tmp_path: Path, name: str, answer: Answer
) -> None:
    """What is right in another way is right, and what only looks so is told why not."""
    found = problems(build, name, written(tmp_path, name, answer.program()))
    if answer.why:
        assert any(answer.why in text for text in found), found
    else:
        assert found == ()


@pytest.mark.full
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "answer", first_checks.ANSWERS, ids=lambda each: f"{each.exercise}: {each.title}"
)
def test_what_the_first_checks_took_for_right_is_wrong_whatever_the_seed(
    build: Build, tmp_path: Path, answer: Answer, seed: int
) -> None:
    """And right is what they refused, but for what the statements now rule out."""
    file = written(tmp_path, answer.exercise, answer.program())
    assert bool(problems(build, answer.exercise, file, seed)) == bool(answer.why)


OPEN = left_open()
MUTANTS = [
    (name, mutant)
    for name in EXERCISES
    for mutant in mutants((FOLDER / "soluciones" / f"{name}.py").read_text("utf-8"))
]


@pytest.mark.parametrize(("name", "mutant"), drawn.params(MUTANTS, many=True))
def test_one_thing_changed_is_found_or_was_left_open(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mutant: Mutant
) -> None:
    """Every number, name, type and promise of a statement is pinned by the data."""
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 30.0)
    found = problems(build, name, written(tmp_path, name, mutant.program))
    assert bool(found) != (mutant.title in OPEN.get(name, ())), found


def test_what_is_left_open_is_a_mutant() -> None:
    titles = {(name, mutant.title) for name, mutant in MUTANTS}
    assert {(name, title) for name, open_ in OPEN.items() for title in open_} <= titles


AGAIN = [
    script
    for folder in ("transformaciones", "ventanas", "ejercicios")
    for script in sorted((ROOT / "examples" / folder).rglob("*.py"))
]


@pytest.mark.parametrize("script", AGAIN, ids=lambda script: script.stem)
def test_no_socket_has_a_lasting_checkpoint(script: Path) -> None:
    """It cannot be read again: the second run in the same folder would die."""
    text = script.read_text("utf-8")
    assert not ('format("socket")' in text and "checkpointLocation" in text)


def test_a_program_that_fails_is_told_where(build: Build, tmp_path: Path) -> None:
    (tmp_path / "hola.py").write_text("a = 1\na.b\n")
    (found,) = problems(build, "hola", tmp_path / "hola.py")
    assert "hola.py:2: AttributeError: 'int' object has no attribute 'b'" in found


def test_a_program_that_hangs_is_told_what_was_waited_for(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamdocs.running.settle.DEADLINE", 1.0)
    (tmp_path / "hola.py").write_text("import time\ntime.sleep(600)\n")
    (found,) = problems(build, "hola", tmp_path / "hola.py")
    assert found.startswith("He esperado 1 s a que se conecte a 127.0.0.1:")
    (found,) = problems(build, "triggers", tmp_path / "hola.py")
    assert found.startswith("He esperado 1 s a que el programa termine por sí solo")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_data_change_with_the_seed(name: str) -> None:
    data = EXERCISES[name].data
    assert data(random.Random(1)) == data(random.Random(1))
    assert len({tuple(data(random.Random(seed))) for seed in range(20)}) > 10


def test_differences_are_told_row_by_row() -> None:
    columns = ("palabra", "count")
    want = [Table(columns, (("a", "1"), ("b", "2"))), Table(columns, (("c", "3"),))]
    have = [Table(columns, ()), Table(columns, (("b", "1"), ("a", "1")))]
    assert list(differences(want, want)) == []
    assert list(differences(want, have)) == [
        "Tabla 1: falta |b|2|",
        "Tabla 1: sobra |b|1|",
        "Tu programa ha escrito 1 tabla con filas, y deben ser 2.",
    ]
    (other,) = differences(want[1:], [Table(("c", "n"), (("c", "3"),))])
    assert other == "Tabla 1: las columnas son |c|n| y deben ser |palabra|count|"


def test_a_connection_a_line_is_seen(build: Build, tmp_path: Path) -> None:
    text = (FOLDER / "soluciones" / "productor.py").read_text("utf-8")
    connect = "with socket.create_connection((HOST, PUERTO)) as conexion:"
    loop = "for linea in lineas:"
    one, many = f"    {connect}\n        {loop}\n", f"    {loop}\n        {connect}\n"
    assert one in text
    (tmp_path / "productor.py").write_text(text.replace(one, many))
    found = problems(build, "productor", tmp_path / "productor.py")
    assert any(text.startswith("Lo que envía: sobra |2|") for text in found)


def test_control_c_leaves_nothing_running(tmp_path: Path) -> None:
    (tmp_path / "hola.py").write_text(
        "import subprocess\nsubprocess.run(['setsid', 'sleep', '600'])\n"
    )
    # As in a reader's terminal, also where the tests run in the background, deaf to Control+C.
    heeding = ["env", "--default-signal"]
    command = [*heeding, sys.executable, "-m", "streamdocs.cli", "comprueba", "hola"]
    checker = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    children: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while not any(child.name() == "sleep" for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        children = psutil.Process(checker.pid).children(recursive=True)
    checker.send_signal(signal.SIGINT)
    _, errors = checker.communicate(timeout=60)
    assert checker.returncode == 1
    assert errors == "\nInterrumpido: no queda nada en marcha.\n"
    assert psutil.wait_procs(children, timeout=10)[1] == []
