"""What a page shows of all the others: made when all have been read, in each build.

A directive leaves a place; who fills it is told by a name. The page is written again when what
fills it has changed, though its own text has not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.publishing.verdicts import warn

_PLACES = "streamdocs_late"
"""The page's metadata with its places: line, filler, argument and lines of text."""

_FILLED = "streamdocs_filled"
"""The environment's attribute with what stood in the places of the last build."""


@dataclass(frozen=True)
class Place:
    """Where something is to stand: on which page, and what its author asked for."""

    page: str
    line: int
    argument: str
    content: tuple[str, ...]


@dataclass(frozen=True)
class Filling:
    """What stands there, and what is wrong: the page, its line, and what."""

    shown: Sequence[nodes.Node]
    problems: Sequence[tuple[str, int, str]] = ()


Fill = Callable[[Sphinx, Place], Filling]

_FILLS: dict[str, Fill] = {}


class Late(Directive):
    """A place that is filled by what has the directive's name."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """An empty container, which knows what it is for."""
        env = self.state.document.settings.env
        argument = self.arguments[0] if self.arguments else ""
        place = Place(env.docname, self.lineno - 1, argument, tuple(self.content))
        env.metadata[env.docname].setdefault(_PLACES, []).append((self.name, place))
        return [nodes.container("", late=(self.name, place))]


def add(app: Sphinx, name: str, fill: Fill) -> None:
    """Have the directive ``name`` be filled by ``fill``."""
    _FILLS[name] = fill
    app.add_directive(name, Late)


def link(app: Sphinx, page: str, target: str, text: str, anchor: str = "") -> nodes.reference:
    """A link from ``page`` to another page of the site, or to a place on it."""
    address = app.builder.get_relative_uri(page, target) + (f"#{anchor}" if anchor else "")
    return nodes.reference("", text, refuri=address, internal=True)


def table(head: Sequence[str], rows: Sequence[Sequence[nodes.Node]], *classes: str) -> nodes.table:
    """A table; a row with a single cell is as wide as the table, and names what follows."""
    group = nodes.tgroup("", cols=len(head))
    group += [nodes.colspec("", colwidth=1) for _ in head]
    titles = [nodes.entry("", nodes.paragraph("", title)) for title in head]
    group += nodes.thead("", nodes.row("", *titles))
    group += nodes.tbody("", *(_row(row, len(head)) for row in rows))
    return nodes.table("", group, classes=list(classes))


def _row(cells: Sequence[nodes.Node], columns: int) -> nodes.row:
    if len(cells) > 1:
        return nodes.row("", *(nodes.entry("", cell) for cell in cells))
    wide = nodes.entry("", *cells, morecols=columns - 1, classes=["chapter-row"])
    return nodes.row("", wide)


def _places(env: BuildEnvironment) -> Iterator[tuple[str, Place]]:
    for page in sorted(env.found_docs):
        yield from env.metadata[page].get(_PLACES, ())


def _update(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Fill all places to see what is wrong, and which pages are to be written again."""
    filled: dict[str, str] = {}
    for name, place in _places(env):
        filling = _FILLS[name](app, place)
        for page, line, text in filling.problems:
            warn(page, line, text)
        shown = "".join(node.pformat() for node in filling.shown)
        filled[place.page] = filled.get(place.page, "") + shown
    before = getattr(env, _FILLED, {})
    setattr(env, _FILLED, filled)
    return [page for page, shown in filled.items() if before.get(page) != shown]


def _resolve(app: Sphinx, tree: nodes.document, _page: str) -> None:
    for node in list(tree.findall(nodes.container)):
        if "late" in node:
            name, place = node["late"]
            node.replace_self(list(_FILLS[name](app, place).shown))


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill the places of the directives that others add."""
    app.connect("env-updated", _update)
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
