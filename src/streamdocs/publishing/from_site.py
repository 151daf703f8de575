"""Orders for who has only the site: they run the package that is published with it."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import streamdocs
from streamdocs.publishing.render import Sketch

UNKNOWN = "DIRECCIÓN"
"""What stands for the address of a site that does not know its own."""

_SAID = "streamdocs_address_said"
"""The page's metadata that tells that it has said what to write instead."""


def wheel(address: str) -> str:
    """Where the package is, on the site at ``address``."""
    return f"{address.rstrip('/') or UNKNOWN}/streamdocs-{streamdocs.__version__}-py3-none-any.whl"


class FromSite(Sketch):
    """Orders in which WHEEL stands for the address of the package; the argument is their title."""

    def run(self) -> list[nodes.Node]:
        """The orders, and what to write where the site does not know its address."""
        env = self.state.document.settings.env
        address = env.config.html_baseurl
        for number, line in enumerate(self.content):
            self.content[number] = line.replace("WHEEL", wheel(address))
        shown = super().run()
        if not address and not env.metadata[env.docname].get(_SAID):
            env.metadata[env.docname][_SAID] = True
            said = nodes.paragraph("", "Donde pone ")
            said += [
                nodes.literal("", UNKNOWN),
                nodes.Text(", escribe la dirección de la portada de este sitio, sin "),
                nodes.literal("", "index.html"),
                nodes.Text("."),
            ]
            shown.append(said)
        return shown


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.add_directive("from-site", FromSite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
