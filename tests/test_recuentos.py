"""Word counts are what Python counts, whatever the sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DOCS, ROOT
from nbformat import NotebookNode
from wordcount import check

from streamdocs.checking.one_page import run
from streamdocs.course.course import Course
from streamdocs.running.build import Build

COUNTED = {"index": 1, "modos/ejercicio": 7, "modos/salida": 4, "hola/palabras": 4, "hola/sql": 2}


@pytest.mark.parametrize(("name", "least"), COUNTED.items())
def test_every_table_is_pythons_count(
    course: Callable[[str], NotebookNode], name: str, least: int
) -> None:
    assert check(course(name)) >= least


def test_other_sentences_give_other_tables(tmp_path: Path) -> None:
    """The lines on the page are what Spark counts: nothing is written anywhere else."""
    text = (DOCS / "modos/ejercicio.md").read_text("utf-8")
    text = text.replace("Esta es la primera frase", "uno dos tres dos")
    text = text.replace("Enviamos segunda linea primera", "tres tres cuatro ñandú")
    (tmp_path / "ejercicio.md").write_text(text, "utf-8")
    course = Course(tmp_path, ROOT / "examples", tmp_path)
    with Build(course.examples, lambda event: None) as build:
        notebook, finished = run(build, course, "ejercicio")
    assert finished
    assert check(notebook) == COUNTED["modos/ejercicio"]
    assert "ñandú" in str(notebook)
