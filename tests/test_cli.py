"""What a reader types without a clone: begin, check, hand in; and what a teacher does with it."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from streamdocs.exercises import classroom, evidence, files
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict
from streamdocs.exercises.evidence import EvidenceError, Try

SOLUTION = files.solution(EXERCISES["triggers"])
RIGHT, WRONG = Verdict((), ()), Verdict((), ("Tabla 1: falta |a|",))

Typed = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Types an order of «streamdocs» in an empty folder, and returns what it answers."""

    def type_(*order: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "streamdocs.cli", *order]
        env = os.environ | {"COLUMNS": "160"}
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=200
        )

    return type_


def test_the_exercises_are_listed(typed: Typed) -> None:
    listed = typed("ejercicios")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(EXERCISES)


@pytest.mark.parametrize("order", ["empieza", "comprueba"])
def test_an_exercise_that_does_not_exist_is_said(typed: Typed, order: str) -> None:
    said = typed(order, "nada")
    assert said.returncode == 1
    assert said.stderr == (
        "No hay ningún ejercicio que se llame nada: «streamdocs ejercicios» los enumera.\n"
    )


def test_what_one_has_written_is_never_overwritten(typed: Typed, tmp_path: Path) -> None:
    assert typed("empieza", "triggers").returncode == 0
    skeleton = (ROOT / "examples" / "ejercicios" / "triggers.py").read_text("utf-8")
    assert (tmp_path / "triggers.py").read_text("utf-8") == skeleton
    (tmp_path / "triggers.py").write_text("lo mío\n")
    again = typed("empieza", "triggers")
    assert again.returncode == 1
    assert again.stderr.startswith("Ya hay un triggers.py en esta carpeta, y no lo toco")
    assert (tmp_path / "triggers.py").read_text() == "lo mío\n"


def test_without_a_file_it_says_how_to_begin(typed: Typed) -> None:
    said = typed("comprueba", "triggers")
    assert said.returncode == 1
    assert "«streamdocs empieza triggers» lo crea aquí" in said.stderr


def test_a_right_program_is_shown_beside_the_solution_and_leaves_evidence(
    typed: Typed, tmp_path: Path
) -> None:
    (tmp_path / "triggers.py").write_text(SOLUTION, "utf-8")
    options = ("--semilla", "7", "--informe", "mio.html", "--autor", "Ana <b>")
    said = typed("comprueba", "triggers", *options)
    assert said.returncode == 0, said.stderr
    assert "triggers: bien." in said.stdout
    assert "La solución" in said.stdout
    found = evidence.read(tmp_path / "mio.html")
    assert (found.author, found.exercise, found.seed, found.passed) == (
        *("Ana <b>", "triggers"),
        *(7, True),
    )
    page = BeautifulSoup((tmp_path / "mio.html").read_text("utf-8"), "html.parser")
    assert page.select_one("h1").get_text() == "triggers: bien"  # type: ignore[union-attr]
    assert page.select_one("pre").get_text().strip() == SOLUTION.strip()  # type: ignore[union-attr]
    assert page.select("b") == []
    delivered = typed("clase", ".", "--muestra", "1", "--csv", "clase.csv")
    assert delivered.returncode == 0, delivered.stderr
    rows = list(csv.DictReader(io.StringIO((tmp_path / "clase.csv").read_text("utf-8"))))
    assert [(row["quién"], row["resultado"], row["se repite"]) for row in rows] == [
        ("Ana <b>", "bien", "se reproduce")
    ]


def handed_in(folder: Path, name: str, verdict: Verdict, code: str = SOLUTION) -> Path:
    """A report in ``folder``, of a try that was judged so."""
    file = folder / f"{name}.html"
    evidence.write(evidence.of(Try(name, "triggers", 7, code, 1.0), verdict), file)
    return file


def test_a_report_that_was_changed_is_refused(tmp_path: Path) -> None:
    file = handed_in(tmp_path, "ana", RIGHT)
    assert evidence.read(file).passed
    for old, new in (("readStream", "read"), ('"passed": true', '"passed": verdad')):
        changed = tmp_path / "otro.html"
        changed.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        with pytest.raises(EvidenceError, match=r"otro\.html (está retocado|no es un informe)"):
            evidence.read(changed)
    (tmp_path / "otro.html").write_text("<p>nada")
    assert [each.found is None for each in classroom.read(tmp_path)] == [False, True]


def test_a_report_that_says_what_a_run_does_not_is_found(tmp_path: Path) -> None:
    """Whoever changes code and checksum still cannot change what comes of a run."""
    handed_in(tmp_path, "ana", RIGHT)
    handed_in(tmp_path, "luis", WRONG)
    again = classroom.repeat(classroom.read(tmp_path), 2, 1, lambda *_: WRONG)
    assert {each.file: each.state for each in again} == {
        "ana.html": "no se reproduce",
        "luis.html": "se reproduce",
    }
    some = classroom.repeat(classroom.read(tmp_path), 1, 1, lambda *_: RIGHT)
    assert sorted(each.state for each in some)[0] == "no repetido"


def test_hard_exercises_come_first(tmp_path: Path) -> None:
    for name, verdict in (("ana", RIGHT), ("luis", WRONG), ("eva", WRONG)):
        handed_in(tmp_path, name, verdict)
    shown = classroom.hardest(classroom.read(tmp_path))
    cells = [list(column.cells) for column in shown.columns]
    assert cells == [["triggers"], ["1"], ["3"]]
