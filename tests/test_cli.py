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

from streamdocs.exercises import evidence, files
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.curriculum import CHAPTERS

SOLUTION = files.solution(EXERCISES["triggers"])

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
    lines = listed.stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(EXERCISES)
    heads = [line for line in lines if line and not line.startswith("  ")]
    chapters = dict.fromkeys(each.chapter for each in EXERCISES.values())
    assert heads[:-1] == [CHAPTERS[chapter].title for chapter in chapters]
    assert "streamdocs empieza NOMBRE" in heads[-1]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ((), "streamdocs [-h] ORDEN ..."),
        (("comprueba",), "streamdocs comprueba [-h] [--fichero FICHERO]"),
        (("comprueba", "hola", "--semilla", "x"), "streamdocs comprueba [-h]"),
        (("corrige", "hola"), "streamdocs [-h] ORDEN ..."),
    ],
)
def test_an_order_that_makes_no_sense_is_answered_in_spanish(
    typed: Typed, order: tuple[str, ...], said: str
) -> None:
    answered = typed(*order)
    assert answered.returncode == 2
    assert answered.stderr.startswith(f"No entiendo esa orden. Se escribe así: {said}")
    assert answered.stderr.count("\n") == 1


def test_the_help_is_in_spanish(typed: Typed) -> None:
    said = typed("comprueba", "--help").stdout
    assert [word for word in ("usage", "arguments", "options", "show") if word in said] == []
    assert "enseña esta ayuda" in said


def test_a_report_of_nobody_is_not_written(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "triggers.py").write_text(SOLUTION, "utf-8")
    said = typed("comprueba", "triggers", "--informe", "mio.html")
    assert said.returncode == 1
    assert said.stderr == "El informe no dice de quién es: añade --autor 'Tu nombre'.\n"
    assert not (tmp_path / "mio.html").exists()


@pytest.mark.parametrize("report", ["triggers.py", ".", "nota.html"])
def test_a_report_takes_no_others_place(typed: Typed, tmp_path: Path, report: str) -> None:
    (tmp_path / "triggers.py").write_text(SOLUTION, "utf-8")
    (tmp_path / "nota.html").write_text("<p>mía")
    said = typed("comprueba", "triggers", "--informe", report, "--autor", "Ana")
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert said.stdout == ""
    assert (tmp_path / "triggers.py").read_text("utf-8") == SOLUTION
    assert (tmp_path / "nota.html").read_text() == "<p>mía"


def test_a_program_in_another_encoding_is_said(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "triggers.py").write_text(f"# año\n{SOLUTION}", "latin-1", "replace")
    said = typed("comprueba", "triggers")
    assert (said.returncode, said.stderr) == (
        *(1, "triggers.py no está en UTF-8: guárdalo así, y repite.\n"),
    )


def test_a_project_without_programs_is_said(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "proyecto").mkdir()
    said = typed("comprueba", "proyecto", "--informe", "a.html", "--autor", "Ana")
    assert said.returncode == 1
    assert said.stderr.startswith("En proyecto no hay ninguno de estos: ")
    assert not (tmp_path / "a.html").exists()


def test_a_report_of_the_project_is_of_all_its_steps(typed: Typed, tmp_path: Path) -> None:
    typed("empieza", "proyecto")
    options = ("--informe", "mio.html", "--autor", "Ana")
    assert "quita «--paso»" in typed("comprueba", "proyecto", "--paso", "1", *options).stderr
    said = typed("comprueba", "proyecto", "--semilla", "7", *options)
    assert said.returncode == 1, said.stderr
    found = evidence.read(tmp_path / "mio.html")
    assert (found.exercise, found.passed, len(found.programs)) == ("proyecto", False, 3)
    again = typed("clase", ".", "--muestra", "1", "--matriz", "matriz.csv")
    assert "1 informe de 1 alumno: 1 se reproduce." in again.stdout, again.stderr
    assert (tmp_path / "matriz.csv").read_text("utf-8") == "quién,proyecto\nAna,todavía no\n"


@pytest.mark.parametrize("order", ["empieza", "comprueba"])
def test_an_exercise_that_does_not_exist_is_said(typed: Typed, order: str) -> None:
    said = typed(order, "nada")
    assert said.returncode == 1
    assert said.stderr == (
        "No hay ningún ejercicio que se llame nada: «streamdocs ejercicios» los enumera.\n"
    )


def test_what_one_has_written_is_never_overwritten(typed: Typed, tmp_path: Path) -> None:
    begun = typed("empieza", "triggers")
    assert begun.returncode == 0
    assert "enunciado en el sitio: ejercicios/triggers.html" in begun.stdout
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
    options = ("--semilla", "7", "--informe", "clase/mio.html", "--autor", "Ana <b>")
    said = typed("comprueba", "triggers", *options)
    assert said.returncode == 0, said.stderr
    assert "triggers: bien." in said.stdout
    assert "La solución" in said.stdout
    found = evidence.read(tmp_path / "clase" / "mio.html")
    assert (found.author, found.exercise, found.seed, found.passed) == (
        *("Ana <b>", "triggers"),
        *(7, True),
    )
    page = BeautifulSoup((tmp_path / "clase" / "mio.html").read_text("utf-8"), "html.parser")
    assert page.select_one("h1").get_text() == "triggers: bien"  # type: ignore[union-attr]
    shown, order = (each.get_text().strip() for each in page.select("pre"))
    assert shown == SOLUTION.strip()
    assert order == "streamdocs comprueba triggers --semilla 7"
    assert page.select("b") == []
    tables = ("--csv", "clase.csv", "--matriz", "matriz.csv")
    delivered = typed("clase", "clase", "--muestra", "1", *tables)
    assert delivered.returncode == 0, delivered.stderr
    assert "1 informe de 1 alumno: 1 se reproduce." in delivered.stdout
    assert (tmp_path / "matriz.csv").read_text("utf-8") == "quién,triggers\nAna <b>,bien\n"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "clase.csv").read_text("utf-8"))))
    assert [(row["quién"], row["resultado"], row["se repite"]) for row in rows] == [
        ("Ana <b>", "bien", "se reproduce")
    ]
