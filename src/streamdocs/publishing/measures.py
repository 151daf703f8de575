"""How much there is on a page: to read, to try, and of tables that it printed."""

import re

from docutils import nodes
from msgspec import Struct
from sphinx.environment import BuildEnvironment

from streamdocs.publishing import render

_MEASURES = "streamdocs_measures"
"""The page's metadata with its Measures."""

_WORDS_A_MINUTE = 200
"""A guess: a text that explains is read more slowly than a novel."""

_MINUTES_A_CELL = 1 / 4
"""A guess: to run a cell, until Spark has answered, and to look at what comes out."""

_LINES_A_MINUTE = 10
"""A guess: to read a line of code with care, or to type one in a terminal.

Cells differ too much to count them alike: one stops a query, and the next one defines a program.
"""

_FOLDED = frozenset(("hide-input", "hide-cell"))
"""The tags of what need not be read to go on."""

_TABLE = re.compile(r"^\+[-+]+\+\n\|.*\n\+[-+]+\+$", re.MULTILINE)
"""The head of a table as Spark's ``show`` and its console sink print it."""


class Measures(Struct, frozen=True):
    """What was counted on a page.

    Attributes:
        minutes: an estimate of the time that a reader needs who tries every cell.
        tables: the tables that its cells printed in text.
    """

    minutes: float = 0
    tables: int = 0


def measure(tree: nodes.document) -> Measures:
    """Count on a page whose cells hold their outputs."""
    prose = " ".join(node.astext() for node in tree.findall(nodes.paragraph))
    cells = list(render.cells(tree))
    printed = (
        block.astext()
        for cell in cells
        for block in cell.findall(nodes.literal_block)
        if "stream" in block["classes"]
    )
    lines = sum(map(_lines, cells))
    return Measures(
        minutes=len(prose.split()) / _WORDS_A_MINUTE
        + len(cells) * _MINUTES_A_CELL
        + lines / _LINES_A_MINUTE,
        tables=sum(len(_TABLE.findall(text)) for text in printed),
    )


def _lines(cell: nodes.container) -> int:
    """The lines of a cell that its reader reads or types."""
    if not _FOLDED.isdisjoint(cell["cell_metadata"].get("tags", ())):
        return 0
    source = render.source(cell)
    lines = source.astext().splitlines() if source else []
    return sum(bool(line) and not line.startswith("%%") for line in lines)


def note(env: BuildEnvironment, tree: nodes.document) -> None:
    """Keep what is counted on the page that is read."""
    env.metadata[env.docname][_MEASURES] = measure(tree)


def of(env: BuildEnvironment, name: str) -> Measures:
    """What was counted on a page, in this build or before."""
    found: Measures = env.metadata[name].get(_MEASURES, Measures())
    return found


def spoken(minutes: float) -> str:
    """A time as people say it, in steps of five minutes: «10 min», «2 h», «2 h 20 min»."""
    hours, rest = divmod(max(5, round(minutes / 5) * 5), 60)
    return " ".join(f"{value} {unit}" for value, unit in ((hours, "h"), (rest, "min")) if value)
