"""A page of the course: its text read as a notebook, its cells with their options."""

import hashlib
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from streamdocs.course import examples as examples_
from streamdocs.course import options
from streamdocs.course.options import Options, PageError

KERNEL = "streamdocs"

EXTENSIONS = ("colon_fence", "deflist")
"""The ``myst_enable_extensions`` of every site: with others, a cell could be another's text."""

_OURS = "streamdocs"
"""The metadata, of a cell or of a page, with what ``read`` found out about it."""

_TERMINAL = re.compile(r"^%{1,2}terminal\s+(\S+)")
_LINE = re.compile(r"at line (\d+)")
_BREAKS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ``str.splitlines`` takes for the end of a line, and Markdown does not."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with a page: the line, from 1 (for a cell, that of its fence), and what."""

    line: int
    text: str


@dataclass(frozen=True)
class Cell:
    """A code cell: the line of its fence in the page (from 1), its code and its options.

    Attributes:
        reach: the examples that the cell shows or names, and all that these can reach.
    """

    line: int
    source: str
    options: Options = field(default_factory=Options)
    reach: frozenset[str] = frozenset()

    @property
    def heading(self) -> str:
        """What the cell is called in reports and in what is expected: its first line.

        For a terminal, its name and the first line that is typed.
        """
        lines = self.source.strip().split("\n")
        name = self.terminal
        if name is None:
            return lines[0]
        return f"Terminal {name}: {lines[1] if len(lines) > 1 else ''}".rstrip()

    @property
    def terminal(self) -> str | None:
        """Name of the terminal that the cell types into; None for a Python cell."""
        magic = _TERMINAL.match(self.source)
        return magic[1] if magic else None


@dataclass(frozen=True)
class Page:
    """A page: its name («hola/palabras») and its code cells, in order."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def reach(self) -> frozenset[str]:
        """The examples that the page's cells can reach, and no others."""
        return frozenset().union(*(cell.reach for cell in self.cells))


def read(text: str, examples: str) -> NotebookNode:
    """Read a page's text, with its ``:example:`` cells filled in.

    This is a reader in the sense of MyST-NB's ``nb_custom_formats``. Filling in here, and not in
    the text, keeps every line number that of the file on disk. What is wrong with the text is
    kept for ``problems``; a page that cannot be read at all has no cells.

    Args:
        text: the page, in MyST Markdown.
        examples: the folder of the examples.
    """
    notebook = deepcopy(_parsed(text))
    folder = Path(examples).resolve()
    code = [at for at, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    if not code:
        notebook.metadata.setdefault("mystnb", {})["execution_mode"] = "off"
    notebook.metadata[_OURS]["marks"] = [(at, _fill(notebook.cells[at], folder)) for at in code]
    return notebook


@cache
def _parsed(text: str) -> NotebookNode:
    """The notebook in ``text``; the same page is looked at several times in a build."""
    from myst_nb.core.read import MystMetadataParsingError, read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    config = MdParserConfig(enable_extensions=set(EXTENSIONS))
    wrong = [
        (text.count("\n", 0, found.start()) + 1, f"el carácter {found[0]!a} parte la línea")
        for found in _BREAKS.finditer(text)
    ]
    title = new_markdown_cell(text.strip().partition("\n")[0])
    notebook = new_notebook(cells=[title], metadata={"source_map": [0]})
    try:
        if text.strip():
            notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True)
    except MystMetadataParsingError as error:
        line = _LINE.search(str(error))
        wrong.append((int(line[1]) if line else 1, f"no se puede leer: {error}"))
    notebook.metadata[_OURS] = {"problems": wrong}
    notebook.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": KERNEL,
        "language": "python",
    }
    return notebook


def _fill(cell: NotebookNode, folder: Path) -> str:
    """Fill in a cell; what it marks, which the cache's key leaves out: it changes no output."""
    wrong = list(options.problems(cell.metadata))
    mark = str(cell.metadata.pop("marks", None) or "")
    reference = cell.metadata.get("example")
    if reference:
        try:
            cell.source = examples_.cell(folder, reference)
        except PageError as error:
            wrong.append(str(error))
    elif not cell.source.strip():
        wrong.append("la celda está vacía: escribe algo en ella, o quítala")
    code = "" if _TERMINAL.match(cell.source) else cell.source
    times = sum(mark in line for line in code.split("\n"))
    if mark and times != 1:
        wrong.append(f"«:marks: {mark}» debe estar en una línea de código, y está en {times}")
    if "raises" in cell.metadata:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "raises-exception"]
    named = f"{cell.source}\nexamples/{str(reference).partition('#')[0]}" if reference else ""
    reach = sorted(examples_.reach(folder, named or cell.source))
    # In the metadata, and so in the cache's key: an example that changes re-runs its pages.
    digests = {name: _digest(folder / name) for name in reach}
    if wrong or digests:
        cell.metadata[_OURS] = {"problems": wrong, "reach": digests}
    return mark


def _digest(path: Path) -> str:
    """What stands in a file; a folder's is that of nothing, since its files have their own."""
    content = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(content).hexdigest()[:16]


def cells(notebook: NotebookNode) -> tuple[Cell, ...]:
    """The code cells of a notebook that ``read`` returned, before or after it was executed."""
    return tuple(
        Cell(
            line,
            cell.source,
            options.read(cell.metadata),
            frozenset(cell.metadata.get(_OURS, {}).get("reach", ())),
        )
        for line, cell in _lines(notebook)
        if cell.cell_type == "code"
    )


def problems(notebook: NotebookNode) -> list[Problem]:
    """What ``read`` found wrong with the page's text."""
    found = [Problem(*wrong) for wrong in notebook.metadata.get(_OURS, {}).get("problems", ())]
    for line, cell in _lines(notebook):
        texts = cell.metadata.get(_OURS, {}).get("problems", ())
        found += [Problem(line, text) for text in texts]
    return found


def marks(notebook: NotebookNode) -> dict[int, str]:
    """What the cells mark of their code, by their place in a notebook that ``read`` returned."""
    return {at: mark for at, mark in notebook.metadata[_OURS]["marks"] if mark}


def _lines(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    return zip(notebook.metadata["source_map"], notebook.cells, strict=True)
