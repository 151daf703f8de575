"""The edge to Sphinx: pages run in a build of ours, and what they print is compared."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from copy import deepcopy
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.core.read import UnexpectedCellDirective
from myst_nb.sphinx_ import HideCodeCellNode, NbMetadataCollector, depart_HideCellInput
from myst_nb.sphinx_ext import add_global_html_resources
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

import streamdocs
from streamdocs.checking import expected
from streamdocs.course import page
from streamdocs.course.page import Page
from streamdocs.errors import DiskFullError, means_full_disk
from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError
from streamdocs.publishing import description, player, render, takehome
from streamdocs.publishing.lanes import Lane, heaviest_first, one_by_one
from streamdocs.running import cache
from streamdocs.running.build import Build
from streamdocs.running.progress import Reporter
from streamdocs.system import guard, programs

_RED = "streamdocs-red"
"""A file beside the doctrees while a build runs, and after it unless it was green.

Nothing is taken for good of a build that failed, or that was killed. It names the pages that
printed something else than they should: what made them may be over, so they run again.
"""

_SHOWN = "streamdocs_shown"
"""The environment's attribute with what the pages of the last build showed of each other."""

_SECONDS = "streamdocs_seconds"
"""The environment's attribute with the time that each page took in a lane."""

_CELLS = "streamdocs_cells"
"""The page's metadata that tells whether it has code cells."""

logger = logging.getLogger(__name__)


class _Site:
    """What the events of one Sphinx build share."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.examples = Path(app.confdir, app.config.streamdocs_examples).resolve()
        self.expected = Path(app.confdir, app.config.streamdocs_expected).resolve()
        self.runs = app.config.nb_execution_mode != "off"
        self.red = Path(app.doctreedir, _RED)
        self.was_red = self.red.exists()
        self.again = set(self.red.read_text("utf-8").split()) if self.was_red else set()
        self.wrong: set[str] = set()
        self.reporter = Reporter()
        self.lane = Lane()
        self.while_reading = ExitStack()
        self.build = Build(self.examples, self.reporter.event, warm=app.config.streamdocs_warm)
        self.without_kafka: set[str] = set()
        self.reading: set[str] = set()
        self.notebooks: dict[str, NotebookNode] = {}
        # The same page is looked at several times in a build, and nothing changes what was read.
        self._read = lru_cache(maxsize=None)(self._read_page)

    def prepare(self) -> None:
        """Have a cache of pages, and nothing that a build that was cut short left half-written."""
        pages = Path(self.app.config.nb_execution_cache_path)
        if self.was_red:
            cache.mend(pages)
            out = Path(self.app.outdir)
            (out / ".buildinfo").unlink(missing_ok=True)
            shutil.rmtree(out / "_static", ignore_errors=True)
        if self.runs:
            cache.create(pages)

    def pack_examples(self) -> None:
        """Have the zip that pages link; its time changes only when what it holds does."""
        file = Path(self.app.srcdir, "_build", "ejemplos.zip")
        content = takehome.archive(self.examples)
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)

    def look_for_kafka(self) -> None:
        """Have the jars that pages need, or leave those pages unexecuted and say so.

        With ``CI=true`` or ``streamdocs_strict``, a page that cannot be executed is an error.
        """
        docs = Path(self.app.srcdir)
        config = self.app.config
        names = self.app.project.discover(config.exclude_patterns, config.include_patterns)
        signs = page.signs_of_kafka(self.examples)
        pages = [name for name in sorted(names) if self._needs_kafka(docs / f"{name}.md", signs)]
        try:
            if pages:
                jars.jars()
                jars.connector()
        except KafkaError as error:
            if config.streamdocs_strict or os.environ.get("CI") == "true":
                sys.exit(str(error))
            self.without_kafka = set(pages)
            config.nb_execution_excludepatterns = [str(docs / f"{name}.md") for name in pages]
            print(f"{error} Quedan sin ejecutar: {', '.join(pages)}.")

    def _needs_kafka(self, file: Path, signs: Sequence[str]) -> bool:
        text = file.read_text("utf-8")
        # Most have none, and reading a page takes a tenth of a second.
        if not any(sign in text for sign in signs):
            return False
        return page.needs_kafka(cell.source for cell in page.cells(self._read(text)))

    def order(self, app: Sphinx, _env: BuildEnvironment, names: list[str]) -> None:
        """Remember what is read; where several processes do it, none gets a long page last."""
        self.reading = set(names)
        if app.parallel > 1:
            texts = {name: Path(app.env.doc2path(name)).read_text("utf-8") for name in names}
            pages = [Page(name, page.cells(self._read(text))) for name, text in texts.items()]
            names[:] = heaviest_first(pages)
            self.while_reading.enter_context(one_by_one())

    def outdated(self, _app: Sphinx, env: BuildEnvironment, *_: set[str]) -> Sequence[str]:
        """After a red build read every page again, or its warnings would be forgotten."""
        return sorted(env.found_docs) if self.was_red else []

    def source_read(self, app: Sphinx, name: str, content: list[str]) -> None:
        """Say which page comes next, and on which examples it depends."""
        self.lane.enter(self.build.__exit__)
        notebook = self._read(content[0])
        self.build.page = Page(name, page.cells(notebook))
        if name in self.again and not app.config.streamdocs_regen:
            cache.forget(notebook, Path(app.config.nb_execution_cache_path))
        self.reporter.begin(self.build.page, alone=not self.lane.forked)
        for file in page.files(self.build.page):
            app.env.note_dependency(str(self.examples / file))
        if self.build.page.cells:
            app.env.note_dependency(str(self.expected / f"{name}.txt"))

    def doctree_read(self, app: Sphinx, tree: nodes.document) -> None:
        """Dress the page's cells, now that they hold their outputs."""
        app.env.metadata[app.env.docname][_CELLS] = bool(self.build.page.cells)
        if app.env.docname in self.without_kafka:
            render.say_not_executed(tree)
        for cell in render.cells(tree):
            render.dress(cell, f"/{app.config.streamdocs_examples}")
        for line, label in render.fill_columns(tree):
            _warn(app.env.docname, line, f"ninguna celda tiene «:label: {label}»")
        for line, text in player.fill(tree):
            # A page that did not run to its end says so itself.
            if self._has_run(app.env, app.env.docname):
                _warn(app.env.docname, line, text)

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

    def _has_run(self, env: BuildEnvironment, name: str) -> bool:
        """Whether the page ran to its end, in this build or before."""
        run = NbMetadataCollector.get_exec_data(env, name)
        executed = self.runs and name not in self.without_kafka
        return executed and (run is None or run["succeeded"])

    def purge(self, app: Sphinx, env: BuildEnvironment, name: str) -> None:
        """Remove what an earlier build published of a page that is no longer there."""
        if name not in env.found_docs and app.builder.format == "html":
            sources = Path("_sources", f"{name}{Path(env.doc2path(name)).suffix}.txt")
            for gone in (f"{name}.html", f"{name}.ipynb", sources):
                Path(app.outdir, gone).unlink(missing_ok=True)

    def env_updated(self, app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """Make what the pages share anew, check what was read, and say what to write again."""
        self.while_reading.close()
        # MyST-NB copies its style sheet when a build is over: without this, the pages of a first
        # build would lack the checksum in its address that those of a second one have.
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)
        # Every page shows the titles of the others, in the order of the tables of contents.
        shown = ({name: title.astext() for name, title in env.titles.items()}, env.toctree_includes)
        before = getattr(env, _SHOWN, None)
        setattr(env, _SHOWN, deepcopy(shown))
        changed = set() if shown == before else env.found_docs
        if self.runs:
            lacking = {
                name for name in env.found_docs if not Path(app.outdir, f"{name}.ipynb").exists()
            }
            self._check(app, env, self.reading | changed | lacking)
        return changed

    def _offers_notebook(self, name: str) -> bool:
        """Whether the page has cells that this build runs, or would run had they changed."""
        cells = self.app.env.metadata[name].get(_CELLS, False)
        return cells and self.runs and name not in self.without_kafka

    def _check(self, app: Sphinx, env: BuildEnvironment, names: Iterable[str]) -> None:
        """Check pages; after a green build, those that are not read again are as good as then."""
        for name in sorted(filter(self._offers_notebook, env.found_docs.intersection(names))):
            notebook = self._read(Path(env.doc2path(name)).read_text("utf-8"))
            written = Path(env.mystnb_config.output_folder, f"{name}.ipynb")  # type: ignore[attr-defined]
            notebook = cache.executed(notebook, Path(app.config.nb_execution_cache_path), written)
            file = self.expected / f"{name}.txt"
            self.notebooks[name] = notebook
            check = expected.accept if app.config.streamdocs_regen else expected.check
            for problem in check(notebook, file, finished=self._has_run(env, name)):
                self.wrong.add(name)
                _warn(name, problem.line, problem.text)

    def page_context(
        self,
        _app: Sphinx,
        name: str,
        _template: str,
        context: dict[str, Any],
        tree: nodes.document | None,
    ) -> None:
        """Tell the templates what the page says of itself, and where its notebook is."""
        if tree is not None:
            context["metatags"] += description.meta(tree)
            if self._offers_notebook(name):
                context["notebook"] = f"{name}.ipynb"

    def write_notebooks(self, app: Sphinx, _error: Exception | None) -> None:
        """Put every page's notebook beside the page, under the same name."""
        for name, notebook in self.notebooks.items() if app.builder.format == "html" else ():
            plain = takehome.notebook(notebook, partial(self._link, name))
            file = Path(app.outdir, f"{name}.ipynb")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(takehome.written(plain), "utf-8")

    def _link(self, name: str, target: str) -> str:
        """What a notebook says for a link without a text: the title of the page it leads to."""
        file = target.partition("#")[0]
        if not file:
            return "otro apartado de esta página"
        linked = (Path("/", name).parent / file).resolve()
        title = self.app.env.titles.get(str(linked.with_suffix("").relative_to("/")))
        return f"«{title.astext()}»" if title else "la página"

    def build_finished(self, app: Sphinx, error: Exception | None) -> None:
        """End the build's processes, and remember whether it was red."""
        self.build.__exit__()
        self.reporter.close()
        if means_full_disk(error):
            # Sphinx would report a crash of its own, with a log in /tmp.
            sys.exit(str(DiskFullError(str(app.outdir))))
        # Sphinx turns its count of warnings into an exit code only after this event.
        if not (error or app._warncount or self.without_kafka):
            self.red.unlink(missing_ok=True)
        elif self.wrong:
            self.red.write_text("\n".join(sorted(self.wrong)), "utf-8")

    def _read_page(self, text: str) -> NotebookNode:
        extensions = self.app.config.myst_enable_extensions
        return page.read(text, str(self.examples), extensions)


class _NestedCell(UnexpectedCellDirective):
    """A cell inside another block, which is no cell of the notebook and never runs."""

    def run(self) -> list[nodes.Node]:
        """Say so, at its line."""
        text = (
            "una celda dentro de otro bloque no se ejecuta: sácala de él, y si quieres enseñar su "
            "salida en otro sitio, ponle «:label:» y usa «side-by-side»"
        )
        # MyST numbers a directive from its first line of content: the fence is one above.
        _warn(self.state.document.settings.env.docname, self.lineno - 1, text)
        return []


def _warn(name: str, line: int, text: str) -> None:
    logger.warning("%s", text, location=(name, line), type="streamdocs", subtype="page")


def _builder_inited(app: Sphinx) -> None:
    if os.environ.get(guard.PARENT) == str(os.getppid()):
        guard.end_with(os.getppid())
    site = _Site(app)
    if site.runs:
        lacking = programs.missing(["java", "nc"])
        if lacking:
            # Any exception, Sphinx would report as a crash of its own, with a log in /tmp.
            sys.exit("\n".join(str(error) for error in lacking.values()))
        site.look_for_kafka()
    try:
        site.red.touch()
        site.prepare()
        site.pack_examples()
    except OSError as error:
        if means_full_disk(error):
            sys.exit(str(DiskFullError(str(app.outdir))))
        raise
    site.build.__enter__()
    app.connect("env-before-read-docs", site.order)
    app.connect("env-merge-info", site.merge)
    app.connect("env-get-outdated", site.outdated)
    app.connect("env-purge-doc", site.purge)
    app.connect("source-read", site.source_read)
    app.connect("doctree-read", site.doctree_read, priority=400)
    app.connect("doctree-read", site.page_read, priority=900)
    app.connect("env-updated", site.env_updated)
    # Before the theme, which drops the templates that would print nothing.
    app.connect("html-page-context", site.page_context, priority=400)
    app.connect("build-finished", site.write_notebooks)
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
    app.add_directive("code-cell", _NestedCell, override=True)
    app.add_directive("sketch", render.Sketch)
    app.add_directive("quoted-output", render.QuotedOutput)
    app.add_directive("side-by-side", render.SideBySide)
    app.setup_extension("streamdocs.publishing.player")
    app.add_node(HideCodeCellNode, override=True, html=(render.visit_hidden, depart_HideCellInput))
    # Before MyST-NB, which copies its configuration at the same event.
    app.connect("builder-inited", _builder_inited, priority=100)
    # The cache of pages is named by the package's contents, and env_version likewise makes
    # Sphinx read the pages again when the package says so.
    return {"version": streamdocs.__version__, "env_version": 3, "parallel_read_safe": True}
