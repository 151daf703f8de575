"""Boxes of text: what a page teaches, what to beware of, and what is there for who wants more."""

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

TITLES = {"learn": "Vas a aprender", "careful": "Cuidado", "deeper": "A fondo"}
"""What the bar of each box says, by its directive; its argument follows after a colon."""


class Fold(nodes.General, nodes.Element):
    """What a browser unfolds, also on the way to an anchor in it; a FoldName is its first child."""


class FoldName(nodes.General, nodes.TextElement):
    """The line that unfolds it."""


class _Aside(Directive):
    """A box named by its directive, with text in it."""

    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """The box; one without a text is refused."""
        if not any(self.content):
            raise self.error(f"«{self.name}» está vacío: escribe algo en él, o quítalo.")
        said, messages = self.state.inline_text(": ".join(self._title()), self.lineno)
        inside = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, inside)
        return [self._box(said, inside.children), *messages]

    def _title(self) -> list[str]:
        return [TITLES[self.name], *self.arguments]

    def _box(self, said: list[nodes.Node], inside: Sequence[nodes.Node]) -> nodes.Element:
        bar = nodes.paragraph("", "", *said, classes=["box-title"])
        return nodes.container("", bar, *inside, classes=["box", "aside", self.name])


class Learn(_Aside):
    """What the reader will know at the page's end: a short list."""


class Careful(_Aside):
    """A trap that costs data or time; the argument says what to beware of."""

    optional_arguments: ClassVar = 1


class Deeper(_Aside):
    """What a first reading can do without: folded, with its title as the argument."""

    required_arguments: ClassVar = 1

    def _box(self, said: list[nodes.Node], inside: Sequence[nodes.Node]) -> nodes.Element:
        return Fold("", FoldName("", "", *said), *inside, classes=["box", "aside", self.name])


def _visit_fold(translator: HTML5Translator, node: Fold) -> None:
    translator.body.append(translator.starttag(node, "details"))


def _depart_fold(translator: HTML5Translator, _node: Fold) -> None:
    translator.body.append("</details>\n")


def _visit_name(translator: HTML5Translator, node: FoldName) -> None:
    translator.body.append(translator.starttag(node, "summary", ""))


def _depart_name(translator: HTML5Translator, _node: FoldName) -> None:
    translator.body.append("</summary>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives, and what the folded one is in HTML."""
    app.add_node(Fold, html=(_visit_fold, _depart_fold))
    app.add_node(FoldName, html=(_visit_name, _depart_name))
    app.add_directive("learn", Learn)
    app.add_directive("careful", Careful)
    app.add_directive("deeper", Deeper)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
