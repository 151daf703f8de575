"""What a build takes over from the last one, and what it must do again."""

import shutil
import zlib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.checking import verdict
from streamdocs.course.course import Course
from streamdocs.course.page import Page
from streamdocs.publishing import takehome
from streamdocs.running import cache

NOTEBOOK = "streamdocs_notebook"
"""The page's metadata that tells whether it is offered as a notebook."""

_SHOWN = "streamdocs_shown"
"""The environment's attribute with what the pages of the last build showed of each other."""

_FOLDERS = "streamdocs_folders"
"""The page's metadata with what was in the folders of examples that it names whole."""


def version() -> int:
    """The checksum of this room's code: what it makes of a page is read again when it changes.

    What runs the pages names their cache, which has them read again as well.
    """
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(module.read_bytes() for module in modules))


class Memory:
    """The last build of the same site, seen from the one that begins."""

    def __init__(self, app: Sphinx, course: Course) -> None:
        """Read what the last build left."""
        last = verdict.load(Path(app.doctreedir))
        self._app = app
        self._course = course
        self._cache = Path(app.config.nb_execution_cache_path)
        # Nothing is taken for good of a build that was red, or that was killed.
        self._was_red = last is not None and bool(last.problems or last.not_run)
        self._again = frozenset(last.wrong) if last else frozenset()
        self.reading: frozenset[str] = frozenset()
        """The pages that this build reads."""

    def prepare(self, runs: bool) -> None:
        """Have a cache of pages, and nothing that a build that was cut short left half-written."""
        if self._was_red:
            cache.mend(self._cache)
            out = Path(self._app.outdir)
            (out / ".buildinfo").unlink(missing_ok=True)
            shutil.rmtree(out / "_static", ignore_errors=True)
        if runs:
            cache.create(self._cache)

    def outdated(self, _app: Sphinx, env: BuildEnvironment, *_: set[str]) -> Sequence[str]:
        """After a red build every page, or its warnings would be forgotten.

        Else those that name a folder of examples in which a file is new or gone: Sphinx looks at
        the files only that were there.
        """
        if self._was_red:
            return sorted(env.found_docs)
        folders = {name: env.metadata[name].get(_FOLDERS, {}) for name in env.found_docs}
        return [name for name, seen in folders.items() if seen != self._listed(seen)]

    def depends(self, its: Page) -> None:
        """Note what the page that is read depends on."""
        env = self._app.env
        reached = {name: self._course.examples / name for name in its.reach}
        for path in reached.values():
            if path.is_file():
                env.note_dependency(str(path))
        folders = [name for name, path in reached.items() if path.is_dir()]
        env.metadata[its.name][NOTEBOOK] = takehome.offered(its.cells)
        env.metadata[its.name][_FOLDERS] = self._listed(folders)
        if its.cells:
            env.note_dependency(str(self._course.wanted(its.name)))

    def _listed(self, folders: Iterable[str]) -> dict[str, list[str]]:
        """What is in each of these folders of examples."""
        whole = {name: self._course.examples / name for name in sorted(folders)}
        return {
            name: sorted(file.name for file in path.iterdir() if file.name != "__pycache__")
            for name, path in whole.items()
            if path.is_dir()
        }

    def forget(self, name: str, notebook: NotebookNode) -> None:
        """Have a page run again that printed something else: what made it do so may be over."""
        if name in self._again and not self._app.config.streamdocs_regen:
            cache.forget(notebook, self._cache)

    def purge(self, app: Sphinx, env: BuildEnvironment, name: str) -> None:
        """Remove what an earlier build published of a page: its report, or all if it is gone.

        MyST-NB writes a report of a run that failed, and leaves it there when the next is good.
        """
        Path(app.outdir, "reports", f"{name}.err.log").unlink(missing_ok=True)
        if name not in env.found_docs and app.builder.format == "html":
            sources = Path("_sources", f"{name}{Path(env.doc2path(name)).suffix}.txt")
            for gone in (f"{name}.html", f"{name}.ipynb", f"{name}.md", sources):
                Path(app.outdir, gone).unlink(missing_ok=True)

    def changed(self, env: BuildEnvironment) -> frozenset[str]:
        """The pages to write again: each shows the titles of the others, in their order."""
        shown = ({name: title.astext() for name, title in env.titles.items()}, env.toctree_includes)
        before = getattr(env, _SHOWN, None)
        setattr(env, _SHOWN, deepcopy(shown))
        return frozenset() if shown == before else frozenset(env.found_docs)

    def to_check(self, env: BuildEnvironment, changed: frozenset[str]) -> frozenset[str]:
        """The pages to check: after a green build, those that are not read are as good as then."""
        html = Path(self._app.outdir)
        offered = {name for name in env.found_docs if env.metadata[name].get(NOTEBOOK)}
        lacking = {name for name in offered if not (html / f"{name}.ipynb").exists()}
        return self.reading | changed | lacking

    def keep(self, green: bool) -> None:
        """After a ``green`` build, remove caches that have not been used for long."""
        if green and self._cache.exists():
            cache.prune(self._cache)
