"""The edge to pytest: cells of built pages and transcripts of examples become tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

from streamdocs.checking import expected, transcript
from streamdocs.course import examples, page
from streamdocs.running import cache
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

_BUILD = pytest.StashKey[Build]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the course is."""
    parser.addini("streamdocs_docs", "folder of the pages", "string", "docs")
    parser.addini("streamdocs_examples", "folder of the examples", "string", "examples")
    parser.addini("streamdocs_expected", "what pages print", "string", "tests/expected")
    parser.addini("streamdocs_submit", "examples to launch with spark-submit, too", "args", [])
    parser.addini("streamdocs_full", "examples that take too long for every push", "args", [])
    parser.addini("streamdocs_extensions", "myst_enable_extensions of the site", "args", [])


def _folder(config: pytest.Config, name: str) -> Path:
    return config.rootpath / str(config.getini(f"streamdocs_{name}"))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the pages and the examples."""
    config = parent.config
    if file_path.suffix == ".md" and _folder(config, "docs") in file_path.parents:
        return PageFile.from_parent(parent, path=file_path)
    folders = file_path.parents
    examples_ = _folder(config, "examples")
    # An exercise is incomplete, and its solution is tested by the exercise's own check.
    exercise = examples_ / "ejercicios" in folders
    if file_path.suffix == ".py" and examples_ in folders and not exercise:
        return ExampleFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Keep pytest from importing an example that is named on its command line."""
    if _folder(parent.config, "examples") in module_path.parents:
        return _NoModule.from_parent(parent, path=module_path)
    return None


class _NoModule(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        return iter(())


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what the transcripts started."""
    build = config.stash.get(_BUILD, None)
    if build is not None:
        build.__exit__()


class PageFile(pytest.File):
    """A page, as the last build left it; nothing is executed again."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a cell."""
        folder = _folder(self.config, "examples")
        extensions = self.config.getini("streamdocs_extensions")
        notebook = page.read(self.path.read_text("utf-8"), str(folder), extensions)
        name = self.path.relative_to(_folder(self.config, "docs")).with_suffix("").as_posix()
        for cell in page.cells(notebook):
            yield CellItem.from_parent(self, name=f"{cell.line} {cell.heading}", line=cell.line)
        self.notebook, self.page = notebook, name

    @cached_property
    def problems(self) -> list[expected.Problem]:
        """What is wrong with the page, looked up once for all its cells."""
        built = _folder(self.config, "docs") / "_build"
        folders = list((built / "jupyter-cache").glob("*"))
        if not folders:
            pytest.fail("Las páginas no están construidas: ejecuta «nox -s docs».", pytrace=False)
        written = built / "jupyter_execute" / f"{self.page}.ipynb"
        ran = cache.executed(self.notebook, folders[0], written)
        return expected.check(ran, _folder(self.config, "expected") / f"{self.page}.txt")


class CellItem(pytest.Item):
    """A cell of a page, against what is expected of it."""

    parent: PageFile

    def __init__(self, *, line: int, **kwargs: object) -> None:
        """``line`` is that of the cell's fence, from 1."""
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.line = line

    def runtest(self) -> None:
        """Fail with the problem that begins in this cell, if any."""
        for problem in self.parent.problems:
            if problem.line == self.line:
                pytest.fail(f"{self._where()}: {problem.text}", pytrace=False)

    def _where(self) -> str:
        return f"{self.path.relative_to(self.config.rootpath)}:{self.line}"

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the cell by its place in the page."""
        return self.path, self.line - 1, self._where()


class ExampleFile(pytest.File):
    """An example with a transcript."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a way to launch it."""
        name = self.path.relative_to(_folder(self.config, "examples")).as_posix()
        python = TranscriptItem.from_parent(self, name="python")
        if name in self.config.getini("streamdocs_full"):
            python.add_marker("full")
        yield python
        if name in self.config.getini("streamdocs_submit"):
            yield TranscriptItem.from_parent(self, name="spark-submit")


class TranscriptItem(pytest.Item):
    """The transcript of an example, replayed against real programs."""

    def runtest(self) -> None:
        """Replay it with the launcher that the test is named by."""
        blocks = transcript.parse(examples.docstring(self.path))
        if not blocks:
            pytest.fail(f"{self.path} no tiene transcripción en su docstring.", pytrace=False)
        launched = [
            transcript.Block(
                block.terminal,
                tuple(
                    line.replace("python examples/", f"{self.name} examples/")
                    for line in block.lines
                ),
            )
            for block in blocks
        ]
        build = self._build()
        if page.needs_kafka([examples.docstring(self.path)]):
            build.start_kafka()
        home = build.new_home()
        env = build.environment(home)
        try:
            transcript.replay(launched, lambda name: Terminal(name, home.path, env))
        except transcript.TranscriptError as error:
            pytest.fail(f"{self.path}: {error}", pytrace=False)
        finally:
            build.end(home)

    def _build(self) -> Build:
        if _BUILD not in self.config.stash:
            build = Build(_folder(self.config, "examples"), lambda event: None)
            self.config.stash[_BUILD] = build.__enter__()
            build.open()
        return self.config.stash[_BUILD]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the example and how it is launched."""
        return self.path, 0, f"{self.path.relative_to(self.config.rootpath)} [{self.name}]"
