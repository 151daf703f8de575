"""A page's sections as a search sees them: where each is, what it says, what its cells print."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes

from streamdocs.publishing import console

_SILENT = (
    *(nodes.title, nodes.raw, nodes.comment, nodes.target, nodes.image),
    nodes.system_message,
)
_LABELS = {"box-title", "example-file", console.LEGEND}
"""The classes of what our own boxes say around a cell."""


@dataclass(frozen=True)
class Section:
    """A section, without those in it.

    Attributes:
        anchor: what the author called it, if they did; "" for the page's first.
    """

    anchor: str
    title: str
    parts: tuple[nodes.Node, ...]

    def find(self, kind: type[nodes.Element]) -> Iterator[nodes.Element]:
        """The section's own elements of a kind."""
        return (found for part in self.parts for found in part.findall(kind))

    @property
    def outputs(self) -> list[str]:
        """What its cells printed, terminals among them."""
        return [
            flat(block.astext())
            for block in self.find(nodes.literal_block)
            if "output" in block["classes"] or "terminal-text" in block["classes"]
        ]

    @property
    def code(self) -> str:
        """What its cells run and its terminals are told; not what these answer."""
        return flat(" ".join(map(_typed, self.find(nodes.literal_block))))

    @property
    def prose(self) -> str:
        """What the author wrote, without code."""
        return flat(" ".join(_prose(self.parts)))


def read(tree: nodes.document) -> list[Section]:
    """The sections of a page, in order.

    Those whose titles are repeated («Qué pasa», «Arréglalo») are but parts of the one around them.
    """
    repeated = Counter(_title(section) for section in tree.findall(nodes.section))
    names = {title for title, times in repeated.items() if times > 1}
    tops = [child for child in tree.children if isinstance(child, nodes.section)]
    return [found for top in tops for found in _read(top, names)]


def _read(section: nodes.section, parts: set[str]) -> Iterator[Section]:
    own, others = _split(section, parts)
    whole = isinstance(section.parent, nodes.document)
    yield Section("" if whole else section["ids"][0], _title(section), tuple(own))
    for other in others:
        yield from _read(other, parts)


def _split(section: nodes.section, parts: set[str]) -> tuple[list[nodes.Node], list[nodes.section]]:
    """What is the section's own, and the sections in it that stand for themselves."""
    own: list[nodes.Node] = []
    others: list[nodes.section] = []
    for child in section.children:
        if not isinstance(child, nodes.section):
            own.append(child)
        elif _title(child) in parts:
            inner, further = _split(child, parts)
            own += inner
            others += further
        else:
            others.append(child)
    return own, others


def _title(section: nodes.section) -> str:
    title = section.next_node(nodes.title)
    return title.astext() if title is not None else ""


def flat(text: str) -> str:
    """A text in one line: where lines break differs from a terminal to a page."""
    return " ".join(text.split())


def _prose(parts: Iterable[nodes.Node]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, nodes.Element) and _LABELS.intersection(part["classes"]):
            continue
        if isinstance(part, nodes.Text):
            yield part.astext()
        elif isinstance(part, nodes.TextElement):
            if not isinstance(part, (*_SILENT, nodes.literal_block)):
                yield part.astext()
        elif not isinstance(part, _SILENT):
            yield from _prose(part.children)


def _typed(block: nodes.Element) -> str:
    if "terminal-text" in block["classes"]:
        typed = (node for node in block.findall(nodes.inline) if "kbd" in node["classes"])
        return " ".join(node.astext() for node in typed)
    return "" if "output" in block["classes"] else block.astext()
