"""The line that a cell marks: in the page, for who hears it, and without running anything again."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import Site

from streamdocs.course import page

CELL = "a = 1\nb = a < 2\nc = 3"
OPTION = ":marks: a < 2\n"


def read(cell: str, folder: Path) -> list[str]:
    """What is wrong with a page that has this cell."""
    text = f"# Página\n\n```{{code-cell}}\n{cell}\n```\n"
    return [problem.text for problem in page.problems(page.read(text, str(folder)))]


def test_the_line_is_marked_and_the_code_stays_what_it_was(site: Site) -> None:
    site.page("una", CELL, f"{OPTION}{CELL}")
    site.build("-D", "nb_execution_mode=off").green()
    html = (site.docs / "_build/html/una.html").read_text("utf-8")
    plain, marked = BeautifulSoup(html, "html.parser").select(".cell_input pre")
    assert not plain.select("mark")
    assert [mark.get_text() for mark in marked.select("mark.hll")] == ["b = a < 2\n"]
    assert marked.get_text() == plain.get_text() == f"{CELL}\n"


@pytest.mark.parametrize(
    ("cell", "times"),
    [
        (f":marks: d\n{CELL}", 0),
        (f":marks: a\n{CELL}", 2),
        (":marks: nc\n%%terminal 1\nnc -l 9", 0),
    ],
)
def test_a_mark_is_in_one_line(tmp_path: Path, cell: str, times: int) -> None:
    (text,) = read(cell, tmp_path)
    assert text.endswith(f"debe estar en una línea de código, y está en {times}")


def test_a_mark_runs_nothing_again(tmp_path: Path) -> None:
    assert not read(f"{OPTION}{CELL}", tmp_path)
    texts = (f"# Página\n\n```{{code-cell}}\n{cell}\n```\n" for cell in (CELL, OPTION + CELL))
    plain, marked = (page.read(text, str(tmp_path)) for text in texts)
    assert page.marks(marked) == {1: "a < 2"}
    # The cache's key: code and its metadata.
    assert [dict(cell.metadata) for cell in marked.cells] == [
        dict(cell.metadata) for cell in plain.cells
    ]
