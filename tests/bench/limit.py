"""The limit: the same cells, one after another, in one Python process on one warm SparkSession."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course import Course
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from streamdocs import page
from streamdocs.build import Build
from streamdocs.page import KERNEL, Page

_START = f"""import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})"""
_WARM = """import pyspark
from bench import between
between.warm()"""
_PATIENCE = 300
"""Seconds that a cell may take."""


@dataclass(frozen=True)
class Limit:
    """Seconds of each page's cells, of those of them with «:until:», and what they printed."""

    seconds: dict[str, float]
    until: dict[str, float]
    notebooks: dict[str, NotebookNode]

    @property
    def total(self) -> float:
        """The seconds of all cells."""
        return sum(self.seconds.values())

    @property
    def waiting(self) -> float:
        """Those of the cells with «:until:», part of which a page teaches."""
        return sum(self.until.values())


def run(course: Course, names: list[str]) -> Limit:
    """Run the pages called ``names``; what comes before their first cells is not counted."""
    notebooks = {name: course.read(name) for name in names}
    seconds, until = {}, {}
    first = new_notebook(cells=[new_code_cell(_START), new_code_cell(_WARM)])
    with Build(course.root / "examples", lambda event: None) as build:
        build.page = Page("", page.cells(_numbered(first)))
        client = NotebookClient(first, timeout=_PATIENCE, kernel_name=KERNEL, record_timing=True)
        with client.setup_kernel():
            for number, cell in enumerate(first.cells):
                client.execute_cell(cell, number)
            for name, notebook in notebooks.items():
                build.page = Page(name, page.cells(notebook))
                if build.page.uses_kafka:
                    build.start_kafka()
                home = build.new_home()
                environment = dict(build.environment(home))
                _silently(client, f"from bench import between; between.turn({environment!r})")
                client.nb = notebook
                took = {
                    number: _seconds(client.execute_cell(cell, number))
                    for number, cell in enumerate(notebook.cells)
                    if cell.cell_type == "code"
                }
                waits = [n for n in took if "until" in notebook.cells[n].metadata]
                seconds[name] = sum(took.values())
                until[name] = sum(took[number] for number in waits)
                build.end_page()
    return Limit(seconds, until, notebooks)


def _numbered(notebook: NotebookNode) -> NotebookNode:
    """A notebook that was not read from a page, with lines for its cells."""
    notebook.metadata["source_map"] = list(range(len(notebook.cells)))
    return notebook


def _silently(client: NotebookClient, code: str) -> None:
    """Run code that is no cell: the page's own begin after it."""
    assert client.kc is not None
    interactive: Any = client.kc.execute_interactive
    reply = run_sync(interactive)(code, silent=True, timeout=_PATIENCE)
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))


def _seconds(cell: NotebookNode) -> float:
    """How long a cell was busy, by the kernel's own clock."""
    at = cell.metadata["execution"]
    busy, idle = at["iopub.status.busy"], at["iopub.status.idle"]
    return (datetime.fromisoformat(idle) - datetime.fromisoformat(busy)).total_seconds()
