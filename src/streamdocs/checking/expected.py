"""What each cell of a page must print: read, compare, rewrite.

The file of a page holds one block a cell, in order: the cell's heading on a line of its own, then
its outputs, indented by four spaces, and an empty line between two blocks. White space counts: what
ends without a newline is followed by a line that says so.
"""

import base64
import difflib
import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from streamdocs.course import page
from streamdocs.course.options import VARIES
from streamdocs.course.page import Cell, Problem
from streamdocs.system.terminal import TERMINAL_MIME

_INDENT = "    "
_NO_NEWLINE = "\\ sin salto de línea al final"
_HEADING = re.compile(r"^(?=[^ \n\\])", re.MULTILINE)
_ID = r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
_WIDTH = re.compile(r"(?<=[+-])-(?=[+-])| +(?=\|)")
"""What makes a column of a printed table wider: a rule's dashes, and the blanks that fill it."""
_BETWEEN_TAGS = re.compile(r">\s*(?=<)")


@dataclass(frozen=True)
class Block:
    """The outputs of a cell, as text, under its heading."""

    heading: str
    text: str


def patterns(varies: Iterable[str] = ()) -> dict[str, str]:
    """What may differ, by kind: ids, and the kinds of thing named in ``varies``."""
    return {"id": _ID, **{kind: VARIES[kind] for kind in varies}}


def normalise(text: str, varies: Iterable[str] = ()) -> str:
    """Replace ids, and the kinds of thing named in ``varies``, by «<kind>».

    A column is as wide as its longest value: where values vary, the widths of tables count no more.
    """
    kinds = list(varies)
    for kind, pattern in patterns(kinds).items():
        text = re.sub(pattern, f"<{kind}>", text)
    return _WIDTH.sub("", text) if kinds else text


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
    shown: Any = output.data.get(TERMINAL_MIME)
    if shown is None:
        pictures = (_picture(mime, data) for mime, data in sorted(output.data.items()))
        return "".join([*map(_line, filter(None, [_plain(output.data)])), *pictures])
    text = "".join(segment["text"] for segment in shown["segments"])
    return _line(text if shown["name"] == terminal else f"Terminal {shown['name']}:\n{text}")


def _plain(data: Any) -> str | None:
    """What stands for the output as text: of HTML alone, IPython gives only its class and place."""
    text: str | None = data.get("text/plain")
    return data["text/html"] if text and text.startswith("<IPython.core.display.HTML") else text


def _line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _picture(mime: str, data: Any) -> str:
    """A drawing tag by tag, so that a diff shows what moved; any other picture by its digest."""
    if not mime.startswith("image/"):
        return ""
    text = data if isinstance(data, str) else "".join(data)
    if mime == "image/svg+xml":
        return _line(_BETWEEN_TAGS.sub(">\n", text.strip()))
    size = _pixels(text) if mime == "image/png" else ""
    return f"{mime}, {size}SHA-256 {hashlib.sha256(text.encode()).hexdigest()}\n"


def _pixels(text: str) -> str:
    """The size of a picture in PNG, given in base64, as its header has it."""
    width, height = struct.unpack(">II", base64.b64decode(text)[16:24])
    return f"{width} × {height}, "


def dump(blocks_: Iterable[Block]) -> str:
    """The text of an expected file."""
    return "\n".join(f"{block.heading}\n{_indented(block.text)}" for block in blocks_)


def _indented(text: str) -> str:
    *lines, rest = text.split("\n")
    shown = "".join(f"{_INDENT}{line}\n" if line else "\n" for line in lines)
    return f"{shown}{_INDENT}{rest}\n{_NO_NEWLINE}\n" if rest else shown


def parse(text: str) -> list[Block]:
    """The blocks of an expected file."""
    _, *parts = _HEADING.split(text)
    # Between two blocks there is an empty line, which belongs to none.
    whole = [*(part.removesuffix("\n") for part in parts[:-1]), *parts[-1:]]
    return [_block(*part.split("\n", 1)) for part in whole]


def _block(heading: str, body: str) -> Block:
    text = body.removesuffix(f"\n{_NO_NEWLINE}\n")
    return Block(heading, re.sub(f"^{_INDENT}", "", text, flags=re.MULTILINE))


def load(file: Path) -> list[Block]:
    """The blocks of the expected ``file``, read as it stands: only a newline ends a line."""
    return parse(file.read_bytes().decode("utf-8"))


def check(notebook: NotebookNode, file: Path, *, finished: bool = True) -> list[Problem]:
    """What is wrong with an executed page: cells that failed, else outputs unlike ``file``'s.

    ``finished`` tells whether its kernel lived until the last cell.
    """
    failed = failures(notebook, finished)
    if failed:
        return failed
    if not file.exists():
        return [Problem(1, f"falta {file}: créalo con «nox -s regen»")]
    return compare(notebook, load(file))


def accept(notebook: NotebookNode, file: Path, *, finished: bool = True) -> list[Problem]:
    """Rewrite ``file`` with what the page printed, unless cells failed: then say which."""
    failed = failures(notebook, finished)
    if not failed:
        rewrite(notebook, file)
    return failed


def failures(notebook: NotebookNode, finished: bool) -> list[Problem]:
    """What is wrong with the page's text; the cell that raised what it should not, or did not end.

    Of several cells only the first is named: after it no other ran.
    """
    found = page.problems(notebook)
    for cell, result in outputs(notebook):
        errors = [output for output in result.outputs if output.output_type == "error"]
        problem = _wrong_error(cell, errors)
        if not problem and not finished and result.execution_count is None and cell.source.strip():
            problem = "no ha terminado: su kernel ha muerto o ha agotado su tiempo"
        if problem:
            return [*found, Problem(cell.line, f"la celda «{cell.heading}» {problem}")]
    return found


def _wrong_error(cell: Cell, errors: Sequence[NotebookNode]) -> str:
    """What is wrong with the errors that a cell raised; "" if they are as declared."""
    wanted = cell.options.raises
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
    cells = page.cells(notebook)
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
    texts = [normalise(block.text, cell.options.varies) for block in (got, want)]
    return got.heading == want.heading and texts[0] == texts[1]


def diff(want: Block, got: Block) -> str:
    """A unified diff from what is expected to what came out."""
    before, after = (dump([block]).split("\n") for block in (want, got))
    lines = difflib.unified_diff(before, after, "esperado", "obtenido", n=2, lineterm="")
    return "\n".join(lines)


def rewrite(notebook: NotebookNode, file: Path) -> None:
    """Make what the page printed what is expected of it.

    Outputs that only differ in what varies are left as they stand, so that a diff shows changes.
    """
    fresh = blocks(notebook)
    old = load(file) if file.exists() else []
    pairs = zip_longest(page.cells(notebook), fresh, old[: len(fresh)])
    kept = [was if was and _same(cell, got, was) else got for cell, got, was in pairs]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(dump(kept).encode())
