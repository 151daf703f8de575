"""The course, read; copies of it to build and to edit, and what a build of them did."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from bench.pairs import Peak
from nbformat import NotebookNode

from streamdocs.checking import expected
from streamdocs.course import page
from streamdocs.course.page import Cell
from streamdocs.running import cache

ROOT = Path(__file__).parents[1]
SIX = (
    "hola/sql",
    "modos/ejercicio",
    "modos/salida",
    "nc/varios-clientes",
    "sinks/memoria",
    "ventanas/watermark",
)
"""Pages of several chapters, one of them without Spark."""

ALONE = ("-j", "1")
"""One page after another."""

PLAIN = ("-D", "streamdocs_warm=0", *ALONE)
"""A JVM a page, with no options of ours, one page after another."""

OFF = ("-D", "nb_execution_mode=off")
"""Sphinx with all its extensions, and no page executed."""


@dataclass(frozen=True)
class Built:
    """How long a build took, its greatest memory in bytes, and the pages that it executed."""

    seconds: float
    peak: int
    executed: frozenset[str]


@dataclass(frozen=True)
class Course:
    """A course in a folder of its own: docs/, examples/, src/ and what pages must print."""

    root: Path
    lanes: int = 1

    @classmethod
    def six(cls, folder: Path, lanes: int) -> Course:
        """A course of six pages, never built."""
        course = cls._without_pages(folder, lanes)
        for name in SIX:
            course.add(name, (ROOT / "docs" / f"{name}.md").read_text("utf-8"))
        course.contents()
        return course

    @classmethod
    def whole(cls, folder: Path, lanes: int) -> Course:
        """The whole course, with the pages that its last build executed."""
        course = cls._without_pages(folder, lanes)
        for file in (ROOT / "docs").rglob("*.md"):
            if "_build" not in file.parts:
                course.add(_name(ROOT / "docs", file), file.read_text("utf-8"))
        shutil.copytree(ROOT / "docs/_build/jupyter-cache", folder / "docs/_build/jupyter-cache")
        return course

    @classmethod
    def _without_pages(cls, folder: Path, lanes: int) -> Course:
        ignored = shutil.ignore_patterns("_build", "*.md", "__pycache__")
        for part in ("docs", "examples", "src", "tests/expected"):
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        for part in ("requirements.lock", "LICENSE"):
            shutil.copy(ROOT / part, folder)
        return cls(folder, lanes)

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / "docs"

    def names(self) -> list[str]:
        """The names of the pages."""
        return sorted(
            _name(self.docs, f) for f in self.docs.rglob("*.md") if "_build" not in f.parts
        )

    def with_cells(self) -> list[str]:
        """The names of the pages with something to execute."""
        return [name for name in self.names() if self.cells(name)]

    def add(self, name: str, text: str) -> None:
        """Write a page."""
        file = self.docs / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def contents(self) -> None:
        """Put every page into the table of contents of a front page."""
        names = "\n".join(name for name in self.names() if name != "index")
        self.add("index", f"# Unas páginas\n\n```{{toctree}}\n{names}\n```\n")

    def double(self) -> None:
        """Have each page twice: the cache would know a mere copy, so its first cell says which."""
        for name in SIX:
            text = (self.docs / f"{name}.md").read_text("utf-8")
            self.add(f"{name}-2", text.replace("```{code-cell}\n", "```{code-cell}\n:copy: 2\n", 1))
            shutil.copy(self._expected(name), self._expected(f"{name}-2"))
        self.contents()

    def append(self, file: str, text: str) -> None:
        """Add ``text`` to the end of a file of the course."""
        with (self.root / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, in a file of the course."""
        path = self.root / file
        text = path.read_text("utf-8")
        if old not in text:
            raise LookupError(f"{file} ya no dice «{old}»: cambia tests/bench.")
        path.write_text(text.replace(old, new, 1), "utf-8")

    def using(self, example: str) -> frozenset[str]:
        """The pages that depend on ``example``."""
        pages = {name: page.Page(name, self.cells(name)) for name in self.names()}
        return frozenset(name for name, its in pages.items() if example in its.reach)

    def clean(self) -> None:
        """Forget all builds."""
        shutil.rmtree(self.docs / "_build", ignore_errors=True)

    def build(self, *options: str, folder: str = "html", watched: bool = False) -> Built:
        """Build the course as «nox -s docs» does, with ``options``, into a folder below _build."""
        doctrees = f"docs/_build/doctrees-{folder}"
        command = [sys.executable, "-m", "sphinx", "-q", "-j", str(self.lanes)]
        with subprocess.Popen(
            [*command, *options, "-d", doctrees, "docs", f"docs/_build/{folder}"],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ) | {"STREAMDOCS_PARENT": str(os.getpid())},
        ) as running:
            started = time.monotonic()
            peak = Peak(running.pid)
            with peak.watched() if watched else nullcontext():
                out, err = running.communicate(timeout=_PATIENCE)
            seconds = time.monotonic() - started
        if running.returncode:
            raise RuntimeError(f"La construcción ha fallado:\n{err}")
        return Built(seconds, peak.bytes, executed(out))

    def differences(self, notebooks: dict[str, NotebookNode] | None = None) -> list[str]:
        """What pages printed otherwise than they must, in ``notebooks`` or in the last build."""
        found = []
        if notebooks is None:
            notebooks = {name: self.executed(name) for name in self.with_cells()}
        for name, ran in notebooks.items():
            problems = expected.check(ran, self._expected(name))
            found += [f"{name}:{problem.line}: {problem.text}" for problem in problems]
        return found

    def read(self, name: str) -> NotebookNode:
        """A page's notebook, not executed."""
        text = (self.docs / f"{name}.md").read_text("utf-8")
        return page.read(text, str(self.root / "examples"))

    def cells(self, name: str) -> tuple[Cell, ...]:
        """The code cells of a page, with their options."""
        return page.cells(self.read(name))

    def executed(self, name: str) -> NotebookNode:
        """A page's notebook with the outputs of the last build."""
        folder = cache.folder(self.docs / "_build" / "jupyter-cache")
        assert folder.exists(), "construye antes el curso con «nox -s docs»"
        written = self.docs / "_build" / "jupyter_execute" / f"{name}.ipynb"
        return cache.executed(self.read(name), folder, written)

    def _expected(self, name: str) -> Path:
        return self.root / "tests" / "expected" / f"{name}.txt"


def executed(out: str) -> frozenset[str]:
    """The pages that a kernel ran, by what a build printed."""
    return frozenset(re.findall(r"^(\S+): \d+ celdas, [\d.]+ s$", out, re.MULTILINE))


_PATIENCE = 3000
"""Seconds after which a build is given up."""


def _name(docs: Path, file: Path) -> str:
    return file.relative_to(docs).with_suffix("").as_posix()
