"""A page of the course: its text read as a notebook, its cells with their options."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from streamdocs.course import examples as examples_
from streamdocs.course.options import PageError

KERNEL = "streamdocs"
_MENTION = re.compile(r"\bexamples/([\w./-]*[\w-])")
_TERMINAL = re.compile(r"^%{1,2}terminal\s+(\S+)")


@dataclass(frozen=True)
class Cell:
    """A code cell: the line of its fence in the page (from 1), its code and its options."""

    line: int
    source: str
    options: Mapping[str, Any]

    @property
    def heading(self) -> str:
        """What the cell is called in reports and in what is expected: its first line.

        For a terminal, its name and the first line that is typed.
        """
        lines = self.source.strip().splitlines() or [""]
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
    def uses_spark(self) -> bool:
        """Whether a cell imports PySpark into the kernel."""
        return any(cell.terminal is None and "pyspark" in cell.source for cell in self.cells)

    @property
    def uses_kafka(self) -> bool:
        """Whether the page needs a broker."""
        return needs_kafka(cell.source for cell in self.cells)


_KAFKA = ("kafka.bootstrap.servers", "--bootstrap-server")


def needs_kafka(sources: Iterable[str]) -> bool:
    """Whether any of these pieces of code reaches for a Kafka broker."""
    return any(mark in source for source in sources for mark in _KAFKA)


def signs_of_kafka(examples: Path) -> Sequence[str]:
    """Strings of which a page that needs Kafka has one: in its cells, or the name of an example."""
    scripts = sorted(examples.rglob("*.py"))
    with_kafka = (script for script in scripts if needs_kafka([script.read_text("utf-8")]))
    return (*_KAFKA, *(script.relative_to(examples).as_posix() for script in with_kafka))


def read(text: str, examples: str, extensions: Sequence[str] = ()) -> NotebookNode:
    """Read a page's text, with its ``:example:`` cells filled in.

    This is a reader in the sense of MyST-NB's ``nb_custom_formats``. Filling in here, and not in
    the text, keeps every line number that of the file on disk.

    Args:
        text: the page, in MyST Markdown.
        examples: the folder of the examples.
        extensions: the ``myst_enable_extensions`` of the site.

    A cell that cannot be filled in keeps the reason under ``error`` in its metadata.
    """
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    config = MdParserConfig(enable_extensions=set(extensions))
    notebook = read_myst_markdown_notebook(text, config=config, add_source_map=True)
    notebook.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": KERNEL,
        "language": "python",
    }
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not code:
        notebook.metadata.setdefault("mystnb", {})["execution_mode"] = "off"
    for cell in code:
        _fill(cell, Path(examples))
    return notebook


def _fill(cell: NotebookNode, folder: Path) -> None:
    reference = cell.metadata.get("example")
    if reference:
        try:
            cell.source = examples_.cell(folder, reference)
        except PageError as error:
            cell.metadata["error"] = str(error)
    if "raises" in cell.metadata:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "raises-exception"]
    # In the metadata, and so in the cache's key: an example that changes re-runs its pages.
    digests = {name: _digest(folder / name) for name in _used(cell, folder)}
    if digests:
        cell.metadata["files"] = digests


def _used(cell: NotebookNode, folder: Path) -> Iterable[str]:
    """The examples that a cell shows, or names in what it types, below ``folder``."""
    named = set(_MENTION.findall(cell.source))
    if "example" in cell.metadata:
        named.add(cell.metadata["example"].partition("#")[0])
    for name in sorted(named):
        path = folder / name
        scripts = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (str(script.relative_to(folder)) for script in scripts if script.is_file())


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def cells(notebook: NotebookNode) -> tuple[Cell, ...]:
    """The code cells of a notebook that ``read`` returned, before or after it was executed."""
    lines = notebook.metadata["source_map"]
    return tuple(
        Cell(line, cell.source, dict(cell.metadata))
        for line, cell in zip(lines, notebook.cells, strict=True)
        if cell.cell_type == "code"
    )


def files(page: Page) -> set[str]:
    """The examples that a page depends on, relative to their folder."""
    return {name for cell in page.cells for name in cell.options.get("files", {})}
