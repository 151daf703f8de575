"""Routes through the course: numbered pages or chapters, with the time that they take.

Sphinx writes the page with the table of contents again whenever another page has changed: a route
on it is never older than the pages.
"""

import json
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from msgspec import Struct
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import measures, question
from streamdocs.publishing.verdicts import warn


class Stop(Struct, frozen=True):
    """A place on a route.

    Attributes:
        title: of the page or the chapter.
        pages: those that it has; the first is where it begins.
        minutes: an estimate of the time that it takes.
    """

    title: str
    pages: list[str]
    minutes: float


class Route(Directive):
    """A numbered way through the course; its argument is its title.

    One line a stop: the name of a page, or the caption of a chapter in the table of contents, and
    after a colon what its reader will do there.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """A container that is filled when all pages have been read."""
        pairs = [line.partition(":") for line in self.content]
        stops = [(name.strip(), text.strip()) for name, _, text in pairs]
        asked = {"title": self.arguments[0], "stops": stops, "line": self.lineno}
        return [nodes.container("", route=asked, classes=["route"])]


def stops(env: BuildEnvironment) -> dict[str, Stop]:
    """Every page by its name, and every chapter by its caption."""
    found = {name: _stop(env, title.astext(), [name]) for name, title in env.titles.items()}
    for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        names = [name for _, name in tree["entries"]]
        if tree.get("caption") and names:
            found[tree["caption"]] = _stop(env, tree["caption"], names)
    return found


def _stop(env: BuildEnvironment, title: str, pages: list[str]) -> Stop:
    return Stop(title, pages, sum(measures.of(env, page).minutes for page in pages))


def _fill(app: Sphinx, tree: nodes.document, name: str) -> None:
    for node in list(tree.findall(nodes.container)):
        if "route" in node:
            known, asked = stops(app.env), node["route"]
            for unknown in [stop for stop, _ in asked["stops"] if stop not in known]:
                warn(name, asked["line"], f"no hay ni página ni capítulo «{unknown}»")
            chosen = [(known[stop], text) for stop, text in asked["stops"] if stop in known]
            node += list(_shown(app, name, asked["title"], chosen))


def _shown(
    app: Sphinx, name: str, title: str, chosen: list[tuple[Stop, str]]
) -> Iterator[nodes.Node]:
    whole = measures.spoken(sum(stop.minutes for stop, _ in chosen))
    heading = nodes.paragraph("", title, classes=["route-title"])
    heading += [nodes.Text(" "), nodes.inline("", f"unas {whole}", classes=["route-time"])]
    yield heading
    items = []
    for stop, text in chosen:
        address = app.builder.get_relative_uri(name, stop.pages[0])
        link = nodes.reference("", stop.title, refuri=address, internal=True)
        time = nodes.inline("", measures.spoken(stop.minutes), classes=["route-time"])
        items.append(
            nodes.list_item(
                "",
                nodes.paragraph("", "", link, nodes.Text(" "), time, _known(app.env, stop)),
                nodes.paragraph("", text),
            )
        )
    yield nodes.enumerated_list("", *items, enumtype="arabic")


def _known(env: BuildEnvironment, stop: Stop) -> nodes.raw:
    """A place for how much the reader knows of what is asked there: progress.js fills it."""
    its = question.found(env)
    counts = json.dumps([[page, len(its[page])] for page in stop.pages if its.get(page)])
    html = f"<span class=\"route-known\" data-pages='{counts}'></span>"
    return nodes.raw("", html, format="html")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive, and fill it when all pages are known."""
    app.add_directive("route", Route)
    app.connect("doctree-resolved", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
