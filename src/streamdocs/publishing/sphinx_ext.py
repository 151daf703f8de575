"""The edge to Sphinx: what happens at which of its events."""

import os
import sys
from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import streamdocs
from streamdocs.checking import verdict
from streamdocs.course import page
from streamdocs.course.course import Course
from streamdocs.course.options import PageError
from streamdocs.course.page import Page
from streamdocs.errors import DiskFullError, means_full_disk
from streamdocs.publishing import (
    awaited,
    boxes,
    description,
    diagnose,
    incremental,
    lab,
    marks,
    measures,
    offline,
    player,
    question,
    releases,
    render,
    review,
    runs,
    search,
    stamp,
    takehome,
    upstream,
)
from streamdocs.publishing.book import twins
from streamdocs.publishing.book.epub import Book
from streamdocs.publishing.console import Console, explain_marked_rows
from streamdocs.publishing.incremental import NOTEBOOK, Memory
from streamdocs.publishing.lanes import Lane, heaviest_first, one_by_one
from streamdocs.publishing.verdicts import Judge, warn
from streamdocs.running import jvm, workspace
from streamdocs.running.build import Build
from streamdocs.running.progress import Reporter
from streamdocs.system import guard, programs

_PARENT = "STREAMDOCS_PARENT"
"""Environment variable with the PID of the process that a build ends with, if it has to."""

_SECONDS = "streamdocs_seconds"
"""The environment's attribute with the time that each page took in a lane."""


class _Site:
    """What the events of one Sphinx build share."""

    def __init__(self, app: Sphinx, course: Course, memory: Memory, judge: Judge) -> None:
        self.app = app
        self.course = course
        self.memory = memory
        self.judge = judge
        self.reporter = Reporter()
        self.lane = Lane()
        self.marks: dict[int, str] = {}
        self.while_reading = ExitStack()
        self.build = Build(course.examples, self.reporter.event, warm=app.config.streamdocs_warm)

    def before_reading(self, app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
        """Remember what is read; where several processes do it, none gets a long page last."""
        self.memory.reading = frozenset(names)
        upstream.read_whatever_is_there(env)
        if app.parallel > 1:
            names[:] = heaviest_first(map(self._page, names))
            self.while_reading.enter_context(one_by_one())

    def _page(self, name: str) -> Page:
        try:
            return self.course.page(name)
        except PageError:
            return Page(name, ())

    def source_read(self, _app: Sphinx, name: str, content: list[str]) -> None:
        """Say which page comes next, and on which examples it depends."""
        self.lane.enter(self.build.__exit__)
        notebook = page.read(content[0], str(self.course.examples))
        self.build.page = Page(name, page.cells(notebook))
        self.marks = page.marks(notebook)
        self.memory.forget(name, notebook)
        self.reporter.begin(self.build.page, alone=not self.lane.forked)
        self.memory.depends(self.build.page)

    def doctree_read(self, app: Sphinx, tree: nodes.document) -> None:
        """Dress the page's cells, now that they hold their outputs."""
        name = app.env.docname
        if not description.has_title(tree):
            warn(name, 1, "la página no tiene título: empieza con «# …»")
        elif name in self.judge.not_run:
            offline.say_not_executed(tree)
        measures.note(app.env, tree)
        runs.collect(render.cells(tree), app.env)
        console = Console()
        for cell in render.cells(tree):
            render.dress(cell, console)
        boxes.name(tree, f"/{app.config.streamdocs_examples}")
        boxes.pair(tree)
        awaited.say(tree)
        for line, text in render.fill_columns(tree, self.judge.has_run(name)):
            warn(name, line, text)
        explain_marked_rows(tree)
        marks.show(tree, self.marks)
        releases.say(app.env, tree, self.build.page, self.course.examples)
        for line, text in (*render.empty_matrices(tree), *player.fill(tree)):
            # A page that did not run to its end says so itself.
            if self.judge.has_run(name):
                warn(name, line, text)

    def sections_read(self, app: Sphinx, tree: nodes.document) -> None:
        """Keep what a search and an error's diagnosis ask of the page, as it is shown."""
        diagnose.collect(tree, app.env)
        search.collect(tree, app.env)

    def page_read(self, app: Sphinx, _tree: nodes.document) -> None:
        """A page has been read: tell so, and in a lane leave its time to the first process."""
        self.reporter.end()
        if self.lane.forked:
            setattr(app.env, _SECONDS, self.reporter.seconds)

    def merge(
        self, _app: Sphinx, _env: BuildEnvironment, _names: Iterable[str], other: BuildEnvironment
    ) -> None:
        """Take over what a lane has measured."""
        self.reporter.seconds |= getattr(other, _SECONDS, {})

    def env_updated(self, app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """Make what the pages share anew, check what was read, and say what to write again."""
        self.while_reading.close()
        upstream.copy_resources(app)
        changed = self.memory.changed(env)
        self.judge.check(env, self.memory.to_check(env, changed))
        known = diagnose.known(env)
        wrong = [*search.problems(env), *diagnose.doubtful(known), *lab.problems(env)]
        # What was not executed has printed nothing.
        if all(map(self.judge.has_run, env.found_docs)):
            wrong += diagnose.vain(known)
        for name, line, text in wrong:
            warn(name, line, text)
        return changed

    def page_context(
        self,
        app: Sphinx,
        name: str,
        _template: str,
        context: dict[str, Any],
        tree: nodes.document | None,
    ) -> None:
        """Tell the templates what the page says of itself, and where its notebook is."""
        if tree is not None:
            context["metatags"] += description.meta(tree)
            if self.judge.runs(name) and app.env.metadata[name].get(NOTEBOOK):
                context["notebook"] = f"{name}.ipynb"

    def build_finished(self, app: Sphinx, error: Exception | None) -> None:
        """End the build's processes, put the notebooks beside the pages, and keep the verdict."""
        self.build.__exit__()
        self.reporter.close()
        unwritten = None
        try:
            if app.builder.format == "html" and error is None:
                self._write_notebooks(Path(app.outdir))
                search.write(app)
                review.write(app)
                twins.write_list(app)
        except OSError as failed:
            unwritten = failed
        try:
            self.judge.end(error or unwritten)
        except OSError as failed:
            unwritten = unwritten or failed
        # Sphinx would report a crash of its own, with a log in /tmp.
        if means_full_disk(error) or means_full_disk(unwritten):
            sys.exit(str(DiskFullError(str(app.outdir))))
        if unwritten is not None:
            sys.exit(f"No he podido escribir todo el sitio: {unwritten}. Construye otra vez.")
        self.memory.keep(self.judge.green)

    def _write_notebooks(self, out: Path) -> None:
        for name, notebook in self.judge.notebooks.items():
            if not takehome.offered(page.cells(notebook)):
                continue
            file = out / f"{name}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            plain = takehome.notebook(notebook, partial(self._link, name))
            file.write_text(takehome.written(plain), "utf-8")

    def _link(self, name: str, target: str) -> str:
        """What a notebook says for a link without a text: the title of the page it leads to."""
        file = target.partition("#")[0]
        if not file:
            return "otro apartado de esta página"
        linked = (Path("/", name).parent / file).resolve()
        title = self.app.env.titles.get(str(linked.with_suffix("").relative_to("/")))
        return f"«{title.astext()}»" if title else "la página"


def _pack_examples(course: Course) -> None:
    """Have the zip that pages link; its time changes only when what it holds does."""
    file = course.docs / "_build" / "ejemplos.zip"
    content = takehome.archive(course.examples)
    if not file.exists() or file.read_bytes() != content:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)


def _begin(app: Sphinx) -> _Site:
    """Look at what there is, and have what pages need; SystemExit says what is missing."""
    course = _course(app)
    runs = app.config.nb_execution_mode != "off"
    lacking = programs.missing(["java", "nc"]) if runs else {}
    if lacking:
        # Any exception, Sphinx would report as a crash of its own, with a log in /tmp.
        sys.exit("\n".join(str(error) for error in lacking.values()))
    not_run = frozenset[str]()
    if runs:
        with workspace.training(jvm.SPARK_QUICK) if app.config.streamdocs_warm else nullcontext():
            not_run = offline.without_network(app, course)
    try:
        memory = Memory(app, course)
        judge = Judge(app, course, not_run)
        memory.prepare(runs)
        _pack_examples(course)
    except OSError as error:
        if means_full_disk(error):
            sys.exit(str(DiskFullError(str(app.outdir))))
        raise
    return _Site(app, course, memory, judge)


def _course(app: Sphinx) -> Course:
    examples, expected = app.config.streamdocs_examples, app.config.streamdocs_expected
    return Course(*(Path(app.srcdir, part).resolve() for part in (".", examples, expected)))


def _begin_book(app: Sphinx) -> None:
    """Have what fills the pages of the last build, of which nothing is run or judged again."""
    last = verdict.load(Path(app.doctreedir)) or verdict.Verdict("")
    judge = Judge(app, _course(app), frozenset(last.not_run), keeps=False)
    judge.wrong.update(last.wrong)
    _fill_late(app, judge, _course(app))
    app.connect("env-before-read-docs", _refuse)


def _refuse(_app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
    """End a book whose pages are not those of the last build."""
    if names:
        pages = ", ".join(names)
        sys.exit(f"Han cambiado {pages}: construye antes el sitio, con «uvx nox -s docs».")


def _fill_late(app: Sphinx, judge: Judge, course: Course) -> None:
    stamp.follow(app, judge)
    question.follow(app, judge, course)
    review.follow(app, judge)


def _builder_inited(app: Sphinx) -> None:
    if os.environ.get(_PARENT) == str(os.getppid()):
        guard.end_with(os.getppid())
    if app.builder.name == Book.name:
        _begin_book(app)
        return
    site = _begin(app)
    site.build.__enter__()
    _fill_late(app, site.judge, site.course)
    app.connect("env-before-read-docs", site.before_reading)
    app.connect("env-merge-info", site.merge)
    app.connect("env-get-outdated", site.memory.outdated)
    app.connect("env-purge-doc", site.memory.purge)
    app.connect("source-read", site.source_read)
    app.connect("doctree-read", site.doctree_read, priority=400)
    # After the transforms that give sections the anchors of their authors.
    app.connect("doctree-read", site.sections_read, priority=850)
    app.connect("doctree-read", site.page_read, priority=900)
    app.connect("env-updated", site.env_updated)
    # Before the theme, which drops the templates that would print nothing.
    app.connect("html-page-context", site.page_context, priority=400)
    app.connect("build-finished", site.build_finished)


def setup(app: Sphinx) -> dict[str, Any]:
    """Entry point of the extension."""
    app.add_config_value("streamdocs_examples", "../examples", "env", [str])
    app.add_config_value("streamdocs_expected", "../tests/expected", "", [str])
    app.add_config_value("streamdocs_strict", False, "", [bool])
    app.add_config_value("streamdocs_regen", False, "", [bool])
    app.add_config_value("streamdocs_warm", True, "", [bool])
    # After MyST-NB, whose own directive only tells that a notebook was not read as one.
    app.setup_extension("myst_nb")
    upstream.setup(app, warn)
    app.add_directive("sketch", render.Sketch)
    app.add_directive("quoted-output", render.QuotedOutput)
    app.add_directive("side-by-side", render.SideBySide)
    for part in (
        *("asides", "diagnose", "exercise_list", "from_site", "hints", "lab", "marks", "player"),
        *(
            "proof",
            "question",
            "releases",
            "review",
            "routes",
            "search",
            "stamp",
            "teaching",
            "terms",
        ),
        *("book.epub", "book.twins"),
    ):
        app.setup_extension(f"streamdocs.publishing.{part}")
    # Before MyST-NB, which copies its configuration at the same event.
    app.connect("builder-inited", _builder_inited, priority=100)
    return {
        "version": streamdocs.__version__,
        "env_version": incremental.version(),
        "parallel_read_safe": True,
    }
