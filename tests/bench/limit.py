"""The limit: the same cells, one after another, in one Python process on one warm SparkSession."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course import Course
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from streamdocs.course import needs, page
from streamdocs.course.page import KERNEL, Page
from streamdocs.kafka import jars
from streamdocs.running.build import Build

_START = f"""import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})"""
_WARM = """import pyspark
from bench import between
between.warm({packages!r})"""
_PATIENCE = 300
"""Seconds that a cell may take."""


@dataclass(frozen=True)
class Limit:
    """The notebooks of pages, by name, with what their cells printed and when they ran."""

    notebooks: dict[str, NotebookNode]

    @property
    def total(self) -> float:
        """The seconds of all cells."""
        return sum(map(_seconds, self._cells()))

    @property
    def waiting(self) -> float:
        """Those of the cells with «:until:», part of which a page teaches."""
        return sum(_seconds(cell) for cell in self._cells() if "until" in cell.metadata)

    def _cells(self) -> Iterator[NotebookNode]:
        cells = (cell for notebook in self.notebooks.values() for cell in notebook.cells)
        return (cell for cell in cells if cell.cell_type == "code")


def run(course: Course, names: list[str]) -> Limit:
    """Run the pages called ``names``; what comes before their first cells is not counted.

    There are two sessions, since packages are read at a session's start: one has Kafka's connector
    for the pages that ask for it, and one has none for those that show what happens without.
    """
    notebooks = {name: course.read(name) for name in names}
    pages = [Page(name, page.cells(notebook)) for name, notebook in notebooks.items()]
    with Build(course.root / "examples", lambda event: None) as build:
        for packages in ("", jars.connector_package()):
            its = [one for one in pages if _asks_for_packages(one) == bool(packages)]
            if its:
                _session(build, its, notebooks, packages)
    return Limit(notebooks)


def _asks_for_packages(its: Page) -> bool:
    sessions = (cell.source for cell in its.cells if "SparkSession.builder" in cell.source)
    return "spark.jars.packages" in next(sessions, "")


def _session(
    build: Build, pages: list[Page], notebooks: dict[str, NotebookNode], packages: str
) -> None:
    """Run the notebooks of ``pages`` in one session that has ``packages``."""
    warm = _WARM.format(packages=packages)
    first = new_notebook(cells=[new_code_cell(_START), new_code_cell(warm)])
    build.page = Page("", page.cells(_numbered(first)))
    client = NotebookClient(first, timeout=_PATIENCE, kernel_name=KERNEL, record_timing=True)
    client.on_cell_execute = lambda cell, cell_index: build.begins(_number(client.nb, cell_index))
    with client.setup_kernel():
        _execute(client, first)
        for its in pages:
            build.page = its
            if needs.kafka(cell.source for cell in its.cells):
                build.start_kafka()
            home = build.workspace.new_home()
            environment = dict(build.workspace.environment(home))
            _silently(client, f"from bench import between; between.turn({environment!r})")
            _execute(client, notebooks[its.name])
            build.workspace.end(home)


def _execute(client: NotebookClient, notebook: NotebookNode) -> None:
    """Run a notebook's cells in the client's kernel; it gets what they print and when they run."""
    client.nb = notebook
    for number, cell in enumerate(notebook.cells):
        client.execute_cell(cell, number)


def _number(notebook: NotebookNode, index: int) -> int:
    """Which of the code cells the cell at ``index`` is."""
    return sum(cell.cell_type == "code" for cell in notebook.cells[:index])


def _numbered(notebook: NotebookNode) -> NotebookNode:
    """A notebook that was not read from a page, with lines for its cells."""
    notebook.metadata["source_map"] = list(range(len(notebook.cells)))
    return notebook


def _silently(client: NotebookClient, code: str) -> None:
    """Run code that is no cell: the page's own begin after it."""
    assert client.kc is not None
    kernel: Any = client.kc  # its type is that of a client that waits for all it does
    reply = run_sync(kernel.execute_interactive)(code, silent=True, timeout=_PATIENCE)
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))


def _seconds(cell: NotebookNode) -> float:
    """How long a cell was busy, by the kernel's own clock."""
    at = cell.metadata["execution"]
    busy, idle = at["iopub.status.busy"], at["iopub.status.idle"]
    return (datetime.fromisoformat(idle) - datetime.fromisoformat(busy)).total_seconds()
