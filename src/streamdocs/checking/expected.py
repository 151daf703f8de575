"""What each cell of a page must print: read, compare, rewrite.

The file of a page holds one block a cell, in order: the cell's heading on a line of its own, then
its outputs, indented by four spaces.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from streamdocs.course import page
from streamdocs.course.page import Cell
from streamdocs.recording.record import RECORD_MIME
from streamdocs.system.terminal import TERMINAL_MIME

_INDENT = "    "

_ALWAYS_VARIES = {
    "id": r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
}
_MAY_VARY = {
    "duraciones": r"\b\d+([.,]\d+)? (ms|s)\b",
    "horas": r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?",
    "versiones": r"\b\d+([.+_-]\w+)+",
    "procesos": r"(?<=\[1\] )\d+|(?<=PID )\d+",
}
"""What a cell may declare with ``:varies:``, by name, and its pattern."""


@dataclass(frozen=True)
class Block:
    """The outputs of a cell, as text, under its heading."""

    heading: str
    text: str


@dataclass(frozen=True)
class Problem:
    """Something wrong with a cell: the line of its fence in the page, and what."""

    line: int
    text: str


@dataclass(frozen=True)
class Normalised:
    """A text with what varies replaced by its name, and the number of characters replaced."""

    text: str
    touched: int


def normalise(text: str, varies: Iterable[str] = ()) -> Normalised:
    """Replace ids, and the kinds of thing named in ``varies``, by «<kind>»."""
    touched = 0
    patterns = _ALWAYS_VARIES | {kind: _MAY_VARY[kind] for kind in varies}
    for kind, pattern in patterns.items():
        touched += sum(len(match[0]) for match in re.finditer(pattern, text))
        text = re.sub(pattern, f"<{kind}>", text)
    return Normalised(text, touched)


def varies(cell: Cell) -> Sequence[str]:
    """The kinds of thing that a cell declares to vary: «horas, duraciones» in ``:varies:``."""
    declared = cell.options.get("varies", "")
    return [kind.strip() for kind in declared.split(",") if kind.strip()]


def outputs(notebook: NotebookNode) -> list[tuple[Cell, NotebookNode]]:
    """The code cells of an executed notebook, each with the notebook's own cell."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return list(zip(page.cells(notebook), code, strict=True))


def blocks(notebook: NotebookNode) -> list[Block]:
    """What the cells of an executed notebook printed, in order."""
    return [
        Block(cell.heading, "".join(_text(output, cell.terminal) for output in ran.outputs))
        for cell, ran in outputs(notebook)
    ]


def _text(output: NotebookNode, terminal: str | None) -> str:
    if output.output_type == "stream":
        return str(output.text)
    if output.output_type == "error":
        return _line("\n".join(output.traceback))
    if RECORD_MIME in output.data:
        return ""
    shown: Any = output.data.get(TERMINAL_MIME)
    if shown is None:
        return _line(output.data.get("text/plain", ""))
    text = "".join(segment["text"] for segment in shown["segments"])
    return _line(text if shown["name"] == terminal else f"Terminal {shown['name']}:\n{text}")


def _line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def dump(blocks_: Iterable[Block]) -> str:
    """The text of an expected file."""
    return "\n".join(f"{block.heading}\n{_indented(block.text)}" for block in blocks_)


def _indented(text: str) -> str:
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    return "".join(f"{_INDENT}{line}".rstrip() + "\n" for line in lines)


def parse(text: str) -> list[Block]:
    """The blocks of an expected file."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line and not line.startswith(_INDENT):
            found.append((line, []))
        elif found:
            found[-1][1].append(line.removeprefix(_INDENT))
    return [Block(heading, "\n".join(lines)) for heading, lines in found]


def check(notebook: NotebookNode, file: Path, *, finished: bool = True) -> list[Problem]:
    """What is wrong with an executed page: cells that failed, else outputs unlike ``file``'s.

    ``finished`` tells whether its kernel lived until the last cell.
    """
    failed = failures(notebook, finished)
    if failed:
        return failed
    if not file.exists():
        return [Problem(1, f"falta {file}: créalo con «nox -s regen»")]
    return compare(notebook, parse(file.read_text("utf-8")))


def accept(notebook: NotebookNode, file: Path, *, finished: bool = True) -> list[Problem]:
    """Rewrite ``file`` with what the page printed, unless cells failed: then say which."""
    failed = failures(notebook, finished)
    if not failed:
        rewrite(notebook, file)
    return failed


def failures(notebook: NotebookNode, finished: bool) -> list[Problem]:
    """The cells that could not be filled in, that raised what they should not, or did not end."""
    ran = outputs(notebook)
    found = [
        Problem(cell.line, cell.options["error"]) for cell, _ in ran if "error" in cell.options
    ]
    for cell, result in ran:
        errors = [output for output in result.outputs if output.output_type == "error"]
        problem = _wrong_error(cell, errors)
        if problem:
            return [*found, Problem(cell.line, f"la celda «{cell.heading}» {problem}")]
        if not finished and result.execution_count is None and cell.source.strip():
            why = "no ha terminado: su kernel ha muerto o ha agotado su tiempo"
            return [*found, Problem(cell.line, f"la celda «{cell.heading}» {why}")]
    return found


def _wrong_error(cell: Cell, errors: Sequence[NotebookNode]) -> str:
    """What is wrong with the errors that a cell raised; "" if they are as declared."""
    wanted = cell.options.get("raises")
    if not errors:
        return f"debía fallar con {wanted} y no ha fallado" if wanted else ""
    got = "\n".join(errors[0].traceback)
    if not wanted:
        return f"ha fallado:\n{got}"
    name, _, message = got.partition(": ")
    if name == wanted or message.startswith(f"[{wanted}]"):
        return ""
    return f"debía fallar con {wanted} y ha fallado con otro error:\n{got}"


def compare(notebook: NotebookNode, wanted: Sequence[Block]) -> list[Problem]:
    """The cells whose outputs are not the ``wanted`` ones, each with a diff."""
    cells = [cell for cell, _ in outputs(notebook)]
    found = []
    for cell, got, want in zip_longest(cells, blocks(notebook), wanted):
        if cell is None:
            found.append(Problem(1, f"la celda «{want.heading}» se espera y no está en la página"))
        elif want is None:
            found.append(Problem(cell.line, f"no se espera nada de la celda «{cell.heading}»"))
        elif not _same(cell, got, want):
            found.append(Problem(cell.line, f"la celda «{cell.heading}»:\n{diff(want, got)}"))
    return found


def _same(cell: Cell, got: Block, want: Block) -> bool:
    kinds = varies(cell)
    texts = [normalise(_indented(block.text), kinds).text for block in (got, want)]
    return got.heading == want.heading and texts[0] == texts[1]


def diff(want: Block, got: Block) -> str:
    """A unified diff from what is expected to what came out."""
    before, after = (dump([block]).splitlines() for block in (want, got))
    lines = difflib.unified_diff(before, after, "esperado", "obtenido", n=2, lineterm="")
    return "\n".join(lines)


def touched(notebook: NotebookNode) -> int:
    """How many characters of an executed page's outputs normalising replaces."""
    pairs = zip(outputs(notebook), blocks(notebook), strict=True)
    return sum(normalise(block.text, varies(cell)).touched for (cell, _), block in pairs)


def rewrite(notebook: NotebookNode, file: Path) -> None:
    """Make what the page printed what is expected of it.

    Outputs that only differ in what varies are left as they stand, so that a diff shows changes.
    """
    old = parse(file.read_text("utf-8")) if file.exists() else []
    pairs = zip_longest(outputs(notebook), blocks(notebook), old[: len(blocks(notebook))])
    kept = [was if was and _same(cell, got, was) else got for (cell, _), got, was in pairs]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(dump(kept), "utf-8")
