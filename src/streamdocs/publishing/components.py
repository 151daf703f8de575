"""What a page loads: the scripts and style sheets of the components that it holds, no others."""

import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rcssmin import cssmin
from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.errors import DiskFullError, means_full_disk

STATIC = Path(__file__).parent / "static"
"""The components' JavaScript and style sheets.

:meta hide-value:
"""

_HELD = "streamdocs_components"
"""The page's metadata with the names of the components that it holds."""

_CHECKSUM = "streamdocs_static"
"""The configuration value by which Sphinx writes all pages again when a component has changed.

Their addresses hold checksums, and some of it stands in the pages themselves.
"""


@dataclass(frozen=True)
class Component:
    """Something in a page that works with scripts.

    Attributes:
        name: what tells it from others, and the name of its script as it is published.
        style: its style sheet, in ``STATIC``; "" for what the site's own dress.
        scripts: in ``STATIC``, in the order in which they build on each other. They are classic
            ones: a site that is opened from a folder loads no modules.
        data: a script that the build itself writes, which they read; "" for none.
        needs: other components with which its scripts build.
    """

    name: str
    style: str
    scripts: tuple[str, ...]
    data: str = ""
    needs: "tuple[Component, ...]" = ()


PAGE = Component("page-elements", "", ("stream-page.js",))
"""What builds elements, for several others.

:meta hide-value:
"""


def hold(env: BuildEnvironment, component: Component) -> None:
    """Note that the page that is read holds a ``component``, and so all that it needs."""
    for each in component.needs:
        hold(env, each)
    env.metadata[env.docname].setdefault(_HELD, set()).add(component.name)


def add(app: Sphinx, component: Component) -> None:
    """Publish a ``component``, and have pages that hold it load it after those added before."""
    app.setup_extension(__name__)
    _add(app, component)


def _add(app: Sphinx, component: Component) -> None:
    publish(app, f"{component.name}.js", component.scripts)
    if component.style:
        publish(app, component.style, [component.style])
    app.connect("html-page-context", partial(_load, component))


def publish(app: Sphinx, name: str, sources: Sequence[str]) -> None:
    """Have ``sources``, of ``STATIC``, published as one file, without comments and blanks."""
    app.connect("builder-inited", partial(_write, name, sources))


def _write(name: str, sources: Sequence[str], app: Sphinx) -> None:
    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    _shorten(folder / name, "\n".join((STATIC / one).read_text("utf-8") for one in sources))


def _shorten(file: Path, text: str) -> None:
    shorter = cssmin(text) if file.suffix == ".css" else jsmin(text)
    try:
        file.write_text(f"{shorter}\n", "utf-8")
    except OSError as error:
        if means_full_disk(error):
            # Sphinx would report a crash of its own, with a log in /tmp.
            sys.exit(str(DiskFullError(str(file.parent))))
        raise


def _shorten_own(app: Sphinx, exception: Exception | None) -> None:
    """Shorten what the site itself adds, once Sphinx has copied it."""
    if exception is not None or app.builder.format != "html":
        return
    for folder in app.config.html_static_path:
        for file in Path(app.confdir, folder).iterdir():
            if file.suffix in (".css", ".js"):
                _shorten(Path(app.outdir, "_static", file.name), file.read_text("utf-8"))


def _load(component: Component, app: Sphinx, name: str, *_: object) -> None:
    if component.name in app.env.metadata.get(name, {}).get(_HELD, ()):
        if component.style:
            app.add_css_file(component.style, priority=900)
        for script in filter(None, (component.data, f"{component.name}.js")):
            app.add_js_file(script, priority=900, defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Publish what components share, and notice when one has changed."""
    checksum = zlib.crc32(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir())))
    app.add_config_value(_CHECKSUM, checksum, "html", [int])
    _add(app, PAGE)
    app.connect("build-finished", _shorten_own)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
