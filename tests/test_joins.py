"""Every join with every watermark: what Python counts is right, and what the page says of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from conftest import ROOT
from course import imported
from nbformat import NotebookNode

from streamdocs.checking import expected

PAGE = "transformaciones/que-join"
SCRIPT = ROOT / "examples" / "transformaciones" / "que_join.py"
RIGHT, QUIET, WRONG = "bien", "faltan", "otras"


@pytest.fixture(scope="module")
def example() -> Any:
    """The example's functions, with a session that nobody starts."""
    with patch("pyspark.sql.SparkSession.builder", MagicMock()):
        return imported(SCRIPT)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("inner", ["1 12:20", "4 14:05"]),
        ("left", ["1 12:20", "2 null", "3 null", "4 14:05"]),
        ("right", ["1 12:20", "4 14:05", "null 12:02"]),
        ("full", ["1 12:20", "2 null", "3 null", "4 14:05", "null 12:02"]),
        ("semi", ["1", "4"]),
        ("anti", ["2", "3"]),
        ("cross", [f"{order} {paid}" for order in "1234" for paid in ("12:02", "12:20", "14:05")]),
    ],
)
def test_python_counts_what_a_person_counts(example: Any, kind: str, rows: list[str]) -> None:
    assert example.segun_python(kind) == rows


def test_a_payment_too_late_or_before_its_order_is_of_nobody(example: Any) -> None:
    orders, payments = [["12:00,1", "12:00,2"]], [["13:01,1", "11:59,2"]]
    assert example.segun_python("inner", orders, payments) == []
    assert example.segun_python("full", orders, payments) == [
        *("1 null", "2 null", "null 11:59", "null 13:01")
    ]


def test_a_row_that_lacks_is_told_from_one_that_does_not(example: Any) -> None:
    whole = [["1 12:20"], ["4 14:05"], ["2 null", "3 null"]]
    assert example.casilla("left", whole, {}) == RIGHT
    assert example.casilla("left", whole[:2], {}) == f"{QUIET} 2"
    for other in ("1 null", "1 12:02"):
        assert example.casilla("left", [[other], *whole[1:]], {}) == WRONG, "as many, and others"
    assert example.casilla("left", [*whole, ["1 12:20"]], {}) == WRONG, "one twice"
    assert example.casilla("left", [*whole[:2], ["1 12:20"] * 2], {}) == WRONG, "twice, for two"
    reasons: dict[str, str] = {}
    said = [example.casilla("left", text, reasons) for text in ("mal", "peor", "mal")]
    assert said == ["no (a)", "no (b)", "no (a)"]


def table(notebook: NotebookNode, heading: str) -> dict[str, list[str]]:
    """The rows of a matrix that the page printed, by their kind of join."""
    (text,) = (b.text for b in expected.blocks(notebook) if b.heading.startswith(heading))
    lines = [line.split() for line in text.replace("no (", "no(").strip("\n").split("\n")]
    rows = [line for line in lines[1:] if line and not line[0].startswith("(")]
    return {
        kind: " ".join(cells).replace(f"{QUIET} ", f"{QUIET}-").split() for kind, *cells in rows
    }


def test_the_page_shows_who_keeps_quiet(course: Callable[[str], NotebookNode]) -> None:
    """The columns: no watermark, on the orders, on the payments, on both."""
    rows = table(course(PAGE), "dibujar(con_plazo)")
    assert rows["inner"] == [RIGHT] * 4
    assert rows["left"][2:] == [f"{QUIET}-2", RIGHT]
    assert rows["right"][1] == f"{QUIET}-1"
    assert rows["right"][3] == RIGHT
    assert rows["full"][1:] == [f"{QUIET}-3", f"{QUIET}-3", RIGHT]
    assert rows["semi"][2:] == [RIGHT, RIGHT]
    assert all(cell.startswith("no(") for kind in ("anti", "cross") for cell in rows[kind])
    without = table(course(PAGE), "dibujar(probar_todos(plazo=False))")
    assert without.pop("inner") == [RIGHT] * 4
    assert all(cell.startswith("no(") for cells in without.values() for cell in cells)
