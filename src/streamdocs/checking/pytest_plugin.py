"""The edge to pytest: cells of built pages and transcripts of examples become tests."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest

from streamdocs.checking import expected, transcript, verdict
from streamdocs.course import examples, needs, page
from streamdocs.course.course import Course
from streamdocs.course.page import Problem
from streamdocs.running import cache
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

_BUILD = pytest.StashKey[Build]()
_NOT_BUILT = "El sitio no está construido: ejecuta «nox -s docs»."


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the course is."""
    parser.addini("streamdocs_docs", "folder of the pages", "string", "docs")
    parser.addini("streamdocs_examples", "folder of the examples", "string", "examples")
    parser.addini("streamdocs_expected", "what pages print", "string", "tests/expected")
    parser.addini("streamdocs_doctrees", "folder of the doctrees", "string", "docs/_build/doctrees")
    parser.addini("streamdocs_submit", "examples to launch with spark-submit, too", "args", [])
    parser.addini("streamdocs_full", "examples that take too long for every push", "args", [])


def _folder(config: pytest.Config, name: str) -> Path:
    return config.rootpath / str(config.getini(f"streamdocs_{name}"))


def _course(config: pytest.Config) -> Course:
    return Course(*(_folder(config, part) for part in ("docs", "examples", "expected")))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect the site (by its configuration), the pages and the examples."""
    course = _course(parent.config)
    folders = file_path.parents
    if file_path == course.docs / "conf.py":
        return SiteFile.from_parent(parent, path=file_path)
    if file_path.suffix == ".md" and course.docs in folders:
        return PageFile.from_parent(parent, path=file_path)
    # An exercise is incomplete, and its solution is tested by the exercise's own check.
    exercise = course.examples / "ejercicios" in folders
    if file_path.suffix == ".py" and _is_example(course, file_path) and not exercise:
        return ExampleFile.from_parent(parent, path=file_path)
    return None


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Keep pytest from importing an example that is named on its command line."""
    if _is_example(_course(parent.config), module_path):
        return _NoModule.from_parent(parent, path=module_path)
    return None


def _is_example(course: Course, file: Path) -> bool:
    """Where there is no course, a folder of that name is a reader's own, and so are its tests."""
    return course.docs.is_dir() and course.examples in file.parents


class _NoModule(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        return iter(())


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End what transcripts started, unless another follows: a test may have a build of its own."""
    build = item.config.stash.get(_BUILD, None)
    if build is not None and not isinstance(nextitem, TranscriptItem):
        del item.config.stash[_BUILD]
        build.__exit__()


class SiteFile(pytest.File):
    """The site, as its last build left it."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each thing that the build said; one that passes, if it said nothing."""
        built = verdict.load(_folder(self.config, "doctrees"))
        said = built.problems if built else (_NOT_BUILT,)
        for number, problem in enumerate(said):
            first = problem.split("\n", 1)[0]
            name = f"{number} {first}"
            yield ProblemsItem.from_parent(self, name=name, problems=partial(list, [problem]))
        if not said:
            yield ProblemsItem.from_parent(self, name="en verde", problems=list)


class PageFile(pytest.File):
    """A page, as the last build left it; nothing is executed again."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a cell, and one for the page as a whole."""
        course = _course(self.config)
        self.page = course.name(self.path)
        self.notebook = course.read(self.page)
        headings = {cell.line: cell.heading for cell in page.cells(self.notebook)}
        if headings:
            whole = partial(self._texts, lambda line: line not in headings)
            yield ProblemsItem.from_parent(self, name="página", problems=whole)
        for line, heading in headings.items():
            found = partial(self._texts, line.__eq__)
            name = f"{line} {heading}"
            yield ProblemsItem.from_parent(self, name=name, line=line, problems=found)

    def _texts(self, at: Callable[[int], bool]) -> list[str]:
        """What is wrong at the lines that ``at`` chooses, each with its place."""
        where = self.path.relative_to(self.config.rootpath)
        found = (problem for problem in self.problems if at(problem.line))
        return [f"{where}:{problem.line}: {problem.text}" for problem in found]

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with the page, looked up once for all its tests."""
        built = verdict.load(_folder(self.config, "doctrees"))
        if built is None:
            pytest.fail(_NOT_BUILT, pytrace=False)
        course = _course(self.config)
        written = course.docs / "_build" / "jupyter_execute" / f"{self.page}.ipynb"
        ran = cache.executed(self.notebook, Path(built.cache), written)
        return expected.check(ran, course.wanted(self.page))


class ProblemsItem(pytest.Item):
    """Something that has no problems, or fails with them: the site, a page, a cell of one."""

    def __init__(
        self, *, problems: Callable[[], Sequence[str]], line: int = 0, **kwargs: Any
    ) -> None:
        """``problems`` finds them when the test runs; ``line`` is that of the cell, from 1."""
        super().__init__(**kwargs)
        self.problems = problems
        self.line = line

    def runtest(self) -> None:
        """Fail with what is wrong."""
        found = self.problems()
        if found:
            pytest.fail("\n".join(found), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name it by its place."""
        where = self.path.relative_to(self.config.rootpath)
        return self.path, max(self.line - 1, 0), f"{where}:{self.name}"


class ExampleFile(pytest.File):
    """An example with a transcript."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a way to launch it."""
        name = self.path.relative_to(_course(self.config).examples).as_posix()
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
        text = examples.docstring(self.path)
        blocks = transcript.parse(text.replace("$ python examples/", f"$ {self.name} examples/"))
        if not blocks:
            pytest.fail(f"{self.path} no tiene transcripción en su docstring.", pytrace=False)
        build = self._build()
        if needs.kafka([text]):
            build.start_kafka()
        home = build.workspace.new_home()
        env = build.workspace.environment(home)
        try:
            user = needs.user(text)
            transcript.replay(blocks, lambda name: Terminal(name, home.path, env, user))
        except transcript.TranscriptError as error:
            pytest.fail(f"{self.path}: {error}", pytrace=False)
        finally:
            build.workspace.end(home)

    def _build(self) -> Build:
        if _BUILD not in self.config.stash:
            build = Build(_course(self.config).examples, lambda event: None)
            self.config.stash[_BUILD] = build.__enter__()
            build.open()
        return self.config.stash[_BUILD]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the example and how it is launched."""
        return self.path, 0, f"{self.path.relative_to(self.config.rootpath)} [{self.name}]"
