"""The course, read; copies of it to build and to edit."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from nbformat import NotebookNode
from sites import ROOT, Site

from streamdocs.checking import expected
from streamdocs.course import page
from streamdocs.course.page import Cell
from streamdocs.running import cache

__all__ = ["ALONE", "OFF", "PLAIN", "ROOT", "SIX", "Course", "imported"]

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


def imported(script: Path) -> ModuleType:
    """An example's functions; what it does as a program is not done."""
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Course(Site):
    """A course in a folder of its own: docs/, examples/, src/ and what pages must print."""

    lanes: int = 1

    patience: ClassVar[int] = 3000

    @classmethod
    def six(cls, folder: Path, lanes: int) -> Course:
        """A course of six pages, never built."""
        course = cls._without_pages(folder, lanes)
        for name in SIX:
            course.write(name, (ROOT / "docs" / f"{name}.md").read_text("utf-8"))
        course.contents()
        return course

    @classmethod
    def whole(cls, folder: Path, lanes: int) -> Course:
        """The whole course, with the pages that its last build executed."""
        course = cls._without_pages(folder, lanes)
        for name in Course(ROOT).names():
            course.write(name, (ROOT / "docs" / f"{name}.md").read_text("utf-8"))
        shutil.copytree(ROOT / "docs/_build/jupyter-cache", folder / "docs/_build/jupyter-cache")
        return course

    @classmethod
    def _without_pages(cls, folder: Path, lanes: int) -> Course:
        ignored = shutil.ignore_patterns("_build", "*.md", "__pycache__")
        for part in ("docs", "examples", "src", "tests/expected", "tests/model"):
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        for part in ("requirements.lock", "LICENSE"):
            shutil.copy(ROOT / part, folder)
        return cls(folder, lanes=lanes)

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        return self.root / "docs"

    def with_cells(self) -> list[str]:
        """The names of the pages with something to execute."""
        return [name for name in self.names() if self.cells(name)]

    def double(self) -> None:
        """Have each page twice: the cache would know a mere copy, so its first cell says which."""
        for name in SIX:
            text = (self.docs / f"{name}.md").read_text("utf-8")
            self.write(
                f"{name}-2",
                text.replace("```{code-cell}\n", "```{code-cell}\n:label: dos\n", 1),
            )
            shutil.copy(self.wanted(name), self.wanted(f"{name}-2"))
        self.contents()

    def using(self, example: str) -> Set[str]:
        """The pages that depend on ``example``."""
        pages = {name: page.Page(name, self.cells(name)) for name in self.names()}
        return frozenset(name for name, its in pages.items() if example in its.reach)

    def _arguments(self, folder: str) -> list[str]:
        """As «nox -s docs» does."""
        doctrees = f"docs/_build/doctrees-{folder}"
        return ["-j", str(self.lanes), "-d", doctrees, "docs", f"docs/_build/{folder}"]

    def differences(self, notebooks: dict[str, NotebookNode] | None = None) -> list[str]:
        """What pages printed otherwise than they must, in ``notebooks`` or in the last build."""
        found = []
        if notebooks is None:
            notebooks = {name: self.executed(name) for name in self.with_cells()}
        for name, ran in notebooks.items():
            problems = expected.check(ran, self.wanted(name))
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

    def wanted(self, name: str) -> Path:
        """The file with what a page must print."""
        return self.root / "tests" / "expected" / f"{name}.txt"
