"""Judge a build: what its pages printed, and all that Sphinx said, kept for who comes after."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from streamdocs.checking import expected, verdict
from streamdocs.checking.verdict import Verdict
from streamdocs.course import page
from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.publishing import upstream
from streamdocs.running import cache

_logger = logging.getLogger(__name__)


def warn(name: str, line: int | None, text: str) -> None:
    """Say that something is wrong with a page."""
    place = name if line is None else (name, line)
    _logger.warning("%s", text, location=place, type="streamdocs", subtype="page")


class Judge:
    """Hears every warning of a build, checks its pages, and keeps the verdict."""

    def __init__(
        self, app: Sphinx, course: Course, not_run: frozenset[str], keeps: bool = True
    ) -> None:
        """Begin to listen; until ``end``, the verdict is that the build has not ended.

        What ``keeps`` no verdict writes only again what was judged.
        """
        self._app = app
        self._course = course
        self._keeps = keeps
        self._runs = app.config.nb_execution_mode != "off"
        self._said: list[str] = []
        self.accepts: bool = app.config.streamdocs_regen
        """Whether what pages print is accepted, and not compared."""
        self.wrong: set[str] = set()
        """The pages whose text or outputs are not as they must be."""
        self.not_run = not_run
        self.notebooks: dict[str, NotebookNode] = {}
        """The pages that were checked, as they were executed, by name."""
        last = verdict.load(Path(app.doctreedir))
        self._before = last.wrong if last else ()
        self._save(finished=False)
        self._ear = upstream.Ear(app, self._said.append)

    def has_run(self, name: str) -> bool:
        """Whether the page ran to its end, in this build or before."""
        return self.runs(name) and upstream.ran_to_its_end(self._app.env, name)

    def runs(self, name: str) -> bool:
        """Whether this build executes the page, or would had it changed."""
        return self._runs and name not in self.not_run

    def check(self, env: BuildEnvironment, names: Iterable[str]) -> None:
        """Check pages: their text, and what they printed."""
        for name in sorted(env.found_docs.intersection(names)):
            try:
                notebook = self._course.read(name)
            except PageError as error:
                warn(name, None, str(error))
                continue
            problems = page.problems(notebook)
            if self.runs(name) and page.cells(notebook):
                problems = self._check_outputs(env, name, notebook)
            for problem in problems:
                self.wrong.add(name)
                warn(name, problem.line, problem.text)

    def _check_outputs(
        self, env: BuildEnvironment, name: str, notebook: NotebookNode
    ) -> list[page.Problem]:
        pages = Path(self._app.config.nb_execution_cache_path)
        ran = cache.executed(notebook, pages, upstream.written_notebook(env, name))
        self.notebooks[name] = ran
        check = expected.accept if self.accepts else expected.check
        return check(ran, self._course.wanted(name), finished=self.has_run(name))

    def end(self, error: Exception | None) -> None:
        """Stop listening, and keep the verdict; ``error`` is what ended the build too soon."""
        self._ear.end()
        if error is not None:
            self._said.append(f"{type(error).__name__}: {error}")
        self._save(finished=error is None)

    @property
    def green(self) -> bool:
        """Whether nothing was said, and everything was executed."""
        return not (self._said or self.not_run)

    def _save(self, *, finished: bool) -> None:
        if not self._keeps:
            return
        make = partial(Verdict, str(self._app.config.nb_execution_cache_path), finished)
        # Those of the last build are to run again, until it is known which they are.
        wrong = self.wrong if finished else self.wrong.union(self._before)
        some = (self._said, sorted(wrong), sorted(self.not_run))
        make(*map(tuple, some)).save(Path(self._app.doctreedir))
