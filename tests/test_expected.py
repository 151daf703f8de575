"""A changed output is always seen."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import ROOT, page_names
from nbformat import NotebookNode, v4

from streamdocs.checking import expected
from streamdocs.checking.expected import Block
from streamdocs.course import page

Course = Callable[[str], NotebookNode]


def executed(*cells: tuple[str, dict[str, Any], list[NotebookNode]]) -> NotebookNode:
    """A notebook whose cells have this source, these options and these outputs."""
    code = [
        v4.new_code_cell(source, metadata=options, outputs=outputs, execution_count=1)
        for source, options, outputs in cells
    ]
    lines = [10 * (number + 1) for number in range(len(code))]
    notebook: NotebookNode = v4.new_notebook(cells=code, metadata={"source_map": lines})
    return notebook


def printed(text: str) -> list[NotebookNode]:
    return [v4.new_output("stream", text=text)]


def raised(*traceback: str) -> list[NotebookNode]:
    return [v4.new_output("error", ename="E", evalue="", traceback=list(traceback))]


def test_what_is_written_is_read_back() -> None:
    blocks = [Block("a = 1", ""), Block("b", "una\n\n  dos\n"), Block("c", "tres\n")]
    read = expected.parse(expected.dump(blocks))
    assert [block.heading for block in read] == ["a = 1", "b", "c"]
    assert [block.text.strip("\n") for block in read] == ["", "una\n\n  dos", "tres"]


def test_html_alone_is_compared() -> None:
    """IPython's text for it is always the same."""

    def shown(html: str) -> str:
        data = {"text/plain": "<IPython.core.display.HTML object>", "text/html": html}
        output: Any = SimpleNamespace(output_type="display_data", data=data)
        return expected._text(output, None)

    assert shown("<b>1</b>") == "<b>1</b>\n" != shown("<b>2</b>")


@pytest.mark.parametrize(
    ("options", "outputs", "said"),
    [
        ({}, raised("ValueError: no"), "ha fallado:\nValueError: no"),
        ({"raises": "ValueError"}, [], "debía fallar con ValueError y no ha fallado"),
        ({"raises": "ValueError"}, raised("KeyError: 1"), "con otro error:\nKeyError: 1"),
        ({"raises": "A.B"}, raised("X: [A.C] no"), "con otro error:\nX: [A.C] no"),
        ({"streamdocs": {"problems": ["no existe"]}}, [], "no existe"),
    ],
)
def test_a_wrong_error_is_named(
    options: dict[str, Any], outputs: list[NotebookNode], said: str
) -> None:
    notebook = executed(("a = 1", options, outputs))
    (problem,) = expected.failures(notebook, finished=True)
    assert problem.line == 10
    assert problem.text.endswith(said)


@pytest.mark.parametrize("condition", ["A.B", "X"])
def test_the_declared_error_is_fine(condition: str) -> None:
    notebook = executed(("a = 1", {"raises": condition}, raised("X: [A.B] no")))
    assert expected.failures(notebook, finished=True) == []


def test_cells_that_come_or_go_are_named() -> None:
    notebook = executed(("a", {}, printed("1\n")), ("b", {}, printed("2\n")))
    more = [*expected.blocks(notebook), Block("c", "3\n")]
    assert [p.text for p in expected.compare(notebook, more)] == [
        "la celda «c» se espera y no está en la página"
    ]
    (problem,) = expected.compare(notebook, more[:1])
    assert problem.line == 20


def test_rewriting_keeps_what_only_varies(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    old = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
    new = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
    expected.rewrite(executed(("a", {}, printed(f"{old}\n"))), file)
    expected.rewrite(executed(("a", {}, printed(f"{new}\n"))), file)
    assert old in file.read_text()
    expected.rewrite(executed(("a", {}, printed(f"{new} 1\n"))), file)
    assert f"{new} 1" in file.read_text()


def test_only_what_a_cell_declares_may_vary() -> None:
    text = "2026-01-02T03:04:05Z tardó 12 ms"
    assert expected.normalise(text) == text
    assert expected.normalise(text, ["horas"]) == "<horas> tardó 12 ms"
    assert expected.normalise(text, ["horas", "duraciones"]) == "<horas> tardó <duraciones>"


def clock(time: str, word: str) -> str:
    """A table as Spark prints it, with a time and a word."""
    rule = f"+-----+{'-' * len(time)}+"
    return "\n".join([rule, f"|value|{'timestamp':{len(time)}}|", rule, f"|{word:5}|{time}|", rule])


def test_a_table_may_be_as_wide_as_what_varies_in_it_needs() -> None:
    """Spark prints no zeros at the end of a second's fraction: one time in ten is shorter."""
    long, short = "2026-11-26 01:00:27.554", "2026-11-26 08:00:41.69"
    tables = [
        expected.normalise(table, ["horas"])
        for table in (clock(long, "hola"), clock(short, "hola"), clock(short, "adiós"))
    ]
    assert tables[0] == tables[1] != tables[2]
    assert expected.normalise("+--+") != expected.normalise("+---+")


def values(text: str) -> Iterator[re.Match[str]]:
    """The values in the tables of an expected file; a time is one with its unit."""
    for row in re.finditer(r"^ +\|.*\|$", text, re.MULTILINE):
        yield from re.compile(r"\d+(?:[.,]\d+)? m?s\b|[^|\s]+").finditer(text, *row.span())


def with_expected_files() -> list[str]:
    folder = ROOT / "tests" / "expected"
    return [name for name in page_names() if (folder / f"{name}.txt").exists()]


@pytest.mark.parametrize("name", with_expected_files())
def test_every_value_counts(course: Course, name: str) -> None:
    """Each value of each table, changed alone, turns the comparison red."""
    text = (ROOT / "tests" / "expected" / f"{name}.txt").read_text("utf-8")
    notebook = course(name)
    assert expected.compare(notebook, expected.parse(text)) == []
    changed = 0
    for value in values(text):
        other = "9" if value[0] != "9" else "8"
        bad = text[: value.start()] + other + text[value.end() :]
        assert expected.compare(notebook, expected.parse(bad)), value[0]
        changed += 1
    print(f"{name}: {changed} valores cambiados, uno a uno, y todos vistos")


def test_there_are_values_to_change() -> None:
    folder = ROOT / "tests" / "expected"
    texts = [(folder / f"{name}.txt").read_text("utf-8") for name in with_expected_files()]
    assert sum(len(list(values(text))) for text in texts) > 1000


def replaced(notebook: NotebookNode) -> int:
    """How many characters of a page's outputs normalising replaces."""
    pairs = zip(page.cells(notebook), expected.blocks(notebook), strict=True)
    return sum(
        len(match[0])
        for cell, block in pairs
        for pattern in expected.patterns(cell.options.varies).values()
        for match in re.finditer(pattern, block.text)
    )


def test_how_much_is_normalised(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """The number is printed, so that a rule that eats too much is seen."""
    notebooks = [course(name) for name in with_expected_files()]
    touched = sum(map(replaced, notebooks))
    whole = sum(len(block.text) for notebook in notebooks for block in expected.blocks(notebook))
    with capsys.disabled():
        print(f"\nNormalizar toca {touched} de {whole} caracteres de las salidas.")
    assert touched < whole / 50


def test_no_expected_file_is_left_over() -> None:
    folder = ROOT / "tests" / "expected"
    files = {f.relative_to(folder).with_suffix("").as_posix() for f in folder.rglob("*.txt")}
    assert files <= set(page_names())


def photo(width: int, height: int, dots: bytes = b"") -> list[NotebookNode]:
    """A picture in PNG, as far as its header goes, and what stands for its dots."""
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)
    data = {"image/png": base64.b64encode(header + dots).decode()}
    return [v4.new_output("display_data", data=data)]


VARYING_PHOTO = {"varies": "fotos"}
PROGRESS = """{{
    "name": "ventas",
    "numInputRows": {rows},
    "processedRowsPerSecond": {rate},
    "durationMs": {{"addBatch": {ms}, "walCommit": {ms}}},
    "description": "FileStreamSource[file:{folder}]"
}}
"""


@pytest.mark.parametrize(
    ("options", "before", "after", "same"),
    [
        (VARYING_PHOTO, photo(1060, 960), photo(1060, 960, b"x"), True),
        (VARYING_PHOTO, photo(1060, 960), photo(1060, 961), False),
        (VARYING_PHOTO, photo(1060, 960), printed("no hay foto"), False),
        ({}, photo(1060, 960), photo(1060, 960, b"x"), False),
    ],
)
def test_a_photo_may_vary_in_its_dots_alone(
    options: dict[str, Any],
    before: list[NotebookNode],
    after: list[NotebookNode],
    same: bool,
) -> None:
    wanted = expected.blocks(executed(("a = 1", options, before)))
    assert (expected.compare(executed(("a = 1", options, after)), wanted) == []) is same


CURVE = '<svg><polyline points="{}" fill="none"/></svg>'


@pytest.mark.parametrize(
    ("after", "same"),
    [("60.0,126.5 69.3,80.0", True), ("", False), ('1.0,2.0"/><polyline points="3.0,4.0', False)],
)
def test_a_curve_may_vary_where_it_goes_but_not_vanish(after: str, same: bool) -> None:
    options = {"varies": "curvas"}
    first, second = (
        [v4.new_output("display_data", data={"image/svg+xml": CURVE.format(points)})]
        for points in ("60.0,126.5 69.3,126.5 78.7,126.5", after)
    )
    wanted = expected.blocks(executed(("a = 1", options, first)))
    assert (expected.compare(executed(("a = 1", options, second)), wanted) == []) is same


@pytest.mark.parametrize(
    ("after", "same"),
    [
        ({"rows": 2, "rate": "1.0E-3", "ms": 1234, "folder": "/tmp/otra/entrada"}, True),
        ({"rows": 3, "rate": 1.5, "ms": 7, "folder": "/tmp/una/entrada"}, False),
    ],
)
def test_a_progress_may_vary_in_what_is_measured(after: dict[str, Any], same: bool) -> None:
    first = PROGRESS.format(rows=2, rate=1.5, ms=7, folder="/tmp/una/entrada")
    options = {"varies": "progreso"}
    wanted = expected.blocks(executed(("a = 1", options, printed(first))))
    ran = executed(("a = 1", options, printed(PROGRESS.format(**after))))
    assert (expected.compare(ran, wanted) == []) is same
