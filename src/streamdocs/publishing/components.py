"""What a page loads: the scripts and style sheets of the components that it holds, no others."""

import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

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
        name: what tells it from others.
        style: its style sheet, in ``STATIC``; "" for what the site's own dress.
        scripts: in the order in which they build on each other. They are classic ones: a site that
            is opened from a folder loads no modules.
    """

    name: str
    style: str
    scripts: tuple[str, ...]


def hold(env: BuildEnvironment, component: Component) -> None:
    """Note that the page that is read holds a ``component``."""
    env.metadata[env.docname].setdefault(_HELD, set()).add(component.name)


def add(app: Sphinx, component: Component) -> None:
    """Have pages that hold a ``component`` load its files, once if another loads them too."""
    app.setup_extension(__name__)
    app.connect("html-page-context", partial(_load, component))


def _add_static(app: Sphinx) -> None:
    app.config.html_static_path.append(str(STATIC))


def _load(component: Component, app: Sphinx, name: str, *_: object) -> None:
    if component.name in app.env.metadata.get(name, {}).get(_HELD, ()):
        if component.style:
            app.add_css_file(component.style, priority=900)
        for script in component.scripts:
            app.add_js_file(script, priority=900, defer="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Publish the files of all components, and notice when one has changed."""
    checksum = zlib.crc32(b"".join(file.read_bytes() for file in sorted(STATIC.iterdir())))
    app.add_config_value(_CHECKSUM, checksum, "html", [int])
    # Not earlier: where the package lies is no difference between two sites.
    app.connect("builder-inited", _add_static)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
